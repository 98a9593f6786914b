"""Real sockets: what clients of the wild do to a server."""

import asyncio
import signal
import socket
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from simulator.hub.accepting import SMALL
from simulator.hub.serve import HubServer, event_loop
from simulator.hub.tests.axis import (
    OTHER,
    SYSTEM,
    Answer,
    Line,
    Seen,
    a_hub,
    an_axis,
    ask,
    edoc,
    raw,
    request,
    sending,
    with_files,
)
from simulator.hub.trouble import CannotListen
from simulator.protocol.profile import Profile
from simulator.wire import Answering, Cut, Request, Response

TINY = replace(Profile(), limits=replace(Profile().limits, package_bytes=10_000))


async def test_a_document_is_sent_over_the_wire_and_witnessed(tmp_path: Path) -> None:
    seen = Seen()
    async with an_axis(tmp_path) as axis:
        axis.hub.witnesses.add(seen)
        wanted = sending(edoc())

        answer = await ask(axis.url, replace(wanted, path="/prefix//sendEdoc"))

        assert answer.json["status"] == "OK"
        (exchange,) = seen.exchanges
        assert (exchange.operation, exchange.system_id) == ("sendEdoc", SYSTEM)
        assert exchange.request_body == edoc() + b"\r\n"
        assert exchange.response_body == answer.body
        record = exchange.record()
        assert record["request"]["path"] == "/prefix//sendEdoc"
        assert record["request"]["size"] == len(edoc()) + 2
        assert ["XroadVnpt-systemid", SYSTEM] in record["request"]["headers"]
        assert [fact.NAME for fact in seen.facts] == ["accepted", "opened"]


async def test_the_body_is_invited_at_once(tmp_path: Path) -> None:
    wanted = sending(edoc())
    asking = replace(wanted, headers=(*wanted.headers, ("Expect", b"100-continue")))
    async with an_axis(tmp_path) as axis, await Line.to(axis.url) as line:
        await line.write(raw(asking)[: -len(asking.body)])
        async with asyncio.timeout(120):
            invitation = await line.reader.readuntil(b"\r\n\r\n")

        answer = await line.ask(asking.body)

        assert invitation.startswith(b"HTTP/1.1 100 ")
        assert answer.json["status"] == "OK"


async def test_one_connection_carries_many_calls_also_pipelined(tmp_path: Path) -> None:
    async with an_axis(tmp_path) as axis, await Line.to(axis.url) as line:
        await line.write(raw(request("countReceiveEdoc")) + raw(request("countReceiveStatus")))

        first, second = await line.read(), await line.read()
        third = await line.ask(raw(request("getAgenciesList")))

        assert [answer.json["status"] for answer in (first, second, third)] == ["OK"] * 3


def undated(answer: Answer) -> Answer:
    """It bears a date, whatever that is."""
    assert answer.headers["date"]
    return replace(answer, headers={name: value for name, value in answer.headers.items() if name != "date"})


