"""The price of what runs, in one line, for `up`, `status` and `preview`; and the record of a run that ends.

Read from the state file, so that neither Pulumi nor the local cloud is asked. Nothing here fails a verb that has done
its work: where there is no price, the line says why.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from trackstack_infra.errors import TrackStackError

if TYPE_CHECKING:
    from trackstack_infra.costs.history import RunRecord
    from trackstack_infra.costs.line import Estimate
    from trackstack_infra.costs.scope import PricedStack, Scope
    from trackstack_infra.costs.snapshot import Snapshot
    from trackstack_infra.graph import Graph
    from trackstack_infra.local.engine.state import StackState
    from trackstack_infra.settings.load import SettingsFiles

T = TypeVar("T")

NEXT_LINE = "\n  "
"""Before what does not fit into the line of the price."""


def price_of_running(home: Path, files: "SettingsFiles", stack: str, today: date) -> str:
    """`$0.1021 an hour while up, $16.24 this month by estimate`; why there is none; empty if nothing is up."""

    def price() -> str:
        found = _running(home, files, stack)
        return _price(found, today) if found else ""

    return _or_why_not(price)


def price_of_settings(files: "SettingsFiles", stack: str, overrides: Mapping[str, object], today: date) -> str:
    """The same for a stack as its settings have it; this records the program, so Pulumi is imported."""
    from trackstack_infra.costs.scope import record_running

    return _or_why_not(lambda: _price(record_running(stack, files, overrides), today))


def costs_by_urn(
    graph: "Graph", stack: str, set_: list[str] | None, files: "SettingsFiles", today: date
) -> tuple[dict[str, Decimal], list[str]]:
    """Dollars of this month by resource, for a picture of the graph, and what to say beside it: old prices, and
    resources whose part of the picture lacks their price. Raises for prices that are too old."""
    from trackstack_infra.cli.overrides import overridden_settings
    from trackstack_infra.costs.scope import PricedStack

    settings = overridden_settings(stack, set_, files)
    scope = _this_month(PricedStack(graph, settings.region, getattr(settings, "schedule", None)), today)
    estimate = scope.estimate()
    costs: dict[str, Decimal] = {}
    for line in estimate.lines:
        costs[line.urn] = costs.get(line.urn, Decimal(0)) + line.exact
    warning = _age_warning(estimate, scope.prices, today)
    missing = (f"no price for {each.urn.rpartition('::')[2]} ({each.type}): {each.why}" for each in estimate.unpriced)
    return costs, [*([warning] if warning else []), *missing]


@dataclass(frozen=True)
class Leaving:
    """A stack as it ran until now: taken before `down` or `destroy` begins, priced when it has ended."""

    home: Path
    recorded: "PricedStack"
    started: datetime

    def record(self, ended: datetime) -> "RunRecord | str":
        """Write the record; a sentence where it has no price."""
        return _or_why_not(lambda: self._write(ended))

    def _write(self, ended: datetime) -> "RunRecord":
        from trackstack_infra.costs.history import price_window, record_run

        recorded = self.recorded
        scope = _this_month(recorded, ended.date())
        priced = price_window(
            recorded.graph,
            scope.prices,
            scope.usage,
            recorded.schedule,
            region=recorded.region,
            started=self.started,
            ended=ended,
        )
        _age_warning(priced, scope.prices, ended.date())  # refuses prices that are too old
        return record_run(self.home, recorded.stack, self.started, ended, priced, snapshot=scope.prices.snapshot)


def leaving(home: Path, files: "SettingsFiles", stack: str, started: str) -> Leaving | str:
    """What `down` or `destroy` is about to end; `started` is an RFC 3339 time, as `status` has it. A sentence where
    that fails, empty where nothing runs."""

    def running() -> Leaving | str:
        found = _running(home, files, stack) if started else None
        return Leaving(home, found, datetime.fromisoformat(started)) if found else ""

    return _or_why_not(running)


def _running(home: Path, files: "SettingsFiles", stack: str) -> "PricedStack | None":
    from trackstack_infra.costs.scope import PricedStack
    from trackstack_infra.local.engine.state import read_state
    from trackstack_infra.local.state_dir.overrides import kept_overrides

    state = read_state(home, stack)
    if state is None or not state.resources:
        return None
    settings = files.settings(stack, kept_overrides(home, stack).values)
    return PricedStack(_graph(state), settings.region, getattr(settings, "schedule", None))


def _graph(state: "StackState") -> "Graph":
    from trackstack_infra.graph import Graph, Resource

    return Graph(
        state.stack,
        tuple(
            Resource(
                each.urn,
                each.type,
                each.name,
                each.parent,
                each.custom,
                inputs=each.inputs,
                depends_on=each.dependencies,
                outputs={"id": each.id, **each.outputs},
            )
            for each in sorted(state.resources, key=lambda each: each.urn)  # what is still to be deleted is billed too
        ),
        state.outputs,
    )


def _price(recorded: "PricedStack", today: date) -> str:
    from trackstack_infra.costs.hourly import hourly
    from trackstack_infra.costs.price_age import short_warning

    scope = _this_month(recorded, today)
    estimate = scope.estimate()
    _age_warning(estimate, scope.prices, today)  # refuses prices that are too old
    warning = short_warning((line.price for line in estimate.lines), today)
    return f"{hourly(estimate)}{f'{NEXT_LINE}({warning})' if warning else ''}"


def _this_month(recorded: "PricedStack", today: date) -> "Scope":
    """At shipped prices and expected use."""
    from trackstack_infra.costs.scope import Period, Scope
    from trackstack_infra.costs.usage import read_usage

    month = Period((today.year, today.month))
    return Scope(stacks=(recorded,), period=month, prices=_prices(), usage=read_usage())


def _age_warning(estimate: "Estimate", prices: "Snapshot", today: date) -> str:
    """What to say about the age of the prices that were used; raises Failed for those too old."""
    from trackstack_infra.costs.price_age import age_warning

    return age_warning((line.price for line in estimate.lines), prices, today, any_age=False)


@cache
def _prices() -> "Snapshot":
    """Once for all stacks of a `status`."""
    from trackstack_infra.costs.snapshot import read_snapshot, shipped

    return read_snapshot(shipped())


def _or_why_not(work: Callable[[], T]) -> T | str:
    """What `work` answers, or why it cannot. A bug, too, is told and not raised: what `up` or `down` did is done, and
    a traceback with exit code 1 would say that it is not."""
    try:
        return work()
    except TrackStackError as error:
        return f"no price: {error.message}{f' ({error.hint})' if error.hint else ''}"
    except Exception as error:  # noqa: BLE001 (see the docstring)
        return f"no price because of a bug in TrackStack: {type(error).__name__}: {error}"
