"""The command line for whole scenarios: each command is a process of its own, forked from one that has imported it all.

So the hundred commands of a scenario import Pulumi and boto3 once. What starts from nothing is tested as well: a
newcomer's first `up`, the help, and what a command imports and reads.

This file is also the program that forks, see `serve`.
"""

import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NoReturn

CHECKOUT: Final = Path(__file__).resolve().parents[2]
IMPORTED: Final = ("cli", "costs", "graph", "local.engine", "local.provider", "picture", "policy")
HEAD: Final = struct.Struct("!I")  # length of a request
ANSWER: Final = struct.Struct("!i")  # a process id, then an exit code


class CommandLine:
    """Starts commands from one process, which `close` ends; commands that still run go on."""

    def __init__(self) -> None:
        self._control, theirs = socket.socketpair()
        with theirs:
            self._forking = subprocess.Popen(
                [sys.executable, "-P", __file__], stdin=theirs, env={**os.environ, "PYTHONPATH": str(CHECKOUT)}
            )

    def start(self, arguments: tuple[str, ...], environment: Mapping[str, str]) -> "Command":
        """Start a command and return at once."""
        answers, theirs = socket.socketpair()
        out, written = os.pipe()
        errors = tempfile.TemporaryFile()  # noqa: SIM115 (the command's, which closes it)
        request = json.dumps([arguments, dict(environment)]).encode()
        socket.send_fds(self._control, [HEAD.pack(len(request))], [written, errors.fileno(), theirs.fileno()])
        self._control.sendall(request)
        theirs.close()
        os.close(written)
        return Command(arguments, answers, out, errors)

    def close(self) -> None:
        self._control.close()
        self._forking.wait()


class Command:
    """A command that was started; as `subprocess.Popen`, as far as scenarios need one."""

    def __init__(self, arguments: tuple[str, ...], answers: socket.socket, out: int, errors: Any) -> None:
        self.arguments = arguments
        self.returncode: int | None = None
        self._answers, self._out, self._errors = answers, out, errors
        self._shown = b""
        (self.pid,) = ANSWER.unpack(answers.recv(ANSWER.size, socket.MSG_WAITALL))

    def send_signal(self, number: int) -> None:
        """Send a signal; the process is there, or not yet waited for, until `communicate` has returned."""
        os.kill(self.pid, number)

    def line(self) -> str:
        """The next line on stdout, waited for."""
        while b"\n" not in self._shown:
            more = os.read(self._out, 65536)
            assert more, f"{self.arguments} ended without another line"
            self._shown += more
        line, _, self._shown = self._shown.partition(b"\n")
        return line.decode()

    def communicate(self, timeout: float) -> tuple[str, str]:
        """Wait until it has ended and give stdout and stderr; raises TimeoutError after so many seconds."""
        deadline = time.monotonic() + timeout
        waiting: list[Any] = [self._out, self._answers]
        while waiting:
            ready, _, _ = select.select(waiting, [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError(f"{self.arguments} did not end within {timeout} s")
            if self._out in ready:
                more = os.read(self._out, 65536)
                self._shown += more
                if not more:
                    waiting.remove(self._out)
                    os.close(self._out)
            if self._answers in ready:
                (self.returncode,) = ANSWER.unpack(self._answers.recv(ANSWER.size, socket.MSG_WAITALL))
                waiting.remove(self._answers)
                self._answers.close()
        with self._errors:
            self._errors.seek(0)
            return self._shown.decode(), self._errors.read().decode()


def serve(control: socket.socket) -> None:
    """Fork a command for each request until nobody can ask any more, and tell its process id and how it ended."""
    running: dict[int, socket.socket] = {}
    wake_up, woken = socket.socketpair()
    wake_up.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake_up.fileno())
    while True:
        ready, _, _ = select.select([control, woken], [], [])
        if woken in ready:
            woken.recv(4096)
            while running and (ended := os.waitpid(-1, os.WNOHANG))[0]:
                with running.pop(ended[0]) as told:
                    told.sendall(ANSWER.pack(os.waitstatus_to_exitcode(ended[1])))
        if control in ready:
            head, files, _, _ = socket.recv_fds(control, HEAD.size, 3)
            if not head:
                return
            request = json.loads(control.recv(HEAD.unpack(head)[0], socket.MSG_WAITALL))
            told = socket.socket(fileno=files[2])
            pid = os.fork()
            if pid == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for inherited in (control, wake_up, woken, told, *running.values()):
                    inherited.close()
                become(*request, out=files[0], errors=files[1])
            os.close(files[0])
            os.close(files[1])
            running[pid] = told
            told.sendall(ANSWER.pack(pid))


def become(arguments: list[str], environment: dict[str, str], *, out: int, errors: int) -> NoReturn:
    """Be the command from here on: its environment, its files, its end."""
    from trackstack_infra.cli.__main__ import main

    os.environ.clear()
    os.environ.update(environment)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for ours, number in ((nothing, 0), (out, 1), (errors, 2)):
        os.dup2(ours, number)
        os.close(ours)
    code = main(arguments)
    for thread in threading.enumerate():
        if thread is not threading.main_thread() and not thread.daemon:
            thread.join()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # an orderly end would touch, and so copy, all that was imported


def import_all() -> None:
    """What a command may import, for all of them, and out of the garbage collector's sight."""
    gc.disable()
    for name in IMPORTED:
        package = importlib.import_module(f"trackstack_infra.{name}")
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    from stacks import PROGRAMS

    assert all(PROGRAMS.values())
    gc.freeze()
    gc.enable()


if __name__ == "__main__":
    import_all()
    serve(socket.socket(fileno=os.dup(0)))
