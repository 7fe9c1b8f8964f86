"""Groups of settings: what stands below one key of a stack's file, each checked by itself."""

import re
from collections.abc import Iterable
from datetime import time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from trackstack_infra.zones import zone_of

# Fargate's sizes up to 4 vCPU: cpu units -> MiB of memory it may have.
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
FARGATE_SIZES: Final = {
    256: (512, 1024, 2048),
    512: tuple(range(1024, 4096 + 1, 1024)),
    1024: tuple(range(2048, 8192 + 1, 1024)),
    2048: tuple(range(4096, 16384 + 1, 1024)),
    4096: tuple(range(8192, 30720 + 1, 1024)),
}
_HOST_NAME: Final = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_MAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,63}")


def _not_a_boolean(value: object) -> object:
    """YAML's true is a number to Python; as a setting it is a slip."""
    if isinstance(value, bool):
        raise ValueError("must be a number, not true or false")
    return value


def _clock(value: object) -> object:
    """YAML 1.1 reads a bare 22:00 as 1320, sixty to the hour."""
    if isinstance(value, int):
        raise ValueError('must be a time of day in quotes, such as "08:00"')
    return value


def listed(numbers: Iterable[int]) -> str:
    """`1, 2, 3`."""
    return ", ".join(map(str, numbers))


def _zone(name: str) -> str:
    zone_of(name)
    return name


Whole = Annotated[int, BeforeValidator(_not_a_boolean)]
Clock = Annotated[time, BeforeValidator(_clock)]


class Settings(BaseModel):
    """Frozen, and a key it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ServiceSettings(Settings):
    """How large one service's task is, and on what it runs."""

    cpu: Whole = 256
    memory_mib: Whole = 512
    architecture: Literal["arm64", "x86_64"] = "arm64"
    # The part of its hours that the task is expected to find Spot capacity; 0 never asks for Spot.
    spot_share: Annotated[Decimal, BeforeValidator(_not_a_boolean), Field(ge=0, le=1)] = Decimal(0)

    @model_validator(mode="after")
    def _fargate_has_the_size(self) -> Self:
        if self.cpu not in FARGATE_SIZES:
            raise ValueError(f"Fargate has no task with cpu {self.cpu}; it has {listed(FARGATE_SIZES)}")
        if self.memory_mib not in FARGATE_SIZES[self.cpu]:
            fitting = listed(FARGATE_SIZES[self.cpu])
            raise ValueError(
                f"Fargate has no task with cpu {self.cpu} and memory_mib {self.memory_mib}; it has memory_mib {fitting}"
            )
        return self

    @property
    def spot(self) -> bool:
        """Whether the task asks for Spot capacity."""
        return self.spot_share > 0


# What is left of a month when Spot cannot be had 5 % of the time.
ON_SPOT: Final = ServiceSettings(spot_share=Decimal("0.95"))


class PragmaticServices(Settings):
    """Pragmatic's one service."""

    monolith: ServiceSettings = ON_SPOT

    @field_validator("monolith", mode="before")
    @classmethod
    def _on_spot_by_default(cls, value: object) -> object:
        return {"spot_share": ON_SPOT.spot_share, **value} if isinstance(value, dict) else value


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


class DomainSettings(Settings):
    """A name of one's own for the site, in a Route 53 zone that the account already has."""

    name: str
    zone: str

    @field_validator("name", "zone", mode="after")
    @classmethod
    def _is_a_host_name(cls, name: str) -> str:
        if not _HOST_NAME.fullmatch(name):
            raise ValueError("must be a host name in lower case, such as track.example.org")
        return name

    @model_validator(mode="after")
    def _lies_in_the_zone(self) -> Self:
        if self.name != self.zone and not self.name.endswith(f".{self.zone}"):
            raise ValueError(f"name {self.name} is not in zone {self.zone}")
        return self


class Weekday(StrEnum):
    """The days as a schedule names them, Monday first."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


class ScheduleSettings(Settings):
    """When a scheduled stack runs: from `start` to `stop` on each of the days, by the clock of a time zone."""

    days: tuple[Weekday, ...] = (Weekday.SAT, Weekday.SUN)
    start: Clock = time(8)
    stop: Clock = time(22)
    timezone: str = "Europe/Berlin"

    _zone_is_known = field_validator("timezone", mode="after")(_zone)

    @field_validator("days", mode="after")
    @classmethod
    def _each_day_once(cls, days: tuple[Weekday, ...]) -> tuple[Weekday, ...]:
        if not days or len(set(days)) < len(days):
            raise ValueError("must list at least one day, each once")
        return tuple(sorted(days, key=list(Weekday).index))

    @model_validator(mode="after")
    def _stops_after_it_starts(self) -> Self:
        if self.stop <= self.start:
            raise ValueError(f"stops at {self.stop:%H:%M} but starts at {self.start:%H:%M} the same day")
        return self


class NightlyBackupSettings(Settings):
    """When the app is asked for its nightly backup."""

    at: Clock = time(2)
    timezone: str = "UTC"

    _zone_is_known = field_validator("timezone", mode="after")(_zone)


class BudgetSettings(Settings):
    """What the account may cost in a month, and who is told; nobody is told without an address."""

    usd: Annotated[Decimal, BeforeValidator(_not_a_boolean), Field(gt=0, decimal_places=2)] = Decimal(25)
    mail: str | None = None

    @field_validator("mail", mode="after")
    @classmethod
    def _is_an_address(cls, mail: str | None) -> str | None:
        if mail is not None and not _MAIL.fullmatch(mail):
            raise ValueError("must be an email address")
        return mail


class GithubSettings(Settings):
    """The one repository whose workflows may take on this account's roles.

    Names can be given away and taken again, numbers cannot: GitHub's tokens hold both (`owner@id/repository@id`).
    """

    owner: Annotated[str, Field(pattern=r"^[A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?$")]
    owner_id: Annotated[Whole, Field(gt=0)]
    repository: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,100}$")]
    repository_id: Annotated[Whole, Field(gt=0)]
    branch: Annotated[str, Field(pattern=r"^[A-Za-z0-9._/-]{1,200}$")] = "main"
