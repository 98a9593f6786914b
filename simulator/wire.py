"""One HTTP exchange in its plain shape, so that the core never learns which server or client carries it.

Header names keep the case in which they came (servers may have folded it); header values are raw bytes,
because the real SDK sends bytes that no text encoding explains (wire.md A.0.9).
"""

import functools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

__all__ = ["Answering", "Cut", "Headers", "Line", "Outcome", "Request", "Response"]

Headers = tuple[tuple[str, bytes], ...]


def _index(headers: Headers) -> dict[str, tuple[bytes, ...]]:
    values: dict[str, tuple[bytes, ...]] = {}
    for name, value in headers:
        folded = _folded(name)
        values[folded] = (*values[folded], value) if folded in values else (value,)
    return values


_folded = functools.lru_cache(1024)(str.lower)  # the same names come with every request


@dataclass(frozen=True, slots=True)
class Request:
    """What a client sends. ``path`` is the raw path without the query; the body is whole."""

    method: str
    path: str
    headers: Headers = ()
    body: bytes = field(default=b"", repr=False)
    _named: dict[str, tuple[bytes, ...]] | None = field(default=None, init=False, repr=False, compare=False)

    def all(self, name: str) -> tuple[bytes, ...]:
        """Every value of the header ``name``, whatever its case, in order of arrival."""
        named = self._named
        if named is None:
            named = _index(self.headers)
            object.__setattr__(self, "_named", named)
        return named.get(_folded(name), ())

    def first(self, name: str) -> bytes | None:
        """The first value of the header ``name``, or None."""
        values = self.all(name)
        return values[0] if values else None

    def with_body(self, body: bytes) -> "Request":
        """The same head with another body."""
        whole = Request(self.method, self.path, self.headers, body)
        object.__setattr__(whole, "_named", self._named)
        return whole

    @property
    def operation(self) -> str:
        """The last segment of the path: the axis routes on nothing else (wire.md A.0.1)."""
        return self.path.rstrip("/").rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class Response:
    """What a server answers."""

    status: int = 200
    headers: Headers = ()
    body: bytes = field(default=b"", repr=False)

    def first(self, name: str) -> bytes | None:
        """The first value of the header ``name``, or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Cut:
    """A connection that ends before its answer is whole: behind ``after`` bytes of the body of ``response``, or
    without a single byte where there is no response."""

    response: Response | None = None
    after: int = 0


Outcome = Response | Cut
Answering = Callable[[Request], Awaitable[Outcome]]


class Line(Protocol):
    """What lies between a server's answers and its sockets. A perfect one carries everything as it is."""

    async def carry(self, request: Request, answer: Answering) -> Outcome:
        """What the client gets; ``answer`` asks the server, which need not happen at all."""
