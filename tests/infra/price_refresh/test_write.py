"""A snapshot written is the snapshot read."""

from pathlib import Path

import pytest

from trackstack_infra.costs.snapshot import FOLDER, Snapshot, read_snapshot
from trackstack_infra.price_refresh.write import as_yaml, write_snapshot


@pytest.mark.parametrize("path", [*FOLDER.glob("*.yaml"), Path(__file__).parents[1] / "costs" / "fixture_prices.yaml"])
def test_what_is_written_reads_the_same(tmp_path: Path, path: Path) -> None:
    """Every price, tier, date, note and free tier survives."""
    snapshot = read_snapshot(path)
    write_snapshot(snapshot, tmp_path / "again.yaml")
    again = read_snapshot(tmp_path / "again.yaml")
    assert again.model_copy(update={"sha256": ""}) == snapshot.model_copy(update={"sha256": ""})


@pytest.mark.parametrize(
    "note",
    [
        "",
        "plain",
        "a: b",
        "yes",
        "1.0",
        "2026-11-01",
        'said "so"',
        "# no",
        " spaced ",
        "ends:",
        "two\nlines",
        "€ 🐘 \u2028",
    ],
)
def test_a_note_may_say_anything(tmp_path: Path, prices: Snapshot, note: str) -> None:
    """Colons, quotes, a bare `yes` or `1.0`: a note is read back as the text it is."""
    noted = prices.entries[0].model_copy(update={"note": note, "source": note, "unit": note, "match": {"column": note}})
    write_snapshot(prices.model_copy(update={"entries": (noted,), "free_tiers": ()}), tmp_path / "prices.yaml")
    assert read_snapshot(tmp_path / "prices.yaml").entries == (noted,)


def test_lines_stay_readable(prices: Snapshot) -> None:
    """A line a field, amounts never in powers of ten."""
    text = as_yaml(prices)
    assert '    tiers: [{usd: "0.0000004"}]\n' in text
    assert '    tiers: [{stop: "10000", usd: "0.09"}, {start: "10000", usd: "0.045"}]\n' in text


def test_a_failure_leaves_nothing_behind(tmp_path: Path, prices: Snapshot) -> None:
    """Where the file cannot be put in its place, no half of it stays either."""
    (tmp_path / "prices.yaml").mkdir()
    with pytest.raises(OSError, match=r"prices\.yaml"):
        write_snapshot(prices, tmp_path / "prices.yaml")
    assert [each.name for each in tmp_path.iterdir()] == ["prices.yaml"]
