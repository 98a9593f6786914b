"""A small axis on real sockets for the tests of the hub, and the bytes that a client would send to it."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from simulator.clock import VIETNAM
from simulator.hub.hub import Hub
from simulator.hub.serve import HubServer
from simulator.protocol import codec, request_signing
from simulator.protocol.package import (
    Attachment,
    Code,
    Package,
    Party,
    Promulgation,
    Reference,
    ResponseFor,
    StatusPacket,
)
from simulator.protocol.profile import Profile
from simulator.topology import parse
from simulator.wire import Request

GOLDEN = Path(__file__).parents[3] / "fixtures" / "golden"
SECRET = "s3cr3t-for-test"
NOON = datetime(2026, 11, 21, 12, 0, 0, tzinfo=VIETNAM)
SYSTEM, OTHER, THIRD, OLD = "vxp.test.01", "vxp.test.02", "vxp.test.03", "bo.test.04"

TOPOLOGY = parse(
    """
    name = "small"
    title = {en = "A small axis", vi = "Trục nhỏ"}
    [[node]]
    system_id = "vxp.test.01"
    passive = true
    unit = [{code = "vxp.test.01", name = "Đơn vị 1"}]
    [[node]]
    system_id = "vxp.test.02"
    unit = [{code = "vxp.test.02", name = "Đơn vị 2"}]
    [[node]]
    system_id = "vxp.test.03"
    unit = [{code = "vxp.test.03", name = "Đơn vị 3"}]
    [[node]]
    system_id = "bo.test.04"
    unit = [
      {code = "H98", code102 = "000.00.00.H98", name = "Tỉnh Thử", aliases = ["h98-alias"]},
      {code = "H98.02", code102 = "000.00.02.H98", name = "Sở Thử"},
      {code = "H97", code102 = "000.00.00.H97", name = "Đã khóa", closed = true},
    ]
    """,
    origin="tests",
)


class HandClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: datetime = NOON) -> None:
        self.moment = now

    def now(self) -> datetime:
        return self.moment

    def advance(self, **span: float) -> None:
        self.moment += timedelta(**span)

    async def sleep(self, seconds: float) -> None:
        self.advance(seconds=seconds)


class Seen:
    """A witness that remembers."""

    def __init__(self) -> None:
        self.facts: list[Any] = []
        self.exchanges: list[Any] = []

    def fact(self, fact: Any) -> None:
        self.facts.append(fact)

    def exchange(self, exchange: Any) -> None:
        self.exchanges.append(exchange)

    def named(self, name: str) -> list[dict[str, Any]]:
        return [fact.record() for fact in self.facts if name == fact.NAME]


def in_the_folder(data: Path) -> str | None:
    """The store of a data folder is SQLite, in that folder."""
    return None


STORE: Callable[[Path], str | None] = in_the_folder
"""Gives the address of the database that belongs to a data folder, None for SQLite. Set by ``each_store``."""


def open_hub(
    data: Path, *, clock: HandClock | None = None, profile: Profile | None = None, authorities: Sequence[Any] = ()
) -> Hub:
    return Hub.open(
        data, TOPOLOGY, profile=profile or Profile(), clock=clock or HandClock(), seed=7, address=STORE(data),
        authorities=authorities,
    )  # fmt: skip


@asynccontextmanager
async def a_hub(
    data: Path, *, clock: HandClock | None = None, profile: Profile | None = None, authorities: Sequence[Any] = ()
) -> AsyncIterator[Hub]:
    hub = open_hub(data, clock=clock, profile=profile, authorities=authorities)
    try:
        for node in TOPOLOGY.nodes:
            await hub.add_system(node.system_id, node.units, SECRET, passive=node.passive)
        yield hub
    finally:
        await hub.close()


@asynccontextmanager
async def an_axis(
    data: Path,
    *,
    clock: HandClock | None = None,
    profile: Profile | None = None,
    authorities: Sequence[Any] = (),
    **options: Any,
) -> AsyncIterator[HubServer]:
    async with (
        a_hub(data, clock=clock, profile=profile, authorities=authorities) as hub,
        HubServer(hub, **options) as server,
    ):
        yield server


# ---------------------------------------------------------------- packets


def package(number: int = 1, *, to: Sequence[str] = (OTHER,), sender: str = SYSTEM, **changes: Any) -> Package:
    return replace(
        Package(
            sender=Party(organ_id=sender, name="Đơn vị gửi"),
            receivers=tuple(Party(organ_id=code) for code in to),
            document_id=f"{sender},2026/11/20,{number}/TN",
            code=Code(str(number), "TN"),
            promulgation=Promulgation("Thử", date(2026, 11, 20)),
            subject="Về việc thử nghiệm",
        ),
        **changes,
    )


def edoc(number: int = 1, **changes: Any) -> bytes:
    return codec.encode(package(number, **changes))


def status(code: str = "01", *, to: str = SYSTEM, sender: str = OTHER, number: int = 1) -> bytes:
    return codec.encode(
        StatusPacket(
            sender=Party(organ_id=sender),
            response_for=ResponseFor(organ_id=to, code=f"{number}/TN", document_id=f"{to},2026/11/20,{number}/TN"),
            code=code,
            timestamp=NOON,
        )
    )


def with_files(*files: tuple[str, bytes], number: int = 1, form: Any = "zip-2019", **changes: Any) -> bytes:
    attached = tuple(
        Attachment.of_file(name, data, content_id=f"cid:{index}", form=form) for index, (name, data) in enumerate(files)
    )
    manifest = tuple(Reference(each.content_id, each.content_type, "", each.name) for each in attached)
    return edoc(number, attachments=attached, manifest=manifest, **changes)


# ---------------------------------------------------------------- requests


def request(
    operation: str,
    arguments: Mapping[str, str] | None = None,
    body: bytes = b"",
    *,
    system: str = SYSTEM,
    secret: str = SECRET,
    method: str = "POST",
    headers: Sequence[tuple[str, bytes]] = (),
    timestamp: str = "21112026T195738+0955",
) -> Request:
    content_type = "application/octet-stream" if operation == "sendEdoc" else "application/json"
    signed = request_signing.sign(
        arguments or {}, system_id=system, secret=secret, timestamp=timestamp, content_type=content_type
    )
    return Request(method, f"/{operation}", (*signed, *headers), body)


def sending(data: bytes, *, system: str = SYSTEM, message_type: str = "edoc", **arguments: str) -> Request:
    signed = {"from": system, "messagetype": message_type, "hash-file": request_signing.file_hash(data), **arguments}
    return request("sendEdoc", signed, data + b"\r\n", system=system)


def raw(request: Request, *, length: int | None = None) -> bytes:
    lines = [f"{request.method} {request.path} HTTP/1.1".encode(), b"Host: 127.0.0.1"]
    lines += [name.encode() + b": " + value for name, value in request.headers]
    lines.append(b"Content-Length: %d" % (len(request.body) if length is None else length))
    return b"\r\n".join(lines) + b"\r\n\r\n" + request.body


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    continues: int = 0

    @property
    def json(self) -> dict[str, Any]:
        body = gzip.decompress(self.body) if self.headers.get("content-encoding") == "gzip" else self.body
        assert body.isascii()
        members = json.loads(body)
        assert {"status", "ErrorCode", "ErrorDesc"} <= set(members)
        assert None not in members.values()
        assert not any(None in row.values() for row in members.get("data", ()) if isinstance(row, dict))
        return members


@dataclass
class Line:
    """One connection, spoken to in bytes."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    answers: list[Answer] = field(default_factory=list)

    @classmethod
    async def to(cls, url: str) -> "Line":
        host, port = url.removeprefix("http://").split(":")
        return cls(*await asyncio.open_connection(host, int(port)))

    async def __aenter__(self) -> "Line":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def write(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def read(self) -> Answer:
        async with asyncio.timeout(120):
            continues = 0
            while True:
                head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                code = int(head[0].split(" ")[1])
                if code != 100:
                    break
                continues += 1
            headers = {line.split(": ", 1)[0].lower(): line.split(": ", 1)[1] for line in head[1:] if line}
            body = await self.reader.readexactly(int(headers.get("content-length", 0)))
            return Answer(code, headers, body, continues)

    async def ask(self, data: bytes) -> Answer:
        await self.write(data)
        return await self.read()

    async def closed(self) -> bool:
        async with asyncio.timeout(120):
            return await self.reader.read() == b""

    async def close(self) -> None:
        self.writer.close()
        with suppress(OSError):  # reset by the other side: closed all the same
            await self.writer.wait_closed()


async def ask(url: str, wanted: Request | bytes) -> Answer:
    async with await Line.to(url) as line:
        return await line.ask(wanted if isinstance(wanted, bytes) else raw(wanted))
