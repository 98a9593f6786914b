"""What the reference system sends, what it refuses to send, and what it believes its receivers."""

import asyncio
import base64
import unicodedata
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.agency.dms import Dms, NotNow, Refused, UnknownDocument
from simulator.agency.kit.orders import DOCUMENT_TYPES, Order
from simulator.agency.tests.conftest import HandClock, Opener, letter, only, order, status
from simulator.agency.tests.stub_axis import DROP, HANG, HTML, OK, StubAxis, fail
from simulator.protocol import codec
from simulator.protocol.identifiers import DocumentIdForm, parse_document_id
from simulator.protocol.package import Party

ID = "000.00.00.H98,2026/11/20,12/UBND-VP"


def row(dms: Dms, document_id: str = ID, kind: str = "new") -> dict[str, Any]:
    return only([each for each in dms.documents("out") if (each["document_id"], each["kind"]) == (document_id, kind)])


def shown(dms: Dms, document_id: str = ID, kind: str = "new") -> dict[str, str]:
    return {each["organ"]: each["status"] for each in row(dms, document_id, kind)["receivers"]}


async def test_an_order_becomes_a_package_that_says_what_the_clerk_said(dms: Dms, axis: StubAxis) -> None:
    files = [{"name": name, "content_base64": base64.b64encode(data).decode()} for name, data in (
        ("Công văn số 5.pdf", b"%PDF"), ("Phụ lục.docx", b"PK\x05\x06docx"), ("rỗng.txt", b""),
    )]  # fmt: skip

    document_id = await dms.send(
        order(to=["G22", "000.00.00.H41"], code_number="5", priority=2, due_date="2026-12-01", attachments=files)
    )

    package = only(axis.documents())
    assert document_id == package.document_id == "000.00.00.H98,2026/11/20,05/UBND-VP"
    assert (package.code.number, package.code.notation) == ("05", "UBND-VP")
    assert package.sender == Party("000.00.00.H98", name="UBND tỉnh Thử Nghiệm")
    assert [(each.organ_id, each.name) for each in package.receivers] == [
        ("G22", "Văn phòng Chính phủ"), ("000.00.00.H41", "UBND tỉnh Nghệ An"),
    ]  # fmt: skip
    assert (package.promulgation.place, package.promulgation.issued) == ("Nghệ An", date(2026, 11, 20))
    assert (package.subject, package.due_date, package.other.priority) == ("Về việc báo cáo", date(2026, 12, 1), 2)
    assert package.document_type.name == "Công văn"
    assert (package.signer.position, package.signer.full_name) == ("Chủ tịch", "Trần Thị B")
    assert package.business_type == 0
    assert [each.name for each in package.manifest] == [each.name for each in package.attachments]
    assert [each.file() for each in package.attachments] == [b"%PDF", b"PK\x05\x06docx", b""]
    sent = row(dms, document_id)
    assert (sent["state"], sent["sent_at"]) == ("sent", "2026-11-20T08:00:00+07:00")
    assert sent["receivers"] == [
        {"organ": "G22", "status": None, "reason": None}, {"organ": "000.00.00.H41", "status": None, "reason": None},
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "x", "Nội dung " * 400 + "hết"])
async def test_a_content_leaves_as_it_was_given(text: str, dms: Dms, axis: StubAxis) -> None:
    await dms.send(order(content=text))

    packet = codec.decode(only([data for kind, data in axis.accepted if kind == "edoc"])).packet

    assert packet
    assert getattr(packet, "content", None) == text