@pytest.mark.parametrize("place", ["line", "head", "between", "body", "end"])
async def test_a_request_in_pieces_is_answered_like_a_whole_one(tmp_path: Path, place: str) -> None:
    """Which comes whole takes a way of its own (http_protocol.py)."""
    whole = raw(sending(edoc()))
    head = whole.index(b"\r\n\r\n") + 4
    cut = {"line": 7, "head": head // 2, "between": head, "body": head + 100, "end": len(whole) - 1}[place]
    async with an_axis(tmp_path) as axis, await Line.to(axis.url) as line:
        first = await line.ask(whole)
        await line.write(whole[:cut])
        assert (await ask(axis.url, request("getAgenciesList"))).json["status"] == "OK"  # so that piece has been read
        in_pieces = await line.ask(whole[cut:])
        again = await line.ask(whole)

        assert first.json["status"] == "OK"
        assert undated(first) == undated(in_pieces) == undated(again)


async def test_a_whole_request_of_another_method_or_version_is_answered_like_any(tmp_path: Path) -> None:
    whole = raw(request("countReceiveEdoc"))
    async with an_axis(tmp_path) as axis:
        posted = await ask(axis.url, whole)
        assert undated(await ask(axis.url, whole.replace(b"POST", b"GET", 1))) == undated(posted)
        assert (await ask(axis.url, whole.replace(b"HTTP/1.1", b"HTTP/1.0", 1))).body == posted.body
        assert (await ask(axis.url, whole.replace(b"POST", b"PUT", 1))).json["status"] == "FAIL"
        async with await Line.to(axis.url) as line:
            last = await line.ask(whole.replace(b"Host:", b"Connection: close\r\nHost:", 1))
            assert last.body == posted.body
            assert last.headers["connection"] == "close"
            assert await line.closed()


async def test_a_chunked_body_is_read(tmp_path: Path) -> None:
    wanted = sending(edoc())
    head = raw(wanted).split(b"\r\n\r\n")[0].rsplit(b"\r\n", 1)[0]
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(wanted.body), wanted.body)
    async with an_axis(tmp_path) as axis:
        answer = await ask(axis.url, head + b"\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)

        assert answer.json["status"] == "OK"


@pytest.mark.parametrize(
    "rubbish",
    [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"hello\r\n\r\n", b"POST /sendEdoc\xff HTTP/1.1\r\n\r\n",
     b"GET / HTTP/1.1\r\nX: " + b"a" * (1024 * 1024), b"POST /a HTTP/1.1\r\nContent-Length: x\r\n\r\n"],
    ids=["tls", "words", "path", "endless-header", "length"],
)  # fmt: skip
async def test_what_is_no_request_still_gets_json_and_the_end(tmp_path: Path, rubbish: bytes) -> None:
    seen = Seen()
    async with an_axis(tmp_path) as axis:
        axis.hub.witnesses.add(seen)
        async with await Line.to(axis.url) as line:
            answer = await line.ask(rubbish)

            assert answer.status == 200
            assert (answer.json["status"], answer.json["DocId"], answer.json["data"]) == ("FAIL", "", "")
            assert await line.closed()
            assert seen.exchanges[0].request.method == ""


async def test_rubbish_behind_a_good_request_does_not_cost_the_answer(tmp_path: Path) -> None:
    async with an_axis(tmp_path) as axis, await Line.to(axis.url) as line:
        answer = await line.ask(raw(sending(edoc())) + b"\x00\x01rubbish\r\n\r\n")

        assert answer.json["status"] == "OK"
        assert await line.closed()


async def test_an_offer_of_another_protocol_is_answered_in_this_one(tmp_path: Path) -> None:
    wanted = sending(edoc())
    upgrade = (("Connection", b"Upgrade, HTTP2-Settings"), ("Upgrade", b"h2c"), ("HTTP2-Settings", b"AAEAAEAA"))
    offering = raw(replace(wanted, headers=(*wanted.headers, *upgrade)))
    async with an_axis(tmp_path) as axis, await Line.to(axis.url) as line:
        first = await line.ask(offering)
        second = await line.ask(offering)

        assert first.json["status"] == "OK"
        assert second.json["DocId"] == first.json["DocId"]


async def test_an_offer_of_another_protocol_that_comes_in_pieces_ends_in_json_too(tmp_path: Path) -> None:
    seen = Seen()
    wanted = request("getAgenciesList")
    offering = raw(replace(wanted, headers=(*wanted.headers, ("Connection", b"Upgrade"), ("Upgrade", b"h2c"))))
    middle = offering.index(b"Upgrade: h2c") + 3
    async with an_axis(tmp_path) as axis, await Line.to(axis.url) as line:
        axis.hub.witnesses.add(seen)
        await line.write(offering[:middle])
        assert (await ask(axis.url, wanted)).json["status"] == "OK"  # so the first piece has been read

        answer = await line.ask(offering[middle:])

        assert answer.json["status"] == "OK"
        assert await line.closed()


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "chunked"])
async def test_a_body_that_is_too_large_is_refused_after_the_client_has_written_it(
    tmp_path: Path, announced: bool
) -> None:
    wanted = sending(b"x" * 3_000_000)
    head = raw(wanted).split(b"\r\n\r\n")[0]
    async with an_axis(tmp_path, profile=TINY) as axis, await Line.to(axis.url) as line:
        if announced:
            answer = await line.ask(raw(wanted))
        else:
            await line.write(head.rsplit(b"\r\n", 1)[0] + b"\r\nTransfer-Encoding: chunked\r\n\r\n")
            answer = await line.ask(b"%x\r\n%s\r\n0\r\n\r\n" % (len(wanted.body), wanted.body))

        assert (answer.json["status"], answer.json["ErrorCode"], answer.json["DocId"]) == ("FAIL", "21", "")
        assert "10000" in answer.json["ErrorDesc"]
        assert (await line.ask(raw(request("getAgenciesList")))).json["status"] == "OK"


