"""Starts processes of the app by fork: `python tests/apps/zygote.py`, spoken to by forked.py in lines of JSON.

What a process imports costs more CPU than most tests let it do. Here it is imported once, and each process begins as a
copy: with its own program, variables, log and signals, as `python -m` would begin it.
"""

import gc
import json
import os
import runpy
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[0] = str(ROOT)

import boto3  # noqa: E402, F401 -- what the processes import
import jwt  # noqa: E402, F401

from apps.common import auth, jwks, serve, trace  # noqa: E402, F401
from apps.monolith import backup, services  # noqa: E402, F401


def main() -> list[str] | None:
    """Carry out orders until the input ends; in a new process, return the program it is to run."""
    gc.freeze()  # no copy's collector needs to walk through what was imported
    for line in sys.stdin:
        order = json.loads(line)
        if "wait_for" in order:
            pid, status = os.waitpid(order["wait_for"], os.WNOHANG)
            answer = os.waitstatus_to_exitcode(status) if pid else None
        else:
            answer = os.fork()
            if answer == 0:
                return become(order)
        print(json.dumps(answer), flush=True)
    return None


def become(order: dict[str, object]) -> list[str]:
    """Give this new process its log and variables."""
    log = os.open(str(order["log"]), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, source in enumerate((nothing, log, log)):
        os.dup2(source, number)
    os.environ.clear()
    os.environ.update(order["environment"])  # type: ignore[arg-type]
    trace._random.seed()  # a copy of it would give every process the same ids
    return list(order["program"])  # type: ignore[call-overload]


if __name__ == "__main__":
    program = main()
    if program is not None:
        sys.argv = program
        if program[0] == "-m":
            sys.argv = program[1:]
            runpy.run_module(program[1], run_name="__main__", alter_sys=True)
        else:
            runpy.run_path(program[0], run_name="__main__")
