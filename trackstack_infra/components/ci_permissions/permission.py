"""A kind of resource, and what the CI roles may do to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Group = Literal["network", "compute", "data", "edge", "identity"]

OURS: Final = {"StringEquals": {"aws:ResourceTag/project": "trackstack"}}
TAGGED_AS_OURS: Final = {"StringEquals": {"aws:RequestTag/project": "trackstack"}}


@dataclass(frozen=True)
class Permission:
    """One kind of thing: where it is, what is read of it for previews, and what deployments change as well.

    All are blank separated; ARNs hold {region} and {account}, actions leave out their service's prefix.
    """

    sid: str
    group: Group
    service: str
    arns: str
    reads: str = ""
    changes: str = ""
    condition: Mapping[str, Any] = field(default_factory=dict)

    def actions(self, words: str) -> list[str]:
        """IAM's names of the actions."""
        return [f"{self.service}:{word}" for word in words.split()]
