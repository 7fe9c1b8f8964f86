"""What CONTRIBUTING.md and the layout page say is there is there."""

import re
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
CONTRIBUTING = (CHECKOUT / "CONTRIBUTING.md").read_text(encoding="utf-8")
LAYOUT = (CHECKOUT / "docs" / "architecture.md").read_text(encoding="utf-8").partition("## Layout")[2]
LAYOUT = LAYOUT.partition("\n## ")[0]


def rooms(folder: str) -> list[str]:
    """The packages and modules of a folder, folders with a slash behind."""
    return sorted(
        f"{each.name}/" if each.is_dir() else each.stem
        for each in (CHECKOUT / folder).iterdir()
        if not each.name.startswith("_") and (each.suffix == ".py" or any(each.glob("*.*")))
    )


@pytest.mark.parametrize("folder", ["trackstack_infra", "trackstack_infra/local", "apps"])
def test_the_layout_page_names_every_room(folder: str) -> None:
    """A newcomer can hold docs/architecture.md against the tree: nothing of the tree is missing there."""
    assert [room for room in rooms(folder) if f"`{room}`" not in LAYOUT] == []


def test_the_layout_page_names_nothing_else() -> None:
    """Nor is anything there that the tree does not have."""
    rows = re.findall(r"^\| ((?:`[\w/]+`(?:, )?)+)", LAYOUT, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`([\w/]+)`", row)}
    there = {*rooms("trackstack_infra"), *rooms("trackstack_infra/local"), *rooms("apps"), "stacks/"}
    assert named - there == set()


def test_every_make_target_exists() -> None:
    """Each target that CONTRIBUTING.md names is in the Makefile, and it leaves none out."""
    targets = set(re.findall(r"^([a-z][\w-]*):", (CHECKOUT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"make ([a-z][\w-]*)", CONTRIBUTING))
    assert named == targets - {"environment"}  # which the others run by themselves


def test_every_path_exists() -> None:
    """Each file and folder that CONTRIBUTING.md names in full is there, and each page that it links to."""
    paths = [each for each in re.findall(r"`([\w./{},-]+/[\w./{},-]*)`", CONTRIBUTING) if "{" not in each]
    links = [each.partition("#")[0] for each in re.findall(r"\]\(([^)]+)\)", CONTRIBUTING)]
    toolkit = CHECKOUT / "trackstack_infra"
    roots = (CHECKOUT, toolkit, toolkit / "local", toolkit / "cli", CHECKOUT / "apps" / "gym")
    missing = [each for each in [*paths, *links] if not any(list(root.glob(each)) for root in roots)]
    assert missing == []


def test_the_exact_pins_are_those_of_pyproject() -> None:
    """The table of exact pins is pyproject.toml's."""
    pyproject = (CHECKOUT / "pyproject.toml").read_text(encoding="utf-8")
    groups = pyproject.partition("[dependency-groups]")[2].partition("\n[tool")[0]
    pinned = {re.split(r"[\[=]", each)[0] for each in re.findall(r'"([^"]+==[^"]+)"', groups)}
    table = CONTRIBUTING.partition("## Exact pins")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `([\w-]+)`", table, re.MULTILINE)) == pinned
