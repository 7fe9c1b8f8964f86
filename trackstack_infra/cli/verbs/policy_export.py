"""`trackstack policy export STACK`."""

from trackstack_infra.cli.context import settings_files
from trackstack_infra.cli.options import DebugOption, SetOption, StackArgument
from trackstack_infra.cli.views.output import print_json


def export(
    stack: StackArgument,
    set_: SetOption = None,
    debug: DebugOption = False,
) -> None:
    """Print STACK as a Terraform plan.

    Uses the format of `terraform show -json`, for other scanners. Masks secrets.
    """
    from trackstack_infra.cli.overrides import record_stack
    from trackstack_infra.policy.terraform import as_plan

    print_json(as_plan(record_stack(stack, set_, settings_files())))
