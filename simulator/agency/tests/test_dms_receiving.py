"""What the reference system does with what comes: stored once, confirmed, answered, never lost."""

import asyncio
import base64
import io
import sqlite3
import zipfile
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from simulator.agency.dms import Dms, NotNow, UnknownDocument
from simulator.agency.kit.signatures import combined
from simulator.agency.kit.store import Store
from simulator.agency.tests.conftest import (
    PEER,
    PEER_OLD,
    US,
    US_NEW,
    HandClock,
    Opener,
    letter,
    only,
    recall_of,
    replacement_of,
    status,
    trace,
    update_of,
    with_files,
)
from simulator.agency.tests.stub_axis import HTML, StubAxis, fail
from simulator.clock import VIETNAM
from simulator.protocol import codec
from simulator.protocol.package import (
    Attachment,
    Business,
    DocumentType,
    Element,
    OtherInfo,
    Party,
    Promulgation,
    Reference,
    Signer,
)
from simulator.trust import authorities_in

ID = letter().document_id


def by_id(dms: Dms, document_id: str = ID) -> dict[str, Any]:
    return only(
        [row for row in dms.documents("in") if row["document_id"] == document_id and row["kind"] in ("new", "replace")]
    )


async def test_a_document_is_stored_confirmed_and_answered_by_01_without_a_hand(dms: Dms, axis: StubAxis) -> None:
    delivery = axis.deliver(letter())

    assert await dms.poll_once() is None

    row = only(dms.documents("in"))
    assert (row["state"], row["kind"], row["from"], row["code_number"]) == ("arrived", "new", PEER, "12")
    assert row["attachments"][0]["name"] == "cong-van.pdf"
    assert row["attachments"][0]["size"] == 13
    assert axis.confirms == [(delivery, "done", "")]
    packet = only(axis.statuses())
    assert (packet.code, packet.sender.organ_id) == ("01", US)
    assert packet.response_for.organ_id == PEER
    assert packet.response_for.document_id == ID
    assert packet.response_for.code == "12/VPCP-TH"


async def test_a_whole_life_tells_the_sender_each_step_and_no_two_stamps_are_equal(dms: Dms, axis: StubAxis) -> None:
    axis.deliver(letter())
    await dms.poll_once()

    for action in ("accept", "assign", "start", "finish"):
        dms.act(ID, action)
    await dms.poll_once()

    assert axis.codes() == ["01", "03", "04", "05", "06"]
    stamps = [packet.timestamp for packet in axis.statuses()]
    assert len(set(stamps)) == 5
    assert stamps == sorted(stamps)
    assert by_id(dms)["state"] == "finished"


async def test_a_refusal_carries_the_clerks_reason_and_is_final(dms: Dms, axis: StubAxis) -> None:
    axis.deliver(letter())
    await dms.poll_once()

    with pytest.raises(NotNow):
        dms.act(ID, "refuse", reason=" ")
    with pytest.raises(NotNow, match="cannot stand"):
        dms.act(ID, "refuse", reason="x\u0000")
    dms.act(ID, "refuse", reason="Không thuộc thẩm quyền")
    for action in ("accept", "start", "finish", "refuse", "nonsense"):
        with pytest.raises(NotNow):
            dms.act(ID, action, reason="x")
    await dms.poll_once()

    assert axis.codes() == ["01", "02"]
    assert axis.statuses()[-1].description == "Không thuộc thẩm quyền"
    assert by_id(dms)["state"] == "refused"


async def test_an_act_goes_to_the_sender_that_is_named(dms: Dms, axis: StubAxis) -> None:
    axis.deliver(letter())
    axis.deliver(letter(sender=Party("H37")))
    await dms.poll_once()

    dms.act(ID, "accept", organ=PEER_OLD)

    states = {row["from"]: row["state"] for row in dms.documents("in")}
    assert states == {PEER: "accepted", "H37": "arrived"}
    with pytest.raises(UnknownDocument):
        dms.act(ID, "accept", organ="H41")
    with pytest.raises(UnknownDocument):
        dms.act("nothing", "accept")


