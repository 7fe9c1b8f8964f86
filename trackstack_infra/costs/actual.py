"""What was billed, by usage type, beside the estimate of the same month. Asking costs a cent a page."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from textwrap import wrap
from typing import Any, Final

from trackstack_infra.costs.line import Estimate, Unpriced, cents
from trackstack_infra.costs.report.amounts import cell, dollars, plain
from trackstack_infra.errors import Failed, PrerequisiteMissing, UsageError

REQUEST_USD: Final = Decimal("0.01")  # https://aws.amazon.com/aws-cost-management/aws-cost-explorer/pricing/
MOST_PAGES: Final = 20  # a month of this project fits on one; more would be another account's
TAG: Final = "stack"
COLUMNS: Final = 80
# Before most usage types stands the region; us-east-1 has either none or USE1-, eu-west-1 an older and a newer one.
_PREFIXES: Final[Mapping[str, tuple[str, ...]]] = {
    "us-east-1": ("USE1-",),
    "eu-west-1": ("EUW1-", "EU-"),
    "eu-central-1": ("EUC1-",),
}
_ANY_REGION: Final = re.compile(r"^[A-Z]{2,3}[A-Z]?\d-")


@dataclass(frozen=True)
class Charge:
    """One line of a bill: a usage type with one value of the tag `stack`, which is empty where there is none."""

    usage_type: str
    stack: str
    usd: Decimal
    quantity: Decimal


@dataclass(frozen=True)
class Bill:
    """A month's lines, and how many pages they came on."""

    charges: tuple[Charge, ...]
    pages: int

    @property
    def asked_usd(self) -> Decimal:
        """What asking cost."""
        return self.pages * REQUEST_USD


@dataclass(frozen=True)
class Row:
    """A usage type: what was expected, what was billed to the stack, and what of it bears no tag.

    Services share names: `TimedStorage-ByteHrs` is EFS, S3, ECR and logs, and Cost Explorer adds them up.
    """

    usage_type: str
    prices: tuple[str, ...]
    """Ids of the prices that the estimate has of it."""
    expected: Decimal
    billed: Decimal
    untagged: Decimal

    @property
    def actual(self) -> Decimal:
        """With what bears no tag: addresses of tasks have none, but what of it is another stack's cannot be told."""
        return self.billed + self.untagged

    @property
    def delta(self) -> Decimal:
        """Above the estimate, or below."""
        return self.actual - self.expected


@dataclass(frozen=True)
class Matched:
    """An estimate beside a bill."""

    rows: tuple[Row, ...]
    unexplained: tuple[Charge, ...]
    """Billed to the stack, but of a usage type that no line of the estimate has."""
    others: Decimal
    """What the rest of the account cost: other stacks, and what bears no tag and was not expected."""
    unpriced: tuple[Unpriced, ...] = ()
    """Resources that the estimate lacks: what they were billed for is unexplained, or adds to a delta."""

    @property
    def expected(self) -> Decimal:
        """The estimate."""
        return sum((row.expected for row in self.rows), Decimal(0))

    @property
    def actual(self) -> Decimal:
        """The bill, with what is unexplained."""
        return sum((row.actual for row in self.rows), Decimal(0)) + sum(
            (each.usd for each in self.unexplained), Decimal(0)
        )


