"""Rules for what the table of facts had no line for (rows 65 to 67): instances, databases and tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from trackstack_infra.graph import Graph
from trackstack_infra.policy.model import Finding, Rule, Verdict
from trackstack_infra.policy.relations import block, blocks, refers

INSTANCE: Final = "aws:ec2/instance:Instance"
EIP: Final = "aws:ec2/eip:Eip"
DATABASE: Final = "aws:rds/instance:Instance"
PARAMETERS: Final = "aws:rds/parameterGroup:ParameterGroup"
TABLE: Final = "aws:dynamodb/table:Table"


def _metadata(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(INSTANCE):
        options = block(each, "metadataOptions")
        if options.get("httpTokens") != "required" and options.get("httpEndpoint") != "disabled":
            yield Finding(each.urn, "it allows IMDSv1: a forged request (SSRF) can read its credentials")


def _disks(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(INSTANCE):
        for disk in blocks(each, "rootBlockDevice") or [{}]:
            if disk.get("encrypted") is not True:
                yield Finding(each.urn, "its root volume is not encrypted")
        if any(disk.get("encrypted") is not True for disk in blocks(each, "ebsBlockDevices")):
            yield Finding(each.urn, "one of its EBS volumes is not encrypted")


def _log_in(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(INSTANCE):
        if each.inputs.get("keyName"):
            yield Finding(each.urn, "it has a key pair: anyone with the key can log in")


def _public_instance(graph: Graph) -> Iterator[Finding]:
    addresses = [each.inputs.get("instance") for each in graph.all(EIP)]
    for each in graph.all(INSTANCE):
        translates = each.inputs.get("sourceDestCheck") is False
        public = each.inputs.get("associatePublicIpAddress") or any(refers(one, each) for one in addresses)
        if public and not translates:
            yield Finding(each.urn, "it has a public IP address but is not a NAT instance")


def _is_nat_instance(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(INSTANCE):
        if each.inputs.get("sourceDestCheck") is False:
            yield Finding(each.urn, "it has a public IP address, as a NAT instance")


def _monitored(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(INSTANCE):
        if each.inputs.get("monitoring") is not True:
            yield Finding(each.urn, "it has metrics every five minutes, not every minute (no detailed monitoring)")


def _must(type_: str, key: str, wanted: Any, message: str) -> Any:
    """A check that a property has one value."""

    def check(graph: Graph) -> Iterator[Finding]:
        for each in graph.all(type_):
            if each.inputs.get(key) != wanted:
                yield Finding(each.urn, message)

    return check


def _passwords(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(DATABASE):
        if each.inputs.get("password") is not None or each.inputs.get("manageMasterUserPassword") is not True:
            yield Finding(each.urn, "RDS does not manage its master password")


def _database_tls(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(DATABASE):
        groups = [one for one in graph.all(PARAMETERS) if refers(each.inputs.get("parameterGroupName"), one)]
        demanded = any(
            parameter.get("name") == "rds.force_ssl" and str(parameter.get("value")) == "1"
            for group in groups
            for parameter in blocks(group, "parameters")
        )
        if not demanded:
            yield Finding(each.urn, "it allows connections without TLS, or leaves that to its version's default")


RULES: Final = (
    Rule(
        id="ec2-metadata-tokens",
        row=65,
        title="An instance requires a token (IMDSv2) to read its credentials.",
        verdict=Verdict.BLOCK,
        fsbp=("EC2.8",),
        checkov=("CKV_AWS_79",),
        trivy=("AWS-0028",),
        check=_metadata,
    ),
    Rule(
        id="ec2-disks-encrypted",
        row=65,
        title="An instance's volumes are encrypted.",
        verdict=Verdict.BLOCK,
        checkov=("CKV_AWS_8",),
        trivy=("AWS-0131",),
        check=_disks,
    ),
    Rule(
        id="ec2-no-log-in",
        row=65,
        title="An instance has no key pair to log in with.",
        verdict=Verdict.BLOCK,
        check=_log_in,
    ),
    Rule(
        id="ec2-no-public-address",
        row=65,
        title="Only a NAT instance has a public IP address.",
        verdict=Verdict.BLOCK,
        fsbp=("EC2.9",),
        checkov=("CKV_AWS_88",),
        check=_public_instance,
    ),
    Rule(
        id="ec2-nat-instance",
        row=65,
        title="Egress does not pass through an instance with a public IP address.",
        verdict=Verdict.ACCEPT,
        fsbp=("EC2.9",),
        checkov=("CKV_AWS_88", "CKV2_AWS_41"),
        reason="The setting egress: nat-instance asks for it; it admits only HTTPS from tasks and has no role.",
        price="$32.85 for a NAT gateway",
        check=_is_nat_instance,
    ),
    Rule(
        id="ec2-monitoring",
        row=65,
        title="An instance has detailed monitoring (a metric a minute).",
        verdict=Verdict.ACCEPT,
        checkov=("CKV_AWS_126", "CKV_AWS_135"),
        reason="Nothing reacts within five minutes; the tasks' own errors show a failure first.",
        price="$2.10 for seven metrics",
        check=_monitored,
    ),
    Rule(
        id="rds-encrypted",
        row=66,
        title="A database is encrypted at rest.",
        verdict=Verdict.BLOCK,
        fsbp=("RDS.3",),
        checkov=("CKV_AWS_16",),
        trivy=("AWS-0080",),
        check=_must(DATABASE, "storageEncrypted", True, "it is not encrypted at rest"),
    ),
    Rule(
        id="rds-private",
        row=66,
        title="A database is not publicly accessible.",
        verdict=Verdict.BLOCK,
        fsbp=("RDS.2",),
        checkov=("CKV_AWS_17",),
        trivy=("AWS-0180",),
        check=_must(DATABASE, "publiclyAccessible", False, "it may be publicly accessible"),
    ),
    Rule(
        id="rds-managed-password",
        row=66,
        title="RDS manages a database's master password.",
        verdict=Verdict.BLOCK,
        check=_passwords,
    ),
    Rule(
        id="rds-tls-only",
        row=66,
        title="A database rejects connections without TLS.",
        verdict=Verdict.BLOCK,
        checkov=("CKV2_AWS_69",),
        check=_database_tls,
    ),
    Rule(
        id="rds-updates",
        row=66,
        title="A database installs minor version upgrades automatically.",
        verdict=Verdict.BLOCK,
        fsbp=("RDS.13",),
        checkov=("CKV_AWS_226",),
        check=_must(
            DATABASE, "autoMinorVersionUpgrade", True, "it does not install minor version upgrades automatically"
        ),
    ),
    Rule(
        id="rds-two-zones",
        row=66,
        title="A database runs in two zones (Multi-AZ).",
        verdict=Verdict.ACCEPT,
        fsbp=("RDS.5",),
        checkov=("CKV_AWS_157",),
        reason="Its data is loaded from a backup each weekend and can be loaded again.",
        price="$13.98",
        check=_must(DATABASE, "multiAz", True, "it runs in one zone"),
    ),
    Rule(
        id="rds-deletion-protection",
        row=66,
        title="A database has deletion protection.",
        verdict=Verdict.ACCEPT,
        fsbp=("RDS.8",),
        checkov=("CKV_AWS_293",),
        trivy=("AWS-0177",),
        reason="Power off deletes it: its data ends with the weekend, as the site says.",
        price="$13.98 to keep it",
        check=_must(DATABASE, "deletionProtection", True, "it has no deletion protection"),
    ),
    Rule(
        id="dynamodb-recovery",
        row=67,
        title="A table has point-in-time recovery.",
        verdict=Verdict.ACCEPT,
        fsbp=("DynamoDB.2",),
        checkov=("CKV_AWS_28",),
        trivy=("AWS-0024",),
        reason="It holds leases of thirty seconds. A restored lease would be wrong.",
        price="$0.20 a GB",  # https://aws.amazon.com/dynamodb/pricing/
        check=lambda graph: (
            Finding(each.urn, "it has no point-in-time recovery")
            for each in graph.all(TABLE)
            if block(each, "pointInTimeRecovery").get("enabled") is not True
        ),
    ),
    Rule(
        id="dynamodb-customer-key",
        row=67,
        title="A table is encrypted with a customer managed key.",
        verdict=Verdict.ACCEPT,
        checkov=("CKV_AWS_119",),
        trivy=("AWS-0025",),
        reason="An AWS owned key encrypts it too; the names of three databases are not secret.",
        price="$1.00 a key",
        check=lambda graph: (
            Finding(each.urn, "it is encrypted with an AWS owned key")
            for each in graph.all(TABLE)
            if not block(each, "serverSideEncryption").get("kmsKeyArn")
        ),
    ),
)
