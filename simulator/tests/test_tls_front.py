"""The axis behind https, with clients that check the certificate and clients that do not."""

import asyncio
import contextlib
import os
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from simulator.clock import VIETNAM
from simulator.hub.serve import HubServer, event_loop
from simulator.hub.tests.axis import Line, Seen, an_axis, edoc, raw, request, sending
from simulator.hub.tls_front import TlsEvent, TlsFront
from simulator.pki.authorities import Pki
from simulator.pki.shown import BAD, GOOD, contexts

NOW = datetime.now(VIETNAM)
ALERTS = {
    "expired": "certificate-expired",
    "wrong-host": "bad-certificate",
    "self-made": "unknown-ca",
    "stranger-ca": "unknown-ca",
}
BIG = 8 * 1024 * 1024


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki.make(tmp_path_factory.mktemp("pki") / "pki", NOW)


@pytest.fixture(scope="module")
def shown(pki: Pki) -> dict[str, ssl.SSLContext]:
    return dict(contexts(pki))


@dataclass(slots=True)
class Fronted:
    """An axis, its https side, and what was told."""

    axis: HubServer
    front: TlsFront
    events: list[TlsEvent] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, event: TlsEvent) -> None:
        self.events.append(event)
        self.news.set()

    @property
    def port(self) -> int:
        return int(self.front.url.rpartition(":")[2])

    async def line(self, context: ssl.SSLContext | None) -> Line:
        return Line(*await asyncio.open_connection("127.0.0.1", self.port, ssl=context))

    async def ask(self, context: ssl.SSLContext) -> str:
        line = await self.line(context)
        try:
            return str((await line.ask(raw(request("countReceiveEdoc")))).json["status"])
        finally:
            line.writer.transport.abort()

    async def told(self, condition: Callable[[list[TlsEvent]], object]) -> list[TlsEvent]:
        async with asyncio.timeout(120):
            while not condition(self.events):
                self.news.clear()
                await self.news.wait()
        return self.events


@pytest.fixture
async def fronts(tmp_path: Path, shown: dict[str, ssl.SSLContext]) -> AsyncIterator[Fronted]:
    async with an_axis(tmp_path) as axis, TlsFront(shown, honest=GOOD, axis=axis.address) as front:
        fronted = Fronted(axis, front)
        front.watchers.append(fronted.tell)
        yield fronted


def careful(pki: Pki, version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(pki.trust / "tls-ca.pem"))
    context.maximum_version = version
    return context


