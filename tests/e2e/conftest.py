"""Whole stacks in the local target; one state directory for each scenario."""

from collections.abc import Iterator

import pytest
from command_line import CommandLine
from laptop import Laptop


def _port_base(worker: str) -> int:
    """Port ranges apart for each worker of the test run, and apart from a developer's own stacks."""
    return 21600 + 200 * int(worker.removeprefix("gw") or 0 if worker != "master" else 0)


@pytest.fixture(scope="module")
def laptop(tmp_path_factory: pytest.TempPathFactory, worker_id: str, command_line: CommandLine) -> Iterator[Laptop]:
    """A fresh state directory for one module of tests; everything in it is stopped afterwards."""
    fresh = Laptop(tmp_path_factory.mktemp("laptop"), _port_base(worker_id), command_line)
    try:
        yield fresh
    finally:
        fresh.clean_up()
