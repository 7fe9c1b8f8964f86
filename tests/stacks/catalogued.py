"""Whether the catalog knows what a stack registers, and what to write where if it does not."""

from collections.abc import Iterable, Iterator
from typing import Final

from trackstack_infra.catalog import CATALOG, ResourceType
from trackstack_infra.costs.rules import RULES
from trackstack_infra.graph import Resource

_OURS: Final = ("ts-", "/ts/")  # names that our programs choose begin with


def gaps(resources: Iterable[Resource]) -> list[str]:
    """What is missing in the catalog, a sentence for each type: the token, the fields and the file."""
    found = {each.type: _gap(each) for each in resources if each.custom and each.type.startswith("aws:")}
    return [gap for _, gap in sorted(found.items()) if gap]


def _gap(resource: Resource) -> str:
    token = resource.type
    service = token.split(":")[1].partition("/")[0]
    file = f"trackstack_infra/catalog/{'lambda_' if service == 'lambda' else service}.py"
    entry = CATALOG.get(token)
    missing = ", ".join(_missing(resource, entry or ResourceType(token)))
    if entry is None:
        return f"{token} has no entry: add one to {file} with {missing}; and drawn=…, unless it is a detail of a part"
    return f"{token} lacks {missing} in {file}" if missing else ""


def _missing(resource: Resource, entry: ResourceType) -> Iterator[str]:
    if entry.fidelity is None:
        yield "fidelity=…"
    key = _name_of(resource)
    if key and entry.name is None:
        yield f'name=Name("{key}", r"…")'
    if entry.tags and "tags" not in resource.inputs:
        yield "tags=False (or tags in the program)"
    if entry.free is None and entry.token not in RULES:
        yield "free=… (or a rule in trackstack_infra/costs/rules)"


def _name_of(resource: Resource) -> str | None:
    """The input that seems to name it: `name`, or `dashboardName` of a Dashboard."""
    kind = resource.type.rpartition(":")[2]
    for key in ("name", f"{kind[0].lower()}{kind[1:]}Name"):
        if isinstance(value := resource.inputs.get(key), str) and value.startswith(_OURS):
            return key
    return None
