"""Rules held against a graph: what blocks, what is accepted, and what a suppression is worth."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from trackstack_infra.graph import Graph, Resource
from trackstack_infra.policy.check import check
from trackstack_infra.policy.model import Finding, Rule, Verdict
from trackstack_infra.policy.suppressions import Suppression, Suppressions

BUCKET = "aws:s3/bucket:Bucket"
NEW_YEAR = date(2027, 1, 1)


def blocked_by(name: str) -> Callable[[Graph], Iterator[Finding]]:
    def find(graph: Graph) -> Iterator[Finding]:
        for bucket in graph.all(BUCKET):
            if bucket.name.startswith(name):
                yield Finding(bucket.urn, "it is there")

    return find


BLOCKS = Rule(id="no-photos", row=1, title="No photos.", verdict=Verdict.BLOCK, check=blocked_by("photos"))
ACCEPTS = Rule(
    id="no-videos",
    row=2,
    title="No videos.",
    verdict=Verdict.ACCEPT,
    reason="They are few.",
    price="$1.00",
    check=blocked_by("videos"),
)
RULES = (BLOCKS, ACCEPTS)


def suppression(resource: str, *, expires: date = NEW_YEAR, stack: str = "pragmatic") -> Suppression:
    return Suppression(rule="no-photos", stack=stack, resource=resource, reason="until the move", expires=expires)


@pytest.fixture
def album(resource: Callable[..., Resource], graph_of: Callable[..., Graph]) -> Graph:
    """Two buckets of photos, one in a component of a component, and one of videos."""
    outer = resource("trackstack:storage:Album", "album")
    inner = resource("trackstack:storage:Shelf", "shelf", parent=outer)
    return graph_of(
        outer,
        inner,
        resource(BUCKET, "photos-old", parent=inner),
        resource(BUCKET, "photos-new"),
        resource(BUCKET, "videos"),
    )


def test_what_breaks_a_rule_is_listed_by_component(album: Graph) -> None:
    """Each violation stands under the outermost component, as the stack's program names it."""
    report = check(album, RULES, Suppressions(), NEW_YEAR)
    assert [(each.component, each.resource, each.rule.id) for each in report.violations] == [
        ("album", "photos-old", "no-photos"),
        ("stack", "photos-new", "no-photos"),
    ]
    assert report.violated == 1
    assert not report.passes


def test_what_is_accepted_blocks_nothing_and_keeps_its_reason(
    resource: Callable[..., Resource], graph_of: Callable[..., Graph]
) -> None:
    """An accepted rule is reported with the resources it is open for; a stack without any does not mention it."""
    with_videos = check(graph_of(resource(BUCKET, "videos")), RULES, Suppressions(), NEW_YEAR)
    assert with_videos.passes
    assert [(each.rule.price, [one.resource for one in each.found]) for each in with_videos.accepted] == [
        ("$1.00", ["videos"])
    ]
    assert check(graph_of(), RULES, Suppressions(), NEW_YEAR).accepted == ()


def test_a_suppression_covers_the_resources_it_names_through_its_last_day(album: Graph) -> None:
    """A glob covers several; on the day itself it still holds."""
    report = check(album, RULES, Suppressions((suppression("photos-*"),)), NEW_YEAR)
    assert report.passes
    assert [each.violation.resource for each in report.suppressed] == ["photos-old", "photos-new"]
    one = check(album, RULES, Suppressions((suppression("photos-old"),)), NEW_YEAR)
    assert [each.resource for each in one.violations] == ["photos-new"]


def test_an_expired_suppression_covers_nothing_and_fails_by_itself(
    album: Graph, resource: Callable[..., Resource], graph_of: Callable[..., Graph]
) -> None:
    """The day after, what it suppressed blocks again; and where nothing is left to suppress, it still has to go."""
    stale = suppression("photos-*", expires=date(2026, 12, 31))
    report = check(album, RULES, Suppressions((stale,)), NEW_YEAR)
    assert len(report.violations) == 2
    assert (report.suppressed, report.expired, report.unused) == ((), (stale,), ())
    clean = check(graph_of(resource(BUCKET, "videos")), RULES, Suppressions((stale,)), NEW_YEAR)
    assert clean.violations == ()
    assert not clean.passes


def test_a_suppression_that_matches_nothing_is_reported(album: Graph) -> None:
    """It does no harm, so it does not fail; but whoever reads the report can remove it."""
    idle = suppression("letters")
    report = check(album, RULES, Suppressions((idle, suppression("*"))), NEW_YEAR)
    assert report.passes
    assert report.unused == (idle,)


def test_a_suppression_is_about_one_stack(album: Graph) -> None:
    """What is suppressed in enterprise is not in pragmatic, and neither report speaks of the other's."""
    report = check(album, RULES, Suppressions((suppression("*", stack="enterprise"),)), NEW_YEAR)
    assert len(report.violations) == 2
    assert (report.unused, report.expired) == ((), ())
