"""`trackstack down STACK`."""

from datetime import UTC, datetime

from trackstack_infra.cli.context import home, open_session, settings_files
from trackstack_infra.cli.options import DebugOption, JsonOption, StackArgument
from trackstack_infra.cli.views.output import print_json, seconds, stdout
from trackstack_infra.cli.views.price_now import Leaving, leaving


def down(stack: StackArgument, json: JsonOption = False, debug: DebugOption = False) -> None:
    """Power STACK off; keep its data and endpoints.

    Deletes the runtime layer, which AWS bills by the hour: NAT gateway, load balancer, tasks. Keeps the persistent
    layer: data, queues, CDN, API endpoint.
    """
    from trackstack_infra import lifecycle
    from trackstack_infra.local.observe.status import statuses

    since = next((each.since for each in statuses(home()) if each.stack == stack), "")
    files = settings_files()
    before = leaving(home(), files, stack, since)
    with open_session(stack, files) as session:
        result = lifecycle.take_down(session)
    record = before.record(datetime.now(UTC)) if isinstance(before, Leaving) else before
    if json:
        print_json(
            {
                "stack": stack,
                "changes": result.counts if result else {},
                "seconds": result.seconds if result else 0,
                "aws_price": str(record),
            }
        )
        return
    if result is None:
        stdout().print(f"[bold]{stack} is already down[/]: nothing is running.")
        return
    gone = result.count("delete")
    stdout().print(
        f"[bold]{stack} is down[/] in {seconds(result.seconds)}: {gone} deleted, {result.count('same')} kept"
        " (data, queues, endpoints)."
    )
    if record:
        stdout().print(f"On AWS: {record}.", markup=False, highlight=False)
        stdout().print("Run history: ./trackstack cost-report --history.", markup=False)
    stdout().print(f"Start it again: ./trackstack up {stack}.\nStop the local cloud: ./trackstack local stop.")
