"""`trackstack policy scan`."""

from typing import TYPE_CHECKING

import typer

from trackstack_infra.cli.context import ROOT, settings_files
from trackstack_infra.cli.options import DebugOption, JsonOption
from trackstack_infra.cli.views.output import print_json, stdout, table
from trackstack_infra.errors import PolicyViolated

if TYPE_CHECKING:
    from trackstack_infra.policy.scan import ScanResult, Waiver

_DOMAIN = "domain={name: track.example.org, zone: example.org}"
_GITHUB = "github={owner: example, owner_id: 1, repository: trackstack, repository_id: 2}"
# Each stack as its file has it, and each choice that changes what is deployed.
VARIATIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("foundation", ()),
    ("foundation", (_GITHUB, "budget={usd: 25, mail: me@example.org}")),
    ("pragmatic", ()),
    ("pragmatic", (_DOMAIN,)),
    ("pragmatic", ("ingress=ipv6", _DOMAIN)),
    ("enterprise", ()),
    ("enterprise", (_DOMAIN,)),
    ("enterprise", ("egress=nat-per-az", "azs=3", "database=postgres")),
    ("enterprise", ("egress=nat-instance", "observability=task")),
    ("enterprise", ("egress=ipv6", "observability='off'")),
)


def scan(json: JsonOption = False, debug: DebugOption = False) -> None:
    """Scan every stack with checkov.

    Exits 5 if no `accept` rule or waiver covers a finding, or if a waiver is unused.
    """
    from trackstack_infra.cli.overrides import record_stack
    from trackstack_infra.policy.checkov import Checkov
    from trackstack_infra.policy.rules import RULES
    from trackstack_infra.policy.scan import judge, unneeded
    from trackstack_infra.policy.terraform import as_plan

    checkov, files = Checkov(ROOT), settings_files()
    judged = []
    for stack, pairs in VARIATIONS:
        graph = record_stack(stack, pairs, files)
        judged.append((stack, pairs, judge(checkov.findings(as_plan(graph)), graph, RULES)))
    idle = unneeded(result for *_, result in judged)
    if json:
        print_json([_document(*each) for each in judged])
    else:
        _print(judged)
    still_open = len({(stack, finding) for stack, _, result in judged for finding in result.open})
    if (still_open or idle) and json:
        raise typer.Exit(PolicyViolated.exit_code)
    if still_open:
        raise PolicyViolated(
            f"open findings of checkov: {still_open}",
            hint="fix them, add the check to an `accept` rule, or add a waiver to policy/scan.py",
        )
    if idle:
        raise PolicyViolated(_named(idle), hint="remove them from policy/scan.py")


def _named(idle: "tuple[Waiver, ...]") -> str:
    listed = ", ".join(f"{waiver.check} for {waiver.resources}" for waiver in idle)
    return f"unused waivers: {listed}"


def _print(judged: "list[tuple[str, tuple[str, ...], ScanResult]]") -> None:
    counts = table("STACK", "OVERRIDES", "FOUND", "ACCEPTED", "WAIVED", "OPEN")
    for stack, pairs, result in judged:
        numbers = (result.findings, result.accepted, result.waived, result.open)
        counts.add_row(stack, " ".join(map(_short, pairs)), *(str(len(each)) for each in numbers))
    stdout().print(counts)
    gaps = {finding: stack for stack, _, result in judged for finding in result.open}
    if gaps:
        listed = table("CHECK", "STACK", "RESOURCE", "REQUIRED")
        for finding, stack in sorted(gaps.items()):
            listed.add_row(finding.check, stack, finding.address, finding.title)
        stdout().print()
        stdout().print(listed)


def _short(pair: str) -> str:
    """A setting that is a group by its name only."""
    return pair.partition("={")[0]


def _document(stack: str, pairs: tuple[str, ...], result: "ScanResult") -> dict[str, object]:
    return {
        "stack": stack,
        "settings": list(pairs),
        "found": len(result.findings),
        "accepted": [{"check": one.check, "resource": one.address, "rule": rule.id} for one, rule in result.accepted],
        "waived": [
            {"check": one.check, "resource": one.address, "reason": waiver.reason} for one, waiver in result.waived
        ],
        "open": [{"check": one.check, "resource": one.address, "title": one.title} for one in result.open],
    }
