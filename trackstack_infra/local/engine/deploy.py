"""A real run: creates, updates and replaces while the program registers, then deletes what is left over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from trackstack_infra.errors import Failed
from trackstack_infra.local.engine.delete import Deletion, refuse_protected
from trackstack_infra.local.engine.order import replaced_with
from trackstack_infra.local.engine.plan import change
from trackstack_infra.local.engine.reconcile import Met, Reconciler
from trackstack_infra.local.engine.recover import recover
from trackstack_infra.local.engine.state import Pending, ResourceState, is_object

WITH_OTHERS = "cannot outlive something that is replaced"


class Deploy(Reconciler):
    """Every step is in the state before it starts and after it ends, so that a killed run is taken up by the next."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._deletion = Deletion(self.live, self.operations)
        self._unsure: list[Pending] = []
        self._gone_early: set[str] = set()

    def recover(self) -> None:
        """Before the program runs: take up what a dead run had begun."""
        self._unsure = recover(self.live, self.operations)

    def old_entry(self, entry: ResourceState | None) -> ResourceState | None:
        deletions = [pending for pending in self.live.unfinished(entry) if pending.operation == "delete"]
        if entry is None or not deletions:
            return entry
        if self.operations.read(entry) is None:
            self.live.drop(entry)
            return None
        # It survived, in whichever condition: every input is set again.
        self.live.begin(Pending("update", replace(entry, inputs={}, digests={})))
        for pending in deletions:
            self.live.forget(pending)
        return entry

    def carry_out(self, met: Met) -> tuple[str, Mapping[str, Any]]:
        match met.decision.action:
            case "create":
                entry = self._create(met)
            case "update":
                entry = self._update(met)
            case "replace":
                entry = self._replace(met)
            case _:
                entry = self._same(met)
        return entry.id, entry.outputs

    def delete_leftovers(self) -> None:
        """After the program: what it no longer registers, what was replaced, and what dead runs left."""
        leftovers = self.leftovers()
        refuse_protected(leftovers, "no longer in the program")
        for entry in filter(is_object, leftovers):
            reason = "no longer in the program" + ("; the object itself is kept" if entry.retain_on_delete else "")
            self.changes[entry.urn] = change(entry, "delete", reason=reason)
        self._deletion.delete([*leftovers, *self.live.condemned], self._unsure)

    def _same(self, met: Met) -> ResourceState:
        assert met.old is not None
        entry = met.wanted.state(met.old.inputs, met.old.digests, met.old.id, met.old.outputs)
        self.live.note(entry)
        self.operations.publish(entry, "same", "done")
        return entry

    def _create(self, met: Met) -> ResourceState:
        entry = met.wanted.state(met.decision.inputs, met.decision.digests)
        early = {met.wanted.resource.urn, *met.wanted.resource.options.aliases} & self._gone_early
        if early:
            self.changes[entry.urn] = change(entry, "replace", reason=WITH_OTHERS)
        return self.operations.step(entry, "replace" if early else "create", lambda: self._made(entry))

    def _update(self, met: Met) -> ResourceState:
        assert met.old is not None
        old = met.old
        entry = met.wanted.state(met.decision.inputs, met.decision.digests, old.id, old.outputs)

        def work() -> ResourceState:
            self.live.begin(Pending("update", entry))
            outputs: Mapping[str, Any] = old.outputs
            if met.decision.properties:
                outputs = self.operations.update(entry, old.inputs)
            for pending in met.unfinished:
                # The object may have some of the inputs that an interrupted update was setting: undo those as well.
                outputs = self.operations.update(entry, pending.resource.inputs)
            done = replace(entry, outputs=outputs)
            self.live.finish(done)
            return done

        return self.operations.step(entry, "update", work)

    def _replace(self, met: Met) -> ResourceState:
        assert met.old is not None
        old = met.old
        entry = met.wanted.state(met.decision.inputs, met.decision.digests)

        def work() -> ResourceState:
            if not met.decision.delete_first:
                return self._made(entry, replaces=old)
            self._delete_dependents(old)
            self._deletion.make_room(old)
            return self._made(entry, dropping=old)

        return self.operations.step(entry, "replace", work)

    def _made(
        self, entry: ResourceState, *, replaces: ResourceState | None = None, dropping: ResourceState | None = None
    ) -> ResourceState:
        self.live.begin(Pending("create", entry), dropping=dropping)
        id_, outputs = self.operations.create(entry)
        done = replace(entry, id=id_, outputs=outputs)
        self.live.finish(done, replaces=replaces)
        self._refuse_twins(done)
        return done

    def _refuse_twins(self, entry: ResourceState) -> None:
        """A provider may take over an object that exists under the wanted name: fine if it was this stack's under
        another URN, which then goes without it, and wrong if it is still another resource's."""
        for other in self.live.owners(entry):
            if other.urn != entry.urn and other.urn in self._registered:
                raise Failed(
                    f"{entry.name} and {other.name} ({entry.type}) are one object, {entry.id}",
                    hint="give one of them another name",
                )

    def _delete_dependents(self, old: ResourceState) -> None:
        """Before `old` is deleted to make room for its successor: what cannot exist without it. When the program comes
        to those, they are created again."""
        with self.arriving:
            dependents = replaced_with(old.urn, self.leftovers(), self._replace_on)
            refuse_protected(dependents, f"cannot outlive {old.name}, which is replaced")
            self._deletion.delete(dependents)
            for entry in dependents:
                self._gone_early.add(entry.urn)
                self.changes[entry.urn] = change(entry, "delete", reason=WITH_OTHERS)

    def _replace_on(self, entry: ResourceState) -> frozenset[str]:
        return self.provider.handler(entry.type).replace_on if is_object(entry) else frozenset()
