"""The forms of a picture: SVG, text, Mermaid, DOT and the document."""

import json
import xml.etree.ElementTree as ET
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from trackstack_infra.catalog.resource_type import Family
from trackstack_infra.graph import UNKNOWN, Asset, Graph, Resource, Secret
from trackstack_infra.picture.diagram import Arrow, Box, Diagram, Flow
from trackstack_infra.picture.document import as_document
from trackstack_infra.picture.dot import as_dot
from trackstack_infra.picture.draw import diagram_of
from trackstack_infra.picture.mermaid import as_mermaid
from trackstack_infra.picture.svg import as_svg
from trackstack_infra.picture.text import as_text

from .conftest import random_scene

SVG = "{http://www.w3.org/2000/svg}"


def test_the_svg_stands_alone_and_says_what_it_shows(toy: Graph) -> None:
    """No reference leaves the file, text is text, and a title and a description stand for the picture."""
    svg = as_svg(diagram_of(toy))
    root = ET.fromstring(svg)
    assert root.find(f"{SVG}title").text == "Architecture of toy"
    assert "balancer (load balancer): calls to gym (Fargate service)." in root.find(f"{SVG}desc").text
    assert {"gym", "Fargate service", "0.5 vCPU · 1024 MiB"} <= {text.text for text in root.iter(f"{SVG}text")}
    assert svg.count("http") == svg.count("http://www.w3.org/2000/svg") + svg.count("HTTP".lower() + "s")
    assert "prefers-color-scheme:dark" in svg
    assert len(svg) < 12_000


def test_the_same_scene_gives_the_same_bytes(toy: Graph) -> None:
    """A picture in the repository changes only when the architecture does."""
    assert as_svg(diagram_of(toy)) == as_svg(diagram_of(toy))


def test_names_are_written_so_that_no_format_reads_them_as_its_own() -> None:
    """Quotes, brackets and ampersands in a name stay text."""
    diagram = Diagram("toy", (Box("a", 'x <"&|> y', ("z",), Family.OTHER), Box("b", "b", (), Family.OTHER)), ())
    diagram = Diagram("toy", diagram.boxes, (Arrow("a", "b", Flow.DATA, 'q"|'),))
    ET.fromstring(as_svg(diagram))
    assert '  a["<b>x &lt;&quot;&amp;&#124;> y</b><br/>z"]' in as_mermaid(diagram)
    assert 'label="x <\\"&|> y\\nz"' in as_dot(diagram)


def test_mermaid_points_from_the_queue_to_its_reader(toy: Graph) -> None:
    """A flowchart from left to right, whose arrows go where things move; dashed while the power is on."""
    lines = as_mermaid(diagram_of(toy)).splitlines()
    assert lines[0] == "flowchart LR"
    assert "  queue_gym --> service_gym" in lines
    assert "  service_gym <-->|files| volume_data" in lines
    assert "  class balancer_balancer,service_gym runtime" in lines


def test_dot_knows_both_ends(toy: Graph) -> None:
    """Graphviz is told the direction and the layer."""
    text = as_dot(diagram_of(toy))
    assert '  service_gym -> queue_gym [dir=back, color="#bf2c72"];' in text
    assert 'style="rounded,dashed"' in text


def test_the_text_is_a_tree_from_people_down(toy: Graph) -> None:
    """What a terminal shows."""
    assert as_text(diagram_of(toy)).splitlines() == [
        "toy: ──▶ calls, sends or writes   ◀── reads   ◀─▶ both",
        "",
        "(people)                      browser, phone",
        "└──▶ api                      HTTP API, HTTPS",
        "    └──▶ balancer*            load balancer",
        "        └──▶ gym*             Fargate service · 0.5 vCPU · 1024 MiB",
        "            ├──▶ (backups)    S3 bucket · in foundation",
        "            ├◀── gym          SQS queue · dead letters",
        "            └◀─▶ data         EFS · 1 directory, files",
        "",
        "* only while the power is on   (…) not of this stack",
    ]


@given(st.lists(st.integers(0, 9999), max_size=24))
@settings(max_examples=40, deadline=None)
def test_the_text_fits_80_columns_and_names_every_box(numbers: list[int]) -> None:
    """Circles end, long lines are cut, nothing is left out."""
    diagram = random_scene(numbers)
    text = as_text(diagram)
    assert max(map(len, text.splitlines())) <= 80
    assert all(box.title in text for box in diagram.boxes)


def test_the_document_lists_everything_and_shows_no_secret(toy: Graph) -> None:
    """Each resource with inputs, parent and dependencies; secrets are masked, unknown values are null."""
    queue = Resource("urn:q", "aws:sqs/queue:Queue", "q", None, True, {"arn": UNKNOWN, "key": Secret("hush")})
    graph = Graph("toy", (*toy.resources, queue), {"power": "on"})
    document = as_document(graph, diagram_of(graph))
    assert document["resources"][-1] == {
        "urn": "urn:q", "type": "aws:sqs/queue:Queue", "name": "q", "parent": None,
        "inputs": {"arn": None, "key": "[secret]"}, "depends_on": [], "protect": False,
    }  # fmt: skip
    assert document["outputs"] == {"power": "on"}
    assert {"api_api", "service_gym"} <= {box["id"] for box in document["boxes"]}
    assert "hush" not in repr(document)


def test_the_document_is_the_same_on_each_computer() -> None:
    """Inputs come in any order; a file stands for its content, wherever the checkout lies."""

    def document(inputs: dict[str, Any]) -> str:
        only = Resource("urn:1", "aws:x/y:Z", "only", None, True, inputs)
        return json.dumps(as_document(Graph("toy", (only,), {}), Diagram("toy", (), ())))

    code = Asset(text="x = 1")
    shown = document({"zone": "b", "code": code, "area": {"y": 1, "x": 2}})
    assert document({"area": {"x": 2, "y": 1}, "code": code, "zone": "b"}) == shown
    assert "[content] sha256:" in shown
    assert document({"zone": "b", "code": Asset(text="x = 2"), "area": {"y": 1, "x": 2}}) != shown
