"""What every component does with its name, its options and its children."""

from functools import partial

import pulumi
import pytest

from trackstack_infra.components.messaging import Queue
from trackstack_infra.components.nightly import NightlyBackup
from trackstack_infra.components.storage import BackupBucket
from trackstack_infra.graph import Graph, record
from trackstack_infra.settings.groups import NightlyBackupSettings

QUEUE = "aws:sqs/queue:Queue"
BUCKET = "aws:s3/bucket:Bucket"


@pytest.fixture(scope="module")
def graph() -> Graph:
    def program() -> None:
        backups = BackupBucket("backups")
        Queue("gym", opts=pulumi.ResourceOptions(parent=backups, protect=True))
        Queue("monolith")

    return record(program, stack="pragmatic", outputs="fabricated")


def test_a_component_is_the_parent_of_its_children(graph: Graph) -> None:
    """Children hang below their component, and their names begin with its name."""
    (queue,) = [each for each in graph.all("trackstack:messaging:Queue") if each.name == "gym"]
    assert [each.name for each in graph.children(queue)] == [
        "gym-dead-letters",
        "gym-queue",
        "gym-dead-letters-policy",
        "gym-queue-policy",
    ]


def test_the_callers_options_are_the_components_alone(graph: Graph) -> None:
    """Where a caller puts a component does not move what is inside it; who protects it protects all of it."""
    (component,) = [each for each in graph.all("trackstack:messaging:Queue") if each.name == "gym"]
    queue = graph.one(QUEUE, "gym-queue")
    assert graph[component.parent or ""].type == "trackstack:storage:BackupBucket"
    assert queue.parent == component.urn
    assert queue.protect
    assert not graph.one(QUEUE, "monolith-queue").protect


def test_a_component_of_a_domain_is_tagged_with_it(graph: Graph) -> None:
    """What is named after a domain belongs to it; everything else is shared."""
    domains = {each.name: each.inputs["tags"]["domain"] for each in graph.all(QUEUE)}
    assert domains == {
        "gym-queue": "gym",
        "gym-dead-letters": "gym",
        "monolith-queue": "shared",
        "monolith-dead-letters": "shared",
    }


def test_a_fixed_name_is_freed_before_it_is_taken_again(graph: Graph) -> None:
    """Where AWS knows a name only once, the old one goes before the new one comes."""
    assert all(queue.options.delete_before_replace for queue in graph.all(QUEUE))


def test_a_component_can_stand_in_any_stack() -> None:
    """Its resources are named after the stack they are in."""
    graph = record(partial(Queue, "gym"), stack="enterprise", outputs="fabricated")
    assert graph.one(QUEUE, "gym-queue").inputs["name"] == "ts-enterprise-gym"


def test_what_stands_in_the_runtime_layer_is_of_it() -> None:
    """A role inside of a component that goes with the power is tagged as going with it."""

    def program() -> None:
        NightlyBackup("nightly", backup=NightlyBackupSettings(), queue=Queue("monolith"))

    graph = record(program, stack="pragmatic", outputs="fabricated")
    assert graph.one("aws:iam/role:Role", "nightly-schedule-role").inputs["tags"]["layer"] == "runtime"
    assert graph.one(QUEUE, "monolith-queue").inputs["tags"]["layer"] == "persistent"


def test_data_stays_protected_below_components(graph: Graph) -> None:
    """Protection is put on the bucket itself, however deep it lies."""
    assert graph.one(BUCKET, "backups-bucket").protect
