"""What the invented person heats with: a gas meter, its readings, tariffs and the year's bill."""

import random
from collections.abc import Iterator
from datetime import date, time, timedelta
from functools import partial

from apps.common.clock import instant_text
from apps.common.database import Transaction
from apps.heating import billbook, meterbook
from apps.heating.model import BillDraft, Conversion, MeterDraft, ReadingDraft, TariffDraft
from apps.sample.timeline import Step, days, local

YEAR_M3 = 1_050
PER_MILLE = (170, 150, 130, 80, 40, 13, 13, 14, 30, 80, 120, 160)
"""How a year's heat falls on its months, January first: the usual table where no weather is known."""

CALORIFIC_MILLI = 11_215
Z_E4 = 9_524
KWH_PER_M3 = CALORIFIC_MILLI / 1000 * Z_E4 / 10_000


def steps(first: date, end: date, chance: random.Random) -> Iterator[Step]:
    """The meter on the first morning, readings monthly and while it is cold each Sunday, a bill in spring."""
    home: dict[str, str] = {}

    def set_up(tx: Transaction) -> None:
        draft = MeterDraft(
            kind="gas_m3",
            serial="GZ-1184-07",
            name="Basement",
            digits=5,
            conversions=(Conversion(valid_from=first.isoformat(), calorific_milli=CALORIFIC_MILLI, z_e4=Z_E4),),
        )
        home["meter"] = meterbook.make_meter(draft, tx.new_id(), tx).id
        _tariff(home["meter"], first, 1_090_000, 1_250, tx)

    yield Step(local(first, time(7, 10)), "heating", set_up)
    value_m3 = float(chance.randrange(8_000, 12_000))
    for day in days(first, end):
        value_m3 += YEAR_M3 * PER_MILLE[day.month - 1] / 1000 / 30.4 * chance.uniform(0.7, 1.3)
        cold = day.month not in range(5, 10)
        if day.day == 1 or (cold and day.weekday() == 6):
            yield _reading(home, day, round(value_m3 * 1000), chance)
        if (day.month, day.day) == (1, 2) and day.year > first.year:
            yield Step(local(day, time(19, 0)), "heating", partial(_new_year, home, day))
        if (day.month, day.day) == (3, 18):
            yield from _bill(day, chance)


def _reading(home: dict[str, str], day: date, value_milli: int, chance: random.Random) -> Step:
    at = local(day, time(7, 15 + chance.randrange(45)))

    def read(tx: Transaction) -> None:
        draft = ReadingDraft(meter_id=home["meter"], read_at=instant_text(at), value_milli=value_milli)
        meterbook.take_reading(draft, tx.new_id(), tx)

    return Step(at + timedelta(minutes=2), "heating", read)


def _new_year(home: dict[str, str], day: date, tx: Transaction) -> None:
    _tariff(home["meter"], day.replace(day=1), 1_165_000, 1_390, tx)


def _tariff(meter: str, valid_from: date, work: int, base: int, tx: Transaction) -> None:
    draft = TariffDraft(
        meter_id=meter,
        valid_from=valid_from.isoformat(),
        work_price_e5_minor_per_kwh=work,
        base_price_minor_per_month=base,
        currency="EUR",
    )
    billbook.add_tariff(draft, tx.new_id(), tx)


def _bill(day: date, chance: random.Random) -> Iterator[Step]:
    """Last year's settlement, which first forgot an advance and is corrected two weeks later."""
    kwh_milli = round(YEAR_M3 * KWH_PER_M3 * 1000 * chance.uniform(0.95, 1.05))
    bill: dict[str, str] = {}

    def draft(amount_minor: int, note: str | None) -> BillDraft:
        return BillDraft(
            period_from=date(day.year - 1, 1, 1).isoformat(),
            period_to=date(day.year - 1, 12, 31).isoformat(),
            kwh_milli=kwh_milli,
            amount_minor=amount_minor,
            currency="EUR",
            note=note,
        )

    def record(tx: Transaction) -> None:
        bill["id"] = billbook.record_bill(draft(18_240, None), tx.new_id(), tx).id

    def correct(tx: Transaction) -> None:
        old = billbook.find_bill(bill["id"], tx)
        billbook.correct_bill(old, draft(8_740, "corrected: the advance of December was missing"), tx)

    yield Step(local(day, time(18, 20)), "heating", record)
    yield Step(local(day + timedelta(days=14), time(18, 45)), "heating", correct)
