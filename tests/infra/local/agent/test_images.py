"""Which command stands for an image."""

import sys

import pytest

from trackstack_infra.local.agent.images import IMAGES, UnknownImage, command_of, image_name


@pytest.mark.parametrize(
    "reference",
    [
        "ts-gym",
        "ts-gym:latest",
        "123456789012.dkr.ecr.eu-central-1.amazonaws.com/ts-gym@sha256:" + "0" * 64,
        "localhost:5000/trackstack/ts-gym:1.2@sha256:" + "0" * 64,
    ],
)
def test_an_image_is_known_by_the_last_part_of_its_name(reference: str) -> None:
    """Registry, path, tag and digest say where an image is, not what it is."""
    assert image_name(reference) == "ts-gym"


@pytest.mark.parametrize("app", ["monolith", "expenses", "gym", "heating"])
def test_each_image_runs_its_app_from_the_checkout(app: str) -> None:
    """The image ts-gym runs `python -m apps.gym`, with the Python that runs trackstack."""
    assert list(command_of(f"registry/ts-{app}@sha256:1", IMAGES)) == [sys.executable, "-m", f"apps.{app}"]


def test_an_unknown_image_is_refused_with_the_ones_there_are() -> None:
    """Nothing is ever pulled: the sentence says what can be started instead."""
    with pytest.raises(UnknownImage, match=r"nginx:1 is not one of ts-expenses, ts-gym, ts-heating, ts-monolith"):
        command_of("nginx:1", IMAGES)
