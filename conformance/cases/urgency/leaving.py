"""Urgency of what the SUT sends: each level stated, urgent ones first, the day of sending. UR-01, UR-03."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta

from conformance.case import Case, Wave
from conformance.cases.sending.base import Sending, differing, equal, found, kept_back, leaves, leaving, left, orders
from conformance.evidence import CaseEvidence, SeenDocument
from conformance.finding import Check, Finding
from conformance.stage import Stage
from simulator.clock import VIETNAM
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["CASES"]

_LEVELS = {"khẩn": 1, "thượng khẩn": 2, "hỏa tốc": 3}


def _level(package: Package) -> int | None:
    return package.other.priority if package.other else None


class EachLevel(Sending):
    """Khẩn, thượng khẩn and hỏa tốc leave as 1, 2 and 3; an ordinary document leaves as 0."""

    id = "urgency/sends-each-level"
    title = Text("Priority 0, 1, 2, 3", "Độ khẩn 0, 1, 2, 3")
    expected = Text(
        "The packet bears the level that the clerk chose, not a constant and not the number of a local table.",
        "Gói tin mang đúng mức khẩn văn thư đã chọn, không phải hằng số hay mã trong bảng nội bộ.",
    )
    LEFT = Check("urgency-urgent-leaves", ("UR-01",), Text("the most urgent one leaves", "văn bản hỏa tốc rời đi"))
    STATED = Check("urgency-level-stated", ("UR-01", "UR-03"), Text("the level is stated", "ghi đúng mức khẩn"))
    ORDINARY = Check("urgency-ordinary-is-zero", ("HD-24",), Text("an ordinary one bears 0", "văn bản thường ghi 0"))
    checks = (LEFT, STATED, ORDINARY)

    async def drive(self, stage: Stage) -> None:
        """Four orders."""
        for label, level in {"thường": 0, **_LEVELS}.items():
            if await orders(stage, label, priority=level):
                await leaves(stage, label)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The most urgent first."""
        yield leaving(self.LEFT, evidence, "hỏa tốc")
        pairs = {label: (level, _level(left(evidence, label)[1].package)) for label, level in _LEVELS.items()}
        yield differing(self.STATED, evidence, {label: (str(one), str(two)) for label, (one, two) in pairs.items()})
        yield equal(self.ORDINARY, evidence, 0, _level(left(evidence, "thường")[1].package) or 0, "thường")


class OtherLevels(Sending):
    """Level 4 (the older 'hỏa tốc hẹn giờ') and a level that never existed do not leave."""

    id = "urgency/other-levels-not-sent"
    title = Text("Priority 4 and 9 are not sent", "Không gửi độ khẩn 4 và 9")
    expected = Text(
        "The SUT refuses them, or sends 4 as 3; Decree 30/2020 knows three levels.",
        "SUT từ chối, hoặc gửi 4 thành 3; NĐ 30/2020 chỉ có ba mức khẩn.",
    )
    TWIN = Check("urgency-known-level-leaves", ("UR-01",), Text("level 3 leaves", "mức 3 rời đi"))
    LEGACY = Check("urgency-legacy-level-not-sent", ("HD-24",), Text("4 is not sent as 4", "không gửi mức 4"))
    UNKNOWN = Check("urgency-unknown-level-not-sent", ("HD-24",), Text("9 is not sent", "không gửi mức 9"))
    checks = (TWIN, LEGACY, UNKNOWN)

    async def drive(self, stage: Stage) -> None:
        """The twin first."""
        if await orders(stage, priority=3):
            await leaves(stage)
        for label, level in (("legacy", 4), ("unknown", 9)):
            if await orders(stage, label, priority=level):
                await leaves(stage, label)
            await stage.look("out", label=label)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """What leaves as 3 is right for 4."""
        yield leaving(self.TWIN, evidence)
        yield kept_back(self.LEGACY, evidence, "legacy", shown=_level, allowed=lambda package: _level(package) == 3)
        yield kept_back(self.UNKNOWN, evidence, "unknown", shown=_level)


