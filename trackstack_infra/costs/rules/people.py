"""Who may do what, and who is told what it costs."""

from collections.abc import Iterator
from decimal import Decimal

from trackstack_infra.costs.meter import Billing, Meter
from trackstack_infra.costs.rules.inputs import Inputs
from trackstack_infra.costs.rules.reasons import BEHAVIOUR, CHANGES, RIGHTS
from trackstack_infra.costs.rules.rule import BillingContext, Rule
from trackstack_infra.graph import Resource


def user_pool(pool: Resource, context: BillingContext) -> Iterator[Meter]:
    """People who sign in during a month, at the price of the pool's tier; a new pool's is Essentials."""
    tier = str(pool.inputs.get("userPoolTier") or "ESSENTIALS").lower()
    yield Meter(
        price=f"cognito.{tier}_mau", count=context.share(pool.type), billing=Billing.BY_USE, usage="cognito.users"
    )


def budget_action(action: Resource, context: BillingContext) -> Iterator[Meter]:
    """A budget with actions is billed by the day, however many they are; an account's first two are free."""
    budget = action.inputs["budgetName"]
    actions = sum(1 for each in context.graph.all(action.type) if each.inputs["budgetName"] == budget)
    note = f"one of {actions} actions of the budget" if actions > 1 else ""
    yield Meter(price="budgets.action_day", count=Decimal(1) / 24 / actions, billing=Billing.EACH_HOUR, note=note)


_POOL = Inputs(
    reads="userPoolTier",
    neutral={
        BEHAVIOUR: "accountRecoverySetting adminCreateUserConfig aliasAttributes autoVerifiedAttributes"
        " deviceConfiguration emailVerificationMessage emailVerificationSubject mfaConfiguration passwordPolicy schemas"
        " signInPolicy softwareTokenMfaConfiguration userAttributeUpdateSettings usernameAttributes"
        " usernameConfiguration verificationMessageTemplate webAuthnConfiguration",
        CHANGES: "deletionProtection",
        "who a mail comes from": "emailConfiguration.fromEmailAddress emailConfiguration.replyToEmailAddress"
        " emailConfiguration.sourceArn",
        "functions are billed as such": "lambdaConfig",
    },
    unpriced={
        "sends text messages, each of which is billed": "smsAuthenticationMessage smsConfiguration"
        " smsVerificationMessage",
        "sends mails through SES, which bills each": "emailMfaConfiguration"
        " emailConfiguration.emailSendingAccount=COGNITO_DEFAULT emailConfiguration.configurationSet",
        "adds the price of threat protection": "userPoolAddOns.advancedSecurityMode=OFF"
        " userPoolAddOns.advancedSecurityAdditionalFlows",
    },
)
_ACTION = Inputs(
    reads="budgetName",
    neutral={
        BEHAVIOUR: "actionThreshold actionType approvalModel definition notificationType subscribers",
        RIGHTS: "executionRoleArn",
    },
    unpriced={"is counted in another account": "accountId"},
)

RULES: dict[str, Rule] = {
    "aws:cognito/userPool:UserPool": Rule(user_pool, _POOL),
    "aws:budgets/budgetAction:BudgetAction": Rule(budget_action, _ACTION),
}
