"""`trackstack down STACK`."""

from datetime import UTC, datetime

from trackstack_infra.cli.context import home, open_session, settings_files
from trackstack_infra.cli.options import DebugOption, JsonOption, StackArgument
from trackstack_infra.cli.views.output import print_json, seconds, stdout
from trackstack_infra.cli.views.price_now import Leaving, leaving


def down(stack: StackArgument, json: JsonOption = False, debug: DebugOption = False) -> None:
    """Take STACK down: data and endpoints stay.

    What is billed by the hour goes: NAT, load balancer, tasks. Data, queues, CDN and API endpoint stay.
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
        stdout().print(f"[bold]{stack} is down[/] already: nothing of it runs.")
        return
    gone = result.count("delete")
    stdout().print(
        f"[bold]{stack} is down[/] in {seconds(result.seconds)}: {gone} resources gone, {result.count('same')} kept"
        " (data, queues, endpoints)."
    )
    if record:
        stdout().print(f"On AWS: {record}.", markup=False, highlight=False)
        stdout().print("Run history: ./trackstack cost-report --history.", markup=False)
    stdout().print(f"Start it again: ./trackstack up {stack}. End the local cloud: ./trackstack local stop.")
