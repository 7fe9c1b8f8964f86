"""What the README shows first, and which of its commands the newcomer has run."""

from laptop import CHECKOUT
from readme import in_order, shown_commands


def test_the_readme_begins_with_the_two_commands() -> None:
    """A newcomer meets `./trackstack up enterprise` and `make test` first."""
    text = (CHECKOUT / "README.md").read_text()
    assert shown_commands()[0] == ["up", "enterprise"]
    assert text.index("./trackstack up enterprise") < text.index("make test") < text.index("./trackstack status")


def test_commands_are_found_in_their_order() -> None:
    """One that was not run, or not after the ones before it, is named; a file may have any name."""
    shown = [["up", "a"], ["import", "FILE.csv"], ["down", "a"]]
    ran = [["up", "a"], ["status"], ["import", "/x/mine.csv"], ["down", "a"]]
    assert in_order(shown, ran) == []
    assert in_order(shown, ran[:3]) == [["down", "a"]]
    assert in_order(shown, [ran[3], *ran[:3]]) == [["down", "a"]]
    assert in_order(shown, [ran[0], ["import", "/x/mine.txt"], ran[3]]) == [["import", "FILE.csv"], ["down", "a"]]
