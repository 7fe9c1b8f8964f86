"""moto's app behind one lock. Its backends are not thread-safe: without the lock two clients won the same lease."""

import functools
import logging
import re
from threading import RLock
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from trackstack_infra.local.cloud import patches
from trackstack_infra.local.cloud.call import AwsCall
from trackstack_infra.local.cloud.reply import Reply, aws_error
from trackstack_infra.local.cloud.server import Environ, collect

log = logging.getLogger(__name__)


class Emulator:
    """Answers one AWS request at a time."""

    def __init__(self) -> None:
        self.lock = RLock()
        self._app = _Dispatcher(create_backend_app)

    def answer(self, call: AwsCall, environ: Environ) -> Reply:
        """moto's answer; what moto does not know or breaks on is answered as an AWS error that says so."""
        if not self._app.serves(environ):
            return aws_error(call, 501, "NotImplemented", f"the local emulator has no service {call.service}")
        try:
            with self.lock:
                patches.apply(call.service)
                reply = Reply(*collect(self._app, environ))
        except NotImplementedError as error:
            return aws_error(call, 501, "NotImplemented", f"the local emulator cannot do this: {error}")
        except Exception as error:
            # moto has no error type for its own bugs; the caller gets the sentence, the log the traceback.
            log.exception("the emulator broke on %s %s %s", call.service, call.operation or call.method, call.path)
            what = f"{type(error).__name__}: {error}"
            return aws_error(call, 500, "EmulatorBug", f"the local emulator broke on this request: {what}")
        if reply.code == 404 and reply.body[:9].lower() in (b"", b"<!doctype") and call.service != "s3":
            # So moto and Flask answer a REST operation without a route. As a bare 404 it would read as "already gone".
            what = f"{call.method} {call.path}"
            return aws_error(call, 501, "NotImplemented", f"the local emulator has no operation for {what}")
        return reply


class _Dispatcher(DomainDispatcherApplication):
    """moto's choice of service for a request, remembered: it tries some 200 patterns, and prints when none fits."""

    @functools.cache  # noqa: B019 (one dispatcher lives as long as the process)
    def get_backend_for_host(self, host: str | None) -> Any:
        if host is None or host == "moto_api":
            return host
        for service, pattern in self.backend_url_patterns:
            if pattern.match(f"http://{host}"):
                return service
        return super().get_backend_for_host(re.sub(r"amazonaws\.com$", "", host))

    def serves(self, environ: Environ) -> bool:
        """Whether there is a service for the request."""
        path = environ.get("PATH_INFO", "")
        if path.startswith("/moto-api"):
            return True
        with self.lock:
            host = self.infer_service_region_host(environ, path)
            return host is None or self.get_backend_for_host(host) is not None
