"""What handlers do beyond one call: taking over, emptying, draining, and saying what went wrong."""

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from trackstack_infra.local.provider import HANDLERS, Clients, ProviderError, invoke

QUEUE = HANDLERS["aws:sqs/queue:Queue"]
BUCKET = HANDLERS["aws:s3/bucket:Bucket"]
INVOCATION = HANDLERS["aws:lambda/invocation:Invocation"]


def test_what_an_interrupted_run_left_is_taken_over(aws: Clients) -> None:
    """A resource that is there already under its name is brought to what is wanted, not created twice."""
    role = HANDLERS["aws:iam/role:Role"]
    ecs = {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [ecs]})
    first, _ = role.create(aws, {"name": "left", "assumeRolePolicy": trust, "maxSessionDuration": 3600.0})
    again, outputs = role.create(
        aws, {"name": "left", "assumeRolePolicy": trust, "maxSessionDuration": 7200.0, "tags": {"a": "b"}}
    )
    assert again == first
    found = aws.client("iam").get_role(RoleName="left")["Role"]
    assert found["MaxSessionDuration"] == 7200
    assert found["Tags"] == [{"Key": "a", "Value": "b"}]
    assert outputs["maxSessionDuration"] == 7200.0


def test_a_taken_address_range_is_not_taken_over(aws: Clients) -> None:
    """What is there already and cannot be told from another stack's is an error in AWS's words."""
    vpc, _ = HANDLERS["aws:ec2/vpc:Vpc"].create(aws, {"cidrBlock": "10.50.0.0/16"})
    subnet = {"vpcId": vpc, "cidrBlock": "10.50.1.0/24"}
    HANDLERS["aws:ec2/subnet:Subnet"].create(aws, subnet)
    with pytest.raises(ProviderError, match=r"aws:ec2/subnet:Subnet: create failed: InvalidSubnet\.Conflict") as caught:
        HANDLERS["aws:ec2/subnet:Subnet"].create(aws, subnet)
    assert (caught.value.kind, caught.value.operation) == ("failed", "create")
    assert "10.50.1.0/24" in caught.value.message


def test_an_unknown_property_is_refused(aws: Clients) -> None:
    """A property that no handler brings in is an error that names it, so that nothing is left out in silence."""
    with pytest.raises(ProviderError, match="cannot set fifoQueue; it knows delaySeconds"):
        QUEUE.create(aws, {"name": "q.fifo", "fifoQueue": True})


def test_changing_what_is_gone_says_so(aws: Clients) -> None:
    """A resource that somebody deleted is named, with what to do."""
    ref, _ = QUEUE.create(aws, {"name": "short-lived"})
    QUEUE.delete(aws, ref, {})
    with pytest.raises(ProviderError, match="update failed: "):
        QUEUE.update(aws, ref, {"name": "short-lived"}, {"name": "short-lived", "delaySeconds": 1.0})


def test_an_emulator_that_has_ended_is_named() -> None:
    """When nobody listens, the error says that the emulator has ended and what starts it again."""
    nobody = Clients("http://127.0.0.1:9", "us-east-1")
    with pytest.raises(ProviderError, match="the local emulator has stopped: run `trackstack up` again"):
        QUEUE.create(nobody, {"name": "q"})


def test_properties_that_are_not_set_do_not_count(aws: Clients) -> None:
    """The SDK sends None for what a program left out."""
    _, outputs = QUEUE.create(aws, {"name": "sparse", "delaySeconds": None, "fifoQueue": None, "tags": None})
    assert outputs["name"] == "sparse"


def test_a_bucket_with_versions_is_emptied(aws: Clients) -> None:
    """A bucket that may be destroyed goes with all versions of what is in it."""
    s3 = aws.client("s3")
    ref, outputs = BUCKET.create(aws, {"bucket": "full-of-versions", "forceDestroy": True})
    s3.put_bucket_versioning(Bucket=ref, VersioningConfiguration={"Status": "Enabled"})
    for body in (b"1", b"2"):
        s3.put_object(Bucket=ref, Key="k", Body=body)
    s3.delete_object(Bucket=ref, Key="k")
    BUCKET.delete(aws, ref, outputs)
    assert BUCKET.read(aws, ref, {"bucket": ref}) is None


def test_a_bucket_that_keeps_data_is_not_emptied(aws: Clients) -> None:
    """Without forceDestroy, what is in a bucket stays, and its deletion fails in AWS's words."""
    ref, outputs = BUCKET.create(aws, {"bucket": "full-of-backups", "forceDestroy": False})
    aws.client("s3").put_object(Bucket=ref, Key="k", Body=b"v")
    with pytest.raises(ProviderError, match="delete failed: BucketNotEmpty"):
        BUCKET.delete(aws, ref, outputs)
    assert aws.client("s3").get_object(Bucket=ref, Key="k")["Body"].read() == b"v"


