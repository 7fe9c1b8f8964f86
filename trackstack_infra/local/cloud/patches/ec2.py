"""EC2, four things.

moto reads which instance types each zone of each region offers, which takes 0.4 s and 36 MB; no stack asks. It does so
while it is imported, so `apply_first` comes before that.
A NAT gateway that is deleted keeps its address, which then cannot be given to the next one: after an interrupted
`down`, `up` would fail.
Of the prefix lists that AWS manages, moto has CloudFront's IPv4 addresses but not the IPv6 ones.
It makes an interface's host name of the four numbers of its address, and breaks where there are none, as with EFS's
mount targets in IPv6-only subnets.
"""

from collections.abc import Callable
from typing import Any, Final

from moto.utilities import utils

from trackstack_infra.local.cloud.patches.patching import around

CLOUDFRONT_IPV6: Final = "com.amazonaws.global.ipv6.cloudfront.origin-facing"


def apply_first() -> None:
    around(utils, "load_resource", _load)


def apply() -> None:
    from moto.ec2.models import EC2Backend, elastic_network_interfaces

    around(EC2Backend, "delete_nat_gateway", _delete_nat_gateway)
    around(EC2Backend, "describe_managed_prefix_lists", _describe_managed_prefix_lists)
    around(elastic_network_interfaces, "generate_dns_from_ip", _host_name)


def _load(original: Callable[..., Any], path: Any) -> Any:
    return [] if "instance_type_offerings" in str(path) else original(path)


def _delete_nat_gateway(original: Callable[..., Any], self: Any, nat_gateway_id: str) -> Any:
    for address in self.addresses:
        if address.eni is not None and address.eni.id == self.nat_gateways[nat_gateway_id]._eni.id:
            self.disassociate_address(association_id=address.association_id)
    return original(self, nat_gateway_id)


def _describe_managed_prefix_lists(original: Callable[..., Any], self: Any, *args: Any, **kwargs: Any) -> Any:
    if all(each.prefix_list_name != CLOUDFRONT_IPV6 for each in self.managed_prefix_lists.values()):
        # An address of the documentation's range: no packet is ever held against it.
        entries = [{"Cidr": "2001:db8::/32", "Description": "default"}]
        self._create_aws_managed_prefix_list(name=CLOUDFRONT_IPV6, address_family="IPv6", entries=entries)
    return original(self, *args, **kwargs)


def _host_name(original: Callable[..., str], ip: str, *args: Any, **kwargs: Any) -> str:
    return f"ip6-{ip.replace(':', '-')}.ec2.internal" if ":" in ip else original(ip, *args, **kwargs)
