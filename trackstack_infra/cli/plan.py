"""A plan as people read it: a tree by component, data effects first; or as JSON."""

from collections import Counter
from typing import TYPE_CHECKING

from trackstack_infra.cli.output import print_json, stdout

if TYPE_CHECKING:
    from trackstack_infra.local.engine import Change, Plan

SIGNS = {
    "create": "[green]+ create[/]",
    "update": "[yellow]~ update[/]",
    "replace": "[magenta]± replace[/]",
    "delete": "[red]- delete[/]",
}
HOLDS_DATA = frozenset(
    {
        "aws:efs/fileSystem:FileSystem",
        "aws:s3/bucket:Bucket",
        "aws:dynamodb/table:Table",
        "aws:cognito/userPool:UserPool",
    }
)


def print_plan(plan: "Plan", *, as_json: bool) -> None:
    """Print what would change; resources that stay as they are, are only counted."""
    if as_json:
        print_json(
            {
                "changes": [
                    {
                        "urn": change.urn,
                        "type": change.type,
                        "name": change.name,
                        "action": change.action,
                        "properties": list(change.properties),
                        "reason": change.reason,
                    }
                    for change in plan.changes
                    if change.action != "same"
                ],
                "counts": counts(plan),
            }
        )
        return
    from rich.tree import Tree

    out = stdout()
    changed = [change for change in plan.changes if change.action != "same"]
    for change in changed:
        if change.type in HOLDS_DATA and change.action in {"replace", "delete"}:
            out.print(f"[bold red]DATA[/] {change.action} {change.name} ({change.type}): its data goes with it")
    parents = {change.urn: change for change in plan.changes}
    tree = Tree("[bold]plan[/]", hide_root=True)
    branches: dict[str, Tree] = {}
    for change in changed:
        if change.type.startswith("trackstack:"):
            continue
        component = component_of(change, parents)
        branch = (
            branches.setdefault(component, tree.add(f"[bold]{component}[/]"))
            if component not in branches
            else branches[component]
        )
        branch.add(_line(change))
    out.print(tree)
    totals = counts(plan)
    text = ", ".join(f"{count} to {action}" for action, count in totals.items() if action != "same" and count)
    out.print(f"{text or 'No changes'}; {totals.get('same', 0)} unchanged.")


def counts(plan: "Plan") -> dict[str, int]:
    """How many resources meet each action; components are our own grouping and do not count."""
    return dict(Counter(change.action for change in plan.changes if not change.type.startswith("trackstack:")))


def component_of(change: "Change", by_urn: dict[str, "Change"]) -> str:
    """Name of the outermost component a resource belongs to; `stack` where it belongs to none."""
    name = "stack"
    parent = change.parent
    while parent and parent in by_urn:
        if by_urn[parent].type.startswith("trackstack:"):
            name = by_urn[parent].name
        parent = by_urn[parent].parent
    return name


def _line(change: "Change") -> str:
    kind = change.type.rsplit(":", 1)[-1]
    fields = f"  {', '.join(change.properties)}" if change.properties and change.action in {"update", "replace"} else ""
    reason = f"  ({change.reason})" if change.reason and change.action != "create" else ""
    return f"{SIGNS[change.action]} {kind} {change.name}{fields}{reason}"
