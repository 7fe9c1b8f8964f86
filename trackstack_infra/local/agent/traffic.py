"""What the agent must know about the traffic to its tasks: the router answers it."""

from typing import Protocol


class Traffic(Protocol):
    """Told by the router; both calls block, and give up after `timeout_s`."""

    def settle(self, timeout_s: float) -> bool:
        """Wait until requests are routed by everything registered up to now."""
        ...

    def drained(self, port: int, timeout_s: float) -> bool:
        """Wait until no request is under way to the task on `port`."""
        ...


class NoTraffic:
    """For an agent without a router: nothing is ever under way."""

    def settle(self, timeout_s: float) -> bool:
        """Nothing to wait for."""
        return True

    def drained(self, port: int, timeout_s: float) -> bool:
        """Nothing to wait for."""
        return True
