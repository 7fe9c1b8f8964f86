"""Which files become the page."""

from pathlib import Path

import pytest

from trackstack_infra.components.files import FOR_EVER, cache_control, site_files
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


@pytest.mark.parametrize(
    "name",
    ["index.C3fXyqHk.css", "main-DzI0K8Y2.js", "font.0a1b2c3d4e5f.woff2", "workbox-1a2b3c4d.js", "hoisted.B-_x9Kqa.js"],
)
def test_a_name_with_a_hash_is_kept_for_a_year(name: str) -> None:
    """Other content gets another name, so nobody needs to ask again."""
    assert cache_control(name) == FOR_EVER == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "name",
    [
        "index.html",
        "sw.js",
        "manifest.webmanifest",
        "status.json",
        "style.css",
        "status.js",
        "page-B1c2D3e4.html",
        "app-settings.js",
        "img-20261101.png",
        "app.min.js",
    ],
)
def test_any_other_file_is_asked_for_each_time(name: str) -> None:
    """Pages, the service worker, the manifest and whatever has the same name in each version."""
    assert cache_control(name) == "no-cache"
