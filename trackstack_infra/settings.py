"""The settings of the three stacks: read from Pulumi.<stack>.yaml once, checked at once, in words."""

import re
from collections.abc import Iterable
from enum import StrEnum
from ipaddress import IPv4Network
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

from trackstack_infra import images
from trackstack_infra.errors import SettingsError
from trackstack_infra.settings_file import did_you_mean, read_settings
from trackstack_infra.settings_words import settings_error, unknown_setting

# Fargate's sizes up to 4 vCPU: cpu units -> MiB of memory it may have.
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
FARGATE_SIZES: Final = {
    256: (512, 1024, 2048),
    512: tuple(range(1024, 4096 + 1, 1024)),
    1024: tuple(range(2048, 8192 + 1, 1024)),
    2048: tuple(range(4096, 16384 + 1, 1024)),
    4096: tuple(range(8192, 30720 + 1, 1024)),
}
# The retentions CloudWatch Logs accepts, up to a year.
LOG_DAYS: Final = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365)
PRIVATE_RANGES: Final = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
BACKUP_ID: Final = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{12}")
SAMPLE: Final = "sample"


class Power(StrEnum):
    """Whether a stack's runtime layer, all that is billed by the hour, exists."""

    ON = "on"
    OFF = "off"


def _not_a_boolean(value: object) -> object:
    """YAML's true is a number to Python; as a setting it is a slip."""
    if isinstance(value, bool):
        raise ValueError("must be a whole number, not true or false")
    return value


def _yaml_power(value: object) -> object:
    """YAML 1.1 reads a bare `on` as true and `off` as false."""
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else value


def _network(value: object) -> IPv4Network:
    """pydantic would say only that it is none, not what is wrong with it."""
    try:
        return IPv4Network(str(value))
    except ValueError as error:
        raise ValueError(f"must be a network, such as 10.30.0.0/16: {error}") from None


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))


Whole = Annotated[int, BeforeValidator(_not_a_boolean)]
Network = Annotated[IPv4Network, BeforeValidator(_network)]


class Settings(BaseModel):
    """Frozen, and a key it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ServiceSettings(Settings):
    """How large one service's task is, and on what it runs."""

    cpu: Whole = 256
    memory_mib: Whole = 512
    architecture: Literal["arm64", "x86_64"] = "arm64"
    spot: bool = False

    @model_validator(mode="after")
    def _fargate_has_the_size(self) -> Self:
        if self.cpu not in FARGATE_SIZES:
            raise ValueError(f"Fargate has no task with cpu {self.cpu}; it has {_listed(FARGATE_SIZES)}")
        if self.memory_mib not in FARGATE_SIZES[self.cpu]:
            fitting = _listed(FARGATE_SIZES[self.cpu])
            raise ValueError(
                f"Fargate has no task with cpu {self.cpu} and memory_mib {self.memory_mib}; with it go {fitting}"
            )
        return self


class PragmaticServices(Settings):
    """Pragmatic's one service."""

    monolith: ServiceSettings = ServiceSettings(spot=True)

    @field_validator("monolith", mode="before")
    @classmethod
    def _on_spot_by_default(cls, value: object) -> object:
        return {"spot": True, **value} if isinstance(value, dict) else value


class EnterpriseServices(Settings):
    """Enterprise's three services."""

    expenses: ServiceSettings = ServiceSettings()
    gym: ServiceSettings = ServiceSettings()
    heating: ServiceSettings = ServiceSettings()


class BridgeSettings(Settings):
    """The Lambda that turns a backup of pragmatic into enterprise's databases."""

    memory_mib: Annotated[Whole, Field(ge=512, le=10240)] = 1769  # Lambda gives one whole vCPU at 1,769 MiB
    architecture: Literal["arm64", "x86_64"] = "arm64"


class ThrottleSettings(Settings):
    """What the API lets through before it answers 429."""

    rate_per_s: Annotated[Whole, Field(ge=1, le=10_000)] = 20
    burst: Annotated[Whole, Field(ge=1, le=5_000)] = 40


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
    """What outlives the two architectures needs no more than a place."""


