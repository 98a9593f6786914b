"""The directory as long as it once was: 123,265 rows. ID-13, TR-05."""

from collections.abc import Iterable

from conformance.case import Case, Wave
from conformance.cases.directory.kit import Synchronising, changed, learns, new_code, reaches, watched
from conformance.cases.disturbed import stands
from conformance.cases.looking_up import SYNCHRONISE
from conformance.cases.sending.base import answered
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.stage import Stage
from simulator.words import Text

__all__ = ["CASES"]

_NOT_FETCHED = Text(
    "the list of this length was not fetched between the unit's coming and the order",
    "danh bạ có độ dài này chưa được tải trong khoảng từ lúc có đơn vị mới đến lúc yêu cầu gửi",
)


class LongDirectory(Synchronising):
    """A new unit stands behind 1,000, 20,000 and 123,265 rows; each time the SUT is to send to it."""

    id = "directory/long-list"
    title = Text("A directory of 1,000, 20,000 and 123,265 rows", "Danh bạ 1.000, 20.000 và 123.265 dòng")
    expected = Text(
        "However long the list is, all of it is taken over: the unit in its last row is a receiver like any other.",
        "Danh bạ dài đến đâu cũng được cập nhật đủ: đơn vị ở dòng cuối vẫn gửi được như mọi đơn vị khác.",
    )
    wave = Wave.ALONE  # a system that is busy with it for seconds is not to fail in the cases beside it
    SHORT = Check("directory-of-1000-taken", ("ID-13",), Text("1,000 rows", "1.000 dòng"))
    MIDDLE = Check("directory-of-20000-taken", ("ID-13",), Text("20,000 rows", "20.000 dòng"))
    LONG = Check("directory-of-123265-taken", ("ID-13",), Text("123,265 rows", "123.265 dòng"))
    checks = (SHORT, MIDDLE, LONG)
    SIZES = (1_000, 20_000, 123_265)

    async def drive(self, stage: Stage) -> None:
        """Each size by itself."""
        for size in self.SIZES:
            async with stage.fault("long-directory", label=f"{size} rows", rows=size), watched(stage):
                await learns(stage, str(size), f"Đơn vị sau {size} dòng")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Only where the SUT fetched the long list after the unit had come into it, and before the document left: a
        look-up that began in the size before says nothing of this one."""
        for check, size in zip(self.checks, self.SIZES, strict=True):
            since, answer = changed(evidence, new_code(evidence, str(size))), answered(evidence, str(size))
            looks = [each for each in stands(evidence, f"{size} rows") if since.n < each.n < answer.n]
            if answer["status"] != 422:
                evidence.require(looks, _NOT_FETCHED, since, answer, remedy=SYNCHRONISE)
            yield reaches(check, evidence, str(size), new_code(evidence, str(size)))


CASES: tuple[Case, ...] = (LongDirectory(),)
