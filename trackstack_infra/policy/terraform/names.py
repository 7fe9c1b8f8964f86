"""What Terraform calls a type, a property or a resource that Pulumi's AWS provider calls otherwise.

Pulumi's provider is made from Terraform's by rules of spelling: camel case instead of snake case, plurals for lists,
one object instead of a list that can hold only one. The rules run backwards here; what they do not reach is the
catalog's, for the types our programs register.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from trackstack_infra.catalog import CATALOG

# Pulumi's modules that Terraform's names leave out or spell otherwise.
_MODULES: Final[Mapping[str, str]] = {
    "apigateway": "api_gateway_",
    "ec2": "",
    "rds": "db_",
    "servicediscovery": "service_discovery_",
    "sfn": "sfn_",
}

# Lists of blocks whose names the rule of plurals would spoil.
_SINGULARS: Final[Mapping[str, str]] = {
    "aliases": "alias",
    "dns_records": "dns_records",
    "items": "items",
}

# Properties whose value maps free keys to values. Everything else that looks like it is a block.
MAPS: Final = frozenset(
    {
        "dimensions",
        "dockerLabels",
        "driverOpts",
        "keepers",
        "labels",
        "requestParameters",
        "requestTemplates",
        "responseParameters",
        "stageVariables",
        "tags",
        "tagsAll",
        "triggers",
        "variables",
    }
)


def type_name(token: str) -> str:
    """Terraform's name of a resource type: `aws:ecs/cluster:Cluster` is `aws_ecs_cluster`."""
    known = CATALOG.get(token)
    if known and known.terraform.type:
        return known.terraform.type
    package, module, kind = token.split(":")
    module = module.partition("/")[0]
    name = _snake(kind).removesuffix("_v2")
    if module == "index":
        return name if name.startswith(f"{package}_") else f"{package}_{name}"
    return f"{package}_{_MODULES.get(module, f'{module}_')}{name}"


def absent_properties(token: str) -> tuple[str, ...]:
    """What a plan says is not there, by Terraform's names: a scanner takes silence for the worst."""
    return CATALOG[token].terraform.absent if token in CATALOG else ()


def property_name(type_: str, key: str, *, blocks: bool = False) -> str:
    """Terraform's name of a property of a type, also of one deeper inside; `blocks` when it holds a list of objects."""
    name = _RENAMED.get(type_, {}).get(key) or _snake(key)
    return _singular(name) if blocks else name


def identifier(name: str) -> str:
    """A logical name in the letters that Terraform allows in one."""
    allowed = re.sub(r"[^A-Za-z0-9_-]", "_", name)
    return allowed if re.match(r"[A-Za-z_]", allowed) else f"_{allowed}"


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _singular(name: str) -> str:
    if name in _SINGULARS:
        return _SINGULARS[name]
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    return name if name.endswith("ss") else name.removesuffix("s")


# Terraform's type -> Pulumi's name of a property -> Terraform's. Last, as it needs the rules above.
_RENAMED: Final = {type_name(token): each.terraform.properties for token, each in CATALOG.items()}
