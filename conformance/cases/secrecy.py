"""Chapter *secrecy*: what must not travel at all, and dates that were moved. SC-01, BD-01, BD-03, BD-04."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, ClassVar

from conformance.case import Case
from conformance.cases.sending.base import Sending, answered, equal, kept_back, leaves, leaving, left, orders, strays
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.stage import Stage
from simulator.protocol.package import Package, Promulgation
from simulator.words import Text

__all__ = ["CASES"]

_EXPECTED = Text(
    "The clerk is told; not one byte of it leaves. The same document without the mark leaves.",
    "Văn thư được báo; không một byte nào rời đi. Cùng văn bản đó không có độ mật thì được gửi.",
)


def _nothing_left(check: Check, evidence: CaseEvidence, label: str) -> Finding:
    """No packet of that order left, although its twin did. Silence is enough here; ``_told`` asks for more."""
    twin = left(evidence)
    record = answered(evidence, label)
    gone = strays(evidence, label)
    return check.decide(
        not gone,
        *twin,
        record,
        *gone,
        held=Text("nothing of it left", "không có gì của văn bản này rời đi"),
        broken=Text("it left for the axis", "văn bản đã rời đi trên trục"),
    )


def _told(check: Check, evidence: CaseEvidence, label: str) -> Finding:
    """The clerk learned that it was not sent."""
    record = answered(evidence, label)
    look = evidence.look("out", label)
    document_id = str((record["answer"] or {}).get("document_id", ""))
    state = look.state(document_id)
    return check.decide(
        record["status"] == 422 or look.of(document_id, state="failed"),
        record,
        look,
        held=Text("the clerk is told", "văn thư được báo"),
        broken=Text(
            f"the order is answered as taken, the document shown as '{state}'",
            f"yêu cầu được báo là đã nhận, văn bản hiển thị '{state}'",
        ),
    )


class Secret(Sending):
    """A document with a secrecy mark; its twin has none."""

    expected = _EXPECTED
    MARK: ClassVar[str]
    ORDER: ClassVar[dict[str, Any]] = {}
    KEPT: Check
    TOLD: Check

    async def drive(self, stage: Stage) -> None:
        """The twin says expressly that it is not secret; two polls for what a queue may still do."""
        await orders(stage, secrecy=None, **self.ORDER)
        await leaves(stage)
        await orders(stage, "secret", secrecy=self.MARK, **self.ORDER)
        await stage.quiet()
        await stage.look("out", label="secret")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Kept back, and openly."""
        yield _nothing_left(self.KEPT, evidence, "secret")
        yield _told(self.TOLD, evidence, "secret")


_KEPT, _TOLD = Text("it does not leave", "văn bản không rời đi"), Text("the clerk is told", "văn thư được báo")


class Confidential(Secret):
    """Mật."""

    id = "secrecy/mat"
    title = Text("Marked 'Mật' (confidential)", "Văn bản đóng dấu Mật")
    MARK = "mat"
    KEPT = Check("mat-kept-back", ("SC-01",), _KEPT)
    TOLD = Check("mat-refused-openly", ("RF-04", "RF-06"), _TOLD)
    checks = (KEPT, TOLD)


class SecretMark(Secret):
    """Tối mật."""

    id = "secrecy/toi-mat"
    title = Text("Marked 'Tối mật' (secret)", "Văn bản đóng dấu Tối mật")
    MARK = "toi-mat"
    KEPT = Check("toi-mat-kept-back", ("SC-01",), _KEPT)
    TOLD = Check("toi-mat-refused-openly", ("RF-04", "RF-06"), _TOLD)
    checks = (KEPT, TOLD)


class TopSecret(Secret):
    """Tuyệt mật."""

    id = "secrecy/tuyet-mat"
    title = Text("Marked 'Tuyệt mật' (top secret)", "Văn bản đóng dấu Tuyệt mật")
    MARK = "tuyet-mat"
    KEPT = Check("tuyet-mat-kept-back", ("SC-01",), _KEPT)
    TOLD = Check("tuyet-mat-refused-openly", ("RF-04", "RF-06"), _TOLD)
    checks = (KEPT, TOLD)


