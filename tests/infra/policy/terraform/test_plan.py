"""A recorded graph as a Terraform plan: names, blocks, relations, and no secret."""

import json
from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from trackstack_infra.graph import record
from trackstack_infra.policy.terraform import as_plan
from trackstack_infra.policy.terraform.names import identifier, property_name, type_name


def plan_of(program: Callable[[], None]) -> dict[str, Any]:
    return as_plan(record(program, stack="tested", outputs="fabricated"))


def values(plan: dict[str, Any], address: str) -> dict[str, Any]:
    (found,) = (each for each in plan["planned_values"]["root_module"]["resources"] if each["address"] == address)
    planned: dict[str, Any] = found["values"]
    return planned


def expressions(plan: dict[str, Any], address: str) -> dict[str, Any]:
    (found,) = (each for each in plan["configuration"]["root_module"]["resources"] if each["address"] == address)
    written: dict[str, Any] = found["expressions"]
    return written


@pytest.mark.parametrize(
    ("token", "terraform"),
    [
        ("aws:ecs/cluster:Cluster", "aws_ecs_cluster"),
        ("aws:ec2/vpc:Vpc", "aws_vpc"),
        ("aws:ec2/routeTableAssociation:RouteTableAssociation", "aws_route_table_association"),
        ("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "aws_vpc_security_group_ingress_rule"),
        ("aws:lb/loadBalancer:LoadBalancer", "aws_lb"),
        ("aws:lb/targetGroup:TargetGroup", "aws_lb_target_group"),
        ("aws:s3/bucketObjectv2:BucketObjectv2", "aws_s3_object"),
        ("aws:servicediscovery/service:Service", "aws_service_discovery_service"),
        ("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "aws_iam_openid_connect_provider"),
        ("aws:rds/instance:Instance", "aws_db_instance"),
        ("aws:cloudwatch/metricAlarm:MetricAlarm", "aws_cloudwatch_metric_alarm"),
        ("random:index/randomPassword:RandomPassword", "random_password"),
    ],
)
def test_types_have_terraforms_names(token: str, terraform: str) -> None:
    """Every type is called what Terraform's provider calls it."""
    assert type_name(token) == terraform


@pytest.mark.parametrize(
    ("type_", "key", "blocks", "terraform"),
    [
        ("aws_lb", "dropInvalidHeaderFields", False, "drop_invalid_header_fields"),
        ("aws_lb", "securityGroups", False, "security_groups"),
        ("aws_cloudfront_distribution", "isIpv6Enabled", False, "is_ipv6_enabled"),
        ("aws_cloudfront_distribution", "origins", True, "origin"),
        ("aws_cloudfront_distribution", "aliases", False, "aliases"),
        ("aws_route53_record", "aliases", True, "alias"),
        ("aws_ecs_service", "capacityProviderStrategies", True, "capacity_provider_strategy"),
        ("aws_security_group", "ingress", True, "ingress"),
        ("aws_service_discovery_service", "dnsRecords", True, "dns_records"),
        ("aws_lambda_function", "name", False, "function_name"),
        ("aws_lambda_permission", "function", False, "function_name"),
        ("aws_apigatewayv2_authorizer", "audiences", False, "audience"),
    ],
)
def test_properties_have_terraforms_names(type_: str, key: str, blocks: bool, terraform: str) -> None:
    """Lists of blocks are called in the singular, of values as they are, renamed properties by their old names."""
    assert property_name(type_, key, blocks=blocks) == terraform


def test_logical_names_become_identifiers() -> None:
    """`site-index.html` and `0-first` are no names in Terraform."""
    assert identifier("site-index.html") == "site-index_html"
    assert identifier("0-first") == "_0-first"


def test_one_object_is_a_list_of_one_block_and_a_map_stays_a_map() -> None:
    """Terraform has every block in a list; tags and a function's variables are no blocks."""

    def program() -> None:
        aws.lambda_.Function(
            "it",
            name="it",
            role="arn:aws:iam::123456789012:role/one",
            environment=aws.lambda_.FunctionEnvironmentArgs(variables={"MODE": "full"}),
            tags={"project": "trackstack"},
        )

    assert values(plan_of(program), "aws_lambda_function.it") == {
        "function_name": "it",
        "role": "arn:aws:iam::123456789012:role/one",
        "environment": [{"variables": {"MODE": "full"}}],
        "tags": {"project": "trackstack"},
    }


def test_a_reference_is_named_instead_of_its_value() -> None:
    """As in the plan of a stack that does not exist yet, a bucket's id is not known, but who refers to it is."""

    def program() -> None:
        bucket = aws.s3.Bucket("photos")
        aws.s3.BucketVersioning("photos", bucket=bucket.id, versioning_configuration={"status": "Enabled"})

    plan = plan_of(program)
    assert values(plan, "aws_s3_bucket_versioning.photos") == {"versioning_configuration": [{"status": "Enabled"}]}
    assert expressions(plan, "aws_s3_bucket_versioning.photos")["bucket"] == {
        "references": ["aws_s3_bucket.photos.id", "aws_s3_bucket.photos"]
    }


def test_references_deep_inside_and_in_lists_are_named_in_their_place() -> None:
    """A volume's file system and a function's groups are found where they are given."""

    def program() -> None:
        files = aws.efs.FileSystem("data")
        one, two = aws.ec2.SecurityGroup("one"), aws.ec2.SecurityGroup("two")
        aws.ecs.TaskDefinition(
            "app",
            family="app",
            container_definitions="[]",
            volumes=[{"name": "data", "efs_volume_configuration": {"file_system_id": files.id}}],
        )
        aws.lb.LoadBalancer("lb", security_groups=[one.id, two.id], subnets=["subnet-1"])

    plan = plan_of(program)
    assert values(plan, "aws_ecs_task_definition.app")["volume"] == [{"name": "data", "efs_volume_configuration": [{}]}]
    assert expressions(plan, "aws_ecs_task_definition.app")["volume"] == [
        {
            "efs_volume_configuration": [
                {"file_system_id": {"references": ["aws_efs_file_system.data.id", "aws_efs_file_system.data"]}}
            ]
        }
    ]
    assert values(plan, "aws_lb.lb") == {"subnets": ["subnet-1"]}
    assert expressions(plan, "aws_lb.lb")["security_groups"]["references"] == [
        "aws_security_group.one.id",
        "aws_security_group.one",
        "aws_security_group.two.id",
        "aws_security_group.two",
    ]


def test_a_policy_is_whole_and_says_whom_it_names() -> None:
    """A scanner reads a policy to its last statement, although AWS has not yet made the ARN in it."""

    def program() -> None:
        bucket = aws.s3.Bucket("photos")
        statement = bucket.arn.apply(lambda arn: json.dumps({"Statement": [{"Resource": f"{arn}/*"}]}))
        aws.s3.BucketPolicy("photos", bucket=bucket.id, policy=statement)

    plan = plan_of(program)
    (statement,) = json.loads(values(plan, "aws_s3_bucket_policy.photos")["policy"])["Statement"]
    assert statement["Resource"].startswith("arn:aws:s3:::photos-")
    assert expressions(plan, "aws_s3_bucket_policy.photos")["policy"] == {"references": ["aws_s3_bucket.photos"]}


def test_no_secret_reaches_the_plan() -> None:
    """A secret keeps its shape and loses its words, alone, in a block and in a map."""
    secret = "correct horse battery staple"

    def program() -> None:
        aws.ssm.Parameter("key", type="SecureString", value=pulumi.Output.secret(secret))
        aws.lambda_.Function(
            "it",
            role="arn:aws:iam::123456789012:role/one",
            environment={"variables": pulumi.Output.secret({"KEY": secret})},
        )

    plan = plan_of(program)
    assert secret not in json.dumps(plan)
    assert values(plan, "aws_ssm_parameter.key")["value"] == "(secret)"
    assert "(secret)" in json.dumps(values(plan, "aws_lambda_function.it")["environment"])


def test_equal_names_below_different_parents_get_a_number() -> None:
    """Two queues called `mailbox` in two components are two resources of the plan."""

    def program() -> None:
        for parent in ("a", "b"):
            component = pulumi.ComponentResource(f"tested:index:{parent.upper()}", parent)
            aws.sqs.Queue("mailbox", opts=pulumi.ResourceOptions(parent=component))

    addresses = [each["address"] for each in plan_of(program)["planned_values"]["root_module"]["resources"]]
    assert addresses == ["aws_sqs_queue.mailbox", "aws_sqs_queue.mailbox_2"]


def test_components_and_stack_references_are_no_resources() -> None:
    """Only what AWS would make is in the plan."""

    def program() -> None:
        foundation = pulumi.StackReference("organization/trackstack/foundation")
        aws.sqs.Queue("mailbox", name=foundation.require_output("backup_bucket"))

    plan = plan_of(program)
    assert [each["type"] for each in plan["planned_values"]["root_module"]["resources"]] == ["aws_sqs_queue"]
    assert values(plan, "aws_sqs_queue.mailbox") == {"name": "backups-0a1b2c3"}
