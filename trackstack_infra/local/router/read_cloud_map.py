"""Reads Cloud Map back from the emulator's describe calls: instances of services, and names that lead to them."""

from collections.abc import Iterable

from botocore.exceptions import ClientError

from trackstack_infra.local.router.alb_rules import Address
from trackstack_infra.local.router.api_routes import ApiRouting
from trackstack_infra.local.router.distributions import Distribution
from trackstack_infra.local.router.reading import Aws, pages


def read_instances(aws: Aws, apis: Iterable[ApiRouting], named: Iterable[str]) -> dict[str, tuple[Address, ...]]:
    """Return the instances of each Cloud Map service that an integration or a public name leads to, by its ARN."""
    arns = {
        integration.uri
        for api in apis
        for integration in api.integrations.values()
        if ":servicediscovery:" in integration.uri
    }
    return {arn: _instances(aws, arn) for arn in arns | set(named)}


def _instances(aws: Aws, arn: str) -> tuple[Address, ...]:
    map_ = aws.client("servicediscovery")
    try:
        found = list(pages(map_, "list_instances", "Instances", ServiceId=arn.rsplit("/", 1)[-1]))
    except ClientError:
        return ()  # the service is gone: so are its instances
    attributes = [instance["Attributes"] for instance in found]
    return tuple(
        Address(each.get("AWS_INSTANCE_IPV4") or each["AWS_INSTANCE_IPV6"], int(each["AWS_INSTANCE_PORT"]))
        for each in attributes
    )


def read_names(aws: Aws, distributions: Iterable[Distribution]) -> dict[str, str]:
    """Return the services that distributions ask by a name of a public namespace: `<service>.<namespace>` -> ARN."""
    wanted = {
        origin.host
        for distribution in distributions
        for origin in distribution.origins.values()
        if origin.bucket is None
    }
    if not wanted:
        return {}
    map_ = aws.client("servicediscovery")
    found = {}
    for namespace in pages(map_, "list_namespaces", "Namespaces"):
        if namespace["Type"] != "DNS_PUBLIC":
            continue
        inside = [{"Name": "NAMESPACE_ID", "Values": [namespace["Id"]], "Condition": "EQ"}]
        for service in pages(map_, "list_services", "Services", Filters=inside):
            found[f"{service['Name']}.{namespace['Name']}"] = service["Arn"]
    return {host: arn for host, arn in found.items() if host in wanted}
