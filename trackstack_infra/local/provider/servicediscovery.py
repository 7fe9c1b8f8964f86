"""Cloud Map: private and public namespaces, and the services registered in them."""

from trackstack_infra.local.provider.clients import Client
from trackstack_infra.local.provider.handler import Outputs
from trackstack_infra.local.provider.recipe import Found, Recipe
from trackstack_infra.local.provider.shapes import Inputs, call
from trackstack_infra.local.provider.tagging import TagResource, tags

_TAGGING = TagResource("ResourceARN", "Tags", "TagKeys", "Key")


def _namespace(client: Client, ref: str, inputs: Inputs) -> Found:
    found: Found = client.get_namespace(Id=ref)["Namespace"]
    return found


def _namespace_by_name(client: Client, inputs: Inputs) -> Found | None:
    same = [each for each in client.list_namespaces()["Namespaces"] if each["Name"] == inputs["name"]]
    return _namespace(client, same[0]["Id"], inputs) if same else None


def _namespace_kind(token: str, create: str, fixed: str) -> Recipe:
    def make(client: Client, inputs: Inputs) -> Found:
        operation = call(client, create, inputs, Tags=tags(inputs))["OperationId"]
        targets = client.get_operation(OperationId=operation)["Operation"]["Targets"]
        return _namespace(client, targets["NAMESPACE"], inputs)

    return Recipe(
        token,
        service="servicediscovery",
        fixed=fixed,
        name_property="name",
        make=make,
        look=_namespace,
        identify="Id",
        shown=lambda found, inputs: {
            "arn": found["Arn"],
            "hostedZone": found.get("Properties", {}).get("DnsProperties", {}).get("HostedZoneId", ""),
        },
        remove=lambda client, ref, outputs: client.delete_namespace(Id=ref),
        search=_namespace_by_name,
        tagging=_TAGGING,
    )


PRIVATE_NAMESPACE = _namespace_kind(
    "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace",
    "CreatePrivateDnsNamespace",
    "name vpc description",
)
PUBLIC_NAMESPACE = _namespace_kind(
    "aws:servicediscovery/publicDnsNamespace:PublicDnsNamespace", "CreatePublicDnsNamespace", "name description"
)


def _namespace_of(inputs: Inputs) -> str:
    inside: str | None = (inputs.get("dnsConfig") or {}).get("namespaceId")
    return inside or str(inputs["namespaceId"])


def _make_service(client: Client, inputs: Inputs) -> Found:
    given = {key: value for key, value in inputs.items() if key != "namespaceId"}
    request = {"NamespaceId": _namespace_of(inputs), "Tags": tags(inputs)}
    found: Found = call(client, "CreateService", given, **request)["Service"]
    return found


def _service(client: Client, ref: str, inputs: Inputs) -> Found:
    found: Found = client.get_service(Id=ref)["Service"]
    return found


def _service_by_name(client: Client, inputs: Inputs) -> Found | None:
    within = [{"Name": "NAMESPACE_ID", "Values": [_namespace_of(inputs)], "Condition": "EQ"}]
    same = [each for each in client.list_services(Filters=within)["Services"] if each["Name"] == inputs["name"]]
    return _service(client, same[0]["Id"], inputs) if same else None


def _delete_service(client: Client, ref: str, outputs: Outputs) -> None:
    """Cloud Map refuses while instances are registered; a task that was killed leaves its own behind."""
    for instance in client.list_instances(ServiceId=ref)["Instances"]:
        client.deregister_instance(ServiceId=ref, InstanceId=instance["Id"])
    client.delete_service(Id=ref)


SERVICE = Recipe(
    "aws:servicediscovery/service:Service",
    service="servicediscovery",
    fixed="name namespaceId dnsConfig healthCheckCustomConfig healthCheckConfig type description",
    changes="forceDestroy",
    name_property="name",
    make=_make_service,
    look=_service,
    identify="Id",
    shown={"arn": "Arn"},
    remove=_delete_service,
    search=_service_by_name,
    tagging=_TAGGING,
)

RECIPES = (PRIVATE_NAMESPACE, PUBLIC_NAMESPACE, SERVICE)
