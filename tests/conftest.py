"""What tests of several parts share: an emulator of AWS, and the command line."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from command_line import CommandLine

from apps.common.pinned_zones import use_pinned_zones

START_S = 600

use_pinned_zones()  # before a test file reads a zone


class Emulator:
    """Plain moto on loopback, in a process of its own: what the toolkit adds to moto in this one does not reach it."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.endpoint = f"http://127.0.0.1:{port}"
        start = f"from moto.server import main; main(['-H', '127.0.0.1', '-p', '{port}'])"
        self._process = subprocess.Popen(
            [sys.executable, "-c", start], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.variables = {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "eu-central-1",
        }
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + START_S
        while True:
            try:
                urllib.request.urlopen(f"{self.endpoint}/moto-api/", timeout=60).close()
                return
            except urllib.error.URLError:
                assert time.monotonic() < deadline, "moto did not start"
                assert self._process.poll() is None, "moto ended while starting"
                time.sleep(0.05)

    def client(self, name: str) -> Any:
        """A client of one service."""
        return boto3.client(
            name,
            endpoint_url=self.endpoint,
            region_name=self.variables["AWS_DEFAULT_REGION"],
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    def stop(self) -> None:
        """End the process; it keeps nothing."""
        self._process.kill()
        self._process.wait()


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    """An emulator for the whole session; name what you create in it after your test."""
    started = Emulator()
    yield started
    started.stop()


@pytest.fixture(scope="session")
def command_line() -> Iterator[CommandLine]:
    """What starts the commands of all tests of one worker."""
    started = CommandLine()
    yield started
    started.close()
