"""Nobody is given a price that leaves out an input: each is read, or known not to matter, or makes it unpriced."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import pytest
from declared_inputs import inputs_of, paths_of
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from priced_samples import SAMPLES, SERVICE, TASK, TASK_INPUTS

from trackstack_infra.catalog import CATALOG
from trackstack_infra.costs.rules import FREE, RULES, BillingContext
from trackstack_infra.costs.rules.bill import bill
from trackstack_infra.costs.rules.inputs import UNHANDLED, Inputs
from trackstack_infra.costs.rules.tasks import TASK_DEFINITION
from trackstack_infra.costs.usage import Usage
from trackstack_infra.graph import UNKNOWN, Graph, Resource, Secret

TYPES: Final = sorted(RULES)
NOTHING_STATED: Final = Usage(schema=1, assumptions={})

JSON: Final = st.recursive(
    st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text("ab", max_size=2), inner, max_size=2),
    max_leaves=4,
)
SET: Final = JSON.filter(lambda value: value not in (False, 0, "", [], {}))
"""Values that are neither off nor empty."""
by_the_hundred = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def billed(type_: str, **inputs: Any) -> Any:
    """The bill of a type's sample with some more inputs, beside the task definition that a service needs."""
    return bill_of(type_, {**SAMPLES[type_], **inputs})


def bill_of(type_: str, inputs: Mapping[str, Any]) -> Any:
    task = Resource("urn:task", TASK, "task", None, True, TASK_INPUTS, outputs={"arn": "task:1"})
    it = Resource("urn:it", type_, "it", None, True, inputs, outputs={"url": "q", "id": "i"})
    return bill(it, BillingContext(Graph("enterprise", (task, it), {}), NOTHING_STATED))


@pytest.mark.parametrize("type_", TYPES)
def test_each_input_of_a_priced_type_is_classified(type_: str) -> None:
    """All that pulumi-aws declares, and each property of objects that a rule reads: a new one is named here."""
    inputs = RULES[type_].inputs
    missing = [path for path in paths_of(type_, inputs.objects) if not inputs.kind_of(path)]
    assert missing == [], f"say in costs/rules what these do to the price of {type_}"
    whole = [path for path, inside in inputs_of(type_).items() if inside and inputs.is_read_whole(path)]
    assert whole == [], f"{type_}: say of each property of these objects what it does to the price"


@pytest.mark.parametrize("type_", TYPES)
def test_nothing_is_classified_that_is_no_input(type_: str) -> None:
    """A misspelt name would guard nothing."""
    inputs = RULES[type_].inputs
    assert set(inputs.listed) - set(paths_of(type_, inputs.objects)) - inputs.objects == set()


def test_nor_of_a_task_definition() -> None:
    """A service's price depends on it, so its inputs are classified as well."""
    paths = set(paths_of(TASK, TASK_DEFINITION.objects))
    assert [path for path in paths if not TASK_DEFINITION.kind_of(path)] == []
    assert set(TASK_DEFINITION.listed) - paths - TASK_DEFINITION.objects == set()


@pytest.mark.parametrize("type_", sorted(each.token for each in CATALOG.values() if each.costs_with))
def test_a_free_type_costs_with_inputs_that_it_has(type_: str) -> None:
    """And it has no rule, which would have inputs of its own."""
    inputs = Inputs(unpriced=CATALOG[type_].costs_with, rest=True)
    assert set(inputs.listed) <= set(paths_of(type_, inputs.objects)) | inputs.objects
    assert type_ in FREE
    assert type_ not in RULES


def test_each_type_has_a_sample_that_is_priced() -> None:
    """Else the properties below would hold of nothing."""
    assert set(SAMPLES) == set(RULES)
    assert {type_: why for type_ in TYPES if (why := billed(type_).why_unpriced)} == {}


@by_the_hundred
@given(type_=st.sampled_from(TYPES), name=st.text("abcXYZ", min_size=1), value=JSON)
def test_an_input_that_nobody_thought_of_makes_it_unpriced(type_: str, name: str, value: Any) -> None:
    """Whatever the input of a later provider: the resource has no lines, and the reason names the input."""
    unknown = billed(type_, **{f"new{name}": value})
    assert (unknown.meters, unknown.why_unpriced) == ((), f"new{name} {UNHANDLED}")


@by_the_hundred
@given(data=st.data(), value=JSON)
def test_nor_is_a_property_passed_over_in_an_object_that_is_read(data: st.DataObject, value: Any) -> None:
    """`base` in a strategy was one."""
    type_ = data.draw(st.sampled_from([each for each in TYPES if RULES[each].inputs.objects]))
    path = data.draw(st.sampled_from(sorted(RULES[type_].inputs.objects)))
    unknown = billed(type_, **nested(path.split("."), {"newProperty": value}))
    assert (unknown.meters, unknown.why_unpriced) == ((), f"{path}.newProperty {UNHANDLED}")


