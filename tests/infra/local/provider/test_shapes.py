"""From Pulumi's names to AWS's."""

import boto3
import pytest
from botocore.model import Shape

from trackstack_infra.local.provider.shapes import attributes, members, scalar, text, typed


def shape(service: str, operation: str, member: str | None = None) -> Shape:
    client = boto3.client(
        service, region_name="us-east-1", endpoint_url="http://127.0.0.1:1", aws_access_key_id="x",
        aws_secret_access_key="x",
    )  # fmt: skip
    whole = client.meta.service_model.operation_model(operation).input_shape
    return whole if member is None else whole.members[member]


def test_capitals_and_plurals_do_not_count() -> None:
    """callbackUrls is CallbackURLs, capacityProviderStrategies is capacityProviderStrategy."""
    client = members(
        {"callbackUrls": ["http://a"], "allowedOauthFlows": ["code"], "accessTokenValidity": 60.0, "unknown": 1},
        shape("cognito-idp", "CreateUserPoolClient"),
    )
    assert client == {"CallbackURLs": ["http://a"], "AllowedOAuthFlows": ["code"], "AccessTokenValidity": 60}
    service = members(
        {"capacityProviderStrategies": [{"capacityProvider": "FARGATE", "weight": 1.0}], "enableEcsManagedTags": True},
        shape("ecs", "CreateService"),
    )
    assert service == {
        "capacityProviderStrategy": [{"capacityProvider": "FARGATE", "weight": 1}],
        "enableECSManagedTags": True,
    }


def test_a_single_object_becomes_a_list_where_aws_has_one() -> None:
    """Pulumi flattens Terraform's lists of at most one element."""
    made = typed({"registryArn": "arn"}, shape("ecs", "CreateService", "serviceRegistries"), where="serviceRegistries")
    assert made == [{"registryArn": "arn"}]


def test_cloudfront_lists_say_how_long_they_are() -> None:
    """CloudFront wants {Quantity, Items}."""
    config = shape("cloudfront", "CreateDistribution", "DistributionConfig")
    assert typed(["a", "b"], config.members["Aliases"], where="aliases") == {"Quantity": 2, "Items": ["a", "b"]}  # type: ignore[attr-defined]


def test_a_nested_property_that_aws_does_not_have_is_an_error() -> None:
    """A misspelt property is not left out in silence."""
    point = shape("efs", "CreateAccessPoint", "PosixUser")
    with pytest.raises(ValueError, match="posixUser: the local provider does not know userId"):
        typed({"uid": 1000.0, "gid": 1000.0, "userId": 3}, point, where="posixUser")


def test_values_become_what_aws_wants() -> None:
    """Numbers arrive as floats and sometimes as text; text attributes want true and 30."""
    assert scalar("20", "integer") == 20
    assert scalar(20.0, "long") == 20
    assert scalar("0.5", "double") == 0.5
    assert scalar("true", "boolean") is True
    assert scalar(256.0, "string") == "256"
    assert [text(value) for value in (True, 30.0, 0.5, "x")] == ["true", "30", "0.5", "x"]
    assert attributes({"a": True, "b": 4.0, "c": None}, {"a": "A", "b": "B", "c": "C", "d": "D"}) == {
        "A": "true",
        "B": "4",
    }
