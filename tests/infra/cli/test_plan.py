"""How a plan is shown."""

from trackstack_infra.cli.views.plan import document, plan_lines
from trackstack_infra.local.engine import Change, Plan
from trackstack_infra.local.engine.fields import Field

SAME = Change("u0", "aws:sns/topic:Topic", "events", None, "same", (), "", (), ("events",))


def change(name: str, type_: str, action: str, component: str, *fields: Field, reason: str = "changed") -> Change:
    properties = tuple(field.path for field in fields)
    return Change(f"urn-{name}", type_, name, None, action, properties, reason, fields, (component,))  # type: ignore[arg-type]


def shown(*changes: Change) -> list[str]:
    return [text for _, text in plan_lines(Plan.of([SAME, *changes]))]


def test_a_new_component_takes_a_line() -> None:
    """Its kinds are counted, the most first."""
    routes = [change(f"route-{n}", "aws:apigatewayv2/route:Route", "create", "routes", reason="new") for n in range(12)]
    integration = change("i", "aws:apigatewayv2/integration:Integration", "create", "routes", reason="new")
    assert shown(*routes, integration) == [
        "+ routes  12 × Route, Integration",
        "",
        "13 to create, 1 unchanged",
    ]


def test_an_update_shows_what_becomes_what() -> None:
    """Short values are shown, long ones are said to differ."""
    lines = shown(
        change(
            "gym-definition",
            "aws:ecs/taskDefinition:TaskDefinition",
            "update",
            "gym",
            Field("cpu", "256", "512"),
            Field("policy", "x" * 90, "y" * 90),
            Field("tags.owner", None, "me"),
        )
    )
    assert lines == [
        "gym",
        "  ~ update TaskDefinition gym-definition",
        "      cpu         256 → 512",
        "      policy      differs",
        "      tags.owner  none → me",
        "",
        "1 to update, 1 unchanged",
    ]


def test_equal_changes_are_folded() -> None:
    """Three or more of a kind that change alike are one line."""
    field = Field("retentionInDays", "14", "30")
    lines = shown(*(change(f"log-{n}", "aws:x:LogGroup", "update", "logs", field) for n in range(3)))
    assert lines[:3] == ["logs", "  ~ update 3 × LogGroup", "      retentionInDays  14 → 30"]


def test_a_replacement_says_why_and_what_it_costs_in_data() -> None:
    """Losses come before everything else, each by its name."""
    field = Field("encrypted", "false", "true")
    reason = "encrypted cannot be changed in place"
    files = change("data-files", "aws:efs/fileSystem:FileSystem", "replace", "data", field, reason=reason)
    table = change("leases", "aws:dynamodb/table:Table", "delete", "leases", reason="no longer in the program")
    assert shown(files, table) == [
        "Data",
        "  LOST: items of leases, files of data-files",
        "",
        "data",
        "  ± replace FileSystem data-files",
        "      encrypted cannot be changed in place",
        "      encrypted  false → true",
        "- leases  Table",
        "",
        "1 to replace, 1 to delete, 1 unchanged",
    ]


def test_a_protected_loss_is_told_apart() -> None:
    """What the run will refuse to delete is not lost."""
    reason = "no longer in the program, but protected: the run will refuse to delete it"
    lines = shown(change("backups", "aws:s3/bucket:Bucket", "delete", "backups", reason=reason))
    assert lines[1] == "  protected, so `up` will refuse: objects of backups"


def test_a_directory_that_is_looked_for_elsewhere_is_told() -> None:
    """A replaced access point leaves its files behind."""
    moved = change(
        "gym-directory", "aws:efs/accessPoint:AccessPoint", "replace", "gym", reason="rootDirectory cannot be changed"
    )
    assert shown(moved)[1] == "  left behind at the old path: files of gym-directory"


def test_no_line_is_wider_than_80_columns() -> None:
    """Long names, long reasons and many kinds."""
    wide = [
        change(f"{'n' * 90}-{n}", f"aws:x:Kind{n}", "create", "c" * 40, reason="new" if n % 2 else "word " * 40)
        for n in range(40)
    ]
    assert max(map(len, shown(*wide))) <= 80


def test_the_document_has_all_of_it() -> None:
    """Fields, components, and what happens to data."""
    shown = document(Plan.of([SAME, change("q", "aws:sqs/queue:Queue", "create", "gym", reason="new")]))
    assert shown["changes"] == [
        {
            "urn": "urn-q", "type": "aws:sqs/queue:Queue", "name": "q", "component": ["gym"], "action": "create",
            "properties": [], "fields": [], "reason": "new",
        }
    ]  # fmt: skip
    assert shown["data"] == [
        {"fate": "made", "what": "messages", "name": "q", "type": "aws:sqs/queue:Queue", "urn": "urn-q"}
    ]
    assert shown["counts"]["create"] == 1


def test_what_may_turn_out_unchanged_says_so_in_short() -> None:
    """A resource that follows another one's replacement."""
    field = Field("vpcId", "vpc-1", "[known after the run]")
    reason = "vpcId cannot be changed in place, if its dependencies change"
    assert shown(change("group", "aws:x:SecurityGroup", "replace", "tasks", field, reason=reason))[2:4] == [
        "      vpcId cannot be changed in place, but may not change",
        "      vpcId  vpc-1 → [known after the run]",
    ]
