"""getEdoc goes wrong: half a package, a page, no base64, slowly. The package stays listed, so nothing is lost."""

from collections.abc import Iterable
from typing import ClassVar

from conformance.case import Case, Wave
from conformance.cases.disturbed import LONG, ended, hit, stands
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.stage import Stage
from simulator.words import Text

__all__ = ["CASES"]

_FETCH = ("getEdoc", "downloadEdoc")
_ARRIVES = Text("it arrives at the next try", "lần thử sau văn bản đến nơi")


class _BadFetch(Case):
    """The first answers to the fetch of one package are no package."""

    FAULT: ClassVar[str]
    TIMES: ClassVar[int] = 2
    ARRIVES: ClassVar[Check]
    wave = Wave.HAZARD

    async def drive(self, stage: Stage) -> None:
        """The fault waits before the package is sent."""
        async with stage.fault(self.FAULT, label="fetch", lane=stage.lane, operations=_FETCH, times=self.TIMES):
            document = await stage.send(letter(stage))
            await hit(stage, "fetch")
            await stage.until(
                lambda seen: seen.statuses_from_sut(document, "01"),
                for_=Text("the document to arrive all the same", "văn bản vẫn đến nơi"),
                polls=LONG,
            )

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """A confirm without the document is the loss; it is named where it was seen."""
        bad = stands(evidence, "fetch")
        document = evidence.sent()
        words = ", ".join(str(each["word"]) for each in evidence.confirmed(document)) or "–"
        yield evidence.expect(
            self.ARRIVES,
            evidence.statuses_from_sut(document, "01"),
            bad[-1],
            held=Text("it arrived and was reported with 01", "văn bản đã đến và được báo 01"),
            broken=Text(
                f"it never arrived; confirmed to the axis: {words}", f"văn bản không đến; đã xác nhận với trục: {words}"
            ),
        )


class HalfAPackage(_BadFetch):
    """The connection breaks in the middle of the package."""

    id = "resilience/half-a-package"
    title = Text("Half a package", "Chỉ tải được nửa gói tin")
    expected = Text(
        "What came is thrown away; the package is fetched again and arrives.",
        "Bỏ phần đã tải; tải lại gói tin và nhận được văn bản.",
    )
    FAULT = "half-answer"
    ARRIVES = Check("package-arrives-after-half", ("LG-08", "TR-05"), _ARRIVES)
    checks = (ARRIVES,)


class PageForPackage(_BadFetch):
    """The page of a proxy instead of a package. downloadEdoc of the real SDK saves it as the document."""

    id = "resilience/page-for-package"
    title = Text("An HTML page instead of a package", "Trang HTML thay cho gói tin")
    expected = Text(
        "A page is no package: neither stored nor confirmed with 'fail'; the package is fetched again.",
        "Trang HTML không phải gói tin: không lưu, không xác nhận 'fail'; tải lại gói tin.",
    )
    FAULT = "html-page"
    TIMES = 1
    ARRIVES = Check("package-arrives-after-page", ("LG-08", "TR-05"), _ARRIVES)
    checks = (ARRIVES,)


class FailForPackage(_BadFetch):
    """FAIL once for the fetch of a listed package."""

    id = "resilience/fail-for-package"
    title = Text("FAIL for a fetch", "FAIL khi tải gói tin")
    expected = Text("The package stays listed, and is fetched again.", "Gói tin vẫn trong danh sách và được tải lại.")
    FAULT = "fail-answer"
    TIMES = 1
    ARRIVES = Check("package-arrives-after-fail", ("LG-08", "TR-05"), _ARRIVES)
    checks = (ARRIVES,)


