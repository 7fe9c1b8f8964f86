"""Claims about costs: true, false, and how one would have to read them."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from trackstack_infra.costs.claims import (
    Case,
    Claim,
    Reading,
    Verdict,
    as_document,
    as_markdown,
    as_text,
    judge,
    pricer,
    read_claims,
)
from trackstack_infra.costs.line import Estimate
from trackstack_infra.costs.snapshot import Snapshot, read_snapshot, shipped
from trackstack_infra.costs.usage import Usage, read_usage
from trackstack_infra.errors import Failed, UsageError
from trackstack_infra.settings.load import SettingsFiles

CHECKOUT = Path(__file__).resolve().parents[3]
BEGIN, END = "<!-- costs -->\n", "<!-- /costs -->"
TWO_NATS = Reading(says="with two NAT gateways", case=Case(stacks=("enterprise",), settings={"egress": "nat-per-az"}))


def claim(id_: str = "it", **given: Any) -> Claim:
    return Claim.model_validate(
        {"id": id_, "says": "It costs that", "by": "somebody", "case": {"stacks": ["enterprise"]}, **given}
    )


def priced(case: Case) -> Decimal:
    """87.90 a month, 124.40 with two NAT gateways."""
    return Decimal("124.40") if case.settings else Decimal("87.90")


@pytest.fixture(scope="module")
def price(prices: Snapshot, usage: Usage) -> Callable[[Case], Decimal]:
    """The real programs at invented prices."""
    return pricer(SettingsFiles(CHECKOUT), prices, usage)


@pytest.fixture(scope="module")
def shipped_verdicts() -> tuple[Verdict, ...]:
    """The shipped claims against the shipped prices."""
    return judge(read_claims(), pricer(SettingsFiles(CHECKOUT), read_snapshot(shipped()), read_usage()))


@pytest.mark.parametrize(
    ("given", "amount", "holds"),
    [
        ({"usd": "7.03"}, "7.0349", True),
        ({"usd": "7.03"}, "7.035", False),  # rounded half up it is 7.04
        ({"at_least": "3", "at_most": "5"}, "4.999", True),
        ({"at_least": "3", "at_most": "5"}, "5.01", False),
        ({"at_least": "150"}, "150", True),
        ({"at_most": "2"}, "2.30", False),
    ],
)
def test_a_claim_holds_to_the_cent(given: dict[str, str], amount: str, holds: bool) -> None:
    """What is compared is what would be shown."""
    assert claim(**given).holds(Decimal(amount)) is holds


def test_a_false_claim_is_told_with_the_reading_that_makes_it_true() -> None:
    """The first that does; one that does not is not told."""
    small = Reading(says="with small tasks", case=Case(stacks=("enterprise",)))
    (verdict,) = judge([claim(at_least="100", readings=[small, TWO_NATS])], priced)
    assert (verdict.word, verdict.computed) == ("false", Decimal("87.90"))
    assert verdict.reading == (TWO_NATS, Decimal("124.40"))
    assert as_text([verdict]) == (
        "✗ false  It costs that\n"
        "         claimed at least $100.00, computed $87.90; somebody\n"
        "         true at $124.40 with two NAT gateways\n"
    )


def test_a_claim_nothing_makes_true(tmp_path: Path) -> None:
    """That is said as well."""
    (verdict,) = judge([claim(usd="1", readings=[TWO_NATS])], priced)
    assert verdict.reading is None
    assert as_text([verdict]).endswith("         no alternative reading makes it true\n")


def test_markdown_has_what_our_pages_say_and_what_others_said() -> None:
    """Two tables: the docs' amounts, then the claims with their verdicts."""
    ours = claim("a", usd="87.90", docs=True, file="README.md", quote="x", title="enterprise, always on")
    verdicts = judge([claim("b", at_least="100", readings=[TWO_NATS]), claim("c", at_most="90"), ours], priced)
    assert as_markdown(verdicts) == (
        "| a month, us-east-1, before tax | $ |\n"
        "|---|---|\n"
        "| enterprise, always on | 87.90 |\n"
        "\n"
        "| claim | computed | verdict |\n"
        "|---|---|---|\n"
        "| It costs that | $87.90 | false; $124.40 with two NAT gateways |\n"
        "| It costs that | $87.90 | true |\n"
    )
    assert [each["holds"] for each in as_document(verdicts)["claims"]] == [False, True, True]


