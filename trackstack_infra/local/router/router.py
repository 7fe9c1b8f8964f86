"""The router: an edge for each HTTP API, load balancer and distribution of the emulator, which answers by its rules."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

import uvloop

from trackstack_infra.local.router.alb import Balancing
from trackstack_infra.local.router.alb_rules import Address, Rotation
from trackstack_infra.local.router.cloudfront import ORIGIN_TIMEOUT_S, Cdn
from trackstack_infra.local.router.edge import EdgeServer
from trackstack_infra.local.router.endpoints import endpoints
from trackstack_infra.local.router.http_api import Gateway
from trackstack_infra.local.router.keys import Keys
from trackstack_infra.local.router.message import Request, Response, message_response
from trackstack_infra.local.router.reading import Aws
from trackstack_infra.local.router.tables import Follower, Tables
from trackstack_infra.local.router.throttle import Throttle
from trackstack_infra.local.router.upstream import Upstreams, UpstreamUnreachable
from trackstack_infra.local.state_dir.run_file import NoFreePort, Ports

log = logging.getLogger(__name__)


class Router:
    """Runs in a thread of its own from `start` to `stop`; every public method may be called from any thread."""

    def __init__(
        self,
        *,
        aws: Aws,
        endpoint: str,
        region: str,
        ports: Ports,
        now: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ports = ports
        self._now = now
        self._monotonic = monotonic
        self._region = region
        self._emulator_port = urlsplit(endpoint).port or 80
        self._tables = Tables()
        self._servers: dict[str, EdgeServer] = {}
        self._instance_rotation = Rotation()
        self._follower = Follower(aws, self._use)
        self._loop = uvloop.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="router", daemon=True)

    def start(self) -> None:
        """Begin to follow the emulator."""
        self._thread.start()
        self._ready.wait()
        self._follower.start()

    def stop(self) -> None:
        """Close every edge."""
        self._follower.stop()
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def changed(self, service: str) -> None:
        """Told by the emulator that something of an AWS service changed."""
        self._follower.changed(service)

    def settle(self, timeout_s: float) -> bool:
        """Wait until requests are routed by everything the emulator knew before this call."""
        return self._follower.settle(timeout_s)

    def drained(self, port: int, timeout_s: float) -> bool:
        """Wait until the edges send no more to the task on `port`, and no request is under way to it."""
        self.settle(timeout_s)
        waiting = asyncio.run_coroutine_threadsafe(self._drained(port, timeout_s), self._loop)
        return waiting.result()

    def edges(self) -> list[dict[str, str]]:
        """Every endpoint with its address on AWS and here."""
        return [
            {
                "kind": server.endpoint.kind,
                "name": server.endpoint.name,
                "stack": server.endpoint.stack,
                "aws_url": server.endpoint.aws_url,
                "url": server.url,
            }
            for _, server in sorted(self._servers.items())
        ]

    def _run(self) -> None:
        self._loop.run_until_complete(self._open())
        self._ready.set()
        self._loop.run_forever()

    async def _open(self) -> None:
        self._upstreams = Upstreams()
        self._balancing = Balancing(self._upstreams)
        self._gateway = Gateway(
            self._upstreams,
            Keys(self._upstreams, self._emulator_port, self._monotonic),
            Throttle(self._monotonic),
            self._now,
            self._to_listener,
            self._to_instance,
            self._aws_origin,
        )
        self._cdn = Cdn(self._upstreams, self._emulator_port, self._region, self._to_host)

    async def _close(self) -> None:
        await asyncio.gather(*(server.stop() for server in self._servers.values()))
        await self._upstreams.close()

    def _use(self, tables: Tables) -> None:
        asyncio.run_coroutine_threadsafe(self._apply(tables), self._loop).result()

    async def _apply(self, tables: Tables) -> None:
        self._tables = tables
        wanted = endpoints(tables)
        for key in self._servers.keys() - wanted.keys():
            await self._servers.pop(key).stop()
        for key, endpoint in wanted.items():
            if key in self._servers:
                self._servers[key].endpoint = endpoint
                continue
            try:
                listening = self._ports.listen(key)
            except NoFreePort as error:
                log.error("%s cannot be reached: %s", key, error)
                continue
            server = EdgeServer(endpoint, listening, partial(self._serve, key))
            await server.start()
            self._servers = {**self._servers, key: server}

    async def _serve(self, key: str, request: Request) -> Response:
        endpoint = self._servers[key].endpoint
        for api in self._tables.apis:
            if endpoint.id == api.id:
                return await self._gateway.serve(api, request)
        for balancer in self._tables.balancers:
            if endpoint.id == balancer.arn and balancer.listeners:
                return await self._balancing.serve(
                    balancer.listeners[0], balancer.dns_name, request, self._tables.targets
                )
        for distribution in self._tables.distributions:
            if endpoint.id == distribution.id:
                return await self._cdn.serve(distribution, request, self._tables.policies)
        return message_response(503, f"{endpoint.key} has nothing to answer with yet")

    async def _to_listener(self, arn: str, request: Request) -> Response | None:
        for balancer in self._tables.balancers:
            for listener in balancer.listeners:
                if listener.arn == arn:
                    return await self._balancing.serve(listener, balancer.dns_name, request, self._tables.targets)
        return None

    def _to_instance(self, arn: str) -> Address | None:
        return self._instance_rotation.target(arn, self._tables.instances.get(arn, ()))

    async def _to_host(self, host: str, request: Request) -> Response | None:
        for key, server in self._servers.items():
            if server.endpoint.aws_host == host:
                return await self._serve(key, request)
        arn = self._tables.named.get(host)
        if arn is None:
            return None
        address = self._to_instance(arn)
        if address is None:
            raise UpstreamUnreachable(f"no instance is registered under {host}")
        return await self._upstreams.send(request, address.host, address.port, timeout_s=ORIGIN_TIMEOUT_S)

    def _aws_origin(self, origin: str) -> str:
        for server in self._servers.values():
            if origin in (server.url, f"http://localhost:{server.port}"):
                return server.endpoint.aws_url
        return origin

    async def _drained(self, port: int, timeout_s: float) -> bool:
        try:
            async with asyncio.timeout(timeout_s):
                await self._upstreams.drained(port)
        except TimeoutError:
            return False
        return True
