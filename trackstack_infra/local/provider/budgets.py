"""AWS Budgets: written down only, as nothing costs anything here."""

from trackstack_infra.local.provider.stub import Stub

BUDGET = Stub(
    "aws:budgets/budget:Budget",
    fixed="name",
    changes="budgetType timeUnit limitAmount limitUnit costTypes notifications",
    name_property="name",
    id="{account}:{name}",
    shown={"arn": "arn:aws:budgets::{account}:budget/{name}", "accountId": "{account}"},
    tagged=True,
)

ACTION = Stub(
    "aws:budgets/budgetAction:BudgetAction",
    fixed="budgetName actionType",
    changes="actionThreshold approvalModel definition executionRoleArn notificationType subscribers",
    id="{account}:{hex}:{budgetName}",
    shown={
        "actionId": "{hex}",
        "arn": "arn:aws:budgets::{account}:budget/{budgetName}/action/{hex}",
        "status": "STANDBY",
    },
    tagged=True,
    deletes_first=True,
)

RECIPES = (BUDGET, ACTION)
