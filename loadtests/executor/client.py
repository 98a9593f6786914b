"""HTTP connections to the axis as lean as geventhttpclient's parts allow: prepared bytes out, one answer in.

geventhttpclient's own ``request`` builds and checks headers anew for each call; here a request is bytes already. The
head of an answer is scanned for its length; whatever is not that plain (chunks, an end by closing) goes to
geventhttpclient's parser. An answer is offered no content coding, so none comes.

    NoAnswer   refused or dropped connection, silence, no HTTP. A call whose connection broke before an answer is sent
               once again, as both stacks of the SDK do (wire.md A.0.5): an axis must bear a repeated sendEdoc
"""

import re
from typing import Any

import gevent
import gevent.socket
from geventhttpclient.response import HTTPResponse

__all__ = ["Lines", "NoAnswer"]

_ENOUGH = 65_536
_PIECE = 1 << 20
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)[ \t]*\r\n", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection:[^\r]*close", re.IGNORECASE)
_IDLE_LINES = 4


class NoAnswer(Exception):
    """No usable answer; the text says what came instead."""


class _Broke(Exception):
    """The connection ended before the first byte of an answer."""


class Lines:
    """The connections of one system to ``address``: as many as it has calls under way, the idle ones kept.

    ``timeout``: seconds without a byte before a call gives up.
    """

    __slots__ = ("_address", "_idle", "_timeout", "repeated")

    def __init__(self, address: tuple[str, int], *, timeout: float = 30.0) -> None:
        self._address = address
        self._timeout = timeout
        self._idle: list[Any] = []
        self.repeated = 0

    def ask(self, head: bytes, body: bytes | memoryview = b"") -> bytes | bytearray:
        """Send one request and give the body of the answer, whatever its HTTP status (wire.md A.0.6).

        Raises NoAnswer.
        """
        try:
            return self._asked(head, body)
        except _Broke:
            self.close()  # what else is idle is as old as the one that broke
            self.repeated += 1
        try:
            return self._asked(head, body)
        except _Broke as error:
            raise NoAnswer(f"the connection was dropped: {error}") from error

    def close(self) -> None:
        """Close the idle connections."""
        idle, self._idle = self._idle, []
        for line in idle:
            line.close()

    def _asked(self, head: bytes, body: bytes | memoryview) -> bytes | bytearray:
        line = self._idle.pop() if self._idle else self._opened()
        try:
            answer, stays = _exchange(line, head, body)
        except BaseException:
            line.close()
            raise
        if stays and len(self._idle) < _IDLE_LINES:
            self._idle.append(line)
        else:
            line.close()
        return answer

    def _opened(self) -> Any:
        line = gevent.socket.socket()
        try:
            line.settimeout(self._timeout)
            line.setsockopt(gevent.socket.IPPROTO_TCP, gevent.socket.TCP_NODELAY, 1)
            line.connect(self._address)
        except OSError as error:
            line.close()
            raise NoAnswer(f"no connection: {error.strerror or error}") from error
        return line


def _exchange(line: Any, head: bytes, body: bytes | memoryview) -> tuple[bytes | bytearray, bool]:
    """One request and its answer: (body, whether the connection stays). Raises _Broke, NoAnswer."""
    try:
        size = memoryview(body).nbytes
        if size <= _ENOUGH:
            line.sendall(head + bytes(body) if size else head)
        else:
            line.sendall(head)
            for start in range(0, size, _PIECE):
                line.sendall(memoryview(body)[start : start + _PIECE])
        data = line.recv(_ENOUGH)
    except TimeoutError as error:
        raise NoAnswer("no answer in time") from error
    except OSError as error:
        raise _Broke(error.strerror or str(error)) from error
    if not data:
        raise _Broke("closed without an answer")
    try:
        return _read(line, data)
    except TimeoutError as error:
        raise NoAnswer("the answer stopped in its middle") from error
    except OSError as error:
        raise NoAnswer(f"the connection broke in the middle of the answer: {error.strerror or error}") from error


def _read(line: Any, data: bytes) -> tuple[bytes | bytearray, bool]:
    while (end := data.find(b"\r\n\r\n")) < 0 and len(data) < _PIECE:
        more = line.recv(_ENOUGH)
        if not more:
            raise NoAnswer("the connection ended within the head of the answer")
        data += more
    found = _LENGTH.search(data, 0, end + 4)
    if found is None or not data.startswith((b"HTTP/1.1 2", b"HTTP/1.1 4", b"HTTP/1.1 5")):
        return _unusual(line, data)
    start, length = end + 4, int(found[1])
    stays = _CLOSE.search(data, 0, start) is None
    if len(data) >= start + length:
        return data[start : start + length], stays
    return _long(line, data[start:], length), stays


def _long(line: Any, begun: bytes, length: int) -> bytearray:
    """A body that did not come in one piece, into a buffer of its size; others go on after each megabyte."""
    buffer = bytearray(length)
    buffer[: len(begun)] = begun
    view, at, rest = memoryview(buffer), len(begun), _PIECE
    while at < length:
        got = line.recv_into(view[at:])
        if not got:
            raise NoAnswer("the connection ended in the middle of the answer")
        at += got
        rest -= got
        if rest <= 0:
            rest = _PIECE
            gevent.sleep(0)
    view.release()
    return buffer


def _unusual(line: Any, data: bytes) -> tuple[bytes, bool]:
    """Chunks, an interim answer, an end by closing: geventhttpclient's parser reads it."""
    parser = HTTPResponse(method="POST")
    try:
        parser.feed(data)
        while not parser.message_complete or parser.get_code() < 200:
            data = line.recv(_ENOUGH)
            parser.feed(data)
            if not data:
                break
    except ValueError as error:  # the parser's own error is one
        raise NoAnswer("the answer is no HTTP") from error
    except Exception as error:
        if isinstance(error, OSError):
            raise
        raise NoAnswer(f"the answer is no HTTP: {error}") from error
    if not parser.message_complete:
        raise NoAnswer("the connection ended in the middle of the answer")
    return bytes(parser._body_buffer), not parser.should_close()
