"""Mappings: how the columns of a bank's file are to be read, as data.

Shipped ones are JSON files in `mappings/`. People write their own as YAML; the command line sends it as JSON.

    name: my-bank
    columns: {date: Booked, amount: Value, payee: Payee, note: Reference}
    dates: day-first            # or month-first, year-month-day
    decimal: comma              # or dot
    currency: EUR               # where no column says it
    categories:
      - {contains: [rent, landlord], category: Housing, subcategory: Rent}
"""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from apps.common.fields import Currency, Name
from apps.common.imports.intake import reason_of
from apps.common.problem import Unprocessable

FOLDER: Final = Path(__file__).with_name("mappings")

Column = Annotated[str, Field(min_length=1, max_length=100)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Columns(_Part):
    """Which column holds what, by its header. The amount is one signed column, or two without signs."""

    date: Column
    amount: Column | None = None
    debit: Annotated[Column | None, Field(description="Money that went out")] = None
    credit: Annotated[Column | None, Field(description="Money that came in")] = None
    direction: Annotated[Column | None, Field(description="Says debit or credit, beside an amount without sign")] = None
    fee: Annotated[Column | None, Field(description="Went out besides the amount")] = None
    payee: Column | None = None
    note: Column | None = None
    currency: Column | None = None
    account: Column | None = None
    category: Column | None = None

    @model_validator(mode="after")
    def _has_an_amount(self) -> Self:
        one, two = self.amount is not None, self.debit is not None and self.credit is not None
        if one == two or (self.debit is None) != (self.credit is None):
            raise ValueError("name the column amount, or the columns debit and credit")
        if self.direction is not None and not one:
            raise ValueError("direction goes with amount, not with debit and credit")
        return self


class Rule(_Part):
    """Payments whose payee, note or category in the file contains one of these texts, whatever the case."""

    contains: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=100)], ...], Field(min_length=1)]
    category: Name
    subcategory: Name | None = None


class Mapping(_Part):
    """How a bank's file is read."""

    name: Annotated[str, Field(pattern="^[a-z0-9][a-z0-9-]{0,39}$")]
    columns: Columns
    dates: Literal["day-first", "month-first", "year-month-day"]
    decimal: Literal["dot", "comma"]
    sign: Literal["negative-is-spent", "positive-is-spent"] = "negative-is-spent"
    debit_says: tuple[str, ...] = ("debit", "dbit", "d", "s", "soll", "af")
    """What the direction column says of money that went out …"""
    credit_says: tuple[str, ...] = ("credit", "crdt", "c", "h", "haben", "bij")
    """… and of money that came in; a row that says anything else is refused."""
    currency: Currency | None = None
    account: Name | None = None
    encoding: Literal["utf-8", "utf-16", "windows-1252", "iso-8859-1", "iso-8859-15"] | None = None
    only: dict[Column, tuple[str, ...]] = {}
    """Rows are entries only where these columns say one of these; others are skipped: `{State: [COMPLETED]}`."""
    skip: dict[Column, tuple[str, ...]] = {}
    """Rows are skipped where a column says one of these: payments of a card's bill, exchanges between own accounts."""
    refunds: dict[Column, tuple[str, ...]] = {}
    """Money that comes in is a refund, not an income, where a column says one of these."""
    spend_category: Name = "Uncategorised"
    income_category: Name = "Uncategorised"
    categories: Annotated[tuple[Rule, ...], Field(max_length=200)] = ()

    @model_validator(mode="after")
    def _has_a_currency(self) -> Self:
        if (self.currency is None) == (self.columns.currency is None):
            raise ValueError("say the currency, or name the column that does")
        return self

    @property
    def mark(self) -> str:
        """The name of a shipped one; else the name with a mark of what it says, which may change under one name."""
        if any(self == each for each in shipped()):
            return self.name
        digest = hashlib.sha256(self.model_dump_json(exclude={"categories"}).encode()).hexdigest()
        return f"{self.name}#{digest[:8]}"

    def headers(self) -> set[str]:
        """The columns it needs, in lower case."""
        named = (name for name in self.columns.model_dump().values() if name is not None)
        return {name.lower() for name in (*named, *self.only, *self.skip, *self.refunds)}


@cache
def shipped() -> tuple[Mapping, ...]:
    """The mappings that come with the program, by name."""
    return tuple(Mapping.model_validate_json(path.read_bytes()) for path in sorted(FOLDER.glob("*.json")))


def mapping_of(text: str) -> Mapping:
    """The mapping a caller names, or sends as JSON; 422 when there is none or it is wrong."""
    if not text.lstrip().startswith("{"):
        named = [each for each in shipped() if each.name == text]
        if not named:
            raise Unprocessable(
                f"there is no mapping {text[:40]!r}; shipped are {', '.join(each.name for each in shipped())}"
            )
        return named[0]
    try:
        return Mapping.model_validate(json.loads(text))
    except ValidationError as error:
        raise Unprocessable(f"the mapping is wrong: {reason_of(error)}") from error
    except (ValueError, RecursionError) as error:
        raise Unprocessable(f"the mapping is not valid JSON: {error}") from error
