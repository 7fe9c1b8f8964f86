"""A small architecture made by hand: a site, an API, a balancer, a service that reads a queue and writes a bucket."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from trackstack_infra.catalog.resource_type import Family
from trackstack_infra.graph import Graph, Resource, Secret
from trackstack_infra.graph.urns import make_urn
from trackstack_infra.names import Layer
from trackstack_infra.picture.diagram import Arrow, Box, Diagram, Flow

STACK = "toy"
REFERENCE = "urn:pulumi:toy::trackstack::pulumi:pulumi:StackReference::organization/trackstack/foundation"


def component(kind: str, name: str) -> Resource:
    """A component as programs make them."""
    type_ = f"trackstack:toy:{kind}"
    return Resource(make_urn(STACK, "trackstack", None, type_, name), type_, name, None, False, {})


def resource(
    parent: Resource | None,
    type_: str,
    name: str,
    *,
    inputs: Mapping[str, Any] | None = None,
    runtime: bool = False,
    **references: Resource | str,
) -> Resource:
    """A resource below a component; `references` are the properties that hold another resource's output."""
    urn = make_urn(STACK, "trackstack", parent.urn if parent else None, type_, name)
    tags = {"layer": "runtime" if runtime else "persistent", "domain": "shared"}
    needs = {key: (each if isinstance(each, str) else each.urn,) for key, each in references.items()}
    return Resource(
        urn,
        type_,
        name,
        parent.urn if parent else None,
        True,
        {"tags": tags, **(inputs or {})},
        depends_on=tuple(urn for urns in needs.values() for urn in urns if "StackReference" not in urn),
        property_dependencies=needs,
        outputs={"arn": f"arn:aws:toy:::{name}"},
    )


def role_policy(parent: Resource, **allowed: tuple[str, str]) -> Resource:
    """What the role of a component may do: `Sid=(action, resource)`."""
    statements = [
        {"Sid": sid, "Effect": "Allow", "Action": [action], "Resource": [arn]} for sid, (action, arn) in allowed.items()
    ]
    return resource(
        parent,
        "aws:iam/rolePolicy:RolePolicy",
        f"{parent.name}-policy",
        inputs={"policy": json.dumps({"Statement": statements})},
        policy=REFERENCE,
    )


def graph_of(*resources: Resource) -> Graph:
    """A graph of these, sorted as recorded ones are."""
    return Graph(STACK, tuple(sorted(resources, key=lambda each: each.urn)), {})


def toy_resources() -> list[Resource]:
    """API to balancer to service; the service reads its queue, keeps files, and writes another stack's bucket."""
    api, routes, balancer = component("Api", "api"), component("Routes", "routes"), component("Balancer", "balancer")
    service, task = component("Service", "gym"), component("Task", "gym")
    letters, files, tasks = (
        component("Queue", "gym"),
        component("Volume", "data"),
        component("SecurityGroup", "tasks"),
    )
    the_api = resource(api, "aws:apigatewayv2/api:Api", "api-api")
    load = resource(balancer, "aws:lb/loadBalancer:LoadBalancer", "balancer", runtime=True)
    listener = resource(balancer, "aws:lb/listener:Listener", "listener", runtime=True, loadBalancerArn=load)
    group = resource(balancer, "aws:lb/targetGroup:TargetGroup", "group", runtime=True)
    dead = resource(letters, "aws:sqs/queue:Queue", "gym-dead")
    queue = resource(letters, "aws:sqs/queue:Queue", "gym-queue", redrivePolicy=dead)
    system = resource(files, "aws:efs/fileSystem:FileSystem", "files")
    point = resource(task, "aws:efs/accessPoint:AccessPoint", "gym-directory", fileSystemId=system)
    definition = resource(
        task,
        "aws:ecs/taskDefinition:TaskDefinition",
        "gym-definition",
        inputs={"cpu": "512", "memory": "1024", "key": Secret("hush")},
        volumes=point,
    )
    policy = role_policy(
        task,
        Read=("sqs:ReceiveMessage", "arn:aws:toy:::gym-queue"),
        Keep=("s3:PutObject", "arn:aws:s3:::backups-0a1b2c3/x/*"),
        Log=("logs:PutLogEvents", "*"),
    )
    run = resource(
        service,
        "aws:ecs/service:Service",
        "gym-service",
        runtime=True,
        taskDefinition=definition,
        loadBalancers=group,
    )
    integration = resource(
        routes, "aws:apigatewayv2/integration:Integration", "integration", apiId=the_api, integrationUri=listener
    )
    fence = resource(tasks, "aws:ec2/securityGroup:SecurityGroup", "tasks-security-group")
    return [
        api, routes, balancer, service, task, letters, files, tasks,
        the_api, load, listener, group, dead, queue, system, point, definition, policy, run, integration, fence,
    ]  # fmt: skip


@pytest.fixture
def toy() -> Graph:
    """The small architecture."""
    return graph_of(*toy_resources())


def random_scene(numbers: list[int]) -> Diagram:
    """Boxes and arrows from numbers: each pair of digits is an arrow, circles of three and more included; between two
    boxes there is one for each flow, as in every diagram."""
    count = 3 + len(numbers)
    families, layers, flows = list(Family), list(Layer), list(Flow)
    boxes = tuple(
        Box(
            f"b{index}",
            "a part with a name" if index % 3 else f"part {index}",
            ("Fargate service", "0.25 vCPU", "512 MiB")[: index % 4],
            families[index % len(families)],
            layers[index % 2],
            outside=index % 5 == 0,
        )
        for index in range(count)
    )
    arrows = {}
    for number in numbers:
        user, used = number % count, (number // count) % count
        if user != used:
            arrow = Arrow(
                f"b{user}", f"b{used}", flows[number % 4], "reads" if number % 2 else "", True, number % 3 == 0
            )
            arrows.setdefault((frozenset((arrow.user, arrow.used)), arrow.flow), arrow)
    return Diagram("any", boxes, tuple(sorted(arrows.values(), key=lambda each: (each.user, each.used, each.flow))))
