"""Publishing: three services change to one backup together, wherever a run dies, and nothing open is pulled away."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from apps.bridge.errors import InUse, NotVerified
from apps.bridge.publish import Finished, current, is_current, is_open, only_run, publish, switch
from apps.bridge.sums import file_sha256

ROOT = Path(__file__).parents[3]
DOMAINS = ("expenses", "gym", "heating")
OLD = "20261114T031500Z-0123456789ab"
NEW = "20261121T031500Z-ba9876543210"
OTHER = "20261128T031500Z-000000000000"

# For step 1, 2, 3, …: copies the data directory, and in it a process publishes that dies by kill -9 right before its
# n-th operation on a file there; until one comes through. Prints how each ended. The processes are forked from this
# one, which has a single thread, to save them the start of an interpreter each.
PUBLISH_AND_DIE = """
import os, shutil, signal, sys
from itertools import count
from pathlib import Path
from apps.bridge.publish import Finished, only_run, publish
from apps.bridge.sums import file_sha256

data_dir, staged, backup, domains = sys.argv[1], Path(sys.argv[2]), sys.argv[3], sys.argv[4:]
WATCHED = {"open", "os.rename", "os.remove", "os.mkdir", "os.listdir", "os.scandir", "sqlite3.connect"}

def publish_and_die(trial, last):
    seen = 0
    def watch(event, arguments):
        nonlocal seen
        if event in WATCHED and any(trial in str(argument) for argument in arguments):
            seen += 1
            if seen == last:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(watch)
    finished = [Finished(name, staged / f"{name}.db", file_sha256(staged / f"{name}.db")) for name in domains]
    with only_run(Path(trial), wait_s=0):
        publish(Path(trial), finished, backup, before_switch=lambda: None)

for step in count(1):
    trial = f"{data_dir}-{step}"
    shutil.copytree(data_dir, trial)
    child = os.fork()
    if child == 0:
        publish_and_die(trial, step)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(status)
    if status != -signal.SIGKILL:
        break
"""


def make_database(path: Path, word: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(f"CREATE TABLE t (word TEXT) STRICT; INSERT INTO t VALUES ('{word}')")


def stage(folder: Path, word: str) -> list[Finished]:
    """Finished databases of one backup, with a word in each that tells it from others."""
    folder.mkdir()
    for domain in DOMAINS:
        make_database(folder / f"{domain}.db", f"{domain} {word}")
    return [Finished(domain, folder / f"{domain}.db", file_sha256(folder / f"{domain}.db")) for domain in DOMAINS]


def word_read_by(service: str, data_dir: Path) -> str:
    """What a service finds that starts now."""
    backup = current(data_dir, service)
    path = data_dir / service / f"{service}.{backup}.db"
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        (word,) = connection.execute("SELECT word FROM t").fetchone()
    return str(word)


def nothing() -> None:
    """Nothing has to happen before the switch."""


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Three services on the old backup."""
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    publish(data_dir, stage(tmp_path / "old", "old"), OLD, nothing)
    return data_dir


@pytest.fixture
def new(tmp_path: Path) -> list[Finished]:
    return stage(tmp_path / "new", "new")


def files(data_dir: Path) -> set[str]:
    return {str(path.relative_to(data_dir)) for path in data_dir.rglob("*") if path.is_file()}


def test_all_three_services_change_together(data_dir: Path, new: list[Finished]) -> None:
    """After publishing, each service finds its new database, and the old ones are gone."""
    publish(data_dir, new, NEW, nothing)
    assert [word_read_by(service, data_dir) for service in DOMAINS] == ["expenses new", "gym new", "heating new"]
    assert files(data_dir) == {f"{d}/{d}.{NEW}.db" for d in DOMAINS} | {f"{d}/CURRENT" for d in DOMAINS}
    assert (data_dir / "gym" / "CURRENT").read_text() == f"{NEW}\n"


