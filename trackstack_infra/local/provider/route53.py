"""Route 53: records are written down, as no name server of this computer answers by them."""

import hashlib
from typing import Any, Final

from trackstack_infra.local.provider.stub import Stub

NAME_SERVERS: Final = ["ns-1.trackstack.invalid", "ns-2.trackstack.invalid"]

RECORD = Stub(
    "aws:route53/record:Record",
    fixed="zoneId name type setIdentifier",
    changes="ttl records aliases allowOverwrite",
    id="{zoneId}_{name}_{type}",
    shown={"fqdn": "{name}"},
)


def zone(args: dict[str, Any]) -> dict[str, Any]:
    """The zone that a program looks up by its name or its id: always there, with an id that follows from the name."""
    name = (args.get("name") or "").rstrip(".")
    id_ = args.get("zoneId") or "Z" + hashlib.sha256(name.encode()).hexdigest()[:20].upper()
    return {
        **args,
        "id": id_,
        "zoneId": id_,
        "name": name,
        "arn": f"arn:aws:route53:::hostedzone/{id_}",
        "nameServers": NAME_SERVERS,
        "primaryNameServer": NAME_SERVERS[0],
    }


RECIPES = (RECORD,)
