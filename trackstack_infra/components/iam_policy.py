"""IAM policies as data: components hand out statements about themselves, and roles are made of the statements given."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

Statement = Mapping[str, Any]


def allow(sid: str, actions: Sequence[str], resources: Sequence[pulumi.Input[str]], condition: Any = None) -> Statement:
    """A statement of an identity's policy: the role it is put into may do this to these."""
    statement = {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": list(resources)}
    return statement if condition is None else {**statement, "Condition": condition}


def tls_only(action: str, resources: Sequence[pulumi.Input[str]]) -> Statement:
    """A statement of a resource's policy: nobody, whatever else allows it, without TLS."""
    return {
        "Sid": "DenyWithoutTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": action,
        "Resource": list(resources),
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def document(*statements: Statement) -> pulumi.Output[str]:
    """The policy as the JSON text that AWS wants."""
    return pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(service: str, condition: Any = None) -> pulumi.Output[str]:
    """Lets one AWS service take on a role."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return document(statement if condition is None else {**statement, "Condition": condition})


def plain(value: Any) -> str:
    """JSON of what holds no outputs, the same text on each run."""
    return json.dumps(value, sort_keys=True)