def test_a_kill_at_any_step_is_completed_by_the_next_run(data_dir: Path, new: list[Finished], tmp_path: Path) -> None:
    """kill -9 before every single file operation of publishing: services always find a whole database, all of the old
    backup until every new one is in place; the next run brings all three to the new one and leaves nothing behind."""
    process = subprocess.run(
        [sys.executable, "-c", PUBLISH_AND_DIE, str(data_dir), str(tmp_path / "new"), NEW, *DOMAINS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    *killed, last = map(int, process.stdout.split())
    assert (set(killed), last) == ({-signal.SIGKILL}, 0), process.stderr
    mixed = 0
    for step in range(1, len(killed) + 1):
        trial = data_dir.with_name(f"{data_dir.name}-{step}")
        words = {word_read_by(service, trial).removeprefix(f"{service} ") for service in DOMAINS}
        assert words <= {"old", "new"}
        mixed += len(words) == 2
        if "new" in words:
            assert all((trial / d / f"{d}.{NEW}.db").exists() for d in DOMAINS)
        with only_run(trial, wait_s=0):
            publish(trial, new, NEW, nothing)
        assert is_current(trial, DOMAINS, NEW)
        assert [word_read_by(service, trial) for service in DOMAINS] == ["expenses new", "gym new", "heating new"]
        assert files(trial) - {"bridge.lock"} == files_of(NEW)
    assert len(killed) > 40  # else the hook saw nothing and this test is blind
    assert mixed > 0  # same: some kill must have come between the services' CURRENT


def files_of(backup: str) -> set[str]:
    return {f"{d}/{d}.{backup}.db" for d in DOMAINS} | {f"{d}/CURRENT" for d in DOMAINS}


def test_another_backup_after_a_dead_run_wins(data_dir: Path, new: list[Finished], tmp_path: Path) -> None:
    """A run that died halfway through the switch does not bind the next: another backup brings all three to itself."""
    publish(data_dir, new, NEW, nothing)
    switch(data_dir, ["gym"], OLD)
    publish(data_dir, stage(tmp_path / "other", "other"), OTHER, nothing)
    assert {current(data_dir, domain) for domain in DOMAINS} == {OTHER}
    assert files(data_dir) == files_of(OTHER)


def test_a_journal_left_beside_the_new_name_is_not_replayed(
    data_dir: Path, new: list[Finished], tmp_path: Path
) -> None:
    """A rollback journal that a crash left beside a database of that name is removed first; SQLite would replay it into
    the new file and destroy it."""
    target = data_dir / "gym" / f"gym.{NEW}.db"
    make_database(target, "x")
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        connection.executescript("PRAGMA cache_size=1; CREATE TABLE big (a); BEGIN")
        connection.executemany("INSERT INTO big VALUES (?)", [("x" * 5000,)] * 50)
        hot = target.with_name(target.name + "-journal").read_bytes()
        connection.execute("ROLLBACK")
    assert len(hot) > 512
    target.with_name(target.name + "-journal").write_bytes(hot)
    target.with_name(target.name + "-wal").write_bytes(b"x" * 100)
    publish(data_dir, new, NEW, nothing)
    assert word_read_by("gym", data_dir) == "gym new"
    assert files(data_dir) == files_of(NEW)


def test_nothing_is_switched_when_the_last_step_before_fails(data_dir: Path, new: list[Finished]) -> None:
    """When emptying the queues fails, the services stay on the old backup, whose databases are still there."""

    def fail() -> None:
        raise OSError("the queue is gone")

    with pytest.raises(OSError, match="the queue is gone"):
        publish(data_dir, new, NEW, fail)
    assert [word_read_by(service, data_dir) for service in DOMAINS] == ["expenses old", "gym old", "heating old"]


def test_a_copy_that_is_not_what_was_copied_is_refused(data_dir: Path, new: list[Finished]) -> None:
    """The file is read back from where it was put; when it differs, nothing changes for the services."""
    wrong = [Finished(each.domain, each.file, "0" * 64) for each in new]
    with pytest.raises(NotVerified, match=r"expenses\..*\.db\.tmp is not what was copied there"):
        publish(data_dir, wrong, NEW, nothing)
    assert {current(data_dir, domain) for domain in DOMAINS} == {OLD}


@pytest.fixture
def open_old_gym(data_dir: Path) -> Iterator[Path]:
    """A service in another process that has its old database open, as services do: exclusively, to the end."""
    path = data_dir / "gym" / f"gym.{OLD}.db"
    program = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "c.execute('PRAGMA locking_mode=exclusive'); c.execute('BEGIN EXCLUSIVE'); c.execute('COMMIT');"
        "print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"open\n"
        yield path
        assert process.stdin
        process.stdin.close()


def test_a_database_that_a_service_has_open_stays(data_dir: Path, new: list[Finished], open_old_gym: Path) -> None:
    """A service that still runs on the old database keeps it; it goes at the next bridge."""
    publish(data_dir, new, NEW, nothing)
    assert open_old_gym.exists()
    assert {current(data_dir, domain) for domain in DOMAINS} == {NEW}


def test_an_open_database_is_never_replaced(data_dir: Path, open_old_gym: Path, tmp_path: Path) -> None:
    """Publishing never renames over a database that a service has open: it would go on writing into a deleted file."""
    before = open_old_gym.read_bytes()
    with pytest.raises(InUse, match=r"a service has .*gym\..*\.db open") as caught:
        publish(data_dir, stage(tmp_path / "again", "again"), OLD, nothing)
    assert "trackstack down enterprise" in caught.value.hint
    assert open_old_gym.read_bytes() == before


def test_a_damaged_database_counts_as_not_open(tmp_path: Path) -> None:
    """A half-written file of a dead run is nobody's, and may be replaced."""
    half = tmp_path / "half.db"
    half.write_bytes(b"SQLite format 3\0 and no more")
    assert not is_open(half)


def test_files_of_others_are_left_alone(data_dir: Path, new: list[Finished]) -> None:
    """Only databases named after a backup are removed; whatever else lies in a service's directory stays."""
    (data_dir / "gym" / "notes.txt").write_text("mine")
    make_database(data_dir / "gym" / "gym.mine.db", "mine")
    publish(data_dir, new, NEW, nothing)
    assert {"gym/notes.txt", "gym/gym.mine.db"} <= files(data_dir)


def test_only_one_run_at_a_time(tmp_path: Path) -> None:
    """A second run waits for the first, and says what it waited for when that takes too long."""
    with (
        only_run(tmp_path, wait_s=0),
        pytest.raises(InUse, match=r"another run of the bridge has held .*bridge\.lock for 0\.2 s"),
        only_run(tmp_path, wait_s=0.2),
    ):
        pass
    with only_run(tmp_path, wait_s=0):
        pass


def test_the_lock_of_a_dead_run_is_free(tmp_path: Path) -> None:
    """A run that was killed does not block the next one."""
    program = (
        "import os, signal, sys; from pathlib import Path; from apps.bridge.publish import only_run\n"
        "with only_run(Path(sys.argv[1]), 0): os.kill(os.getpid(), signal.SIGKILL)"
    )
    process = subprocess.run([sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, check=False)
    assert process.returncode == -signal.SIGKILL
    with only_run(tmp_path, wait_s=0):
        assert (tmp_path / "bridge.lock").exists()
