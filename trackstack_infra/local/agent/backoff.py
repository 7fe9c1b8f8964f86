"""How long to wait before a task that ended by itself is started again, and when to stop trying."""

from dataclasses import dataclass

FIRST_S = 0.2
LONGEST_S = 30.0
HEALTHY_RESETS_S = 60.0
"""A task that was healthy this long starts the count anew."""

FAILED_STARTS = 3
"""So many starts without ever being healthy, and the deployment has failed: ECS's circuit breaker does the same."""


@dataclass(frozen=True)
class Backoff:
    """What the endings so far of one deployment mean for its next start."""

    deployment_was_healthy: bool = False
    failed_starts: int = 0
    in_a_row: int = 0

    def after(self, healthy_s: float | None) -> "Backoff":
        """Return the state after a task ended by itself; `healthy_s` says for how long it was healthy, None: never."""
        if healthy_s is None:
            return Backoff(self.deployment_was_healthy, self.failed_starts + 1, self.in_a_row + 1)
        in_a_row = 1 if healthy_s >= HEALTHY_RESETS_S else self.in_a_row + 1
        return Backoff(deployment_was_healthy=True, failed_starts=0, in_a_row=in_a_row)

    def healthy(self) -> "Backoff":
        """Return the state after a task became healthy."""
        return Backoff(deployment_was_healthy=True, failed_starts=0, in_a_row=self.in_a_row)

    @property
    def delay_s(self) -> float:
        """How long the next start waits."""
        return 0.0 if self.in_a_row == 0 else min(FIRST_S * 2.0 ** (self.in_a_row - 1), LONGEST_S)

    @property
    def gave_up(self) -> bool:
        """Whether the deployment has failed for good. One that worked once is tried for ever."""
        return not self.deployment_was_healthy and self.failed_starts >= FAILED_STARTS
