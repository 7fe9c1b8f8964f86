"""What `up --set` leaves for `down` and `status`."""

from pathlib import Path

from trackstack_infra.local.operation.overrides import NOTHING, Given, forget, remember, remembered

IPV6 = Given({"egress": "ipv6", "azs": 3}, ("egress=ipv6", "azs=3"))


def test_what_was_given_is_remembered_stack_by_stack(tmp_path: Path) -> None:
    """Enterprise's settings are not pragmatic's, and a fresh machine remembers none."""
    assert remembered(tmp_path, "enterprise") == NOTHING
    remember(tmp_path, "enterprise", IPV6)
    assert remembered(tmp_path, "enterprise") == IPV6
    assert remembered(tmp_path, "pragmatic") == NOTHING


def test_an_up_without_settings_goes_by_the_file_again(tmp_path: Path) -> None:
    """Nothing of an earlier `up --set` is left after an `up`, nor after a `destroy`."""
    remember(tmp_path, "enterprise", IPV6)
    remember(tmp_path, "enterprise", NOTHING)
    assert remembered(tmp_path, "enterprise") == NOTHING
    remember(tmp_path, "enterprise", IPV6)
    forget(tmp_path, "enterprise")
    assert remembered(tmp_path, "enterprise") == NOTHING


def test_the_options_can_be_typed_again() -> None:
    """A hint that repeats the command keeps its quotes."""
    given = Given({"domain": {"name": "a.b", "zone": "b"}}, ("domain={name: a.b, zone: b}",))
    assert given.options == ("--set 'domain={name: a.b, zone: b}'",)
