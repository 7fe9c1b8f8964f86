"""Everything the edges route by, as it was last read; and reading it again when the emulator says that it changed."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from botocore.exceptions import BotoCoreError, ClientError

from trackstack_infra.local.router.alb_rules import Address, BalancerRouting
from trackstack_infra.local.router.api_routes import ApiRouting
from trackstack_infra.local.router.distributions import Distribution
from trackstack_infra.local.router.read_alb import read_balancers, read_targets
from trackstack_infra.local.router.read_api import read_apis
from trackstack_infra.local.router.read_cloud_map import read_instances, read_names
from trackstack_infra.local.router.read_cloudfront import read_distributions, read_policies
from trackstack_infra.local.router.reading import Aws

log = logging.getLogger(__name__)

QUIET_S = 0.05
"""A stack makes its resources in a burst: read when it pauses, ..."""
LONGEST_S = 0.5
"""... but not later than this."""

FOLLOWED = frozenset({"elbv2", "apigatewayv2", "servicediscovery", "cloudfront", "s3"})


@dataclass(frozen=True)
class Tables:
    """One consistent set; replaced as a whole."""

    balancers: tuple[BalancerRouting, ...] = ()
    targets: Mapping[str, tuple[Address, ...]] = field(default_factory=dict)
    """Healthy ones by target group ARN."""
    apis: tuple[ApiRouting, ...] = ()
    instances: Mapping[str, tuple[Address, ...]] = field(default_factory=dict)
    """By Cloud Map service ARN."""
    named: Mapping[str, str] = field(default_factory=dict)
    """Cloud Map service ARNs by the public host name that resolves to their instances."""
    distributions: tuple[Distribution, ...] = ()
    policies: Mapping[str, str | None] = field(default_factory=dict)
    """By bucket."""


def read_again(aws: Aws, tables: Tables, changed: frozenset[str]) -> Tables:
    """Return the tables with the parts read anew that a change of these services can touch."""
    if "elbv2" in changed:
        tables = replace(tables, balancers=read_balancers(aws), targets=read_targets(aws))
    if "apigatewayv2" in changed:
        tables = replace(tables, apis=read_apis(aws))
    if "cloudfront" in changed:
        tables = replace(tables, distributions=read_distributions(aws))
    if changed & {"cloudfront", "servicediscovery"}:
        tables = replace(tables, named=read_names(aws, tables.distributions))
    if changed & {"apigatewayv2", "cloudfront", "servicediscovery"}:
        tables = replace(tables, instances=read_instances(aws, tables.apis, tables.named.values()))
    if changed & {"cloudfront", "s3"}:
        tables = replace(tables, policies=read_policies(aws, tables.distributions))
    return tables


class Follower:
    """Reads in a thread of its own; `apply` gets each new set and returns when it is in use."""

    def __init__(self, aws: Aws, apply: Callable[[Tables], None]) -> None:
        self._aws = aws
        self._apply = apply
        self._tables = Tables()
        self._condition = threading.Condition()
        self._dirty: set[str] = set(FOLLOWED)
        self._changes = 1
        self._applied = 0
        self._first_change_at = time.monotonic()
        self._last_change_at = 0.0
        self._urgent = False
        self._stopping = False
        self._thread = threading.Thread(target=self._follow, name="router-follower", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; nobody waits any more."""
        with self._condition:
            self._stopping = True
            self._condition.notify_all()
        self._thread.join()

    def changed(self, service: str) -> None:
        """Told from any thread that something of an AWS service changed."""
        if service not in FOLLOWED:
            return
        with self._condition:
            now = time.monotonic()
            if not self._dirty:
                self._first_change_at = now
            self._last_change_at = now
            self._dirty.add(service)
            self._changes += 1
            self._condition.notify_all()

    def settle(self, timeout_s: float) -> bool:
        """Wait until every change published before this call is in use; it is read at once."""
        with self._condition:
            change = self._changes
            if self._applied < change:
                self._urgent = True
                self._condition.notify_all()
            return self._condition.wait_for(lambda: self._applied >= change or self._stopping, timeout_s)

    def _follow(self) -> None:
        while True:
            with self._condition:
                while not self._stopping and self._wait_s() > 0:
                    self._condition.wait(self._wait_s() if self._dirty else None)
                if self._stopping:
                    return
                changed, change = frozenset(self._dirty), self._changes
                self._dirty.clear()
                self._urgent = False
            self._read(changed, change)

    def _wait_s(self) -> float:
        if not self._dirty:
            return float("inf")
        if self._urgent:
            return 0.0
        due = min(self._last_change_at + QUIET_S, self._first_change_at + LONGEST_S)
        return max(0.0, due - time.monotonic())

    def _read(self, changed: frozenset[str], change: int) -> None:
        try:
            self._tables = read_again(self._aws, self._tables, changed)
        except (ClientError, BotoCoreError) as error:
            # Something was deleted between being listed and being read; that deletion is a change too, or we try again.
            log.info("reading %s again: %s", ", ".join(sorted(changed)), error)
            with self._condition:
                self._dirty |= changed
                self._first_change_at = self._last_change_at = time.monotonic()
            return
        except Exception:
            # One odd record must not stop the router: it goes on with what it knew.
            log.exception("cannot make out what the emulator says about %s", ", ".join(sorted(changed)))
        self._apply(self._tables)
        with self._condition:
            self._applied = change
            self._condition.notify_all()
