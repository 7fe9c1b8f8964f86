"""How the services are reached: over IPv6 where there is no IPv4, over TLS where there is a name to certify."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from trackstack_infra.components.api import ApiRoutes, HttpApi
from trackstack_infra.components.balancer import LoadBalancer, listener_port
from trackstack_infra.components.certificate import Certificate
from trackstack_infra.components.cluster import Cluster
from trackstack_infra.components.discovery import PublicDiscovery
from trackstack_infra.components.foundation import Foundation
from trackstack_infra.components.messaging import Queue
from trackstack_infra.components.security_group import AllowCloudFront, SecurityGroup
from trackstack_infra.components.service import FargateService
from trackstack_infra.components.task import PORT, ServiceTask
from trackstack_infra.components.volume import Volume
from trackstack_infra.graph import Graph, record
from trackstack_infra.images import dual_stack_registry
from trackstack_infra.settings.groups import DomainSettings
from trackstack_infra.settings.load import load_settings
from trackstack_infra.settings.models import EnterpriseSettings, PragmaticSettings

ROOT = Path(__file__).parents[3]
DOMAIN = {"name": "track.example.org", "zone": "example.org"}
REGISTRY = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
LISTENER = "aws:lb/listener:Listener"
DEFINITION = "aws:ecs/taskDefinition:TaskDefinition"
SERVICE = "aws:ecs/service:Service"
SETTING = "aws:ecs/accountSettingDefault:AccountSettingDefault"


def container(graph: Graph, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(graph.one(DEFINITION, f"{name}-definition").inputs["containerDefinitions"])[0]
    return found


def variables(graph: Graph, name: str) -> dict[str, str]:
    return {pair["name"]: pair["value"] for pair in container(graph, name)["environment"]}


@pytest.fixture(scope="module")
def behind_balancer(private_network: Any) -> Any:
    """One service of enterprise behind API and load balancer."""

    def made(internet: str, name: str | None) -> Graph:
        settings = load_settings("enterprise", ROOT, registry=REGISTRY)
        assert isinstance(settings, EnterpriseSettings)

        def program() -> None:
            network = private_network(internet)
            foundation = Foundation()
            queue = Queue("gym")
            tasks = SecurityGroup("tasks", network=network, purpose="Tasks", calls_aws=True)
            api = HttpApi("api", settings=settings, network=network, tokens=foundation.tokens)
            domain = DomainSettings.model_validate(DOMAIN)
            certificate = Certificate("inside", domain=domain, host=name, region=settings.region) if name else None
            task = ServiceTask(
                "gym",
                settings=settings,
                database="bridge",
                volume=Volume("data", network=network),
                path="/services/gym",
                queue=queue,
                publishes_to=queue,
                tokens=foundation.tokens,
                dual_stack=network.ipv6,
            )
            balancer = LoadBalancer(
                "balancer", network=network, security_group=tasks, domains=["gym"], certificate=certificate
            )
            FargateService(
                "gym",
                cluster=Cluster("cluster", ipv6=network.ipv6),
                task=task,
                network=network,
                security_groups=[tasks],
                target_group=balancer.target_groups["gym"],
            )
            ApiRoutes("routes", api=api, target=balancer.listener.arn, domains=["gym"], server_name=name)

        return record(program, stack="enterprise", outputs="fabricated")

    return made


@pytest.fixture(scope="module")
def over_ipv6(behind_balancer: Any) -> Graph:
    graph: Graph = behind_balancer("ipv6", "origin.track.example.org")
    return graph


@pytest.fixture(scope="module")
def over_ipv4(behind_balancer: Any) -> Graph:
    graph: Graph = behind_balancer("nat", None)
    return graph


@pytest.fixture(scope="module")
def on_the_internet(public_network: Any) -> Graph:
    """Pragmatic's task with a public name, behind CloudFront."""
    settings = load_settings("pragmatic", ROOT, registry=REGISTRY, ingress="ipv6", domain=DOMAIN)
    assert isinstance(settings, PragmaticSettings)

    def program(settings: PragmaticSettings) -> None:
        assert settings.domain is not None
        network = public_network("ipv6")
        queue = Queue("monolith")
        tasks = SecurityGroup("tasks", network=network, purpose="Task", calls_aws=True)
        discovery = PublicDiscovery("monolith", domain=settings.domain)
        task = ServiceTask(
            "monolith",
            settings=settings,
            database="own",
            volume=Volume("data", network=network),
            path="/monolith",
            queue=queue,
            publishes_to=queue,
            tokens=Foundation().tokens,
            secrets={"ORIGIN_SECRET": "arn:aws:ssm:us-east-1:123456789012:parameter/ts/pragmatic/origin"},
            dual_stack=True,
        )
        FargateService(
            "monolith",
            cluster=Cluster("cluster", ipv6=True),
            task=task,
            network=network,
            security_groups=[tasks],
            registry=discovery.registry,
            after=[AllowCloudFront("edge-to-tasks", target=tasks, port=PORT)],
        )

    return record(partial(program, settings), stack="pragmatic", outputs="fabricated")


