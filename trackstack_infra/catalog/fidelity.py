"""How faithful the local target is: the rows of the table that `up` prints. Each resource type belongs to one."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Fidelity(StrEnum):
    """How much of a resource type exists on this computer."""

    REAL = "real"
    """It runs the real thing."""
    STAND_IN = "stand-in"
    """A process of ours does AWS's job."""
    STUB = "stub"
    """The emulator has a record of it that can be described; nothing runs and nothing is enforced."""


@dataclass(frozen=True)
class FidelityRow:
    """What may be said about the resources of some types while they run locally."""

    kind: str
    fidelity: Fidelity
    by: str
    """What does AWS's job, and what it leaves out."""


APP: Final = FidelityRow("App code in tasks and Lambda; SQLite", Fidelity.REAL, "processes on this computer")
"""Code that is no resource of its own, so no type belongs to it."""
MESSAGES: Final = FidelityRow("SNS, SQS: filters, dead letters", Fidelity.STAND_IN, "emulator")
STORAGE: Final = FidelityRow("S3, CloudWatch Logs, DynamoDB", Fidelity.STAND_IN, "emulator; buckets saved at stop")
SIGN_IN: Final = FidelityRow("Cognito: sign-in, tokens", Fidelity.STAND_IN, "emulator; public signing key")
CONTAINERS: Final = FidelityRow(
    "ECS: start, restart, drain, counts", Fidelity.STAND_IN, "agent; no limits, no images of others"
)
FILES: Final = FidelityRow("EFS, access points", Fidelity.STAND_IN, "directories; no NFS, no uid")
ROUTING: Final = FidelityRow("ALB, HTTP API, CloudFront: routing", Fidelity.STAND_IN, "router; no TLS, no cache")
FUNCTIONS: Final = FidelityRow("Lambda invocation", Fidelity.STAND_IN, "subprocess")
NETWORK: Final = FidelityRow("VPC, NAT, security groups, endpoints", Fidelity.STUB, "emulator")
DNS: Final = FidelityRow("DNS records, certificates", Fidelity.STUB, "emulator; nothing resolves")
HOSTS: Final = FidelityRow("RDS, Lightsail", Fidelity.STUB, "emulator; no database, no machine")
MONITORING: Final = FidelityRow("EventBridge, alarms, dashboards", Fidelity.STUB, "emulator; nothing fires by itself")
PERMISSIONS: Final = FidelityRow("IAM, all policies, encryption, Spot", Fidelity.STUB, "emulator; never enforced")
IMAGES: Final = FidelityRow("ECR, budget", Fidelity.STUB, "no image is pushed, no bill comes")

ROWS: Final = (
    APP,
    MESSAGES,
    STORAGE,
    SIGN_IN,
    CONTAINERS,
    FILES,
    ROUTING,
    FUNCTIONS,
    NETWORK,
    DNS,
    HOSTS,
    MONITORING,
    PERMISSIONS,
    IMAGES,
)
"""In the order in which they are printed."""
