"""`trackstack graph STACK`."""

import sys
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from trackstack_infra.cli.context import settings_files
from trackstack_infra.cli.options import DebugOption, SetOption, StackArgument
from trackstack_infra.cli.overrides import record_stack
from trackstack_infra.cli.views.output import print_json
from trackstack_infra.cli.views.price_now import costs_by_urn
from trackstack_infra.errors import UsageError
from trackstack_infra.names import DOMAINS, SHARED, Layer


class Format(StrEnum):
    """How the graph is written."""

    TEXT = "text"
    MERMAID = "mermaid"
    DOT = "dot"
    SVG = "svg"
    JSON = "json"


DOMAIN_NAMES = (*DOMAINS, SHARED)


def _known_domain(name: str | None) -> str | None:
    if name is not None and name not in DOMAIN_NAMES:
        raise UsageError(f"there is no domain {name!r}", hint=f"the domains are {', '.join(DOMAIN_NAMES)}")
    return name


def graph(
    stack: StackArgument,
    format_: Annotated[
        Format, typer.Option("--format", help="Output format; json lists every resource.")
    ] = Format.TEXT,
    layer: Annotated[Layer | None, typer.Option(help="Show one layer only; runtime exists while power is on.")] = None,
    domain: Annotated[
        str | None,
        typer.Option(help=f"Show one domain and what it uses: {', '.join(DOMAIN_NAMES)}.", callback=_known_domain),
    ] = None,
    cost: Annotated[bool, typer.Option("--cost", help="Add the estimated cost of each part this month.")] = False,
    set_: SetOption = None,
    json: Annotated[bool, typer.Option("--json", help="Same as --format json.")] = False,
    debug: DebugOption = False,
) -> None:
    """Draw the architecture that STACK's program declares."""
    from trackstack_infra.picture.draw import diagram_of

    files = settings_files()
    recorded = record_stack(stack, set_, files)
    costs, warnings = costs_by_urn(recorded, stack, set_, files, datetime.now(UTC).date()) if cost else (None, [])
    for warning in warnings:
        print(f"warning: {warning}", file=sys.stderr)
    diagram = diagram_of(recorded, costs).only(layer=layer, domain=domain)
    if json or format_ is Format.JSON:
        from trackstack_infra.picture.document import as_document

        print_json(as_document(recorded, diagram))
    elif format_ is Format.SVG:
        from trackstack_infra.picture.svg import as_svg

        print(as_svg(diagram), end="")
    elif format_ is Format.MERMAID:
        from trackstack_infra.picture.mermaid import as_mermaid

        print(as_mermaid(diagram))
    elif format_ is Format.DOT:
        from trackstack_infra.picture.dot import as_dot

        print(as_dot(diagram))
    else:
        from trackstack_infra.picture.text import as_text

        print(as_text(diagram))