async def test_nothing_is_invented_where_nothing_was_given(dms: Dms, axis: StubAxis) -> None:
    await dms.send(order(place=None, due_date=None, attachments=[], type_name=None, priority=None))

    package = only(axis.documents())
    assert package.due_date is None
    assert package.promulgation.place == ""
    assert package.document_type.name == ""
    assert package.attachments == package.manifest == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"secrecy": "mat"},
        {"secrecy": "tuyet-mat"},
        {"code_number": ""},
        {"code_number": None},
        {"code_notation": None},
        {"subject": "  "},
        {"promulgation_date": None},
        {"signer": None},
        {"signer": {"position": "Chủ tịch", "full_name": ""}},
        {"signer": {"position": None, "full_name": "A"}},
        {"signer": "A"},
        {"to": []},
        {"to": "H41"},
        {"to": [None]},
        {"promulgation_date": "2026-02-30"},
        {"promulgation_date": "20/11/2026"},
        {"promulgation_date": "20261120"},
        {"promulgation_date": "2026-11-21"},
        {"due_date": "soon"},
        {"code_number": "0"},
        {"code_number": "123456789012"},
        {"code_notation": "X" * 31},
        {"subject": "x" * 501},
        {"subject": True},
        {"subject": "xấu\u0000"},
        {"type_name": "Tâm thư"},
        {"priority": 4},
        {"priority": "1"},
        {"to": ["H41", "Q77"]},
        {"to": ["null"]},
        {"to": ["H98"]},
        {"to": ["000.00.00.H98", "H41"]},
        {"attachments": [{"name": "a.pdf", "content_base64": "%%%"}]},
        {"attachments": [{"name": "", "content_base64": ""}]},
        {"attachments": [{"name": "a" * 501, "content_base64": ""}]},
        {"attachments": [{"name": "a.pdf"}]},
        {"attachments": {}},
        {"attachments": [{"name": "a.pdf", "content_base64": base64.b64encode(bytes(2001)).decode()}]},
        {"kind": "recall", "refers_to": "nothing", "reason": "x"},
        {"kind": "update", "refers_to": "nothing", "reason": "x"},
        {"kind": "replace", "refers_to": "nothing", "reason": "x"},
        {"kind": "recall", "refers_to": ID, "reason": ""},
        {"kind": "forward", "refers_to": ID, "reason": "x"},
        {"to": ["H41\u0007"]},
        {"refers_to": "\ud800", "kind": "recall", "reason": "x"},
    ],
)
async def test_what_must_not_leave_is_refused_with_a_reason(
    changes: dict[str, Any], opened: Opener, axis: StubAxis
) -> None:
    dms = opened(max_attachment_bytes=2000)

    with pytest.raises(Refused) as refused:
        await dms.send(order(**changes))

    assert refused.value.because.vi
    assert refused.value.because.en
    assert "{" not in refused.value.because.en + refused.value.because.vi
    assert axis.accepted == []
    assert dms.documents("out") == []


async def test_a_package_beyond_the_limit_is_refused_whole(opened: Opener, axis: StubAxis) -> None:
    dms = opened(limits=replace(opened().config.limits, package_bytes=3000))
    files = [{"name": f"{n}.pdf", "content_base64": base64.b64encode(bytes(900)).decode()} for n in range(4)]

    with pytest.raises(Refused, match="bytes"):
        await dms.send(order(attachments=files))

    assert dms.documents("out") == []


@pytest.mark.parametrize("name", DOCUMENT_TYPES)
async def test_each_of_the_29_types_is_known(name: str, dms: Dms) -> None:
    assert dms.check_type(dms.complete(_parsed(type_name=unicodedata.normalize("NFD", name.upper())))) is None


def _parsed(**changes: Any) -> Order:
    return Order.parse(order(**changes))


@given(number=st.integers(1, 10**9))
def test_a_number_below_ten_gets_one_leading_zero_and_no_other(number: int) -> None:
    code = Dms.code_of(None, _parsed(code_number=str(number)))

    assert int(code.number) == number
    assert (len(code.number) == 2) if number < 100 else not code.number.startswith("0")


@pytest.mark.parametrize("number", ["12a", "12/2026", "Đ1", "1 2"])
async def test_other_numbers_leave_as_they_are(number: str, dms: Dms, axis: StubAxis) -> None:
    await dms.send(order(code_number=number, code_notation="QĐ-UBND/Đ"))

    package = only(axis.documents())
    assert (package.code.number, package.code.notation) == (number, "QĐ-UBND/Đ")


async def test_both_codes_of_one_receiver_are_one_receiver(dms: Dms, axis: StubAxis) -> None:
    await dms.send(order(to=["H41", "000.00.00.H41", "G22"]))

    assert [each.organ_id for each in only(axis.documents()).receivers] == ["H41", "G22"]


async def test_a_number_is_given_once_a_year(dms: Dms, axis: StubAxis) -> None:
    await dms.send(order(promulgation_date="2025-11-20"))
    await dms.send(order())

    with pytest.raises(Refused, match="already given"):
        await dms.send(order(promulgation_date="2026-03-01"))

    assert len(axis.documents()) == 2


