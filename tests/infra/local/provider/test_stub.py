"""What the emulator cannot do is written down there, and found again."""

import pytest

from trackstack_infra.local.provider import Clients, Handler, ProviderError
from trackstack_infra.local.provider.stub import ROOT, Stub

KITE = Stub(
    "aws:kites/kite:Kite",
    fixed="name",
    changes="colour",
    name_property="name",
    id="{name}",
    shown={"arn": "arn:aws:kites:{region}:{account}:kite/{id}", "lines": [{"end": "{colour}"}], "size": 2},
    tagged=True,
)
RED = {"name": "ts-test-kite", "colour": "red", "tags": {"stack": "test"}}


def test_a_record_lives_like_the_resource_it_stands_for(aws: Clients) -> None:
    """It is created, read, changed, found by its inputs alone, and deleted, twice if need be."""
    assert isinstance(KITE, Handler)
    assert KITE.find(aws, RED) is None
    ref, outputs = KITE.create(aws, {**RED, "region": None})
    assert ref == "ts-test-kite"
    assert outputs == {
        **RED,
        "tagsAll": {"stack": "test"},
        "id": "ts-test-kite",
        "arn": "arn:aws:kites:us-east-1:123456789012:kite/ts-test-kite",
        "lines": [{"end": "red"}],
        "size": 2,
    }
    assert KITE.read(aws, ref, RED) == outputs
    changed = KITE.update(aws, ref, RED, {**RED, "colour": "blue"})
    assert changed["lines"] == [{"end": "blue"}]
    assert KITE.find(aws, RED) == (ref, changed)
    KITE.delete(aws, ref, changed)
    KITE.delete(aws, ref, changed)
    assert KITE.read(aws, ref, RED) is None


def test_a_record_lies_in_the_emulator(aws: Clients) -> None:
    """All records are parameters below one path."""
    ref, outputs = KITE.create(aws, RED)
    pages = aws.client("ssm").get_paginator("get_parameters_by_path").paginate(Path=ROOT, Recursive=True)
    names = [each["Name"] for page in pages for each in page["Parameters"]]
    KITE.delete(aws, ref, outputs)
    assert [name for name in names if name.startswith("/trackstack/stubs/aws.kites/kite.Kite/")]


def test_a_record_is_in_the_region_it_was_asked_for(aws: Clients) -> None:
    """A resource with a region of its own has it in its ARN."""
    ref, outputs = KITE.create(aws, {**RED, "region": "eu-west-1"})
    KITE.delete(aws, ref, outputs)
    assert outputs["arn"] == "arn:aws:kites:eu-west-1:123456789012:kite/ts-test-kite"


def test_what_a_record_does_not_know_is_refused(aws: Clients) -> None:
    """A property that nobody taught is an error, at creation and at a change."""
    with pytest.raises(ProviderError, match="cannot set tail; it knows colour, name, region, tags"):
        KITE.create(aws, {**RED, "tail": 3})
    assert KITE.find(aws, RED) is None
    ref, outputs = KITE.create(aws, RED)
    with pytest.raises(ProviderError, match="cannot set tail"):
        KITE.update(aws, ref, RED, {**RED, "tail": 3})
    KITE.delete(aws, ref, outputs)


def test_a_lost_record_is_not_changed(aws: Clients) -> None:
    """Changing what is gone says so."""
    with pytest.raises(ProviderError, match="ts-test-kite no longer exists"):
        KITE.update(aws, "ts-test-kite", RED, {**RED, "colour": "blue"})


def test_ids_follow_from_what_cannot_change(aws: Clients) -> None:
    """Without a name, the id is drawn from the fixed inputs: the same after a restart, another for another resource."""
    string = Stub("aws:kites/string:String", fixed="kite end", changes="length", id="string-{hex}")
    one, outputs = string.create(aws, {"kite": "a", "end": 1.0})
    two, others = string.create(aws, {"kite": "a", "end": 2.0})
    assert one != two
    assert string.find(aws, {"kite": "a", "end": 1.0, "length": 9.0}) == (one, outputs)
    string.delete(aws, one, outputs)
    string.delete(aws, two, others)
