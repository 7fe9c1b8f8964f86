"""A run that only predicts: no call to the provider, nothing written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from trackstack_infra.local.engine.plan import Plan, change
from trackstack_infra.local.engine.reconcile import Met, Reconciler
from trackstack_infra.local.engine.state import is_object


class Preview(Reconciler):
    """Answers with outputs as they will be where that is certain; the rest stays unknown, and so does what uses it."""

    def carry_out(self, met: Met) -> tuple[str, Mapping[str, Any]]:
        inputs = met.decision.inputs
        if met.old is None or met.decision.action in ("create", "replace"):
            return "", inputs
        outputs = {**met.old.outputs, **inputs} if met.decision.action == "update" else met.old.outputs
        self.live.note(met.wanted.state(met.old.inputs, met.old.digests, met.old.id, met.old.outputs))
        return met.old.id, outputs

    def missing_stack(self, name: str, stack: str) -> Mapping[str, Any]:
        return {"name": name}

    def plan(self) -> Plan:
        """What a real run would do, deletions included."""
        changes = dict(self.changes)
        for pending in self.live.pending:
            entry = pending.resource
            if pending.operation == "create" and entry.urn not in changes and self.live[entry.urn] is None:
                changes[entry.urn] = change(entry, "delete", reason="an interrupted run may have created it")
        for entry in filter(is_object, self.leftovers()):
            reason = "no longer in the program"
            if entry.protect:
                reason += ", but protected: the run will refuse to delete it"
            elif entry.retain_on_delete:
                reason += "; the object itself is kept"
            changes[entry.urn] = change(entry, "delete", reason=reason)
        for entry in self.live.condemned:
            changes.setdefault(entry.urn, change(entry, "delete", reason="replaced earlier; its deletion is pending"))
        return Plan.of(replace(each, within=self._within(each.parent)) for each in changes.values())

    def _within(self, parent: str | None) -> tuple[str, ...]:
        names: list[str] = []
        while parent is not None and (component := self.live[parent]) is not None:
            names.append(component.name)
            parent = component.parent
        return tuple(reversed(names))