async def test_after_every_receiver_refused_a_corrected_document_may_leave(dms: Dms, axis: StubAxis) -> None:
    await dms.send(order())
    axis.deliver(status("02", ID, reason="Thiếu phụ lục"))
    await dms.poll_once()
    assert row(dms)["receivers"] == [{"organ": "H41", "status": "02", "reason": "Thiếu phụ lục"}]

    second = await dms.send(order(subject="Đã sửa"))
    third = None
    axis.deliver(status("02", second))
    await dms.poll_once()
    third = await dms.send(order(subject="Đã sửa nữa"))

    assert len({ID, second, third}) == 3
    assert second == "000.00.00.H98,2026,12/UBND-VP"
    assert parse_document_id(third).form is DocumentIdForm.UUID


async def test_a_closed_unit_is_refused_and_a_new_one_is_found(dms: Dms, axis: StubAxis) -> None:
    axis.units[1]["deleted"] = True
    with pytest.raises(Refused, match="closed"):
        await dms.send(order())
    axis.pairs.append({"code": "H99", "code102": "", "name": "Mới"})
    axis.units += [{"code": "H37.DN.001"}, {"code": "", "name": "x"}]

    assert await dms.send(order(to=["H99", "H37.DN.001"], code_number="13"))


@pytest.mark.parametrize("answer", [HTML, fail("20"), {"status": "OK", "ErrorCode": "0", "data": []}])
async def test_without_a_directory_the_axis_decides(answer: Any, dms: Dms, axis: StubAxis) -> None:
    for operation in ("getAgenciesListQD20", "getSynchronizeUnit"):
        axis.always[operation] = answer
    axis.on_send = lambda data: fail("18")

    with pytest.raises(Refused, match="18"):
        await dms.send(order(to=["Q77"]))

    assert row(dms)["state"] == "failed"
    assert "18" in row(dms)["reason"]
    axis.on_send = None
    assert await dms.send(order()) == ID  # what never left has used up no number
    with pytest.raises(NotNow):
        dms.act(ID, "take-back", reason="x", organ="Q77")


async def test_a_directory_that_hangs_holds_no_order_up(opened: Opener, axis: StubAxis) -> None:
    axis.always["getAgenciesListQD20"] = HANG
    dms = opened(timeout=5.0, answer_seconds=0.1)

    assert await dms.send(order(to=["Q77"])) == ID


async def test_the_directory_is_kept_over_a_restart_and_renewed_in_time(
    opened: Opener, axis: StubAxis, clock: HandClock
) -> None:
    first = opened()
    await first.poll_once()
    calls = axis.count("getSynchronizeUnit")
    await first.poll_once()
    assert axis.count("getSynchronizeUnit") == calls
    clock.tick(301)
    await first.poll_once()
    assert axis.count("getSynchronizeUnit") == calls + 1

    second = opened()
    assert second.same_unit("H41", "000.00.00.H41")
    assert second.unit_named("000.00.00.H41").name == "UBND tỉnh Nghệ An"


async def test_the_directory_goes_before_the_mapping_rule(dms: Dms, axis: StubAxis) -> None:
    assert dms.same_unit("H53.13", "000.00.13.H53")  # the rule, where no directory says anything
    axis.pairs.append({"code": "H53.77", "code102": "000.00.13.H53", "name": "Sở"})

    await dms.poll_once()

    assert dms.same_unit("H53.77", "000.00.13.H53")
    assert not dms.same_unit("H53.13", "000.00.13.H53")
    assert not dms.same_unit("", "")


# ---------------------------------------------------------------- the axis away, the outbox


async def test_while_the_axis_is_away_a_document_waits_and_then_leaves_once(
    opened: Opener, axis: StubAxis, clock: HandClock
) -> None:
    axis.always["sendEdoc"] = DROP
    first = opened()
    await first.poll_once()

    assert await first.send(order()) == ID
    first.act(ID, "take-back", reason="Gửi nhầm")
    assert row(first)["state"] == "queued"
    for _ in range(8):
        clock.tick(60)
        await first.poll_once()
    assert first.store.waiting() == 2

    axis.always.clear()
    second = opened()
    await second.poll_once()

    assert row(second)["state"] == "sent"
    assert only(axis.documents()).document_id == ID
    assert axis.codes() == ["13"]
    assert [kind for kind, _ in axis.accepted] == ["edoc", "status"]


async def test_an_accepted_package_whose_answer_was_lost_is_repeated_byte_for_byte(dms: Dms, axis: StubAxis) -> None:
    axis.faults["sendEdoc"].extend(["accept-and-drop", "accept-and-drop"])

    await dms.send(order())
    assert row(dms)["state"] == "queued"
    await dms.poll_once()

    assert row(dms)["state"] == "sent"
    assert len(axis.accepted) == 1
    bodies = {seen.body for seen in axis.seen if seen.operation == "sendEdoc"}
    assert len(bodies) == 1
    assert axis.count("sendEdoc") == 3


