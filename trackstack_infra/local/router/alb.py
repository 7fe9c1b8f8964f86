"""Does what a load balancer's listener does with a request."""

import logging
from collections.abc import Mapping, Sequence

from trackstack_infra.local.router.alb_rules import (
    Address,
    FixedResponse,
    Forward,
    Listener,
    Redirect,
    Rotation,
    choose_action,
    redirect_location,
)
from trackstack_infra.local.router.message import Request, Response, page_response, text_response
from trackstack_infra.local.router.upstream import TooSlow, Upstreams, UpstreamUnreachable

log = logging.getLogger(__name__)

IDLE_TIMEOUT_S = 60.0  # an ALB's default


class Balancing:
    """All load balancers; keeps whose turn it is."""

    def __init__(self, upstreams: Upstreams) -> None:
        self._upstreams = upstreams
        self._rotation = Rotation()

    async def serve(
        self, listener: Listener, host: str, request: Request, targets: Mapping[str, Sequence[Address]]
    ) -> Response:
        """Answer the request by the listener's rules.

        `host` is the balancer's name on AWS, which rules may ask for; `targets` are the healthy ones of each group.
        """
        action = choose_action(listener, request, host)
        match action:
            case FixedResponse():
                return text_response(action.status, action.body, action.content_type)
            case Redirect():
                location = redirect_location(action, request, listener)
                return text_response(action.status, "", "text/html", [(b"location", location.encode())])
            case Forward():
                return await self._forward(action, request, targets)

    async def _forward(self, action: Forward, request: Request, targets: Mapping[str, Sequence[Address]]) -> Response:
        group = self._rotation.group(action.groups)
        address = self._rotation.target(group, targets.get(group, ())) if group is not None else None
        if address is None:
            return page_response(503, "Service Temporarily Unavailable")
        try:
            return await self._upstreams.send(request, address.host, address.port, timeout_s=IDLE_TIMEOUT_S)
        except UpstreamUnreachable as error:
            log.warning("502 for %s %s: %s", request.method, request.path, error)
            return page_response(502, "Bad Gateway")
        except TooSlow as error:
            log.warning("504 for %s %s: %s", request.method, request.path, error)
            return page_response(504, "Gateway Time-out")
