import hashlib

import pytest

from conformance.evidence import Unseen
from conformance.finding import Check, Outcome
from conformance.tests.conftest import LANE, SUT, Written, confirmed, poll, sent
from simulator.protocol import codec
from simulator.protocol.package import Party, ResponseFor, StatusPacket
from simulator.words import Text

T = Text("x", "x")
CHECK = Check("c", ("ST-01",), T)


def status(code: str, document_id: str = "G22,2026,1") -> tuple[dict, dict[str, bytes]]:
    data = codec.encode(
        StatusPacket(
            sender=Party(organ_id="H98"),
            response_for=ResponseFor(organ_id="G22", document_id=document_id),
            code=code,
        )
    )
    digest = hashlib.sha256(data).hexdigest()
    fact = {"fact": "accepted", "system_id": SUT.system_id, "message_type": "status", "package": digest, "to": ["G22"]}
    return ("fact", fact), {digest: data}


def test_a_poll_counts_when_both_lists_were_asked_for(evidence: Written) -> None:
    seen = evidence(poll("edoc"), poll("status"), sent(), poll("edoc"), poll("status"), poll("edoc"))

    assert seen.polls_after(3) == 1
    assert seen.polls_after(0) == 2
    assert evidence().polls_after(0) == 0


def test_statuses_are_decoded_and_chosen_by_document_and_code(evidence: Written) -> None:
    one, blob_one = status("01")
    other, blob_other = status("03", "another")

    seen = evidence(sent(), one, other, blobs=blob_one | blob_other)

    assert [each.code for each in seen.statuses_from_sut()] == ["01", "03"]
    assert [each.code for each in seen.statuses_from_sut(seen.sent())] == ["01"]
    assert seen.statuses_from_sut(seen.sent(), "03") == ()
    assert seen.statuses_from_sut("another")[0].n == 3


def test_a_package_that_cannot_be_read_is_no_status(evidence: Written) -> None:
    (kind, fact), blobs = status("01")

    seen = evidence((kind, fact), blobs=dict.fromkeys(blobs, b"<html>"))

    assert seen.statuses_from_sut() == ()
    assert seen.packet(seen.records[0]) is None


def test_something_expected_is_held_broken_or_unobserved(evidence: Written) -> None:
    came = evidence(sent(), confirmed())
    polled_on = evidence(sent(), poll(), poll())
    silent = evidence(sent(), poll())

    def outcome(seen):
        return seen.expect(CHECK, seen.confirmed(seen.sent()), seen.sent(), held=T, broken=T)

    assert outcome(came).outcome is Outcome.HELD
    assert outcome(came).cites == (1, 2)
    assert outcome(polled_on).outcome is Outcome.BROKEN
    assert outcome(silent).outcome is Outcome.UNOBSERVED


def test_what_was_never_sent_or_taken_is_unseen(evidence: Written) -> None:
    with pytest.raises(Unseen, match="second"):
        evidence(sent("first")).sent("second")
    nothing = evidence(sent())
    document = nothing.sent()
    with pytest.raises(Unseen, match="never confirmed"):
        nothing.taken(document)
    assert evidence(sent(), confirmed()).taken(evidence(sent()).sent()).n == 2


@pytest.mark.parametrize(
    ("answer", "said"),
    [(501, "not offered"), (0, "did not answer"), (409, "409"), (None, "did not come as far")],
)
def test_a_clerk_who_could_not_act_is_unseen_with_the_reason(evidence: Written, answer: int | None, said: str) -> None:
    act = {"call": "POST /control/act", "request": {"document_id": "G22,2026,1", "action": "accept"}}
    rows = [] if answer is None else [("act", act | {"status": answer, "answer": {"error": "why"}})]
    seen = evidence(sent(), *rows)

    with pytest.raises(Unseen, match=said) as caught:
        seen.act("accept", seen.sent())

    assert caught.value.remedy.vi


def test_a_look_shows_rows_states_and_receivers(evidence: Written) -> None:
    row = {"document_id": "G22,2026,1", "state": "sent", "receivers": [{"organ": "000.00.00.G22", "status": "04"}]}
    act = {"call": "GET /control/documents", "request": {"box": "out", "label": "after 04"}, "status": 200}
    seen = evidence(("act", act | {"answer": {"documents": [row]}}))

    look = seen.look("out", "after 04")

    assert look.state("G22,2026,1") == "sent"
    assert look.status("G22,2026,1", LANE.codes) == "04"
    assert look.status("G22,2026,1", ["H01"]) == ""
    assert look.state("unknown") == ""
    with pytest.raises(Unseen):
        seen.look("out", "after 05")


def test_cites_are_numbers_without_repeats(evidence: Written) -> None:
    seen = evidence(sent(), confirmed())
    document = seen.sent()

    finding = CHECK.decide(True, document, seen.confirmed(document)[0], document, held=T, broken=T)

    assert finding.cites == (1, 2)