@pytest.mark.parametrize("answer", [fail("20"), fail("15"), fail("99"), OK, OK | {"DocId": "0"}, HTML])
async def test_what_may_pass_is_tried_again(answer: Any, dms: Dms, axis: StubAxis) -> None:
    axis.faults["sendEdoc"].append(answer)

    assert await dms.send(order()) == ID
    assert row(dms)["state"] == "queued"
    await dms.poll_once()

    assert row(dms)["state"] == "sent"


async def test_a_forged_sender_is_shown_and_not_tried_again(dms: Dms, axis: StubAxis) -> None:
    axis.on_send = lambda data: fail("19")

    with pytest.raises(Refused, match="19"):
        await dms.send(order())
    await dms.poll_once()
    await dms.poll_once()

    assert axis.count("sendEdoc") == 1
    assert row(dms)["state"] == "failed"


async def test_a_status_that_the_axis_refuses_for_good_stops_no_other(dms: Dms, axis: StubAxis) -> None:
    axis.deliver(letter(sender=Party("H37")))
    axis.deliver(letter())
    axis.on_send = lambda data: fail("18") if b"H37" in data else None

    await dms.poll_once()
    await dms.poll_once()

    assert [packet.response_for.organ_id for packet in axis.statuses()] == ["G22"]
    assert dms.store.waiting() == 0


async def test_a_letter_that_our_own_defect_keeps_back_stops_no_other(opened: Opener, axis: StubAxis) -> None:
    class Clumsy(Dms):
        def bytes_to_send(self, letter: Any) -> bytes:
            if letter.lane == ID:
                raise KeyError("a defect")
            return super().bytes_to_send(letter)

    dms = opened(Clumsy)
    await dms.send(order())
    other = await dms.send(order(code_number="13"))

    assert row(dms)["state"] == "queued"
    assert row(dms, other)["state"] == "sent"


async def test_letters_of_one_document_keep_their_order_and_the_urgent_document_leaves_first(
    dms: Dms, axis: StubAxis
) -> None:
    axis.always["sendEdoc"] = DROP
    for number, priority in (("21", 0), ("22", 0), ("23", 3)):
        await dms.send(order(code_number=number, priority=priority))
    slow = "000.00.00.H98,2026/11/20,21/UBND-VP"
    await dms.send(order(kind="update", refers_to=slow, reason="Sửa", code_number="24", priority=3))
    axis.always.clear()

    await dms.poll_once()

    assert [each.code.number for each in axis.documents()] == ["23", "21", "24", "22"]


async def test_a_document_forgotten_while_it_leaves_is_no_crash(dms: Dms, axis: StubAxis) -> None:
    def forget(data: bytes) -> None:
        dms.reset()

    axis.on_send = forget

    assert await dms.send(order()) == ID
    assert dms.documents("out") == []


async def test_an_axis_that_hangs_holds_no_clerk_up(opened: Opener, axis: StubAxis) -> None:
    dms = opened(timeout=30.0, answer_seconds=0.1)
    await dms.poll_once()
    axis.deliver(letter())
    await dms.poll_once()
    for operation in ("sendEdoc", "getReceivedEdocList"):
        axis.always[operation] = HANG
    poll = asyncio.create_task(dms.poll_once())

    async with asyncio.timeout(120):
        assert await dms.send(order()) == ID
        dms.act(letter().document_id, "accept")

    assert row(dms)["state"] == "queued"
    assert not poll.done()
    poll.cancel()


async def test_large_orders_are_packed_beside_the_desk(dms: Dms, axis: StubAxis) -> None:
    content = base64.b64encode(bytes(300_000)).decode()

    await dms.send(order(attachments=[{"name": "a.pdf", "content_base64": content}]))

    assert row(dms)["attachments"][0]["size"] == 300_000


# ---------------------------------------------------------------- recall, update, replacement, 13


