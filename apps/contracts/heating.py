"""What heating publishes: the bills of a heating period."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from apps.common.events import Event
from apps.contracts.fields import Currency, Identifier, MinorUnits, Version


class HeatingBillEvent(Event):
    """One heating bill as it stands after the change, or as it last stood before it was withdrawn."""

    bill_id: Identifier
    period_from: date
    period_to: date  # the last day the bill covers
    kwh_milli: Annotated[int, Field(ge=0, description="Energy in thousandths of a kilowatt hour")]
    amount_minor: MinorUnits
    currency: Currency
    version: Version

    def subject(self) -> str:
        return f"bill/{self.bill_id}"


class HeatingBillRecorded(HeatingBillEvent):
    """A heating bill came in."""

    type: ClassVar[str] = "dev.trackstack.heating.bill.recorded.v1"


class HeatingBillCorrected(HeatingBillEvent):
    """A recorded bill was corrected."""

    type: ClassVar[str] = "dev.trackstack.heating.bill.corrected.v1"


class HeatingBillWithdrawn(HeatingBillEvent):
    """A recorded bill was withdrawn: it does not count any more."""

    type: ClassVar[str] = "dev.trackstack.heating.bill.withdrawn.v1"
