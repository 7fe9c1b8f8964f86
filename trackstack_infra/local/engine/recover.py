"""What a dead run had begun to create is looked up before anything else, so that nothing exists twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from trackstack_infra.local.engine.live import LiveState
from trackstack_infra.local.engine.operations import Operations
from trackstack_infra.local.engine.state import Pending

# A killed run's last requests may still be on their way through the emulator; it answers in milliseconds.
SETTLE_S: Final = 1.0


def recover(live: LiveState, operations: Operations) -> list[Pending]:
    """Adopt the objects that interrupted creates left. Returns the creates whose object could not be told from the one
    it was to replace: search again when that one is gone."""
    unsure = []
    if live.pending:
        operations.wait(SETTLE_S)
    for pending in live.pending:
        if pending.operation != "create" or pending.resource.id:
            continue
        found = operations.find(pending.resource)
        if found is None:
            live.forget(pending)
            continue
        entry = replace(pending.resource, id=found[0], outputs=found[1])
        if live.owners(entry):
            unsure.append(pending)
        else:
            live.adopt(pending, entry)
    return unsure
