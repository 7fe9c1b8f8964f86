"""The mapping to Terraform is honest: checkov says the same of a program as of a plan by hand that means the same.

by_hand.json leaves two things out that Terraform would write, as a null and a default of -1: a rule's description and a
function's reserved concurrency. Checkov takes either for an answer, so a program that says nothing is judged harder.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from trackstack_infra.graph import record
from trackstack_infra.policy.checkov import Checkov
from trackstack_infra.policy.terraform import as_plan

pytestmark = pytest.mark.slow
BY_HAND = Path(__file__).with_name("by_hand.json")
ONE_ROLE = "arn:aws:iam::123456789012:role/one"


def policy(**statement: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


def storage() -> None:
    import pulumi_aws as aws

    kept = aws.s3.Bucket("kept", force_destroy=False, tags={"project": "trackstack"})
    aws.s3.BucketPublicAccessBlock(
        "kept",
        bucket=kept.id,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
    )
    aws.s3.BucketVersioning(
        "kept",
        bucket=kept.id,
        versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
    )
    aws.s3.BucketLifecycleConfiguration(
        "kept",
        bucket=kept.id,
        rules=[
            aws.s3.BucketLifecycleConfigurationRuleArgs(
                id="tidy",
                status="Enabled",
                filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
                abort_incomplete_multipart_upload=aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
                    days_after_initiation=3
                ),
            )
        ],
    )
    aws.s3.BucketOwnershipControls(
        "kept",
        bucket=kept.id,
        rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
    )
    aws.s3.Bucket("loose", force_destroy=True)
    edge(kept)


def edge(kept: Any) -> None:
    import pulumi_aws as aws

    headers = aws.cloudfront.ResponseHeadersPolicy(
        "site",
        name="site",
        security_headers_config={
            "strict_transport_security": {
                "access_control_max_age_sec": 31536000,
                "include_subdomains": True,
                "preload": True,
                "override": True,
            },
            "content_type_options": {"override": True},
        },
    )
    access = aws.cloudfront.OriginAccessControl(
        "site",
        name="site",
        origin_access_control_origin_type="s3",
        signing_behavior="always",
        signing_protocol="sigv4",
    )
    aws.cloudfront.Distribution(
        "site",
        enabled=True,
        default_root_object="index.html",
        default_cache_behavior={
            "target_origin_id": "bucket",
            "viewer_protocol_policy": "allow-all",
            "allowed_methods": ["GET", "HEAD"],
            "cached_methods": ["GET", "HEAD"],
            "response_headers_policy_id": headers.id,
        },
        origins=[
            {
                "origin_id": "bucket",
                "domain_name": kept.bucket_regional_domain_name,
                "origin_access_control_id": access.id,
            }
        ],
        restrictions={"geo_restriction": {"restriction_type": "none"}},
        viewer_certificate={"cloudfront_default_certificate": True},
    )


def messages_and_files() -> None:
    import pulumi_aws as aws

    aws.sqs.Queue("kept", name="kept", sqs_managed_sse_enabled=True)
    loose = aws.sqs.Queue("loose", name="loose", sqs_managed_sse_enabled=False)
    aws.sqs.QueuePolicy("loose", queue_url=loose.id, policy=policy(Principal="*", Action="sqs:*", Resource="*"))
    files = aws.efs.FileSystem("loose", creation_token="loose", encrypted=False)
    aws.ecs.TaskDefinition(
        "loose",
        family="loose",
        network_mode="awsvpc",
        requires_compatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        execution_role_arn=ONE_ROLE,
        task_role_arn=ONE_ROLE,
        container_definitions=json.dumps(
            [{"name": "app", "image": "app:latest", "privileged": True, "readonlyRootFilesystem": False}]
        ),
        volumes=[
            {
                "name": "data",
                "efs_volume_configuration": {
                    "file_system_id": files.id,
                    "root_directory": "/",
                    "transit_encryption": "DISABLED",
                },
            }
        ],
    )


def network() -> None:
    import pulumi_aws as aws

    net = aws.ec2.Vpc("net", cidr_block="10.1.0.0/16", enable_dns_support=True)
    aws.ec2.DefaultSecurityGroup("net", vpc_id=net.id, ingress=[], egress=[])
    group = aws.ec2.SecurityGroup("open", name="open", description="Open", vpc_id=net.id)
    ssh = {"ip_protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_ipv4": "0.0.0.0/0"}
    aws.vpc.SecurityGroupIngressRule("ssh", security_group_id=group.id, **ssh)
    web = {"ip_protocol": "tcp", "from_port": 80, "to_port": 80, "description": "Among itself"}
    aws.vpc.SecurityGroupIngressRule("web", security_group_id=group.id, referenced_security_group_id=group.id, **web)
    balancer = aws.lb.LoadBalancer(
        "inside",
        name="inside",
        internal=True,
        load_balancer_type="application",
        drop_invalid_header_fields=True,
        enable_deletion_protection=False,
        subnets=["subnet-1", "subnet-2"],
        security_groups=[group.id],
    )
    targets = aws.lb.TargetGroup(
        "inside",
        name="inside",
        port=8000,
        protocol="HTTP",
        target_type="ip",
        vpc_id=net.id,
        health_check={"enabled": True, "path": "/health", "protocol": "HTTP"},
    )
    aws.lb.Listener(
        "inside",
        load_balancer_arn=balancer.arn,
        port=80,
        protocol="HTTP",
        default_actions=[{"type": "forward", "target_group_arn": targets.arn}],
    )


def access_and_functions() -> None:
    import pulumi
    import pulumi_aws as aws

    aws.iam.Policy("wide", name="wide", policy=policy(Action=["s3:*", "iam:PassRole"], Resource="*"))
    aws.iam.Role("open", name="open", assume_role_policy=policy(Principal={"AWS": "*"}, Action="sts:AssumeRole"))
    function = aws.lambda_.Function(
        "plain",
        name="plain",
        role=ONE_ROLE,
        runtime="python3.8",
        handler="it.handler",
        code=pulumi.FileArchive(str(Path(__file__).parent)),
        environment={"variables": {"KEY": "AKIAIOSFODNN7EXAMPLE"}},
        tracing_config={"mode": "Active"},
    )
    aws.lambda_.Permission("plain", action="lambda:InvokeFunction", principal="*", function=function.id)
    aws.dynamodb.Table(
        "plain",
        name="plain",
        billing_mode="PROVISIONED",
        hash_key="id",
        read_capacity=1,
        write_capacity=1,
        attributes=[{"name": "id", "type": "S"}],
        point_in_time_recovery={"enabled": True},
    )
    aws.cloudwatch.LogGroup("kept", name="/kept", retention_in_days=14)
    api = aws.apigatewayv2.Api("api", name="api", protocol_type="HTTP")
    aws.apigatewayv2.Route("api", api_id=api.id, route_key="GET /all", authorization_type="NONE")
    aws.apigatewayv2.Stage("api", api_id=api.id, name="$default", auto_deploy=True)


def program() -> None:
    storage()
    messages_and_files()
    network()
    access_and_functions()


@pytest.fixture(scope="module")
def checkov() -> Checkov:
    installed = Checkov(Path(__file__).parents[4])
    if not installed.installed:
        pytest.skip("checkov is not installed: `make scan` installs it")
    return installed


def test_checkov_says_the_same_of_a_program_as_of_a_plan_by_hand(checkov: Checkov) -> None:
    """What checkov finds in a Pulumi program is what it finds in the Terraform that says the same."""
    by_hand = checkov.findings(json.loads(BY_HAND.read_text()))
    converted = checkov.findings(as_plan(record(program, stack="alike", outputs="fabricated")))

    assert {(each.check, each.address) for each in converted} == {(each.check, each.address) for each in by_hand}


@pytest.mark.parametrize(
    ("check", "address"),
    [
        ("CKV_AWS_24", "aws_vpc_security_group_ingress_rule.ssh"),
        ("CKV_AWS_42", "aws_efs_file_system.loose"),
        ("CKV_AWS_97", "aws_ecs_task_definition.loose"),
        ("CKV_AWS_249", "aws_ecs_task_definition.loose"),
        ("CKV_AWS_27", "aws_sqs_queue.loose"),
        ("CKV_AWS_168", "aws_sqs_queue_policy.loose"),
        ("CKV_AWS_34", "aws_cloudfront_distribution.site"),
        ("CKV_AWS_2", "aws_lb_listener.inside"),
        ("CKV_AWS_288", "aws_iam_policy.wide"),
        ("CKV_AWS_60", "aws_iam_role.open"),
        ("CKV_AWS_301", "aws_lambda_permission.plain"),
        ("CKV_AWS_45", "aws_lambda_function.plain"),
        ("CKV_AWS_119", "aws_dynamodb_table.plain"),
        ("CKV_AWS_309", "aws_apigatewayv2_route.api"),
        ("CKV2_AWS_6", "aws_s3_bucket.loose"),
        ("CKV2_AWS_61", "aws_s3_bucket.loose"),
        ("CKV2_AWS_11", "aws_vpc.net"),
    ],
)
def test_checkov_finds_what_is_wrong_in_a_program(check: str, address: str, found: set[tuple[str, str]]) -> None:
    """Each of these mistakes is seen through the conversion."""
    assert (check, address) in found


def test_relations_between_resources_are_seen(found: set[tuple[str, str]]) -> None:
    """A bucket with its settings, a distribution with its headers and a VPC with its closed group are not reported."""
    kept = {
        ("CKV2_AWS_6", "aws_s3_bucket.kept"),
        ("CKV2_AWS_61", "aws_s3_bucket.kept"),
        ("CKV_AWS_21", "aws_s3_bucket.kept"),
        ("CKV2_AWS_32", "aws_cloudfront_distribution.site"),
        ("CKV2_AWS_12", "aws_vpc.net"),
        ("CKV_AWS_260", "aws_vpc_security_group_ingress_rule.web"),
    }
    assert not kept & found


@pytest.fixture(scope="module")
def found(checkov: Checkov) -> set[tuple[str, str]]:
    plan = as_plan(record(program, stack="alike", outputs="fabricated"))
    return {(each.check, each.address) for each in checkov.findings(plan)}
