"""Graphs kept on disk: a command that only looks at a stack does not run a program that it has run before."""

import json
import os
import zlib
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final, Literal

from stacks import PROGRAMS
from trackstack_infra import LOADED_AT_S
from trackstack_infra.graph import record
from trackstack_infra.graph.as_json import HoldsSecret, graph_as_json, graph_from_json
from trackstack_infra.graph.model import Graph
from trackstack_infra.graph.sources import digest_of_stack, replaced_since
from trackstack_infra.settings.models import StackSettings

CLOCKS_DIFFER_S: Final = 2.0  # some file systems give times of whole seconds, or of every second one
AT_MOST: Final = 100  # of about 30 kB each; the one longest unused goes first


def graph_of_stack(stack: str, settings: StackSettings, *, outputs: Literal["unknown", "fabricated"]) -> Graph:
    """The graph that `record` makes of a stack's program, which runs only where something has changed since it last
    ran. Otherwise not even Pulumi is imported, and it takes a hundredth of the time."""
    digest = _digest(stack, settings, outputs)
    shelf = Shelf(settings.root / ".trackstack" / "cache" / "graphs")
    graph = shelf.get(digest) if digest else None
    if graph is None:
        graph = record(partial(PROGRAMS[stack], settings), stack=stack, outputs=outputs)
        # What was imported before the digest was taken may be older than its file, and what the program read since then
        # may be younger: in both cases the digest would be of one text and the graph of another.
        if (
            digest
            and not replaced_since(settings.root, LOADED_AT_S - CLOCKS_DIFFER_S)
            and _digest(stack, settings, outputs) == digest
        ):
            shelf.put(digest, graph)
    return graph


def _digest(stack: str, settings: StackSettings, outputs: str) -> str | None:
    """None where a source cannot be read, or goes while it is being read: such a graph is not kept."""
    try:
        return digest_of_stack(stack, settings, outputs)
    except OSError:
        return None


@dataclass(frozen=True)
class Shelf:
    """A folder of graphs by digest, of which it keeps those used last. Any number of processes may use it at once."""

    folder: Path
    at_most: int = AT_MOST

    def get(self, digest: str) -> Graph | None:
        """The graph, or None where none is kept that can be read."""
        path = self.folder / digest
        try:
            graph = graph_from_json(json.loads(zlib.decompress(path.read_bytes())))
        except Exception:  # noqa: BLE001 (whatever is wrong with the file, the graph can be made anew)
            return None
        with suppress(OSError):
            os.utime(path)
        return graph

    def put(self, digest: str, graph: Graph) -> None:
        """Keep the graph: whole or not at all, and for nobody else's eyes. One that holds a secret is not kept.

        A folder that nobody may write to is no error: the graph is made anew next time.
        """
        try:
            content = zlib.compress(json.dumps(graph_as_json(graph)).encode(), 1)
        except HoldsSecret:
            return
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=self.folder, prefix=".", delete=False) as file:
                file.write(content)
            Path(file.name).replace(self.folder / digest)
            self._drop_the_oldest()

    def _drop_the_oldest(self) -> None:
        """Files of writers that were killed are among them."""
        found = sorted(self.folder.iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True)
        for path in found[self.at_most :]:
            path.unlink(missing_ok=True)
