"""What is lawful is not accused: judges over written evidence, each with the fault beside it that they must see."""

import hashlib
from typing import Any

import pytest

from conformance.case import judged
from conformance.cases import named
from conformance.finding import Outcome
from conformance.overall import OVERALL
from conformance.requirement import register
from conformance.tests.conftest import SUT, Written, poll, sent
from conformance.verdict import Verdict, consequence
from simulator.protocol import codec
from simulator.protocol.package import Code, Package, Party, ResponseFor, StatusPacket

Row = tuple[str, dict[str, Any]]
POISON = "G22,2026,13"


def blob(data: bytes) -> tuple[str, dict[str, bytes]]:
    digest = hashlib.sha256(data).hexdigest()
    return digest, {digest: data}


def status(code: str, about: str, *, to: str = "G22", reason: str = "", fact: str = "accepted") -> tuple[Row, dict]:
    packet = StatusPacket(Party(organ_id="H98"), ResponseFor(organ_id=to, document_id=about), None, code, reason, None)
    digest, blobs = blob(codec.encode(packet))
    members = {"fact": fact, "system_id": SUT.system_id, "message_type": "status", "package": digest, "to": [to]}
    return ("fact", members), blobs


def taken(label: str, document_id: str, word: str = "done", sha256: str = "") -> list[Row]:
    """Sent, fetched and confirmed."""
    of = {"doc_id": f"d-{label}", "system_id": SUT.system_id, "delivery_id": f"v-{label}"}
    return [
        sent(label, doc_id=of["doc_id"], document_id=document_id, sha256=sha256),
        ("fact", {"fact": "fetched", **of}),
        ("fact", {"fact": "confirmed", "word": word, "description": "", **of}),
    ]


def look(*rows: dict[str, Any], label: str = "") -> Row:
    request = {"box": "in", "label": label}
    return "act", {"call": "GET /control/documents", "request": request, "status": 200, "answer": {"documents": rows}}


def refuses(status_: int) -> Row:
    request = {"document_id": POISON, "action": "refuse", "reason": "x", "organ": None}
    answer = {} if status_ == 200 else {"error": "not now"}
    return "act", {"call": "POST /control/act", "request": request, "status": status_, "answer": answer}


def outcome(case: str, check: str, seen: Any) -> Outcome:
    return next(each.outcome for each in judged(named(case)[0], seen) if each.check.id == check)


# ------------------------------------------------------------ a document that names another


def misdelivered(*then: Row) -> list[Row]:
    good = [*taken("before", "G22,2026,11"), *taken("after", "G22,2026,12")]
    held = {"document_id": POISON, "state": "arrived", "from": "G22"}
    return [*good, *taken("poison", POISON), *then, look(held)]


def test_who_takes_in_what_names_another_is_right_when_his_clerk_can_return_it(evidence: Written) -> None:
    returned, blobs = status("02", POISON, reason="gửi nhầm nơi nhận")

    seen = evidence(*misdelivered(poll(), poll(), refuses(200), returned), blobs=blobs)

    assert outcome("receiving/addressed-to-another", "misdelivery-returned", seen) is Outcome.HELD
    assert outcome("receiving/addressed-to-another", "misdelivery-reason-given", seen) is Outcome.HELD


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        ((refuses(409),), Outcome.BROKEN),
        ((refuses(404),), Outcome.BROKEN),
        ((refuses(200), poll(), poll()), Outcome.BROKEN),
        ((refuses(200),), Outcome.UNOBSERVED),
        ((refuses(501),), Outcome.UNOBSERVED),
        ((), Outcome.UNOBSERVED),
    ],
    ids=["may not", "knows it not", "no 02 leaves", "too early", "not offered", "never asked"],
)
def test_only_a_clerk_who_cannot_return_it_convicts(
    evidence: Written, then: tuple[Row, ...], expected: Outcome
) -> None:
    seen = evidence(*misdelivered(*then))

    assert outcome("receiving/addressed-to-another", "misdelivery-returned", seen) is expected


def test_fail_without_a_word_only_warns_for_the_call_has_no_place_for_one(evidence: Written) -> None:
    rows = [*taken("before", "G22,2026,11"), *taken("after", "G22,2026,12"), *taken("poison", POISON, word="fail")]
    bare, blobs = status("02", POISON)

    def weigh(*more: Row) -> Verdict:
        found = judged(named("receiving/addressed-to-another")[0], evidence(*rows, *more, look(), blobs=blobs))
        reason = next(each for each in found if each.check.id == "misdelivery-reason-given")
        return consequence(reason, register()).verdict

    assert weigh() is Verdict.WARN
    assert weigh(bare) is Verdict.FAIL


