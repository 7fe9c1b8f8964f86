"""Settings given on the command line."""

from pathlib import Path

import pytest

from trackstack_infra.cli.overrides import overridden_settings, parse_pairs
from trackstack_infra.errors import SettingsError, UsageError
from trackstack_infra.settings.load import SettingsFiles
from trackstack_infra.settings.models import EnterpriseSettings, Power

CHECKOUT = Path(__file__).resolve().parents[3]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout whose enterprise gives gym more memory."""
    (tmp_path / "Pulumi.enterprise.yaml").write_text(
        "config:\n  aws:region: us-east-1\n  trackstack:services:\n    gym: {memory_mib: 1024}\n"
    )
    return tmp_path


def test_values_are_read_as_the_file_would_be() -> None:
    """Dots lead into groups, values are YAML, and several values may go to one group."""
    assert parse_pairs(["azs=3", "services.gym.cpu=512", "services.gym.architecture=x86_64", "power=off"]) == {
        "azs": 3,
        "services": {"gym": {"cpu": 512, "architecture": "x86_64"}},
        "power": False,
    }


def test_a_value_of_a_group_leaves_the_files_others(root: Path) -> None:
    """`--set services.gym.cpu=512` keeps the memory that the file gives gym."""
    settings = overridden_settings("enterprise", ["services.gym.cpu=512", "power=off"], SettingsFiles(root))
    assert isinstance(settings, EnterpriseSettings)
    assert (settings.service("gym").cpu, settings.service("gym").memory_mib) == (512, 1024)
    assert settings.power is Power.OFF


def test_a_value_that_is_refused_is_said_to_be_given_by_hand(root: Path) -> None:
    """The same checks as for the file, and the message says where the value came from."""
    with pytest.raises(SettingsError, match=r"override: trackstack:azs is 9"):
        overridden_settings("enterprise", ["azs=9"], SettingsFiles(root))


@pytest.mark.parametrize("pair", ["azs", "=3", "services..cpu=1", "azs=[1"])
def test_what_sets_nothing_is_a_usage_error(pair: str) -> None:
    """A slip in the grammar names the pair."""
    with pytest.raises(UsageError) as refused:
        parse_pairs([pair])
    assert repr(pair) in str(refused.value)


def test_a_group_and_a_part_of_it_cannot_both_be_given() -> None:
    """Which of the two was meant, nobody could tell."""
    with pytest.raises(UsageError, match="as a whole"):
        parse_pairs(["services=3", "services.gym.cpu=512"])
