import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from simulator.agency.behaviour import AgencyNode
from simulator.agency.client import AxisClient
from simulator.agency.diary import Diary
from simulator.agency.habits import Habits
from simulator.agency.tests.paper_axis import FastClock, PaperAxis
from simulator.protocol.package import (
    Attachment,
    Business,
    Code,
    Package,
    Party,
    Promulgation,
    ResponseFor,
    StaffInfo,
    StatusPacket,
    TraceHeaderList,
)
from simulator.topology import Node, Unit

NGHE_AN = Node("00.41.W00", (Unit("H41", "000.00.00.H41", "UBND tỉnh Nghệ An"),))
VPCP = Node("sim.g22", (Unit("G22", "000.00.00.G22", "Văn phòng Chính phủ"),))
EAGER = Habits(poll_seconds=1.0, pace=10_000.0, refuses=0.0, assigns=1.0, starts=1.0, finishes=1.0, agrees=1.0)


class PlainLetters:
    """One line a letter; counts itself."""

    def __init__(self) -> None:
        self.seed = 7

    def compose(
        self, author: Node, index: int, *, directory: Sequence[Node], at: datetime, earlier: Sequence[Package] = ()
    ) -> Package:
        others = [node for node in directory if node != author]
        return Package(
            sender=Party(organ_id=author.units[0].code),
            receivers=(Party(organ_id=others[index % len(others)].units[0].code),),
            document_id=f"{author.system_id},{self.seed},{index}",
            subject=f"Công văn số {index}",
        )

    def officer(self, author: Node) -> StaffInfo:
        return StaffInfo(staff="Nguyễn Văn A")

    def reseed(self, seed: int) -> None:
        self.seed = seed


def document(**changes: object) -> Package:
    package = Package(
        sender=Party(organ_id="000.00.00.H98", name="UBND tỉnh Thử Nghiệm 98"),
        receivers=(Party(organ_id="000.00.00.H41"),),
        document_id="000.00.00.H98,2026/11/20,12/UBND-VP",
        code=Code("12", "UBND-VP"),
        promulgation=Promulgation("Thử Nghiệm", date(2026, 11, 20)),
        subject="Về việc thử nghiệm",
    )
    return replace(package, **changes)


def change(kind: int, **changes: object) -> Package:
    business = Business(doc_type=kind, reason="Gửi nhầm", document_id="" if kind == 1 else document().document_id)
    return document(trace=TraceHeaderList(business=business), **changes)


@asynccontextmanager
async def living(
    axis: PaperAxis, *, habits: Habits = EAGER, diary: Diary | None = None, seed: int = 7
) -> AsyncIterator[AgencyNode]:
    clock = FastClock()
    own = diary or Diary()
    async with AxisClient(axis.url, NGHE_AN.system_id, "secret", clock=clock, timeout=60.0) as client:
        node = AgencyNode(
            NGHE_AN,
            client=client,
            letters=PlainLetters(),
            directory=[NGHE_AN, VPCP],
            diary=own,
            clock=clock,
            seed=seed,
            habits=habits,
        )
        task = asyncio.create_task(node.live())
        try:
            yield node
            assert not task.done()
            await node.stand_aside()  # as a world does before it ends
        finally:
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            if diary is None:
                own.close()


async def test_a_document_is_confirmed_and_answered_in_order_to_its_sender():
    async with PaperAxis() as axis, living(axis):
        axis.put("d1", document(), to="H41")

        await axis.until(lambda: len(axis.statuses()) == 5)

        assert axis.confirmed == [("d1", "done")]
        assert axis.statuses() == ["01", "03", "04", "05", "06"]
        kind, sender, first = axis.sent[0]
        assert (kind, sender) == ("status", "000.00.00.H41")
        assert isinstance(first, StatusPacket)
        assert first.sender.organ_id == "000.00.00.H41"  # spelled as the sender wrote it
        assert first.response_for == ResponseFor(
            "000.00.00.H98", "12/UBND-VP", document().document_id, date(2026, 11, 20)
        )
        moments = [packet.timestamp for _, _, packet in axis.sent]
        assert moments == sorted(set(moments))


