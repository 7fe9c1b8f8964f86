"""The recorder against small programs, some with the real AWS SDK, whose types and property names count."""

import json

import pulumi
import pulumi_aws as aws
import pytest

from trackstack_infra.errors import Failed
from trackstack_infra.graph import UNKNOWN, Asset, Graph, Secret, is_secret, is_unknown, record

QUEUE = "aws:sqs/queue:Queue"
POLICY = "aws:sqs/queuePolicy:QueuePolicy"


class Mailbox(pulumi.ComponentResource):
    """A queue and its policy."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("test:index:Mailbox", name, None, opts)
        mine = pulumi.ResourceOptions(parent=self)
        self.queue = aws.sqs.Queue(f"{name}-queue", message_retention_seconds=1209600, opts=mine)
        statement = pulumi.Output.json_dumps({"Resource": self.queue.arn})
        self.policy = aws.sqs.QueuePolicy(f"{name}-policy", queue_url=self.queue.url, policy=statement, opts=mine)
        self.register_outputs({"queue_url": self.queue.url})


class Service(pulumi.ComponentResource):
    """An mailbox inside a component."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("test:index:Service", name, None, opts)
        self.mailbox = Mailbox(f"{name}-mailbox", pulumi.ResourceOptions(parent=self))


def two_levels() -> None:
    """A service in the stack, and what it exports."""
    service = Service("gym")
    pulumi.export("queue_url", service.mailbox.queue.url)


@pytest.fixture(scope="module", params=["unknown", "fabricated"])
def graph(request: pytest.FixtureRequest) -> Graph:
    return record(two_levels, stack="enterprise", outputs=request.param)


@pytest.fixture(scope="module")
def fabricated() -> Graph:
    return record(two_levels, stack="enterprise", outputs="fabricated")


@pytest.fixture(scope="module")
def unknown() -> Graph:
    return record(two_levels, stack="enterprise", outputs="unknown")


def test_urns_carry_the_types_of_all_parents(graph: Graph) -> None:
    """A URN names stack, project, every parent's type and the name, as Pulumi's own engine makes it."""
    assert [resource.urn for resource in graph.resources] == [
        "urn:pulumi:enterprise::trackstack::test:index:Service$test:index:Mailbox$aws:sqs/queue:Queue::gym-mailbox-queue",
        "urn:pulumi:enterprise::trackstack::test:index:Service$test:index:Mailbox$aws:sqs/queuePolicy:QueuePolicy"
        "::gym-mailbox-policy",
        "urn:pulumi:enterprise::trackstack::test:index:Service$test:index:Mailbox::gym-mailbox",
        "urn:pulumi:enterprise::trackstack::test:index:Service::gym",
    ]


def test_both_passes_show_the_same_dependencies(graph: Graph) -> None:
    """Every reference is an edge, whether outputs are known or not."""
    queue, policy = graph.one(QUEUE, "gym-mailbox-queue"), graph.one(POLICY, "gym-mailbox-policy")
    assert policy.depends_on == (queue.urn,)
    assert policy.property_dependencies == {"policy": (queue.urn,), "queueUrl": (queue.urn,)}


def test_unknown_outputs_stay_unknown(unknown: Graph) -> None:
    """Without an engine nothing has an ARN: what is made of one is unknown, and so is the stack's output."""
    policy = unknown.one(POLICY, "gym-mailbox-policy")
    assert policy.inputs == {"queueUrl": UNKNOWN, "policy": UNKNOWN}
    assert unknown.outputs == {"queue_url": UNKNOWN}


def test_fabricated_outputs_read_like_aws(fabricated: Graph) -> None:
    """In the second pass a policy can be read down to the ARN."""
    policy = fabricated.one(POLICY, "gym-mailbox-policy")
    queue_arn = json.loads(policy.inputs["policy"])["Resource"]
    assert queue_arn.startswith("arn:aws:sqs:us-east-1:123456789012:gym-mailbox-queue-")
    assert policy.inputs["queueUrl"].startswith("https://sqs.us-east-1.amazonaws.com/123456789012/gym-mailbox-queue-")
    assert fabricated.outputs["queue_url"] == policy.inputs["queueUrl"]


def test_every_type_has_made_up_outputs() -> None:
    """A type nobody prepared for still has an ARN, an id, a URL and a DNS name."""

    def program() -> None:
        aws.sqs.RedriveAllowPolicy("allow", queue_url="q", redrive_allow_policy="{}")

    allow = record(program, stack="dev", outputs="fabricated").resources[0]
    assert allow.outputs["arn"].startswith("arn:aws:sqs:us-east-1:123456789012:redriveAllowPolicy/allow-")
    assert {"id", "url", "dnsName"} <= set(allow.outputs)


def test_the_region_comes_from_the_config() -> None:
    """Fabricated ARNs lie in the stack's region, and the program reads its config."""

    def program() -> None:
        assert pulumi.Config("trackstack").require("domain") == "example.org"
        pulumi.export("arn", aws.sqs.Queue("q", name="fixed").arn)
        pulumi.export("region", aws.get_region().region)

    config = {"aws:region": "eu-central-1", "trackstack:domain": "example.org"}
    graph = record(program, stack="dev", outputs="fabricated", config=config)
    assert graph.outputs == {"arn": "arn:aws:sqs:eu-central-1:123456789012:fixed", "region": "eu-central-1"}


