"""Runs a Pulumi program to its end in this process, as often as wanted, and lets its errors out as they are."""

from __future__ import annotations

import asyncio
import threading
import warnings
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from pulumi.runtime import resource
from pulumi.runtime.config import set_all_config
from pulumi.runtime.proto import source_pb2
from pulumi.runtime.settings import SETTINGS, Settings, configure
from pulumi.runtime.stack import run_in_stack

from trackstack_infra.graph.monitor import ProgramMonitor

# A program that fails leaves outputs behind that nobody asks for their value any more. That is no second failure.
warnings.filterwarnings("ignore", r"coroutine 'Output\.", RuntimeWarning)

# The SDK sends Pulumi's engine the call stack of each resource, for its messages. Nobody here reads them, and making
# them takes an eighth of the CPU seconds of a graph.
resource._get_stack_trace = source_pb2.StackTrace

ORGANIZATION: Final = "organization"  # what self-managed backends call it; stack references carry it
Program = Callable[[], None]


def run_program(
    program: Program, monitor: ProgramMonitor, *, config: Mapping[str, str], dry_run: bool, threads: int = 1
) -> None:
    """Run the program against the monitor, whose methods are called from up to `threads` threads.

    It gets a thread of its own: everything Pulumi keeps (root stack, settings, config) lives in context variables,
    which a new thread starts without, and the caller's event loop, if it has one, is not disturbed.
    """
    run = _Run(program, monitor, config, dry_run, threads)
    thread = threading.Thread(target=run, name=f"program of {monitor.stack}")
    thread.start()
    thread.join()
    if run.error is not None:
        raise run.error


class _Run:
    def __init__(
        self, program: Program, monitor: ProgramMonitor, config: Mapping[str, str], dry_run: bool, threads: int
    ) -> None:
        self.error: BaseException | None = None
        self._cause: BaseException | None = None
        self._program = program
        self._monitor = monitor
        self._config = config
        self._dry_run = dry_run
        self._threads = threads

    def __call__(self) -> None:
        try:
            self._run()
        except BaseException as error:  # noqa: BLE001 (raised again in the caller's thread)
            # What the program itself raised comes before what its resources then could not do.
            self.error = self.error or error
        if self.error is not None and self.error.__cause__ is self.error:
            self.error.__cause__ = self._cause  # the SDK raises a failure from itself, which prints it twice

    def _run(self) -> None:
        settings = Settings(
            project=self._monitor.project,
            stack=self._monitor.stack,
            organization=ORGANIZATION,
            monitor=self._monitor,
            dry_run=self._dry_run,
            legacy_apply_enabled=False,
        )
        configure(settings)
        set_all_config(dict(self._config), [])
        with asyncio.Runner() as runner:
            loop = runner.get_loop()
            # One failure reaches every task that waits for the failed resource; it is reported once, by raising it.
            loop.set_exception_handler(lambda _loop, _context: None)
            loop.set_default_executor(ThreadPoolExecutor(self._threads, thread_name_prefix=self._monitor.stack))
            runner.run(run_in_stack(self._watched))

    async def _watched(self) -> None:
        try:
            self._program()
            await _settled()
        except BaseException as error:
            self.error, self._cause = error, error.__cause__
            raise


async def _settled() -> None:
    """Wait until all that the program began is done; raises the first failure.

    The SDK would wait for one output at a time and look at all the others again after each, which takes two fifths of
    the CPU seconds of enterprise's graph.
    """
    while waiting := [task for task in (*SETTINGS.rpc_manager.rpcs, *SETTINGS.outputs) if not task.done()]:
        done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()
