"""The client says on the wire what the SDK says, and never takes a non-answer for an answer."""

import gzip
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from simulator.agency.client import Answer, AxisClient, AxisUnreachable, Refusal
from simulator.agency.tests.stub_axis import DROP, HANG, HTML, OK, StubAxis, fail
from simulator.clock import VIETNAM

GOLDEN = Path(__file__).parents[3] / "fixtures" / "golden"
DOC = "11111111-2222-3333-4444-555555555555"


class Frozen:
    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    async def sleep(self, seconds: float) -> None: ...


class Capture:
    """One golden request, taken apart."""

    def __init__(self, name: str) -> None:
        head, self.body = (GOLDEN / f"{name}.raw").read_bytes().split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        self.method, self.target, _ = lines[0].split(" ")
        pairs = [line.split(": ", 1) for line in lines[1:]]
        self.headers = {name: value.encode("latin-1") for name, value in pairs}
        stamp = self.headers["XroadVnpt-timestamp"].decode()
        moment, millis = stamp.split("+")
        self.moment = datetime.strptime(moment, "%d%m%YT%H%M%S").replace(tzinfo=VIETNAM, microsecond=int(millis) * 1000)


CALLS: dict[str, Callable[[AxisClient, Capture], Awaitable[Any]]] = {
    "01-getAgenciesList": lambda client, _: client.agencies(),
    "02-getAgenciesListQD20": lambda client, _: client.agencies_qd20("1"),
    "03-getSynchronizeUnit": lambda client, _: client.units(),
    "04-registerAgency": lambda client, capture: client.register(json.loads(capture.body)),
    "05-sendEdoc": lambda client, capture: client.send(
        capture.body[:-2], sender="vxp.test.01", message_type="edoc", to=["vxp.test.02", "vxp.test.03"]
    ),
    "06-sendEdoc": lambda client, capture: client.send(
        capture.body[:-2], sender="vxp.test.01", message_type="status", to=["vxp.test.02", "vxp.test.03"]
    ),
    "07-getReceivedEdocList": lambda client, _: client.received("edoc"),
    "08-getReceivedEdocList": lambda client, _: client.received("status"),
    "09-getEdoc": lambda client, _: client.fetch(DOC, file_path="xml"),
    "10-downloadEdoc": lambda client, _: client.download(DOC, file_path="xml/dl"),
    "11-updateStatus": lambda client, _: client.confirm(DOC, "done"),
    "12-getSentEdocList": lambda client, _: client.sent(DOC),
    "13-countReceiveEdoc": lambda client, _: client.count_documents(),
    "14-countReceiveStatus": lambda client, _: client.count_statuses(),
    "15-deleteAgency": lambda client, _: client.remove("999.01.H99"),
}


@pytest.mark.parametrize("name", CALLS)
async def test_a_call_sends_the_headers_and_the_body_of_the_real_sdk(name: str, axis: StubAxis) -> None:
    capture = Capture(name)
    axis.packages[DOC] = b"<edXML/>"
    client = AxisClient(axis.url, "vxp.test.01", "s3cr3t-for-test", clock=Frozen(capture.moment))

    async with client:
        await CALLS[name](client, capture)

    seen = axis.seen[-1]
    ours, theirs = dict(seen.headers), dict(capture.headers)
    assert ours.pop("Host") != theirs.pop("Host")
    if name == "11-updateStatus":  # here the SDK's hash order puts the status last; order is not contractual
        for headers in (ours, theirs):
            headers["XroadVnpt-sign-header"] = json.loads(headers["XroadVnpt-sign-header"])
            headers["XroadVnpt-sign-header-key"] = set(headers["XroadVnpt-sign-header-key"].split(b";"))
            del headers["XroadVnpt-hash-header"]
    assert ours == theirs
    assert seen.body == capture.body
    assert seen.target == capture.target


async def test_a_trailing_slash_of_the_endpoint_stays_on_the_wire(axis: StubAxis, clock: Any) -> None:
    async with AxisClient(f"{axis.url}/api/", "s", "x", clock=clock) as client:
        answer = await client.agencies()

    assert answer.ok
    assert axis.seen[-1].target == "/api//getAgenciesList"


