"""API Gateway's throttle: a bucket of tokens that fills at a rate."""

from collections.abc import Callable

from trackstack_infra.local.router.api_routes import RateLimit


class Throttle:
    """One bucket for each API, and for each route with a limit of its own."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}

    def admits(self, bucket: tuple[str, str], limit: RateLimit) -> bool:
        """Take a token if there is one."""
        now = self._monotonic()
        tokens, since = self._buckets.get(bucket, (float(limit.burst), now))
        tokens = min(float(limit.burst), tokens + (now - since) * limit.rate)
        admitted = tokens >= 1.0
        self._buckets[bucket] = (tokens - 1.0 if admitted else tokens, now)
        return admitted
