"""What a preview says about values: the parts that differ, and no secret."""

import json

from trackstack_infra.graph.values import UNKNOWN
from trackstack_infra.local.engine.fields import Field, changed_fields


def test_the_part_that_differs_is_named_not_the_whole() -> None:
    """Groups and lists are looked into, and so are documents that are written as text; items go by their names."""
    old = {
        "cpu": "256",
        "tags": {"a": "1", "b": "2"},
        "containers": json.dumps([{"name": "gym", "env": [{"name": "PORT", "value": "1"}]}]),
    }
    new = {
        "cpu": "512",
        "tags": {"a": "1", "c": "3"},
        "containers": json.dumps([{"name": "gym", "env": [{"name": "PORT", "value": "2"}]}]),
    }
    assert changed_fields(old, new, ("containers", "cpu", "tags")) == (
        Field("containers[gym].env[PORT].value", "1", "2"),
        Field("cpu", "256", "512"),
        Field("tags.b", "2", None),
        Field("tags.c", None, "3"),
    )


def test_what_is_not_known_yet_says_so() -> None:
    """A value that depends on what the run makes."""
    assert changed_fields({"of": "arn:1"}, {"of": UNKNOWN}, ("of",)) == (Field("of", "arn:1", "[known after the run]"),)


def test_a_file_differs_by_its_content() -> None:
    """Neither path nor content is shown."""
    assert changed_fields({"source": {"path": "/a"}}, {"source": {"path": "/a"}}, ("source",), files=["source"]) == (
        Field("source", "[content]", "[content]"),
    )


def test_secrets_are_named_and_never_shown() -> None:
    """Marked ones, those called like one, and those inside values that are new as a whole."""
    old = {"key": "hush", "masterPassword": "hush", "env": None}
    new = {
        "key": "hush2",
        "masterPassword": "hush2",
        "env": [{"name": "API_TOKEN", "value": "hush"}, {"name": "PORT", "value": "1"}],
    }
    fields = changed_fields(old, new, ("env", "key", "masterPassword"), secrets=["key"])
    assert "hush" not in repr(fields)
    assert [field.path for field in fields] == ["env", "key", "masterPassword"]
    assert '"PORT"' in (fields[0].new or "")


def test_a_secret_variable_that_changes_is_hidden() -> None:
    """The name of an environment variable decides for its value."""
    old, new = ([{"name": "DB_PASSWORD", "value": value}] for value in ("hush", "hush2"))
    assert changed_fields({"env": old}, {"env": new}, ("env",)) == (
        Field("env[DB_PASSWORD].value", "[secret]", "[secret]"),
    )
