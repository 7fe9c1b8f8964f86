"""Orphans: rows whose parent is missing are set aside, and the rest is whole."""

import json
import sqlite3
from collections.abc import Iterator

import pytest

from apps.bridge.orphans import set_aside, to_json


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(
        """
        CREATE TABLE parent (a TEXT, b INTEGER, PRIMARY KEY (a, b)) STRICT;
        CREATE TABLE child (id INTEGER PRIMARY KEY, pa TEXT, pb INTEGER, FOREIGN KEY (pa, pb) REFERENCES parent) STRICT;
        CREATE TABLE grandchild (
            child_id INTEGER NOT NULL REFERENCES child (id), pos INTEGER NOT NULL, note, PRIMARY KEY (child_id, pos)
        ) WITHOUT ROWID;
        CREATE TABLE tree (id INTEGER PRIMARY KEY, up INTEGER REFERENCES tree (id)) STRICT;
        INSERT INTO parent VALUES ('x', 1);
        INSERT INTO child VALUES (1, 'x', 1), (2, 'x', 2), (3, NULL, 9);
        INSERT INTO grandchild VALUES (1, 0, 'kept'), (2, 0, 'lost with its parent'), (9, 0, x'ff');
        INSERT INTO tree VALUES (1, NULL), (2, 1), (3, 8), (4, 3), (5, 4);
        """
    )
    yield connection
    connection.close()


def test_orphans_and_their_children_are_set_aside(connection: sqlite3.Connection) -> None:
    """A row without its parent is taken out, and so are rows that point to it, over any number of generations."""
    found = {(each.table, row) for each in set_aside(connection) for row in each.rows}
    assert found == {
        ("child", (2, "x", 2)),
        ("grandchild", (2, 0, "lost with its parent")),
        ("grandchild", (9, 0, b"\xff")),
        ("tree", (3, 8)),
        ("tree", (4, 3)),
        ("tree", (5, 4)),
    }
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert connection.execute("SELECT id FROM child").fetchall() == [(1,), (3,)]
    assert connection.execute("SELECT id FROM tree").fetchall() == [(1,), (2,)]


def test_whole_data_is_left_alone(connection: sqlite3.Connection) -> None:
    """Where every parent exists, nothing is set aside."""
    set_aside(connection)
    assert set_aside(connection) == []


def test_the_rows_can_be_read_and_put_back(connection: sqlite3.Connection) -> None:
    """The file of orphans names table, missing parent and columns, and spells blobs in hex."""
    documents = json.loads(to_json([each for each in set_aside(connection) if each.table == "grandchild"]))
    rows = [row for document in documents for row in document["rows"]]
    assert documents[0]["parent"] == "child"
    assert documents[0]["columns"] == ["child_id", "pos", "note"]
    assert [9, 0, {"hex": "ff"}] in rows