async def test_a_refusal_has_a_reason_and_nothing_follows():
    async with PaperAxis() as axis, living(axis, habits=replace(EAGER, refuses=1.0)):
        axis.put("d1", document(), to="H41")
        await axis.until(lambda: axis.statuses() == ["01", "02"])
        polls = axis.polls
        await axis.until(lambda: axis.polls > polls + 20)

        assert axis.statuses() == ["01", "02"]
        assert axis.sent[1][2].description


async def test_a_damaged_attachment_is_refused_by_its_name():
    broken = Attachment(content_id="cid:1", name="phu luc.pdf", encoded=b"1212\xef\xbf\xbd")
    async with PaperAxis() as axis, living(axis):
        axis.put("d1", document(attachments=(broken,)), to="H41")
        await axis.until(lambda: axis.statuses() == ["01", "02"])

        assert "phu luc.pdf" in axis.sent[1][2].description
        assert axis.confirmed == [("d1", "done")]


async def test_bytes_that_cannot_be_read_are_confirmed_as_failed_and_starve_nobody():
    async with PaperAxis() as axis, living(axis):
        axis.put("junk", b"<html>", to="H41")
        axis.put("gone", document(), to="H41")
        axis.packages.pop("gone")
        axis.put("good", document(), to="H41")

        await axis.until(lambda: ("good", "done") in axis.confirmed)

        assert ("junk", "fail") in axis.confirmed


async def test_a_second_copy_is_confirmed_and_not_answered_again():
    async with PaperAxis() as axis, living(axis):
        axis.put("d1", document(), to="H41")
        axis.put("d2", document(), to="H41")
        await axis.until(lambda: len(axis.statuses()) == 5)
        polls = axis.polls
        await axis.until(lambda: axis.polls > polls + 10)

        assert sorted(axis.confirmed) == [("d1", "done"), ("d2", "done")]
        assert len(axis.statuses()) == 5


async def test_a_recall_is_answered_by_15_and_ends_the_work_on_the_document():
    slow = replace(EAGER, pace=2_000.0)
    async with PaperAxis() as axis, living(axis, habits=slow):
        axis.put("d1", document(), to="H41")
        await axis.until(lambda: "01" in axis.statuses())

        axis.put("d2", change(1), to="H41")
        await axis.until(lambda: "15" in axis.statuses())
        polls = axis.polls
        await axis.until(lambda: axis.polls > polls + 20)

        assert axis.statuses()[-1] == "15"
        assert axis.sent[-1][2].response_for.document_id == document().document_id


async def test_an_update_is_answered_under_its_own_document_id():
    async with PaperAxis() as axis, living(axis):
        axis.put("d1", document(), to="H41")
        await axis.until(lambda: "03" in axis.statuses())
        axis.put("d2", change(2, document_id="000.00.00.H98,2026/11/20,13/UBND-VP"), to="H41")

        await axis.until(lambda: {"15", "16"} & set(axis.statuses()))

        answer = next(packet for _, _, packet in axis.sent if packet.code in ("15", "16"))
        assert answer.response_for.document_id == "000.00.00.H98,2026/11/20,13/UBND-VP"


async def test_a_recall_of_something_unknown_is_answered_by_16_with_a_reason():
    async with PaperAxis() as axis, living(axis):
        axis.put("d1", change(1), to="H41")

        await axis.until(lambda: axis.statuses() == ["16"])

        assert axis.sent[0][2].description


@pytest.mark.parametrize(("agrees", "code"), [(1.0, "15"), (0.0, "16")])
async def test_a_request_to_take_back_is_answered_by_15_or_16(agrees: float, code: str):
    asked = StatusPacket(
        sender=Party(organ_id="000.00.00.H98"),
        response_for=ResponseFor("000.00.00.H41", "12/UBND-VP", document().document_id, date(2026, 11, 20)),
        code="13",
        description="Gửi nhầm",
    )
    async with PaperAxis() as axis, living(axis, habits=replace(EAGER, agrees=agrees, starts=0.0, assigns=0.0)):
        axis.put("d1", document(), to="H41")
        await axis.until(lambda: "01" in axis.statuses())
        axis.put("s1", asked, to="H41", message_type="status")

        await axis.until(lambda: code in axis.statuses())

        answer = next(packet for _, _, packet in axis.sent if packet.code == code)
        assert answer.response_for.organ_id == "000.00.00.H98"
        assert answer.response_for.document_id == document().document_id


