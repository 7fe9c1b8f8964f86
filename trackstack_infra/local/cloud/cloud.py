"""The stand-in for AWS on this computer: moto behind one lock, on 127.0.0.1 only, with what moto lacks."""

import itertools
import logging
import secrets
import time
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from moto.core.config import default_user_config
from moto.moto_api._internal.models import moto_api_backend

from trackstack_infra.local.cloud import patches
from trackstack_infra.local.cloud.buckets import Buckets
from trackstack_infra.local.cloud.call import AwsCall, read_call
from trackstack_infra.local.cloud.ecs_records import EcsRecords
from trackstack_infra.local.cloud.emulator import Emulator
from trackstack_infra.local.cloud.lambdas import Lambdas, invoked_function
from trackstack_infra.local.cloud.login import Login
from trackstack_infra.local.cloud.long_poll import LongPolls
from trackstack_infra.local.cloud.patches.sqs import BELL
from trackstack_infra.local.cloud.reply import Reply, json_reply
from trackstack_infra.local.cloud.request_origin import RequestOrigin
from trackstack_infra.local.cloud.runner import LambdaRunner
from trackstack_infra.local.cloud.server import LOOPBACK, App, Environ, Server, StartResponse
from trackstack_infra.local.cloud.warm import warm

CONTROL = "/_trackstack/"
LOGIN = "/oauth2/"

log = logging.getLogger(__name__)
_one_at_a_time = Lock()  # moto keeps its state in the process, not in an object


class Cloud:
    """One emulated AWS account, from `start` to `stop`."""

    def __init__(
        self,
        *,
        port: int,
        region: str,
        boot_id: str,
        s3_export: Path,
        lambda_runner: LambdaRunner,
        control: App,
        clock: Callable[[], float] = time.time,
        new_secret: Callable[[], str] = secrets.token_urlsafe,
    ) -> None:
        patches.apply_first()
        self.boot_id = boot_id
        self.region = region
        self._emulator = Emulator()
        self.lock = self._emulator.lock
        records = EcsRecords(self.lock, region)
        self.set_service_counts = records.set_service_counts
        self.put_task = records.put_task
        self.remove_task = records.remove_task
        self._control = control
        self._callbacks: list[Callable[[str], None]] = []
        self._closing = False
        self._numbers = itertools.count(1)
        self._buckets = Buckets(s3_export, self.lock)
        self._warming = Thread(target=warm, args=(self._emulator, region, self._is_closing), daemon=True)
        self._polls = LongPolls(self._emulator, region, self._is_closing)
        self._login = Login(self.lock, region, clock, new_secret)
        self._lambdas = Lambdas(self._emulator, lambda_runner, region, clock)
        self._server = Server(self._serve, port)
        self._origin = RequestOrigin(self._server.port)

    @property
    def endpoint(self) -> str:
        return f"http://{LOOPBACK}:{self._server.port}"

    def changed(self, callback: Callable[[str], None]) -> None:
        """Call CALLBACK with the service's name (as boto3 has it) after every call that may have changed something:
        in the caller's thread, outside the lock, before the caller has its answer. It must be quick."""
        self._callbacks.append(callback)

    def start(self) -> None:
        """Answer requests, with an account that is empty but for the kept buckets."""
        if not _one_at_a_time.acquire(blocking=False):
            self._server.stop()
            raise RuntimeError("another Cloud runs in this process; stop it first: moto's state is the process's")
        with self.lock:
            moto_api_backend.reset()
            default_user_config["lambda"]["use_docker"] = False
        self._buckets.start()
        self._server.start()
        self._warming.start()

    def stop(self) -> None:
        """Answer no more, end the long polls, and write what buckets hold to disk; after `start` only."""
        self._closing = True
        BELL.ring_all()
        self._server.stop()
        self._buckets.stop()
        self._warming.join()
        _one_at_a_time.release()

    def _is_closing(self) -> bool:
        return self._closing

    def _serve(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        refusal = self._origin.refusal(environ)
        if refusal is not None:
            return json_reply(403, {"message": refusal}).send(start_response)
        if self._closing:
            return json_reply(503, {"message": "the local emulator is stopping"}).send(start_response)
        if environ["PATH_INFO"].startswith(CONTROL):
            return self._control(environ, start_response)
        body = environ["wsgi.input"].getvalue()
        if environ["PATH_INFO"].startswith(LOGIN):
            return self._login.answer(environ, body).send(start_response)
        call = read_call(environ, body)
        reply = self._answer(call, environ, body)
        if call.changes and reply.ok:
            self._publish_change(call, environ)
        return reply.send(start_response)

    def _answer(self, call: AwsCall, environ: Environ, body: bytes) -> Reply:
        if call.service == "sqs" and call.operation == "ReceiveMessage":
            return self._polls.answer(call, environ, body, lambda new: _with_body(environ, new))
        function = invoked_function(call)
        if function is not None:
            return self._lambdas.answer(call, function, body, f"{self.boot_id}-{next(self._numbers)}")
        return self._emulator.answer(call, environ)

    def _publish_change(self, call: AwsCall, environ: Environ) -> None:
        if call.service == "s3":
            self._buckets.after(call, environ.get("QUERY_STRING", ""))
        for callback in self._callbacks:
            try:
                callback(call.service)
            except Exception:
                # The call has been carried out; its caller must hear so, whatever breaks in who follows it.
                log.exception("a listener broke on a change of %s", call.service)


def _with_body(environ: Environ, body: bytes) -> dict[str, Any]:
    """A fresh request, since answering one uses its environ up."""
    fresh = {key: value for key, value in environ.items() if not key.startswith("werkzeug.request")}
    return {**fresh, "wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
