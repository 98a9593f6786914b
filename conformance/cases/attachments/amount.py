"""How much: no byte at all, twenty files, twenty megabytes. AT-01, AT-07, AT-08."""

from collections.abc import Iterable, Sequence
from random import Random

from conformance.case import Case, Wave
from conformance.cases.attachments.kit import File, WithFiles, all_kept, arrival, kept_or_refused, names_kept
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.letters import pdf
from conformance.papers import paper
from simulator.words import Text

__all__ = ["CASES", "block"]

_MEGABYTE = 1024 * 1024
_MARGIN = 2048


def block(draw: Random, megabytes: int) -> bytes:
    """A PDF of so many megabytes, less a few hundred bytes. What fills it repeats: a run must not spend its time on
    drawing that."""
    piece = draw.randbytes(_MEGABYTE)
    return pdf(draw, ballast=(piece * megabytes)[: megabytes * _MEGABYTE - _MARGIN])


class EmptyFile(WithFiles):
    """A file of 0 bytes between two others: kept with size 0, or the document refused with a reason."""

    id = "attachments/empty-file"
    title = Text("A file of 0 bytes", "Tệp 0 byte")
    expected = Text(
        "Zipped or raw, the empty file is listed with size 0, or the document is refused with a reason; it does not "
        "vanish.",
        "Dù nén hay thô, tệp rỗng được liệt kê với kích thước 0 hoặc văn bản bị từ chối kèm lý do; không biến mất.",
    )
    ZIPPED = Check("att-empty-zipped-file", ("AT-08", "AT-07"), Text("0 bytes, zipped", "0 byte, gửi nén"))
    RAW = Check("att-empty-raw-file", ("AT-08", "AT-07"), Text("0 bytes, raw", "0 byte, gửi thô"))
    checks = (ZIPPED, RAW)
    plain = True

    def letters(self, draw: Random) -> dict[str, Sequence[File]]:
        """The builder zips a txt; a PDF of 0 bytes leaves an empty element."""
        return {
            "zipped": (File("a.pdf", pdf(draw)), File("rong.txt", b""), File("c.pdf", pdf(draw))),
            "raw": (File("a.pdf", pdf(draw)), File("rong.pdf", b"", form="raw"), File("c.pdf", pdf(draw))),
        }

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """All three, or a refusal."""
        yield kept_or_refused(self.ZIPPED, evidence, "zipped")
        yield kept_or_refused(self.RAW, evidence, "raw")


class TwentyFiles(WithFiles):
    """Twenty files of five kinds, two of them with equal bytes: twenty arrive."""

    id = "attachments/twenty-files"
    title = Text("Twenty files, two with equal bytes", "Hai mươi tệp, hai tệp cùng nội dung")
    expected = Text(
        "Twenty lines with twenty names; two files that happen to be equal are still two.",
        "Hai mươi dòng, hai mươi tên; hai tệp giống nội dung vẫn là hai tệp.",
    )
    ALL = Check("att-twenty-there", ("AT-01", "AT-07"), Text("all twenty are there", "đủ hai mươi tệp"))
    NAMES = Check("att-twenty-names", ("AT-04",), Text("each under its own name", "mỗi tệp đúng tên"))
    checks = (ALL, NAMES)

    def letters(self, draw: Random) -> dict[str, Sequence[File]]:
        """The last repeats the first under another name."""
        kinds = ("pdf", "docx", "xlsx", "txt", "jpg")
        items = [
            File(
                f"phụ lục {number:02}.{kinds[number % 5]}",
                paper(kinds[number % 5], draw),
            )
            for number in range(1, 20)
        ]
        return {"document": (*items, File("phụ lục 20.jpg", items[3].data))}

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Count by digests, then names."""
        seen = arrival(evidence, "document")
        yield all_kept(self.ALL, seen)
        yield names_kept(self.NAMES, seen)


class TwentyMegabytes(WithFiles):
    """A file of 20 MB between two small ones: all arrive whole, or the document is refused with a reason."""

    id = "attachments/twenty-megabytes"
    title = Text("A file of 20 MB", "Tệp 20 MB")
    wave = Wave.ALONE  # for seconds the SUT does nothing else: that is not to count against its other cases
    expected = Text(
        "20 MB are far below the practical limit of 50: whole, or refused so that the sender learns it; no file is "
        "skipped in silence.",
        "20 MB còn xa giới hạn thực tế 50 MB: nhận nguyên vẹn, hoặc từ chối để bên gửi biết; không lặng lẽ bỏ tệp.",
    )
    WHOLE = Check(
        "att-large-file-whole-or-refused", ("AT-08", "AT-07"), Text("whole, or refused", "nguyên vẹn hoặc bị từ chối")
    )
    BESIDE = Check("att-small-file-beside-large", ("AT-07",), Text("nothing half done", "không nhận nửa vời"))
    checks = (WHOLE, BESIDE)
    plain = True

    def letters(self, draw: Random) -> dict[str, Sequence[File]]:
        """A small one before it and one behind it: what gives up at the large one never comes to the last."""
        small = File("to-trinh.pdf", pdf(draw)), File("phu-luc.pdf", pdf(draw))
        return {"document": (small[0], File("ban-do.pdf", block(draw, 20)), small[1])}

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Files by digest; a document that is listed is listed with all of them."""
        yield kept_or_refused(self.WHOLE, evidence, "document")
        seen = arrival(evidence, "document")
        evidence.require(
            seen.shown or seen.excuse, Text("the document is not listed", "văn bản không được liệt kê"), seen.look
        )
        yield self.BESIDE.decide(
            not {"to-trinh.pdf", "phu-luc.pdf"} & set(seen.missing) or (seen.excuse and not seen.shown),
            seen.document,
            seen.look,
            held=Text("the small files stand or fall with the large one", "các tệp nhỏ đi cùng tệp lớn"),
            broken=Text(
                "the document is listed without one of its small files", "văn bản được liệt kê nhưng thiếu tệp nhỏ"
            ),
        )


CASES: tuple[Case, ...] = (EmptyFile(), TwentyFiles(), TwentyMegabytes())
