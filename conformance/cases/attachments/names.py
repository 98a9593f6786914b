"""File names: as long as the rules allow, with Vietnamese letters, like paths, or the same twice. AT-04, AT-07."""

from collections.abc import Iterable, Sequence
from random import Random

from conformance.case import Case
from conformance.cases.attachments.kit import File, WithFiles, arrival, kept_or_refused, names_kept
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.letters import pdf
from conformance.papers import paper
from simulator.words import Text

__all__ = ["CASES", "long_name"]

_BOUNDARIES = ((80, ".pdf"), (81, ".pdf"), (150, ".pdf"), (151, ".docx"), (199, ".docx"), (200, ".pdf"))
_WORDS = "Báo cáo tổng hợp kết quả thực hiện Nghị quyết của Hội đồng nhân dân tỉnh về phát triển kinh tế xã hội "


def long_name(length: int, *, ending: str) -> str:
    """A file name of exactly so many characters, the ending included."""
    stem = (_WORDS * 6)[: length - len(ending)]
    return stem[:-1] + "đ" + ending


class LongNames(WithFiles):
    """Names of 80, 150 and 200 characters with Vietnamese letters are kept whole; 500 characters whole or refused."""

    id = "attachments/long-names"
    title = Text("Names of 80, 150, 200 and 500 characters", "Tên tệp dài 80, 150, 200 và 500 ký tự")
    expected = Text(
        "Up to 200 characters the name is kept to the last letter and the extension; a longer one is kept or the "
        "document is refused with a reason, but never cut off in silence.",
        "Tên đến 200 ký tự được giữ nguyên cả phần mở rộng; tên dài hơn thì giữ nguyên hoặc từ chối kèm lý do, "
        "không tự ý cắt bớt.",
    )
    KEPT = Check("att-200-letters-kept", ("AT-04",), Text("200 characters are kept", "giữ đủ 200 ký tự"))
    LONGEST = Check(
        "att-500-letters-kept-or-refused",
        ("AT-04",),
        Text("500: whole or refused", "500 ký tự: nguyên vẹn hoặc từ chối"),
    )
    checks = (KEPT, LONGEST)
    plain = True

    def letters(self, draw: Random) -> dict[str, Sequence[File]]:
        """Both sides of each boundary that was seen; two letters, so that a refusal of the one says nothing about the
        other."""
        return {
            "document": tuple(File(long_name(size, ending=end), paper(end, draw)) for size, end in _BOUNDARIES),
            "longest": (File(long_name(500, ending=".pdf"), pdf(draw)),),
        }

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Names and their bytes."""
        yield names_kept(self.KEPT, arrival(evidence, "document"))
        yield kept_or_refused(self.LONGEST, evidence, "longest", names=True)


class PathNames(WithFiles):
    """Names that look like paths lead nowhere, and no file is lost or overwritten because of them."""

    id = "attachments/names-like-paths"
    title = Text("Names that look like paths", "Tên tệp giống đường dẫn")
    expected = Text(
        "The signs / \\ : * ? of a name are letters, not folders: every file is kept, or the document is refused with "
        "a reason.",
        "Các ký tự / \\ : * ? trong tên chỉ là chữ, không phải thư mục: giữ đủ tệp, hoặc từ chối kèm lý do.",
    )
    KEPT = Check("att-path-names-lose-nothing", ("AT-03", "AT-07"), Text("no file is lost", "không tệp nào bị mất"))
    SIGNS = Check("att-signs-in-names", ("AT-04", "EN-04"), Text("quotes and signs are kept", "giữ ngoặc kép, ký hiệu"))
    checks = (KEPT, SIGNS)
    plain = True

    def letters(self, draw: Random) -> dict[str, Sequence[File]]:
        """Two that end alike under different folders, one that climbs out, and a letter with harmless signs."""
        risky = (
            "2025/ke-hoach.pdf", "2026/ke-hoach.pdf", "..\\..\\ke-hoach.pdf", "../../../etc/cron.d/ke-hoach.pdf",
            "C:\\Windows\\con?.pdf",
        )  # fmt: skip
        signs = ("“Phụ lục” & 'bảng' <số 1>.pdf", "Dự thảo (lần 2) #3 100%.pdf", "Tờ trình — bản ký; đã duyệt.pdf")
        return {
            "paths": tuple(File(name, pdf(draw)) for name in risky),
            "signs": tuple(File(name, pdf(draw)) for name in signs),
        }

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """How the SUT shows a dangerous name is its own affair; that the bytes are there is not."""
        yield names_kept(self.SIGNS, arrival(evidence, "signs"))
        yield kept_or_refused(self.KEPT, evidence, "paths")


class SameNameTwice(WithFiles):
    """Two files of one name with different bytes are two files, or the document is refused with a reason."""

    id = "attachments/same-name-twice"
    title = Text("Two files of one name", "Hai tệp trùng tên")
    expected = Text(
        "A manifest tells files apart by ContentId, not by name: both are kept, or the document is refused with a "
        "reason; neither is lost in silence.",
        "Tệp phân biệt theo ContentId, không theo tên: giữ cả hai, hoặc từ chối văn bản kèm lý do; không lặng lẽ làm "
        "mất tệp nào.",
    )
    BOTH = Check("att-same-name-both-kept", ("AT-07", "AT-01"), Text("both are kept", "giữ cả hai tệp"))
    checks = (BOTH,)
    plain = True

    def letters(self, draw: Random) -> dict[str, Sequence[File]]:
        """The name once more in capitals, as a file system that ignores case would confuse it."""
        return {"document": tuple(File(name, pdf(draw)) for name in ("phu-luc.pdf", "phu-luc.pdf", "PHU-LUC.PDF"))}

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Three digests, or a reason: names that cannot be told apart are ours."""
        yield kept_or_refused(self.BOTH, evidence, "document")


CASES: tuple[Case, ...] = (LongNames(), PathNames(), SameNameTwice())
