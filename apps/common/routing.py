"""Routing: from a path of one domain to its endpoint.

A table of our own, because a process with three domains has some 80 routes and trying each expression costs more than
all the rest of a request: paths without parameters are looked up, others tried among those with as many segments.
"""

import re
from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute

from apps.common.endpoint import Endpoint
from apps.common.problem import MethodNotAllowed, NotFound

Parameters = dict[str, Any]


class Routes:
    """All routes of one domain."""

    def __init__(self, router: APIRouter, prefix: str) -> None:
        self._fixed: dict[str, dict[str, Endpoint]] = {}
        self._patterns: dict[int, list[tuple[re.Pattern[str], APIRoute, dict[str, Endpoint]]]] = {}
        by_path: dict[str, dict[str, Endpoint]] = {}
        for route in _flat(router, prefix):
            methods = by_path.setdefault(route.path, {})
            if not methods:
                self._enter(route, methods)
            endpoint = Endpoint(route, prefix)
            for method in route.methods or ():
                if method in methods:
                    raise TypeError(f"{prefix} has two endpoints for {method} {route.path}")
                methods[method] = endpoint

    def find(self, method: str, path: str) -> tuple[Endpoint, Parameters]:
        """The endpoint for a path and the parameters in it; 404 or, with the methods it has, 405."""
        methods = self._fixed.get(path)
        parameters: Parameters = {}
        if methods is None:
            for pattern, route, candidates in self._patterns.get(path.count("/"), ()):
                match = pattern.match(path)
                if match is not None:
                    methods = candidates
                    parameters = {
                        name: route.param_convertors[name].convert(text) for name, text in match.groupdict().items()
                    }
                    break
            else:
                raise NotFound("no resource exists at this address")
        endpoint = methods.get(method)
        if endpoint is None:
            allowed = ", ".join(sorted(methods))
            raise MethodNotAllowed(f"this address supports {allowed}", headers={"Allow": allowed})
        return endpoint, parameters

    def _enter(self, route: APIRoute, methods: dict[str, Endpoint]) -> None:
        if route.param_convertors:
            self._patterns.setdefault(route.path.count("/"), []).append((route.path_regex, route, methods))
        else:
            self._fixed[route.path] = methods


def _flat(router: APIRouter, prefix: str) -> Iterable[APIRoute]:
    for route in router.routes:
        if not isinstance(route, APIRoute):
            raise TypeError(f"the router of {prefix} may hold endpoints only; make one flat APIRouter a domain")
        yield route
