"""`trackstack cost`, as it is called."""

import json
from pathlib import Path
from typing import Any

import pytest

from trackstack_infra.cli import cost_options
from trackstack_infra.cli.__main__ import main
from trackstack_infra.cli.verbs import cost

FIXTURE_PRICES = str(Path(__file__).parents[1] / "costs" / "fixture_prices.yaml")
PRICED = ("--prices", FIXTURE_PRICES, "--any-age")

Capsys = pytest.CaptureFixture[str]

pytestmark = pytest.mark.usefixtures("_recorded_once")


def test_explain_shows_the_working_of_a_part(capsys: Capsys) -> None:
    """May 2026 has ten weekend days, 140 h; at an invented 4 cents a gateway is 5.60."""
    assert main(["cost", "explain", "enterprise", "nat", "--month", "2026-05", *PRICED]) == 0
    page = capsys.readouterr().out
    assert page.startswith("enterprise, nat · runs 140 h · May 2026 · us-east-1 · expected use\n")
    assert "    1 × 140 h × $0.04 = $5.60\n" in page
    assert main(["cost", "explain", "enterprise", "nat.hour", "--month", "2026-05", "--json", *PRICED]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["usd"], document["lines"][0]["formula"]) == ("5.60", "1 × 140 h × $0.04 = $5.60")


