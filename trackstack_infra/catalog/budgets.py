"""AWS Budgets."""

from typing import Final

from trackstack_infra.catalog.fidelity import IMAGES
from trackstack_infra.catalog.resource_type import Drawn, Family, Name, ResourceType

TYPES: Final = (
    ResourceType(
        "aws:budgets/budget:Budget",
        drawn=Drawn("budget", Family.WATCH, rank=220),
        name=Name("name", r"(?!.*/action/)[^:\\]{1,100}"),
        fidelity=IMAGES,
        outputs={"id": "{account}:{name}", "arn": "arn:aws:budgets::{account}:budget/{name}"},
        free="budgets cost nothing",
        shown=("limitAmount", "limitUnit", "timeUnit"),
    ),
    ResourceType(
        "aws:budgets/budgetAction:BudgetAction",
        fidelity=IMAGES,
        outputs={
            "id": "{account}:{hex}",
            "actionId": "{hex}",
            "arn": "arn:aws:budgets::{account}:budget/{name}/action/{hex}",
        },
    ),
)
