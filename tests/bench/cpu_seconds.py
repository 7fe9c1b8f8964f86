"""CPU seconds of a command and of all that it leaves behind (Linux): `python tests/bench/cpu_seconds.py make test`."""

import ctypes
import os
import resource
import sys
import time

PR_SET_CHILD_SUBREAPER = 36  # prctl(2): processes whose parent ends become ours, so that their time is added to ours


def main(command: list[str]) -> int:
    """Run COMMAND, wait for it and for all that outlives it, print the seconds, and return its exit code."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    began = time.monotonic()
    started = os.posix_spawnp(command[0], command, os.environ)
    code, wall_s = 1, 0.0
    while True:
        try:
            ended, status = os.waitpid(-1, 0)
        except ChildProcessError:
            break
        if ended == started:
            code, wall_s = os.waitstatus_to_exitcode(status), time.monotonic() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{used.ru_utime + used.ru_stime:.0f} CPU s, {wall_s:.0f} s wall", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