async def test_a_kill_before_the_confirmation_registers_once(opened: Opener, axis: StubAxis) -> None:
    axis.deliver(letter())
    axis.always["updateStatus"] = HTML
    first = opened()
    await first.poll_once()
    assert axis.listed["edoc"]

    axis.always.clear()
    second = opened()
    await second.poll_once()

    assert only(second.documents("in"))["state"] == "arrived"
    assert axis.codes() == ["01"]
    assert not axis.listed["edoc"]
    assert axis.count("getEdoc") == 1


class Killed(BaseException):
    """As sudden as a kill: nothing of ours catches it."""


async def test_a_kill_in_the_middle_of_storing_keeps_nothing_half(opened: Opener, axis: StubAxis) -> None:
    axis.deliver(letter())

    class Dying(Dms):
        def receive(self, found: Any) -> tuple[str, str]:
            super().receive(found)
            raise Killed

    with pytest.raises(Killed):
        await opened(Dying).poll_once()
    assert not axis.confirms

    second = opened()
    await second.poll_once()
    assert only(second.documents("in"))["state"] == "arrived"
    assert axis.codes() == ["01"]


async def test_the_same_package_once_more_is_one_record_with_a_warning(dms: Dms, axis: StubAxis) -> None:
    axis.deliver(letter())
    await dms.poll_once()
    axis.deliver(letter(trace=trace(Business(doc_type=0, paper=0), datetime(2026, 11, 20, 9, 0, tzinfo=VIETNAM))))

    await dms.poll_once()

    assert only(dms.documents("in"))["warnings"] == ["duplicate"]
    assert axis.codes() == ["01"]
    assert len(axis.confirms) == 2


@pytest.mark.parametrize(
    "other",
    [
        letter(subject="Nội dung khác"),
        letter(document_id="another-id", subject="Nội dung khác"),
        letter(document_id="another-id", sender=Party(PEER_OLD)),
    ],
)
async def test_what_may_be_a_duplicate_is_shown_and_never_merged(other: Any, dms: Dms, axis: StubAxis) -> None:
    axis.deliver(letter())
    axis.deliver(other)

    await dms.poll_once()

    first, second = dms.documents("in")
    assert first["warnings"] == []
    assert second["warnings"] == ["duplicate"]
    assert axis.codes() == ["01", "01"]


async def test_the_same_number_of_another_year_or_unit_is_no_duplicate(dms: Dms, axis: StubAxis) -> None:
    axis.deliver(letter())
    axis.deliver(letter(document_id="last-year", promulgation=Promulgation("", date(2025, 11, 20))))
    axis.deliver(letter(document_id="other-unit", sender=Party("H37")))

    await dms.poll_once()

    assert [row["warnings"] for row in dms.documents("in")] == [[], [], []]


@pytest.mark.parametrize("code", [US, US_NEW, "sut.test.01"])
async def test_both_codes_of_our_unit_are_our_unit(code: str, dms: Dms, axis: StubAxis) -> None:
    axis.deliver(letter(receivers=(Party("H41"), Party(code))))

    await dms.poll_once()

    assert by_id(dms)["state"] == "arrived"


