"""Rules that every resource of every stack follows."""

import json
import re
from collections import Counter
from typing import Any

import pytest
from limits import ACCEPTED, NAMED_BY

from trackstack_infra.graph import Graph, Resource
from trackstack_infra.policy.naming import ENGINE_NAMED, NAMED, UNTAGGED

STACK_REFERENCE = "pulumi:pulumi:StackReference"
DESCRIBED = {
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
}

# What a secret looks like: AWS's access keys, private keys, and long values of properties that are named like one.
SECRET = re.compile(
    r"AKIA[0-9A-Z]{16}|-----BEGIN|(?i:\"?(?:password|secret|token|api_?key)\"?\s*[:=]\s*\"?[\w+/]{16,})"
)


def custom(graph: Graph) -> list[Resource]:
    return [each for each in graph.resources if each.custom]


def test_every_resource_has_a_name_of_its_own(any_stack: Graph) -> None:
    """No two resources share a URN."""
    counts = Counter(each.urn for each in any_stack.resources)
    assert [urn for urn, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("stack", ["foundation", "pragmatic", "enterprise"])
@pytest.mark.parametrize("power", ["on", "off"])
def test_a_preview_knows_every_resource(recorded: Any, stack: str, power: str) -> None:
    """What no output is known of yet, as in a first preview, has the same resources and the same order between them."""
    settings = {} if stack == "foundation" else {"power": power}
    known = recorded(stack, **settings)
    unknown = recorded(stack, unknown=True, **settings)
    assert {each.urn: set(each.depends_on) for each in unknown.resources} == {
        each.urn: set(each.depends_on) for each in known.resources
    }


def test_every_resource_belongs_to_a_component(any_stack: Graph) -> None:
    """The stack's top level holds components only, and each resource's name begins with its component's."""
    parents = {each.urn: each for each in any_stack.resources}
    for each in custom(any_stack):
        if each.type != STACK_REFERENCE:
            assert each.parent is not None
            assert each.name.startswith(parents[each.parent].name)


def test_a_component_is_called_by_its_module_and_class(any_stack: Graph) -> None:
    """Type tokens are `trackstack:<module>:<Class>`, and stay so."""
    tokens = {each.type for each in any_stack.resources if not each.custom}
    assert [token for token in tokens if not re.fullmatch(r"trackstack:[a-z_]+:[A-Z][A-Za-z]+", token)] == []


def test_names_are_ones_aws_accepts(any_stack: Graph) -> None:
    """No name is too long or holds a character that its service refuses."""
    for each in custom(any_stack):
        if each.type in NAMED_BY:
            name = each.inputs[NAMED_BY[each.type]]
            assert re.fullmatch(ACCEPTED[each.type], name), (each.type, name)


def test_names_tell_project_and_stack(any_stack: Graph) -> None:
    """Whoever finds a resource in the account knows where it belongs: `ts-<stack>…`."""
    for each in custom(any_stack):
        if each.type in NAMED:
            name = each.inputs[NAMED[each.type]]
            assert re.match(rf"(/ts/|/aws/lambda/ts-|ts-){any_stack.stack}", name), (each.type, name)


def test_buckets_and_the_client_are_named_by_the_engine(any_stack: Graph) -> None:
    """Their names must be unique in the world or in the pool, so nobody fixes them."""
    for each in custom(any_stack):
        if each.type in ENGINE_NAMED:
            assert "bucket" not in each.inputs
            assert "name" not in each.inputs


def test_descriptions_are_ones_ec2_accepts(any_stack: Graph) -> None:
    """Every security group and rule says what it is for, without the apostrophes that EC2 refuses."""
    for each in custom(any_stack):
        if each.type in DESCRIBED:
            assert re.fullmatch(r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{1,255}", each.inputs["description"]), each.name


def test_everything_that_can_be_tagged_is(any_stack: Graph) -> None:
    """Costs are split, and orphans found, by project, stack, layer, component and domain."""
    for each in custom(any_stack):
        if each.type == STACK_REFERENCE:
            continue
        if each.type in UNTAGGED:
            assert "tags" not in each.inputs
            continue
        tags = dict(each.inputs["tags"])
        tags.pop("Name", None)
        assert set(tags) == {"project", "stack", "layer", "component", "domain"}, each.name
        assert (tags["project"], tags["stack"]) == ("trackstack", any_stack.stack)
        assert tags["domain"] in {"expenses", "gym", "heating", "shared"}
        assert all(re.fullmatch(r"[\w .:/=+@-]{1,256}", value) for value in tags.values())


def test_every_log_ends(architecture: Graph, recorded: Any) -> None:
    """No log is kept for ever: 14 days, as a setting, and who talked to whom for three, whatever it says."""

    def kept(graph: Graph) -> dict[str, int]:
        logs = graph.all("aws:cloudwatch/logGroup:LogGroup")
        return {each.name: each.inputs["retentionInDays"] for each in logs if each.name != "flows-log"}

    days = kept(architecture)
    assert days == dict.fromkeys(days, 14)
    assert kept(recorded(architecture.stack, log_days=30)) == dict.fromkeys(days, 30)


def test_who_talked_to_whom_is_kept_for_three_days(recorded: Any) -> None:
    """Long enough to look into last weekend on Tuesday; `log_days` does not change it."""
    for days in (14, 30):
        log = recorded("enterprise", log_days=days).one("aws:cloudwatch/logGroup:LogGroup", "flows-log")
        assert log.inputs["retentionInDays"] == 3


def test_no_secret_is_written_into_a_stack(any_stack: Graph) -> None:
    """Nothing in any resource looks like a key, a password or a token."""
    for each in custom(any_stack):
        text = json.dumps(each.inputs, default=str)
        assert not SECRET.search(text), each.name


def test_no_policy_allows_everybody(any_stack: Graph) -> None:
    """`*` as a principal stands in denials only."""
    for each in custom(any_stack):
        for text in (each.inputs.get("policy"), each.inputs.get("assumeRolePolicy")):
            if text is None or each.type == "aws:ecr/lifecyclePolicy:LifecyclePolicy":
                continue
            for statement in json.loads(text)["Statement"]:
                if statement["Effect"] == "Allow":
                    assert statement.get("Principal") not in ("*", {"AWS": "*"}), each.name


def test_json_texts_are_json(any_stack: Graph) -> None:
    """Every policy, container and filter parses, with every name in it filled in."""
    keys = ("policy", "assumeRolePolicy", "containerDefinitions", "redrivePolicy", "filterPolicy", "input")
    for each in custom(any_stack):
        for key in keys:
            if key in each.inputs:
                text = each.inputs[key]
                json.loads(text)
                assert "None" not in text
                assert "Output" not in text
