"""File systems: encrypted, and mounted over TLS through an access point only."""

import json
from collections.abc import Callable

import pytest

FILES = "aws:efs/fileSystem:FileSystem"
POINT = "aws:efs/accessPoint:AccessPoint"
POLICY = "aws:efs/fileSystemPolicy:FileSystemPolicy"
ARN = "arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-1"
MADE = {"outputs": {"id": "fs-1", "arn": ARN}}
TLS = {
    "Effect": "Deny",
    "Principal": {"AWS": "*"},
    "Action": "*",
    "Resource": [ARN],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
POINTS = {
    "Effect": "Deny",
    "Principal": {"AWS": "*"},
    "Action": ["elasticfilesystem:Client*"],
    "Resource": ARN,
    "Condition": {"Null": {"elasticfilesystem:AccessPointArn": "true"}},
}


def policy(*statements: object) -> tuple[str, str, dict[str, str]]:
    return POLICY, "policy", {"fileSystemId": "fs-1", "policy": json.dumps({"Statement": list(statements)})}


CASES = {
    "efs-encrypted": ([(FILES, "it", {})], [(FILES, "it", {"encrypted": True})]),
    "efs-access-point-confined": (
        [(POINT, "it", {"rootDirectory": {"path": "/"}, "posixUser": {"uid": 0, "gid": 0}})],
        [(POINT, "it", {"rootDirectory": {"path": "/gym"}, "posixUser": {"uid": 1000, "gid": 1000}})],
    ),
    "efs-access-points-and-tls-only": (
        [(FILES, "it", {}, MADE), policy(TLS)],
        [(FILES, "it", {}, MADE), policy(TLS, POINTS)],
    ),
    "efs-backup-plan": (
        [(FILES, "it", {}, MADE)],
        [
            (FILES, "it", {}, MADE),
            ("aws:efs/backupPolicy:BackupPolicy", "b", {"fileSystemId": "fs-1", "backupPolicy": {"status": "ENABLED"}}),
        ],
    ),
}


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_sees_what_breaks_it_and_lets_pass_what_keeps_it(broken_by: Callable[..., list[str]], rule: str) -> None:
    """Each rule for file systems finds the bad one, and nothing in the good one."""
    broken, kept = CASES[rule]
    assert broken_by(rule, broken)
    assert broken_by(rule, kept) == []


def test_a_file_system_without_a_policy_is_open_to_its_network(broken_by: Callable[..., list[str]]) -> None:
    """EFS lets every client in the network mount it as root until a policy says otherwise."""
    assert broken_by("efs-access-points-and-tls-only", [(FILES, "it", {}, MADE)]) == [
        "it has no policy: anyone who reaches its port can mount it as root"
    ]