def packed(entries: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def zipped(name: str, payload: bytes) -> Attachment:
    return Attachment("cid:1", name, content_type="application/zip", encoded=base64.b64encode(payload))


DEFECTS: dict[str, Any] = {
    "damaged base64": with_files(Attachment("cid:1", "a.pdf", encoded=b"\xef\xbf\xbd\xef\xbf\xbd")),
    "no archive": with_files(zipped("a.txt", b"PK\x03\x04 broken")),
    "bomb": with_files(zipped("a.txt", packed({"a.txt": bytes(30_000_000)}))),
    "path out": with_files(zipped("a.txt", packed({"../../a.txt": b"x"}))),
    "two entries": with_files(zipped("a.txt", packed({"a.txt": b"x", "b.txt": b"y"}))),
    "not for us": letter(receivers=(Party("H41"),)),
    "no subject": letter(subject=""),
    "no number": letter(code=None),
    "no date": letter(promulgation=Promulgation("Hà Nội")),
    "missing file": letter(manifest=(*letter().manifest, Reference("cid:2", "", "", "b.pdf"))),
    "business 4": letter(trace=trace(Business(doc_type=4))),
    "replaces nothing": replacement_of(letter(), document_id=ID),
}


@pytest.mark.parametrize("defect", DEFECTS)
async def test_an_unacceptable_document_is_refused_with_a_reason(defect: str, dms: Dms, axis: StubAxis) -> None:
    delivery = axis.deliver(DEFECTS[defect])

    assert await dms.poll_once() is None

    assert axis.confirms == [(delivery, "done", "")]
    packet = only(axis.statuses())
    assert packet.code == "02"
    assert packet.description not in ("", "từ chối tiếp nhận")
    assert by_id(dms)["state"] == "refused"
    assert by_id(dms)["reason"] == packet.description


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"http://www.mic.gov.vn/TBT/QCVN_102_2016", b"http://www.go.vn/eDoc"),
        (b'<edXML xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016">', b"<edXML>"),
        (b"<edXML xmlns", b"<eDoc xmlns"),
    ],
)
async def test_a_wrong_namespace_or_root_is_refused_by_name(old: bytes, new: bytes, dms: Dms, axis: StubAxis) -> None:
    data = (
        codec.encode(letter()).replace(old, new).replace(b"</edXML>", b"</eDoc>" if b"eDoc x" in new else b"</edXML>")
    )
    axis.deliver(data)

    await dms.poll_once()

    assert axis.codes() == ["02"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"edXML:", b""),  # everything in the default namespace
        (b"edXML:", b"qcvn:"),
    ],
)
async def test_every_form_that_xml_calls_equal_is_read(old: bytes, new: bytes, dms: Dms, axis: StubAxis) -> None:
    data = codec.encode(letter()).replace(b"xmlns:edXML=", b"xmlns:qcvn=").replace(old, new)
    axis.deliver(data)

    await dms.poll_once()

    assert axis.codes() == ["01"]


@pytest.mark.parametrize(
    "poison",
    [
        b"",
        b"\x00" * 40,
        b"not xml at all",
        b"1212" + codec.encode(letter()),
        codec.encode(letter())[:900],
        b'<!DOCTYPE a [<!ENTITY x "y">]>' + codec.encode(letter()).split(b"\r\n", 1)[1],
        b"<edXML/>",
        codec.encode(letter(sender=Party("null"))),
        codec.encode(letter(document_id="")),
    ],
)
async def test_what_cannot_be_read_is_confirmed_fail_and_its_neighbours_arrive(
    poison: bytes, dms: Dms, axis: StubAxis
) -> None:
    bad = axis.deliver(poison)
    good = axis.deliver(letter())

    assert await dms.poll_once() is None

    words = {delivery: word for delivery, word, _ in axis.confirms}
    assert words == {bad: "fail", good: "done"}
    assert by_id(dms)["state"] == "arrived"
    assert axis.codes() == ["01"]


async def test_a_defect_of_ours_leaves_the_delivery_listed_and_the_neighbours_alone(
    opened: Opener, axis: StubAxis
) -> None:
    axis.deliver(letter())
    axis.deliver(letter(document_id="second", number="13"))

    class Clumsy(Dms):
        def new_row(self, package: Any, found: Any) -> Any:
            if package.document_id == ID:
                raise KeyError("a defect")
            return super().new_row(package, found)

    dms = opened(Clumsy)
    await dms.poll_once()

    assert only(dms.documents("in"))["document_id"] == "second"
    assert axis.listed["edoc"] == ["delivery-1"]


