"""What a row of the Danish heat meter data means."""

import pytest

from apps.heating.danish import milli_of, read_row


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5347.61445783133", 5_347_614),
        ("15775", 15_775_000),
        ("56974.8571428571", 56_974_857),
        ("0.0005", 0),  # half a thousandth: to even
        ("0.0015", 2),
        ("0.00150000000000000001", 2),
        ("0.0025", 2),
        ("0.002500000000000001", 3),  # as a float this would be 0.0025
    ],
)
def test_values_are_rounded_from_their_text(text: str, expected: int) -> None:
    """Values become thousandths of a kWh from the decimal text itself, halves to even, never by way of a float."""
    assert milli_of(text) == expected


@pytest.mark.parametrize("text", ["", "-1", "NA", "1e3", "1_000", "nan", "1,5", "12345678901", "٣"])
def test_what_is_no_value_is_refused(text: str) -> None:
    """Anything but a plain decimal number is refused."""
    with pytest.raises(ValueError, match="is not a meter value"):
        milli_of(text)


def test_a_row_is_a_reading() -> None:
    """The instant is kept in UTC, whatever the offset it is written with."""
    row = {"meter_id": "660", "time_rounded": "2018-01-03T00:00:00+01:00", "energy_heat_kwh": "5347.61445783133"}
    assert read_row(row) == ("660", "2018-01-02T23:00:00.000000Z", 5_347_614)


@pytest.mark.parametrize("time", ["2018-01-02", "2018-01-02 23:00:00", "2018-13-02T23:00:00Z", "1918-01-02T23:00:00Z"])
def test_what_is_no_instant_is_refused(time: str) -> None:
    """A time without a zone, or one the calendar does not have, is refused."""
    with pytest.raises(ValueError):
        read_row({"meter_id": "660", "time_rounded": time, "energy_heat_kwh": "1"})
