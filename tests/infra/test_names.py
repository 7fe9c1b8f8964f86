"""Names and tags, frozen: a name that changes replaces what it names."""

from trackstack_infra import names
from trackstack_infra.names import Layer


def test_a_name_says_project_stack_and_part() -> None:
    """`ts-<stack>-<part>`; the stack's one cluster, load balancer or API has no part."""
    assert names.physical("enterprise") == "ts-enterprise"
    assert names.physical("enterprise", "expenses") == "ts-enterprise-expenses"
    assert names.physical("pragmatic", "monolith", "dead-letters") == "ts-pragmatic-monolith-dead-letters"


def test_a_log_group_is_found_by_stack_and_service() -> None:
    """`/ts/<stack>/<service>`, and for a function where Lambda writes."""
    assert names.log_group("pragmatic", "monolith") == "/ts/pragmatic/monolith"
    assert names.lambda_log_group("ts-enterprise-bridge") == "/aws/lambda/ts-enterprise-bridge"


def test_tags_tell_whose_a_resource_is() -> None:
    """Five tags, always the same five."""
    assert names.tags("enterprise", layer=Layer.RUNTIME, component="nat") == {
        "project": "trackstack",
        "stack": "enterprise",
        "layer": "runtime",
        "component": "nat",
        "domain": "shared",
    }
    assert names.tags("enterprise", layer=Layer.PERSISTENT, component="gym", domain="gym") == {
        "project": "trackstack",
        "stack": "enterprise",
        "layer": "persistent",
        "component": "gym",
        "domain": "gym",
    }


def test_there_are_three_domains() -> None:
    """expenses, gym, heating."""
    assert names.DOMAINS == ("expenses", "gym", "heating")
