"""An image's digest: the same for the same sources, another for any other."""

import re
from pathlib import Path

import pytest

from trackstack_infra import images
from trackstack_infra.errors import SettingsError

FILES = {
    "Dockerfile": "FROM scratch",
    "requirements-app.txt": "fastapi",
    "apps/__init__.py": "",
    "apps/common/__init__.py": "",
    "apps/common/database.py": "common",
    "apps/contracts/__init__.py": "",
    "apps/expenses/__init__.py": "expenses",
    "apps/expenses/migrations/0001_start.sql": "CREATE TABLE a (b)",
    "apps/gym/__init__.py": "gym",
    "apps/heating/__init__.py": "heating",
    "apps/monolith/__init__.py": "",
    "apps/bridge/__init__.py": "",
    "apps/sample/__init__.py": "",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def digests(root: Path) -> dict[str, str]:
    return {image: images.content_digest(root, image) for image in images.SOURCES}


def changed(root: Path, name: str, text: str) -> set[str]:
    """The images that are others once a file holds something else."""
    before = digests(root)
    (root / name).write_text(text)
    after = digests(root)
    return {image for image in before if before[image] != after[image]}


def test_a_digest_looks_like_a_registrys(root: Path) -> None:
    """`sha256:` and 64 hex digits, one for each of the five images."""
    found = digests(root)
    assert list(found) == ["monolith", "expenses", "gym", "heating", "bridge"]
    assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in found.values())
    assert len(set(found.values())) == 5


def test_the_same_sources_give_the_same_digest_everywhere(root: Path) -> None:
    """A digest is known beforehand: it does not depend on the computer, the folder or the time.

    Worked out with printf and sha256sum: `gym`, then for each file by name a NUL, its path, a NUL, its size, a NUL and
    its content.
    """
    assert images.content_digest(root, "gym") == (
        "sha256:515c1d069fbc7aeb52d06a2298218323654d31299d4f263d81322eea638778b1"
    )


def test_one_domains_change_leaves_the_others_services_alone(root: Path) -> None:
    """A change in gym makes new images of gym, the monolith and the bridge; expenses and heating keep running."""
    assert changed(root, "apps/gym/__init__.py", "gym, better") == {"gym", "monolith", "bridge"}


def test_a_migration_is_part_of_the_image(root: Path) -> None:
    """Not only code counts: a migration's text changes the image."""
    assert changed(root, "apps/expenses/migrations/0001_start.sql", "CREATE TABLE a (c)") == {
        "expenses",
        "monolith",
        "bridge",
    }


@pytest.mark.parametrize("name", ["Dockerfile", "requirements-app.txt", "apps/common/database.py"])
def test_what_all_share_changes_all(root: Path, name: str) -> None:
    """The recipe, the locked dependencies and the common code are in every image."""
    assert changed(root, name, "other") == {"monolith", "expenses", "gym", "heating", "bridge"}


def test_what_no_image_holds_changes_nothing(root: Path) -> None:
    """Documentation and tests do not restart a service."""
    (root / "tests").mkdir()
    assert changed(root, "README.md", "read me") == set()
    assert changed(root, "tests/test_gym.py", "test") == set()


def test_compiled_files_do_not_count(root: Path) -> None:
    """Having run the code does not change what is in the image."""
    (root / "apps/gym/__pycache__").mkdir()
    assert changed(root, "apps/gym/__pycache__/model.cpython-311.pyc", "compiled") == set()
    assert changed(root, "apps/gym/model.pyc", "compiled") == set()


def test_moving_text_between_files_is_a_change(root: Path) -> None:
    """Paths and lengths are part of the digest, so the same bytes in other files are another image."""
    before = images.content_digest(root, "gym")
    (root / "apps/gym/__init__.py").write_text("gy")
    (root / "apps/gym/m.py").write_text("m")
    moved = images.content_digest(root, "gym")
    (root / "apps/gym/m.py").rename(root / "apps/gym/n.py")
    renamed = images.content_digest(root, "gym")
    assert len({before, moved, renamed}) == 3


def test_an_image_without_its_sources_is_refused(root: Path) -> None:
    """A missing source is named, rather than left out of the image."""
    (root / "requirements-app.txt").unlink()
    with pytest.raises(SettingsError, match=r"image gym.*requirements-app\.txt") as caught:
        images.content_digest(root, "gym")
    assert caught.value.hint is not None


def test_an_unknown_image_names_the_known_ones() -> None:
    """A typo in an image's name shows the five there are."""
    with pytest.raises(SettingsError, match="'gim'") as caught:
        images.content_digest(Path(), "gim")
    assert caught.value.hint == "the images are monolith, expenses, gym, heating, bridge"