def test_an_upload_has_the_type_and_caching_it_was_given(aws: Clients) -> None:
    """A file of the web page arrives as it is, with its headers."""
    BUCKET.create(aws, {"bucket": "uploads"})
    HANDLERS["aws:s3/bucketObjectv2:BucketObjectv2"].create(
        aws,
        {
            "bucket": "uploads",
            "key": "index.html",
            "source": {"text": "<p>"},
            "contentType": "text/html",
            "cacheControl": "no-cache",
            "tags": {"a": "b c"},
        },
    )
    found = aws.client("s3").get_object(Bucket="uploads", Key="index.html")
    assert (found["Body"].read(), found["ContentType"], found["CacheControl"]) == (b"<p>", "text/html", "no-cache")
    tags = aws.client("s3").get_object_tagging(Bucket="uploads", Key="index.html")["TagSet"]
    assert tags == [{"Key": "a", "Value": "b c"}]


@pytest.fixture
def function(aws: Clients) -> Iterator[str]:
    handler = HANDLERS["aws:lambda/function:Function"]
    role = "arn:aws:iam::123456789012:role/bridge"
    aws.client("iam").create_role(RoleName="bridge", AssumeRolePolicyDocument='{"Version":"2012-10-17","Statement":[]}')
    inputs = {"name": "bridge", "packageType": "Image", "imageUri": "r/bridge@sha256:" + "a" * 64, "role": role}
    ref, outputs = handler.create(aws, inputs)
    yield ref
    handler.delete(aws, ref, outputs)
    aws.client("iam").delete_role(RoleName="bridge")


def test_a_call_is_made_again_when_its_input_changes(aws: Clients, echo: Any, function: str) -> None:
    """The bridge runs once for a backup, and again for another; its report is the output."""
    echo.calls.clear()
    inputs = {"functionName": function, "input": '{"backup": "a"}'}
    ref, outputs = INVOCATION.create(aws, inputs)
    assert json.loads(outputs["result"]) == {"seen": {"backup": "a"}}
    changed = {**inputs, "input": '{"backup": "b"}'}
    assert json.loads(INVOCATION.update(aws, ref, inputs, changed)["result"]) == {"seen": {"backup": "b"}}
    INVOCATION.delete(aws, ref, outputs)
    assert [call["asked"]["backup"] for call in echo.calls] == ["a", "b"]
    assert "input" not in INVOCATION.replace_on


def test_a_function_that_raises_is_a_matter_of_data(aws: Clients, function: str) -> None:
    """When the bridge refuses a backup, its own sentence is the error."""
    with pytest.raises(ProviderError) as caught:
        INVOCATION.create(aws, {"functionName": function, "input": '{"fail": true}'})
    assert caught.value.kind == "data"
    assert str(caught.value) == "backup 20260101T000000Z-abc does not verify"


def test_a_function_that_is_not_there_is_no_matter_of_data(aws: Clients) -> None:
    """Only what the function itself says is about data."""
    with pytest.raises(ProviderError, match="create failed: ResourceNotFoundException") as caught:
        INVOCATION.create(aws, {"functionName": "nobody", "input": "{}"})
    assert caught.value.kind == "failed"


def test_functions_answer_only_what_is_known() -> None:
    """An unknown data function is an error that says which, and where to teach it."""
    nobody = Clients("http://127.0.0.1:9", "us-east-1")
    with pytest.raises(ProviderError, match=r"getAmi.*does not answer it"):
        invoke(nobody, "aws:ec2/getAmi:getAmi", {})


def test_the_account_and_region_are_told(aws: Clients) -> None:
    """Programs ask who and where they are."""
    assert invoke(aws, "aws:index/getCallerIdentity:getCallerIdentity", {})["accountId"] == "123456789012"
    assert invoke(aws, "aws:index/getRegion:getRegion", {})["region"] == "us-east-1"
    assert invoke(aws, "aws:index/getPartition:getPartition", {})["partition"] == "aws"
    zones = invoke(aws, "aws:index/getAvailabilityZones:getAvailabilityZones", {"state": "available"})
    assert zones["names"][:2] == ["us-east-1a", "us-east-1b"]


