"""The chart of the README."""

import re
from dataclasses import replace
from xml.etree import ElementTree

from trackstack_infra.costs.report.summary import Report
from trackstack_infra.costs.report.svg import as_svg

SVG = "{http://www.w3.org/2000/svg}"


def texts(report: Report) -> list[str]:
    """Every text of the picture, in order."""
    return ["".join(each.itertext()) for each in ElementTree.fromstring(as_svg(report)).iter(f"{SVG}text")]


def test_it_lays_pragmatic_beside_enterprise_on_schedule_and_always_on(report: Report) -> None:
    """The legend has the three totals."""
    shown = texts(report)
    assert shown[0] == "What pragmatic and enterprise cost, November 2026"
    assert shown[1:4] == [
        "pragmatic $3.60",
        "enterprise, 126 h at least $9.03",
        "enterprise, always on at least $50.19",
    ]


def test_groups_go_by_what_they_would_cost_always_on(report: Report) -> None:
    """32.40 for NAT, 17.49 for tasks, 3.60 for addresses, 0.30 for storage; queues are free and take no room."""
    named = [text for text in texts(report)[4:-1] if not text.startswith(("$", "–"))]
    assert named == ["NAT", "tasks (Fargate)", "public IPv4", "storage"]
    assert texts(report)[4:8] == ["NAT", "–", "$5.67", "$32.40"]


def test_bars_are_drawn_to_one_scale(report: Report) -> None:
    """The dearest, 32.40, is 564 wide; 5.67 is 5.67 / 32.40 of it, 98.7; what is nothing has no bar."""
    bars = re.findall(r'<rect class="c(\d)" x="200" y="(\d+)" width="([\d.]+)"', as_svg(report))
    assert bars[:2] == [("1", "119", "98.7"), ("2", "134", "564.0")]


def test_it_is_for_readers_who_see_no_pictures_too(report: Report) -> None:
    """Title and description tell the same in words."""
    tree = ElementTree.fromstring(as_svg(report))
    assert "enterprise, 126 h: at least $9.03, of which NAT $5.67" in (tree.findtext(f"{SVG}desc") or "")
    assert tree.get("role") == "img"


def test_it_stands_alone_on_light_and_on_dark(report: Report) -> None:
    """No script, no reference, no font from elsewhere; colours of its own for the dark."""
    text = as_svg(report)
    assert "prefers-color-scheme:dark" in text
    assert not re.search(r"<script|href=|url\(|@import", text)
    assert text == as_svg(report)


def test_foundation_is_a_sentence_beside_others_and_a_bar_alone(report: Report, make_line) -> None:
    """It has no schedule and costs cents."""
    line = make_line("foundation", "ecr.gb_month", "0.10", 2)
    both = replace(
        report,
        stacks=("foundation", *report.stacks),
        calendars={"foundation": report.calendars["pragmatic"], **report.calendars},
        estimate=replace(report.estimate, lines=(line, *report.lines)),
    )
    assert "Foundation adds $0.20." in texts(both)[-1]
    alone = replace(both, stacks=("foundation",), estimate=replace(both.estimate, lines=(line,)))
    assert texts(alone)[:2] == ["What foundation costs, November 2026", "foundation $0.20"]
