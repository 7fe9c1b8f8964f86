"""Instants, ids and traces."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.common import trace
from apps.common.clock import instant_of, instant_text
from apps.common.ids import new_id


@given(st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_an_instant_reads_back(instant: datetime) -> None:
    """An instant written as text is the same instant when read, and always of the same length."""
    text = instant_text(instant)
    assert instant_of(text) == instant
    assert len(text) == 27


@given(st.lists(st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)), max_size=9))
def test_texts_sort_as_instants_do(instants: list[datetime]) -> None:
    """Sorting the texts, as the database does, sorts the instants."""
    assert sorted(map(instant_text, instants)) == [instant_text(each) for each in sorted(instants)]


def test_a_zone_is_needed() -> None:
    """A time without zone is refused; another zone is brought to UTC."""
    assert (
        instant_text(datetime(2026, 11, 24, 14, tzinfo=timezone(timedelta(hours=1)))) == "2026-11-24T13:00:00.000000Z"
    )
    with pytest.raises(ValueError, match="has no time zone"):
        instant_text(datetime(2026, 11, 24, 14))
    with pytest.raises(ValueError, match="has no time zone"):
        instant_of("2026-11-24T14:00:00")


def test_ids_sort_by_time() -> None:
    """Ids are UUIDv7, so a later one sorts behind an earlier one."""
    ids = [new_id() for _ in range(1000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 1000
    assert all(
        re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", each) for each in ids
    )


def test_a_trace_goes_on_and_garbage_begins_a_new_one() -> None:
    """The trace of a caller is continued with a new span; anything that is no traceparent begins a new trace."""
    incoming = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    following = trace.child(incoming)
    assert following[:36] == incoming[:36]
    assert following[36:52] != incoming[36:52]
    for garbage in (
        None,
        "",
        "00-x-y-01",
        "00-" + "0" * 32 + "-b7ad6b7169203331-01",
        incoming + "\n",
        incoming.upper(),
    ):
        fresh = trace.child(garbage)
        assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", fresh)
        assert "0af7651916cd43dd8448eb211c80319c" not in fresh