class ArchitectureSettings(StackSettings):
    """What pragmatic and enterprise both have: their differences are values, side by side in the two files."""

    power: Annotated[Power, BeforeValidator(_yaml_power)] = Power.ON
    azs: Annotated[Whole, Field(ge=1, le=3)] = 2
    cidr: Network
    journal: Literal["truncate", "wal"] = "truncate"
    log_days: Whole = 14
    throttle: ThrottleSettings = ThrottleSettings()
    registry: str = "localhost"
    services: PragmaticServices | EnterpriseServices

    @field_validator("registry", mode="after")
    @classmethod
    def _goes_before_an_image_name(cls, registry: str) -> str:
        if not re.fullmatch(r"[a-z0-9.-]+(:\d+)?(/[a-z0-9._-]+)*", registry):
            raise ValueError("must be a host, a port if need be and a path, without a scheme or a slash at the end")
        return registry

    @field_validator("cidr", mode="after")
    @classmethod
    def _room_for_the_subnets(cls, cidr: IPv4Network) -> IPv4Network:
        if not any(cidr.subnet_of(private) for private in PRIVATE_RANGES):
            raise ValueError("must lie in a private range: 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16")
        # AWS makes VPCs of /16 to /28; a load balancer wants subnets of /27, and the plan cuts the VPC into eight.
        if not 16 <= cidr.prefixlen <= 24:
            raise ValueError(f"must be a /16 to a /24, not a /{cidr.prefixlen}")
        return cidr

    @field_validator("log_days", mode="after")
    @classmethod
    def _cloudwatch_keeps_that_long(cls, days: int) -> int:
        if days not in LOG_DAYS:
            raise ValueError(f"must be one of CloudWatch's retentions: {_listed(LOG_DAYS)}")
        return days

    def service(self, name: str) -> ServiceSettings:
        """What one of the stack's services runs on."""
        settings: ServiceSettings = getattr(self.services, name)
        return settings

    def image(self, name: str) -> str:
        """The reference of an image, by the digest of its sources: `<registry>/ts-<image>@sha256:<64 hex>`."""
        return f"{self.registry}/ts-{name}@{images.content_digest(self.root, name)}"


class PragmaticSettings(ArchitectureSettings):
    """One process, always on."""

    cidr: Network = IPv4Network("10.20.0.0/16")
    services: PragmaticServices = PragmaticServices()


class EnterpriseSettings(ArchitectureSettings):
    """Three services, on weekends, with the data of a backup."""

    cidr: Network = IPv4Network("10.30.0.0/16")
    services: EnterpriseServices = EnterpriseServices()
    bridge: BridgeSettings = BridgeSettings()
    backup: str = SAMPLE

    @field_validator("backup", mode="after")
    @classmethod
    def _names_a_backup(cls, backup: str) -> str:
        if backup != SAMPLE and not BACKUP_ID.fullmatch(backup):
            raise ValueError(f"must be {SAMPLE!r} or a backup's id, such as 20261128T020000Z-0123456789ab")
        return backup


AnySettings = FoundationSettings | PragmaticSettings | EnterpriseSettings

MODELS: Final[dict[str, type[FoundationSettings] | type[PragmaticSettings] | type[EnterpriseSettings]]] = {
    "foundation": FoundationSettings,
    "pragmatic": PragmaticSettings,
    "enterprise": EnterpriseSettings,
}


def load_settings(stack: str, root: Path, **overrides: object) -> AnySettings:
    """A stack's settings: its file's values, over them those given by hand; a SettingsError says what to change."""
    if stack not in MODELS:
        raise SettingsError(
            f"there is no stack {stack!r}{did_you_mean(stack, list(MODELS))}",
            hint=f"the stacks are {', '.join(MODELS)}",
        )
    file = f"Pulumi.{stack}.yaml"
    values = read_settings(root / file)
    if "root" in values:
        raise unknown_setting(file, MODELS[stack], ("root",), values["root"])
    try:
        return MODELS[stack].model_validate({**values, **overrides, "root": root})
    except ValidationError as error:
        raise settings_error(file, MODELS[stack], error, overrides) from None