class UrgentFirst(Sending):
    """While one letter is slow to leave, ordinary ones wait behind it; the urgent one that comes last leaves first."""

    id = "urgency/urgent-leaves-first"
    title = Text("An urgent one behind a heap", "Văn bản hỏa tốc sau nhiều văn bản thường")
    expected = Text(
        "What is urgent overtakes what waits (Decision 28/2018 art. 6.2: priority mode, sent at once).",
        "Văn bản khẩn được gửi trước văn bản đang chờ (QĐ 28/2018 điều 6.2: chế độ ưu tiên, gửi ngay).",
    )
    wave = Wave.HAZARD
    LEFT = Check("urgency-heap-leaves", ("TR-05",), Text("all of them leave", "tất cả rời đi"))
    FIRST = Check("urgency-urgent-overtakes", ("HD-24",), Text("the urgent one overtakes", "văn bản khẩn đi trước"))
    checks = (LEFT, FIRST)
    WAITING = ("one", "two", "three", "four")

    async def drive(self, stage: Stage) -> None:
        """A SUT that sends side by side has sent the others by the time the urgent one is ordered."""
        slow = stage.fault(
            "slow-answer", label="slow", lane=stage.lane, operations=("sendEdoc",), message_type="edoc", times=1,
            seconds=2.5,
        )  # fmt: skip
        async with asyncio.TaskGroup() as group, slow:
            group.create_task(orders(stage, "slow"))
            await stage.until(
                lambda seen: [each for each in seen.notes("fault") if each["values"]["event"] == "struck"],
                for_=Text("the slow letter to be on its way", "văn bản chậm đang được gửi"),
            )
            for label in self.WAITING:
                group.create_task(orders(stage, label))
            await stage.pause(0.5, for_=Text("the others to queue up", "các văn bản khác xếp hàng"))
            stage.note("urgent")
            group.create_task(orders(stage, "urgent", priority=3))
            await leaves(stage, "slow", *self.WAITING, "urgent")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Counted are only those that had not left when the urgent one was ordered."""
        labels = ("slow", *self.WAITING, "urgent")
        told = {label: evidence.order(label) for label in labels}
        documents: dict[str, SeenDocument] = {
            label: document for label, order in told.items() if (document := found(evidence, order))
        }
        missing = ", ".join(label for label in labels if label not in documents)
        yield evidence.expect(
            self.LEFT,
            () if missing else list(documents.values()),
            told["urgent"],
            held=Text("all of them left", "tất cả đã rời đi"),
            broken=Text(f"never left: {missing}", f"không rời đi: {missing}"),
        )
        evidence.require(not missing, Text("not all of them left", "chưa gửi đủ"), told["urgent"])
        since, urgent = evidence.noted("urgent"), documents["urgent"]
        before = [label for label in self.WAITING if since.n < documents[label].n < urgent.n]
        yield self.FIRST.decide(
            len(before) <= 1,
            since,
            urgent,
            *(documents[label] for label in before),
            held=Text(f"{len(before)} of those that waited left before it", f"{len(before)} văn bản chờ rời đi trước"),
            broken=Text(
                f"{len(before)} ordinary documents that waited left before the urgent one",
                f"{len(before)} văn bản thường đang chờ rời đi trước văn bản hỏa tốc",
            ),
        )


class LateDocument(Sending):
    """A document that was issued three days ago leaves with its own date, and with today's in the trace."""

    id = "urgency/late-document-says-so"
    title = Text("Issued three days ago, sent today", "Ban hành ba ngày trước, gửi hôm nay")
    expected = Text(
        "PromulgationDate is the day of issue, the trace bears the day of sending: being late is not hidden.",
        "PromulgationDate là ngày ban hành, Timestamp là ngày gửi: không che giấu việc gửi chậm.",
    )
    ISSUED = Check("urgency-late-issue-date-kept", ("HD-13",), Text("the day of issue", "ngày ban hành"))
    SENT = Check("urgency-trace-day-is-sending-day", ("TM-05", "TM-06"), Text("the day of sending", "ngày gửi"))
    checks = (ISSUED, SENT)

    async def drive(self, stage: Stage) -> None:
        """Three days."""
        day = (stage.now().astimezone(VIETNAM) - timedelta(days=3)).date()
        if await orders(stage, promulgation_date=day.isoformat()):
            await leaves(stage)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Around midnight two days are right."""
        told, document = left(evidence)
        package = document.package
        issued = package.promulgation.issued if package.promulgation else None
        yield equal(self.ISSUED, evidence, told.request["promulgation_date"], issued.isoformat() if issued else "")
        stamps = [each.timestamp for each in (package.trace.headers if package.trace else ()) if each.timestamp]
        evidence.require(stamps, Text("the packet bears no readable Timestamp", "gói tin không có Timestamp"), document)
        day = stamps[0].astimezone(VIETNAM).date()
        right = {moment.astimezone(VIETNAM).date() for moment in (datetime.fromisoformat(told.at), document.moment)}
        yield self.SENT.decide(
            day in right,
            told,
            document,
            held=Text(f"sent on {day}", f"gửi ngày {day}"),
            broken=Text(
                f"the trace says {day}, the axis took it on {document.moment.date()}",
                f"Timestamp ghi {day}, trục nhận ngày {document.moment.date()}",
            ),
        )


CASES: tuple[Case, ...] = (EachLevel(), OtherLevels(), UrgentFirst(), LateDocument())
