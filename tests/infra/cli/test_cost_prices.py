"""`trackstack cost prices`: what it shows, what it checks, and that only `refresh` uses the network."""

import json
import re
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, NoReturn

import pytest

from trackstack_infra.cli.__main__ import main
from trackstack_infra.cli.verbs import cost_prices
from trackstack_infra.costs.snapshot import read_snapshot

FIXTURE = Path(__file__).resolve().parents[1] / "costs" / "fixture_prices.yaml"
FEED = {"prices": [{"unit": "ARM-GB-Hours", "price": {"USD": "0.0013"}, "attributes": {"aws:region": "us-east-1"}}]}

Prices = Callable[..., tuple[int, str]]


@pytest.fixture
def prices(capsys: pytest.CaptureFixture[str]) -> Prices:
    """Call it like `prices("show", "nat.hour")`; returns exit code and all that was printed."""

    def run(*arguments: str) -> tuple[int, str]:
        code = main(["cost", "prices", *arguments])
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return run


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever makes a socket fails."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


@pytest.mark.usefixtures("no_network")
def test_a_list_has_a_column_a_region(prices: Prices) -> None:
    """A line a price, complete regions first; what is not known says so, and what floats is marked."""
    code, text = prices("list", "--prices", str(FIXTURE))
    lines = {line.split()[0]: line.split() for line in text.splitlines() if line}
    assert code == 0
    assert lines["PRICE"] == ["PRICE", "us-east-1", "eu-central-1", "eu-west-1", "PER"]
    assert lines["nat.hour"] == ["nat.hour", "0.04", "0.08", "0.04", "hour"]
    assert lines["fargate.spot.arm.vcpu_hour"][1] == "~0.01"
    assert lines["data.out_gb"][1] == "0.09+"
    assert "missing" in next(line for line in text.splitlines() if line.startswith("alb.hour"))


@pytest.mark.usefixtures("no_network")
def test_a_price_shows_where_it_comes_from(prices: Prices) -> None:
    """Amount, ranges, name on bills, dates, source, confidence, and what is free."""
    code, text = prices("show", "data.out_gb", "--prices", str(FIXTURE))
    assert code == 0
    assert "us-east-1: 0.09 up to 10000, then 0.045" in text
    assert "DataTransfer-Out-Bytes of AWSDataTransfer" in text
    assert "invented (third-party, confidence high)" in text
    assert "always free: 100 GB a month per account (source: " in text


@pytest.mark.usefixtures("no_network")
def test_an_unknown_price_names_those_near_it(prices: Prices) -> None:
    """Whoever asks for `nat.hours` is shown `nat.hour`."""
    code, text = prices("show", "nat.hours")
    assert code == 2
    assert "similar IDs are nat.gb, nat.hour" in text


@pytest.mark.usefixtures("no_network")
def test_json_keeps_amounts_exact(prices: Prices) -> None:
    """Amounts are texts in JSON too, so that no reader makes floats of them."""
    code, text = prices("show", "sqs.request", "--prices", str(FIXTURE), "--json")
    assert code == 0
    assert [each["tiers"][0]["usd"] for each in json.loads(text)["prices"]] == ["0.0000004", "0.0000008"]


@pytest.mark.usefixtures("no_network")
def test_differences_are_shown_in_percent(prices: Prices, tmp_path: Path) -> None:
    """NAT went from 0.04 to 0.05 an hour, a quarter more; all else is the same and not shown."""
    later = tmp_path / "later.yaml"
    text = FIXTURE.read_text()
    head, nat, rest = text.partition("  - id: nat.hour\n    region: us-east-1\n")
    later.write_text(head + nat + rest.replace('usd: "0.04"', 'usd: "0.05"', 1))
    code, shown = prices("diff", str(FIXTURE), str(later))
    assert code == 0
    assert shown.splitlines()[1].split() == ["nat.hour", "us-east-1", "0.04", "0.05", "+25.0", "%"]
    assert len(shown.splitlines()) == 2
    assert "contain the same prices" in prices("diff", str(FIXTURE), str(FIXTURE))[1]


@pytest.mark.usefixtures("no_network")
def test_a_free_tier_or_a_unit_that_changed_is_a_difference(prices: Prices, tmp_path: Path) -> None:
    """The same prices with half a million free requests, or a price for another unit, are not the same bill."""
    later = tmp_path / "later.yaml"
    text = FIXTURE.read_text()
    later.write_text(text.replace('units: "1000000"', 'units: "500000"', 1).replace("unit: hour", "unit: day", 1))
    code, shown = prices("diff", str(FIXTURE), str(later))
    assert code == 0
    assert re.search(r"free tier \S+: 1000000 for .* before, 500000 for .* after", shown)
    found = json.loads(prices("diff", str(FIXTURE), str(later), "--json")[1])
    assert [each["after"]["units"] for each in found["free_tiers"]] == ["500000"]
    (changed,) = found["changes"]
    assert changed["units"] == ["hour", "day"]
    assert "hour to day" in shown


