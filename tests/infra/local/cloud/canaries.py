"""Asks moto, without our patches, for what they give it. Prints the names of the gaps that are still there, as JSON.

Run in a process of its own by test_patches.py: in any other the patches are in already.
"""

import json
import os
from collections.abc import Callable
from typing import Any

from trackstack_infra.local.cloud.environment import prepare

prepare(os.environ)

import boto3  # noqa: E402 (moto reads its settings when it is imported)
from botocore.exceptions import ClientError  # noqa: E402
from moto import mock_aws  # noqa: E402

TLS_ONLY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": ["arn:aws:s3:::bucket-b", "arn:aws:s3:::bucket-b/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ],
}


def client(name: str) -> Any:
    return boto3.client(name, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")


def fails(call: Callable[[], object]) -> bool:
    """Whether moto cannot do it, in any of its ways of saying so."""
    try:
        call()
    except (ClientError, NotImplementedError):
        return True
    return False


def service_models_read_again() -> bool:
    """Comes first: the reading is done when moto's EC2 is imported."""
    from botocore.loaders import JSONFileLoader

    read: list[str] = []
    original = JSONFileLoader.load_file
    JSONFileLoader.load_file = lambda self, path: read.append(path) or original(self, path)
    from moto.ec2 import models  # noqa: F401

    JSONFileLoader.load_file = original
    return len([path for path in read if "/ec2/" in path and path.endswith("service-2")]) > 1


def ec2_offerings() -> bool:
    from moto.ec2.models.instance_types import INSTANCE_TYPE_OFFERINGS

    return len(INSTANCE_TYPE_OFFERINGS["region"]["us-east-1"]) > 0


def ec2_address_of_a_deleted_nat_gateway() -> bool:
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    first = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
    ec2.delete_nat_gateway(NatGatewayId=first)
    return fails(lambda: ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address))


def ec2_no_ipv6_addresses_of_cloudfront() -> bool:
    lists = client("ec2").describe_managed_prefix_lists()["PrefixLists"]
    return "com.amazonaws.global.ipv6.cloudfront.origin-facing" not in [each["PrefixListName"] for each in lists]


def ec2_host_names_without_ipv4() -> bool:
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]
    ec2.modify_vpc_attribute(VpcId=vpc["VpcId"], EnableDnsHostnames={"Value": True})
    block = vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"].replace("/56", "/64")
    subnet = ec2.create_subnet(VpcId=vpc["VpcId"], Ipv6CidrBlock=block, Ipv6Native=True)["Subnet"]["SubnetId"]
    files = client("efs").create_file_system(CreationToken="six")["FileSystemId"]
    try:
        client("efs").create_mount_target(FileSystemId=files, SubnetId=subnet)
    except IndexError:
        return True
    return False


def efs_update_file_system() -> bool:
    ref = client("efs").create_file_system(CreationToken="t")["FileSystemId"]
    return fails(lambda: client("efs").update_file_system(FileSystemId=ref, ThroughputMode="elastic"))


def efs_delete_file_system_policy() -> bool:
    ref = client("efs").create_file_system(CreationToken="t2")["FileSystemId"]
    return fails(lambda: client("efs").delete_file_system_policy(FileSystemId=ref))


def apigatewayv2_update_stage() -> bool:
    api = client("apigatewayv2").create_api(Name="a", ProtocolType="HTTP")["ApiId"]
    client("apigatewayv2").create_stage(ApiId=api, StageName="s")
    return fails(lambda: client("apigatewayv2").update_stage(ApiId=api, StageName="s", AutoDeploy=True))


def apigatewayv2_get_authorizers() -> bool:
    api = client("apigatewayv2").create_api(Name="a", ProtocolType="HTTP")["ApiId"]
    return fails(lambda: client("apigatewayv2").get_authorizers(ApiId=api))


def apigatewayv2_stage_tags() -> bool:
    """Only the server answers 404 here; without one, there is no pattern for the address."""
    from moto.apigatewayv2 import urls

    return not any("/tags/" in pattern and "stages" in pattern for pattern in urls.url_paths)


def cognito_update_resource_server() -> bool:
    which = _resource_server()
    return fails(lambda: client("cognito-idp").update_resource_server(**which, Name="n", Scopes=[]))


def cognito_delete_resource_server() -> bool:
    which = _resource_server()
    return fails(lambda: client("cognito-idp").delete_resource_server(**which))