def test_a_certified_balancer_speaks_tls_only(over_ipv6: Graph) -> None:
    """HTTPS on 443 with today's ciphers; the API calls it by the name that is in the certificate."""
    (listener,) = over_ipv6.all(LISTENER)
    assert (listener.inputs["port"], listener.inputs["protocol"]) == (443, "HTTPS")
    assert listener.inputs["sslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
    (issued,) = over_ipv6.all("aws:acm/certificateValidation:CertificateValidation")
    assert listener.inputs["certificateArn"] == issued.outputs["certificateArn"]
    (integration,) = over_ipv6.all("aws:apigatewayv2/integration:Integration")
    assert integration.inputs["tlsConfig"] == {"serverNameToVerify": "origin.track.example.org"}
    assert listener_port(tls=True) == 443


def test_without_a_certificate_nothing_changes(over_ipv4: Graph) -> None:
    """HTTP inside the VPC, as there is no name that could be certified."""
    (listener,) = over_ipv4.all(LISTENER)
    assert (listener.inputs["port"], listener.inputs["protocol"]) == (80, "HTTP")
    assert not {"sslPolicy", "certificateArn"} & set(listener.inputs)
    (integration,) = over_ipv4.all("aws:apigatewayv2/integration:Integration")
    assert "tlsConfig" not in integration.inputs
    assert listener_port(tls=False) == 80


def test_the_balancer_stands_between_ipv4_and_ipv6(over_ipv6: Graph) -> None:
    """It is called over IPv4, in private subnets that have both, and calls tasks over IPv6."""
    (balancer,) = over_ipv6.all("aws:lb/loadBalancer:LoadBalancer")
    subnets = {each.outputs["id"]: each.name for each in over_ipv6.all("aws:ec2/subnet:Subnet")}
    assert balancer.inputs["ipAddressType"] == "dualstack"
    assert {subnets[id_] for id_ in balancer.inputs["subnets"]} == {"network-private-a", "network-private-b"}
    (group,) = over_ipv6.all("aws:lb/targetGroup:TargetGroup")
    assert group.inputs["ipAddressType"] == "ipv6"
    (service,) = over_ipv6.all(SERVICE)
    tasks_in = {subnets[id_] for id_ in service.inputs["networkConfiguration"]["subnets"]}
    assert tasks_in == {"network-tasks-a", "network-tasks-b"}
    assert service.inputs["networkConfiguration"]["assignPublicIp"] is False


def test_a_task_without_ipv4_calls_names_that_have_ipv6(over_ipv6: Graph, over_ipv4: Graph) -> None:
    """AWS's dual-stack endpoints, ECR's other name for the same registry, and a socket that listens to IPv6."""
    task = variables(over_ipv6, "gym")
    assert (task["AWS_USE_DUALSTACK_ENDPOINT"], task["HOST"]) == ("true", "::")
    assert container(over_ipv6, "gym")["image"].startswith("123456789012.dkr-ecr.us-east-1.on.aws/ts-gym@sha256:")
    with_ipv4 = variables(over_ipv4, "gym")
    assert "AWS_USE_DUALSTACK_ENDPOINT" not in with_ipv4
    assert with_ipv4["HOST"] == "0.0.0.0"


def test_a_service_waits_for_its_egress(over_ipv6: Graph) -> None:
    """A task that starts before its route, or before ECS gives out IPv6 addresses, could not pull its image."""
    (service,) = over_ipv6.all(SERVICE)
    (setting,) = over_ipv6.all(SETTING)
    assert (setting.inputs["name"], setting.inputs["value"]) == ("dualStackIPv6", "enabled")
    assert over_ipv6.path(service, setting)
    assert over_ipv6.path(service, over_ipv6.one("aws:ec2/route:Route", "network-to-egress"))


def test_with_ipv4_the_account_is_left_alone(over_ipv4: Graph) -> None:
    """No setting of the account is touched where none is needed."""
    assert not over_ipv4.all(SETTING)


def test_a_public_name_leads_to_the_task(on_the_internet: Graph) -> None:
    """`monolith.origin.<domain>` is an AAAA record that ECS keeps; the owner's zone delegates `origin.<domain>`."""
    (namespace,) = on_the_internet.all("aws:servicediscovery/publicDnsNamespace:PublicDnsNamespace")
    assert namespace.inputs["name"] == "origin.track.example.org"
    (registry,) = on_the_internet.all("aws:servicediscovery/service:Service")
    assert registry.inputs["name"] == "monolith"
    assert registry.inputs["dnsConfig"]["routingPolicy"] == "MULTIVALUE"
    assert registry.inputs["dnsConfig"]["dnsRecords"] == [{"type": "AAAA", "ttl": 10}]
    (delegation,) = on_the_internet.all("aws:route53/record:Record")
    assert (delegation.inputs["name"], delegation.inputs["type"]) == ("origin.track.example.org", "NS")
    assert len(delegation.inputs["records"]) > 1
    (service,) = on_the_internet.all(SERVICE)
    assert service.inputs["serviceRegistries"] == {"registryArn": registry.outputs["arn"]}
    assert service.inputs["networkConfiguration"]["assignPublicIp"] is False


def test_ecs_reads_the_secrets_that_a_task_was_given(on_the_internet: Graph) -> None:
    """The execution role may read that parameter and no other; the container has its name, not its value."""
    arn = "arn:aws:ssm:us-east-1:123456789012:parameter/ts/pragmatic/origin"
    assert container(on_the_internet, "monolith")["secrets"] == [{"name": "ORIGIN_SECRET", "valueFrom": arn}]
    policy = on_the_internet.one("aws:iam/rolePolicy:RolePolicy", "monolith-execution-policy").inputs["policy"]
    (statement,) = [each for each in json.loads(policy)["Statement"] if "ssm:GetParameters" in each["Action"]]
    assert (statement["Action"], statement["Resource"]) == (["ssm:GetParameters"], [arn])


def test_a_task_without_secrets_may_read_none(over_ipv4: Graph) -> None:
    """Neither the right nor an empty list is there."""
    policy = over_ipv4.one("aws:iam/rolePolicy:RolePolicy", "gym-execution-policy").inputs["policy"]
    assert "ssm" not in policy
    assert "secrets" not in container(over_ipv4, "gym")


@pytest.mark.parametrize(
    ("reference", "dual"),
    [
        (f"{REGISTRY}/ts-gym@sha256:0", "123456789012.dkr-ecr.us-east-1.on.aws/ts-gym@sha256:0"),
        (REGISTRY, "123456789012.dkr-ecr.us-east-1.on.aws"),
        ("localhost/ts-gym@sha256:0", "localhost/ts-gym@sha256:0"),
        ("ghcr.example/owner/ts-gym", "ghcr.example/owner/ts-gym"),
    ],
)
def test_only_ecr_has_another_name(reference: str, dual: str) -> None:
    """Any other registry is called as it is."""
    assert dual_stack_registry(reference) == dual
