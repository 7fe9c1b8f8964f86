"""Topics, queues, tables and user pools: each type goes once through its life."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from trackstack_infra.local.provider import Inputs

TAGS = {"Name": "ts-test-thing", "stack": "test"}
RETAGGED = {"tags": {"Name": "ts-test-thing", "domain": "gym"}}
POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Sid": "One", "Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": ["*"]}],
    }
)
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)


def topic(world: Any) -> str:
    return str(world.have("topic", "aws:sns/topic:Topic", name="shared")["arn"])


def pool(world: Any) -> str:
    return str(world.have("pool", "aws:cognito/userPool:UserPool", name="shared")["id"])


CASES: list[Any] = [
    (
        "aws:sns/topic:Topic",
        lambda w: {"name": "ts-test-events", "kmsMasterKeyId": "alias/aws/sns", "tags": TAGS},
        RETAGGED | {"displayName": "events"},
        "arn owner",
    ),
    ("aws:sns/topicPolicy:TopicPolicy", lambda w: {"arn": topic(w), "policy": POLICY}, {"policy": TRUST}, "owner"),
    (
        "aws:sns/topicSubscription:TopicSubscription",
        lambda w: {
            "topic": topic(w),
            "protocol": "sqs",
            "endpoint": w.queue()["arn"],
            "rawMessageDelivery": True,
            "filterPolicy": json.dumps({"type": ["a"]}),
        },
        {"filterPolicy": json.dumps({"type": ["b"]})},
        "arn",
    ),
    (
        "aws:sqs/queue:Queue",
        lambda w: {
            "name": "ts-test-expenses",
            "visibilityTimeoutSeconds": 60.0,
            "messageRetentionSeconds": 345600.0,
            "receiveWaitTimeSeconds": 20.0,
            "sqsManagedSseEnabled": True,
            "redrivePolicy": json.dumps({"deadLetterTargetArn": w.queue()["arn"], "maxReceiveCount": 10}),
            "tags": TAGS,
        },
        RETAGGED | {"visibilityTimeoutSeconds": 30.0},
        "arn url",
    ),
    (
        "aws:sqs/queuePolicy:QueuePolicy",
        lambda w: {"queueUrl": w.queue()["url"], "policy": POLICY},
        {"policy": TRUST},
        "",
    ),
    (
        "aws:dynamodb/table:Table",
        lambda w: {
            "name": "ts-test-leases",
            "billingMode": "PROVISIONED",
            "readCapacity": 1.0,
            "writeCapacity": 1.0,
            "hashKey": "database",
            "attributes": [{"name": "database", "type": "S"}],
            "ttl": {"attributeName": "expires_at", "enabled": True},
            "deletionProtectionEnabled": True,
            "tags": TAGS,
        },
        RETAGGED | {"readCapacity": 2.0},
        "arn",
    ),
    (
        "aws:cognito/userPool:UserPool",
        lambda w: {
            "name": "ts-test-users",
            "adminCreateUserConfig": {"allowAdminCreateUserOnly": True},
            "mfaConfiguration": "OPTIONAL",
            "softwareTokenMfaConfiguration": {"enabled": True},
            "passwordPolicy": {"minimumLength": 14.0, "requireSymbols": False, "temporaryPasswordValidityDays": 7.0},
            "deletionProtection": "ACTIVE",
            "tags": TAGS,
        },
        RETAGGED | {"passwordPolicy": {"minimumLength": 16.0}},
        "arn endpoint",
    ),
    (
        "aws:cognito/userPoolClient:UserPoolClient",
        lambda w: {
            "name": "cli-0123abc",
            "userPoolId": pool(w),
            "generateSecret": False,
            "allowedOauthFlowsUserPoolClient": True,
            "allowedOauthFlows": ["code"],
            "allowedOauthScopes": ["openid", "trackstack/gym"],
            "callbackUrls": ["http://localhost:8765/callback"],
            "supportedIdentityProviders": ["COGNITO"],
            "explicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
            "preventUserExistenceErrors": "ENABLED",
            "enableTokenRevocation": True,
            "accessTokenValidity": 60.0,
            "tokenValidityUnits": {"accessToken": "minutes", "idToken": "minutes", "refreshToken": "days"},
        },
        {"callbackUrls": ["http://localhost:9999/callback"]},
        "clientSecret",
    ),
    ("aws:cognito/userPoolDomain:UserPoolDomain", lambda w: {"domain": "ts-test", "userPoolId": pool(w)}, None, ""),
    (
        "aws:cognito/resourceServer:ResourceServer",
        lambda w: {
            "identifier": "trackstack",
            "name": "TrackStack",
            "userPoolId": pool(w),
            "scopes": [{"scopeName": "gym", "scopeDescription": "Read and write gym"}],
        },
        {"scopes": [{"scopeName": "heating", "scopeDescription": "Read and write heating"}]},
        "scopeIdentifiers",
    ),
]


@pytest.mark.parametrize(("token", "inputs", "changes", "gives"), CASES, ids=[case[0] for case in CASES])
def test_messages_live_and_end(
    token: str,
    inputs: Callable[[Any], Inputs],
    changes: Inputs | Callable[[Any], Inputs] | None,
    gives: str,
    live: Callable[..., None],
) -> None:
    """Each type can be created, read, found again, changed in place and deleted, twice if need be."""
    live(token, inputs, changes, gives)
