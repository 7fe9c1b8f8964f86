"""How figures are written for people."""

from trackstack_infra.cli.views.output import seconds


def test_durations_read_like_people_say_them() -> None:
    """Tenths below ten seconds, then seconds, minutes and hours."""
    assert [seconds(value) for value in (0.04, 9.94, 12.6, 200, 7500)] == [
        "0.0 s",
        "9.9 s",
        "13 s",
        "3 m 20 s",
        "2 h 05 m",
    ]
