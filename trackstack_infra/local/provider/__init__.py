"""The local provider: what each resource type of the stacks means in calls to the emulator.

It refuses to work against anything but a loopback endpoint (design §5).
"""

from collections.abc import Mapping

from trackstack_infra.local.provider import sqs
from trackstack_infra.local.provider.clients import Clients
from trackstack_infra.local.provider.errors import ProviderError
from trackstack_infra.local.provider.invokes import invoke
from trackstack_infra.local.provider.naming import auto_name
from trackstack_infra.local.provider.recipe import Handler, Outputs, Recipe
from trackstack_infra.local.provider.shapes import Inputs

__all__ = ["HANDLERS", "Clients", "Handler", "Inputs", "Outputs", "ProviderError", "auto_name", "invoke"]


def _by_token(*groups: tuple[Recipe, ...]) -> dict[str, Handler]:
    return {recipe.token: recipe for group in groups for recipe in group}


HANDLERS: Mapping[str, Handler] = _by_token(
    sqs.RECIPES,
)
