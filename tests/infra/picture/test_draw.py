"""What a graph shows: parts, arrows, layers, and what is not the stack's."""

from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path

from stacks import PROGRAMS
from trackstack_infra.catalog.resource_type import Family
from trackstack_infra.graph import Graph, record
from trackstack_infra.names import Layer
from trackstack_infra.picture.diagram import Arrow, Box, Flow
from trackstack_infra.picture.draw import _joined, diagram_of
from trackstack_infra.settings.load import load_settings

from .conftest import component, graph_of, resource, role_policy, toy_resources


def arrows(graph: Graph) -> list[str]:
    return [
        f"{arrow.user} {'<' * arrow.backward}{arrow.flow}{'>' * arrow.forward} {arrow.used}"
        for arrow in diagram_of(graph).arrows
    ]


def test_a_part_is_called_by_its_most_telling_resource(toy: Graph) -> None:
    """A service and the definition it runs are one box; security groups, roles and routes are small print and none."""
    boxes = {box.id: (box.title, box.made_of, box.layer) for box in diagram_of(toy).boxes if not box.outside}
    assert boxes == {
        "api_api": ("api", ("HTTP API",), Layer.PERSISTENT),
        "balancer_balancer": ("balancer", ("load balancer",), Layer.RUNTIME),
        "queue_gym": ("gym", ("SQS queue", "dead letters"), Layer.PERSISTENT),
        "service_gym": ("gym", ("Fargate service", "0.5 vCPU", "1024 MiB"), Layer.RUNTIME),
        "volume_data": ("data", ("EFS", "1 directory"), Layer.PERSISTENT),
    }


def test_references_and_permissions_become_arrows(toy: Graph) -> None:
    """Requests follow integrations and target groups, files follow mounts, events and backups follow IAM."""
    assert arrows(toy) == [
        "api_api request> balancer_balancer",
        "balancer_balancer request> service_gym",
        "people request> api_api",
        "service_gym data> foundation_backups",
        "service_gym <event queue_gym",
        "service_gym <data> volume_data",
    ]


def test_a_type_nobody_listed_is_drawn_by_its_own_name() -> None:
    """A new kind of component appears, in plain words, and points at what it needs."""
    parts = toy_resources()
    system = next(each for each in parts if each.name == "files")
    cache = component("Cache", "cache")
    nodes = resource(cache, "aws:elasticache/replicationGroup:ReplicationGroup", "nodes", files=system)
    diagram = diagram_of(graph_of(*parts, cache, nodes))
    box = diagram.box("cache_cache")
    assert (box.title, box.made_of, box.family) == ("cache", ("replication group",), Family.OTHER)
    assert [arrow.used for arrow in diagram.arrows if arrow.user == box.id] == ["volume_data"]


def test_with_the_power_off_a_task_that_nothing_runs_is_still_there() -> None:
    """Without its service a task definition is a box of its own."""
    parts = [each for each in toy_resources() if (each.inputs.get("tags") or {}).get("layer") != "runtime"]
    titles = {box.id: box.made_of for box in diagram_of(graph_of(*parts)).boxes}
    assert titles["task_gym"] == ("task definition", "0.5 vCPU", "1024 MiB")


def test_one_layer_alone(toy: Graph) -> None:
    """Only the boxes of the layer, and the arrows between them; outsiders without an arrow go."""
    runtime = diagram_of(toy).only(layer=Layer.RUNTIME)
    assert [box.id for box in runtime.boxes] == ["balancer_balancer", "foundation_backups", "service_gym"]
    persistent = diagram_of(toy).only(layer=Layer.PERSISTENT)
    assert [(arrow.user, arrow.used) for arrow in persistent.arrows] == [("people", "api_api")]


def test_the_stack_others_read_from_shows_them() -> None:
    """A stack that reads from no other shows the other stacks at what it exports."""
    store = component("Store", "leases")
    table = resource(store, "aws:dynamodb/table:Table", "leases")
    diagram = diagram_of(Graph("toy", (table, store), {"lease_table": "arn:aws:toy:::leases"}))
    assert [(arrow.user, arrow.used) for arrow in diagram.arrows] == [("other_stacks", "store_leases")]


def test_who_may_sign_in_to_a_database_is_drawn_to_it() -> None:
    """IAM names a database user by the instance's resource id; SQL goes both ways."""
    parts = toy_resources()
    task = next(each for each in parts if each.type == "trackstack:toy:Task")
    store = component("Postgres", "database")
    instance = resource(store, "aws:rds/instance:Instance", "database", runtime=True)
    instance = replace(instance, outputs={"arn": "arn:aws:rds:::database", "resourceId": "db-0A1B"})
    role = component("Role", "sql")
    role = replace(role, parent=task.urn)
    policy = role_policy(role, Connect=("rds-db:connect", "arn:aws:rds-db:us-east-1:1:dbuser:db-0A1B/gym"))
    diagram = diagram_of(graph_of(*parts, store, instance, role, policy))
    (arrow,) = [arrow for arrow in diagram.arrows if arrow.used == "postgres_database"]
    assert (arrow.user, arrow.label, arrow.forward, arrow.backward) == ("service_gym", "SQL", True, True)


def test_a_function_comes_before_what_calls_it() -> None:
    """A part with a function, its schedule and its dead letters is a function first."""
    part = component("Fallback", "spot")
    dead = resource(part, "aws:sqs/queue:Queue", "spot-dead")
    function = resource(part, "aws:lambda/function:Function", "spot", deadLetterConfig=dead)
    schedule = resource(part, "aws:scheduler/schedule:Schedule", "spot-return", target=function)
    (box,) = diagram_of(graph_of(part, dead, function, schedule)).boxes
    assert (box.made_of, box.family) == (("Lambda", "schedule", "dead letters"), Family.COMPUTE)


def test_a_part_shows_what_its_members_cost() -> None:
    """NAT gateway and its address: 5.67 + 0.63 = 6.30; what comes to less than half a cent shows nothing."""
    settings = load_settings("enterprise", Path(__file__).parents[3], power="on")
    graph = record(partial(PROGRAMS["enterprise"], settings), stack="enterprise", outputs="fabricated")
    gateway = graph.one("aws:ec2/natGateway:NatGateway", "nat-gateway").urn
    address = graph.one("aws:ec2/eip:Eip", "nat-address").urn
    topic = graph.one("aws:sns/topic:Topic", "events-topic").urn
    costs = {gateway: Decimal("5.67"), address: Decimal("0.63"), topic: Decimal("0.004")}
    made_of = {box.title: box.made_of for box in diagram_of(graph, costs).boxes}
    assert made_of["nat"] == ("NAT gateway", "$6.30")
    assert made_of["events"] == ("SNS topic",)


def test_two_parts_that_use_each_other_have_one_arrow() -> None:
    """Whoever was found first to use the other is its user, and it points both ways."""
    boxes = {name: Box(name, name, (), Family.OTHER) for name in ("a", "b")}
    there, back = Arrow("a", "b", Flow.DATA), Arrow("b", "a", Flow.DATA, "reads")
    assert _joined([there, back], boxes) == (Arrow("a", "b", Flow.DATA, "reads", True, True),)
    assert _joined([back, there], boxes) == (Arrow("b", "a", Flow.DATA, "reads", True, True),)
    other = Arrow("b", "a", Flow.EVENT)
    assert set(_joined([there, other], boxes)) == {there, other}
