"""Each patch of moto is still needed, and still fits."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from trackstack_infra.local.cloud.patches.patching import add, around

ROOT = Path(__file__).parents[4]
NAMES = [
    "service_models_read_again",
    "ec2_offerings",
    "ec2_address_of_a_deleted_nat_gateway",
    "ec2_no_ipv6_addresses_of_cloudfront",
    "ec2_host_names_without_ipv4",
    "efs_update_file_system",
    "efs_delete_file_system_policy",
    "apigatewayv2_update_stage",
    "apigatewayv2_get_authorizers",
    "apigatewayv2_stage_tags",
    "cognito_update_resource_server",
    "cognito_delete_resource_server",
    "cloudfront_access_control_of_an_origin",
    "cloudfront_functions_of_a_behaviour",
    "cloudfront_addresses_of_an_origin",
    "cloudfront_publish_function",
    "cloudfront_update_function",
    "cloudfront_response_headers_policies",
    "lambda_file_systems",
    "lambda_change_of_command",
    "ecs_forgotten_fields",
    "ecs_invented_counts",
    "ecs_no_new_deployment",
    "ecs_deleted_services_listed",
    "ecs_deleted_clusters_listed",
    "ecs_tasks_of_any_service",
    "ecs_put_account_setting_default",
    "elbv2_targets_by_address_only",
    "rds_modified_subnet_group_lost",
    "s3_conditions_deny",
    "s3_checksums_ignored",
    "s3_lock_of_empty_buckets_only",
    "sqs_endpoints",
]


@pytest.fixture(scope="module")
def gaps() -> dict[str, bool]:
    """What moto lacks without our patches."""
    script = Path(__file__).with_name("canaries.py")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, bool] = json.loads(done.stdout)
    return found


def test_every_canary_is_looked_at(gaps: dict[str, bool]) -> None:
    """No gap is asked for in vain."""
    assert list(gaps) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_moto_still_lacks_this(gaps: dict[str, bool], name: str) -> None:
    """When moto catches up, this test fails: take the patch out (trackstack_infra/local/cloud/patches)."""
    assert gaps[name]


def test_a_method_that_moto_has_is_not_added_again() -> None:
    """A patch that moto has made superfluous says so instead of hiding moto's own."""

    class Responses:
        def update_stage(self) -> str:
            return "moto's own"

    with pytest.raises(RuntimeError, match=r"moto has Responses\.update_stage of its own now"):
        add(Responses, "update_stage", lambda self: "ours")
    assert Responses().update_stage() == "moto's own"


def test_a_method_that_moto_renamed_is_noticed() -> None:
    """A patch around a method that is gone fails when it is applied, not when it is needed."""
    with pytest.raises(AttributeError):
        around(object, "gone", lambda original, self: None)
