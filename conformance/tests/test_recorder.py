import hashlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from conformance.recorder import MASK, Recorder
from conformance.runfolder import EvidenceWriter
from conformance.tests.conftest import LANE, SUT
from simulator.clock import SystemClock
from simulator.words import Text

AT = "2026-11-21T08:00:00.000+07:00"
SECRET = "made-up-secret-for-this-test"


@dataclass
class Fact:
    members: dict

    def record(self) -> dict:
        return {"at": AT, **self.members}


@dataclass
class Exchange:
    system_id: str
    operation: str = "getEdoc"
    headers: tuple = ()
    request_body: bytes = b""
    response_body: bytes = b""

    def record(self) -> dict:
        return {
            "operation": self.operation, "system_id": self.system_id, "at": AT, "seconds": 0.1,
            "request": {"method": "POST", "path": "/x", "headers": [list(each) for each in self.headers]},
            "response": {"status": 200, "headers": []},
        }  # fmt: skip


@pytest.fixture
def recorder(tmp_path: Path):
    with EvidenceWriter(tmp_path, {}) as writer:
        made = Recorder(writer, sut=SUT, clock=SystemClock(), secrets=[SECRET])
        made.board({"a/b": [LANE]})
        yield made


def fact(name: str, **members) -> Fact:
    return Fact({"fact": name, **members})


def test_a_fact_belongs_to_the_case_of_its_lane(recorder: Recorder) -> None:
    recorder.fact(fact("accepted", system_id=LANE.system_id, doc_id="d1", package="p1", to=["H98"]))
    recorder.fact(fact("opened", system_id=SUT.system_id, doc_id="d1", delivery_id="v1", unit="H98"))
    recorder.fact(fact("fetched", system_id=SUT.system_id, doc_id="d1", delivery_id="v1", unit="H98"))
    recorder.fact(fact("accepted", system_id=SUT.system_id, doc_id="d2", package="p2", to=["000.00.00.G22"]))

    assert [record["fact"] for record in recorder.view("a/b").records] == ["accepted", "opened", "fetched", "accepted"]


def test_a_refused_status_belongs_to_the_case_whose_document_it_names(recorder: Recorder) -> None:
    recorder.knows("G22,2026,1", "a/b")

    recorder.fact(fact("refused", system_id=SUT.system_id, document_id="G22,2026,1"))

    assert len(recorder.view("a/b").records) == 1


def test_a_case_that_boards_later_knows_that_the_sut_was_polling(recorder: Recorder) -> None:
    for number in (1, 2):
        recorder.fact(fact("polled", system_id=SUT.system_id, message_type="edoc", listed=[str(number)]))
        recorder.fact(fact("polled", system_id=SUT.system_id, message_type="status", listed=[]))

    recorder.board({"a/late": [LANE]})

    assert recorder.view("a/late").polls_after(0) == 1
    assert [record["listed"] for record in recorder.view("a/late").records] == [["2"], []]


def test_polls_of_the_sut_reach_every_case_and_those_of_strangers_none(recorder: Recorder) -> None:
    beats = []
    recorder.polled = lambda: beats.append(1)

    recorder.fact(fact("polled", system_id=SUT.system_id, message_type="edoc"))
    recorder.fact(fact("polled", system_id=SUT.system_id, message_type="status"))
    recorder.fact(fact("polled", system_id="sim.h01", message_type="edoc"))

    assert len(recorder.view("a/b").records) == 2
    assert len(beats) == 1


def test_traffic_of_strangers_is_no_evidence_but_that_of_the_sut_always_is(recorder: Recorder) -> None:
    recorder.fact(fact("accepted", system_id="sim.h01", doc_id="x", to=["H02"]))
    recorder.exchange(Exchange("sim.h01"))
    before = recorder.count

    recorder.fact(fact("accepted", system_id=SUT.system_id, doc_id="y", to=["H02"]))

    assert before == 0
    assert recorder.count == 1
    assert recorder.view("a/b").records == []


def test_an_exchange_is_matched_by_its_package_or_by_the_id_it_asks_for(recorder: Recorder) -> None:
    digest = hashlib.sha256(b"<edXML/>").hexdigest()
    recorder.knows(digest, "a/b")
    recorder.knows("v1", "a/b")

    recorder.exchange(Exchange(SUT.system_id, operation="sendEdoc", request_body=b"<edXML/>\r\n"))
    recorder.exchange(Exchange(SUT.system_id, headers=(("XroadVnpt-docId", "v1"),)))
    recorder.exchange(Exchange(SUT.system_id, headers=(("XroadVnpt-docId", "unknown"),)))

    seen = recorder.view("a/b")
    assert len(seen.records) == 2
    assert seen.blob(digest) == b"<edXML/>"


def test_signatures_and_secrets_are_masked_and_the_masking_is_recorded(recorder: Recorder) -> None:
    headers = (("XroadVnpt-hash-header", "abc"), ("XroadVnpt-systemid", "s"), ("X-Note", f"key {SECRET}"))

    recorder.exchange(Exchange(LANE.system_id, headers=headers, response_body=SECRET.encode()))
    recorder.act("a/b", "POST /control/send", {"token": "t", "list": [SECRET]}, 200, {"deep": {"x": SECRET}})

    exchange, act = recorder.view("a/b").records
    assert exchange["request"]["headers"] == [
        ["XroadVnpt-hash-header", MASK], ["XroadVnpt-systemid", "s"], ["X-Note", f"key {MASK}"],
    ]  # fmt: skip
    assert exchange["masked"] == ["XroadVnpt-hash-header", "body", "secret"]
    assert recorder.view("a/b").blob(exchange["response"]["body_sha256"]) == MASK.encode()
    assert act["request"] == {"token": MASK, "list": [MASK]}
    assert act["answer"] == {"deep": {"x": MASK}}
    assert act["masked"] == ["secret", "token"]


def test_what_we_did_is_recorded_with_our_clock(recorder: Recorder) -> None:
    woken = []
    recorder.listen = woken.append
    recorder.hide(["later-secret"])

    recorder.note("a/b", "drawn", {"number": 7})
    recorder.wait("a/b", Text("it", "nó"), met=False, polls=2, seconds=1.23456)
    recorder.trouble("a/b", Text("ours later-secret", "của ta"))

    kinds = [record.kind for record in recorder.view("a/b").records]
    assert kinds == ["note", "wait", "trouble"]
    assert recorder.view("a/b").records[1]["seconds"] == 1.235
    assert woken == ["a/b"] * 3
    assert recorder.view("a/b").records[0].moment.utcoffset() is not None