# ------------------------------------------------------------ a sender called null


def from_nobody(*then: Row, **row: Any) -> list[Row]:
    good = [row_ for each in ("before", "beside", "after") for row_ in taken(each, f"G22,2026,{each}")]
    shown = [{"document_id": POISON, **row}] if row else []
    return [*good, *taken("poison", POISON), *then, look(*shown)]


def test_a_02_that_the_axis_cannot_deliver_is_as_good_as_fail(evidence: Written) -> None:
    arrivals = [status("01", f"G22,2026,{each}") for each in ("before", "beside", "after")]
    blobs = {digest: data for _, found in arrivals for digest, data in found.items()}
    rows = [row for row, _ in arrivals]
    tried, tried_blob = status("02", POISON, to="null", reason="không rõ bên gửi", fact="refused")
    arrived, arrived_blob = status("01", POISON, to="null", fact="refused")

    def judge(*then: Row, **row: Any) -> Outcome:
        seen = evidence(*rows, *from_nobody(*then, **row), blobs=blobs | tried_blob | arrived_blob)
        return outcome("poison/null-organ", "null-organ-refused", seen)

    assert judge(tried) is Outcome.HELD
    assert judge(tried, state="refused") is Outcome.HELD
    assert judge(state="arrived", **{"from": "G22"}) is Outcome.HELD  # repaired, where it shows
    assert judge(state="arrived", **{"from": "null"}) is Outcome.BROKEN
    assert judge(tried, state="arrived", **{"from": "null"}) is Outcome.BROKEN
    assert judge(arrived) is Outcome.BROKEN
    assert judge() is Outcome.BROKEN


# ------------------------------------------------------------ a number in use


def package(number: str, subject: str) -> bytes:
    return codec.encode(
        Package(
            sender=Party(organ_id="G22"),
            receivers=(Party(organ_id="H98"),),
            document_id="G22,2026,1",
            code=Code(number, "VP"),
            subject=subject,
        )
    )


@pytest.mark.parametrize(
    ("code", "reason", "number", "subject", "expected"),
    [
        ("16", "số đã dùng", "2345", "cũ", Outcome.HELD),
        ("16", "", "2345", "cũ", Outcome.BROKEN),
        ("16", "số đã dùng", "5432", "cũ", Outcome.BROKEN),
        ("16", "số đã dùng", "2345", "mới", Outcome.BROKEN),
        ("15", "", "2345", "cũ", Outcome.BROKEN),
        ("15", "", "5432", "mới", Outcome.HELD),
    ],
    ids=["honest", "no reason", "half done", "done all the same", "untrue", "applied"],
)
def test_an_honest_16_to_an_update_with_a_used_number_is_right(
    evidence: Written, code: str, reason: str, number: str, subject: str, expected: Outcome
) -> None:
    old, blobs_old = blob(package("2345", "cũ"))
    new, blobs_new = blob(package("5432", "mới"))
    answer, blobs = status(code, "G22,2026,2", reason=reason)
    row = {"document_id": "G22,2026,1", "kind": "new", "state": "arrived", "code_number": number, "subject": subject}
    rows = [
        *taken("document", "G22,2026,1", sha256=old),
        *taken("other", "G22,2026,3", sha256=old),
        *taken("update", "G22,2026,2", sha256=new),
        answer,
        look(row),
    ]

    seen = evidence(*rows, blobs=blobs_old | blobs_new | blobs)

    both = {outcome("update/changed-number", each, seen) for each in ("update-found-by-id", "changed-number-shown")}
    assert expected in both
    assert both == {Outcome.HELD} or expected is Outcome.BROKEN


# ------------------------------------------------------------ what a breach of lint costs


def test_a_flaw_of_a_message_costs_what_its_own_sentence_does(evidence: Written) -> None:
    look_ = next(each for each in OVERALL if each.check.id == "sut-messages-pass-lint")
    light, light_blob = status("03", "", reason="")  # names no document: ST-02, a SHOULD
    grave, grave_blob = status("02", POISON, reason="")  # no reason: RF-01, a MUST of the law

    def weigh(*rows: Row) -> tuple[Verdict, str]:
        seen = evidence(*rows, blobs=light_blob | grave_blob)
        found = consequence(look_.judge(_Run(seen)), register())
        return found.verdict, found.requirement.id

    assert weigh(light) == (Verdict.WARN, "ST-02")
    assert weigh(grave) == (Verdict.FAIL, "RF-01")
    assert weigh(light, grave) == (Verdict.FAIL, "RF-01")


class _Run:
    """As much of a run's evidence as that look needs."""

    def __init__(self, seen: Any) -> None:
        self.records, self.blobs, self.sut = seen.records, seen.blobs, SUT