async def test_a_body_that_is_too_large_is_not_even_invited(tmp_path: Path) -> None:
    wanted = sending(b"")
    asking = replace(wanted, headers=(*wanted.headers, ("Expect", b"100-continue")), body=b"")
    async with an_axis(tmp_path, profile=TINY) as axis, await Line.to(axis.url) as line:
        answer = await line.ask(raw(asking, length=50_000))

        assert answer.continues == 0
        assert answer.json["ErrorCode"] == "21"
        assert await line.closed()


async def test_a_packet_of_exactly_the_limit_gets_in(tmp_path: Path) -> None:
    data = edoc()
    exact = replace(TINY, limits=replace(TINY.limits, package_bytes=len(data)))
    async with an_axis(tmp_path, profile=exact) as axis:
        assert (await ask(axis.url, sending(data))).json["status"] == "OK"
        assert (await ask(axis.url, sending(edoc(22)))).json["ErrorCode"] == "21"


async def test_a_large_list_and_a_large_package_travel_in_gzip_for_those_who_ask(tmp_path: Path) -> None:
    data = with_files(("a.pdf", b"%PDF" + bytes(2 * SMALL)))
    gzip = [("Accept-Encoding", b"gzip,deflate")]
    async with an_axis(tmp_path) as axis:
        sent = await ask(axis.url, sending(data))
        plain = await ask(axis.url, request("getReceivedEdocList", system=OTHER))
        listed = await ask(axis.url, request("getAgenciesList", headers=gzip))
        delivery = plain.json["data"][0]["docId"]
        got = await ask(
            axis.url, request("downloadEdoc", {"docId": delivery}, system=OTHER, method="GET", headers=gzip)
        )

        assert "content-encoding" not in sent.headers
        assert "content-encoding" not in plain.headers
        assert listed.json["status"] == "OK"
        assert got.headers["content-encoding"] == "gzip"
        assert len(got.body) < len(data)


async def test_connections_that_say_nothing_are_closed(tmp_path: Path) -> None:
    half = raw(sending(edoc()))
    async with an_axis(tmp_path, idle_seconds=0.2) as axis:
        silent, late, begun, stalled = [await Line.to(axis.url) for _ in range(4)]
        await begun.write(b"POST /sendEdoc HTT")
        await stalled.write(half[:-10])
        answer = await late.ask(raw(request("getAgenciesList")))

        assert answer.json["status"] == "OK"
        assert await silent.closed()
        assert await late.closed()
        assert await begun.closed()
        assert (await stalled.read()).json["status"] == "FAIL"
        assert await stalled.closed()
        assert axis.hub.facts() == []
        for line in (silent, late, begun, stalled):
            await line.close()


async def test_a_client_that_hangs_up_within_a_body_has_sent_nothing(tmp_path: Path) -> None:
    async with an_axis(tmp_path) as axis:
        async with await Line.to(axis.url) as line:
            await line.write(raw(sending(edoc()))[:-10])

        assert (await ask(axis.url, request("countReceiveEdoc", system=OTHER))).json["count"] == 0
        assert axis.hub.facts() == []


