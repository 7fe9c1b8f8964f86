"""What holds of every stack whatever its settings say: tests/stacks/invariants.py, over tests/stacks/choices.py."""

from collections.abc import Callable, Iterable

import pytest
from choices import EGRESS, Combination, enterprises, every_enterprise, every_foundation, every_pragmatic, pragmatics
from hypothesis import HealthCheck, Phase, given, settings
from invariants import hold

# The same each time, so that who breaks something is who sees it; `make test-slow` tries them all. What fails is not
# made smaller: each example runs its program three times, and its settings can be read as they are.
few = settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)


@pytest.mark.parametrize("combination", every_foundation(), ids=["bare", "mail", "github", "both"])
def test_any_foundation_stands(combination: Combination) -> None:
    """With and without a repository to trust and a person to write to."""
    hold(combination)


@few
@given(pragmatics())
def test_any_pragmatic_stands(combination: Combination) -> None:
    """Whatever ingress, name, zones, size and capacity."""
    hold(combination)


@few
@given(enterprises())
def test_any_enterprise_stands(combination: Combination) -> None:
    """Whatever egress, database, monitoring, name, zones, sizes and capacity."""
    hold(combination)


def _all_hold(combinations: Iterable[Combination], printed: Callable[[str], None]) -> int:
    tried = 0
    for combination in combinations:
        hold(combination)
        tried += 1
    printed(f"{tried} combinations tried, each on and off")
    return tried


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Prints what docs/figures.md wants to know; beside other workers (`-n`) nothing is seen of it."""

    def show(line: str) -> None:
        with capsys.disabled():
            print(f"\n{line}")

    return show


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_pragmatic_stands(printed: Callable[[str], None]) -> None:
    """All 24 of ingress, name, one zone or three, capacity and processor."""
    assert _all_hold(every_pragmatic(), printed) == 24


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("egress", EGRESS)
def test_every_enterprise_stands(egress: str, printed: Callable[[str], None]) -> None:
    """All 84 of egress, monitoring, database, name, one zone or three; without IPv4 there is no Postgres."""
    assert _all_hold(every_enterprise(egress), printed) == (12 if egress == "ipv6" else 24)
