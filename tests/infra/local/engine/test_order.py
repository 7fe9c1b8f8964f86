"""The order of deletions."""

from hypothesis import given
from hypothesis import strategies as st

from trackstack_infra.local.engine.order import deletion_levels, replaced_with
from trackstack_infra.local.engine.state import ResourceState


def entry(urn: str, *needs: str, parent: str | None = None, condemned: bool = False, **by: str) -> ResourceState:
    return ResourceState(
        urn, "t", urn, parent, True, id=urn, dependencies=needs, condemned=condemned,
        property_dependencies={name: (needed,) for name, needed in by.items()},
    )  # fmt: skip


def test_dependents_go_first() -> None:
    """References and parents decide; what is independent goes together."""
    levels = deletion_levels([entry("a"), entry("b", "a"), entry("c", "a"), entry("d", "b"), entry("e", parent="d")])
    assert [[one.urn for one in level] for level in levels] == [["c", "e"], ["d"], ["b"], ["a"]]


def test_a_replaced_resource_outlives_its_dependents() -> None:
    """Two objects of one URN, the old and the new, wait for whatever depends on that URN."""
    levels = deletion_levels([entry("a", condemned=True), entry("b", "a", condemned=True), entry("b", "a")])
    assert [len(level) for level in levels] == [2, 1]


def test_a_circle_ends() -> None:
    """A state that somebody edited into a circle is deleted all the same."""
    assert [len(level) for level in deletion_levels([entry("a", "b"), entry("b", "a")])] == [2]


@given(st.lists(st.lists(st.integers(0, 8), max_size=3), max_size=9))
def test_nothing_goes_before_what_needs_it(needs: list[list[int]]) -> None:
    """In any graph without circles, every resource is deleted once, and after all that depend on it."""
    entries = [entry(str(n), *(str(m) for m in below if m < n)) for n, below in enumerate(needs)]
    levels = deletion_levels(entries)
    place = {one.urn: number for number, level in enumerate(levels) for one in level}
    assert sorted(place) == sorted(one.urn for one in entries)
    assert all(place[one.urn] < place[needed] for one in entries for needed in one.dependencies)


def test_what_must_be_replaced_along() -> None:
    """Who references a resource in a property that cannot change goes with it, and whoever references those."""
    entries = [entry("a"), entry("b", net="a"), entry("c", net="b"), entry("d", label="a"), entry("e", net="d")]
    found = replaced_with("a", entries, lambda one: frozenset({"net"}))
    assert [one.urn for one in found] == ["b", "c"]