@pytest.mark.usefixtures("no_network")
def test_the_shipped_prices_are_complete(prices: Prices) -> None:
    """What the package ships passes its own check, which lists what is unsure and what eu-west-1 lacks."""
    code, text = prices("verify")
    assert code == 0
    assert "eu-west-1" in text
    assert "prices (may be incomplete); missing: ec2.t4g.nano_hour" in text
    assert "low confidence: backup.efs_gb_month in eu-central-1" in text
    assert "ec2.TYPE_hour: ec2.t4g.nano_hour; any other is unpriced" in text
    assert "in no region, so unpriced: api.websocket.request" in text


@pytest.mark.usefixtures("no_network")
def test_the_check_tells_the_age_of_each_price(prices: Prices, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of the fixture were read on 1 November 2026: old after 60 days; a snapshot of tomorrow is refused."""
    for today, said in (((2026, 12, 31), ""), ((2027, 1, 1), "140 of 140 prices were read more than 60 days ago; ")):
        monkeypatch.setattr(cost_prices, "now", lambda today=today: datetime(*today, tzinfo=UTC))
        code, text = prices("verify", "--prices", str(FIXTURE))
        assert code == 0
        assert ("more than 60 days ago" in text) is bool(said)
        assert re.sub("140", str(len(read_snapshot(FIXTURE).entries)), said) in text
    monkeypatch.setattr(cost_prices, "now", lambda: datetime(2026, 10, 31, tzinfo=UTC))
    code, text = prices("verify", "--prices", str(FIXTURE))
    assert code == 1
    assert "the price snapshot is of 2026-11-01, but today is 2026-10-31" in text


@pytest.mark.usefixtures("no_network")
def test_a_missing_price_fails_the_check(prices: Prices, tmp_path: Path) -> None:
    """Without NAT's price in eu-central-1 the check fails; with a name nobody asks for, too."""
    path = tmp_path / "prices.yaml"
    text = FIXTURE.read_text()
    path.write_text(text.replace("id: nat.hour\n    region: eu-central-1", "id: nat.hour\n    region: mars-north-1"))
    code, shown = prices("verify", "--prices", str(path))
    assert code == 1
    assert "missing: nat.hour" in shown
    path.write_text(text.replace("id: nat.hour\n    region: eu-west-1", "id: nat.hours\n    region: eu-west-1"))
    code, shown = prices("verify", "--prices", str(path))
    assert code == 1
    assert "nat.hours: no billing rule uses this price" in shown


@pytest.fixture
def feed() -> Any:
    """A server with Fargate Spot's feed and no price files."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(FEED).encode() if self.path == "/spot.json" else b"none"
            self.send_response(200 if self.path == "/spot.json" else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base's name)
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_refresh_writes_what_it_found(prices: Prices, tmp_path: Path, feed: str) -> None:
    """One price is new, the file has all, and those that stay are listed with the reason."""
    out = tmp_path / "new.yaml"
    code, text = prices(
        "refresh", "--prices", str(FIXTURE), "--out", str(out), "--offers", feed, "--spot-feed", f"{feed}/spot.json",
        "--no-api",
    )  # fmt: skip
    assert code == 0
    assert f"{out}: 1 prices refreshed" in text
    assert "nat.hour in us-east-1: AmazonEC2 price file for us-east-1:" in text
    before, after = read_snapshot(FIXTURE), read_snapshot(out)
    assert len(after.entries) == len(before.entries)
    spot = after.find("fargate.spot.arm.gb_hour", "us-east-1")
    assert spot is not None
    assert str(spot.tiers[0].usd) == "0.0013"


def test_refresh_without_an_answer_writes_nothing(prices: Prices, tmp_path: Path) -> None:
    """Without a network there is no new file, and the command fails."""
    out, nowhere = tmp_path / "new.yaml", "http://127.0.0.1:9"
    code, text = prices(
        "refresh", "--prices", str(FIXTURE), "--out", str(out), "--offers", nowhere, "--spot-feed", nowhere, "--no-api"
    )
    assert code == 1
    assert "nothing was written" in text
    assert not out.exists()


def test_refresh_refuses_an_unknown_region(prices: Prices) -> None:
    """A region without prices cannot be read anew: nobody has said what its usage types are called."""
    code, text = prices("refresh", "--region", "mars-north-1")
    assert code == 2
    assert "no prices for mars-north-1" in text
