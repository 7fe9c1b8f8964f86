"""The price of what runs, in one line, and the record of what ran."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from trackstack_infra.cli.views import price_now
from trackstack_infra.cli.views.price_now import Leaving, costs_by_urn, leaving, price_of_running, price_of_settings
from trackstack_infra.costs import snapshot
from trackstack_infra.costs.history import RunRecord, read_history
from trackstack_infra.graph import Graph, Resource
from trackstack_infra.local.engine.state import ResourceState, StackState, state_path, write_state
from trackstack_infra.local.state_dir.overrides import Overrides, keep_overrides
from trackstack_infra.settings.load import SettingsFiles

CHECKOUT = Path(__file__).resolve().parents[3]
FILES = SettingsFiles(CHECKOUT)
TODAY = date(2026, 11, 24)
STARTED = "2026-11-21T07:00:00+00:00"


@pytest.fixture(autouse=True)
def invented_prices(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Those of the tests, of 2026-11-01: NAT 0.04 an hour and a gigabyte, an address 0.005 an hour."""
    prices = CHECKOUT / "tests" / "infra" / "costs" / "fixture_prices.yaml"
    monkeypatch.setattr(snapshot, "shipped", lambda: prices)
    price_now._prices.cache_clear()
    yield
    price_now._prices.cache_clear()


def keep_state(home: Path, *types: str) -> None:
    """Enterprise runs, made of one resource of each type."""
    inputs = {"tags": {"layer": "runtime", "domain": "shared"}}
    resources = tuple(
        ResourceState(f"urn:{number}", type_, "only", None, custom=True, id="1", inputs=inputs)
        for number, type_ in enumerate(types)
    )
    state = StackState("enterprise", "boot", datetime(2026, 11, 21, 8, tzinfo=UTC), resources)
    write_state(state_path(home, "enterprise"), state)


def test_what_runs_has_a_price_an_hour_and_a_month(tmp_path: Path) -> None:
    """0.04 + 0.005 an hour; 126 h × 0.045 + 5 GB × 0.04 = 5.87."""
    keep_state(tmp_path, "aws:ec2/natGateway:NatGateway", "aws:ec2/eip:Eip")
    said = price_of_running(tmp_path, FILES, "enterprise", TODAY)
    assert said == "$0.0450 an hour while up, $5.87 this month by estimate"


def test_where_nothing_runs_nothing_is_said(tmp_path: Path) -> None:
    """Neither a price nor a reason."""
    assert price_of_running(tmp_path, FILES, "enterprise", TODAY) == ""
    assert leaving(tmp_path, FILES, "enterprise", STARTED) == ""
    keep_state(tmp_path, "aws:ec2/eip:Eip")
    assert leaving(tmp_path, FILES, "enterprise", "") == ""


def test_prices_that_are_old_are_said_to_be_and_too_old_are_none(tmp_path: Path) -> None:
    """61 days: with a warning; 181 or of tomorrow: a sentence with the way out, and no exception."""
    keep_state(tmp_path, "aws:ec2/eip:Eip")
    assert "\n  (1 of 1 prices used is over 60 days old: `cost prices verify`)" in price_of_running(
        tmp_path, FILES, "enterprise", date(2027, 1, 1)
    )
    said = price_of_running(tmp_path, FILES, "enterprise", date(2027, 5, 1))
    assert said.startswith("no price: 1 of 1 prices used is over 180 days old; ipv4.hour in us-east-1 is 181 days old")
    assert "prices refresh" in said
    said = price_of_running(tmp_path, FILES, "enterprise", date(2026, 10, 31))
    assert said.startswith("no price: the price snapshot is of 2026-11-01, but today is 2026-10-31")


def test_a_price_with_gaps_is_the_least(tmp_path: Path) -> None:
    """What has no rule is neither in the hour nor in the month, nor in the record of the run; each says `at least`."""
    keep_state(tmp_path, "aws:ec2/eip:Eip", "aws:odd/thing:Thing")
    assert price_of_running(tmp_path, FILES, "enterprise", TODAY) == (
        "at least $0.0050 an hour while up, at least $0.63 this month by estimate"  # 126 × 0.005
        " (resources without a price, not included: 1)"
    )
    running = leaving(tmp_path, FILES, "enterprise", STARTED)
    assert isinstance(running, Leaving)
    record = running.record(datetime(2026, 11, 21, 21, 0, tzinfo=UTC))
    # 14 × 0.005
    assert str(record) == (
        "enterprise ran for 14.00 h, at least $0.07 by estimate (resources without a price, not included: 1)"
    )


