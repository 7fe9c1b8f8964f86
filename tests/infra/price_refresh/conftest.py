"""AWS's price files, price API and Fargate Spot feed, in their documented shapes, from a server of this machine."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import boto3
import pytest
from botocore.config import Config

from trackstack_infra.costs.snapshot import Snapshot, read_snapshot

COLUMNS = (
    "SKU", "OfferTermCode", "RateCode", "TermType", "PriceDescription", "EffectiveDate", "StartingRange", "EndingRange",
    "Unit", "PricePerUnit", "Currency", "Product Family", "serviceCode", "Storage Class", "Access Type",
    "Pre Installed S/W", "usageType", "operation", "Region Code", "serviceName",
)  # fmt: skip


@pytest.fixture(scope="session")
def prices() -> Snapshot:
    """Invented, round prices: a refresh of them is right whatever the shipped snapshot says."""
    return read_snapshot(Path(__file__).parents[1] / "costs" / "fixture_prices.yaml")


def row(sku: str, usage_type: str, usd: str, **more: str) -> dict[str, str]:
    """One price of a price file."""
    stated = {
        "SKU": sku,
        "TermType": "OnDemand",
        "EffectiveDate": "2026-12-01",
        "StartingRange": "0",
        "EndingRange": "Inf",
        "Unit": "Hrs",
        "PricePerUnit": usd,
        "Currency": "USD",
        "usageType": usage_type,
        "PriceDescription": f"${usd}, as an example",
    }
    return stated | {name.replace("_", " "): value for name, value in more.items()}


def price_file(*rows: dict[str, str], published: str = "2026-12-02T16:02:58Z") -> str:
    """A price file: five lines about it, the columns, then the prices."""
    lines = [
        ["FormatVersion", "v1.0"],
        ["Disclaimer", "This pricing list is for informational purposes only."],
        ["Publication Date", published],
        ["Version", "20261202160258"],
        ["OfferCode", "AmazonEC2"],
        list(COLUMNS),
        *([each.get(column, "") for column in COLUMNS] for each in rows),
    ]
    return "".join(",".join(f'"{value}"' for value in line) + "\r\n" for line in lines)


def spot_feed(prices: dict[tuple[str, str], str]) -> str:
    """The feed, by unit and region."""
    listed = [
        {"unit": unit, "price": {"USD": usd}, "attributes": {"aws:region": region}}
        for (unit, region), usd in prices.items()
    ]
    return json.dumps({"manifest": {"source": "feed"}, "prices": listed})


def product(usage_type: str, *dimensions: tuple[str, str, str], **attributes: str) -> str:
    """One product as the price API answers it: a text of JSON; dimensions are begin, end and dollars."""
    sku = "ABCDEFGHIJKLMNOP"
    stated = {
        f"{sku}.JRTCKXETXF.{number}": {
            "unit": "Hrs",
            "beginRange": begin,
            "endRange": end,
            "pricePerUnit": {"USD": usd},
        }
        for number, (begin, end, usd) in enumerate(dimensions)
    }
    term = {"priceDimensions": stated, "effectiveDate": "2026-12-03T00:00:00Z", "sku": sku, "termAttributes": {}}
    return json.dumps(
        {
            "product": {"sku": sku, "attributes": {"usagetype": usage_type, **attributes}},
            "terms": {"OnDemand": {f"{sku}.JRTCKXETXF": term}},
            "publicationDate": "2026-12-04T00:00:00Z",
        }
    )


@dataclass
class Aws:
    """What the server answers, and what it was asked."""

    url: str
    files: dict[str, str] = field(default_factory=dict)
    products: dict[str, list[str]] = field(default_factory=dict)
    """By usage type, what the price API answers."""
    asked: list[str] = field(default_factory=list)

    row = staticmethod(row)
    price_file = staticmethod(price_file)
    spot_feed = staticmethod(spot_feed)
    product = staticmethod(product)

    def sells(self, service: str, region: str, *rows: dict[str, str]) -> None:
        """Put a service's price file of a region in its place; `` for the file of all regions."""
        place = f"{region}/" if region else ""
        self.files[f"/offers/v1.0/aws/{service}/current/{place}index.csv"] = price_file(*rows)

    def client(self) -> Any:
        """boto3's client, talking to this server."""
        return boto3.client(
            "pricing",
            region_name="us-east-1",
            endpoint_url=self.url,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}),
        )


@pytest.fixture
def aws() -> Iterator[Aws]:
    """An empty AWS: every file is missing, and no product is known."""
    answers = Aws(url="")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answers.asked.append(self.path)
            text = answers.files.get(self.path)
            self._answer(404 if text is None else 200, text or "no such file", "text/csv")

        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            filters = {each["Field"]: each["Value"] for each in question["Filters"]}
            answers.asked.append(f"{question['ServiceCode']} {filters}")
            found = answers.products.get(filters["usagetype"], [])
            here = int(question.get("NextToken", 0))  # a page a product, so that pages are followed
            page: dict[str, Any] = {"FormatVersion": "aws_v1", "PriceList": found[here : here + 1]}
            if here + 1 < len(found):
                page["NextToken"] = str(here + 1)
            self._answer(200, json.dumps(page), "application/x-amz-json-1.1")

        def _answer(self, status: int, text: str, kind: str) -> None:
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base's name)
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    answers.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield answers
    server.shutdown()
    thread.join()
    server.server_close()