def _resource_server() -> dict[str, str]:
    pool = client("cognito-idp").create_user_pool(PoolName="p")["UserPool"]["Id"]
    which = {"UserPoolId": pool, "Identifier": f"i{len(pool)}"}
    if fails(lambda: client("cognito-idp").describe_resource_server(**which)):
        client("cognito-idp").create_resource_server(**which, Name="n")
    return which


def cloudfront_access_control_of_an_origin() -> bool:
    origin = {
        "Id": "o",
        "DomainName": "b.s3.us-east-1.amazonaws.com",
        "OriginAccessControlId": "E1",
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }
    config = {
        "CallerReference": "r",
        "Comment": "",
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "allow-all"},
    }
    made = client("cloudfront").create_distribution(DistributionConfig=config)["Distribution"]
    return made["DistributionConfig"]["Origins"]["Items"][0].get("OriginAccessControlId") != "E1"


def cloudfront_functions_of_a_behaviour() -> bool:
    from moto.cloudfront.models import DefaultCacheBehaviour

    functions = {"Quantity": 1, "Items": [{"EventType": "viewer-request", "FunctionARN": "arn"}]}
    config = {"TargetOriginId": "o", "ViewerProtocolPolicy": "allow-all", "FunctionAssociations": functions}
    return DefaultCacheBehaviour(config).function_associations["Quantity"] != 1


def cloudfront_addresses_of_an_origin() -> bool:
    from moto.cloudfront.models import CustomOriginConfig

    return not hasattr(CustomOriginConfig({"IpAddressType": "ipv6"}), "ip_address_type")


def cloudfront_publish_function() -> bool:
    return _lacks("publish_function")


def cloudfront_update_function() -> bool:
    return _lacks("update_function")


def cloudfront_response_headers_policies() -> bool:
    return _lacks("create_response_headers_policy")


def _lacks(method: str) -> bool:
    from moto.cloudfront.responses import CloudFrontResponse

    return not hasattr(CloudFrontResponse, method)


def lambda_file_systems() -> bool:
    trust = '{"Version":"2012-10-17","Statement":[]}'
    role = client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    client("lambda").create_function(
        FunctionName="f",
        Role=role,
        PackageType="Image",
        Code={"ImageUri": "r/i@sha256:" + "a" * 64},
        FileSystemConfigs=[
            {"Arn": "arn:aws:elasticfilesystem:us-east-1:123456789012:access-point/fsap-1", "LocalMountPath": "/mnt/d"}
        ],
    )
    return "FileSystemConfigs" not in client("lambda").get_function_configuration(FunctionName="f")


def lambda_change_of_command() -> bool:
    """After lambda_file_systems, of which it changes the function."""
    client("lambda").update_function_configuration(FunctionName="f", ImageConfig={"Command": ["a.b"]})
    found = client("lambda").get_function_configuration(FunctionName="f")
    return found["ImageConfigResponse"]["ImageConfig"]["Command"] != ["a.b"]


def _service(name: str) -> dict[str, Any]:
    ecs = client("ecs")
    ecs.create_cluster(clusterName="c")
    ecs.register_task_definition(family="t", containerDefinitions=[{"name": "a", "image": "a", "memory": 128}])
    ecs.create_service(
        cluster="c",
        serviceName=name,
        taskDefinition="t",
        desiredCount=0,
        enableExecuteCommand=True,
        deploymentConfiguration={"maximumPercent": 100, "minimumHealthyPercent": 0},
    )
    return {"cluster": "c", "service": name}


def ecs_forgotten_fields() -> bool:
    _service("forgotten")
    found = client("ecs").describe_services(cluster="c", services=["forgotten"])["services"][0]
    return "deploymentConfiguration" not in found


def ecs_invented_counts() -> bool:
    client("ecs").update_service(**_service("invented"), desiredCount=3)
    found = client("ecs").describe_services(cluster="c", services=["invented"])["services"][0]
    return bool(found["runningCount"] == 3)


def ecs_no_new_deployment() -> bool:
    which = _service("deployed")
    before = client("ecs").describe_services(cluster="c", services=["deployed"])["services"][0]["deployments"][0]
    client("ecs").register_task_definition(family="t", containerDefinitions=[{"name": "b", "image": "b", "memory": 1}])
    client("ecs").update_service(**which, taskDefinition="t:2")
    after = client("ecs").describe_services(cluster="c", services=["deployed"])["services"][0]["deployments"][0]
    return bool(before["id"] == after["id"])


def ecs_deleted_services_listed() -> bool:
    client("ecs").delete_service(**_service("deleted"))
    return any(arn.endswith("deleted") for arn in client("ecs").list_services(cluster="c")["serviceArns"])


