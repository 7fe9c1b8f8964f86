"""The throttle of an HTTP API."""

from trackstack_infra.local.router.api_routes import RateLimit
from trackstack_infra.local.router.throttle import Throttle


def test_a_burst_is_admitted_and_then_the_rate_holds() -> None:
    """With 20 a second and a burst of 40: 40 at once, then one each 50 ms."""
    now = [0.0]
    throttle = Throttle(lambda: now[0])
    limit = RateLimit(rate=20.0, burst=40)
    assert sum(throttle.admits(("api", ""), limit) for _ in range(100)) == 40
    now[0] = 0.049
    assert not throttle.admits(("api", ""), limit)
    now[0] = 0.051
    assert throttle.admits(("api", ""), limit)
    now[0] = 1.0
    assert sum(throttle.admits(("api", ""), limit) for _ in range(100)) == 19  # 20 in that second, one of them taken


def test_a_bucket_never_holds_more_than_a_burst() -> None:
    """A quiet night does not pile up calls."""
    now = [0.0]
    throttle = Throttle(lambda: now[0])
    throttle.admits(("api", ""), RateLimit(20.0, 40))
    now[0] = 3600.0
    assert sum(throttle.admits(("api", ""), RateLimit(20.0, 40)) for _ in range(100)) == 40


def test_each_api_has_a_bucket_of_its_own() -> None:
    """A busy stack does not slow the other one."""
    throttle = Throttle(lambda: 0.0)
    assert throttle.admits(("pragmatic", ""), RateLimit(1.0, 1))
    assert throttle.admits(("enterprise", ""), RateLimit(1.0, 1))
    assert not throttle.admits(("pragmatic", ""), RateLimit(1.0, 1))
