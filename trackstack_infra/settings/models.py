"""The settings of the three stacks, and what each may be."""

import re
from enum import StrEnum
from ipaddress import IPv4Network
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from trackstack_infra import images
from trackstack_infra.settings.groups import (
    BridgeSettings,
    BudgetSettings,
    DomainSettings,
    EnterpriseServices,
    GithubSettings,
    NightlyBackupSettings,
    PragmaticServices,
    ScheduleSettings,
    ServiceSettings,
    Settings,
    ThrottleSettings,
    Whole,
    listed,
)

# The retentions CloudWatch Logs accepts, up to a year.
LOG_DAYS: Final = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365)
PRIVATE_RANGES: Final = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
BACKUP_ID: Final = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{12}")
SAMPLE: Final = "sample"
# Where Fargate does not run in IPv6-only subnets, read 2026-11.
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html
WITHOUT_IPV6_TASKS: Final = ("eu-west-1", "eu-north-1")


class Power(StrEnum):
    """Whether a stack's runtime layer, all that is billed by the hour, exists."""

    ON = "on"
    OFF = "off"


def _yaml_power(value: object) -> object:
    """YAML 1.1 reads a bare `on` as true and `off` as false."""
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else value


def _yaml_off(value: object) -> object:
    return "off" if value is False else value


def _network(value: object) -> IPv4Network:
    """pydantic would say only that it is none, not what is wrong with it."""
    try:
        return IPv4Network(str(value))
    except ValueError as error:
        raise ValueError(f"must be a network, such as 10.30.0.0/16: {error}") from None


Network = Annotated[IPv4Network, BeforeValidator(_network)]


class StackSettings(Settings):
    """What every stack has."""

    root: Path  # the checkout: images are made from it, the site is uploaded from it
    region: str

    @field_validator("region", mode="after")
    @classmethod
    def _looks_like_a_region(cls, region: str) -> str:
        if not re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d", region):
            raise ValueError("must be an AWS region, such as us-east-1 or eu-central-1")
        return region


class FoundationSettings(StackSettings):
    """What outlives the two architectures. Nobody is trusted and nobody gets mail until named."""

    budget: BudgetSettings = BudgetSettings()
    github: GithubSettings | None = None


class ArchitectureSettings(StackSettings):
    """What pragmatic and enterprise both have: their differences are values, side by side in the two files."""

    power: Annotated[Power, BeforeValidator(_yaml_power)] = Power.ON
    azs: Annotated[Whole, Field(ge=1, le=3)] = 2
    cidr: Network
    journal: Literal["truncate", "wal"] = "truncate"
    log_days: Whole = 14
    throttle: ThrottleSettings = ThrottleSettings()
    registry: str = "localhost"
    domain: DomainSettings | None = None
    services: PragmaticServices | EnterpriseServices

    @field_validator("registry", mode="after")
    @classmethod
    def _goes_before_an_image_name(cls, registry: str) -> str:
        if not re.fullmatch(r"[a-z0-9.-]+(:\d+)?(/[a-z0-9._-]+)*", registry):
            raise ValueError("must be a host, an optional port and a path, without scheme or trailing slash")
        return registry

    @field_validator("cidr", mode="after")
    @classmethod
    def _room_for_the_subnets(cls, cidr: IPv4Network) -> IPv4Network:
        if not any(cidr.subnet_of(private) for private in PRIVATE_RANGES):
            raise ValueError("must be in a private range: 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16")
        # AWS makes VPCs of /16 to /28; a load balancer wants subnets of /27, and the plan cuts the VPC into eight.
        if not 16 <= cidr.prefixlen <= 24:
            raise ValueError(f"must be a /16 to a /24, not a /{cidr.prefixlen}")
        return cidr

    @field_validator("log_days", mode="after")
    @classmethod
    def _cloudwatch_keeps_that_long(cls, days: int) -> int:
        if days not in LOG_DAYS:
            raise ValueError(f"must be one of CloudWatch's retentions: {listed(LOG_DAYS)}")
        return days

    def _needs_ipv6_tasks(self, setting: str) -> None:
        if self.region in WITHOUT_IPV6_TASKS:
            raise ValueError(f"{setting} needs IPv6-only tasks, which Fargate does not offer in {self.region}")

    def service(self, name: str) -> ServiceSettings:
        """What one of the stack's services runs on."""
        settings: ServiceSettings = getattr(self.services, name)
        return settings

    def image(self, name: str) -> str:
        """The reference of an image, by the digest of its sources: `<registry>/ts-<image>@sha256:<64 hex>`."""
        return f"{self.registry}/ts-{name}@{images.content_digest(self.root, name)}"


class PragmaticSettings(ArchitectureSettings):
    """One process, always on.

    `ingress`: `ipv4` gives the task a public IPv4 address behind API Gateway; `ipv6` puts an IPv6-only task straight
    behind CloudFront, for less than half the price, and needs a domain.
    """

    cidr: Network = IPv4Network("10.20.0.0/16")
    services: PragmaticServices = PragmaticServices()
    ingress: Literal["ipv4", "ipv6"] = "ipv4"
    nightly_backup: NightlyBackupSettings = NightlyBackupSettings()

    @model_validator(mode="after")
    def _ipv6_has_a_name_to_be_found_by(self) -> Self:
        if self.ingress == "ipv6":
            if self.domain is None:
                raise ValueError(
                    "ingress ipv6 needs domain: {name: …, zone: …}, because CloudFront resolves the task by name"
                )
            self._needs_ipv6_tasks("ingress ipv6")
        return self


class EnterpriseSettings(ArchitectureSettings):
    """Three services, on weekends, with the data of a backup.

    `egress` is how tasks reach AWS's APIs: one NAT gateway; one in each zone, so that a lost zone takes only itself;
    an instance that does NAT, cheaper and patched by oneself; or IPv6, which costs nothing by the hour.
    """

    cidr: Network = IPv4Network("10.30.0.0/16")
    services: EnterpriseServices = EnterpriseServices()
    egress: Literal["nat", "nat-per-az", "nat-instance", "ipv6"] = "nat"
    observability: Annotated[Literal["lightsail", "task", "off"], BeforeValidator(_yaml_off)] = "lightsail"
    database: Literal["sqlite", "postgres"] = "sqlite"
    schedule: ScheduleSettings = ScheduleSettings()
    bridge: BridgeSettings = BridgeSettings()
    backup: str = SAMPLE

    @model_validator(mode="after")
    def _egress_is_possible(self) -> Self:
        if self.egress == "ipv6":
            self._needs_ipv6_tasks("egress ipv6")
            if self.database == "postgres":
                raise ValueError("database postgres needs an egress other than ipv6: RDS has only IPv4 addresses")
        return self

    @field_validator("backup", mode="after")
    @classmethod
    def _names_a_backup(cls, backup: str) -> str:
        if backup != SAMPLE and not BACKUP_ID.fullmatch(backup):
            raise ValueError(f"must be {SAMPLE!r} or a backup's id, such as 20261128T020000Z-0123456789ab")
        return backup
