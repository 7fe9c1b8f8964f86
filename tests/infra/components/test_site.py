"""Which files become the page."""

from pathlib import Path

import pytest

from trackstack_infra.components.site import site_files
from trackstack_infra.errors import PrerequisiteMissing


def test_only_what_belongs_on_the_web_is_uploaded(tmp_path: Path) -> None:
    """Pages, styles, scripts and pictures, in subfolders too; nothing hidden and nothing of another kind."""
    for name in ("index.html", "style.css", "img/icon.svg", ".secret.html", ".git/index.html", "notes.md", "build.sh"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    found = [path.relative_to(tmp_path).as_posix() for path in site_files(tmp_path)]
    assert found == ["img/icon.svg", "index.html", "style.css"]


def test_a_folder_without_a_page_is_refused(tmp_path: Path) -> None:
    """Without index.html the site would answer every visitor with an error: say so before anything is deployed."""
    with pytest.raises(PrerequisiteMissing, match=r"no index\.html") as caught:
        list(site_files(tmp_path / "web"))
    assert str(tmp_path / "web") in caught.value.message