def test_recording_twice_gives_the_same_graph(fabricated: Graph) -> None:
    """The same program gives the same graph in the same order, as often as wanted in one process."""
    assert record(two_levels, stack="enterprise", outputs="fabricated") == fabricated


def test_options_are_recorded() -> None:
    """Protection, aliases and the other options that change what an engine does are in the graph."""

    def program() -> None:
        first = aws.sqs.Queue("first", opts=pulumi.ResourceOptions(protect=True, retain_on_delete=True))
        options = pulumi.ResourceOptions(
            depends_on=[first],
            deleted_with=first,
            delete_before_replace=True,
            ignore_changes=["visibility_timeout_seconds"],
            replace_on_changes=["name"],
            aliases=[pulumi.Alias(name="old"), "urn:pulumi:dev::trackstack::aws:sqs/queue:Queue::older"],
        )
        aws.sqs.Queue("second", opts=options)

    graph = record(program, stack="dev", outputs="unknown")
    first, second = graph.one(QUEUE, "first"), graph.one(QUEUE, "second")
    assert first.protect
    assert first.options.retain_on_delete
    assert second.depends_on == (first.urn,)
    assert second.options.deleted_with == first.urn
    assert second.options.delete_before_replace is True
    assert second.options.ignore_changes == ("visibilityTimeoutSeconds",)
    assert second.options.replace_on_changes == ("name",)
    assert second.options.aliases == (
        "urn:pulumi:dev::trackstack::aws:sqs/queue:Queue::old",
        "urn:pulumi:dev::trackstack::aws:sqs/queue:Queue::older",
    )


def test_children_inherit_a_renamed_parents_alias() -> None:
    """Who renames a component names the old one once; its children are known by their old names too."""

    def program() -> None:
        Service("training", pulumi.ResourceOptions(aliases=[pulumi.Alias(name="gym")]))

    queue = record(program, stack="dev", outputs="unknown").one(QUEUE, "training-mailbox-queue")
    below = "urn:pulumi:dev::trackstack::test:index:Service$test:index:Mailbox$aws:sqs/queue:Queue"
    assert queue.options.aliases == (f"{below}::gym-mailbox-queue",)


def test_secrets_are_masked_but_can_be_found() -> None:
    """Printing a graph never shows a secret; a test can still ask whether, and what, it is."""

    def program() -> None:
        aws.sqs.Queue("q", policy=pulumi.Output.secret("hunter2"), tags={"key": pulumi.Output.secret("hunter3")})

    queue = record(program, stack="dev", outputs="unknown").one(QUEUE, "q")
    assert "hunter" not in repr(queue)
    assert queue.inputs["policy"] == Secret("hunter2")
    assert is_secret(queue.inputs["policy"])
    assert is_secret(queue.inputs["tags"])


def test_files_are_recorded_as_files() -> None:
    """An object made from a file or a text says so in the graph."""

    def program() -> None:
        aws.s3.BucketObjectv2("page", bucket="site", source=pulumi.StringAsset("<p>hello"))
        aws.s3.BucketObjectv2("logo", bucket="site", source=pulumi.FileAsset("/site/logo.svg"))

    graph = record(program, stack="dev", outputs="unknown")
    page, logo = (graph.one("aws:s3/bucketObjectv2:BucketObjectv2", name).inputs["source"] for name in ("page", "logo"))
    assert page == Asset(text="<p>hello")
    assert logo == Asset(path="/site/logo.svg")


def test_a_reference_to_another_stack_is_answered() -> None:
    """Outputs of another stack are unknown in the first pass; in the second they are made up, or those given."""

    def program() -> None:
        foundation = pulumi.StackReference("organization/trackstack/foundation")
        pulumi.export("bucket", foundation.require_output("backup_bucket"))

    given = {"organization/trackstack/foundation": {"backup_bucket": "mine"}}
    assert is_unknown(record(program, stack="dev", outputs="unknown").outputs["bucket"])
    assert record(program, stack="dev", outputs="fabricated").outputs == {"bucket": "backups-0a1b2c3"}
    assert record(program, stack="dev", outputs="fabricated", references=given).outputs == {"bucket": "mine"}


def test_two_resources_of_one_name_are_refused() -> None:
    """Two resources with the same type, name and parent would be one to an engine; the program is wrong."""

    def program() -> None:
        aws.sqs.Queue("q")
        aws.sqs.Queue("q")

    with pytest.raises(Failed, match="two resources of type aws:sqs/queue:Queue named 'q' below the same parent"):
        record(program, stack="dev", outputs="unknown")


def test_a_function_without_an_answer_is_named() -> None:
    """A data function that the recorder does not know fails with its name, not with an empty answer."""

    def program() -> None:
        aws.ec2.get_ami_output(owners=["self"])

    with pytest.raises(Failed, match="calls aws:ec2/getAmi:getAmi, for which the recorder has no answer"):
        record(program, stack="dev", outputs="unknown")


def test_transforms_are_refused() -> None:
    """A transform that nobody runs would leave its change out of the graph in silence, so it is refused."""

    def program() -> None:
        aws.sqs.Queue("q", opts=pulumi.ResourceOptions(transforms=[lambda args: None]))

    with pytest.raises(Failed, match="registers a transform, on q"):
        record(program, stack="dev", outputs="unknown")