@pytest.mark.parametrize(
    "garbage",
    [HTML, b"", b"[]", b"OK", b'{"data":[]}', b'{"status":null}', b"\xff\xfe", b"[" * 100_000, OK, OK | {"data": ""}],
)
async def test_an_answer_that_says_nothing_is_no_empty_inbox(garbage: Any, axis: StubAxis, clock: Any) -> None:
    axis.always["getReceivedEdocList"] = garbage

    async with AxisClient(axis.url, "s", "x", clock=clock) as client:
        with pytest.raises(AxisUnreachable) as caught:
            await client.received("edoc")

    assert caught.value.because.vi


async def test_fail_is_an_answer_whatever_else_it_lacks(axis: StubAxis, clock: Any) -> None:
    axis.always["getReceivedEdocList"] = {"status": "FAIL", "ErrorCode": 20}

    async with AxisClient(axis.url, "s", "x", clock=clock) as client:
        answer = await client.received("edoc")

    assert answer == Answer(ok=False, code="20", desc="")


async def test_a_compressed_answer_is_read(axis: StubAxis, clock: Any) -> None:
    content = gzip.compress(json.dumps(OK | {"count": 3}).encode())

    async def answer(reader: Any, writer: Any) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(content) + content
        )
        await writer.drain()
        writer.close()

    import asyncio

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with AxisClient(f"http://127.0.0.1:{port}", "s", "x", clock=clock) as client:
            assert (await client.count_documents()).count == 3


async def test_a_connection_dropped_before_the_answer_is_tried_once_more(axis: StubAxis, clock: Any) -> None:
    axis.faults["sendEdoc"].append("accept-and-drop")

    async with AxisClient(axis.url, "s", "x", clock=clock) as client:
        answer = await client.send(b"<edXML/>", sender="H98", message_type="edoc")

    assert answer.ok
    assert answer.doc_id
    assert len(axis.accepted) == 1
    assert axis.count("sendEdoc") == 2


async def test_a_connection_that_always_drops_is_an_axis_that_is_away(axis: StubAxis, clock: Any) -> None:
    axis.always["sendEdoc"] = DROP

    async with AxisClient(axis.url, "s", "x", clock=clock) as client:
        with pytest.raises(AxisUnreachable):
            await client.send(b"<edXML/>", sender="H98", message_type="edoc")


async def test_a_silent_axis_is_given_up_in_time(axis: StubAxis, clock: Any) -> None:
    axis.always["getEdoc"] = HANG

    async with AxisClient(axis.url, "s", "x", clock=clock, timeout=0.2) as client:
        with pytest.raises(AxisUnreachable, match="in time"):
            await client.fetch(DOC)


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:9", "https://127.0.0.1:9", "http://", "nonsense"])
async def test_nobody_there_is_no_answer(endpoint: str, clock: Any) -> None:
    async with AxisClient(endpoint, "s", "x", clock=clock) as client:
        with pytest.raises(AxisUnreachable):
            await client.agencies()


async def test_what_cannot_be_fetched_is_refused(axis: StubAxis, clock: Any) -> None:
    axis.faults["getEdoc"].extend([fail("10"), OK | {"data": "no base64!"}])

    async with AxisClient(axis.url, "s", "x", clock=clock) as client:
        with pytest.raises(Refusal) as refused:
            await client.fetch("stranger")
        with pytest.raises(Refusal, match="base64"):
            await client.fetch("stranger")
        with pytest.raises(Refusal, match="empty"):
            await client.download("stranger")

    assert refused.value.code == "10"


async def test_the_description_of_a_confirmation_is_ascii(axis: StubAxis, clock: Any) -> None:
    async with AxisClient(axis.url, "s", "x", clock=clock) as client:
        await client.confirm("d-1", "fail", "không đọc được")

    assert axis.confirms == [("d-1", "fail", "kh?ng ??c ???c")]
