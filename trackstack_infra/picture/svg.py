"""A diagram as SVG: one file without references, readable on light and dark, with its text as text."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from trackstack_infra.catalog.resource_type import Family
from trackstack_infra.names import Layer
from trackstack_infra.picture.diagram import Diagram, Flow
from trackstack_infra.picture.layout import LINE_HEIGHT, MARGIN, Layout, Placed, arrange
from trackstack_infra.picture.routes import Stroke
from trackstack_infra.picture.words import FLOWS, described

RADIUS: Final = 7
LEGEND_HEIGHT: Final = 34
HEADING: Final = 20
# On light, on dark.
FAMILIES: Final = {
    Family.PEOPLE: ("#57606a", "#9ea7b3"),
    Family.EDGE: ("#7048c6", "#a98bea"),
    Family.COMPUTE: ("#c2570c", "#f0924a"),
    Family.EVENTS: ("#bf2c72", "#ee77ab"),
    Family.DATA: ("#2f7d32", "#6cc070"),
    Family.ACCESS: ("#b42a2a", "#ef7d78"),
    Family.WATCH: ("#8a6a00", "#d9b23c"),
    Family.NETWORK: ("#3b6ea5", "#7fb0e4"),
    Family.OTHER: ("#57606a", "#9ea7b3"),
}
STROKES: Final = {
    Flow.REQUEST: ("#7048c6", "#a98bea"),
    Flow.EVENT: ("#bf2c72", "#ee77ab"),
    Flow.DATA: ("#2f7d32", "#6cc070"),
    Flow.CONTROL: ("#6e7781", "#8b949e"),
}


def as_svg(diagram: Diagram) -> str:
    """The whole picture; the same diagram gives the same bytes."""
    layout = arrange(diagram)
    legend_top = layout.height + (HEADING if layout.beside else 0)
    height = legend_top + LEGEND_HEIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {layout.width} {height}" width="{layout.width}" '
        f'height="{height}" role="img" aria-labelledby="title desc">',
        f'<title id="title">{escape(f"Architecture of {diagram.stack}")}</title>',
        f'<desc id="desc">{escape(" ".join(described(diagram)))}</desc>',
        f"<style>{_style()}</style>",
        f"<defs>{''.join(map(_head, Flow))}</defs>",
        f'<rect class="paper" width="{layout.width}" height="{height}" rx="10"/>',
        *map(_line, layout.lines),
        *map(_label, layout.lines),
        *map(_box, layout.boxes),
        *_beside(layout),
        *_legend(layout, legend_top),
        "</svg>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def _style() -> str:
    light = "".join(f"--{family}:{colours[0]};" for family, colours in FAMILIES.items())
    light += "".join(f"--flow-{flow}:{colours[0]};" for flow, colours in STROKES.items())
    dark = "".join(f"--{family}:{colours[1]};" for family, colours in FAMILIES.items())
    dark += "".join(f"--flow-{flow}:{colours[1]};" for flow, colours in STROKES.items())
    return (
        f"svg{{--paper:#ffffff;--box:#f6f8fa;--ink:#1f2328;--faint:#57606a;--rule:#d0d7de;{light}}}"
        f"@media(prefers-color-scheme:dark){{svg{{--paper:#0d1117;--box:#161b22;--ink:#e6edf3;--faint:#9ea7b3;"
        f"--rule:#30363d;{dark}}}}}"
        "text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif;fill:var(--ink)}"
        ".paper{fill:var(--paper)}.title{font-size:13px;font-weight:600}.small{font-size:11px;fill:var(--faint)}"
        ".label{font-size:10px;paint-order:stroke;stroke:var(--paper);stroke-width:3px}"
        ".box{fill:var(--box);stroke-width:1.4}.runtime .box{stroke-dasharray:6 3}.outside .box{fill:none;"
        "stroke-dasharray:1.5 3}.line{fill:none;stroke-width:1.4}.rule{stroke:var(--rule)}"
        + "".join(
            f".{family} .box{{stroke:var(--{family})}}.{family} .stripe{{fill:var(--{family})}}" for family in FAMILIES
        )
        + "".join(
            f".f-{flow}{{stroke:var(--flow-{flow})}}.h-{flow}{{fill:var(--flow-{flow})}}"
            f".l-{flow}{{fill:var(--flow-{flow})}}"
            for flow in STROKES
        )
    )


def _head(flow: Flow) -> str:
    return (
        f'<marker id="head-{flow}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="7" markerHeight="7" '
        f'orient="auto-start-reverse"><path class="h-{flow}" d="M0 .6 8 4 0 7.4z"/></marker>'
    )


def _line(line: Stroke) -> str:
    heads = f' marker-start="url(#head-{line.flow})"' if line.head_at_start else ""
    heads += f' marker-end="url(#head-{line.flow})"' if line.head_at_end else ""
    return f'<path class="line f-{line.flow}" d="{_path(line.points)}"{heads}/>'


def _path(points: tuple[tuple[int, int], ...]) -> str:
    """Straight stretches with rounded corners."""
    steps = [f"M{points[0][0]} {points[0][1]}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        room = min(
            abs(corner[0] - before[0]) + abs(corner[1] - before[1]),
            abs(after[0] - corner[0]) + abs(after[1] - corner[1]),
        )
        bend = min(RADIUS, room // 2)
        into, out = _towards(corner, before, bend), _towards(corner, after, bend)
        steps.append(f"L{into[0]} {into[1]}Q{corner[0]} {corner[1]} {out[0]} {out[1]}")
    steps.append(f"L{points[-1][0]} {points[-1][1]}")
    return "".join(steps)


def _towards(start: tuple[int, int], goal: tuple[int, int], distance: int) -> tuple[int, int]:
    def step(here: int, there: int) -> int:
        return here + distance * ((there > here) - (there < here))

    return step(start[0], goal[0]), step(start[1], goal[1])


def _label(line: Stroke) -> str:
    if not line.label:
        return ""
    x, y = line.points[-1]
    return f'<text class="label l-{line.flow}" x="{x - 10}" y="{y - 4}" text-anchor="end">{escape(line.label)}</text>'


def _box(placed: Placed) -> str:
    box = placed.box
    classes = " ".join([box.family, *(["outside"] if box.outside else [box.layer])])
    texts = [f'<text class="title" x="{placed.x + 14}" y="{placed.y + 20}">{escape(box.title)}</text>']
    texts += [
        f'<text class="small" x="{placed.x + 14}" y="{placed.y + 36 + LINE_HEIGHT * row}">{escape(text)}</text>'
        for row, text in enumerate(placed.lines)
    ]
    return (
        f'<g class="{classes}"><rect class="box" x="{placed.x}" y="{placed.y}" width="{placed.width}" '
        f'height="{placed.height}" rx="5"/><rect class="stripe" x="{placed.x}" y="{placed.y + 5}" width="4" '
        f'height="{placed.height - 10}"/>{"".join(texts)}</g>'
    )


def _beside(layout: Layout) -> Iterator[str]:
    if layout.beside:
        top = min(placed.y for placed in layout.beside)
        yield f'<path class="rule" d="M{MARGIN} {top - 12}H{layout.width - MARGIN}"/>'
        yield f'<text class="small" x="{MARGIN}" y="{top + 4}">around it</text>'
        yield f'<g transform="translate(0 {HEADING - 8})">'
        yield from map(_box, layout.beside)
        yield "</g>"


def _legend(layout: Layout, top: int) -> Iterator[str]:
    """What borders and colours mean: only what the picture uses."""
    diagram, x = layout.diagram, MARGIN
    yield f'<path class="rule" d="M{MARGIN} {top - 6}H{layout.width - MARGIN}"/>'
    borders = [("", "stays")]
    borders += (
        [("runtime", "only while the power is on")] if any(box.layer is Layer.RUNTIME for box in diagram.boxes) else []
    )
    borders += [("outside", "not of this stack")] if any(box.outside for box in diagram.boxes) else []
    for class_, meaning in borders:
        yield (
            f'<g class="other {class_}"><rect class="box" x="{x}" y="{top + 5}" width="22" height="13" rx="3"/>'
            f'<text class="small" x="{x + 28}" y="{top + 16}">{meaning}</text></g>'
        )
        x += 28 + 6 * len(meaning) + 18
    for flow in Flow:
        if any(arrow.flow is flow for arrow in diagram.arrows):
            yield (
                f'<path class="line f-{flow}" d="M{x} {top + 12}h24" marker-end="url(#head-{flow})"/>'
                f'<text class="small" x="{x + 30}" y="{top + 16}">{FLOWS[flow]}</text>'
            )
            x += 30 + 6 * len(FLOWS[flow]) + 18