def test_what_runs_elsewhere_than_its_file_says_has_that_regions_price(tmp_path: Path) -> None:
    """`up --set region=…` is kept for `down`, and counts for the price: eu-central-1's address is 0.01 an hour; in a
    region without prices there is none."""
    keep_state(tmp_path, "aws:ec2/eip:Eip")
    keep_overrides(tmp_path, "enterprise", Overrides({"region": "eu-central-1"}, ("region=eu-central-1",)))
    assert price_of_running(tmp_path, FILES, "enterprise", TODAY).startswith("$0.0100 an hour while up")
    keep_overrides(tmp_path, "enterprise", Overrides({"region": "us-west-2"}, ("region=us-west-2",)))
    said = price_of_running(tmp_path, FILES, "enterprise", TODAY)
    assert said.startswith("no price: the price snapshot of 2026-11-01 has no prices for us-west-2")


def test_a_damaged_state_fails_no_verb(tmp_path: Path) -> None:
    """The line says what is wrong."""
    keep_state(tmp_path, "aws:ec2/eip:Eip")
    state_path(tmp_path, "enterprise").write_text("{")
    assert "is damaged" in price_of_running(tmp_path, FILES, "enterprise", TODAY)
    assert "is damaged" in str(leaving(tmp_path, FILES, "enterprise", STARTED))


def test_a_rule_that_stumbles_is_called_a_bug(tmp_path: Path) -> None:
    """A Lightsail host without a bundle cannot be; the verb has done its work all the same."""
    keep_state(tmp_path, "aws:lightsail/instance:Instance")
    said = price_of_running(tmp_path, FILES, "enterprise", TODAY)
    assert said.startswith("no price because of a bug in TrackStack: KeyError")


def test_a_picture_with_costs_says_what_it_lacks() -> None:
    """A part without a price shows no cost, which is not nothing; old prices are warned of as well."""
    inputs = {"tags": {"layer": "runtime"}}
    address, odd = (
        Resource(f"urn::{name}", type_, name, None, custom=True, inputs=inputs)
        for name, type_ in (("address", "aws:ec2/eip:Eip"), ("odd", "aws:odd/thing:Thing"))
    )
    graph = Graph("enterprise", (address, odd), {})
    costs, warnings = costs_by_urn(graph, "enterprise", [], FILES, TODAY)
    assert costs == {"urn::address": Decimal("0.630")}  # 126 × 0.005
    assert warnings == ["no price for odd (aws:odd/thing:Thing): no billing rule for this type"]
    _, later = costs_by_urn(graph, "enterprise", [], FILES, date(2027, 1, 2))
    assert later[0].startswith("1 of 1 prices used is over 60 days old")


def test_what_ran_leaves_a_record(tmp_path: Path) -> None:
    """7:00 to 21:10: NAT 15 × 0.04, an address 14.1667 × 0.005 = 0.0708, gigabytes 0.20 × 14.1667 / 126 = 0.0225."""
    keep_state(tmp_path, "aws:ec2/natGateway:NatGateway", "aws:ec2/eip:Eip")
    running = leaving(tmp_path, FILES, "enterprise", STARTED)
    assert isinstance(running, Leaving)
    keep_state(tmp_path)  # it is down
    record = running.record(datetime(2026, 11, 21, 21, 10, tzinfo=UTC))
    assert isinstance(record, RunRecord)
    assert str(record) == "enterprise ran for 14.17 h, about $0.69 by estimate"
    assert read_history(tmp_path).kept == (record,)


def test_no_record_at_prices_too_old(tmp_path: Path) -> None:
    """A sentence instead, and no file."""
    keep_state(tmp_path, "aws:ec2/eip:Eip")
    running = leaving(tmp_path, FILES, "enterprise", STARTED)
    assert isinstance(running, Leaving)
    assert str(running.record(datetime(2027, 5, 1, tzinfo=UTC))).startswith("no price: 1 of 1 prices used is over 180")
    assert read_history(tmp_path).kept == ()


def test_settings_have_a_price_before_anything_runs() -> None:
    """What is about to come up; without the NAT gateway an hour is cheaper by 0.04 and its address."""
    nat, ipv6 = (
        float(price_of_settings(FILES, "enterprise", given, TODAY).split()[0].removeprefix("$"))
        for given in ({}, {"egress": "ipv6"})
    )
    assert nat - ipv6 == pytest.approx(0.045)


def test_the_price_of_what_runs_needs_no_pulumi(tmp_path: Path) -> None:
    """`status` answers at once."""
    keep_state(tmp_path, "aws:ec2/eip:Eip")
    program = (
        "import sys; from datetime import date; from pathlib import Path\n"
        "from trackstack_infra.cli.views.price_now import price_of_running\n"
        "from trackstack_infra.settings.load import SettingsFiles\n"
        f"files = SettingsFiles(Path({str(CHECKOUT)!r}))\n"
        f"price_of_running(Path({str(tmp_path)!r}), files, 'enterprise', date(2026, 11, 24))\n"
        "assert not {'pulumi', 'boto3', 'rich'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
