"""The semantics of the axis, without HTTP: what is delivered, to whom, once."""

import asyncio
import hashlib
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from simulator.hub.accepting import Receipt
from simulator.hub.admission import Refusal
from simulator.hub.hub import Hub
from simulator.hub.store.blobs import INSIDE
from simulator.hub.tests import axis
from simulator.hub.tests.axis import (
    NOON,
    OLD,
    OTHER,
    SECRET,
    SYSTEM,
    THIRD,
    TOPOLOGY,
    HandClock,
    Seen,
    a_hub,
    edoc,
    open_hub,
    status,
    with_files,
)
from simulator.hub.trouble import NotAdmitted
from simulator.protocol import codec
from simulator.protocol.package import Package
from simulator.protocol.profile import CodeForm, FailEffect, ProcessingEffect, Profile, Transit
from simulator.topology import Unit

pytestmark = pytest.mark.usefixtures("each_store")


async def send(hub: Hub, data: bytes, **options: Any) -> str:
    receipt = await hub.submit(data, **{"system_id": SYSTEM, "sender": SYSTEM, "message_type": "edoc", **options})
    assert isinstance(receipt, Receipt), receipt
    return receipt.doc_id


async def refusal(hub: Hub, data: bytes, **options: Any) -> Refusal:
    answer = await hub.submit(data, **{"system_id": SYSTEM, "sender": SYSTEM, "message_type": "edoc", **options})
    assert isinstance(answer, Refusal), answer
    return answer


async def ids(hub: Hub, system: str = OTHER, **options: Any) -> list[str]:
    return [line.delivery_id for line in await hub.received(system, **{"message_type": None, **options})]


# ---------------------------------------------------------------- sending


async def test_a_package_waits_for_each_receiver_under_an_id_of_its_own(tmp_path: Path) -> None:
    seen = Seen()
    async with a_hub(tmp_path) as hub:
        hub.witnesses.add(seen)

        doc_id = await send(hub, edoc(to=[OTHER, THIRD]))

        first, second = await ids(hub, OTHER), await ids(hub, THIRD)
        assert len({doc_id, *first, *second}) == 3
    (accepted,) = seen.named("accepted")
    assert accepted["from"] == SYSTEM
    assert accepted["to"] == [OTHER, THIRD]
    assert accepted["package"] == accepted["delivered"] == hashlib.sha256(edoc(to=[OTHER, THIRD])).hexdigest()
    assert accepted["document_id"] == "vxp.test.01,2026/11/20,1/TN"
    assert (accepted["business_type"], accepted["status_code"], accepted["queued"]) == (0, None, False)
    assert [fact["unit"] for fact in seen.named("opened")] == [OTHER, THIRD]