async def test_a_recall_names_the_document_and_each_receiver(dms: Dms, axis: StubAxis) -> None:
    await dms.send(order(to=["H41", "G22", "H37"]))

    with pytest.raises(Refused, match="cannot stand"):
        await dms.send({"kind": "recall", "refers_to": ID, "reason": "Nhầm\u0001"})
    answer = await dms.send(
        {"kind": "recall", "refers_to": ID, "reason": "Ban hành nhầm", "to": ["000.00.00.H41", "G22"]}
    )

    package = axis.documents()[-1]
    assert answer == package.document_id == ID
    assert (package.business_type, package.business.reason) == (1, "Ban hành nhầm")
    assert [each.organ_id for each in package.receivers] == ["H41", "G22"]
    assert [(each.organ_id, each.code, each.document_id) for each in package.response_for] == [
        ("H41", "12/UBND-VP", ID), ("G22", "12/UBND-VP", ID),
    ]  # fmt: skip
    assert package.attachments == ()
    with pytest.raises(Refused, match="did not receive"):
        await dms.send({"kind": "recall", "refers_to": ID, "reason": "x", "to": ["Q77"]})


async def test_a_document_that_all_gave_back_is_recalled_and_frozen(dms: Dms, axis: StubAxis) -> None:
    await dms.send(order(to=["H41", "G22"]))
    await dms.send(order(kind="recall", refers_to=ID, reason="Nhầm", to=[]))
    axis.deliver(status("15", ID, at=20))
    await dms.poll_once()
    assert row(dms)["state"] == "sent"
    axis.deliver(status("03", ID, sender="G22"))
    axis.deliver(status("15", ID, sender="000.00.00.G22", at=21))

    await dms.poll_once()

    assert row(dms)["state"] == "recalled"
    assert shown(dms) == shown(dms, kind="recall") == {"H41": "15", "G22": "15"}
    with pytest.raises(Refused):
        await dms.send(order(kind="update", refers_to=ID, reason="x", code_number="13"))
    with pytest.raises(NotNow):
        dms.act(ID, "take-back", reason="x")


async def test_an_update_names_its_target_and_the_changed_receivers(dms: Dms, axis: StubAxis) -> None:
    await dms.send(order(to=["H41", "G22"]))

    changed = await dms.send(
        order(kind="update", refers_to=ID, reason="Sửa", to=["000.00.00.H41", "H37"], subject="Mới")
    )

    package = axis.documents()[-1]
    assert changed == package.document_id != ID
    assert (package.business_type, package.business.document_id, package.business.reason) == (2, ID, "Sửa")
    info = only(list(package.business.document_infos))
    assert (info.document_info, info.document_receiver) == (1, 1)
    assert [(each.organ_id, each.type) for each in info.receivers] == [("H37", 1), ("G22", 0)]
    axis.deliver(status("16", changed, reason="Không đồng ý", at=20))
    await dms.poll_once()
    assert shown(dms, changed, "update") == {"000.00.00.H41": "16", "H37": None}
    assert shown(dms) == {"H41": None, "G22": None}
    with pytest.raises(Refused, match="already given"):
        await dms.send(order())


async def test_a_replacement_replaces(dms: Dms, axis: StubAxis) -> None:
    await dms.send(order(to=["H41", "G22"]))

    new = await dms.send(order(kind="replace", refers_to=ID, reason="Thay", to=["H41"], code_number="13"))

    package = axis.documents()[-1]
    assert package.business_type == 3
    item = only([each for group in package.business.replacements for each in group.items])
    assert (item.document_id, item.organ_ids) == (ID, ("H41", "G22"))
    assert row(dms)["state"] == "replaced"
    assert row(dms, new, "replace")["refers_to"] == ID


@pytest.mark.parametrize("receivers", [["H41"], ["H41", "G22", "H37"]])
async def test_a_take_back_carries_its_reason_to_one_as_to_many(receivers: list[str], dms: Dms, axis: StubAxis) -> None:
    await dms.send(order(to=receivers))

    dms.act(ID, "take-back", reason="Sai thể thức")
    await dms.poll_once()

    packets = axis.statuses()
    assert [each.response_for.organ_id for each in packets] == receivers
    assert {(each.code, each.description, each.response_for.document_id) for each in packets} == {
        ("13", "Sai thể thức", ID)
    }
    with pytest.raises(UnknownDocument):
        dms.act("nothing", "take-back", reason="x")
    with pytest.raises(NotNow):
        dms.act(ID, "take-back", reason="")


async def test_a_13_may_be_repeated_after_a_16(dms: Dms, axis: StubAxis, clock: HandClock) -> None:
    await dms.send(order())
    dms.act(ID, "take-back", reason="Một")
    axis.deliver(status("16", ID, reason="Đang xử lý", at=10))
    clock.tick(60)
    await dms.poll_once()
    assert row(dms)["receivers"] == [{"organ": "H41", "status": "16", "reason": "Đang xử lý"}]

    dms.act(ID, "take-back", reason="Hai", organ="000.00.00.H41")
    axis.deliver(status("15", ID, at=50))
    await dms.poll_once()

    assert axis.codes() == ["13", "13"]
    assert dms.store.codes_queued(ID) == ("13", "13")
    assert shown(dms) == {"H41": "15"}
    assert row(dms)["state"] == "recalled"


