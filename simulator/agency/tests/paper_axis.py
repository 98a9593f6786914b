"""An axis of a hundred lines for tests of the agencies: real HTTP on loopback, no signature check, no memory on disk.

The real one is a stranger to the agency rooms (they meet only over HTTP, in simulator/world.py and its tests).
"""

import asyncio
import base64
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Self

from simulator.clock import VIETNAM
from simulator.protocol import codec
from simulator.protocol.package import Packet


class FastClock:
    """A clock that runs ``speed`` times as fast as the machine's."""

    def __init__(self, speed: float = 100.0) -> None:
        self._speed = speed
        self._start = monotonic()
        self._base = datetime(2026, 11, 20, 9, 0, tzinfo=VIETNAM)

    def now(self) -> datetime:
        return self._base + timedelta(seconds=(monotonic() - self._start) * self._speed)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self._speed)


@dataclass
class PaperAxis:
    """What the axis has, and what was done to it."""

    port: int = 0
    waiting: dict[str, dict[str, Any]] = field(default_factory=dict)
    packages: dict[str, bytes] = field(default_factory=dict)
    sent: list[tuple[str, str, Packet]] = field(default_factory=list)
    confirmed: list[tuple[str, str]] = field(default_factory=list)
    polls: int = 0
    refuse_sending: bool = False
    _server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server:
            self._server.close()
            self._server = None

    def put(self, delivery: str, data: bytes | Packet, *, to: str, message_type: str = "edoc") -> None:
        """Lay a package into a list."""
        self.packages[delivery] = data if isinstance(data, bytes) else codec.encode(data)
        self.waiting[delivery] = {"docId": delivery, "messageType": message_type, "to": to, "from": "x"}

    def statuses(self) -> list[str]:
        return [packet.code for kind, _, packet in self.sent if kind == "status"]

    async def until(self, condition: Any, seconds: float = 120.0) -> None:
        """Wait until ``condition()`` holds; a deadline, not a duration."""
        async with asyncio.timeout(seconds):
            while not condition():  # noqa: ASYNC110  # the condition is anybody's
                await asyncio.sleep(0.005)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("utf-8")
            first, *lines = head.split("\r\n")
            headers = dict(line.lower().split(": ", 1) for line in lines if ": " in line)
            raw = dict(line.split(": ", 1) for line in lines if ": " in line)
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            signed = json.loads(next(value for name, value in raw.items() if name.lower() == "xroadvnpt-sign-header"))
            arguments = {name.removeprefix("XroadVnpt-"): value for name, value in signed.items()}
            operation = first.split(" ")[1].rsplit("/", 1)[-1]
            answer = {"status": "OK", "ErrorCode": "0", "ErrorDesc": "Thanh cong"} | self._answer(
                operation, arguments, body
            )
            data = json.dumps(answer).encode()
            writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(data) + data)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _answer(self, operation: str, arguments: dict[str, str], body: bytes) -> dict[str, Any]:
        match operation:
            case "getReceivedEdocList":
                self.polls += 1
                kind = arguments["messagetype"]
                return {"data": [item for item in self.waiting.values() if item["messageType"] == kind]}
            case "getEdoc":
                data = self.packages.get(arguments["docId"])
                if data is None:
                    return {"status": "FAIL", "ErrorCode": "10", "ErrorDesc": "File khong hop le", "data": ""}
                return {"data": base64.b64encode(data).decode()}
            case "updateStatus":
                self.confirmed.append((arguments["docId"], arguments["status"]))
                self.waiting.pop(arguments["docId"], None)
                return {}
            case "sendEdoc":
                if self.refuse_sending:
                    return {"status": "FAIL", "ErrorCode": "20", "ErrorDesc": "Loi he thong", "DocId": ""}
                packet = codec.decode(body.removesuffix(b"\r\n")).packet
                assert packet is not None
                self.sent.append((arguments["messagetype"], arguments["from"], packet))
                return {"DocId": f"{len(self.sent):024x}"}
        return {"status": "FAIL", "ErrorCode": "20", "ErrorDesc": "unknown operation"}
