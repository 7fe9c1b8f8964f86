"""Does what CloudFront does with a request, but for the cache: behaviour, origin, error page, response headers."""

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from urllib.parse import quote, unquote

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from trackstack_infra.local.router.distributions import (
    PASSING_ALL,
    Behaviour,
    Distribution,
    ErrorPage,
    Origin,
    bucket_allows,
)
from trackstack_infra.local.router.functions import FunctionFailed, Functions
from trackstack_infra.local.router.message import Request, Response, page_response
from trackstack_infra.local.router.upstream import TooSlow, Upstreams, UpstreamUnreachable

log = logging.getLogger(__name__)

ORIGIN_TIMEOUT_S = 30.0  # CloudFront's default

# A bucket is asked for an object, its range or its newer version, and for nothing else: no query, no cookies.
PASSED_TO_BUCKETS = ("range", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "if-range")

# Where people sign in on AWS; on this computer it is the emulator.
LOGIN = re.compile(rb"https://[a-z0-9-]+\.auth\.[a-z0-9-]+\.amazoncognito\.com")

ToHost = Callable[[str, Request], Awaitable[Response | None]]
"""Sends a request to the edge, or the task, that has a host name on AWS; None when none has it."""


class Cdn:
    """All distributions."""

    def __init__(self, upstreams: Upstreams, emulator_port: int, region: str, to_host: ToHost) -> None:
        self._upstreams = upstreams
        self._emulator_port = emulator_port
        self._signer = S3SigV4Auth(Credentials("local", "local"), "s3", region)
        self._to_host = to_host
        self._functions = Functions()

    async def serve(self, distribution: Distribution, request: Request, policies: Mapping[str, str | None]) -> Response:
        """Answer the request; `policies` are those of the buckets."""
        if not distribution.enabled:
            return page_response(403, "Forbidden")
        function = distribution.behaviour(request.path).function
        if function:
            try:
                seen = self._functions.run(function, request)
            except FunctionFailed as error:
                log.warning("503 for %s of %s: its function failed: %s", request.path, distribution.name, error)
                return page_response(503, "The function could not be executed")
            if isinstance(seen, Response):
                return self._with_headers(distribution, distribution.behaviour(request.path), seen)
            request = seen
        if request.path == "/" and distribution.root_object:
            request = replace(request, target=b"/" + distribution.root_object.encode())
        if request.method not in distribution.behaviour(request.path).methods:
            return page_response(403, "Forbidden")
        response = await self._from_origin(distribution, request, policies)
        page = distribution.error_pages.get(response.status)
        return response if page is None else await self._error_page(distribution, request, response, page, policies)

    async def _error_page(
        self,
        distribution: Distribution,
        request: Request,
        error: Response,
        page: ErrorPage,
        policies: Mapping[str, str | None],
    ) -> Response:
        asked = Request(
            "GET", page.path.encode(), [h for h in request.headers if h[0] == b"host"], client=request.client
        )
        found = await self._from_origin(distribution, asked, policies)
        if found.status >= 400:
            await found.close()
            return error  # the page itself is missing: the origin's own error is shown
        await error.close()
        return replace(found, status=page.status)

    async def _from_origin(
        self, distribution: Distribution, request: Request, policies: Mapping[str, str | None]
    ) -> Response:
        behaviour = distribution.behaviour(request.path)
        origin = distribution.origins[behaviour.origin]
        try:
            if origin.bucket is not None:
                response = await self._from_bucket(distribution, origin, origin.bucket, request, policies)
            else:
                response = await self._from_host(origin, behaviour, request)
        except (UpstreamUnreachable, TooSlow) as error:
            status = 504 if isinstance(error, TooSlow) else 502
            log.warning("%d for %s %s of %s: %s", status, request.method, request.path, distribution.name, error)
            return page_response(status, "The request could not be satisfied")
        return self._with_headers(distribution, behaviour, response)

    def _with_headers(self, distribution: Distribution, behaviour: Behaviour, response: Response) -> Response:
        here = f"http://127.0.0.1:{self._emulator_port}".encode()
        given = {name for name, _ in response.headers}
        added = [each for each in distribution.added_headers(behaviour) if each.override or each.name not in given]
        headers = [(each.name, LOGIN.sub(here, each.value)) for each in added]
        names = {name for name, _ in headers}
        return response.with_headers([*headers, (b"x-cache", b"Miss from cloudfront")], instead_of=names.__contains__)

    async def _from_host(self, origin: Origin, behaviour: Behaviour, request: Request) -> Response:
        """Without a policy that passes everything on, the origin sees neither query nor token nor cookies."""
        target, headers = origin.path.encode() + request.target, request.headers
        if behaviour.request_policy not in PASSING_ALL:
            target = target.partition(b"?")[0]
            headers = [(name, value) for name, value in headers if name not in (b"authorization", b"cookie")]
        own = {name for name, _ in origin.headers}
        headers = [*((name, value) for name, value in headers if name not in own), *origin.headers]
        response = await self._to_host(origin.host, replace(request, target=target, headers=headers))
        if response is None:
            raise UpstreamUnreachable(f"the origin {origin.host} is not on this computer")
        return response

    async def _from_bucket(
        self,
        distribution: Distribution,
        origin: Origin,
        bucket: str,
        request: Request,
        policies: Mapping[str, str | None],
    ) -> Response:
        """The object the path names. Without a signature, or a policy that lets the distribution in, S3 says 403."""
        path = f"/{bucket}{origin.path}{quote(request.path, safe='/~%')}"
        host = f"127.0.0.1:{self._emulator_port}"
        headers = {name: value for name in PASSED_TO_BUCKETS if (value := request.header(name)) is not None}
        headers["host"] = host
        policy = policies.get(bucket)
        arn = f"arn:aws:s3:::{bucket}"
        resource = arn + unquote(origin.path + request.path)
        if origin.signed and bucket_allows(policy, "s3:GetObject", resource, distribution.arn):
            signed = AWSRequest(request.method, f"http://{host}{path}", headers=headers)
            self._signer.add_auth(signed)
            headers = dict(signed.headers.items())
        response = await self._upstreams.send(
            request,
            "127.0.0.1",
            self._emulator_port,
            timeout_s=ORIGIN_TIMEOUT_S,
            target=path.encode("latin-1"),
            headers=headers,
        )
        if response.status == 404 and not bucket_allows(policy, "s3:ListBucket", arn, distribution.arn):
            # Who may not list a bucket is not told that an object is missing. A page for 404 only would work here,
            # and on AWS never be shown.
            await response.close()
            return page_response(403, "Forbidden")
        return response