class NoBase64(_BadFetch):
    """The answer is whole JSON, but its data is no base64."""

    id = "resilience/no-base64"
    title = Text("A package that is no base64", "Gói tin không phải base64")
    expected = Text(
        "Fetched again, or refused with 'fail'; never confirmed 'done' and gone.",
        "Tải lại, hoặc từ chối bằng 'fail'; không được xác nhận 'done' rồi mất.",
    )
    FAULT = "broken-base64"
    TIMES = 1
    ARRIVES = Check("no-base64-not-swallowed", ("LG-08",), Text("not lost in silence", "không mất trong im lặng"))
    checks = (ARRIVES,)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Two ways are right: the axis itself delivered rubbish."""
        bad, document = stands(evidence, "fetch"), evidence.sent()
        failed = evidence.confirmed(document, "fail")
        if failed and not evidence.statuses_from_sut(document, "01"):
            yield self.ARRIVES.held(Text("refused with 'fail'", "đã từ chối bằng 'fail'"), *bad, *failed)
        else:
            yield from super().judge(evidence)


class SlowAnswers(Case):
    """Every call about one package takes its time."""

    id = "resilience/slow-answers"
    title = Text("A slow axis", "Trục trả lời chậm")
    expected = Text(
        "Slow is not broken: the document arrives, and is confirmed.",
        "Chậm không phải là hỏng: văn bản vẫn đến và được xác nhận.",
    )
    ARRIVES = Check("slow-axis-document-arrives", ("LG-08", "TR-05"), Text("it arrives", "văn bản đến nơi"))
    checks = (ARRIVES,)
    wave = Wave.HAZARD

    async def drive(self, stage: Stage) -> None:
        """Fetch, confirm and status all take half a second."""
        async with stage.fault(
            "slow-answer", label="slow", lane=stage.lane, operations=(*_FETCH, "updateStatus", "sendEdoc"), seconds=0.5
        ):
            document = await stage.send(letter(stage))
            await stage.until(
                lambda seen: seen.confirmed(document) and seen.statuses_from_sut(document, "01"),
                for_=Text("the document to arrive slowly", "văn bản đến chậm"),
                polls=LONG,
            )

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Counted from the first slow answer."""
        slow, document, fast_again = stands(evidence, "slow"), evidence.sent(), ended(evidence, "slow")
        yield evidence.expect(
            self.ARRIVES,
            [each for each in evidence.statuses_from_sut(document, "01") if each.n < fast_again.n],
            slow[0],
            held=Text("it arrived", "văn bản đã đến"),
            broken=Text("it did not arrive as long as the axis was slow", "trục còn chậm thì văn bản không đến"),
        )


class PageCutShort(Case):
    """A list of four; the connection breaks at the second and the third, so the page ends in its middle."""

    id = "resilience/page-cut-short"
    title = Text("Broken off in the middle of a list", "Đứt giữa chừng khi đang tải danh sách")
    expected = Text(
        "At the next poll the SUT goes on where it was: no document is missing, none comes twice.",
        "Lần hỏi sau SUT làm tiếp: không sót văn bản nào, không văn bản nào vào sổ hai lần.",
    )
    GAP = Check("page-cut-short-no-gap", ("LG-08", "TR-05"), Text("no document is missing", "không sót văn bản"))
    DOUBLE = Check(
        "page-cut-short-no-double", ("DU-02", "ST-11"), Text("none comes twice", "không văn bản nào hai lần")
    )
    checks = (GAP, DOUBLE)
    lanes = 2
    wave = Wave.ALONE  # what the SUT does not come to in this poll would be missing in other cases, too
    LABELS = ("one", "two", "three", "four")
    BROKEN = 4
    """Two packages that cannot be fetched, with a client that tries each once more by itself."""

    async def drive(self, stage: Stage) -> None:
        """Only the second lane's cannot be fetched."""
        good, bad = stage.lanes
        async with stage.fault("dropped-before", label="cut", lane=bad, operations=_FETCH, times=self.BROKEN):
            sent = [
                await stage.send(letter(stage, lane=lane), label=label, lane=lane)
                for label, lane in zip(self.LABELS, (good, bad, bad, good), strict=True)
            ]
            await stage.until(
                lambda seen: all(seen.statuses_from_sut(each, "01") for each in sent),
                for_=Text("all four to arrive all the same", "cả bốn vẫn đến nơi"),
                polls=LONG,
            )
        await stage.quiet(1)
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Counted from the first break; the arrival of each is the twin of its second one."""
        cut = stands(evidence, "cut")
        sent = [evidence.sent(label) for label in self.LABELS]
        arrivals = {each.label: evidence.statuses_from_sut(each, "01") for each in sent}
        lost = ", ".join(label for label, found in arrivals.items() if not found)
        yield evidence.expect(
            self.GAP,
            () if lost else [found[0] for found in arrivals.values()],
            cut[0],
            held=Text("all four arrived", "đủ cả bốn văn bản"),
            broken=Text(f"never arrived: {lost}", f"không đến: {lost}"),
        )
        evidence.require(not lost, Text(f"never arrived: {lost}", f"không đến: {lost}"), *cut)
        look = evidence.look("in")
        rows = {
            each.label: [
                row for row in look.counted(each.document_id) if "duplicate" not in (row.get("warnings") or ())
            ]
            for each in sent
        }
        evidence.require(all(rows.values()), Text("not all are listed", "không hiển thị đủ"), look)
        many = ", ".join(label for label in self.LABELS if len(rows[label]) > 1 or len(arrivals[label]) > 1)
        yield self.DOUBLE.decide(
            not many,
            *cut,
            look,
            held=Text("one row and one 01 for each", "mỗi văn bản một dòng và một 01"),
            broken=Text(f"more than once: {many}", f"hơn một lần: {many}"),
        )


CASES: tuple[Case, ...] = (
    HalfAPackage(),
    PageForPackage(),
    FailForPackage(),
    NoBase64(),
    SlowAnswers(),
    PageCutShort(),
)