# ---------------------------------------------------------------- what the receivers say


@pytest.mark.parametrize(
    ("arriving", "seen"),
    [
        ([("01", 1), ("03", 2), ("04", 3), ("05", 4), ("06", 5)], "06"),
        ([("01", 1), ("03", 2), ("04", 3)], "04"),
        ([("05", 3), ("03", 2), ("01", 1)], "05"),
        ([("03", 2), ("03", 4), ("01", 5)], "03"),
        ([("01", 1), ("02", 2), ("03", 3), ("06", 4)], "02"),
        ([("03", 2), ("02", 3)], "03"),
        ([("06", 5), ("05", 6), ("02", 7)], "06"),
        ([("07", 1), ("99", 2), ("xx", 3)], None),
        ([("15", 1), ("16", 2)], None),
    ],
)
@pytest.mark.parametrize("in_one_heap", [True, False])
async def test_the_shown_status_never_goes_back(
    arriving: list[tuple[str, int]], seen: str, in_one_heap: bool, dms: Dms, axis: StubAxis, clock: HandClock
) -> None:
    await dms.send(order())
    clock.tick(60)
    for code, at in arriving:
        axis.deliver(status(code, ID, at=at, sender="000.00.00.H41"))
        if not in_one_heap:
            await dms.poll_once()

    await dms.poll_once()

    assert shown(dms) == {"H41": seen}
    assert {word for _, word, _ in axis.confirms} == {"done"}


async def test_a_stamp_of_next_year_blocks_no_later_status(dms: Dms, axis: StubAxis) -> None:
    await dms.send(order())
    axis.deliver(status("01", ID, at=400 * 86_400))
    await dms.poll_once()
    axis.deliver(replace(status("03", ID), timestamp=None))

    await dms.poll_once()

    assert shown(dms) == {"H41": "03"}


@pytest.mark.parametrize("blank", ["\u00a0", "\u2003"])
async def test_white_space_that_xml_does_not_know_hides_no_code(blank: str, dms: Dms, axis: StubAxis) -> None:
    await dms.send(order())
    packet = status("03", ID)
    about = replace(packet.response_for, document_id=f"{blank}{ID}{blank}") if packet.response_for else None
    axis.deliver(replace(packet, code=f"{blank}03{blank}", response_for=about))

    await dms.poll_once()

    assert shown(dms) == {"H41": "03"}


@pytest.mark.parametrize(
    "packet",
    [
        status("03", ID, sender="G22"),  # no receiver of it
        status("03", ID, sender="000.00.00.H98", to="H41"),  # roles swapped
        status("03", ID, to="G22"),  # meant for another one
        status("13", ID, reason="x"),  # only the sender says 13
        status("03", "another-id"),
        replace(status("03", ID), sender=None),
        replace(status("03", ID), response_for=None),
    ],
)
async def test_a_status_out_of_its_role_changes_nothing_and_is_written_down(
    packet: Any, dms: Dms, axis: StubAxis
) -> None:
    await dms.send(order())
    axis.deliver(packet)

    await dms.poll_once()

    assert shown(dms) == {"H41": None}
    assert axis.codes() == []
    assert only([word for _, word, _ in axis.confirms]) == "done"
    assert dms.store.history()


async def test_sent_documents_are_counted_by_the_day_on_which_they_left(
    dms: Dms, axis: StubAxis, clock: HandClock
) -> None:
    axis.always["sendEdoc"] = DROP
    await dms.send(order())
    clock.tick(86_400)
    axis.always.clear()
    await dms.poll_once()
    await dms.send(order(kind="recall", refers_to=ID, reason="x"))

    day = date(2026, 11, 20)
    assert dms.statistics(day, day)["sent"] == 0
    assert dms.statistics(day, day + timedelta(days=1))["sent"] == 1


async def test_what_we_send_is_read_back_equal(dms: Dms, axis: StubAxis) -> None:
    await dms.send(order())

    data = only([data for kind, data in axis.accepted if kind == "edoc"])

    assert codec.encode(codec.decode(data).packet) == data
    assert dms.store.package("out", 1) == data
