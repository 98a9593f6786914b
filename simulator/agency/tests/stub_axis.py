"""A tiny axis on a real socket: it keeps what it was sent, lists what a test puts there, and misbehaves on order.

Only for the tests of this room, which must not know the hub. It checks no signature and knows one system.
"""

import asyncio
import base64
import json
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from simulator.protocol import codec
from simulator.protocol.package import Package, Packet, StatusPacket
from simulator.protocol.request_signing import read

OK = {"status": "OK", "ErrorCode": "0", "ErrorDesc": "Thanh cong"}
HTML = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
HANG, DROP = "hang", "drop"


def fail(code: str) -> dict[str, Any]:
    """The answer FAIL with one code, with the members that the SDK wants even then."""
    return {"status": "FAIL", "ErrorCode": code, "ErrorDesc": f"loi {code}", "DocId": "", "data": ""}


@dataclass
class Seen:
    """One request as it came."""

    operation: str
    target: str
    headers: tuple[tuple[str, bytes], ...]
    body: bytes

    def arguments(self) -> dict[str, str]:
        """The signed arguments."""
        return dict(read(dict(self.headers)["XroadVnpt-sign-header"]).members)


@dataclass
class StubAxis:
    """``async with StubAxis() as axis``; ``axis.url`` is its endpoint. ``faults[operation]``: the next answers."""

    url: str = ""
    units: list[dict[str, Any]] = field(default_factory=list)
    pairs: list[dict[str, Any]] = field(default_factory=list)
    listed: dict[str, list[str]] = field(default_factory=lambda: {"edoc": [], "status": []})
    packages: dict[str, bytes] = field(default_factory=dict)
    confirms: list[tuple[str, str, str]] = field(default_factory=list)
    accepted: list[tuple[str, bytes]] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    faults: dict[str, deque[Any]] = field(default_factory=lambda: defaultdict(deque))
    always: dict[str, Any] = field(default_factory=dict)
    on_send: Callable[[bytes], Any] | None = None
    down: bool = False

    async def __aenter__(self) -> Self:
        self._open: set[asyncio.StreamWriter] = set()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *error: object) -> None:
        self._server.close()
        for writer in self._open:
            writer.close()
        await self._server.wait_closed()

    # -- what a test does

    def deliver(self, content: Packet | bytes, message_type: str | None = None) -> str:
        """Put a package on the list; gives its delivery id."""
        data = content if isinstance(content, bytes) else codec.encode(content)
        kind = message_type or ("status" if isinstance(content, StatusPacket) else "edoc")
        delivery_id = f"delivery-{len(self.packages) + 1}"
        self.packages[delivery_id] = data
        self.listed[kind].append(delivery_id)
        return delivery_id

    def statuses(self) -> list[StatusPacket]:
        """The status packets that were accepted, in order."""
        return [self._packet(data) for kind, data in self.accepted if kind == "status"]

    def codes(self) -> list[str]:
        """Their codes."""
        return [packet.code for packet in self.statuses()]

    def documents(self) -> list[Package]:
        """The packages that were accepted, in order."""
        return [self._packet(data) for kind, data in self.accepted if kind == "edoc"]

    def count(self, operation: str) -> int:
        """How often an operation was called."""
        return sum(each.operation == operation for each in self.seen)

    @staticmethod
    def _packet(data: bytes) -> Any:
        return codec.decode(data).packet

    # -- the wire

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            while not self.down and await self._exchange(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(writer)
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        _, target, _ = head[0].split(" ")
        pairs = [line.split(": ", 1) for line in head[1:] if line]
        headers = tuple((name, value.encode("latin-1")) for name, value in pairs)
        length = int(next((value for name, value in headers if name.lower() == "content-length"), b"0"))
        body = await reader.readexactly(length)
        request = Seen(target.rsplit("/", 1)[-1], target, headers, body)
        self.seen.append(request)
        fault = self.faults[request.operation]
        answer = fault.popleft() if fault else self.always.get(request.operation)
        if answer is None:
            answer = getattr(self, f"_{request.operation}")(request)
        elif answer == "accept-and-drop":
            self._sendEdoc(request)
            return False
        if answer == HANG:
            await asyncio.Event().wait()
        if answer == DROP or self.down:
            return False
        content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(content), content))
        await writer.drain()
        return True

    def _getReceivedEdocList(self, request: Seen) -> Any:
        ids = self.listed[request.arguments()["messagetype"]]
        return OK | {"data": [{"docId": each, "from": "x", "to": "y"} for each in ids]}

    def _getEdoc(self, request: Seen) -> Any:
        data = self.packages.get(request.arguments()["docId"])
        return fail("10") if data is None else OK | {"data": base64.b64encode(data).decode()}

    def _downloadEdoc(self, request: Seen) -> Any:
        return self.packages.get(request.arguments()["docId"], b"")

    def _updateStatus(self, request: Seen) -> Any:
        arguments = request.arguments()
        self.confirms.append((arguments["docId"], arguments["status"], arguments.get("description", "")))
        for waiting in self.listed.values():
            if arguments["docId"] in waiting:
                waiting.remove(arguments["docId"])
        return OK

    def _sendEdoc(self, request: Seen) -> Any:
        data = request.body.removesuffix(b"\r\n")
        if self.on_send and (answer := self.on_send(data)) is not None:
            return answer
        item = (request.arguments()["messagetype"], data)
        if item not in self.accepted:  # like the axis: the same bytes again are a repetition
            self.accepted.append(item)
        return OK | {"DocId": f"{self.accepted.index(item) + 1:024x}"}

    def _getAgenciesListQD20(self, request: Seen) -> Any:
        return OK | {"data": self.pairs}

    def _getAgenciesList(self, request: Seen) -> Any:
        return OK | {"data": self.pairs}

    def _getSynchronizeUnit(self, request: Seen) -> Any:
        return OK | {"data": self.units}

    def _getSentEdocList(self, request: Seen) -> Any:
        return OK | {"data": [{"senderDocId": request.arguments()["docId"]}]}

    def _countReceiveEdoc(self, request: Seen) -> Any:
        return OK | {"count": len(self.listed["edoc"])}

    def _countReceiveStatus(self, request: Seen) -> Any:
        return OK | {"count": len(self.listed["status"])}

    def _registerAgency(self, request: Seen) -> Any:
        return OK

    def _deleteAgency(self, request: Seen) -> Any:
        return OK
