"""One HTTP exchange in its plain shape, so that the core never learns which server or client carries it.

Header names keep the case in which they came (servers may have folded it); header values are raw bytes,
because the real SDK sends bytes that no text encoding explains (wire.md A.0.9).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

__all__ = ["Answering", "Cut", "Headers", "Line", "Outcome", "Request", "Response"]

Headers = tuple[tuple[str, bytes], ...]


def _values(headers: Headers, name: str) -> tuple[bytes, ...]:
    wanted = name.lower()
    return tuple(value for key, value in headers if key.lower() == wanted)


@dataclass(frozen=True, slots=True)
class Request:
    """What a client sends. ``path`` is the raw path without the query; the body is whole."""

    method: str
    path: str
    headers: Headers = ()
    body: bytes = field(default=b"", repr=False)

    def all(self, name: str) -> tuple[bytes, ...]:
        """Every value of the header ``name``, whatever its case, in order of arrival."""
        return _values(self.headers, name)

    def first(self, name: str) -> bytes | None:
        """The first value of the header ``name``, or None."""
        return next(iter(self.all(name)), None)

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
        return next(iter(_values(self.headers, name)), None)


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
