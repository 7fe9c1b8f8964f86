"""Where things stand: nothing on top of anything else, whatever the architecture."""

from hypothesis import given, settings
from hypothesis import strategies as st

from trackstack_infra.graph import Graph
from trackstack_infra.picture.draw import diagram_of
from trackstack_infra.picture.layout import MARGIN, Layout, Placed, arrange, wrap
from trackstack_infra.picture.ranks import ranks_of

from .conftest import random_scene

NUMBERS = st.lists(st.integers(0, 9999), max_size=24)


def overlap(one: Placed, other: Placed) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def crosses(layout: Layout, box: Placed) -> bool:
    """Whether any line goes through the inside of a box."""
    for line in layout.lines:
        for (x1, y1), (x2, y2) in zip(line.points, line.points[1:], strict=False):
            low_x, high_x, low_y, high_y = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
            if low_x < box.x + box.width and high_x > box.x and low_y < box.y + box.height and high_y > box.y:
                return True
    return False


@given(NUMBERS)
@settings(max_examples=60, deadline=None)
def test_no_box_covers_another_and_no_line_runs_through_one(numbers: list[int]) -> None:
    """However many boxes and arrows, circles included; and everything lies on the paper."""
    layout = arrange(random_scene(numbers))
    placed = [*layout.boxes, *layout.beside]
    assert len(placed) == len(layout.diagram.boxes)
    for index, box in enumerate(placed):
        assert not any(overlap(box, other) for other in placed[index + 1 :])
        assert not crosses(layout, box)
        assert box.x >= MARGIN
        assert box.y >= MARGIN
        assert box.x + box.width <= layout.width - MARGIN
        assert box.y + box.height <= layout.height


@given(NUMBERS)
@settings(max_examples=40, deadline=None)
def test_every_arrow_arrives_with_its_heads(numbers: list[int]) -> None:
    """As many heads are drawn as arrows have, and each at the side of a box."""
    layout = arrange(random_scene(numbers))
    sides = {(box.x, True) for box in layout.boxes} | {(box.x + box.width, False) for box in layout.boxes}
    drawn = 0
    for line in layout.lines:
        if line.head_at_start:
            assert (line.points[0][0], False) in sides
        if line.head_at_end:
            assert (line.points[-1][0], True) in sides
        drawn += line.head_at_start + line.head_at_end
    assert drawn == sum(arrow.forward + arrow.backward for arrow in layout.diagram.arrows)


def test_who_uses_stands_left_of_what_is_used(toy: Graph) -> None:
    """People first; then API, balancer, service, and what the service uses."""
    assert ranks_of(diagram_of(toy)) == {
        "people": 0,
        "api_api": 1,
        "balancer_balancer": 2,
        "service_gym": 3,
        "foundation_backups": 4,
        "queue_gym": 4,
        "volume_data": 4,
    }


def test_a_line_between_two_boxes_alone_is_straight(toy: Graph) -> None:
    """API to balancer and balancer to service are level."""
    layout = arrange(diagram_of(toy))
    assert all(len(line.points) == 2 for line in layout.lines[:3])


def test_words_are_wrapped_and_never_wider_than_their_box() -> None:
    """Parts share a line where they fit; a part that is too long is cut."""
    assert wrap(["Fargate service", "0.25 vCPU", "512 MiB", "Spot"]) == (
        "Fargate service",
        "0.25 vCPU · 512 MiB",
        "Spot",
    )
    assert wrap(["a" * 30]) == ("a" * 19 + "…",)
