"""Deciding: what holds for a whole file, given, declared, proved, known or assumed; 422 where nobody can know."""

from dataclasses import dataclass
from typing import Final, cast

from apps.common.imports import runs
from apps.common.imports.days import Order
from apps.common.imports.decimals import Sign
from apps.common.imports.decisions import Decision
from apps.common.problem import Unprocessable
from apps.common.transaction import Readable
from apps.heating.imports.intervals import Stamp
from apps.heating.imports.layouts import Layout, Values
from apps.heating.imports.survey import Survey
from apps.heating.imports.units import MAX_KW, OF_KIND, Unit
from apps.heating.imports.wishes import Wishes
from apps.heating.model import Kind

NO_ZONE: Final = "UTC"


@dataclass(frozen=True)
class Decided:
    """The decisions of a file."""

    kind: Kind
    unit: Unit
    decimal: Sign
    dates: Order
    zone: str
    values: Values
    stamp: Stamp
    holes_are_zero: bool
    digits: int | None
    max_kw: int
    notes: tuple[Decision, ...]


def decide(survey: Survey, layout: Layout, wishes: Wishes, reader: Readable) -> Decided:
    """Decide all of it."""
    kind = _kind(survey, wishes, reader)
    unit = _unit(survey, kind.value)
    decimal = _decimal(survey, layout, wishes)
    dates, zone = _dates(survey, layout, wishes), _zone(survey, layout, wishes, reader)
    values = _values(layout, wishes)
    _check_wishes(wishes, values.value)
    stamp = _stamp(layout, wishes) if values.value == "interval" else None
    notes = [kind, unit, decimal, dates, zone, values, stamp, *_given(wishes, values.value)]
    return Decided(
        kind=cast("Kind", kind.value),
        unit=cast("Unit", unit.value),
        decimal=cast("Sign", decimal.value if decimal else "dot"),
        dates=cast("Order", dates.value if dates else "day-first"),
        zone=zone.value if zone else NO_ZONE,
        values=cast("Values", values.value),
        stamp=cast("Stamp", stamp.value if stamp else "begin"),
        holes_are_zero=wishes.gaps == "zero",
        digits=wishes.digits,
        max_kw=wishes.max_kw or MAX_KW,
        notes=tuple(each for each in notes if each is not None),
    )


def _kind(survey: Survey, wishes: Wishes, reader: Readable) -> Decision:
    if survey.declared_kind is not None:
        if wishes.kind not in (None, survey.declared_kind):
            raise Unprocessable(
                f"the column {survey.value_column} is of meters of kind {survey.declared_kind}; leave kind out"
            )
        note = f"Meters are of kind {survey.declared_kind}, as the column {survey.value_column} says."
        return Decision(name="kind", value=survey.declared_kind, how="declared", note=note)
    if wishes.kind is not None:
        return Decision(
            name="kind", value=wishes.kind, how="given", note=f"Meters are of kind {wishes.kind}, as given."
        )
    known = _kinds_of(survey, reader)
    if len(known) == 1:
        note = f"Meters are of kind {known[0]}, as in earlier readings of them."
        return Decision(name="kind", value=known[0], how="known", note=note)
    possible = [kind for kind, units in OF_KIND.items() if survey.unit is None or survey.unit in units]
    if len(possible) == 1:
        note = f"Meters are of kind {possible[0]}: values are in {survey.unit}."
        return Decision(name="kind", value=possible[0], how="declared", note=note)
    raise Unprocessable(f"the file does not say what its meters count; give kind={' or kind='.join(possible)}")


def _kinds_of(survey: Survey, reader: Readable) -> list[str]:
    """The kinds of the meters that are there under the file's first serials."""
    found: set[str] = set()
    for serial in list(survey.rows.serials)[:100]:
        found.update(row[0] for row in reader.all("SELECT kind FROM heating_meter WHERE serial = :it", it=serial))
    return sorted(kind for kind in found if survey.unit is None or survey.unit in OF_KIND[cast("Kind", kind)])


def _unit(survey: Survey, kind: str) -> Decision:
    allowed = OF_KIND[cast("Kind", kind)]
    unit = survey.unit or allowed[0]
    if unit not in allowed:
        raise Unprocessable(f"meters of kind {kind} count in {' or '.join(allowed)}, not in {unit}")
    how = survey.unit_how or f"as meters of kind {kind} count"
    return Decision(
        name="unit",
        value=unit,
        how="given" if how == "as given" else "declared",
        note=f"Values are in {unit}, {how}.",
    )


