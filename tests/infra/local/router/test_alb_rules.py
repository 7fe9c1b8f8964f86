"""Which rule of a load balancer a request takes."""

import math

import pytest

from trackstack_infra.local.router.alb_rules import (
    Address,
    Condition,
    FixedResponse,
    Forward,
    Listener,
    ListenerRule,
    Redirect,
    Rotation,
    choose_action,
    redirect_location,
)
from trackstack_infra.local.router.message import Headers, Request

HOST = "ts-enterprise-1.eu-central-1.elb.amazonaws.com"
NOT_FOUND = FixedResponse(404, "application/json", "{}")
HIT = FixedResponse(200, "text/plain", "hit")


def listener(*rules: ListenerRule) -> Listener:
    """Return a listener with these rules and a 404 for the rest."""
    return Listener("arn:listener", 80, "HTTP", (*rules, ListenerRule(math.inf, (), NOT_FOUND)))


def request(target: str = "/", method: str = "GET", headers: Headers | None = None) -> Request:
    """Return a request."""
    return Request(method, target.encode(), headers or [(b"host", b"127.0.0.1:8602")])


@pytest.mark.parametrize(
    ("pattern", "target", "fits"),
    [
        ("/api/v1/gym/*", "/api/v1/gym/workouts", True),
        ("/api/v1/gym/*", "/api/v1/gym/", True),
        ("/api/v1/gym/*", "/api/v1/gym", False),
        ("/api/v1/gym/*", "/api/v1/gym/a/b/c", True),
        ("/api/v1/gym/*", "/API/v1/gym/workouts", False),
        ("/api/v1/gym/*", "/api/v1/gyms/workouts", False),
        ("/img/?.png", "/img/a.png", True),
        ("/img/?.png", "/img/ab.png", False),
        ("/a[b]/*", "/a[b]/c", True),
        ("/a[b]/*", "/ab/c", False),
        ("/x", "/x?y=1", True),
        ("/a%2Fb", "/a%2Fb", True),
    ],
)
def test_paths_fit_patterns_as_on_aws(pattern: str, target: str, fits: bool) -> None:
    """`*` is anything, `?` one character, nothing else is special; case counts, the query does not."""
    rules = listener(ListenerRule(1, (Condition("path-pattern", (pattern,)),), HIT))
    assert choose_action(rules, request(target), HOST) == (HIT if fits else NOT_FOUND)


@pytest.mark.parametrize(
    ("condition", "fits"),
    [
        (Condition("host-header", ("*.ELB.amazonaws.com",)), True),
        (Condition("host-header", ("shop.example.com",)), False),
        (Condition("http-request-method", ("POST", "PUT")), True),
        (Condition("http-request-method", ("GET",)), False),
        (Condition("http-header", ("*Chrome*",), "User-Agent"), True),
        (Condition("http-header", ("*Safari*",), "User-Agent"), False),
        (Condition("http-header", ("*",), "X-Absent"), False),
        (Condition("query-string", ("version=v1*",)), True),
        (Condition("query-string", ("version=v2",)), False),
        (Condition("query-string", ("v1.5",)), True),
        (Condition("source-ip", ("127.0.0.0/8",)), True),
        (Condition("source-ip", ("10.0.0.0/16",)), False),
    ],
)
def test_every_kind_of_condition(condition: Condition, fits: bool) -> None:
    """Host, method, header, query and source; a condition holds when one of its values does."""
    asked = request("/?version=v1.5", "POST", [(b"host", b"127.0.0.1:8602"), (b"user-agent", b"a chrome browser")])
    assert (choose_action(listener(ListenerRule(1, (condition,), HIT)), asked, HOST) == HIT) is fits


def test_the_lowest_number_goes_first_in_whatever_order_rules_were_made() -> None:
    """Priorities decide, not the order in which the emulator lists them."""
    first = FixedResponse(200, "text/plain", "first")
    rules = listener(
        ListenerRule(20, (Condition("path-pattern", ("/api/*",)),), HIT),
        ListenerRule(3, (Condition("path-pattern", ("/api/v1/*",)),), first),
    )
    assert choose_action(rules, request("/api/v1/x"), HOST) == first
    assert choose_action(rules, request("/api/v2/x"), HOST) == HIT


def test_all_conditions_of_a_rule_must_hold() -> None:
    """A rule for GET below /api/ does not take a POST."""
    both = (Condition("path-pattern", ("/api/*",)), Condition("http-request-method", ("GET",)))
    rules = listener(ListenerRule(1, both, HIT))
    assert choose_action(rules, request("/api/x"), HOST) == HIT
    assert choose_action(rules, request("/api/x", "POST"), HOST) == NOT_FOUND


@pytest.mark.parametrize(
    ("path", "query", "location"),
    [
        ("/#{path}", "#{query}", "http://127.0.0.1:8602/old/page?x=1"),
        ("/new/#{path}", "", "http://127.0.0.1:8602/new/old/page"),
        ("/fixed", "from=#{path}", "http://127.0.0.1:8602/fixed?from=old/page"),
    ],
)
def test_a_redirect_fills_in_what_the_client_asked(path: str, query: str, location: str) -> None:
    """The parts of a redirect may repeat the request's; host and port are those of this computer."""
    redirect = Redirect(301, "#{protocol}", "#{host}", "#{port}", path, query)
    assert redirect_location(redirect, request("/old/page?x=1"), listener()) == location


def test_targets_take_turns() -> None:
    """Round robin: each healthy target gets the next request."""
    rotation = Rotation()
    targets = (Address("127.0.0.1", 1), Address("127.0.0.1", 2), Address("127.0.0.1", 3))
    turns = [rotation.target("group", targets) for _ in range(5)]
    assert [turn.port for turn in turns if turn] == [1, 2, 3, 1, 2]
    assert rotation.target("group", ()) is None


def test_groups_get_their_share_by_weight() -> None:
    """Of four requests, a group of weight 3 gets three and one of weight 1 gets one; weight 0 gets none."""
    rotation = Rotation()
    groups = Forward((("old", 3), ("new", 1), ("off", 0))).groups
    turns = [rotation.group(groups) for _ in range(8)]
    assert sorted(turns[:4]) == sorted(turns[4:]) == ["new", "old", "old", "old"]
    assert rotation.group((("off", 0),)) is None
