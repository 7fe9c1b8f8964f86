"""Choices beside each other: what differs, by how much, and which is cheapest."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from trackstack_infra.costs.line import Estimate, Line, Unpriced
from trackstack_infra.costs.scope import Period, Scope
from trackstack_infra.costs.snapshot import Snapshot
from trackstack_infra.costs.usage import Usage
from trackstack_infra.costs.what_if import Choice, Comparison, as_document, as_text, record_as
from trackstack_infra.errors import SettingsError, UsageError
from trackstack_infra.settings.groups import Weekday
from trackstack_infra.settings.load import SettingsFiles

CHECKOUT = Path(__file__).resolve().parents[3]

Make = Callable[..., Line]


def choice(name: str, *lines: Line) -> Choice:
    return Choice(name, Estimate(lines=lines, unpriced=(), free=()))


@pytest.fixture
def two(make_line: Make) -> Comparison:
    """A NAT gateway for 112 h at 4 cents, and none; the balancer stays."""
    balancer = make_line("enterprise", "alb.hour", "0.02", 112, always=730, component="balancer")
    nat = make_line("enterprise", "nat.hour", "0.04", 112, always=730, component="nat")
    return Comparison((choice("as it is", nat, balancer), choice("egress=ipv6", balancer)))


def test_what_differs_by_component(two: Comparison) -> None:
    """4.48 of NAT goes; 2.24 stays; 29.20 and 14.60 were it always on."""
    rows = [line.split() for line in as_text(two, "enterprise").splitlines()]
    assert rows == [
        ["enterprise"],
        ["A", "as", "it", "is"],
        ["B", "egress=ipv6"],
        [],
        ["$", "A", "MONTH", "A", "B", "B", "–", "A"],
        ["nat", "$4.48", "–", "–$4.48"],
        ["everything", "else", "$2.24", "$2.24", "–"],
        ["total", "$6.72", "$2.24", "–$4.48"],
        ["if", "always", "on", "$43.80", "$14.60", "–$29.20"],
        ["cheapest"],
    ]


def test_the_cheapest_stands_below_its_column(two: Comparison) -> None:
    """The first of equals, and no line is longer than 80 columns."""
    page = as_text(two, "enterprise").splitlines()
    assert page[-1].index("cheapest") + len("cheapest") == page[7].index("$2.24") + len("$2.24")
    assert max(map(len, page)) <= 80
    equal = Comparison((choice("one"), choice("other")))
    assert equal.cheapest.name == "one"
    assert equal.differing == ()


def test_many_choices_are_rows(make_line: Make) -> None:
    """Five columns of amounts would be too wide: then each choice is a row, with what it costs more."""
    hours = (100, 300, 200, 500, 400)
    five = tuple(choice(f"h={each}", make_line("enterprise", "nat.hour", "0.04", each)) for each in hours)
    rows = [line.split() for line in as_text(Comparison(five), "enterprise").splitlines()]
    assert rows[3:] == [
        ["h=100", "$4.00", "$4.00", "cheapest"],
        ["h=300", "$12.00", "$12.00", "+$8.00"],
        ["h=200", "$8.00", "$8.00", "+$4.00"],
        ["h=500", "$20.00", "$20.00", "+$16.00"],
        ["h=400", "$16.00", "$16.00", "+$12.00"],
    ]


def test_figures_that_do_not_add_up_are_explained(make_line: Make) -> None:
    """Two of 0.4 cents show as nothing each, and as a cent together."""
    one = choice(
        "one", make_line("enterprise", "nat.hour", "0.004", 1), make_line("enterprise", "ipv4.hour", "0.004", 1)
    )
    other = choice("other", make_line("enterprise", "nat.hour", "1", 1), make_line("enterprise", "ipv4.hour", "1", 1))
    page = as_text(Comparison((one, other)), "enterprise")
    assert "A: rounded figures add up to $0.00; the exact sum is $0.01." in page
    assert "B: rounded" not in page
    # 2.00 − 0.008 = 1.992, shown as 1.99, as 2.00 − 0.01 is
    assert "rounded totals" not in page


def test_a_difference_that_rounding_moves_is_explained(make_line: Make) -> None:
    """0.006 and 1.014 are shown as 0.01 and 1.01, and 1.008 between them as 1.01."""
    one, other = (choice(usd, make_line("enterprise", "nat.hour", usd, 1)) for usd in ("0.006", "1.014"))
    page = as_text(Comparison((one, other)), "enterprise")
    assert "B – A: rounded totals differ by $1.00; the exact difference is $1.01." in page
    assert "rounded" not in as_text(Comparison((one, one)), "enterprise")


def gapped(name: str, *lines: Line) -> Choice:
    """A choice with something that has no price."""
    odd = Unpriced(stack="enterprise", urn="urn:odd", type="aws:odd/thing:Thing", why="no rule")
    return Choice(name, Estimate(lines=lines, unpriced=(odd,), free=()))


def test_the_cheapest_is_not_known_where_it_lacks_a_price(make_line: Make) -> None:
    """`≥` marks its total, and neither the difference nor the cheapest is told; a dearer choice may have gaps."""
    cheap, dear = (make_line("enterprise", "nat.hour", "0.04", hours) for hours in (100, 200))
    unknown = Comparison((gapped("odd", cheap), choice("whole", dear)))
    rows = [line.split() for line in as_text(unknown, "enterprise").splitlines()]
    assert ["total", "≥$4.00", "$8.00", "not", "known"] in rows
    assert next(row for row in rows if "Which" in row)[:7] == ["Which", "one", "is", "cheapest", "is", "not", "known:"]
    assert not any("cheapest" in row and "Which" not in row for row in rows)
    document = as_document(unknown)
    assert document["cheapest"] is None
    assert [each["at_least"] for each in document["choices"]] == [True, False]
    known = Comparison((choice("whole", cheap), gapped("odd", dear)))
    assert known.cheapest is known.choices[0]
    five = Comparison((*unknown.choices, *(choice(str(each), dear) for each in range(3))))
    assert ["whole", "$8.00", "$8.00", "not", "known"] in [
        line.split() for line in as_text(five, "enterprise").splitlines()
    ]


def test_the_document_has_every_component(two: Comparison) -> None:
    """Also those that cost the same; amounts are texts."""
    document = as_document(two)
    assert document["cheapest"] == "egress=ipv6"
    assert [each["components"] for each in document["choices"]] == [
        {"balancer": "2.24", "nat": "4.48"},
        {"balancer": "2.24", "nat": "0"},
    ]


def test_ipv6_is_priced_with_an_examples_domain(prices: Snapshot, usage: Usage) -> None:
    """Asking for its price needs no domain yet: one is filled in, and the answer says so. The IPv4 address goes."""
    plain, assumed = record_as("pragmatic", SettingsFiles(CHECKOUT), {"ingress": "ipv6"})
    own = {"name": "a.example.com", "zone": "example.com"}
    assert assumed == ("ingress ipv6 needs a domain: priced with track.example.org, without its zone and fee",)
    assert record_as("pragmatic", SettingsFiles(CHECKOUT), {"ingress": "ipv6", "domain": own})[1] == ()
    scope = Scope(stacks=(plain,), period=Period(hours=Decimal(730)), prices=prices, usage=usage)
    assert not [line for line in scope.estimate().lines if line.price.id == "ipv4.hour"]


def test_schedules_that_are_none() -> None:
    """`always` has no schedule, `weekend` is the default; one spelled out stops pragmatic, too."""
    assert record_as("enterprise", SettingsFiles(CHECKOUT), {"schedule": "always"})[0].schedule is None
    weekend = record_as("enterprise", SettingsFiles(CHECKOUT), {"schedule": "weekend"})[0].schedule
    assert weekend is not None
    assert weekend.days == (Weekday.SAT, Weekday.SUN)
    friday = record_as("enterprise", SettingsFiles(CHECKOUT), {"schedule": {"days": ["fri"]}})[0].schedule
    assert friday is not None
    assert (friday.days, friday.timezone) == ((Weekday.FRI,), "Europe/Berlin")
    nights = record_as("pragmatic", SettingsFiles(CHECKOUT), {"schedule": {"start": "07:00", "stop": "23:00"}})[
        0
    ].schedule
    assert nights is not None
    assert (nights.start.hour, nights.stop.hour) == (7, 23)


def test_what_no_stack_can_be_is_refused() -> None:
    """A schedule that is none, and settings that exclude each other, in the words of whoever checks them."""
    with pytest.raises(UsageError, match="'sometimes' is not a schedule"):
        record_as("enterprise", SettingsFiles(CHECKOUT), {"schedule": "sometimes"})
    with pytest.raises(SettingsError, match="egress"):
        record_as("enterprise", SettingsFiles(CHECKOUT), {"egress": "pigeon"})
