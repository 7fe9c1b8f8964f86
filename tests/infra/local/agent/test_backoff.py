"""How long a task that ended by itself waits before it is started again."""

from trackstack_infra.local.agent.backoff import Backoff


def test_the_pause_doubles_up_to_half_a_minute() -> None:
    """0.2 s, 0.4 s, … for a task that dies again and again, and never more than 30 s."""
    backoff = Backoff().healthy()
    pauses = []
    for _ in range(10):
        backoff = backoff.after(healthy_s=1.0)
        pauses.append(backoff.delay_s)
    assert pauses == [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30.0, 30.0]


def test_a_minute_of_health_starts_the_pauses_anew() -> None:
    """A task that dies once a day is back at once each time."""
    tired = Backoff().after(1.0).after(1.0).after(1.0)
    assert tired.delay_s == 0.8
    assert tired.after(healthy_s=60.0).delay_s == 0.2


def test_three_starts_that_never_became_healthy_are_enough() -> None:
    """A deployment that cannot work is given up, so that its reason can be read instead of a spinner."""
    backoff = Backoff().after(None).after(None)
    assert not backoff.gave_up
    assert backoff.after(None).gave_up


def test_a_deployment_that_worked_once_is_never_given_up() -> None:
    """A service that ran and now fails to start is tried for ever: what broke it may be mended."""
    backoff = Backoff().healthy()
    for _ in range(20):
        backoff = backoff.after(None)
    assert not backoff.gave_up
    assert backoff.delay_s == 30.0


def test_the_first_start_does_not_wait() -> None:
    """Nothing has failed yet."""
    assert Backoff().delay_s == 0.0
