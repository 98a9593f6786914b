"""The board over an axis that is one function: what a fault hits, how often, and what it leaves alone."""

import asyncio
import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.clock import SystemClock
from simulator.faults.board import FaultBoard
from simulator.faults.catalogue import FAULTS
from simulator.faults.fault import Whom
from simulator.wire import Cut, Outcome, Request, Response

LINE = {"docId": "d-1", "from": "G22", "messageType": "edoc", "created_time": "2026/11/21 08:00:00"}
PACKAGE = b"<edXML><Code>12</Code></edXML>"
GOOD: dict[str, dict[str, Any]] = {
    "getReceivedEdocList": {"data": [LINE]},
    "getEdoc": {"data": base64.b64encode(PACKAGE).decode()},
    "sendEdoc": {"DocId": "68edb8c8c2dcb14db773ce44"},
    "updateStatus": {},
}


class Axis:
    """Answers as it should, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def answer(self, request: Request) -> Response:
        self.asked.append(request.operation)
        if request.operation == "downloadEdoc":
            return Response(body=PACKAGE)
        members = {"status": "OK", "ErrorCode": "0", "ErrorDesc": "Thanh cong", **GOOD[request.operation]}
        return Response(body=json.dumps(members).encode())


def call(operation: str, *, system: str = "sut", body: bytes = b"", **arguments: str) -> Request:
    headers = (("XroadVnpt-systemid", system.encode()), *((f"XroadVnpt-{k}", v.encode()) for k, v in arguments.items()))
    return Request("POST", f"/{operation}", headers, body)


def board(seed: int = 7) -> FaultBoard:
    return FaultBoard(clock=SystemClock(), seed=seed)


def members(outcome: Outcome) -> dict[str, Any]:
    assert isinstance(outcome, Response)
    return json.loads(outcome.body)


async def test_without_a_fault_every_answer_passes_as_it_is():
    axis, line = Axis(), board()

    outcome = await line.carry(call("getEdoc", docId="d-1"), axis.answer)

    assert outcome == await axis.answer(call("getEdoc"))


@pytest.mark.parametrize("fault", [fault.id for fault in FAULTS if fault.switch is None])
async def test_a_fault_that_is_lifted_leaves_nothing_behind(fault: str):
    axis, line = Axis(), board()
    running = await line.begin(fault, whom=Whom(system_id="sut"))

    await line.lift(running)
    await line.lift(running)

    assert line.running == ()
    for operation in GOOD:
        assert await line.carry(call(operation), axis.answer) == await axis.answer(call(operation))


@pytest.mark.parametrize("fault", ["http-500", "html-page", "empty-body", "garbage", "dropped-before", "fail-answer"])
async def test_an_answer_that_is_none_comes_before_the_axis_was_asked(fault: str):
    axis, line = Axis(), board()
    told: list[str] = []
    await line.begin(fault, times=2, struck=lambda request: told.append(request.operation))

    outcomes = [await line.carry(call("getReceivedEdocList"), axis.answer) for _ in range(3)]

    assert told == ["getReceivedEdocList"] * 2
    assert axis.asked == ["getReceivedEdocList"]
    assert members(outcomes[2])["data"] == [LINE]
    first = outcomes[0]
    assert first == Cut() or (isinstance(first, Response) and b'"OK"' not in first.body)


async def test_a_lost_answer_is_lost_after_the_axis_has_done_its_part():
    axis, line = Axis(), board()
    await line.begin("dropped-after")
    await line.begin("half-answer", whom=Whom(operations=frozenset({"getEdoc"})))

    lost = await line.carry(call("sendEdoc"), axis.answer)

    assert lost == Cut()
    assert axis.asked == ["sendEdoc"]


async def test_half_an_answer_announces_the_whole():
    axis, line = Axis(), board()
    await line.begin("half-answer")

    half = await line.carry(call("getEdoc", docId="d-1"), axis.answer)

    assert isinstance(half, Cut)
    assert half.response is not None
    assert 0 < half.after < len(half.response.body)


async def test_a_fault_hits_only_whom_it_means():
    axis, line = Axis(), board()
    whom = Whom(system_id="sut", operations=frozenset({"sendEdoc"}), message_type="edoc", naming=("G22", "000.G22"))
    running = await line.begin("refuses-package", whom=whom, error="bad-format")
    good = b"<To><OrganId>G22</OrganId></To>"

    answers = [
        await line.carry(request, axis.answer)
        for request in (
            call("sendEdoc", messagetype="edoc", body=good),
            call("sendEdoc", messagetype="status", body=good),
            call("sendEdoc", messagetype="edoc", body=b"<To><OrganId>G2</OrganId></To>"),
            call("sendEdoc", messagetype="edoc", body=good, system="other"),
            call("getReceivedEdocList", messagetype="edoc"),
        )
    ]

    assert [members(each)["status"] for each in answers] == ["FAIL", "OK", "OK", "OK", "OK"]
    assert members(answers[0])["ErrorCode"] == "22"
    assert running.strikes == 1


async def test_one_delivery_is_known_by_the_id_in_its_exact_case():
    axis, line = Axis(), board()
    await line.begin("html-page", whom=Whom(delivery=lambda delivery: delivery == "d-1"))

    meant = await line.carry(call("getEdoc", docid="d-9", docId="d-1"), axis.answer)
    other = await line.carry(call("getEdoc", docid="d-1", docId="d-9"), axis.answer)

    assert meant.status == 502  # type: ignore[union-attr]
    assert members(other)["status"] == "OK"


async def test_a_miss_does_not_count():
    axis, line = Axis(), board()
    running = await line.begin("clock-shift", times=1, whom=Whom(delivery=lambda delivery: delivery == "d-1"))
    GOOD_EMPTY = Axis()
    GOOD_EMPTY.answer = lambda request: _empty()  # type: ignore[method-assign]

    await line.carry(call("getReceivedEdocList"), GOOD_EMPTY.answer)
    shifted = await line.carry(call("getReceivedEdocList"), axis.answer)
    after = await line.carry(call("getReceivedEdocList"), axis.answer)

    assert members(shifted)["data"][0]["created_time"] == "2026/11/22 20:00:00"
    assert members(after)["data"] == [LINE]
    assert running.strikes == 1


async def _empty() -> Response:
    return Response(body=b'{"status":"OK","ErrorCode":"0","ErrorDesc":"","data":[]}')


async def test_a_silent_axis_answers_when_the_fault_is_lifted():
    axis, line = Axis(), board()
    struck, released = asyncio.Event(), asyncio.Event()
    running = await line.begin(
        "hanging-answer",
        seconds=60.0,
        struck=lambda request: struck.set(),
        released=lambda request: released.set(),
    )

    waiting = asyncio.create_task(line.carry(call("getReceivedEdocList"), axis.answer))
    async with asyncio.timeout(120):
        await struck.wait()
        held = not waiting.done() and not released.is_set()
        await line.lift(running)
        outcome = await waiting

    assert held
    assert released.is_set()
    assert members(outcome)["data"] == [LINE]


async def test_several_faults_lie_on_one_line_and_the_first_is_nearest_to_the_client():
    axis, line = Axis(), board()
    page = await line.begin("html-page", times=1)
    nulls = await line.begin("null-members", times=1)

    first = await line.carry(call("getReceivedEdocList"), axis.answer)
    second = await line.carry(call("getReceivedEdocList"), axis.answer)

    assert first.status == 502  # type: ignore[union-attr]
    assert members(second)["data"][0]["docId"] is None
    assert (page.strikes, nulls.strikes) == (1, 1)


async def test_the_content_of_answers_is_spoilt_as_the_title_says():
    axis = Axis()

    async def spoilt(fault: str, operation: str) -> dict[str, Any]:
        line = board()
        await line.begin(fault)
        return members(await line.carry(call(operation, docId="d-1"), axis.answer))

    assert "data" not in await spoilt("no-data", "getReceivedEdocList")
    assert "DocId" not in await spoilt("no-doc-id", "sendEdoc")
    assert (await spoilt("wrong-sender-shown", "getReceivedEdocList"))["data"][0]["from"] == "000.00.00.Z99"
    assert (await spoilt("refuses-credentials", "updateStatus"))["ErrorCode"] == "15"
    with pytest.raises(ValueError):
        base64.b64decode((await spoilt("broken-base64", "getEdoc"))["data"], validate=True)
    altered = base64.b64decode((await spoilt("alters-bytes", "getEdoc"))["data"])
    assert altered != PACKAGE
    assert len(altered) == len(PACKAGE)


async def test_what_is_lost_is_answered_as_if_it_were_stored():
    axis, line = Axis(), board()
    await line.begin("loses-a-status")
    await line.begin("loses-a-confirm")

    status = await line.carry(call("sendEdoc", messagetype="status"), axis.answer)
    document = await line.carry(call("sendEdoc", messagetype="edoc"), axis.answer)
    confirm = await line.carry(call("updateStatus", docId="d-1"), axis.answer)

    assert members(status)["DocId"] != members(document)["DocId"] == GOOD["sendEdoc"]["DocId"]
    assert members(confirm)["status"] == "OK"
    assert axis.asked == ["sendEdoc"]


async def test_a_second_delivery_has_its_own_id_its_packages_bytes_and_goes_when_it_is_confirmed():
    axis, line = Axis(), board()
    await line.begin("delivers-twice", whom=Whom(delivery=lambda delivery: delivery == "d-1"))

    listed = members(await line.carry(call("getReceivedEdocList"), axis.answer))["data"]
    twin = listed[1]["docId"]
    early = members(await line.carry(call("getEdoc", docId=twin), axis.answer))
    original = members(await line.carry(call("getEdoc", docId="d-1"), axis.answer))
    copy = members(await line.carry(call("getEdoc", docId=twin), axis.answer))
    await line.carry(call("updateStatus", docId=twin), axis.answer)
    after = members(await line.carry(call("getReceivedEdocList"), axis.answer))["data"]

    assert [line["docId"] for line in listed] == ["d-1", twin]
    assert early["status"] == "FAIL"
    assert copy["data"] == original["data"]
    assert after == [LINE]
    assert "updateStatus" not in axis.asked


async def test_a_second_delivery_is_shown_to_its_own_receiver_alone():
    axis, line = Axis(), board()
    await line.begin("delivers-twice")

    own = members(await line.carry(call("getReceivedEdocList", system="a"), axis.answer))["data"]
    other = members(await line.carry(call("getReceivedEdocList", system="b"), axis.answer))["data"]

    assert len(own) == 2
    assert own[1] not in other


async def test_one_delivery_in_n_comes_twice_and_it_stays_that_one():
    axis, line = Axis(), board()
    await line.begin("delivers-one-in-n-twice", n=1)
    never = board()
    await never.begin("delivers-one-in-n-twice", n=10**15)

    for _ in range(2):
        every = members(await line.carry(call("getReceivedEdocList"), axis.answer))["data"]
        none = members(await never.carry(call("getReceivedEdocList"), axis.answer))["data"]

        assert (len(every), len(none)) == (2, 1)


async def test_a_stranger_gets_what_another_system_fetched():
    axis, line = Axis(), board()
    await line.begin("delivers-to-a-stranger")

    before = members(await line.carry(call("getReceivedEdocList", system="stranger"), axis.answer))["data"]
    await line.carry(call("getEdoc", docId="d-7"), axis.answer)
    listed = members(await line.carry(call("getReceivedEdocList", system="stranger"), axis.answer))["data"]
    given = members(await line.carry(call("getEdoc", system="stranger", docId="d-7"), axis.answer))

    assert before == [LINE]
    assert [each["docId"] for each in listed] == ["d-1", "d-7"]
    assert base64.b64decode(given["data"]) == PACKAGE


@given(seed=st.integers(0, 2**32), calls=st.integers(1, 30))
def test_the_same_seed_strikes_the_same_calls(seed: int, calls: int):
    async def struck() -> list[bool]:
        axis, line = Axis(), board(seed)
        await line.begin("garbage", times=0)
        await line.begin("loses-one-in-n", n=3)
        answers = [await line.carry(call("sendEdoc", messagetype="edoc"), axis.answer) for _ in range(calls)]
        return [members(each)["DocId"] != GOOD["sendEdoc"]["DocId"] for each in answers]

    assert asyncio.run(struck()) == asyncio.run(struck())


async def test_an_unknown_fault_or_option_is_a_mistake_of_ours():
    line = board()

    with pytest.raises(KeyError):
        await line.begin("no-such-fault")
    with pytest.raises(TypeError, match="speed"):
        await line.begin("slow-answer", speed=3)
    with pytest.raises(RuntimeError):
        await line.begin("axis-down")
