"""What the account may cost in a month: who is told, and what stops."""

from decimal import Decimal
from typing import Final

import pulumi
import pulumi_aws as aws

from trackstack_infra.components.account import account_id
from trackstack_infra.components.base import Component, Opts
from trackstack_infra.components.boundary import ROLE_PATH
from trackstack_infra.components.iam_policy import allow, document
from trackstack_infra.components.role import Role

# Mails: type of amount, and the percentage of the limit.
MAILS: Final = (("ACTUAL", 50), ("ACTUAL", 80), ("FORECASTED", 100))
STOPS_AT_PERCENT: Final = 100
# What begins to cost by the hour. Deleting and scaling down stay possible: they end the spending.
COSTLY: Final = (
    "cloudfront:CreateDistribution",
    "ec2:AllocateAddress",
    "ec2:CreateNatGateway",
    "ec2:CreateVpcEndpoint",
    "ec2:RunInstances",
    "ecs:CreateService",
    "ecs:RunTask",
    "elasticfilesystem:CreateFileSystem",
    "elasticloadbalancing:CreateLoadBalancer",
    "lambda:CreateFunction",
    "lightsail:CreateInstances",
    "rds:CreateDBInstance",
    "rds:StartDBInstance",
)


class SpendingLimit(Component):
    """A monthly budget; when it is used up, `stops` can create nothing more that costs by the hour.

    A budget cannot stop what runs (it knows policies and EC2 and RDS instances only): that is the schedule's work.
    """

    def __init__(
        self, name: str, *, usd: Decimal, mail: str | None, stops: aws.iam.Role | None, opts: Opts = None
    ) -> None:
        super().__init__(name, opts)
        self.budget = self._budget(usd, mail)
        if mail and stops:
            self._action(mail, stops)
        self.register_outputs({"budget": self.budget.name})

    def _budget(self, usd: Decimal, mail: str | None) -> aws.budgets.Budget:
        return aws.budgets.Budget(
            self.child("budget"),
            name=self.physical(self.name),
            budget_type="COST",
            time_unit="MONTHLY",
            limit_amount=f"{usd:.2f}",
            limit_unit="USD",
            # Credits would hide what things cost until they are used up.
            cost_types=aws.budgets.BudgetCostTypesArgs(include_credit=False, include_refund=False),
            notifications=_mails(mail) if mail else [],
            tags=self.tags(),
            opts=self.owned(delete_first=True),
        )

    def _action(self, mail: str, stops: aws.iam.Role) -> None:
        brake = aws.iam.Policy(
            self.child("brake"),
            name=self.physical(self.name, "brake"),
            path=ROLE_PATH,
            description="Attached by the budget when it is used up: nothing new that costs by the hour",
            policy=document(
                # No ARNs: whatever would be created, under whatever name.
                {"Sid": "NothingCostly", "Effect": "Deny", "Action": list(COSTLY), "Resource": ["*"]}
            ),
            tags=self.tags(),
            opts=self.owned(delete_first=True),
        )
        role = self._role(brake, stops)
        aws.budgets.BudgetAction(
            self.child("action"),
            budget_name=self.budget.name,
            action_type="APPLY_IAM_POLICY",
            approval_model="AUTOMATIC",
            notification_type="ACTUAL",
            action_threshold=aws.budgets.BudgetActionActionThresholdArgs(
                action_threshold_type="PERCENTAGE", action_threshold_value=STOPS_AT_PERCENT
            ),
            definition=aws.budgets.BudgetActionDefinitionArgs(
                iam_action_definition=aws.budgets.BudgetActionDefinitionIamActionDefinitionArgs(
                    policy_arn=brake.arn, roles=[stops.name]
                )
            ),
            execution_role_arn=role.arn,
            subscribers=[aws.budgets.BudgetActionSubscriberArgs(address=mail, subscription_type="EMAIL")],
            tags=self.tags(),
            opts=self.owned(after=[role.policy]),
        )

    def _role(self, brake: aws.iam.Policy, stops: aws.iam.Role) -> Role:
        """What AWS Budgets does in our name: attach this policy to this role, and take it off next month."""
        account = account_id()
        return Role(
            f"{self.name}-action",
            service="budgets.amazonaws.com",
            trust_condition={
                "StringEquals": {"aws:SourceAccount": account},
                "ArnLike": {"aws:SourceArn": pulumi.Output.concat("arn:aws:budgets::", account, ":budget/*")},
            },
            statements=[
                allow(
                    "PullTheBrake",
                    ["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
                    [stops.arn],
                    {"ArnEquals": {"iam:PolicyARN": brake.arn}},
                )
            ],
            bounded=False,
            opts=self.owned(),
        )


def _mails(address: str) -> list[aws.budgets.BudgetNotificationArgs]:
    return [
        aws.budgets.BudgetNotificationArgs(
            comparison_operator="GREATER_THAN",
            notification_type=amount,
            threshold=percent,
            threshold_type="PERCENTAGE",
            subscriber_email_addresses=[address],
        )
        for amount, percent in MAILS
    ]