def days_of(month: tuple[int, int], today: date) -> tuple[date, date]:
    """The month's first day and the first after it, or `today` while it lasts: Cost Explorer excludes the end."""
    year, number = month
    first = date(year, number, 1)
    after = date(year + number // 12, number % 12 + 1, 1)
    if first >= today:
        raise UsageError(f"{first:%Y-%m} has no bill yet", hint="choose a month that began before today")
    return first, min(after, today)


def ask(client: Any, first: date, after: date) -> Bill:
    """Read a month from Cost Explorer, `client`, page by page; each page is a request that costs a cent."""
    from botocore.exceptions import BotoCoreError, ClientError

    charges: list[Charge] = []
    token: str | None = None
    for page in range(1, MOST_PAGES + 1):
        try:
            answer = client.get_cost_and_usage(
                TimePeriod={"Start": first.isoformat(), "End": after.isoformat()},
                Granularity="MONTHLY",
                Metrics=["UnblendedCost", "UsageQuantity"],
                GroupBy=[{"Type": "DIMENSION", "Key": "USAGE_TYPE"}, {"Type": "TAG", "Key": TAG}],
                **({"NextPageToken": token} if token else {}),
            )
        except (ClientError, BotoCoreError) as error:
            raise PrerequisiteMissing(
                f"Cost Explorer did not answer: {error}",
                hint="enable Cost Explorer, and allow these credentials ce:GetCostAndUsage",
            ) from error
        charges += _charges(answer)
        token = answer.get("NextPageToken")
        if not token:
            return Bill(tuple(charges), page)
    raise Failed(
        f"the bill has more than {MOST_PAGES} pages; reading stopped there, at {dollars(MOST_PAGES * REQUEST_USD)}",
        hint="choose a month in which the account has fewer charges",
    )


def _charges(answer: Mapping[str, Any]) -> Iterator[Charge]:
    for period in answer["ResultsByTime"]:
        for group in period["Groups"]:
            usage_type, tag = group["Keys"]
            metrics = group["Metrics"]
            currency = metrics["UnblendedCost"]["Unit"]
            if currency != "USD":
                raise Failed(f"the bill is in {currency}, the estimate in US dollars", hint="compare them by hand")
            yield Charge(
                usage_type,
                tag.partition("$")[2],
                Decimal(metrics["UnblendedCost"]["Amount"]),
                Decimal(metrics["UsageQuantity"]["Amount"]),
            )


def match(estimate: Estimate, bill: Bill, stack: str, region: str) -> Matched:
    """Lay a stack's estimate beside the bill, by usage type without its region."""
    expected: dict[str, Decimal] = defaultdict(Decimal)
    prices: dict[str, set[str]] = defaultdict(set)
    for line in estimate.lines:
        name = without_region(line.price.usage_type, region)
        expected[name] += line.exact
        prices[name].add(line.price.id)
    billed: dict[str, Decimal] = defaultdict(Decimal)
    untagged: dict[str, Decimal] = defaultdict(Decimal)
    unexplained: list[Charge] = []
    others = Decimal(0)
    for charge in bill.charges:
        name = without_region(charge.usage_type, region)
        if charge.stack == stack and name in expected:
            billed[name] += charge.usd
        elif charge.stack == stack:
            unexplained.append(charge)
        elif not charge.stack and name in expected:
            untagged[name] += charge.usd
        else:
            others += charge.usd
    rows = (Row(name, tuple(sorted(prices[name])), expected[name], billed[name], untagged[name]) for name in expected)
    return Matched(
        rows=tuple(sorted(rows, key=lambda row: (-abs(row.delta), row.usage_type))),
        unexplained=tuple(sorted(unexplained, key=lambda each: (-each.usd, each.usage_type))),
        others=others,
        unpriced=estimate.unpriced,
    )


def without_region(usage_type: str, region: str) -> str:
    """`EUC1-NatGateway-Hours` is `NatGateway-Hours`; another region's prefix stays, as that is another thing."""
    for prefix in (*_PREFIXES.get(region, ()), f"{region}-"):
        if usage_type.startswith(prefix):
            return usage_type.removeprefix(prefix)
    return usage_type if region in _PREFIXES else _ANY_REGION.sub("", usage_type)


def as_text(matched: Matched, bill: Bill, title: str) -> str:
    """The table, what is unexplained, and what asking cost; 80 columns."""
    return "\n".join(_page(matched, bill, title)) + "\n"


def _page(matched: Matched, bill: Bill, title: str) -> Iterator[str]:
    yield title
    yield ""
    yield _row("USAGE TYPE", "ESTIMATE", "ACTUAL", "DELTA")
    shown = [row for row in matched.rows if cents(row.expected) or cents(row.actual)]
    for row in shown:
        mark = " *" if cents(row.untagged) else ""
        services = sorted({each.partition(".")[0] for each in row.prices})
        name = f"  {row.usage_type}{mark}" + (f" ({', '.join(services)})" if len(services) > 1 else "")
        yield _row(name, dollars(row.expected), dollars(row.actual), _signed(row.delta))
    nothing = len(matched.rows) - len(shown)
    if nothing:
        yield f"  and {nothing} more below half a cent in both"
    for charge in matched.unexplained:
        yield _row(f"  {charge.usage_type}", "–", dollars(charge.usd), _signed(charge.usd))
    delta = matched.actual - matched.expected
    expected = cell(matched.expected, gaps=bool(matched.unpriced))
    yield _row("total", expected, dollars(matched.actual), "not known" if matched.unpriced else _signed(delta))
    yield ""
    yield from (line for note in _notes(matched, bill) for line in wrap(note, COLUMNS, subsequent_indent="  "))


def _notes(matched: Matched, bill: Bill) -> Iterator[str]:
    for unpriced in matched.unpriced:
        yield f"Unpriced, not in the estimate: {unpriced.type}: {unpriced.why}."
    if matched.unexplained:
        names = ", ".join(each.usage_type for each in matched.unexplained)
        yield f"Unexplained (not in the estimate): {names}."
    if any(cents(row.untagged) for row in matched.rows):
        yield "* includes untagged charges, part of which may belong to another stack."
    if bill.charges and not any(each.stack for each in bill.charges):
        yield f"No charge has the tag `{TAG}`: activate it as a cost allocation tag in the billing console."
    yield f"The rest of the account: {dollars(matched.others)}. Figures lag by a day."
    requests = "1 request" if bill.pages == 1 else f"{bill.pages} requests"
    yield f"Reading the bill took {requests}, {dollars(bill.asked_usd)}."


def _signed(amount: Decimal) -> str:
    return f"+{dollars(amount)}" if cents(amount) > 0 else dollars(amount) if cents(amount) else "–"


def _row(label: str, *cells: str) -> str:
    room = COLUMNS - 11 * len(cells)
    shown = label if len(label) < room else f"{label[: room - 2]}…"
    return f"{shown:<{room}}" + "".join(f"{cell:>11}" for cell in cells)


def as_document(matched: Matched, bill: Bill) -> dict[str, Any]:
    """The same for programs; amounts are texts."""
    return {
        "rows": [
            {
                "usage_type": row.usage_type,
                "price_ids": list(row.prices),
                "estimate": plain(row.expected),
                "actual": plain(row.actual),
                "untagged": plain(row.untagged),
                "delta": plain(row.delta),
            }
            for row in matched.rows
        ],
        "unexplained": _amounts(matched.unexplained),
        "unpriced": [{"type": each.type, "urn": each.urn, "why": each.why} for each in matched.unpriced],
        "at_least": bool(matched.unpriced),
        "estimate": plain(matched.expected),
        "actual": plain(matched.actual),
        "others": plain(matched.others),
        "requests": bill.pages,
        "asked_usd": plain(bill.asked_usd),
    }


def _amounts(charges: Sequence[Charge]) -> list[dict[str, str]]:
    return [{"usage_type": each.usage_type, "actual": plain(each.usd)} for each in charges]
