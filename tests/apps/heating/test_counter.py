"""What may follow what on a meter, and how much went through in between."""

import pytest

from apps.heating.counter import Mark, Swap, consumed, units

FULL = 100_000_000  # five digits


def test_between_two_readings_is_their_difference() -> None:
    """What went through is the later reading less the earlier one; nothing at all is fine."""
    assert consumed(Mark("1", 5_347_614), Mark("2", 5_350_737), [], None) == 3123
    assert consumed(Mark("1", 5000), Mark("2", 5000), [], None) == 0


def test_a_meter_does_not_count_down() -> None:
    """A smaller reading is refused, and the sentence says which two disagree."""
    with pytest.raises(ValueError) as refused:
        consumed(Mark("2026-01-01", 5_350_737), Mark("2026-01-02", 5_347_614), [], FULL)
    assert str(refused.value) == (
        "5347.614 at 2026-01-02 is less than the 5350.737 of the reading of 2026-01-01; a meter counts up,"
        " unless it was exchanged or has rolled over"
    )


def test_over_the_last_digit() -> None:
    """A meter that passed 99999.999 went on from 0: from 99990 to 20 is 30."""
    assert consumed(Mark("1", 99_990_000), Mark("2", 20_000, rolled_over=True), [], FULL) == 30_000
    with pytest.raises(ValueError, match="digits are not known"):
        consumed(Mark("1", 99_990_000), Mark("2", 20_000, rolled_over=True), [], None)
    with pytest.raises(ValueError, match="has not rolled over"):
        consumed(Mark("1", 10_000), Mark("2", 20_000, rolled_over=True), [], FULL)


def test_over_an_exchange() -> None:
    """Over an exchange the rest of the old meter and the start of the new one count: (810 - 800) + (25 - 5) = 30."""
    assert consumed(Mark("1", 800_000), Mark("3", 25_000), [Swap("2", 810_000, 5000)], None) == 30_000


def test_over_two_exchanges() -> None:
    """Exchanges add up: (810 - 800) + (7 - 5) + (3 - 0) = 15."""
    swaps = [Swap("2", 810_000, 5000), Swap("3", 7000, 0)]
    assert consumed(Mark("1", 800_000), Mark("4", 3000), swaps, None) == 15_000


def test_an_exchange_must_agree_with_both_sides() -> None:
    """The old meter did not end below its last reading, nor the new one start above its first."""
    with pytest.raises(
        ValueError, match=r"exchanged at 2 ended at 790\.000, less than the 800\.000 of the reading of 1"
    ):
        consumed(Mark("1", 800_000), None, [Swap("2", 790_000, 0)], None)
    with pytest.raises(ValueError, match=r"3\.000 at 3 is less than the 5\.000 of the meter put in at 2"):
        consumed(None, Mark("3", 3000), [Swap("2", 790_000, 5000)], None)


def test_thousandths_are_shown_as_a_decimal_number() -> None:
    """Sentences for people show units with three decimals."""
    assert (units(5_347_614), units(7), units(0)) == ("5347.614", "0.007", "0.000")
