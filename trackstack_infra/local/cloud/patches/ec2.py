"""EC2, two things.

moto reads which instance types each zone of each region offers, which takes 0.4 s and 36 MB; no stack asks. It does so
while it is imported, so `apply_first` comes before that.
A NAT gateway that is deleted keeps its address, which then cannot be given to the next one: after an interrupted
`down`, `up` would fail.
"""

from collections.abc import Callable
from typing import Any

from moto.utilities import utils

from trackstack_infra.local.cloud.patches.patching import around


def apply_first() -> None:
    around(utils, "load_resource", _load)


def apply() -> None:
    from moto.ec2.models import EC2Backend

    around(EC2Backend, "delete_nat_gateway", _delete_nat_gateway)


def _load(original: Callable[..., Any], path: Any) -> Any:
    return [] if "instance_type_offerings" in str(path) else original(path)


def _delete_nat_gateway(original: Callable[..., Any], self: Any, nat_gateway_id: str) -> Any:
    for address in self.addresses:
        if address.eni is not None and address.eni.id == self.nat_gateways[nat_gateway_id]._eni.id:
            self.disassociate_address(association_id=address.association_id)
    return original(self, nat_gateway_id)
