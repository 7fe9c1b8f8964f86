"""A plan as people read it: a tree by component, data effects first; or as JSON."""

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
OUTSIDE = "stack"
"""Stands for the component of resources that belong to none."""
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
                    for change in plan.actual
                ],
                "counts": plan.counts,
            }
        )
        return
    from rich.tree import Tree

    out = stdout()
    for change in plan.actual:
        if change.type in HOLDS_DATA and change.action in {"replace", "delete"}:
            out.print(f"[bold red]DATA[/] {change.action} {change.name} ({change.type}): its data goes with it")
    tree = Tree("plan", hide_root=True)
    branches: dict[str, Tree] = {}
    for change in plan.actual:
        component = component_of(change)
        if component not in branches:
            branches[component] = tree.add(f"[bold]{component}[/]")
        branches[component].add(_line(change))
    out.print(tree)
    out.print(summary(plan))


def summary(plan: "Plan") -> str:
    """How much would happen, in a line: `125 to create, 3 to update, 12 unchanged`."""
    changed = [f"{count} to {action}" for action, count in plan.counts.items() if action != "same" and count]
    return ", ".join([*(changed or ["no changes"]), f"{plan.count('same')} unchanged"])


def component_of(change: "Change") -> str:
    """Name of the component a resource belongs to, which is the last part of its parent's URN."""
    parts = (change.parent or "").split("::")
    return parts[-1] if len(parts) == 4 and parts[2].startswith("trackstack:") else OUTSIDE


def _line(change: "Change") -> str:
    kind = change.type.rsplit(":", 1)[-1]
    fields = f"  {', '.join(change.properties)}" if change.properties and change.action in {"update", "replace"} else ""
    reason = f"  ({change.reason})" if change.reason and change.action != "create" else ""
    return f"{SIGNS[change.action]} {kind} {change.name}{fields}{reason}"
