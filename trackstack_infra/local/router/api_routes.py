"""HTTP APIs: their routes, and which one a request takes. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

DEFAULT_ROUTE = "$default"
ANY = "ANY"


@dataclass(frozen=True)
class Cors:
    """The API's CORS configuration."""

    origins: tuple[str, ...]
    methods: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    exposed: tuple[str, ...] = ()
    max_age_s: int | None = None
    credentials: bool = False


@dataclass(frozen=True)
class RateLimit:
    """At most `rate` requests a second on average, `burst` at once."""

    rate: float
    burst: int


@dataclass(frozen=True)
class JwtAuthorizer:
    """Who may call, by the token's issuer and audience."""

    id: str
    identity_sources: tuple[str, ...]
    issuer: str
    audience: tuple[str, ...]


@dataclass(frozen=True)
class Integration:
    """What stands behind a route: a listener or a Cloud Map service (by ARN, through a VPC link), or a URL."""

    id: str
    kind: str
    method: str
    uri: str
    through_vpc_link: bool
    timeout_s: float


@dataclass(frozen=True)
class Route:
    """`METHOD /path/{variable}/{rest+}`, or `$default`."""

    key: str
    integration: str
    authorization: str = "NONE"
    authorizer: str = ""
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ApiRouting:
    """One API with its $default stage; without that stage it answers nothing."""

    id: str
    name: str
    stack: str
    host: str
    has_default_stage: bool
    routes: tuple[Route, ...]
    integrations: Mapping[str, Integration]
    authorizers: Mapping[str, JwtAuthorizer]
    cors: Cors | None = None
    limit: RateLimit | None = None
    route_limits: Mapping[str, RateLimit] = field(default_factory=dict)


@dataclass(frozen=True)
class Match:
    """A route, and what its variables stand for."""

    route: Route
    variables: Mapping[str, str]


def find_route(routes: Iterable[Route], method: str, path: str) -> Match | None:
    """Return the most specific route for a request.

    AWS's order: a path that fits in full, then one with a greedy variable, then $default. Within that, literal parts go
    before variables, and the method itself before ANY.
    """
    best: tuple[tuple[object, ...], Match] | None = None
    for route in routes:
        found = _fit(route, method, path)
        if found is not None and (best is None or found[0] < best[0]):
            best = found
    return None if best is None else best[1]


_LITERAL, _VARIABLE, _GREEDY = 0, 1, 2


def _fit(route: Route, method: str, path: str) -> tuple[tuple[object, ...], Match] | None:
    """Return how specific the fit is (smaller is more), and the match."""
    if route.key == DEFAULT_ROUTE:
        return ((_GREEDY + 1,), True), Match(route, {})
    route_method, _, template = route.key.partition(" ")
    if route_method not in (method, ANY):
        return None
    fit = _fit_path(template.split("/"), path.split("/"))
    if fit is None:
        return None
    kinds, variables = fit
    return (kinds, route_method == ANY), Match(route, variables)


def _fit_path(template: list[str], path: list[str]) -> tuple[tuple[int, ...], dict[str, str]] | None:
    kinds: list[int] = []
    variables: dict[str, str] = {}
    for position, part in enumerate(template):
        if part.startswith("{") and part.endswith("+}"):
            rest = "/".join(path[position:])
            if not rest:
                return None  # a greedy variable stands for at least something
            return (*kinds, _GREEDY), {**variables, part[1:-2]: rest}
        if position >= len(path):
            return None
        if part.startswith("{") and part.endswith("}"):
            if not path[position]:
                return None
            kinds.append(_VARIABLE)
            variables[part[1:-1]] = path[position]
        elif part == path[position]:
            kinds.append(_LITERAL)
        else:
            return None
    return (tuple(kinds), variables) if len(path) == len(template) else None
