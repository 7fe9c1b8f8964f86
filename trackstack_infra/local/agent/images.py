"""Which command stands for which container image: the same code that the image holds, run from the checkout."""

import sys
from collections.abc import Mapping, Sequence

PREFIX = "ts-"
IMAGES: Mapping[str, Sequence[str]] = {
    f"{PREFIX}{app}": (sys.executable, "-m", f"apps.{app}") for app in ("monolith", "expenses", "gym", "heating")
}


class UnknownImage(Exception):  # noqa: N818 - a sentence reads better than a suffix
    """A task definition names an image that has no command on this computer."""


def image_name(reference: str) -> str:
    """The last part of an image's repository: `ts-gym` of `registry.example/trackstack/ts-gym@sha256:…`."""
    return reference.split("@")[0].rsplit("/", 1)[-1].split(":")[0]


def is_ours(reference: str) -> bool:
    """Whether an image is one of this project, as their names begin alike: what is misspelt is still ours."""
    return image_name(reference).startswith(PREFIX)


def command_of(reference: str, images: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """Return the argv that does what the image does."""
    name = image_name(reference)
    if name not in images:
        raise UnknownImage(
            f"the image {reference} is not one of {', '.join(sorted(images))}; "
            "locally a task runs the checkout's own code, so only these can be started"
        )
    return images[name]
