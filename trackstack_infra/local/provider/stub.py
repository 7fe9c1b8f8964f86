"""Stubs: resource types of which the emulator has no backend, so that it only keeps a record of them.

A record is a parameter of the emulator's SSM, `/trackstack/stubs/<type>/<digest of the id>`, so that it lives and
ends with everything else there, and `aws ssm get-parameters-by-path --path /trackstack/stubs` lists them all.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from trackstack_infra.local.provider.clients import ACCOUNT, Clients
from trackstack_infra.local.provider.handler import (
    DeclaredType,
    Outputs,
    changed,
    explained,
    program_inputs,
    unless_gone,
)
from trackstack_infra.local.provider.shapes import Inputs

ROOT: Final = "/trackstack/stubs"


@dataclass(frozen=True, kw_only=True)
class Stub(DeclaredType):
    """A resource type of which there is a record, and nothing that runs.

    `id` and the values of `shown` are templates: any input by its name, {region}, {account}, {id}, and {hex}: 17 hex
    digits that follow from the inputs in `fixed`, so that the same resource has the same id after each restart.
    """

    id: str
    shown: Mapping[str, Any] = field(default_factory=dict)
    tagged: bool = False

    @property
    def takes_tags(self) -> bool:
        return self.tagged

    def create(self, aws: Clients, inputs: Inputs) -> tuple[str, Outputs]:
        outputs = self._outputs(aws, inputs)
        self.refuse_unknown("create", program_inputs(inputs))
        self._write(aws, "create", outputs)
        return outputs["id"], outputs

    def read(self, aws: Clients, ref: str, inputs: Inputs) -> Outputs | None:
        with explained(self.token, "read"):
            found = unless_gone(lambda: aws.client("ssm").get_parameter(Name=self._place(ref)))
            return None if found is None else json.loads(found["Parameter"]["Value"])

    def update(self, aws: Clients, ref: str, old: Inputs, new: Inputs) -> Outputs:
        if self.read(aws, ref, old) is None:
            raise self.gone(ref)
        self.refuse_unknown("update", changed(old, new))
        outputs = {**self._outputs(aws, new), "id": ref}
        self._write(aws, "update", outputs)
        return outputs

    def delete(self, aws: Clients, ref: str, outputs: Outputs) -> None:
        with explained(self.token, "delete"):
            unless_gone(lambda: aws.client("ssm").delete_parameter(Name=self._place(ref)))

    def find(self, aws: Clients, inputs: Inputs) -> tuple[str, Outputs] | None:
        ref = self._outputs(aws, inputs)["id"]
        found = self.read(aws, ref, inputs)
        return None if found is None else (ref, found)

    def _outputs(self, aws: Clients, inputs: Inputs) -> Outputs:
        inputs = program_inputs(inputs)
        which = json.dumps([self.token, *(inputs.get(key) for key in self.fixed.split())], sort_keys=True)
        fields = {
            **dict.fromkeys([*self.fixed.split(), *self.changes.split()], ""),
            **inputs,
            "hex": hashlib.sha256(which.encode()).hexdigest()[:17],
            "region": inputs.get("region") or aws.region,
            "account": ACCOUNT,
        }
        fields["id"] = self.id.format_map(fields)
        return {**inputs, **self.tags_all(inputs), **_filled_in(self.shown, fields), "id": fields["id"]}

    def _write(self, aws: Clients, operation: str, outputs: Outputs) -> None:
        with explained(self.token, operation):
            aws.client("ssm").put_parameter(
                Name=self._place(outputs["id"]), Value=json.dumps(outputs), Type="String", Overwrite=True
            )

    def _place(self, ref: str) -> str:
        """Where the record lies: SSM's names have neither colons nor more than 15 levels."""
        return f"{ROOT}/{self.token.replace(':', '.')}/{hashlib.sha256(ref.encode()).hexdigest()[:32]}"


def _filled_in(template: Any, fields: Mapping[str, Any]) -> Any:
    """TEMPLATE with the fields in its texts filled in, at whatever depth they stand."""
    if isinstance(template, str):
        return template.format_map(fields)
    if isinstance(template, Mapping):
        return {key: _filled_in(value, fields) for key, value in template.items()}
    if isinstance(template, list | tuple):
        return [_filled_in(value, fields) for value in template]
    return template
