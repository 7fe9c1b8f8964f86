"""What `up --set` leaves for `down` and `status`."""

from pathlib import Path

from trackstack_infra.local.state_dir.overrides import (
    NO_OVERRIDES,
    Overrides,
    forget_overrides,
    keep_overrides,
    kept_overrides,
)

IPV6 = Overrides({"egress": "ipv6", "azs": 3}, ("egress=ipv6", "azs=3"))


def test_what_was_given_is_remembered_stack_by_stack(tmp_path: Path) -> None:
    """Enterprise's settings are not pragmatic's, and a fresh machine remembers none."""
    assert kept_overrides(tmp_path, "enterprise") == NO_OVERRIDES
    keep_overrides(tmp_path, "enterprise", IPV6)
    assert kept_overrides(tmp_path, "enterprise") == IPV6
    assert kept_overrides(tmp_path, "pragmatic") == NO_OVERRIDES


def test_an_up_without_settings_goes_by_the_file_again(tmp_path: Path) -> None:
    """Nothing of an earlier `up --set` is left after an `up`, nor after a `destroy`."""
    keep_overrides(tmp_path, "enterprise", IPV6)
    keep_overrides(tmp_path, "enterprise", NO_OVERRIDES)
    assert kept_overrides(tmp_path, "enterprise") == NO_OVERRIDES
    keep_overrides(tmp_path, "enterprise", IPV6)
    forget_overrides(tmp_path, "enterprise")
    assert kept_overrides(tmp_path, "enterprise") == NO_OVERRIDES


def test_the_options_can_be_typed_again() -> None:
    """A hint that repeats the command keeps its quotes."""
    overrides = Overrides({"domain": {"name": "a.b", "zone": "b"}}, ("domain={name: a.b, zone: b}",))
    assert overrides.options == ("--set 'domain={name: a.b, zone: b}'",)