@by_the_hundred
@given(data=st.data(), value=SET)
def test_what_moves_a_price_in_no_known_way_makes_it_unpriced(data: st.DataObject, value: Any) -> None:
    """Listed so, with a reason that stands in the report."""
    type_, path, why = data.draw(st.sampled_from(list(refusals())))
    assume(value is not True or path != "rootBlockDevice.deleteOnTermination")  # at which alone the price holds
    refused = billed(type_, **nested(path.split("."), value))
    assert refused.meters == ()
    assert refused.why_unpriced == f"{path} {why}"


@by_the_hundred
@given(data=st.data(), value=JSON)
def test_what_is_neutral_moves_nothing(data: st.DataObject, value: Any) -> None:
    """Set to anything, the bill is the same."""
    type_ = data.draw(st.sampled_from(TYPES))
    path = data.draw(st.sampled_from([each for each in RULES[type_].inputs.neutral_paths if "." not in each]))
    assert billed(type_, **{path: value}) == replace(billed(type_), resource=billed(type_, **{path: value}).resource)


@pytest.mark.parametrize("off", [None, False, "", [], {}, 0])
def test_what_is_off_or_empty_moves_nothing(off: Any) -> None:
    """Of an input that somebody has thought of. Of another nobody knows whether it is on by default."""
    assert billed("aws:ec2/eip:Eip", ipamPoolId=off).why_unpriced == ""
    assert billed("aws:ec2/eip:Eip", new=off).why_unpriced == ("" if off is None else f"new {UNHANDLED}")


def test_a_value_at_which_the_price_holds() -> None:
    """`tenancy` is priced as default, in whatever case, and not as dedicated."""
    machine = "aws:ec2/instance:Instance"
    assert billed(machine, tenancy="default").why_unpriced == ""
    assert billed(machine, tenancy="dedicated").why_unpriced == "tenancy has a price of its own"
    kept = {"volumeType": "gp3", "volumeSize": 8, "deleteOnTermination": False}
    assert billed(machine, rootBlockDevice=kept).why_unpriced == (
        "rootBlockDevice.deleteOnTermination leaves the disk behind"
    )


@pytest.mark.parametrize("value", [UNKNOWN, Secret("big")])
def test_what_a_rule_reads_must_be_known(value: Any) -> None:
    """A price that waits for the deployment is none yet."""
    assert billed("aws:lightsail/instance:Instance", bundleId=value).why_unpriced == (
        "bundleId moves the price, and is not known before the deployment"
    )


@pytest.mark.parametrize("stack", ["foundation", "pragmatic", "enterprise"])
def test_a_rule_reads_nothing_that_it_does_not_declare(
    stack: str, stack_graph: Callable[..., Graph], usage: Usage
) -> None:
    """What `reads` leaves out would be called neutral or unpriced although it moves the price."""
    graph = stack_graph(stack)
    watched = replace(graph, resources=tuple(replace(each, inputs=Watched(each.inputs)) for each in graph.resources))
    samples = (Resource(f"urn:{type_}", type_, "it", None, True, Watched(SAMPLES[type_])) for type_ in TYPES)
    task = Resource("urn:task", TASK, "task", None, True, Watched(TASK_INPUTS), outputs={"arn": "task:1"})
    context = BillingContext(replace(watched, resources=(*watched.resources, task, *samples)), usage)
    for resource in context.graph.resources:
        if rule := RULES.get(resource.type):
            assert list(rule.meters(resource, context)) is not None
    for resource in context.graph.resources:
        if rule := RULES.get(resource.type):
            assert isinstance(resource.inputs, Watched)
            assert {each for each in resource.inputs.read if not rule.inputs.may_read(each)} == set(), resource.type


class Watched(dict[str, Any]):
    """Inputs that remember who was asked for."""

    def __init__(self, inputs: Mapping[str, Any]) -> None:
        super().__init__(inputs)
        self.read: set[str] = set()

    def __getitem__(self, key: str) -> Any:
        self.read.add(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self.read.add(key)
        return super().get(key, default)


def refusals() -> Iterator[tuple[str, str, str]]:
    """Every type, input and reason for which it is unpriced."""
    for type_ in TYPES:
        for path, why in RULES[type_].inputs.unpriced_paths.items():
            yield type_, path, why


def nested(path: list[str], value: Any) -> dict[str, Any]:
    """`["a", "b"]` and 1 are `{"a": {"b": 1}}`."""
    first, *others = path
    return {first: nested(others, value) if others else value}


def test_a_service_is_unpriced_with_what_its_task_is() -> None:
    """The reason says where to look."""
    task = Resource(
        "urn:task", TASK, "web", None, True, {**TASK_INPUTS, "enableFaultInjection": True}, outputs={"arn": "t"}
    )
    service = Resource("urn:s", SERVICE, "web", None, True, {**SAMPLES[SERVICE], "taskDefinition": "t"})
    found = bill(service, BillingContext(Graph("enterprise", (task, service), {}), NOTHING_STATED))
    assert found.why_unpriced == (
        "in its task definition web enableFaultInjection is for experiments, which are billed"
    )