async def test_two_hundred_connections_at_once_are_no_trouble(tmp_path: Path) -> None:
    async with an_axis(tmp_path) as axis:
        lines = await asyncio.gather(*(Line.to(axis.url) for _ in range(200)))

        answers = await asyncio.gather(*(line.ask(raw(sending(edoc(number)))) for number, line in enumerate(lines)))
        again = await asyncio.gather(*(line.ask(raw(request("countReceiveEdoc", system=OTHER))) for line in lines))

        assert len({answer.json["DocId"] for answer in answers}) == 200
        assert {answer.json["count"] for answer in again} == {200}
        await asyncio.gather(*(line.close() for line in lines))


class Cutting:
    """A line on which every answer breaks off."""

    async def carry(self, request: Request, answer: Answering) -> Cut:
        outcome = await answer(request)
        assert isinstance(outcome, Response)
        return Cut(outcome, after=5)


async def test_an_answer_that_breaks_off_ends_though_another_request_waits_behind_it(tmp_path: Path) -> None:
    whole = raw(request("countReceiveEdoc"))
    async with (
        asyncio.timeout(50),
        an_axis(tmp_path, line=Cutting(), drain_seconds=60.0) as axis,
        await Line.to(axis.url) as line,
    ):
        await line.write(whole + whole)
        assert (await line.reader.read()).endswith(b'\r\n\r\n{"sta')


async def test_a_broken_witness_does_not_break_the_wire(tmp_path: Path) -> None:
    class Broken(Seen):
        def exchange(self, exchange: object) -> None:
            raise RuntimeError("mine")

    async with an_axis(tmp_path) as axis:
        axis.hub.witnesses.add(Broken())

        assert (await ask(axis.url, request("getAgenciesList"))).json["status"] == "OK"


async def test_what_is_under_way_is_finished_before_the_server_stops(tmp_path: Path) -> None:
    wanted = sending(edoc())
    asking = replace(wanted, headers=(*wanted.headers, ("Expect", b"100-continue")))
    async with a_hub(tmp_path) as hub:
        async with HubServer(hub) as server, await Line.to(server.url) as line:
            await line.write(raw(asking)[: -len(asking.body)])
            await line.reader.readuntil(b"\r\n\r\n")  # the invitation: the request is under way
            leaving = asyncio.create_task(server.__aexit__(None, None, None))
            await line.write(asking.body)

            answer = await line.read()
            await leaving

            assert answer.json["status"] == "OK"
            assert answer.headers["connection"] == "close"
        with pytest.raises(OSError):
            await Line.to(server.url)
        assert hub.count(OTHER, "edoc") == 1


async def test_signals_are_left_to_whoever_runs_the_process(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    async with an_axis(tmp_path):
        assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before


@pytest.mark.parametrize("which", ["port", "control_port"])
async def test_a_busy_port_is_named_before_anything_starts(tmp_path: Path, which: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        busy = taken.getsockname()[1]
        async with a_hub(tmp_path) as hub:
            with pytest.raises(CannotListen) as trouble:
                await HubServer(hub, **{which: busy}).__aenter__()

        assert str(busy) in trouble.value.because.en
        assert str(busy) in trouble.value.because.vi


def has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


async def test_the_server_listens_on_ipv6_where_it_is_told_to(tmp_path: Path) -> None:
    if not has_ipv6():
        pytest.skip("no IPv6 here")
    async with an_axis(tmp_path, host="::1") as axis, httpx.AsyncClient() as client:
        assert "simulated" in (await client.get(axis.url)).text


def test_the_fastest_event_loop_runs_the_hub(tmp_path: Path) -> None:
    async def once() -> str:
        async with an_axis(tmp_path) as axis:
            return str((await ask(axis.url, request("getAgenciesList"))).json["status"])

    with asyncio.Runner(loop_factory=event_loop) as runner:
        assert runner.run(once()) == "OK"