async def test_letters_leave_in_order_and_are_the_same_for_the_same_seed():
    writes = replace(EAGER, letters_per_second=2.0)
    runs = []
    for _ in range(2):
        async with PaperAxis() as axis, living(axis, habits=writes):
            await axis.until(lambda: len(axis.sent) >= 8)
            runs.append([(packet.document_id, packet.receivers[0].organ_id) for _, _, packet in axis.sent[:8]])

    assert runs[0] == runs[1]
    assert [document_id for document_id, _ in runs[0]] == [f"00.41.W00,7,{index}" for index in range(8)]


async def test_the_same_seed_decides_the_same_about_the_same_documents():
    curious = replace(EAGER, refuses=0.5, assigns=0.5, starts=0.5, finishes=0.5)
    runs = []
    for order in (range(6), reversed(range(6))):
        async with PaperAxis() as axis, living(axis, habits=curious) as node:
            for number in order:
                axis.put(f"d{number}", document(document_id=f"document {number}"), to="H41")
            await axis.until(lambda: axis.statuses().count("01") == 6)
            await axis.until(lambda owes=node._desk.next_owed: owes() is None)  # whatever it had in mind has been told
            told: dict[str, list[str]] = {}
            for _, _, packet in axis.sent:
                told.setdefault(packet.response_for.document_id, []).append(packet.code)
            runs.append(told)

    assert runs[0] == runs[1]
    assert len({tuple(codes) for codes in runs[0].values()}) > 1


async def test_a_borrowed_node_does_nothing_until_it_is_released():
    async with PaperAxis() as axis, living(axis) as node:
        await axis.until(lambda: axis.polls > 2)
        await node.stand_aside()
        await node.stand_aside()
        axis.put("d1", document(), to="H41")
        polls = axis.polls

        node.resume()
        await asyncio.gather(*(asyncio.sleep(0) for _ in range(50)))
        assert axis.polls == polls

        node.resume()
        await axis.until(lambda: axis.confirmed == [("d1", "done")])


async def test_an_axis_that_is_away_is_complained_about_once_and_met_again(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.WARNING, logger="simulator.agency.behaviour")
    async with PaperAxis() as axis, living(axis, habits=replace(EAGER, letters_per_second=1.0)):
        await axis.until(lambda: axis.polls > 2)
        await axis.close()
        await axis.until(lambda: caplog.records)
        await axis.open()
        axis.put("d1", document(), to="H41")

        await axis.until(lambda: len(axis.statuses()) == 5)

    assert [record.levelname for record in caplog.records] == ["WARNING"]


async def test_an_axis_that_refuses_letters_stops_nobody(caplog: pytest.LogCaptureFixture):
    async with PaperAxis(refuse_sending=True) as axis, living(axis, habits=replace(EAGER, letters_per_second=5.0)):
        await axis.until(lambda: any("Loi he thong" in record.message for record in caplog.records))
        axis.refuse_sending = False

        await axis.until(lambda: axis.sent)


async def test_what_is_owed_and_written_survives_a_restart(tmp_path: Path):
    slow = replace(EAGER, pace=500.0, letters_per_second=1.0)
    async with PaperAxis() as axis:
        with Diary(tmp_path / "agencies.sqlite") as diary:
            async with living(axis, habits=slow, diary=diary):
                axis.put("d1", document(), to="H41")
                await axis.until(lambda: "01" in axis.statuses() and len(axis.sent) > 2)
        before = [packet.document_id for kind, _, packet in axis.sent if kind == "edoc"]
        axis.sent.clear()

        with Diary(tmp_path / "agencies.sqlite") as diary:
            async with living(axis, habits=EAGER, diary=diary):
                await axis.until(lambda: "06" in axis.statuses())
            async with living(axis, habits=replace(EAGER, letters_per_second=5.0), diary=diary):
                await axis.until(lambda: any(kind == "edoc" for kind, _, _ in axis.sent))

        assert "01" not in axis.statuses()
        assert axis.statuses()[-1] == "06"
        after = next(packet.document_id for kind, _, packet in axis.sent if kind == "edoc")
        assert after not in before