def test_a_service_is_deleted_after_its_tasks_have_stopped(aws: Clients, cloud: Any) -> None:
    """What a task still uses is not deleted under it: the deletion waits until ECS lists no task of the service."""
    ecs = aws.client("ecs")
    ecs.create_cluster(clusterName="drain")
    ecs.register_task_definition(family="drain", containerDefinitions=[{"name": "app", "image": "app", "memory": 128}])
    inputs = {"name": "draining", "cluster": "drain", "taskDefinition": "drain", "desiredCount": 1.0}
    ref, outputs = HANDLERS["aws:ecs/service:Service"].create(aws, inputs)
    arn = "arn:aws:ecs:us-east-1:123456789012:task/drain/1"
    cloud.put_task("drain", "draining", {"taskArn": arn, "lastStatus": "RUNNING"})
    stopping = threading.Timer(0.5, cloud.remove_task, args=("drain", arn))
    stopping.start()
    started = time.monotonic()
    HANDLERS["aws:ecs/service:Service"].delete(aws, ref, outputs)
    assert time.monotonic() - started > 0.45
    assert ecs.list_services(cluster="drain")["serviceArns"] == []


def test_a_cloud_map_service_goes_with_its_instances(aws: Clients) -> None:
    """A task that was killed leaves its registration behind; that does not keep the service from being deleted."""
    directory = aws.client("servicediscovery")
    directory.create_http_namespace(Name="left")
    namespace = directory.list_namespaces()["Namespaces"][-1]["Id"]
    handler = HANDLERS["aws:servicediscovery/service:Service"]
    inputs = {"name": "monolith", "namespaceId": namespace}
    ref, outputs = handler.create(aws, inputs)
    directory.register_instance(ServiceId=ref, InstanceId="task", Attributes={"AWS_INSTANCE_IPV4": "127.0.0.1"})
    handler.delete(aws, ref, outputs)
    assert handler.read(aws, ref, inputs) is None


def test_an_address_outlives_its_nat_gateway(aws: Clients) -> None:
    """When the power went off half way, the address that is still there serves the next NAT gateway."""
    vpc, _ = HANDLERS["aws:ec2/vpc:Vpc"].create(aws, {"cidrBlock": "10.60.0.0/16"})
    subnet, _ = HANDLERS["aws:ec2/subnet:Subnet"].create(aws, {"vpcId": vpc, "cidrBlock": "10.60.1.0/24"})
    address, _ = HANDLERS["aws:ec2/eip:Eip"].create(aws, {"domain": "vpc"})
    nat = HANDLERS["aws:ec2/natGateway:NatGateway"]
    inputs = {"subnetId": subnet, "allocationId": address}
    first, outputs = nat.create(aws, inputs)
    nat.delete(aws, first, outputs)
    second, again = nat.create(aws, inputs)
    assert second != first
    assert again["publicIp"] == outputs["publicIp"]


def test_a_gateway_that_was_never_attached_is_found(aws: Clients) -> None:
    """A run killed between making an internet gateway and attaching it leaves no orphan."""
    handler = HANDLERS["aws:ec2/internetGateway:InternetGateway"]
    vpc, _ = HANDLERS["aws:ec2/vpc:Vpc"].create(aws, {"cidrBlock": "10.61.0.0/16"})
    other, _ = HANDLERS["aws:ec2/vpc:Vpc"].create(aws, {"cidrBlock": "10.62.0.0/16"})
    handler.create(aws, {"vpcId": other, "tags": {"Name": "half"}})
    marked = [{"ResourceType": "internet-gateway", "Tags": [{"Key": "Name", "Value": "half"}]}]
    left = aws.client("ec2").create_internet_gateway(TagSpecifications=marked)["InternetGateway"]["InternetGatewayId"]
    inputs = {"vpcId": vpc, "tags": {"Name": "half"}}
    found = handler.find(aws, inputs)
    assert found is not None
    assert found[0] == left
    handler.update(aws, left, {}, inputs)
    gateway = aws.client("ec2").describe_internet_gateways(InternetGatewayIds=[left])["InternetGateways"][0]
    assert [attachment["VpcId"] for attachment in gateway["Attachments"]] == [vpc]


def test_a_default_group_that_was_never_closed_is_closed(aws: Clients) -> None:
    """A run killed before it took the rules out of a VPC's default group is made whole by the next."""
    handler = HANDLERS["aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"]
    vpc, _ = HANDLERS["aws:ec2/vpc:Vpc"].create(aws, {"cidrBlock": "10.63.0.0/16"})
    inputs = {"vpcId": vpc, "ingress": [], "egress": []}
    found = handler.find(aws, inputs)
    assert found is not None
    handler.update(aws, found[0], {}, inputs)
    group = aws.client("ec2").describe_security_groups(GroupIds=[found[0]])["SecurityGroups"][0]
    assert (group["IpPermissions"], group["IpPermissionsEgress"]) == ([], [])
