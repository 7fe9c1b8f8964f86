"""Marked values, and their way over Pulumi's wire."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackstack_infra.graph.values import UNKNOWN, Asset, Secret, is_secret, is_unknown, revealed
from trackstack_infra.graph.wire import MARK, read_struct, write_struct

SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5) | st.just(UNKNOWN)
ASSETS = st.builds(lambda text: Asset(text=text), st.text(max_size=5))
VALUES = st.recursive(
    SCALARS | ASSETS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
        | st.builds(Secret, inner.filter(lambda value: not isinstance(value, Secret)))
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=3), VALUES, max_size=3))
def test_values_survive_the_wire(properties: dict[str, object]) -> None:
    """What is written is read back, unknowns, secrets and files included."""
    assert read_struct(write_struct(properties)) == properties


def test_a_resource_is_its_id() -> None:
    """A resource passed as an input arrives as its id; unknown while it has none; a component as its URN."""
    reference = {MARK: "5cf8f73096256a8f31e491e813e4eb8e", "urn": "urn:x"}
    struct = write_struct(
        {"known": reference | {"id": "i-1"}, "not yet": reference | {"id": ""}, "component": reference}
    )
    assert read_struct(struct) == {"known": "i-1", "not yet": UNKNOWN, "component": "urn:x"}


def test_an_unknown_mark_is_refused() -> None:
    """A marker of a newer Pulumi is an error, not a dictionary with a strange key."""
    with pytest.raises(ValueError, match="marked 'new'"):
        read_struct(write_struct({"a": {MARK: "new"}}))


def test_marks_are_found_at_any_depth() -> None:
    """A secret or an unknown inside a list inside a map is found."""
    assert is_secret({"a": [1, Secret(2)]})
    assert is_unknown({"a": [Secret([UNKNOWN])]})
    assert not is_secret({"a": [1, "2"]})
    assert revealed({"a": [Secret({"b": Secret(1)})]}) == {"a": [{"b": 1}]}


def test_a_file_is_known_by_its_content(tmp_path: Path) -> None:
    """Two files of one content have one digest; an edited file, or one more in a directory, has another."""
    (tmp_path / "a").write_text("hello")
    first, directory = Asset(path=str(tmp_path / "a")).digest(), Asset(path=str(tmp_path), archive=True).digest()
    assert first == Asset(text="hello").digest()
    (tmp_path / "b").write_text("hello")
    assert Asset(path=str(tmp_path / "b")).digest() == first
    assert Asset(path=str(tmp_path), archive=True).digest() != directory
    (tmp_path / "a").write_text("hello!")
    assert Asset(path=str(tmp_path / "a")).digest() != first