def test_a_part_of_the_bill(price: Callable[[Case], Decimal]) -> None:
    """At 4 cents an hour a NAT gateway is 4.48 for 112 h and 29.20 for 730; stopped it saves the difference, 24.72."""
    running: dict[str, Any] = {"stacks": ("enterprise",), "hours": "112", "only": ("nat.hour",)}
    assert price(Case(**running)) == Decimal("4.48")
    assert price(Case(**{**running, "hours": "730"})) == Decimal("29.20")
    assert price(Case(**running, of="saved")) == Decimal("24.72")
    assert price(Case(**running, kept=("nat",))) == Decimal("29.20")
    assert price(Case(**running, settings={"egress": "nat-per-az"})) == Decimal("8.96")


def test_a_part_that_is_no_part_is_refused(price: Callable[[Case], Decimal]) -> None:
    """A slip in `only` would make any claim of `at most` true of $0.00."""
    for case in (Case(stacks=("pragmatic",), only=("fargte",)), Case(stacks=("pragmatic",), kept=("lightsail",))):
        with pytest.raises(UsageError, match="with which no price of it begins"):
            price(case)


def test_nothing_is_true_of_a_sum_with_gaps(prices: Snapshot, usage: Usage) -> None:
    """Without the price of an address, pragmatic costs less than it does: its claims are not judged."""
    entries = tuple(each for each in prices.entries if each.id != "ipv4.hour")
    estimates: list[Estimate] = []
    lacking = Snapshot.model_validate({"schema": 1, "snapshot": prices.snapshot, "currency": "USD", "entries": entries})
    price = pricer(SettingsFiles(CHECKOUT), lacking, usage, on_estimate=estimates.append)
    with pytest.raises(Failed, match=r"claims about pragmatic cannot be judged: .* has no price .*ipv4\.hour"):
        price(Case(stacks=("pragmatic",)))
    assert len(estimates) == 1


def test_stacks_together_share_free_tiers(price: Callable[[Case], Decimal]) -> None:
    """Two stacks are dearer together than apart, as what is free is free once, but never cheaper."""
    apart = sum(price(Case(stacks=(each,))) for each in ("pragmatic", "enterprise"))
    assert price(Case(stacks=("pragmatic", "enterprise"))) >= apart


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("schema: 2\nclaims: []", "schema"),
        ("schema: 1\nclaims: [{id: a, says: b, by: c, case: {stacks: [pragmatic]}, usd: 7.03}]", "must be in quotes"),
        ("schema: 1\nclaims: [{id: a, says: b, by: c, case: {stacks: [pragmatic]}}]", "a: give either usd"),
        (
            'schema: 1\nclaims: [{id: a, says: b, by: c, case: {stacks: [pragmatic]}, usd: "1", docs: true}]',
            "a: only a claim with docs: true",
        ),
        ("schema: [", "is not a file of claims"),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(tmp_path: Path, text: str, says: str) -> None:
    """Which entry, and what is wrong with it."""
    path = tmp_path / "claims.yaml"
    path.write_text(text)
    with pytest.raises(UsageError, match=says):
        read_claims(path)
    with pytest.raises(UsageError, match="cannot read claims"):
        read_claims(tmp_path / "none.yaml")


def test_what_our_pages_say_is_true(shipped_verdicts: tuple[Verdict, ...]) -> None:
    """Each claim of the docs holds at the shipped prices, and stands in its file in these words."""
    ours = [each for each in shipped_verdicts if each.claim.docs]
    assert len(ours) >= 8
    assert [each.claim.id for each in ours if not each.holds] == []
    for each in ours:
        assert each.claim.quote in (CHECKOUT / each.claim.file).read_text(), each.claim.id


def test_the_first_descriptions_claims_have_a_reading(shipped_verdicts: tuple[Verdict, ...]) -> None:
    """All four are false as they stand, and true of something else, which is named."""
    others = [each for each in shipped_verdicts if not each.claim.docs]
    assert [(each.claim.id, each.holds, each.reading is not None) for each in others] == [
        ("pragmatic-3-to-5", False, True),
        ("spot-1-to-2", False, True),
        ("enterprise-30-to-32", False, True),
        ("enterprise-150-always-on", False, True),
    ]


def test_the_readmes_table_is_what_comes_out(shipped_verdicts: tuple[Verdict, ...]) -> None:
    """Between its marks stands what `trackstack cost claims --format markdown` prints."""
    readme = (CHECKOUT / "README.md").read_text()
    assert readme.partition(BEGIN)[2].partition(END)[0] == as_markdown(shipped_verdicts)