class UrgentSecret(Secret):
    """Secret and most urgent: haste opens no door."""

    id = "secrecy/urgent-and-secret"
    title = Text("Secret and 'Hỏa tốc'", "Vừa mật vừa hỏa tốc")
    MARK = "mat"
    ORDER: ClassVar[dict[str, Any]] = {"priority": 3}
    KEPT = Check("urgent-secret-kept-back", ("SC-01",), _KEPT)
    TOLD = Check("urgent-secret-refused-openly", ("RF-04", "RF-06"), _TOLD)
    checks = (KEPT, TOLD)


class SecretUpdate(Sending):
    """An ordinary document is updated by one that bears a mark."""

    id = "secrecy/secret-update"
    title = Text("An update with a secrecy mark", "Bản cập nhật có độ mật")
    expected = Text(
        "An ordinary update leaves; an update that is marked secret does not.",
        "Bản cập nhật thường được gửi; bản cập nhật có độ mật thì không.",
    )
    capability = "update"
    LEFT = Check("ordinary-update-leaves", ("BZ-09",), Text("an ordinary update leaves", "bản cập nhật thường đi"))
    KEPT = Check("secret-update-kept-back", ("SC-01",), _KEPT)
    TOLD = Check("secret-update-refused-openly", ("RF-04", "RF-06"), _TOLD)
    checks = (LEFT, KEPT, TOLD)

    async def drive(self, stage: Stage) -> None:
        """Document, update, marked update."""
        if await orders(stage):
            await leaves(stage)
            change = {"kind": "update", "refers_to": stage.seen.order().document_id, "reason": "Đính chính nội dung"}
            await orders(stage, "update", **change)
            await leaves(stage, "update")
            await orders(stage, "secret", secrecy="toi-mat", **change)
        await stage.quiet()
        await stage.look("out", label="secret")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The twin is the update."""
        yield leaving(self.LEFT, evidence, "update")
        left(evidence, "update")
        yield _nothing_left(self.KEPT, evidence, "secret")
        yield _told(self.TOLD, evidence, "secret")


class AfterSecret(Sending):
    """A refused secret document holds nothing up: the next one leaves."""

    id = "secrecy/next-document"
    title = Text("The document after a secret one", "Văn bản tiếp theo sau văn bản mật")
    expected = Text("It leaves like any other.", "Được gửi như bình thường.")
    NEXT = Check(
        "document-after-secret-leaves", ("TR-05", "RF-06"), Text("the next one leaves", "văn bản sau vẫn được gửi")
    )
    checks = (NEXT,)

    async def drive(self, stage: Stage) -> None:
        """Secret, then ordinary."""
        await orders(stage, "secret", secrecy="tuyet-mat")
        if await orders(stage, "next"):
            await leaves(stage, "next")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The ordinary one."""
        answered(evidence, "secret")
        yield leaving(self.NEXT, evidence, "next")


def _issued(package: Package) -> str:
    issued = (package.promulgation or Promulgation()).issued
    return issued.isoformat() if issued else ""


