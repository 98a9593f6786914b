"""What a document must have and this order lacks: the SUT says so, and nothing is made up for it. VD-12, HD-37."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from conformance.case import Case
from conformance.cases.sending.base import Sending, kept_back, leaves, orders
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.stage import Stage
from simulator.protocol.package import Code, Package, Promulgation, Signer
from simulator.words import Text

__all__ = ["CASES"]

_REAL_NUMBER = re.compile(r"(?:0[1-9]|[1-9][0-9]+)\Z")
_EXPECTED = Text(
    "The clerk is told what is missing, nothing leaves; no placeholder, zero or date of today stands in for it.",
    "Văn thư được báo phần còn thiếu, không có gì rời đi; không điền giá trị giả, số 0 hay ngày hôm nay thay vào.",
)


class Incomplete(Sending):
    """An order without one thing; its twin, with it, leaves."""

    expected = _EXPECTED
    MISSING: ClassVar[Mapping[str, Any]]
    REFUSED: Check

    async def drive(self, stage: Stage) -> None:
        """The twin, then the incomplete one; a poll for what a queue may still do."""
        await orders(stage)
        await leaves(stage)
        await orders(stage, "incomplete", **self.MISSING)
        await stage.quiet(1)
        await stage.look("out", label="incomplete")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Refused where the clerk sees it."""
        yield kept_back(self.REFUSED, evidence, "incomplete", shown=self.shown, allowed=self.allowed)

    def shown(self, package: Package) -> object:
        """What stands in the packet in place of it."""
        return package.subject

    def allowed(self, package: Package) -> bool:
        """Whether a packet that left is right all the same."""
        return False


class NoNumber(Incomplete):
    """No number: refused, or given by the system's own numbering, never 0 or N/A."""

    id = "sending/without-number"
    title = Text("An order without a number", "Gửi văn bản chưa có số")
    expected = Text(
        "It is refused, or the system gives it a real number of its own series (Decree 30/2020 art. 15.3).",
        "Bị từ chối, hoặc hệ thống tự cấp số thật trong dãy số của mình (NĐ 30/2020 điều 15.3).",
    )
    MISSING: ClassVar[Mapping[str, Any]] = {"code_number": ""}
    REFUSED = Check("number-not-made-up", ("HD-37", "HD-10"), Text("no placeholder number", "không điền số giả"))
    checks = (REFUSED,)

    def shown(self, package: Package) -> object:
        """CodeNumber."""
        return (package.code or Code()).number

    def allowed(self, package: Package) -> bool:
        """Numbers are given by a function of the system (BD-01): a real one is right."""
        return _REAL_NUMBER.match((package.code or Code()).number) is not None


class NoDate(Incomplete):
    """No date of issue."""

    id = "sending/without-date"
    title = Text("An order without a date of issue", "Gửi văn bản chưa có ngày ban hành")
    MISSING: ClassVar[Mapping[str, Any]] = {"promulgation_date": None}
    REFUSED = Check("date-not-made-up", ("HD-37", "HD-13"), Text("no date is made up", "không tự đặt ngày"))
    checks = (REFUSED,)

    def shown(self, package: Package) -> object:
        """PromulgationDate."""
        return (package.promulgation or Promulgation()).issued


class NoSigner(Incomplete):
    """No signer."""

    id = "sending/without-signer"
    title = Text("An order without a signer", "Gửi văn bản chưa có người ký")
    MISSING: ClassVar[Mapping[str, Any]] = {"signer": {"competence": "", "position": "", "full_name": ""}}
    REFUSED = Check("signer-not-made-up", ("HD-37", "HD-21"), Text("no signer is made up", "không tự đặt người ký"))
    checks = (REFUSED,)

    def shown(self, package: Package) -> object:
        """Position and FullName."""
        signer = package.signer or Signer()
        return f"{signer.position} | {signer.full_name}"


class NoSubject(Incomplete):
    """No subject."""

    id = "sending/without-subject"
    title = Text("An order without a subject", "Gửi văn bản chưa có trích yếu")
    MISSING: ClassVar[Mapping[str, Any]] = {"subject": ""}
    REFUSED = Check("subject-not-made-up", ("HD-37", "HD-17"), Text("no subject is made up", "không tự đặt trích yếu"))
    checks = (REFUSED,)


class NoReceiver(Incomplete):
    """No receiver."""

    id = "sending/without-receiver"
    title = Text("An order without a receiver", "Gửi văn bản chưa chọn nơi nhận")
    expected = Text(
        "The clerk is told, or the axis's refusal is shown; the document is never listed as sent to nobody.",
        "Văn thư được báo, hoặc thấy trục từ chối; không bao giờ hiển thị là đã gửi khi không có nơi nhận.",
    )
    MISSING: ClassVar[Mapping[str, Any]] = {"to": []}
    REFUSED = Check("no-receiver-refused", ("HD-08", "RF-06"), Text("the clerk is told", "văn thư được báo"))
    checks = (REFUSED,)


class ImpossibleDate(Incomplete):
    """30 February."""

    id = "sending/impossible-date"
    title = Text("A date that no calendar has", "Ngày không có trong lịch")
    expected = Text("It is refused; no other day stands in for it.", "Bị từ chối; không tự đổi sang ngày khác.")
    MISSING: ClassVar[Mapping[str, Any]] = {"promulgation_date": "2026-02-30"}
    REFUSED = Check("impossible-issue-date-not-sent", ("HD-13", "HD-37"), Text("it is refused", "bị từ chối"))
    checks = (REFUSED,)

    def shown(self, package: Package) -> object:
        """PromulgationDate."""
        return (package.promulgation or Promulgation()).issued


CASES: tuple[Case, ...] = (NoNumber(), NoDate(), NoSigner(), NoSubject(), NoReceiver(), ImpossibleDate())
