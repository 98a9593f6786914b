"""What a message of the SUT only names back, or was told to write, is no flaw of its own; what it invents is."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.answering import Given
from conformance.finding import Outcome
from conformance.letters import files, letter, order, pdf
from conformance.overall import OVERALL
from conformance.runfolder import RunEvidence
from conformance.seen import Lane, Record, Sut
from conformance.tests.conftest import LANE, SUT
from simulator.clock import VIETNAM
from simulator.protocol import codec
from simulator.protocol.lint import lint
from simulator.protocol.package import Code, Package, Party, ResponseFor, StatusPacket
from simulator.protocol.rules import Level

AT = "2026-11-21T08:00:00.000+07:00"


@dataclass
class Desk:
    """A writer of letters without a stage."""

    random: Random = field(default_factory=lambda: Random(5))
    sut: Sut = SUT
    lanes: tuple[Lane, ...] = (LANE,)

    def now(self) -> datetime:
        return datetime(2026, 11, 21, 8, tzinfo=VIETNAM)


def answer(package: Package, *, code: str = "01", description: str = "Đã đến", **about: Any) -> bytes:
    """The status of a system that copies what it read."""
    named = ResponseFor(
        organ_id=package.sender.organ_id if package.sender else "",
        code=package.code.text if package.code else "",
        document_id=package.document_id,
        promulgation_date=package.promulgation.issued if package.promulgation else None,
    )
    return codec.encode(
        StatusPacket(
            sender=Party(organ_id="H98", name="Example"),
            response_for=replace(named, **about),
            code=code,
            description=description,
            timestamp=datetime(2026, 11, 21, 8, 1, tzinfo=VIETNAM),
        )
    )


def own(sent: bytes, *ours: bytes, request: Mapping[str, Any] | None = None, level: Level = Level.ERROR) -> set[str]:
    """The rules that the SUT's message ``sent`` breaks by itself, after these packets of ours and that order."""
    blobs = {f"ours {number}": data for number, data in enumerate(ours)} | {"theirs": sent}
    records = [
        Record(number, AT, "c/x", "note", {"name": "sent", "values": {"sha256": f"ours {number - 1}"}})
        for number in range(1, len(ours) + 1)
    ]
    if request is not None:
        act = {"call": "POST /control/send", "request": request, "status": 200, "answer": {"document_id": "?"}}
        records.append(Record(len(records) + 1, AT, "c/x", "act", act))
    members = {"fact": "accepted", "system_id": SUT.system_id, "package": "theirs"}
    records.append(Record(len(records) + 1, AT, "c/x", "fact", members))
    return {each.rule.id for each in Given(records, blobs, SUT.system_id).flaws(records[-1], level)}


def dated(data: bytes, text: str) -> bytes:
    return re.sub(rb"(<edXML:PromulgationDate>)[^<]+<", rb"\g<1>" + text.encode() + b"<", data)


# ---------------------------------------------------------------- what is named back


def test_an_impossible_date_that_the_case_planted_is_not_the_fault_of_who_names_it_back() -> None:
    package = letter(Desk())
    planted, said = dated(codec.encode(package), "2014/02/30"), dated(answer(package), "2014/02/30")

    assert "date-impossible" in {each.rule.id for each in lint(said).of(Level.ERROR)}
    assert own(said, planted) == set()


@pytest.mark.parametrize("planted", ["2026/11/21", "2014/02/31"])
def test_an_impossible_date_of_its_own_is(planted: str) -> None:
    package = letter(Desk())

    assert own(dated(answer(package), "2014/02/30"), dated(codec.encode(package), planted)) == {"date-impossible"}


def test_another_document_s_impossible_date_is_no_excuse() -> None:
    desk = Desk()
    package, other = letter(desk), letter(desk)
    planted = dated(codec.encode(other), "2014/02/30")

    assert own(dated(answer(package), "2014/02/30"), codec.encode(package), planted) == {"date-impossible"}


def test_what_is_planted_only_afterwards_is_no_excuse() -> None:
    package = letter(Desk())
    planted, said = dated(codec.encode(package), "2014/02/30"), dated(answer(package), "2014/02/30")
    note = Record(2, AT, "c/x", "note", {"name": "sent", "values": {"sha256": "ours"}})
    fact = Record(1, AT, "c/x", "fact", {"fact": "accepted", "system_id": SUT.system_id, "package": "theirs"})
    late = Given((fact, note), {"ours": planted, "theirs": said}, SUT.system_id)

    assert [each.rule.id for each in late.flaws(fact, Level.ERROR)] == ["date-impossible"]


@pytest.mark.parametrize("sign", ["\u00a0", "\u200b"])
def test_a_code_is_named_back_as_it_was_spelled(sign: str) -> None:
    package = letter(Desk(), number=f"12{sign}", notation="UBND-VP", document_id="G22,2026/11/21,12/VP")
    said = answer(package)
    marked = {each.rule.id for each in lint(said).findings if each.at.endswith("ResponseFor[1]/Code")}

    assert f"12{sign}/UBND-VP" in said.decode()
    assert marked or sign == "\u00a0"
    for level in Level:
        assert not marked & own(said, codec.encode(package), level=level)
    plain = replace(package, code=Code("12", "UBND-VP"))
    assert marked <= {rule for level in Level for rule in own(said, codec.encode(plain), level=level)}


@pytest.mark.parametrize(("planted", "blamed"), [("null", set()), ("G22", {"organ-null"})])
def test_an_addressee_called_null_is_ours_only_where_our_packet_called_itself_so(
    planted: str, blamed: set[str]
) -> None:
    package = letter(Desk())
    mine = replace(package, sender=replace(package.sender or Party(), organ_id=planted))

    assert own(answer(package, organ_id="null"), codec.encode(mine)) == blamed


