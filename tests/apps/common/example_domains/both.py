"""Both example domains, as a process with two of them has them."""

from pathlib import Path

from example_domains.pantry_domain import service as pantry
from example_domains.shopping_domain import service as shopping

BOTH = (pantry, shopping)


def folders() -> dict[str, Path]:
    """Both domains' migrations."""
    return {each.name: each.migrations for each in BOTH}
