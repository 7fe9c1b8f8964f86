"""Which inputs of a resource type its price depends on; one that nobody has thought of makes a resource unpriced."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Literal

from trackstack_infra.graph import Secret, Unknown, is_secret, is_unknown

_ANY_TYPE: Final = "name namePrefix description tags"
_REGION: Final = "may lie in another region, which has prices of its own"
_UNKNOWN: Final = "moves the price, and is not known before the deployment"
UNHANDLED: Final = "may move the price, and no rule reads it"


@dataclass(frozen=True)
class Inputs:
    """The inputs of a resource type, by what they do to its price; names as on the wire, dotted below an object.

    What stands in none of the three makes a resource unpriced as soon as it is set. Of an object that is read, each
    property is classified as well; of another object, the whole.
    """

    reads: str = ""
    """Read by the billing rule."""
    neutral: Mapping[str, str] = field(default_factory=dict)
    """Why they do not move the price -> which they are."""
    unpriced: Mapping[str, str] = field(default_factory=dict)
    """Why they move it in a way that no rule follows -> which they are. What is off, empty or 0 is not set. After `=`
    stand the only values at which the price holds: `tenancy=default`, `protocol=sqs|lambda`."""
    rest: bool = False
    """Whether every other input is neutral: of a type that is free whatever it is set to but for a few inputs."""

    def why_unpriced(self, inputs: Mapping[str, Any]) -> str:
        """The first input that has no price, and why; empty where there is none."""
        return next(self._found(inputs, ""), "")

    def kind_of(self, path: str) -> Literal["read", "neutral", "unpriced", ""]:
        """What an input does to the price; empty where nobody has thought of it."""
        if path in self._neutral:
            return "neutral"
        if path in self._unpriced:
            return "unpriced"
        return "read" if path in self._read else ""

    def may_read(self, name: str) -> bool:
        """Whether a rule may ask for it: one that it reads, or one that is priced at some values only."""
        return name in self._read or name in self.objects or name in self._unpriced

    def is_read_whole(self, path: str) -> bool:
        """Whether a rule reads it, and nobody has classified what is in it."""
        return path in self._read and path not in self.objects

    @property
    def listed(self) -> frozenset[str]:
        """All inputs that it names, without those of any type."""
        return (self._read | self._neutral | frozenset(self._unpriced)) - frozenset((*_ANY_TYPE.split(), "region"))

    @property
    def neutral_paths(self) -> tuple[str, ...]:
        """Inputs that move no price."""
        return tuple(sorted(self._neutral))

    @property
    def unpriced_paths(self) -> Mapping[str, str]:
        """Input -> why it makes a resource unpriced."""
        return {path: why for path, (_, why) in self._unpriced.items()}

    def _found(self, values: Mapping[str, Any], above: str) -> Iterator[str]:
        for name, value in values.items():
            path = f"{above}.{name}" if above else name
            if path in self._neutral:
                continue
            if path in self._unpriced:
                allowed, why = self._unpriced[path]
                if not _holds(value, allowed):
                    yield f"{path} {why}"
            elif path in self._read or path in self.objects:
                yield from self._found_in(value, path)
            elif not self.rest and value is not None:
                yield f"{path} {UNHANDLED}"

    def _found_in(self, value: Any, path: str) -> Iterator[str]:
        if path not in self.objects:
            if is_unknown(value) or is_secret(value):
                yield f"{path} {_UNKNOWN}"
            return
        for each in _parts(value):
            if isinstance(each, Mapping):
                yield from self._found(each, path)
            elif isinstance(each, Unknown):
                yield f"{path} {_UNKNOWN}"

    @cached_property
    def _read(self) -> frozenset[str]:
        return frozenset(self.reads.split())

    @cached_property
    def _neutral(self) -> frozenset[str]:
        names = " ".join(self.neutral.values()).split()
        return frozenset(names) | (frozenset(_ANY_TYPE.split()) - self._read)

    @cached_property
    def _unpriced(self) -> Mapping[str, tuple[tuple[str, ...], str]]:
        """Path -> the values at which the price holds, and why it does not at others."""
        found: dict[str, tuple[tuple[str, ...], str]] = {} if self.rest else {"region": ((), _REGION)}
        for why, names in self.unpriced.items():
            for name in names.split():
                path, _, allowed = name.partition("=")
                found[path] = (tuple(allowed.split("|")) if allowed else (), why)
        return found

    @cached_property
    def objects(self) -> frozenset[str]:
        """Paths below which properties are classified."""
        every = (path.split(".") for path in (*self._read, *self._neutral, *self._unpriced))
        return frozenset(".".join(parts[:depth]) for parts in every for depth in range(1, len(parts)))


def _parts(value: Any) -> Iterator[Any]:
    """An object, or each of a list of them; secret or not."""
    inside = value.value if isinstance(value, Secret) else value
    if isinstance(inside, list | tuple):
        for each in inside:
            yield from _parts(each)
    else:
        yield inside


def _unset(value: Any) -> bool:
    return value is None or value is False or value == 0 or value in ("", [], (), {})


def _holds(value: Any, allowed: tuple[str, ...]) -> bool:
    """Whether the price holds at a value; at a list, if it does at each part."""
    if not allowed or value is None:
        return _unset(value)
    parts = value if isinstance(value, list | tuple) else [value]
    return all(str(each).lower() in map(str.lower, allowed) for each in parts)


def below(objects: str, names: str) -> str:
    """Each of the names below each of the objects: `below("a b", "x y")` is `a.x a.y b.x b.y`."""
    return " ".join(f"{each}.{name}" for each in objects.split() for name in names.split())
