"""The graph of a stack: `record(program)` runs the program in this process and returns every resource it registers.

Nothing is created. Importing this package does not import Pulumi; calling `record` does.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from trackstack_infra.graph.model import Graph, Options, Resource
from trackstack_infra.graph.values import UNKNOWN, Asset, Secret, Unknown, is_secret, is_unknown

__all__ = ["UNKNOWN", "Asset", "Graph", "Options", "Resource", "Secret", "Unknown", "is_secret", "is_unknown", "record"]

PROJECT = "trackstack"


def record(
    program: Callable[[], None],
    *,
    stack: str,
    outputs: Literal["unknown", "fabricated"],
    config: Mapping[str, str] | None = None,
    references: Mapping[str, Mapping[str, Any]] | None = None,
) -> Graph:
    """Run the program without an engine and return its graph.

    `unknown`: no resource has outputs yet, as in the first preview; the graph is complete, texts made in `apply` are
    unknown. `fabricated`: every resource has a made-up but well-formed ARN, id, URL and so on, so that policies and
    the like can be read. `references` holds the outputs of other stacks by full name, in place of fabricated ones.
    """
    from trackstack_infra.graph.fabricated import Fabricator
    from trackstack_infra.graph.program import run_program
    from trackstack_infra.graph.recorder import Recorder

    settings = config or {}
    fabricator = Fabricator(region=settings.get("aws:region", "us-east-1"), references=references or {})
    recorder = Recorder(stack, PROJECT, fabricator, fabricated=outputs == "fabricated")
    run_program(program, recorder, config=settings, dry_run=True)
    return recorder.graph()