def test_what_our_document_did_not_say_nobody_can_name_back() -> None:
    package = replace(letter(Desk()), document_id="")
    said = answer(package)

    assert "status-document-missing" in {each.rule.id for each in lint(said).of(Level.ERROR)}
    assert own(said, codec.encode(package)) == set()
    assert own(said, codec.encode(letter(Desk()))) == {"status-document-missing"}


def test_a_reason_is_the_sut_s_own_whatever_it_answers() -> None:
    package = letter(Desk())

    assert own(answer(package, code="02", description=""), codec.encode(package)) == {"rejection-without-reason"}


def test_a_status_that_answers_nothing_of_ours_is_blamed_for_all_of_it() -> None:
    assert own(dated(answer(letter(Desk())), "2014/02/30")) == {"date-impossible"}


@settings(max_examples=40, deadline=None)
@given(planted=st.sampled_from(["2014/02/30", "2026/13/01", "30.02.2014", "khong ro"]), said=st.data())
def test_a_day_in_no_calendar_is_blamed_exactly_where_it_is_another_than_the_planted(
    planted: str, said: st.DataObject
) -> None:
    named = said.draw(st.sampled_from(["2014/02/30", "2026/13/01", "30.02.2014", "khong ro"]))
    package = letter(Desk())

    found = own(dated(answer(package), named), dated(codec.encode(package), planted))

    assert found == (set() if named == planted else {"date-impossible"})


# ---------------------------------------------------------------- what was ordered


def ordered(request: Mapping[str, Any], **changes: Any) -> bytes:
    """The document of a system that writes what its clerk was told."""
    desk = Desk()
    items = ((each["name"], base64.b64decode(each["content_base64"])) for each in request["attachments"])
    package = letter(desk, number=request["code_number"], notation=request["code_notation"], files=files(*items))
    signer = replace(package.signer, position=request["signer"]["position"]) if package.signer else None
    return codec.encode(replace(package, signer=signer, **changes))


def test_a_notation_in_small_letters_is_whose_who_wrote_it_first() -> None:
    request = order(Desk(), to=["G22"], code_notation="ubnd-vp")
    rule = {"notation-in-lower-case"}

    assert rule <= {each.rule.id for each in lint(ordered(request)).findings}
    for level in (Level.ERROR, Level.WARN):
        assert not rule & own(ordered(request), request=request, level=level)
    capitals = order(Desk(), to=["G22"], code_notation="UBND-VP")
    assert rule <= own(ordered(request), request=capitals) | own(ordered(request), request=capitals, level=Level.WARN)


def test_a_position_that_the_sut_lost_is_its_own_one_that_nobody_gave_is_not() -> None:
    signed = order(Desk(), to=["G22"])
    nameless = {**signed, "signer": {**signed["signer"], "position": ""}}

    assert "signer-position-missing" in {each.rule.id for each in lint(ordered(nameless)).findings}
    assert "signer-position-missing" not in own(ordered(nameless), request=nameless, level=Level.WARN)
    assert "signer-position-missing" in own(ordered(nameless), request=signed, level=Level.WARN)


def test_the_bytes_of_an_ordered_file_are_ours_and_how_it_is_packed_is_not() -> None:
    draw = Random(1)
    request = order(
        Desk(),
        to=["G22"],
        attachments=[{"name": "a.docx", "content_base64": base64.b64encode(pdf(draw)).decode()}],
    )
    honest = ordered(request)
    broken = honest.replace(codec.decode(honest).packet.attachments[0].encoded, b"%%%")  # type: ignore[union-attr]

    assert "attachment-content-differs" in {each.rule.id for each in lint(honest).findings}
    assert "attachment-content-differs" not in own(honest, request=request, level=Level.WARN)
    assert "attachment-not-base64" in own(broken, request=request)


def test_a_plain_order_excuses_nothing() -> None:
    request = order(Desk(), to=["G22"])
    data = ordered(request)
    nobody = data.replace(b"<edXML:OrganId>G22<", b"<edXML:OrganId>null<")

    assert own(data, request=request) == set()
    assert own(nobody, request=request) == {"organ-null"}


def test_a_request_to_a_receiver_bears_his_code_as_it_was_ordered() -> None:
    code = "000.00.00.G22-" + "A" * 40
    asking = answer(letter(Desk()), code="13", description="Gửi nhầm", organ_id=code)

    assert own(asking, request=order(Desk(), to=[code])) == set()
    assert own(asking, request=order(Desk(), to=["G22"])) == {"organ-too-long"}


# ---------------------------------------------------------------- the whole run


@pytest.mark.parametrize(("planted", "outcome"), [("2014/02/30", Outcome.HELD), ("2026/11/21", Outcome.BROKEN)])
def test_the_whole_run_blames_no_message_for_what_it_only_names_back(planted: str, outcome: Outcome) -> None:
    package = letter(Desk())
    blobs = {"ours": dated(codec.encode(package), planted), "theirs": dated(answer(package), "2014/02/30")}
    records = (
        Record(1, AT, "poison/impossible-date", "note", {"name": "sent", "values": {"sha256": "ours"}}),
        Record(
            2, AT, "poison/impossible-date", "fact",
            {"fact": "accepted", "system_id": SUT.system_id, "package": "theirs", "document_id": ""},
        ),
    )  # fmt: skip
    sut = {"system_id": SUT.system_id, "organ": SUT.organ, "organs": list(SUT.organs)}
    run = RunEvidence({"sut": sut, "cases": []}, records, blobs, AT)

    assert next(each for each in OVERALL if each.id == "run/messages").judge(run).outcome is outcome
