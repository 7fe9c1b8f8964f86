"""The supervisor's process: one state directory held, its local cloud up, until SIGTERM or a call to stop."""

import argparse
import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping, MutableMapping, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from trackstack_infra.errors import TrackStackError
from trackstack_infra.local.state_dir.run_file import (
    DEFAULT_PORT_BASE,
    Run,
    remove_run,
    source_version,
    start_time,
    write_run,
)
from trackstack_infra.local.state_dir.supervisor_lock import only_supervisor
from trackstack_infra.local.supervisor.client import ROOT
from trackstack_infra.zones import use_pinned_zones

if TYPE_CHECKING:
    from trackstack_infra.local.supervisor.parts import Parts

log = logging.getLogger("trackstack_infra.local.supervisor")


def main(argv: Sequence[str]) -> int:
    """Run until asked to stop; returns the exit code."""
    options = _options(argv)
    logging.Formatter.converter = time.gmtime
    logging.basicConfig(level=logging.INFO, format="%(asctime)sZ %(levelname)s %(name)s: %(message)s")
    for talkative in ("botocore", "uvicorn"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
    forget_the_users_aws(os.environ)
    try:
        use_pinned_zones()
        options.home.mkdir(parents=True, exist_ok=True)
        with only_supervisor(options.home):
            _supervise(options)
    except TrackStackError as error:
        print(f"error: {error.message}\n  {error.hint or ''}".rstrip(), file=sys.stderr)
        return error.exit_code
    return 0


def forget_the_users_aws(environment: MutableMapping[str, str]) -> None:
    """Nothing here may reach AWS, nor a proxy: not by the user's profile, keys, endpoints or network settings."""
    for name in list(environment):
        if name.startswith("AWS_") or name.lower().endswith("_proxy"):
            del environment[name]
    environment["AWS_CONFIG_FILE"] = environment["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
    environment["AWS_EC2_METADATA_DISABLED"] = "true"


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m trackstack_infra.local.supervisor", description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="state directory, such as .trackstack/local")
    parser.add_argument("--port-base", type=int, default=DEFAULT_PORT_BASE, help="first port that is tried")
    parser.add_argument("--region", help="AWS region of the local cloud; by default what foundation's settings say")
    parser.add_argument("--images", type=Path, help="JSON file: image name -> command, in place of TrackStack's own")
    return parser.parse_args(argv)


def _supervise(options: argparse.Namespace) -> None:
    stop = threading.Event()
    # Imported here: a second supervisor, or one with wrong options, says so at once.
    from trackstack_infra.local.agent import end_orphans
    from trackstack_infra.local.supervisor.parts import Parts

    end_orphans(options.home / "tasks.json")
    version = source_version(ROOT)
    parts = Parts(
        home=options.home.resolve(),
        port_base=options.port_base,
        region=options.region or _region_of_the_settings(),
        root=ROOT,
        images=_images(options.images),
        about={"pid": os.getpid(), "version": version, "root": str(ROOT)},
        stop=stop.set,
    )
    _listen_to_signals(stop, parts)
    parts.start()
    try:
        write_run(options.home, _run(parts, version))
        log.info("ready: %s", parts.endpoint)
        stop.wait()
        log.info("stopping")
    finally:
        remove_run(options.home)
        parts.stop()
        log.info("stopped")


def _region_of_the_settings() -> str:
    from trackstack_infra.settings.load import load_settings

    return load_settings("foundation", ROOT).region


def _images(path: Path | None) -> Mapping[str, Sequence[str]]:
    from trackstack_infra.local.agent import IMAGES

    if path is None:
        return IMAGES
    images: dict[str, list[str]] = json.loads(path.read_text())
    return images


def _listen_to_signals(stop: threading.Event, parts: "Parts") -> None:
    def on_signal(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            parts.stop_at_once()  # asked twice: who asks does not want to wait
        stop.set()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)


def _run(parts: "Parts", version: str) -> Run:
    started = start_time(os.getpid())
    assert started is not None
    return Run(
        pid=os.getpid(),
        started=started,
        boot_id=parts.boot_id,
        endpoint=parts.endpoint,
        version=version,
        python=sys.executable,
        root=str(ROOT),
        ports=parts.ports,
    )


if __name__ == "__main__":
    exit_code = main(sys.argv[1:])
    logging.shutdown()
    sys.stdout.flush()
    # Everything is ended and written; taking the emulator's 300 MB apart object by object takes a second for nothing.
    os._exit(exit_code)
