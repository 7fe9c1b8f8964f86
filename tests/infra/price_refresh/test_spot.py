"""The feed behind Fargate Spot's price page."""

from decimal import Decimal
from typing import Any

import pytest

from trackstack_infra.price_refresh.spot import NoSpotFeed, read_feed


def test_the_feed_is_read_by_unit_and_region(aws: Any) -> None:
    """A price for each unit and region, exact to the last digit."""
    feed = read_feed(
        aws.spot_feed({("ARM-vCPU-Hours", "us-east-1"): "0.01030969", ("GB-Hours", "eu-west-1"): "0.0013"})
    )
    assert feed == {
        ("ARM-vCPU-Hours", "us-east-1"): Decimal("0.01030969"),
        ("GB-Hours", "eu-west-1"): Decimal("0.0013"),
    }


@pytest.mark.parametrize("text", ["", "<html>", "[]", '{"prices": [{"unit": "GB-Hours"}]}', '{"rates": []}'])
def test_another_form_is_refused(text: str) -> None:
    """AWS promises nothing about this feed, so what is not of its form gives no prices."""
    with pytest.raises(NoSpotFeed, match="not of the form known"):
        read_feed(text)
