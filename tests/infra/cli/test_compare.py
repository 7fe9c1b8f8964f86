"""Two architectures side by side."""

import json

import pytest

from trackstack_infra.cli.views.compare import Comparison, Side, comparison_lines, parse_side
from trackstack_infra.errors import UsageError
from trackstack_infra.names import Layer


def side(stack: str, settings: dict[str, str], stays: dict[str, int], runtime: dict[str, int], *given: str) -> Side:
    return Side(stack, given, settings, {Layer.PERSISTENT: stays, Layer.RUNTIME: runtime})


def test_what_the_other_side_is() -> None:
    """A stack, a stack with settings, or the same stack with settings; commas within brackets stay."""
    assert parse_side("enterprise", "pragmatic") == ("enterprise", [])
    assert parse_side("enterprise,azs=3,egress=ipv6", "pragmatic") == ("enterprise", ["azs=3", "egress=ipv6"])
    assert parse_side("schedule.days=[sat, sun],azs=1", "enterprise") == (
        "enterprise",
        ["schedule.days=[sat, sun]", "azs=1"],
    )
    with pytest.raises(UsageError, match="there is no stack 'enterprize'"):
        parse_side("enterprize", "pragmatic")


def test_numbers_what_is_equal_and_what_only_one_has() -> None:
    """By layer, so that the price of a running hour stands apart."""
    one = side("pragmatic", {"azs": "1", "ingress": "ipv4"}, {"sqs.Queue": 2, "efs.FileSystem": 1}, {"ecs.Service": 1})
    other = side("enterprise", {"azs": "2"}, {"sqs.Queue": 6, "efs.FileSystem": 1, "sns.Topic": 1}, {"ecs.Service": 3})
    lines = list(comparison_lines(Comparison(one, other)))
    assert [line.split() for line in lines] == [
        ["pragmatic", "enterprise"],
        ["resources", "4", "11"],
        ["persistent", "layer", "3", "8"],
        ["runtime", "layer", "(only", "while", "power", "is", "on)", "1", "3"],
        [],
        ["settings", "that", "differ"],
        ["azs", "1", "2"],
        ["only", "pragmatic:", "ingress", "ipv4"],
        [],
        ["resource", "types,", "persistent", "layer"],
        ["sqs.Queue", "2", "6"],
        ["same", "number", "in", "both:", "efs.FileSystem"],
        ["only", "enterprise:", "sns.Topic"],
        [],
        ["resource", "types,", "runtime", "layer"],
        ["ecs.Service", "1", "3"],
    ]
    assert max(map(len, lines)) <= 80


def test_equal_sides_do_not_differ() -> None:
    """Nothing to decide between."""
    one = side("pragmatic", {"azs": "1"}, {"sqs.Queue": 2}, {})
    assert not Comparison(one, one).differs


def test_the_real_stacks_beside_each_other(trackstack, home) -> None:
    """Enterprise has a NAT gateway by the hour and pragmatic none; nothing is touched, no cloud is started."""
    shown = trackstack("preview", "pragmatic", "--against", "enterprise", "--json")
    assert shown.returncode == 0, shown.stderr
    document = json.loads(shown.stdout)
    pragmatic, enterprise = document["sides"]
    assert "ec2.NatGateway" not in pragmatic["kinds"]["runtime"]
    assert enterprise["kinds"]["runtime"]["ec2.NatGateway"] == 1
    assert pragmatic["kinds"]["runtime"]["apigatewayv2.Route"] == 15
    assert "servicediscovery.Service" in document["only"][0]
    assert not home.exists()


def test_one_stack_with_two_settings(trackstack) -> None:
    """Another zone is another subnet of each tier; with --detailed-exitcode a difference exits 3."""
    shown = trackstack("preview", "enterprise", "--set", "azs=3", "--against", "azs=2", "--detailed-exitcode")
    assert shown.returncode == 3, shown.stderr
    rows = [line.split() for line in shown.stdout.splitlines()]
    assert rows[:2] == [["A", "enterprise,", "azs=3"], ["B", "enterprise,", "azs=2"]]
    assert ["ec2.Subnet", "6", "4"] in rows
    assert max(map(len, shown.stdout.splitlines())) <= 80