async def test_one_unit_under_both_code_forms_gets_one_delivery(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        await send(hub, edoc(to=["000.00.00.H98", "H98", "h98-alias", OLD]))

        (line,) = await hub.received(OLD, message_type="edoc")
        assert line.unit == "000.00.00.H98"


@pytest.mark.parametrize(
    ("form", "sender", "to", "shown"),
    [
        (CodeForm.AS_SENT, "H98", "000.00.00.H99", ("H98", "000.00.00.H99")),
        (CodeForm.AS_SENT, "000.00.00.H98", "H99", ("000.00.00.H98", "H99")),
        (CodeForm.CANONICAL, "000.00.00.H98", "000.00.00.H99", ("H98", "H99")),
    ],
)
async def test_lists_bear_the_codes_that_the_packet_bore(
    tmp_path: Path, form: CodeForm, sender: str, to: str, shown: tuple[str, str]
) -> None:
    seen = Seen()
    async with a_hub(tmp_path, profile=replace(Profile(), code_form=form)) as hub:
        hub.witnesses.add(seen)
        await hub.add_system("mine", [Unit(code="H99", code102="000.00.00.H99")])

        await send(hub, edoc(sender=sender, to=[to]), system_id=OLD, sender=sender)
        await send(hub, edoc("2", sender=sender, to=[to]), system_id=OLD, sender=sender, to=["mine"])

        lines = await hub.received("mine", message_type="edoc")
        back = hub.sent(OLD, id_=None, message_type="edoc")
    assert [(line.sender, line.unit) for line in lines] == [shown, shown]
    assert [(line.sender, line.unit) for line in back] == [shown, shown]
    assert [(fact["from"], fact["to"], fact["from_code"]) for fact in seen.named("accepted")] == [
        ("H98", ["H99"], shown[0])
    ] * 2
    assert [(fact["unit"], fact["code"]) for fact in seen.named("opened")] == [("H99", shown[1])] * 2


async def test_the_id_of_a_system_in_a_packet_is_shown_as_the_code_that_it_was_registered_with(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        await hub.add_system("mine", [Unit(code="000.00.00.H98"), Unit(code="H98.02", registered_as="000.00.02.H98")])

        await send(hub, edoc(to=["mine"]))

        (line,) = await hub.received("mine", message_type="edoc")
        assert line.unit == "000.00.00.H98"
        await hub.register("mine", code="000.00.02.H98", parent="", name="", mail="")
    again = open_hub(tmp_path)
    codes = [again.directory.entries[code].unit.own_code for code in ("H98", "H98.02")]
    await again.close()
    assert codes == ["000.00.00.H98", "000.00.02.H98"]


async def test_the_signed_argument_to_outweighs_the_packet(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        await send(hub, edoc(to=[OTHER]), to=[THIRD])

        assert await ids(hub, OTHER) == []
        assert len(await ids(hub, THIRD)) == 1


async def test_a_status_goes_to_the_unit_that_it_answers(tmp_path: Path) -> None:
    seen = Seen()
    async with a_hub(tmp_path) as hub:
        hub.witnesses.add(seen)

        await send(hub, status("03"), system_id=OTHER, sender=OTHER, message_type="status")

        assert len(await ids(hub, SYSTEM, message_type="status")) == 1
        assert await ids(hub, SYSTEM, message_type="edoc") == []
    (accepted,) = seen.named("accepted")
    assert (accepted["status_code"], accepted["response_for_organ"]) == ("03", SYSTEM)
    assert accepted["document_id"] == "vxp.test.01,2026/11/20,1/TN"
    assert accepted["business_type"] is None


async def test_a_package_to_its_own_sender_is_delivered(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        await send(hub, edoc(to=[SYSTEM]))

        assert len(await ids(hub, SYSTEM)) == 1


@pytest.mark.parametrize(
    ("changes", "options", "error", "words"),
    [
        ({"to": [OTHER, "nobody"]}, {}, "unknown-receiver", "Don vi nhan khong ton tai: nobody"),
        ({"to": [OTHER, ""]}, {}, "unknown-receiver", ""),
        ({"to": [OTHER, "000.00.00.H97"]}, {}, "closed-receiver", "Don vi nhan da khoa: 000.00.00.H97"),
        ({"to": []}, {}, "bad-format", "names no receiver"),
        ({}, {"sender": OTHER}, "wrong-sender", "Don vi gui vxp.test.02 khong dung voi ma da dang ky: vxp.test.01"),
        ({}, {"sender": ""}, "wrong-sender", "Don vi gui  khong dung voi ma da dang ky: vxp.test.01"),
        ({"sender": "H98"}, {}, "wrong-sender", "Don vi gui H98 khong dung voi ma da dang ky: vxp.test.01"),
        ({}, {"message_type": "status"}, "bad-format", "packet of kind edoc"),
    ],
)
async def test_a_refused_package_reaches_nobody(
    tmp_path: Path, changes: dict[str, Any], options: dict[str, Any], error: str, words: str
) -> None:
    seen = Seen()
    async with a_hub(tmp_path) as hub:
        hub.witnesses.add(seen)

        no = await refusal(hub, edoc(**changes), **options)

        assert no.error.id == error
        assert words in no.desc
        assert await ids(hub, OTHER) == []
    (fact,) = seen.named("refused")
    assert (fact["error"], fact["because"], fact["operation"]) == (error, no.desc, "sendEdoc")
    assert fact["package"] == hashlib.sha256(edoc(**changes)).hexdigest()
    assert seen.named("accepted") == []


@pytest.mark.parametrize(
    ("data", "error"),
    [(b"", "bad-file"), (b"%PDF", "bad-file"), (edoc()[:200], "bad-format"), (b"<!DOCTYPE x>" + edoc(), "bad-format")],
)
async def test_bytes_that_are_no_packet_are_refused(tmp_path: Path, data: bytes, error: str) -> None:
    async with a_hub(tmp_path) as hub:
        assert (await refusal(hub, data)).error.id == error


async def test_a_packet_beyond_a_limit_is_refused(tmp_path: Path) -> None:
    profile = Profile()
    small = replace(profile, limits=replace(profile.limits, elements=5))
    async with a_hub(tmp_path, profile=small) as hub:
        assert (await refusal(hub, edoc())).error.id == "file-processing"


async def test_the_sender_inside_is_not_looked_at_where_the_profile_says_so(tmp_path: Path) -> None:
    async with a_hub(tmp_path, profile=replace(Profile(), sender_in_package_checked=False)) as hub:
        await send(hub, edoc(sender="H98"))

        (fact,) = [fact for fact in hub.facts() if fact["fact"] == "accepted"]
        assert fact["from"] == SYSTEM


# ---------------------------------------------------------------- repeats


async def test_a_repeat_gets_the_first_doc_id_and_no_second_delivery(tmp_path: Path) -> None:
    seen = Seen()
    async with a_hub(tmp_path) as hub:
        hub.witnesses.add(seen)
        first = await send(hub, edoc())

        again = await hub.submit(edoc(), system_id=SYSTEM, sender=SYSTEM, message_type="edoc")

        assert again == Receipt(first, repeated=True)
        assert len(await ids(hub)) == 1
    assert [fact["doc_id"] for fact in seen.named("repeated")] == [first]


async def test_two_sends_at_once_are_one_sending(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        receipts = await asyncio.gather(*(send(hub, edoc()) for _ in range(20)))

        assert len(set(receipts)) == 1
        assert len(await ids(hub)) == 1


async def test_a_repeat_is_known_after_the_first_copy_was_confirmed_and_after_a_restart(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        first = await send(hub, edoc())
        await hub.confirm(OTHER, await ids(hub), "done")
        assert await send(hub, edoc()) == first

    async with a_hub(tmp_path) as hub:
        assert await send(hub, edoc()) == first
        assert await ids(hub) == []


async def test_a_repeat_outside_the_window_is_a_new_sending(tmp_path: Path) -> None:
    clock = HandClock()
    async with a_hub(tmp_path, clock=clock) as hub:
        first = await send(hub, edoc())
        clock.advance(hours=24)
        assert await send(hub, edoc()) == first
        clock.advance(seconds=1)

        assert await send(hub, edoc()) != first
        assert len(await ids(hub)) == 2


async def test_what_differs_in_bytes_route_or_system_is_no_repeat(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        doc_ids = {
            await send(hub, edoc(1)),
            await send(hub, edoc(1, subject="Khác")),
            await send(hub, edoc(1), to=[THIRD]),
        }

        assert len(doc_ids) == 3


async def test_a_repeat_of_a_refused_package_is_refused_again(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        for _ in range(2):
            assert (await refusal(hub, edoc(to=["nobody"]))).error.id == "unknown-receiver"


async def test_no_window_means_no_memory(tmp_path: Path) -> None:
    async with a_hub(tmp_path, profile=replace(Profile(), repeat_window_hours=0)) as hub:
        assert await send(hub, edoc()) != await send(hub, edoc())


# ---------------------------------------------------------------- receiving


async def test_a_fetched_package_stays_listed_until_it_is_confirmed(tmp_path: Path) -> None:
    seen = Seen()
    async with a_hub(tmp_path) as hub:
        hub.witnesses.add(seen)
        doc_id = await send(hub, edoc())
        (delivery,) = await ids(hub)

        assert await hub.fetch(OTHER, delivery) == edoc()
        assert await hub.fetch(OTHER, delivery) == edoc()
        assert await ids(hub) == [delivery]
        assert await hub.confirm(OTHER, [delivery], "processing") is None
        assert await ids(hub) == [delivery]
        assert await hub.confirm(OTHER, [delivery], "Done") is None
        assert await hub.confirm(OTHER, [delivery], "done") is None

        assert await ids(hub) == []
        assert await hub.fetch(OTHER, delivery) == edoc()
    words = [(fact["word"], fact["stage"]) for fact in seen.named("confirmed")]
    assert words == [("processing", "processing"), ("done", "done"), ("done", "done")]
    assert {fact["doc_id"] for fact in seen.named("confirmed") + seen.named("fetched")} == {doc_id}
    assert seen.named("polled")[0]["listed"] == [delivery]


async def test_fail_takes_a_package_off_the_list_and_the_sender_sees_why(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        doc_id = await send(hub, edoc())
        await hub.confirm(OTHER, await ids(hub), "fail", "hỏng")

        assert await ids(hub) == []
        (line,) = hub.sent(SYSTEM, id_=doc_id, message_type=None)
        assert (line.stage, line.description) == ("failed", "hỏng")


async def test_the_profile_may_turn_fail_and_processing_round(tmp_path: Path) -> None:
    profile = replace(
        Profile(), on_fail=FailEffect.KEEPS, on_processing=ProcessingEffect.HIDES, fetch_after_confirm=False
    )
    async with a_hub(tmp_path, profile=profile) as hub:
        await send(hub, edoc(1))
        await send(hub, edoc(2))
        failed, processing = await ids(hub)
        await hub.confirm(OTHER, [failed], "fail")
        await hub.confirm(OTHER, [processing], "processing")

        assert await ids(hub) == [failed]
        no = await hub.fetch(OTHER, failed)
        assert isinstance(no, Refusal)
        assert no.error.code == "10"


@pytest.mark.parametrize("system", [SYSTEM, THIRD])
async def test_a_delivery_belongs_to_its_receiver_alone(tmp_path: Path, system: str) -> None:
    async with a_hub(tmp_path) as hub:
        await send(hub, edoc())
        (delivery,) = await ids(hub)

        fetched = await hub.fetch(system, delivery)
        confirmed = await hub.confirm(system, [delivery], "done")

        assert isinstance(fetched, Refusal)
        assert isinstance(confirmed, Refusal)
        assert fetched.error.code == confirmed.error.code == "10"
        assert await ids(hub) == [delivery]


async def test_a_confirmation_takes_the_first_id_that_is_the_callers(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        await send(hub, edoc(1))
        await send(hub, edoc(2))
        first, second = await ids(hub)

        await hub.confirm(OTHER, ["unknown", second], "done")

        assert await ids(hub) == [first]
        no = await hub.confirm(OTHER, [first], "received")
        assert no is not None
        assert "not done, fail or processing" in no.desc
        nothing = await hub.confirm(OTHER, ["", ""], "done")
        assert nothing is not None
        assert "docId is missing" in nothing.desc


async def test_lists_are_filtered_by_time_type_and_limit_oldest_first(tmp_path: Path) -> None:
    clock = HandClock()
    async with a_hub(tmp_path, clock=clock, profile=replace(Profile(), list_limit=2)) as hub:
        doc_ids = []
        for number in range(4):
            doc_ids.append(await send(hub, edoc(number)))
            clock.advance(hours=1)

        lines = await hub.received(OTHER, message_type="edoc")
        late = await hub.received(OTHER, message_type="edoc", since=NOON.replace(hour=14), until=NOON.replace(hour=14))

        assert [line.created[11:13] for line in lines] == ["12", "13"]
        assert [line.created[11:13] for line in late] == ["14"]
        assert hub.count(OTHER, "edoc") == 4
        assert hub.count(OTHER, "status") == 0
        assert [line.doc_id for line in hub.sent(SYSTEM, id_=None, message_type="edoc")] == doc_ids[2:]


async def test_a_long_list_of_units_is_read_in_parts(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        units = [Unit(code=f"U{number}") for number in range(900)]
        await hub.add_system("many", units)
        for number in (850, 5, 450):
            await send(hub, edoc(number, to=[f"U{number}"]))

        lines = await hub.received("many", message_type="edoc")

        assert [line.unit for line in lines] == ["U850", "U5", "U450"]
        assert hub.count("many", "edoc") == 3


async def test_the_sent_list_is_asked_by_either_id_and_only_by_its_sender(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        doc_id = await send(hub, edoc(to=[OTHER, THIRD]))
        (delivery,) = await ids(hub, THIRD)

        by_doc_id = hub.sent(SYSTEM, id_=doc_id, message_type=None)
        by_delivery = hub.sent(SYSTEM, id_=delivery, message_type="edoc")

        assert [line.unit for line in by_doc_id] == [OTHER, THIRD]
        assert by_delivery == by_doc_id
        assert hub.sent(OTHER, id_=doc_id, message_type=None) == []
        assert hub.sent(SYSTEM, id_=doc_id, message_type="status") == []


# ---------------------------------------------------------------- the directory


async def test_a_registered_unit_sends_receives_and_is_taken_out(tmp_path: Path) -> None:
    seen = Seen()
    async with a_hub(tmp_path) as hub:
        hub.witnesses.add(seen)
        assert await hub.register(OTHER, code="999.01.H99", parent=OTHER, name="Con", mail="m") is None

        await send(hub, edoc(1, to=["999.01.H99"]))
        await send(
            hub, edoc(2, sender="999.01.H99", to=[SYSTEM]), system_id=OTHER, sender="999.01.H99", message_type="edoc"
        )
        assert len(await ids(hub, OTHER)) == 1
        assert await hub.remove(OTHER, "999.01.H99") is None

        assert (await refusal(hub, edoc(3, to=["999.01.H99"]))).error.id == "closed-receiver"
        again = await hub.remove(OTHER, "999.01.H99")
        assert again is not None
        assert again.error.code == "10"
    assert [fact["unit"] for fact in seen.named("unit-registered")] == ["999.01.H99"]
    assert [fact["unit"] for fact in seen.named("unit-closed")] == ["999.01.H99"]


async def test_registrations_survive_a_restart(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        await hub.register(OTHER, code="A1", parent=OTHER, name="Một", mail="")
        await hub.register(OTHER, code="A2", parent=OTHER, name="Hai", mail="")
        await hub.remove(OTHER, "A1")
        before = hub.directory

    hub = open_hub(tmp_path)
    assert hub.directory.entries == before.entries
    assert hub.credentials == before.credentials()
    await hub.close()


async def test_packages_for_sub_units_are_not_listed_where_the_profile_says_so(tmp_path: Path) -> None:
    async with a_hub(tmp_path, profile=replace(Profile(), lists_sub_units=False)) as hub:
        await hub.register(OTHER, code="A1", parent=OTHER, name="", mail="")
        await send(hub, edoc(to=["A1", OTHER]))

        assert [line.unit for line in await hub.received(OTHER, message_type=None)] == [OTHER]


async def test_nobody_registers_or_removes_what_is_not_theirs(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        answers = [
            await hub.register(OTHER, code="000.00.00.H98", parent="", name="", mail=""),
            await hub.register(OTHER, code=" ", parent="", name="", mail=""),
            await hub.remove(OTHER, "H98"),
            await hub.remove(OTHER, OTHER),
            await hub.remove(OTHER, "nobody"),
        ]

        assert [answer.error.id if answer else None for answer in answers] == [
            "wrong-sender", "bad-file", "wrong-sender", "bad-file", "bad-file",
        ]  # fmt: skip


async def test_secrets_are_made_once_and_survive_a_restart(tmp_path: Path) -> None:
    hub = open_hub(tmp_path)
    first = hub.credentials
    await hub.close()
    hub = open_hub(tmp_path)
    second = hub.credentials
    await hub.close()

    assert first == second
    assert len({secret for secret, _ in first.values()}) == len(TOPOLOGY.nodes)


async def test_an_added_system_takes_its_units_and_what_waits_for_them(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        await send(hub, edoc(to=["H98"]))

        made = await hub.add_system("mine", [Unit(code="000.00.00.H98")], "my own")

        assert made == ("my own", ("H98", "000.00.00.H98", "h98-alias"))
        assert len(await ids(hub, "mine")) == 1
        assert await ids(hub, OLD) == []
    hub = open_hub(tmp_path)
    assert hub.credentials["mine"] == made
    assert hub.credentials[SYSTEM].secret == SECRET
    await hub.close()


async def test_a_unit_that_moved_there_and_back_stays_there_after_a_restart(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        await hub.add_system("mine", [Unit(code="H98"), Unit(code="NEW")])
        await hub.add_system("yours", [Unit(code="H98")])
        await hub.add_system("mine", [Unit(code="H98")])
        await hub.add_system("yours", [Unit(code="NEW")])
        before = hub.credentials

    hub = open_hub(tmp_path)
    assert hub.credentials == before
    assert hub.credentials["mine"].organs == ("H98", "000.00.00.H98", "h98-alias")
    assert hub.credentials["yours"].organs == ("NEW",)
    await hub.close()


async def test_another_topology_on_the_same_data_forgets_units_that_are_gone(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        await hub.register(SYSTEM, code="A1", parent="", name="", mail="")
        await hub.remove(SYSTEM, "A1")
        # as if only the topology had named them
        await hub._store.run(lambda transaction: transaction._run("UPDATE systems SET added = ?", False))
    smaller = replace(TOPOLOGY, nodes=TOPOLOGY.nodes[1:])

    hub = Hub.open(tmp_path, smaller, profile=Profile(), clock=HandClock(), seed=1, address=axis.STORE(tmp_path))

    assert SYSTEM not in hub.credentials
    assert hub.directory.resolve("A1") is None
    await hub.close()


# ---------------------------------------------------------------- bodies and transit


async def test_a_large_package_lies_once_in_a_file_and_its_attachments_are_found_by_their_own_digest(
    tmp_path: Path,
) -> None:
    pdf = b"%PDF-1.4 " + bytes(index * 31 % 251 for index in range(3 * INSIDE))
    text = b"another file"
    data = with_files(("a.pdf", pdf), ("b.docx", text), to=[OTHER, THIRD])
    async with a_hub(tmp_path) as hub:
        await send(hub, data)
        (delivery,) = await ids(hub)

        assert await hub.fetch(OTHER, delivery) == data
        assert await hub.attachment(hashlib.sha256(pdf).hexdigest()) == pdf
        assert await hub.attachment(hashlib.sha256(text).hexdigest()) == text
        assert await hub.attachment("0" * 64) is None
        assert await hub.package(hashlib.sha256(data).hexdigest()) == data
    assert len(list((tmp_path / "blobs").glob("*/*"))) == 1


async def test_damaged_attachments_are_carried(tmp_path: Path) -> None:
    data = with_files(("a.pdf", b"%PDF-1.4")).replace(b"JVBERi0xLjQ=", "JVBERi0xLj\ufffd".encode())
    async with a_hub(tmp_path) as hub:
        await send(hub, data)
        (delivery,) = await ids(hub)

        assert await hub.fetch(OTHER, delivery) == data


async def test_rebuild_hands_out_other_bytes_and_keeps_what_was_sent(tmp_path: Path) -> None:
    async with a_hub(tmp_path, profile=replace(Profile(), transit=Transit.REBUILD)) as hub:
        await send(hub, edoc())
        assert await send(hub, edoc())
        (delivery,) = await ids(hub)

        got = await hub.fetch(OTHER, delivery)

        assert isinstance(got, bytes)
        packet = codec.decode(got).packet
        assert isinstance(packet, Package)
        assert packet.trace is not None
        assert packet.trace.headers[-1].timestamp == NOON
        (accepted,) = [fact for fact in hub.facts() if fact["fact"] == "accepted"]
        assert await hub.package(str(accepted["package"])) == edoc()
        assert accepted["delivered"] == hashlib.sha256(got).hexdigest()


# ---------------------------------------------------------------- what the control API asks for


async def test_poison_can_be_queued_past_admission(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        for _ in range(2):
            await hub.queue(b"no packet", sender_system=SYSTEM, message_type="edoc", to=[OTHER])
        await hub.queue(edoc(sender="H98"), sender_system=SYSTEM, message_type="edoc", to=None)

        first, second, third = await ids(hub)
        assert await hub.fetch(OTHER, first) == await hub.fetch(OTHER, second) == b"no packet"
        assert await hub.fetch(OTHER, third) == edoc(sender="H98")
        assert [fact["queued"] for fact in hub.facts() if fact["fact"] == "accepted"] == [True] * 3


async def test_an_empty_packet_of_a_system_without_units_can_be_queued(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        await hub.add_system("bare", [])
        root = b'<edXML xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016"/>'

        await hub.queue(root, sender_system="bare", message_type="edoc", to=[OTHER])

        (line,) = await hub.received(OTHER, message_type="edoc")
        assert line.sender == "bare"


async def test_what_is_queued_through_admission_must_pass_it(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        await hub.queue(edoc(), sender_system=SYSTEM, message_type="edoc", to=None, admit=True)

        for data, system, to, admit in (
            (b"no packet", SYSTEM, [OTHER], True),
            (edoc(sender="H98"), SYSTEM, [OTHER], True),
            (edoc(), SYSTEM, ["nobody"], False),
            (b"no packet", SYSTEM, None, False),
            (edoc(), "nobody", None, False),
        ):
            with pytest.raises(NotAdmitted) as no:
                await hub.queue(data, sender_system=system, message_type="edoc", to=to, admit=admit)
            assert no.value.because.vi
        assert len(await ids(hub)) == 1


async def test_facts_are_numbered_and_read_on(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        await send(hub, edoc(1))
        await send(hub, edoc(2))

        everything = hub.facts()

        assert [fact["fact"] for fact in everything] == ["accepted", "opened"] * 2
        assert [fact["n"] for fact in everything] == [1, 2, 3, 4]
        assert hub.facts(after=2) == everything[2:]
        assert hub.facts(after=2, limit=1) == everything[2:3]
        assert everything[0]["at"] == "2026-11-21T12:00:00.000+07:00"


async def state(hub: Hub) -> list[object]:
    mails = [await hub.received(node.system_id, message_type=None) for node in TOPOLOGY.nodes]
    return [hub.facts(), mails, hub.directory.entries, hub.sent(SYSTEM, id_=None, message_type=None)]


async def test_a_reset_axis_equals_a_fresh_one_and_forgets_repeats_too(tmp_path: Path) -> None:
    seen = Seen()
    large = with_files(("a.pdf", b"%PDF" + zlib.compress(bytes(9)) * INSIDE))
    async with a_hub(tmp_path / "used") as hub, a_hub(tmp_path / "fresh") as fresh:
        hub.witnesses.add(seen)
        first = await send(hub, large)
        await send(hub, edoc())
        await hub.register(OTHER, code="A1", parent="", name="", mail="")
        await hub.confirm(OTHER, await ids(hub), "done")
        credentials = dict(hub.credentials)

        await hub.reset()

        assert await state(hub) == await state(fresh)
        assert list((tmp_path / "used" / "blobs").glob("*/*")) == []
        assert hub.credentials == credentials | {OTHER: (SECRET, (OTHER,))}
        assert await send(hub, large) != first
        assert hub.facts()[0]["n"] == 1
        hub.witnesses.remove(seen)
    assert len(seen.named("reset")) == 1


async def test_the_seed_can_be_changed(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        assert hub.seed == 7
        await hub.reseed(8)
        assert hub.seed == 8


async def test_a_lost_group_leaves_the_directory_as_it_was(tmp_path: Path) -> None:
    async with a_hub(tmp_path) as hub:
        hub._roll_back(hub._store.past)

        assert await hub.register(OTHER, code="A1", parent="", name="", mail="") is None
        assert hub.directory.resolve("A1") is not None