class DatedToday(Sending):
    """A document issued today bears today's date, by the Vietnamese calendar."""

    id = "secrecy/dated-today"
    title = Text("Issued today, dated today", "Ban hành hôm nay, ghi ngày hôm nay")
    expected = Text(
        "PromulgationDate is the day on which the clerk issued it; it is not moved back.",
        "PromulgationDate là ngày văn thư ban hành, không bị lùi ngày.",
    )
    SAME = Check("issue-date-not-moved-back", ("BD-03", "BD-01"), Text("the day is not moved", "không bị lùi ngày"))
    checks = (SAME,)

    async def drive(self, stage: Stage) -> None:
        """An ordinary order."""
        if await orders(stage):
            await leaves(stage)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Ordered and sent."""
        told, document = left(evidence)
        yield equal(self.SAME, evidence, told.request["promulgation_date"], _issued(document.package))


class BackDated(Sending):
    """The clerk gives a date of a month ago: refused, or sent with that very date and the true time of sending."""

    id = "secrecy/back-dated"
    title = Text("A date of a month ago", "Ngày ban hành cách đây một tháng")
    expected = Text(
        "It is refused, or it travels openly: the ordered date unchanged, the trace header with the true time.",
        "Bị từ chối, hoặc được gửi công khai: giữ nguyên ngày đã nhập, TraceHeader ghi đúng thời điểm gửi.",
    )
    TOLERANCE = timedelta(minutes=10)
    OPEN = Check(
        "old-date-not-hidden", ("HD-13", "BD-03"), Text("the old date is not hidden", "không che giấu ngày cũ")
    )
    TIME = Check("sending-time-not-back-dated", ("TM-05", "BD-05"), Text("the time is true", "thời điểm gửi là thật"))
    checks = (OPEN, TIME)

    async def drive(self, stage: Stage) -> None:
        """The twin is of today."""
        await orders(stage)
        await leaves(stage)
        if await orders(stage, "old", promulgation_date=(stage.now().date() - timedelta(days=30)).isoformat()):
            await leaves(stage, "old")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The date, then the hops of all that left."""
        left(evidence)
        record = answered(evidence, "old")
        gone = strays(evidence, "old")
        wanted = str(record["request"]["promulgation_date"])
        evidence.require(
            record["status"] == 422 or gone, Text("the order never left", "yêu cầu gửi chưa rời đi"), record
        )
        dates = [_issued(each.package) for each in gone]
        yield self.OPEN.decide(
            all(each == wanted for each in dates),
            record,
            *gone,
            held=Text(f"refused, or dated {wanted}", f"bị từ chối, hoặc ghi ngày {wanted}"),
            broken=Text(
                f"ordered {wanted}, dated {', '.join(dates)}", f"yêu cầu {wanted}, ghi ngày {', '.join(dates)}"
            ),
        )
        sent = evidence.documents_from_sut()
        stamps = [
            (each, hop.timestamp)
            for each in sent
            for hop in (each.package.trace.headers if each.package.trace else ())[:1]
            if hop.timestamp
        ]
        evidence.require(stamps, Text("no trace header says a time", "không TraceHeader nào ghi thời gian"), *sent)
        off = max(abs(each.moment - stamp) for each, stamp in stamps)
        yield self.TIME.decide(
            off <= self.TOLERANCE,
            *sent,
            held=Text("the hops bear the time of sending", "TraceHeader ghi đúng lúc gửi"),
            broken=Text(f"a hop lies {off} from the time of sending", f"TraceHeader lệch {off} so với lúc gửi"),
        )


class FutureDate(Sending):
    """A date that has not come yet."""

    id = "secrecy/future-date"
    title = Text("A date of issue in the future", "Ngày ban hành trong tương lai")
    expected = Text(
        "The SUT refuses it, or shows the axis's refusal; no other day stands in for it.",
        "SUT từ chối hoặc hiển thị việc trục từ chối; không tự đổi sang ngày khác.",
    )
    KEPT = Check(
        "future-date-kept-back", ("HD-13", "BD-03", "BD-04"), Text("it does not leave", "văn bản không rời đi")
    )
    checks = (KEPT,)

    async def drive(self, stage: Stage) -> None:
        """Five days ahead; the twin is of today."""
        await orders(stage)
        await leaves(stage)
        await orders(stage, "future", promulgation_date=(stage.now().date() + timedelta(days=5)).isoformat())
        await stage.quiet(1)
        await stage.look("out", label="future")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Refused where the clerk sees it."""
        yield kept_back(self.KEPT, evidence, "future", shown=_issued)


CASES: tuple[Case, ...] = (
    Confidential(),
    SecretMark(),
    TopSecret(),
    UrgentSecret(),
    SecretUpdate(),
    AfterSecret(),
    DatedToday(),
    BackDated(),
    FutureDate(),
)
