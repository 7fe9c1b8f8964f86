"""Application load balancers: listeners, rules and what they do with a request. Pure."""

import ipaddress
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import parse_qsl

from trackstack_infra.local.router.globs import matches
from trackstack_infra.local.router.message import Request


class Address(NamedTuple):
    """Where a task listens."""

    host: str
    port: int


@dataclass(frozen=True)
class Condition:
    """One condition of a rule; it holds when one of its values does."""

    field: str
    values: tuple[str, ...]
    name: str = ""
    """Of the header, for http-header."""


@dataclass(frozen=True)
class Forward:
    """Send it to a target of one of the groups, chosen by their weights."""

    groups: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class FixedResponse:
    """Answer this."""

    status: int
    content_type: str
    body: str


@dataclass(frozen=True)
class Redirect:
    """Send the client elsewhere; the parts may use #{protocol}, #{host}, #{port}, #{path} and #{query}."""

    status: int
    protocol: str
    host: str
    port: str
    path: str
    query: str


Action = Forward | FixedResponse | Redirect


@dataclass(frozen=True)
class ListenerRule:
    """Every condition must hold; the default rule has none and comes last."""

    priority: float
    conditions: tuple[Condition, ...]
    action: Action


@dataclass(frozen=True)
class Listener:
    """One port of a balancer, with its rules in the order of their priorities."""

    arn: str
    port: int
    protocol: str
    rules: tuple[ListenerRule, ...]


@dataclass(frozen=True)
class BalancerRouting:
    """One balancer."""

    arn: str
    name: str
    stack: str
    dns_name: str
    listeners: tuple[Listener, ...]


def choose_action(listener: Listener, request: Request, host: str) -> Action:
    """Return what the first rule that fits does; `host` is the name the client meant."""
    for rule in sorted(listener.rules, key=lambda rule: rule.priority):
        if all(_holds(condition, request, host) for condition in rule.conditions):
            return rule.action
    raise ValueError(f"listener {listener.arn} has no default rule")


def redirect_location(action: Redirect, request: Request, listener: Listener) -> str:
    """Return the address a redirect sends the client to; host and port are those the client used here."""
    host, _, port = (request.header("host") or "").rpartition(":")
    parts = {
        "#{protocol}": listener.protocol.lower(),
        "#{host}": host,
        "#{port}": port,
        "#{path}": request.path.removeprefix("/"),
        "#{query}": request.query,
    }

    def fill(template: str) -> str:
        for name, value in parts.items():
            template = template.replace(name, value)
        return template

    query = fill(action.query)
    return (
        f"{fill(action.protocol).lower()}://{fill(action.host)}:{fill(action.port)}{fill(action.path)}"
        f"{'?' + query if query else ''}"
    )


def _holds(condition: Condition, request: Request, host: str) -> bool:
    return any(_TESTS[condition.field](condition, value, request, host) for value in condition.values)


def _header_fits(condition: Condition, value: str, request: Request, host: str) -> bool:
    sent = request.header(condition.name)
    return sent is not None and matches(value, sent, ignore_case=True)


def _query_fits(condition: Condition, value: str, request: Request, host: str) -> bool:
    """A value is `key=pattern`, or a pattern for the value of any key."""
    key, separator, pattern = value.rpartition("=")
    return any(
        (not separator or matches(key, name, ignore_case=True)) and matches(pattern, sent, ignore_case=True)
        for name, sent in parse_qsl(request.query, keep_blank_values=True)
    )


def _source_fits(condition: Condition, value: str, request: Request, host: str) -> bool:
    return ipaddress.ip_address(request.client) in ipaddress.ip_network(value, strict=False)


_TESTS: Mapping[str, Callable[[Condition, str, Request, str], bool]] = {
    "path-pattern": lambda condition, value, request, host: matches(value, request.path),
    "host-header": lambda condition, value, request, host: matches(value, host, ignore_case=True),
    "http-request-method": lambda condition, value, request, host: value == request.method,
    "http-header": _header_fits,
    "query-string": _query_fits,
    "source-ip": _source_fits,
}


class Rotation:
    """Round robin over targets, and over groups by weight: smooth, so that 2:1 gives A B A and not A A B."""

    def __init__(self) -> None:
        self._turns: dict[str, int] = {}
        self._credit: dict[tuple[tuple[str, int], ...], dict[str, int]] = {}

    def group(self, groups: tuple[tuple[str, int], ...]) -> str | None:
        """Return the group whose turn it is, None when all weigh nothing."""
        total = sum(weight for _, weight in groups)
        if total == 0:
            return None
        credit = self._credit.setdefault(groups, {})
        for arn, weight in groups:
            credit[arn] = credit.get(arn, 0) + weight
        chosen = max((arn for arn, _ in groups), key=credit.__getitem__)
        credit[chosen] -= total
        return chosen

    def target(self, group: str, targets: Sequence[Address]) -> Address | None:
        """Return the target whose turn it is, None when there is none."""
        if not targets:
            return None
        turn = self._turns.get(group, 0)
        self._turns[group] = turn + 1
        return targets[turn % len(targets)]