def ecs_deleted_clusters_listed() -> bool:
    client("ecs").create_cluster(clusterName="brief")
    client("ecs").delete_cluster(cluster="brief")
    return any(arn.endswith("brief") for arn in client("ecs").list_clusters()["clusterArns"])


def ecs_put_account_setting_default() -> bool:
    return fails(lambda: client("ecs").put_account_setting_default(name="dualStackIPv6", value="enabled"))


def elbv2_targets_by_address_only() -> bool:
    elb = client("elbv2")
    vpc = client("ec2").create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    how = {"Protocol": "HTTP", "Port": 80, "TargetType": "ip", "VpcId": vpc}
    group = elb.create_target_group(Name="g", **how)["TargetGroups"][0]["TargetGroupArn"]
    elb.register_targets(
        TargetGroupArn=group, Targets=[{"Id": "127.0.0.1", "Port": 1001}, {"Id": "127.0.0.1", "Port": 1002}]
    )
    return len(elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]) == 1


def ecs_tasks_of_any_service() -> bool:
    """moto says in its own source that it does not look at the service."""
    import inspect

    from moto.ecs.models import EC2ContainerServiceBackend

    return "We can't filter on `service_name`" in inspect.getsource(EC2ContainerServiceBackend.list_tasks)


def s3_conditions_deny() -> bool:
    s3 = client("s3")
    s3.create_bucket(Bucket="bucket-b")
    s3.put_bucket_policy(Bucket="bucket-b", Policy=json.dumps(TLS_ONLY))
    return fails(lambda: s3.put_object(Bucket="bucket-b", Key="k", Body=b"v"))


def rds_modified_subnet_group_lost() -> bool:
    ec2, rds = client("ec2"), client("rds")
    vpc = ec2.create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.8.1.0/24")["Subnet"]["SubnetId"]
    rds.create_db_subnet_group(DBSubnetGroupName="group", DBSubnetGroupDescription="one", SubnetIds=[subnet])
    rds.modify_db_subnet_group(DBSubnetGroupName="group", SubnetIds=[subnet])
    return fails(lambda: rds.describe_db_subnet_groups(DBSubnetGroupName="group"))


def s3_checksums_ignored() -> bool:
    s3 = client("s3")
    s3.create_bucket(Bucket="bucket-c")
    return not fails(lambda: s3.put_object(Bucket="bucket-c", Key="k", Body=b"v", ChecksumSHA256="A" * 43 + "="))


def s3_lock_of_empty_buckets_only() -> bool:
    s3 = client("s3")
    s3.create_bucket(Bucket="bucket-l", ObjectLockEnabledForBucket=True)
    s3.put_object(Bucket="bucket-l", Key="k", Body=b"v")
    rule = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 14}}
    lock = {"ObjectLockEnabled": "Enabled", "Rule": rule}
    return fails(lambda: s3.put_object_lock_configuration(Bucket="bucket-l", ObjectLockConfiguration=lock))


def sqs_endpoints() -> bool:
    """The bell hangs on these two; a third way for a message to become visible would not ring."""
    from moto.sqs.models import Queue, SQSBackend

    return hasattr(Queue, "add_message") and hasattr(SQSBackend, "change_message_visibility")


CANARIES = [
    service_models_read_again,
    ec2_offerings,
    ec2_address_of_a_deleted_nat_gateway,
    ec2_no_ipv6_addresses_of_cloudfront,
    ec2_host_names_without_ipv4,
    efs_update_file_system,
    efs_delete_file_system_policy,
    apigatewayv2_update_stage,
    apigatewayv2_get_authorizers,
    apigatewayv2_stage_tags,
    cognito_update_resource_server,
    cognito_delete_resource_server,
    cloudfront_access_control_of_an_origin,
    cloudfront_functions_of_a_behaviour,
    cloudfront_addresses_of_an_origin,
    cloudfront_publish_function,
    cloudfront_update_function,
    cloudfront_response_headers_policies,
    lambda_file_systems,
    lambda_change_of_command,
    ecs_forgotten_fields,
    ecs_invented_counts,
    ecs_no_new_deployment,
    ecs_deleted_services_listed,
    ecs_deleted_clusters_listed,
    ecs_tasks_of_any_service,
    ecs_put_account_setting_default,
    elbv2_targets_by_address_only,
    rds_modified_subnet_group_lost,
    s3_conditions_deny,
    s3_checksums_ignored,
    s3_lock_of_empty_buckets_only,
    sqs_endpoints,
]

if __name__ == "__main__":
    with mock_aws():
        print(json.dumps({canary.__name__: canary() for canary in CANARIES}))
