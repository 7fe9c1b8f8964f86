"""Pictures of a graph, over a small one made by hand."""

from trackstack_infra.diagram import as_document, as_mermaid
from trackstack_infra.graph import UNKNOWN, Graph, Resource, Secret

STACK = "urn:pulumi:toy::trackstack"


def component(name: str, parent: str | None = None) -> Resource:
    return Resource(f"{STACK}::trackstack:toy:Part::{name}", "trackstack:toy:Part", name, parent, False, {})


def queue(name: str, parent: Resource, *needs: str) -> Resource:
    return Resource(
        f"{STACK}::aws:sqs/queue:Queue::{name}",
        "aws:sqs/queue:Queue",
        name,
        parent.urn,
        True,
        {"name": name, "arn": UNKNOWN, "key": Secret("hush")},
        depends_on=needs,
    )


A, B, C = component("a"), component("b"), component("c")
INNER = component("inner", A.urn)
ONE, TWO = queue("one", A), queue("two", INNER)
THREE = queue("three", B, TWO.urn)
FOUR = queue("four", C, THREE.urn, ONE.urn)
TOY = Graph("toy", (A, B, C, INNER, ONE, TWO, THREE, FOUR), {"power": "on"})


def test_a_box_a_component_and_an_arrow_to_what_it_needs() -> None:
    """Inner components belong to the outer one; an arrow that a longer way says already is left out."""
    assert as_mermaid(TOY).splitlines() == [
        "flowchart TD",
        '  a["<b>a</b><br/>2 × Queue"]',
        '  b["<b>b</b><br/>Queue"]',
        '  c["<b>c</b><br/>Queue"]',
        "  b --> a",
        "  c --> b",
    ]


def test_the_document_lists_everything_and_shows_no_secret() -> None:
    """Each resource with inputs, parent and dependencies; secrets are masked, unknown values are null."""
    document = as_document(TOY)
    assert [resource["name"] for resource in document["resources"]] == [
        "a", "b", "c", "inner", "one", "two", "three", "four",
    ]  # fmt: skip
    assert document["resources"][7]["inputs"] == {"name": "four", "arn": None, "key": "[secret]"}
    assert document["resources"][7]["depends_on"] == [THREE.urn, ONE.urn]
    assert document["outputs"] == {"power": "on"}
