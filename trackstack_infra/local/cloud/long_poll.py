"""SQS long polls that wait outside the emulator's lock and wake as soon as a message is there.

Inside the lock a poll of 20 s would stop every other call; moto would also ask its queue in a busy loop.
"""

import json
import select
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from trackstack_infra.local.cloud.call import AwsCall
from trackstack_infra.local.cloud.emulator import Emulator
from trackstack_infra.local.cloud.patches.sqs import BELL, poll_seconds, seconds_until_next
from trackstack_infra.local.cloud.reply import Reply, json_reply
from trackstack_infra.local.cloud.server import Environ


@dataclass(frozen=True)
class LongPolls:
    """Answers ReceiveMessage."""

    emulator: Emulator
    region: str
    closing: Callable[[], bool]
    monotonic: Callable[[], float] = time.monotonic

    def answer(self, call: AwsCall, environ: Environ, body: bytes, again: Callable[[bytes], Environ]) -> Reply:
        """Messages as soon as there are any, an empty answer after the time the caller would wait.
        AGAIN makes a fresh request of the given body."""
        asked: dict[str, Any] = json.loads(body or b"{}")
        queue = str(asked.get("QueueUrl", "")).rpartition("/")[2]
        region = call.region or self.region
        with self.emulator.lock:
            wait_s = poll_seconds(region, queue, asked.get("WaitTimeSeconds"))
        if wait_s is None:  # moto words the error
            return self.emulator.answer(call, environ)
        at_once = json.dumps({**asked, "WaitTimeSeconds": 0}).encode()
        deadline = self.monotonic() + wait_s
        while not hung_up(environ):
            with self.emulator.lock:
                rung = BELL.count(region, queue)
                reply = self.emulator.answer(call, again(at_once))
                pause = seconds_until_next(region, queue)
            left = deadline - self.monotonic()
            if not reply.ok or left <= 0 or self.closing() or json.loads(reply.body or b"{}").get("Messages"):
                return reply
            BELL.wait(region, queue, rung, min(left, pause))
        return json_reply(200, {})  # nobody reads it: a message received now would be lost for its visibility timeout


def hung_up(environ: Environ) -> bool:
    """Whether the caller has closed its connection, as one that was killed has."""
    connection = environ.get("werkzeug.socket")
    if connection is None or not select.select([connection], [], [], 0)[0]:
        return False
    try:
        return bool(connection.recv(1, socket.MSG_PEEK) == b"")
    except OSError:
        return True
