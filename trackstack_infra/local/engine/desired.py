"""What the program wants of a resource, in the plain values that the state and the provider work with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trackstack_infra.errors import Failed
from trackstack_infra.graph.model import Resource
from trackstack_infra.graph.values import Asset, Secret, is_secret
from trackstack_infra.local.engine.state import ResourceState

if TYPE_CHECKING:
    from trackstack_infra.local.provider import Handler


@dataclass(frozen=True)
class Desired:
    """A registered resource: secrets in clear text, files as paths with a digest, the automatic name filled in."""

    resource: Resource
    inputs: Mapping[str, Any]
    digests: Mapping[str, str]
    secrets: tuple[str, ...]
    auto_named: bool = False

    def state(
        self,
        inputs: Mapping[str, Any],
        digests: Mapping[str, str],
        id_: str = "",
        outputs: Mapping[str, Any] | None = None,
    ) -> ResourceState:
        """The entry in the state; without id and outputs of what does not exist yet."""
        resource, options = self.resource, self.resource.options
        return ResourceState(
            urn=resource.urn,
            type=resource.type,
            name=resource.name,
            parent=resource.parent,
            custom=resource.custom,
            id=id_,
            inputs=inputs,
            outputs=outputs or {},
            dependencies=resource.depends_on,
            property_dependencies=resource.property_dependencies,
            digests=digests,
            secrets=self.secrets,
            auto_named=self.auto_named,
            protect=options.protect,
            retain_on_delete=options.retain_on_delete,
            deleted_with=options.deleted_with,
        )

    def shown(self, outputs: Mapping[str, Any]) -> dict[str, Any]:
        """Outputs as the program may see them: what is secret stays marked, and files are files again."""
        files = {name: value for name, value in self.resource.inputs.items() if isinstance(value, Asset)}
        outputs = {**outputs, **{name: value for name, value in files.items() if name in outputs}}
        return {name: Secret(value) if name in self.secrets else value for name, value in outputs.items()}


def desired(resource: Resource, handler: Handler | None, old: ResourceState | None) -> Desired:
    """Lower a resource; a `handler` with a name property gets a name where the program gave none."""
    digests: dict[str, str] = {}
    inputs: dict[str, Any] = {}
    for name, value in resource.inputs.items():
        files: list[str] = []
        inputs[name] = _plain(value, files, f"{resource.name}'s {name}")
        if files:
            digests[name] = " ".join(files)
    marked = {name for name, value in resource.inputs.items() if is_secret(value)}
    secrets = tuple(sorted(marked | set(resource.options.additional_secret_outputs)))
    named = handler.name_property if handler else None
    if named is None or inputs.get(named) is not None:
        return Desired(resource, inputs, digests, secrets)
    inputs[named] = old.inputs[named] if old and old.auto_named else _auto_name(resource)
    return Desired(resource, inputs, digests, secrets, auto_named=True)


def _plain(value: Any, files: list[str], where: str) -> Any:
    match value:
        case Secret():
            return _plain(value.value, files, where)
        case Asset():
            files.append(_digest(value, where))
            return _plain_asset(value, where)
        case dict():
            return {key: _plain(item, files, where) for key, item in value.items()}
        case list():
            return [_plain(item, files, where) for item in value]
        case _:
            return value


def _plain_asset(asset: Asset, where: str) -> dict[str, Any]:
    if asset.path is not None:
        return {"path": str(Path(asset.path).resolve())}
    if asset.text is not None:
        return {"text": asset.text}
    if asset.uri is not None:
        return {"uri": asset.uri}
    return {"assets": {name: _plain(member, [], where) for name, member in sorted((asset.members or {}).items())}}


def _digest(asset: Asset, where: str) -> str:
    try:
        return asset.digest()
    except OSError as error:
        raise Failed(
            f"cannot read {asset.path} for {where}: {error.strerror}",
            hint="build or restore it, then run the command again",
        ) from error


def _auto_name(resource: Resource) -> str:
    from trackstack_infra.local.provider.naming import auto_name

    return auto_name(resource.urn, resource.name)
