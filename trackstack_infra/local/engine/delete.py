"""Deletes what a stack no longer needs: dependents first, everything that may go at once at once."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Final

from trackstack_infra.errors import Failed
from trackstack_infra.local.engine.live import LiveState
from trackstack_infra.local.engine.operations import Operations
from trackstack_infra.local.engine.order import deletion_levels
from trackstack_infra.local.engine.state import Pending, ResourceState, is_object

THREADS: Final = 16


class Deletion:
    """Deletes from one state."""

    def __init__(self, live: LiveState, operations: Operations) -> None:
        self._live = live
        self._operations = operations

    def delete(self, entries: Iterable[ResourceState], unsure: Iterable[Pending] = ()) -> None:
        """Delete all of these, in the order that their dependencies ask for, and what `unsure` creates have left."""
        entries, unsure = list(entries), list(unsure)
        for level in deletion_levels(entries):
            objects = [entry for entry in level if self._is_deleted(entry, entries)]
            if objects:
                self._operations.check()
                self._live.begin(*(Pending("delete", entry) for entry in objects))
                self._at_once(objects)
            for entry in level:
                if entry not in objects:
                    self._live.drop(entry)
                    if is_object(entry):
                        self._operations.publish(entry, "delete", "done")
            # As soon as what it could be taken for is gone, and before what it depends on goes.
            gone = {entry.urn for entry in level}
            for pending in [one for one in unsure if one.resource.urn in gone]:
                unsure.remove(pending)
                self._sweep(pending)
        for pending in unsure:
            self._sweep(pending)

    def make_room(self, entry: ResourceState) -> None:
        """Delete the object of an entry whose successor is created next; the entry goes when that begins."""
        if entry.retain_on_delete:
            return
        self._live.begin(Pending("delete", entry))
        self._operations.delete(entry)

    def _at_once(self, entries: list[ResourceState]) -> None:
        with ThreadPoolExecutor(min(THREADS, len(entries)), thread_name_prefix="delete") as pool:
            running = [pool.submit(self._one, entry) for entry in entries]
        for done in running:
            done.result()

    def _one(self, entry: ResourceState) -> None:
        def work() -> None:
            self._operations.delete(entry)
            self._live.drop(entry)

        self._operations.step(entry, "delete", work)

    def _sweep(self, pending: Pending) -> None:
        """Delete whatever an interrupted create left, until only an object that is known is found."""
        seen: set[str] = set()
        while (found := self._operations.find(pending.resource)) is not None:
            id_, outputs = found
            entry = replace(pending.resource, id=id_, outputs=outputs)
            if id_ in seen or self._live.owners(entry):
                break
            seen.add(id_)
            self._operations.step(entry, "delete", lambda entry=entry: self._operations.delete(entry))  # type: ignore[misc]
        self._live.forget(pending)

    def _is_deleted(self, entry: ResourceState, going: list[ResourceState]) -> bool:
        """Whether the provider has to be asked: not for what is kept, goes with something else, or now is another's."""
        if not is_object(entry) or entry.retain_on_delete or any(entry.deleted_with == one.urn for one in going):
            return False
        return all(any(owner is one for one in going) for owner in self._live.owners(entry))


def refuse_protected(entries: Iterable[ResourceState], why: str) -> None:
    """Refuse before the first of these is deleted when one of them is protected."""
    protected = [f"{entry.name} ({entry.type})" for entry in entries if entry.protect and is_object(entry)]
    if protected:
        raise Failed(
            f"nothing was deleted, because protected resources would be: {', '.join(protected)} ({why})",
            hint="remove `protect` in one run and the resources in the next",
        )