def _decimal(survey: Survey, layout: Layout, wishes: Wishes) -> Decision | None:
    unclear = survey.unclear_value
    if wishes.decimal is None and layout.decimal is None and not survey.decimal.proofs and unclear is None:
        return None
    assumed = None
    if unclear is not None and survey.commas_divide and not survey.has_commas:
        assumed = "dot"
    decision = survey.decimal.decide(
        given=wishes.decimal,
        words=lambda sign: f"Values are read with a decimal {sign}",
        known=None,
        assumed=layout.decimal or assumed,
        why_assumed="commas divide the cells of the file" if layout.decimal is None else "such files are written so",
    )
    if decision is None:
        line, text = unclear or (0, "")
        plain = text.replace(".", "").replace(",", "")
        raise Unprocessable(
            f"{survey.value_column} says {text!r} in line {line}, which may be"
            f" {int(plain) / 1000:.3f} or {int(plain):,}, and no other value tells which; import with decimal=dot or"
            " decimal=comma: the sign before the decimals"
        )
    return decision


def _dates(survey: Survey, layout: Layout, wishes: Wishes) -> Decision | None:
    unclear = survey.unclear_date
    if unclear is None and not survey.dates.proofs:
        return None
    dotted = unclear is not None and "." in unclear[1][:3]
    assumed = "day-first" if dotted or layout.order == "day-first" else None
    decision = survey.dates.decide(
        given=wishes.dates,
        words=lambda order: f"Dates are read {order.replace('-', ' ')}",
        known=None,
        assumed=assumed,
        why_assumed="dates with dots are written so" if dotted else "such files are written so",
    )
    if decision is None:
        line, text = unclear or (0, "")
        raise Unprocessable(
            f"{survey.at_column} says {text!r} in line {line}, and no other date tells the order of day and month;"
            " import with dates=day-first or dates=month-first"
        )
    return decision


def _zone(survey: Survey, layout: Layout, wishes: Wishes, reader: Readable) -> Decision | None:
    if wishes.zone is not None:
        note = f"Local times, days and months are those of {wishes.zone}, as given."
        return Decision(name="zone", value=wishes.zone, how="given", note=note)
    if survey.local_time is None:
        return None
    line, text = survey.local_time
    known = runs.known_decision(reader, "heating", layout.name, "zone")
    if known is not None:
        note = f"Times without an offset are those of {known}, as in the last import of such a file."
        return Decision(name="zone", value=known, how="known", note=note)
    raise Unprocessable(
        f"{survey.at_column} says {text!r} in line {line}, a local time; give its zone, such as zone=Europe/Berlin"
    )


def _values(layout: Layout, wishes: Wishes) -> Decision:
    value = wishes.values or layout.values or "level"
    words = "what the meter showed" if value == "level" else "what the meter used from one row to the next"
    if wishes.values is not None:
        return Decision(name="values", value=value, how="given", note=f"Values are {words}, as given.")
    if layout.values is not None:
        return Decision(
            name="values", value=value, how="declared", note=f"Values are {words}: {layout.name} files are."
        )
    return Decision(
        name="values",
        value=value,
        how="assumed",
        note=f"Values are {words}: they look like it. If that is wrong, undo the import and give values=interval.",
    )


def _stamp(layout: Layout, wishes: Wishes) -> Decision:
    if wishes.stamp is not None:
        note = f"A time is the {wishes.stamp} of its interval, as given."
        return Decision(name="stamp", value=wishes.stamp, how="given", note=note)
    if layout.until:
        return Decision(
            name="stamp", value="begin", how="declared", note="The file names begin and end of each interval."
        )
    return Decision(
        name="stamp",
        value="begin",
        how="assumed",
        note="A time is the begin of its interval. If that is wrong, undo the import and give stamp=end.",
    )


def _check_wishes(wishes: Wishes, values: str) -> None:
    """Refuse what says nothing about values of this sort: whoever gives it means the other."""
    for name, of in (("stamp", "interval"), ("gaps", "interval"), ("digits", "level")):
        if getattr(wishes, name) is not None and values != of:
            raise Unprocessable(f"{name} is for files of {of} values; leave it out, or give values={of} as well")


def _given(wishes: Wishes, values: str) -> list[Decision]:
    given: list[Decision] = []
    if wishes.digits is not None:
        given.append(
            _as_given("digits", wishes.digits, f"Meters have {wishes.digits} digits before the point, as given.")
        )
    if wishes.max_kw is not None:
        given.append(_as_given("max_kw", wishes.max_kw, f"Meters count by up to {wishes.max_kw} kW, as given."))
    if wishes.gaps is not None and values == "interval":
        given.append(_as_given("gaps", wishes.gaps, "Where intervals are missing nothing was used, as given."))
    return given


def _as_given(name: str, value: object, note: str) -> Decision:
    return Decision(name=name, value=str(value), how="given", note=note)
