"""Which prices there must be, and what changed from one snapshot to another."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from trackstack_infra.costs.snapshot import FreeTier, Price, Snapshot, Tier

FULL_REGIONS: Final = ("us-east-1", "eu-central-1")
"""Where every price must be known. Of other regions what is known is used, and what is not is unpriced."""

IDS: Final = (
    "fargate.arm.vcpu_hour",
    "fargate.arm.gb_hour",
    "fargate.x86.vcpu_hour",
    "fargate.x86.gb_hour",
    "fargate.spot.arm.vcpu_hour",
    "fargate.spot.arm.gb_hour",
    "fargate.spot.x86.vcpu_hour",
    "fargate.spot.x86.gb_hour",
    "fargate.ephemeral_gb_hour",
    "lambda.request",
    "lambda.arm.gb_second",
    "lambda.x86.gb_second",
    "lambda.ephemeral_gb_second",
    "ec2.t4g.nano_hour",
    "ebs.gp3_gb_month",
    "rds.postgres.t4g.micro_hour",
    "rds.gp3_gb_month",
    "lightsail.bundle.nano_3_0_month",
    "lightsail.bundle.micro_3_0_month",
    "lightsail.bundle.small_3_0_month",
    "lightsail.bundle.medium_3_0_month",
    "lightsail.bundle.nano_ipv6_3_0_month",
    "lightsail.bundle.micro_ipv6_3_0_month",
    "lightsail.bundle.small_ipv6_3_0_month",
    "lightsail.bundle.medium_ipv6_3_0_month",
    "nat.hour",
    "nat.gb",
    "alb.hour",
    "alb.lcu_hour",
    "ipv4.hour",
    "vpc.endpoint_hour",
    "vpc.endpoint_gb",
    "data.out_gb",
    "data.inter_az_gb",
    "efs.standard_gb_month",
    "efs.ia_gb_month",
    "efs.elastic_read_gb",
    "efs.elastic_write_gb",
    "backup.efs_gb_month",
    "s3.standard_gb_month",
    "s3.put",
    "s3.get",
    "ecr.gb_month",
    "cloudfront.out_gb",
    "cloudfront.request",
    "cloudfront.function",
    "api.http.request",
    "dns.zone_month",
    "dns.query",
    "cloudmap.discover",
    "sqs.request",
    "sqs.fifo_request",
    "sns.publish",
    "scheduler.invocation",
    "events.custom",
    "logs.ingest_gb",
    "logs.stored_gb_month",
    "cloudwatch.metric_month",
    "cloudwatch.alarm_month",
    "cloudwatch.alarm_high_resolution_month",
    "cloudwatch.dashboard_month",
    "budgets.action_day",
    "dynamodb.wcu_hour",
    "dynamodb.rcu_hour",
    "dynamodb.gb_month",
    "cognito.essentials_mau",
    "secrets.month",
    "secrets.call",
    "kms.key_month",
    "kms.request",
)
"""Every price that a stack of this project may ask for with some setting."""

OTHERS: Final = (
    "api.websocket.request",
    "budgets.action_day",
    "cloudwatch.dashboard_month",
    "cognito.lite_mau",
    "cognito.plus_mau",
    "dynamodb.read",
    "dynamodb.write",
    "ecs.container_insights",
    "efs.one_zone_gb_month",
    "efs.provisioned_mibps_month",
    "ssm.advanced_month",
)
"""Further prices that a rule asks for if a program has such a resource; no stack has, so no region needs them."""

OPEN: Final = (
    "ebs.TYPE_gb_month",
    "ec2.TYPE_hour",
    "lightsail.bundle.ID_month",
    "rds.ENGINE.SIZE_hour",
    "rds.TYPE_gb_month",
)
"""Prices whose names hold an input of a resource, a word in capitals each: there are more than anybody lists."""

_OPEN: Final = tuple(re.compile(re.sub(r"[A-Z]+", r"[A-Za-z0-9_.-]+", each.replace(".", r"\."))) for each in OPEN)


def can_be_asked(id_: str) -> bool:
    """Whether a billing rule may ask for such a price."""
    return id_ in IDS or id_ in OTHERS or any(pattern.fullmatch(id_) for pattern in _OPEN)


def nowhere(snapshot: Snapshot) -> tuple[str, ...]:
    """Prices that rules may ask for and of which no region has one: what needs them is unpriced everywhere."""
    known = {price.id for price in snapshot.entries}
    return tuple(id_ for id_ in sorted((*IDS, *OTHERS)) if id_ not in known)


def known_of(snapshot: Snapshot) -> dict[str, tuple[str, ...]]:
    """The prices there are of each open name; all others of that name are unpriced."""
    ids = sorted({price.id for price in snapshot.entries})
    return {
        name: tuple(id_ for id_ in ids if pattern.fullmatch(id_)) for name, pattern in zip(OPEN, _OPEN, strict=True)
    }


def missing_in(snapshot: Snapshot, region: str) -> tuple[str, ...]:
    """Prices that a snapshot does not have for a region."""
    return tuple(id_ for id_ in IDS if snapshot.find(id_, region) is None)


def loose_ends(snapshot: Snapshot) -> Iterator[str]:
    """What is in a snapshot and cannot be meant: prices nobody asks for, free parts of no price."""
    for id_ in sorted({price.id for price in snapshot.entries}):
        if not can_be_asked(id_):
            yield f"{id_}: no billing rule uses this price"
    for tier in snapshot.free_tiers:
        for id_ in tier.prices:
            if not can_be_asked(id_):
                yield f"{tier.id}: free units of {id_}, which is not a price"


@dataclass(frozen=True)
class PriceChange:
    """One price in two snapshots; None where one of them has none."""

    id: str
    region: str
    before: Price | None
    after: Price | None

    @property
    def factor(self) -> Decimal | None:
        """How much the first tier rose or fell; None where nothing can be compared."""
        if self.before is None or self.after is None or not self.before.tiers[0].usd:
            return None
        return self.after.tiers[0].usd / self.before.tiers[0].usd


@dataclass(frozen=True)
class FreeTierChange:
    """One free tier in two snapshots; None where one of them has none."""

    id: str
    before: FreeTier | None
    after: FreeTier | None


def free_tier_changes(before: Snapshot, after: Snapshot) -> tuple[FreeTierChange, ...]:
    """Free tiers that give other units, or give them for other prices."""
    old, new = ({tier.id: tier for tier in each.free_tiers} for each in (before, after))
    both = (FreeTierChange(id_, old.get(id_), new.get(id_)) for id_ in sorted(old.keys() | new.keys()))
    return tuple(each for each in both if _given(each.before) != _given(each.after))


def _given(tier: FreeTier | None) -> tuple[Decimal, frozenset[str]] | None:
    return None if tier is None else (tier.units, frozenset(tier.prices))


def changes(before: Snapshot, after: Snapshot) -> tuple[PriceChange, ...]:
    """Prices that differ, or are for another unit, by id and region; a price that was only read again is the same."""
    old, new = ({(price.id, price.region): price for price in each.entries} for each in (before, after))
    both = (PriceChange(*key, old.get(key), new.get(key)) for key in sorted(old.keys() | new.keys()))
    return tuple(each for each in both if not (each.before and each.after and _asks(each.before) == _asks(each.after)))


def _asks(price: Price) -> tuple[tuple[Tier, ...], str]:
    return price.tiers, price.unit