async def test_files_are_told_by_their_content(dms: Dms, axis: StubAxis) -> None:
    word = packed({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<y/>"})
    files = (
        Attachment.of_file("Báo cáo.docx", word, content_id="cid:1"),
        replace(Attachment.of_file("raw.docx", word, content_id="cid:2", form="raw"), content_type="application/zip"),
        Attachment.of_file("empty.txt", b"", content_id="cid:cid:3"),
        Attachment.of_file("a.zip", packed({"x": b"1", "y": b"2"}), content_id="4"),
    )
    axis.deliver(with_files(*files))

    await dms.poll_once()

    row = by_id(dms)
    assert [each["size"] for each in row["attachments"]] == [
        len(word),
        len(word),
        0,
        len(packed({"x": b"1", "y": b"2"})),
    ]
    assert row["state"] == "arrived"


@pytest.mark.parametrize(
    ("signature", "word"),
    [
        (None, "absent"),
        (Element("DigitalSignature"), "absent"),
        (Element("Signature", children=(Element("SignatureValue", text="abc"),)), "unchecked"),
    ],
)
async def test_an_empty_signature_is_none(signature: Any, word: str, dms: Dms, axis: StubAxis) -> None:
    axis.deliver(letter(signature=signature))

    await dms.poll_once()

    assert by_id(dms)["signature"] == word


@pytest.mark.parametrize(
    ("words", "word"),
    [
        ((), "absent"),
        (("absent", "valid"), "valid"),
        (("valid", "unchecked"), "unchecked"),
        (("valid", "invalid", "unchecked"), "invalid"),
    ],
)
def test_one_signature_that_does_not_hold_spoils_the_document(words: tuple[str, ...], word: str) -> None:
    assert combined(words) == word


async def test_what_is_installed_is_read_file_by_file(tmp_path: Path) -> None:
    (tmp_path / "root-broken.pem").write_text("no certificate")

    assert authorities_in(tmp_path) == authorities_in(tmp_path / "missing") == authorities_in(None) == ()


async def test_the_clerk_is_warned_of_a_future_and_of_a_stranger(dms: Dms, axis: StubAxis, clock: HandClock) -> None:
    late = clock.now() + timedelta(days=3)
    axis.deliver(
        letter(sender=Party("X99"), promulgation=Promulgation("", late.date()), trace=trace(Business(doc_type=0), late))
    )

    await dms.poll_once()

    assert by_id(dms)["warnings"] == ["future-date", "future-timestamp", "unknown-sender"]


# ---------------------------------------------------------------- recall, update, replacement


async def test_a_recalled_document_is_gone_and_its_record_stays(dms: Dms, axis: StubAxis) -> None:
    axis.deliver(letter())
    await dms.poll_once()
    dms.act(ID, "accept")
    axis.deliver(recall_of(letter(), sender=Party(PEER_OLD)))

    await dms.poll_once()

    row = by_id(dms)
    assert (row["state"], row["attachments"], row["subject"]) == ("recalled", [], "")
    record = only([each for each in dms.documents("in") if each["kind"] == "recall"])
    assert (record["refers_to"], record["reason"]) == (ID, "Ban hành nhầm")
    assert axis.codes() == ["01", "03", "15"]
    assert axis.statuses()[-1].response_for.document_id == ID
    dms.act(ID, "agree")
    with pytest.raises(NotNow):
        dms.act(ID, "decline", reason="x")
    with pytest.raises(NotNow):
        dms.act(ID, "start")


async def test_an_update_changes_its_document_and_is_kept(dms: Dms, axis: StubAxis) -> None:
    axis.deliver(letter())
    await dms.poll_once()
    dms.act(ID, "accept")
    axis.deliver(replace(update_of(letter()), code=letter(number="77").code))

    await dms.poll_once()

    row = by_id(dms)
    assert (row["subject"], row["code_number"], row["state"]) == ("Nội dung mới", "77", "accepted")
    record = only([each for each in dms.documents("in") if each["kind"] == "update"])
    assert (record["document_id"], record["refers_to"]) == ("update-1", ID)
    assert axis.codes() == ["01", "03", "15"]
    assert axis.statuses()[-1].response_for.document_id == "update-1"
    dms.act("update-1", "agree")
    dms.act(ID, "agree")


async def test_a_document_its_update_and_its_recall_on_one_shuffled_list_end_recalled(dms: Dms, axis: StubAxis) -> None:
    early = datetime(2026, 11, 20, 8, 1, tzinfo=VIETNAM)
    late = datetime(2026, 11, 20, 8, 2, tzinfo=VIETNAM)
    update = replace(update_of(letter()), trace=trace(update_of(letter()).business, early))
    axis.deliver(replace(recall_of(letter()), trace=trace(recall_of(letter()).business, late)))
    axis.deliver(update)
    axis.deliver(letter())

    await dms.poll_once()

    assert by_id(dms)["state"] == "recalled"
    assert sorted(row["kind"] for row in dms.documents("in")) == ["new", "recall", "update"]
    assert axis.codes() == ["01", "15", "15"]


async def test_a_recall_that_names_the_update_reaches_the_document(dms: Dms, axis: StubAxis) -> None:
    axis.deliver(letter())
    axis.deliver(update_of(letter()))
    await dms.poll_once()
    axis.deliver(recall_of(replace(letter(), document_id="update-1")))

    await dms.poll_once()

    assert by_id(dms)["state"] == "recalled"


async def test_a_replacement_and_its_original_name_each_other(dms: Dms, axis: StubAxis) -> None:
    axis.deliver(letter())
    await dms.poll_once()
    axis.deliver(replacement_of(letter()))

    await dms.poll_once()

    assert by_id(dms)["state"] == "replaced"
    new = by_id(dms, "replacement-1")
    assert (new["kind"], new["state"], new["refers_to"]) == ("replace", "arrived", ID)
    with pytest.raises(NotNow):
        dms.act(ID, "accept")
    dms.act("replacement-1", "accept")


async def test_a_replacement_of_what_only_others_had_is_a_new_document(dms: Dms, axis: StubAxis) -> None:
    axis.deliver(replacement_of(letter(), ("H41",)))

    await dms.poll_once()

    assert by_id(dms, "replacement-1")["state"] == "arrived"


@pytest.mark.parametrize(
    "asked",
    [
        recall_of(letter(number="13")),
        recall_of(letter(), sender=Party("H41")),
        update_of(letter(), sender=Party("H41")),
        with_files(Attachment("cid:1", "a.pdf", encoded=b"%%%"), document_id="u", trace=update_of(letter()).trace),
    ],
)
async def test_what_may_not_be_changed_is_answered_by_16_and_stays(asked: Any, dms: Dms, axis: StubAxis) -> None:
    axis.deliver(letter())
    axis.deliver(asked)

    await dms.poll_once()

    assert by_id(dms)["state"] == "arrived"
    assert by_id(dms)["subject"] == "Về việc báo cáo tình hình"
    assert axis.codes() == ["01", "16"]
    assert axis.statuses()[-1].response_for.organ_id == asked.sender.organ_id
    assert axis.statuses()[-1].description


async def test_what_was_recalled_takes_no_update(dms: Dms, axis: StubAxis) -> None:
    axis.deliver(letter())
    axis.deliver(recall_of(letter()))
    await dms.poll_once()
    axis.deliver(update_of(letter()))

    await dms.poll_once()

    assert axis.codes() == ["01", "15", "16"]


# ---------------------------------------------------------------- 13


async def test_nobody_has_accepted_it_so_a_13_is_agreed_to_at_once(dms: Dms, axis: StubAxis) -> None:
    axis.deliver(letter())
    await dms.poll_once()
    axis.deliver(status("13", ID, sender=PEER_OLD, reason="Gửi nhầm"))

    await dms.poll_once()

    assert by_id(dms)["state"] == "recalled"
    assert by_id(dms)["reason"] == "Gửi nhầm"
    assert axis.codes() == ["01", "15"]
    dms.act(ID, "agree")
    axis.deliver(status("13", ID, sender=PEER, at=60))
    await dms.poll_once()
    assert axis.codes() == ["01", "15", "15"]


async def test_an_accepted_document_goes_back_only_when_the_clerk_agrees(dms: Dms, axis: StubAxis) -> None:
    axis.deliver(letter())
    await dms.poll_once()
    dms.act(ID, "accept")
    with pytest.raises(NotNow):
        dms.act(ID, "agree")

    axis.deliver(status("13", ID, sender=PEER, reason="Gửi nhầm"))
    await dms.poll_once()
    assert axis.codes() == ["01", "03"]
    assert by_id(dms)["asked_back"] == "Gửi nhầm"
    dms.act(ID, "decline", reason="Đã xử lý")
    dms.act(ID, "start")
    axis.deliver(status("13", ID, sender=PEER, at=30, reason="Lần hai"))
    await dms.poll_once()
    dms.act(ID, "agree")
    await dms.poll_once()

    assert axis.codes() == ["01", "03", "16", "05", "15"]
    assert axis.statuses()[2].description == "Đã xử lý"
    assert by_id(dms)["state"] == "recalled"


async def test_a_13_for_what_we_do_not_have_is_answered_by_16(dms: Dms, axis: StubAxis) -> None:
    axis.deliver(letter())
    axis.deliver(status("13", ID, sender="H41"))

    await dms.poll_once()

    assert axis.codes() == ["01", "16"]
    assert axis.statuses()[-1].response_for.organ_id == "H41"
    assert by_id(dms)["state"] == "arrived"


# ---------------------------------------------------------------- the axis misbehaves


@pytest.mark.parametrize("answer", [HTML, b"", fail("20"), {"status": "OK"}])
async def test_an_outage_is_reported_and_nothing_is_lost(answer: Any, dms: Dms, axis: StubAxis) -> None:
    axis.deliver(letter())
    axis.faults["getReceivedEdocList"].extend([answer, answer])

    trouble = await dms.poll_once()

    assert trouble is not None
    assert dms.trouble == trouble
    assert await dms.poll_once() is None
    assert dms.trouble is None
    assert by_id(dms)["state"] == "arrived"


async def test_one_delivery_that_cannot_be_fetched_keeps_no_other_back(dms: Dms, axis: StubAxis) -> None:
    axis.deliver(letter())
    axis.deliver(letter(document_id="second", number="13"))
    axis.faults["getEdoc"].append(fail("20"))

    await dms.poll_once()
    assert only(dms.documents("in"))["document_id"] == "second"

    await dms.poll_once()
    assert len(dms.documents("in")) == 2


async def test_a_fetch_without_an_answer_is_passed_over_once_then_the_axis_counts_as_away(
    dms: Dms, axis: StubAxis
) -> None:
    for number in range(4):
        axis.deliver(letter(document_id=f"id-{number}", number=str(20 + number)))
    axis.faults["getEdoc"].append(HTML)

    assert await dms.poll_once() is None
    assert len(dms.documents("in")) == 3

    axis.always["getEdoc"] = HTML
    for number in range(4):
        axis.deliver(letter(document_id=f"more-{number}", number=str(30 + number)))
    assert await dms.poll_once() is not None


async def test_a_confirmation_that_the_axis_refuses_is_noted(dms: Dms, axis: StubAxis) -> None:
    axis.deliver(letter())
    axis.faults["updateStatus"].append(fail("20"))

    await dms.poll_once()
    assert any("updateStatus" in text for _, _, text in dms.store.history())

    await dms.poll_once()
    assert not axis.listed["edoc"]


async def test_a_large_document_is_read_beside_the_desk(dms: Dms, axis: StubAxis) -> None:
    axis.deliver(with_files(Attachment.of_file("big.pdf", b"%PDF" + bytes(400_000), content_id="cid:1")))

    await dms.poll_once()

    assert by_id(dms)["attachments"][0]["size"] == 400_004


async def test_polling_goes_on_whatever_happens(opened: Opener, axis: StubAxis) -> None:
    class Stumbling(Dms):
        async def take_all(self, message_type: str) -> None:
            if self.polls == 0 and message_type == "edoc":
                self.polls += 1
                raise RuntimeError("a defect")
            await super().take_all(message_type)

    axis.deliver(letter())
    axis.faults["getReceivedEdocList"].extend([HTML, fail("15"), b"", HTML])
    dms = opened(Stumbling, poll_seconds=5)

    await dms.start()
    async with asyncio.timeout(120):
        while not axis.confirms:  # noqa: ASYNC110  # a condition on the wire
            await asyncio.sleep(0.01)

    assert by_id(dms)["state"] == "arrived"


async def test_reset_forgets_every_document(dms: Dms, axis: StubAxis) -> None:
    axis.deliver(letter())
    await dms.poll_once()

    dms.reset()

    assert dms.documents("in") == []
    assert dms.statistics(date(2026, 1, 1), date(2026, 12, 31)) == {"sent": 0, "received": 0, "by_status": {}}
    assert dms.unit_named("G22") is not None


async def test_statistics_count_documents_by_day_and_present_status(dms: Dms, axis: StubAxis, clock: HandClock) -> None:
    axis.deliver(letter())
    axis.deliver(letter())
    axis.deliver(letter(document_id="second", number="13"))
    await dms.poll_once()
    dms.act(ID, "accept")
    clock.tick(86_400)
    axis.deliver(letter(document_id="third", number="14"))
    axis.deliver(recall_of(letter(number="13", document_id="second")))
    await dms.poll_once()

    assert dms.statistics(date(2026, 11, 20), date(2026, 11, 20)) == {
        "sent": 0, "received": 2, "by_status": {"03": 1, "15": 1},
    }  # fmt: skip
    assert dms.statistics(date(2026, 11, 20), date(2026, 11, 21))["received"] == 3


async def test_the_axis_away_from_the_first_moment_is_no_crash(opened: Opener, axis: StubAxis) -> None:
    dms = opened(endpoint="http://127.0.0.1:9")

    trouble = await dms.poll_once()

    assert trouble is not None
    assert trouble.vi.startswith("getReceivedEdocList")


async def test_what_else_a_packet_says_is_shown_as_it_says_it(dms: Dms, axis: StubAxis) -> None:
    said = replace(
        letter(),
        document_type=DocumentType(type=2, name="Quyết định"),
        other=OtherInfo(priority=3),
        due_date=date(2026, 12, 24),
        signer=Signer("KT. CHỦ TỊCH", "Phó Chủ tịch", "Trần Thị Thử"),
        content="Nội dung",
    )
    axis.deliver(said)

    await dms.poll_once()

    row = by_id(dms)
    assert (row["type_name"], row["priority"], row["due_date"]) == ("Quyết định", 3, "2026-12-24")
    assert row["signer"] == {"competence": "KT. CHỦ TỊCH", "position": "Phó Chủ tịch", "full_name": "Trần Thị Thử"}
    assert row["content"] == "Nội dung"


async def test_what_a_packet_does_not_say_is_not_made_up(dms: Dms, axis: StubAxis) -> None:
    axis.deliver(replace(letter(), document_type=None, other=None, due_date=None, signer=None))

    await dms.poll_once()

    row = by_id(dms)
    assert [row[name] for name in ("type_name", "priority", "due_date", "signer")] == [None] * 4


def test_a_book_of_an_earlier_version_gets_its_newer_columns(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.close()
    with sqlite3.connect(tmp_path / "dms.sqlite") as old:
        for column in ("type_name", "priority", "due_date", "signer", "content"):
            old.execute(f"ALTER TABLE incoming DROP COLUMN {column}")
        old.execute(
            "INSERT INTO incoming VALUES (1, 'd', 's', '1', 'n', '', 'x', 'new', 'arrived', '', '', '', '', '[]',"
            " NULL, '[]', 'absent', NULL, NULL, NULL)"
        )
    old.close()

    store = Store(tmp_path)
    (row,) = store.incoming()
    store.put(replace(row, signer=("", "Chủ tịch", "Trần Thị Thử"), priority=2))
    (again,) = store.incoming()
    store.close()

    assert (row.document_id, row.type_name, row.signer) == ("d", None, ())
    assert (again.signer, again.priority) == (("", "Chủ tịch", "Trần Thị Thử"), 2)