def test_explain_of_other_settings(capsys: Capsys) -> None:
    """Two gateways, 11.20, and nothing of either at IPv6."""
    month = ("--month", "2026-05", *PRICED)
    assert main(["cost", "explain", "enterprise", "nat.hour", "--set", "egress=nat-per-az", *month, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["usd"] == "11.20"
    assert main(["cost", "explain", "enterprise", "nat", "--set", "egress=ipv6", *month]) == 2
    assert "'nat' names nothing that costs money" in capsys.readouterr().err


def test_what_if_lays_settings_beside_those_of_the_file(capsys: Capsys) -> None:
    """112 h: a gateway of 4.48, its address of 0.56 and 5 GB of 0.20 go."""
    asked = ["cost", "what-if", "enterprise", "egress=ipv6", "observability=task", "--hours", "112", *PRICED]
    assert main(asked) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        "enterprise · a month of 730 h · us-east-1 · expected use",
        "A  current settings",
        "B  egress=ipv6, observability=task",
    ]
    assert ["running", "hours", "112", "112"] in [line.split() for line in lines]
    assert ["nat", "$5.24", "–", "–$5.24"] in [line.split() for line in lines]


def test_compare_makes_one_table(capsys: Capsys) -> None:
    """As `--compare ingress=ipv4 ingress=ipv6`; the address of 3.65 makes the difference, so IPv6 is cheaper."""
    asked = ["cost", "what-if", "pragmatic", "--compare", "ingress=ipv4", "ingress=ipv6", "--hours", "730", *PRICED]
    assert main([*asked, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [each["settings"] for each in document["choices"]] == ["ingress=ipv4", "ingress=ipv6"]
    assert document["cheapest"] == "ingress=ipv6"
    assert document["choices"][1]["assumed"]


def test_compare_takes_schedules_and_stacks(capsys: Capsys) -> None:
    """A weekend is cheaper than always; another stack is named first."""
    weekend = ["--compare", "schedule=weekend", "--compare", "schedule=always", "--month", "2026-11", *PRICED]
    assert main(["cost", "what-if", "enterprise", *weekend, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["cheapest"] == "schedule=weekend"
    assert [each["running_hours"] for each in document["choices"]] == ["126", None]
    stacks = ["--compare", "enterprise,egress=ipv6", "pragmatic", "--month", "2026-11", *PRICED, "--json"]
    assert main(["cost", "what-if", "pragmatic", *stacks]) == 0
    assert [each["settings"] for each in json.loads(capsys.readouterr().out)["choices"]] == [
        "enterprise, egress=ipv6",
        "current settings",
    ]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "what-if needs at least one override"),
        (("--compare", "azs=3"), "--compare needs at least two alternatives"),
        (("egress",), "'egress' is not KEY=VALUE"),
        (("colour=red",), "colour"),
    ],
)
def test_what_if_of_nothing(capsys: Capsys, arguments: tuple[str, ...], says: str) -> None:
    """Each is a usage error with the next step."""
    assert main(["cost", "what-if", "enterprise", *arguments]) == 2
    error = capsys.readouterr().err
    assert says in error
    assert "→" in error


CLAIM = """schema: 1
claims:
  - id: address
    says: An address costs a dollar
    by: docs/page.md
    case: {{stacks: [pragmatic], only: [ipv4]}}
    usd: "{usd}"
    {docs}
"""


def test_a_false_claim_of_our_own_exits_7(capsys: Capsys, tmp_path: Path) -> None:
    """730 h at half a cent are 3.65; another's mistake is only told, our own fails."""
    file = tmp_path / "claims.yaml"
    ours = "docs: true\n    file: docs/page.md\n    quote: a dollar"
    for usd, docs, code in (("1.00", "", 0), ("1.00", ours, 7), ("3.65", ours, 0)):
        file.write_text(CLAIM.format(usd=usd, docs=docs))
        assert main(["cost", "claims", "--claims", str(file), *PRICED]) == code
        shown = capsys.readouterr()
        assert "computed $3.65" in shown.out
        assert ("error: false cost claims: docs/page.md (address)" in shown.err) is (code == 7)
    file.write_text(CLAIM.format(usd="1.00", docs=ours))
    assert main(["cost", "claims", "--claims", str(file), "--json", *PRICED]) == 7
    assert json.loads(capsys.readouterr().out)["claims"][0]["holds"] is False


def test_only_target_aws_asks_aws(capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it no client is even made; neither by naming AWS's own endpoint."""
    monkeypatch.setattr(cost, "_cost_explorer", lambda endpoint: pytest.fail("AWS was asked"))
    asked = ["cost", "actual", "pragmatic", "--month", "2026-10", "--yes"]
    for more in ((), ("--endpoint", "https://ce.us-east-1.amazonaws.com"), ("--target", "local")):
        assert main([*asked, *more]) == 2
        assert "run `trackstack cost actual pragmatic --month 2026-10 --target aws`" in capsys.readouterr().err
    assert main([*asked, "--target", "moon"]) == 2


def test_nothing_is_spent_without_a_yes(capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request costs a cent: without a terminal to ask, and without --yes, none is made."""
    monkeypatch.setattr(cost, "_cost_explorer", lambda endpoint: pytest.fail("AWS was asked"))
    assert main(["cost", "actual", "pragmatic", "--month", "2026-10", "--target", "aws", *PRICED]) == 2
    assert "costs $0.01 and was not confirmed" in capsys.readouterr().err


def test_a_bill_beside_its_estimate(capsys: Capsys, emulator: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """From an emulator's Cost Explorer, which answers nothing unless told: everything is below its estimate."""
    from datetime import UTC, datetime

    for name, value in emulator.variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(cost_options, "now", lambda: datetime(2026, 11, 24, tzinfo=UTC))
    monkeypatch.setattr(cost, "now", lambda: datetime(2026, 11, 24, tzinfo=UTC))
    asked = ["cost", "actual", "enterprise", "--month", "2026-08", "--endpoint", emulator.endpoint, "--yes", *PRICED]
    assert main([*asked, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    rows = {row["usage_type"]: row for row in document["rows"]}
    # August 2026 has ten weekend days, 140 h at 4 cents
    assert (rows["NatGateway-Hours"]["estimate"], rows["NatGateway-Hours"]["delta"]) == ("5.6", "-5.6")
    assert document["requests"] == 1
    running = ["cost", "actual", "enterprise", "--month", "2026-11", "--endpoint", emulator.endpoint, "--yes", *PRICED]
    assert main(running) == 0
    assert capsys.readouterr().out.startswith(
        "enterprise · November 2026 to 24 November (estimate: whole month) · us-east-1\n"
    )