def shaken(context: ssl.SSLContext, port: int, name: str = "127.0.0.1") -> None:
    """As most clients do it: the alert is sent before the connection is closed (asyncio's own client sends none)."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as plain:
        context.wrap_socket(plain, server_hostname=name).close()


def careless() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_one_connection_carries_many_calls(fronts: Fronted, pki: Pki, version: ssl.TLSVersion) -> None:
    line = await fronts.line(careful(pki, version))

    answers = [await line.ask(raw(each)) for each in (sending(edoc()), request("countReceiveEdoc"))]

    assert [answer.json["status"] for answer in answers] == ["OK", "OK"]
    assert [(event.event, event.certificate) for event in fronts.events] == [("shaken", GOOD)]
    line.writer.transport.abort()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("certificate", BAD)
async def test_a_careful_client_refuses_each_bad_certificate(
    fronts: Fronted, pki: Pki, certificate: str, version: ssl.TLSVersion
) -> None:
    await fronts.front.show(certificate)

    with pytest.raises(ssl.SSLCertVerificationError):
        await asyncio.to_thread(shaken, careful(pki, version), fronts.port)

    (event,) = await fronts.told(lambda events: events)
    assert (event.event, event.certificate, event.sent) == ("refused", certificate, 0)
    assert event.detail == ALERTS[certificate]


@pytest.mark.parametrize("certificate", BAD)
async def test_what_a_careless_client_sends_is_counted_and_not_carried(fronts: Fronted, certificate: str) -> None:
    seen = Seen()
    fronts.axis.hub.witnesses.add(seen)
    await fronts.front.show(certificate)
    line = await fronts.line(careless())

    await line.write(raw(sending(edoc())))
    events = await fronts.told(lambda events: len(events) >= 2)

    assert [(event.event, event.certificate) for event in events] == [("shaken", certificate), ("sent", certificate)]
    assert 0 < events[1].sent <= len(raw(sending(edoc())))
    assert not seen.exchanges
    with contextlib.suppress(ConnectionError):
        assert await line.reader.read() == b"", "closed without an answer"
    line.writer.transport.abort()


async def test_a_client_that_shakes_hands_and_goes_has_sent_nothing(fronts: Fronted) -> None:
    await fronts.front.show("wrong-host")
    line = await fronts.line(careless())

    line.writer.close()
    events = await fronts.told(lambda events: len(events) >= 2)

    assert [event.event for event in events] == ["shaken", "left"]


async def test_bad_certificates_go_round_and_the_good_one_comes_back(fronts: Fronted, pki: Pki) -> None:
    await fronts.front.show(*BAD)
    for _ in range(len(BAD) + 1):
        with pytest.raises(ssl.SSLCertVerificationError):
            await fronts.line(careful(pki))
    await fronts.told(lambda events: len(events) > len(BAD))
    await fronts.front.show()

    assert await fronts.ask(careful(pki)) == "OK"
    assert [event.certificate for event in fronts.events] == [*BAD, BAD[0], GOOD]


async def test_a_switch_closes_what_was_open_and_no_session_is_resumed(fronts: Fronted, pki: Pki) -> None:
    context = careful(pki, ssl.TLSVersion.TLSv1_2)
    line = await fronts.line(context)
    await line.ask(raw(request("countReceiveEdoc")))
    session = line.writer.get_extra_info("ssl_object").session

    await fronts.front.show("stranger-ca")

    assert await line.reader.read() == b""
    line.writer.close()
    client = ssl.SSLContext.wrap_bio(context, ssl.MemoryBIO(), out := ssl.MemoryBIO(), server_hostname="127.0.0.1")
    client.session = session
    with contextlib.suppress(ssl.SSLWantReadError):
        client.do_handshake()
    reader, writer = await asyncio.open_connection("127.0.0.1", fronts.port)
    writer.write(out.read())
    assert b"Khong ai tin" in await reader.read(4096), "the certificate is shown again"
    writer.transport.abort()


async def test_a_call_that_is_under_way_is_answered_before_the_switch(fronts: Fronted, pki: Pki) -> None:
    line = await fronts.line(careful(pki))
    wanted = raw(sending(edoc()))
    await line.write(wanted[:200])
    await asyncio.sleep(0.05)

    switch = asyncio.create_task(fronts.front.show("expired"))
    await asyncio.sleep(0.05)
    answer = await line.ask(wanted[200:])
    await switch

    assert answer.json["status"] == "OK"
    assert "expired" not in [event.certificate for event in fronts.events]


async def test_plain_http_is_told_and_not_carried(fronts: Fronted) -> None:
    line = await fronts.line(None)

    await line.write(raw(request("countReceiveEdoc")))

    assert (await line.reader.readline()).startswith(b"HTTP/1.1 400 ")
    assert [event.event for event in fronts.events] == ["plain"]
    assert fronts.front.counts["plain"] == 1
    line.writer.transport.abort()


async def test_old_tls_is_not_offered(fronts: Fronted) -> None:
    context = careless()
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.minimum_version = ssl.TLSVersion.TLSv1_1
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1

    with pytest.raises((ssl.SSLError, ConnectionError)):
        await fronts.line(context)

    (event,) = await fronts.told(lambda events: events)
    assert (event.event, event.detail) == ("refused", "unsupported-protocol")


async def test_down_is_refused_and_up_is_the_same_address(fronts: Fronted, pki: Pki) -> None:
    line = await fronts.line(careful(pki))
    await fronts.front.go_down()

    with contextlib.suppress(ConnectionError):
        assert await line.reader.read() == b""
    with pytest.raises(ConnectionRefusedError):
        await fronts.line(careful(pki))
    await fronts.front.come_up()

    assert await fronts.ask(careful(pki)) == "OK"
    line.writer.transport.abort()


async def test_an_axis_that_breaks_off_breaks_the_client_off(fronts: Fronted, pki: Pki) -> None:
    line = await fronts.line(careful(pki))
    await line.ask(raw(request("countReceiveEdoc")))

    await fronts.axis.go_down()

    with contextlib.suppress(ConnectionError):
        assert await line.reader.read() == b""
    other = await fronts.line(careful(pki))
    await other.write(raw(request("countReceiveEdoc")))
    with contextlib.suppress(ConnectionError):
        assert await other.reader.read() == b"", "nobody behind it: closed at once"
    for each in (line, other):
        each.writer.transport.abort()


def echo_server(loop_factory: Callable[[], asyncio.AbstractEventLoop], shown: dict[str, ssl.SSLContext]) -> bool:
    """Many bytes there and back through the front; whether they came back as they were."""
    data = os.urandom(BIG)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
        writer.close()

    async def run() -> bool:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server, TlsFront(shown, honest=GOOD, axis=server.sockets[0].getsockname()[:2]) as front:
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", int(front.url.rpartition(":")[2]), ssl=careless()
            )
            writer.write(data)
            back = await reader.readexactly(BIG)
            writer.transport.abort()
        return back == data

    with asyncio.Runner(loop_factory=loop_factory) as runner:
        return runner.run(run())


@pytest.mark.parametrize("loop_factory", [asyncio.new_event_loop, event_loop])
def test_many_bytes_pass_unchanged_on_either_loop(
    shown: dict[str, ssl.SSLContext], loop_factory: Callable[[], asyncio.AbstractEventLoop]
) -> None:
    assert echo_server(loop_factory, shown)


async def test_the_good_certificate_is_made_out_to_more_names(tmp_path: Path, pki: Pki) -> None:
    named = contexts(pki, ("truc.thu-nghiem.test", "", "trục"))
    async with TlsFront(named, honest=GOOD, axis=("127.0.0.1", 1)) as front:
        port = int(front.url.rpartition(":")[2])
        for name in ("truc.thu-nghiem.test", "localhost", "127.0.0.1"):
            await asyncio.to_thread(shaken, careful(pki), port, name)
        with pytest.raises(ssl.SSLCertVerificationError):
            await asyncio.to_thread(shaken, careful(pki), port, "truc-khac.invalid")


def test_there_is_a_good_certificate_and_four_bad_ones(shown: dict[str, ssl.SSLContext]) -> None:
    assert set(shown) == {GOOD, *BAD}
