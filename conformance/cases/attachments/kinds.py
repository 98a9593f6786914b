"""What kind: every extension zipped and raw, archives that are documents, types that lie. AT-02, AT-04."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from random import Random

from conformance.case import Case
from conformance.cases.attachments.kit import (
    File,
    WithFiles,
    all_kept,
    arrival,
    kept_or_refused,
    speaks_of_file,
)
from conformance.cases.steps import codes
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.letters import letter, pdf
from conformance.papers import archive, paper
from conformance.stage import Stage
from simulator.protocol.package import Package, Reference
from simulator.words import Text

__all__ = ["CASES"]

_EXTENSIONS = ("pdf", "doc", "docx", "xls", "xlsx", "pptx", "odt", "rtf", "txt", "xml", "jpg", "tif", "7z", "dwg")


class EveryExtension(WithFiles):
    """Fourteen kinds of files, zipped as the builder of 2019 zips them, and raw as .NET builders send them."""

    id = "attachments/every-extension"
    title = Text("Fourteen extensions, zipped and raw", "Mười bốn phần mở rộng, nén và thô")
    expected = Text(
        "Which files are zipped differs from build to build: the SUT tells by the bytes and keeps the file itself.",
        "Mỗi bản SDK nén một kiểu: SUT nhận biết theo nội dung byte và giữ đúng tệp gốc.",
    )
    ZIPPED = Check("att-extensions-zipped", ("AT-02",), Text("each is read zipped", "đọc được khi gửi nén"))
    RAW = Check("att-extensions-raw", ("AT-02",), Text("each is read raw", "đọc được khi gửi thô"))
    checks = (ZIPPED, RAW)

    def letters(self, draw: Random) -> dict[str, Sequence[File]]:
        """One letter for each way."""
        return {
            form: tuple(File(f"tep-{each}.{each}", paper(each, draw), form=form) for each in _EXTENSIONS)
            for form in ("zip-2019", "raw")
        }

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The digests of the files, not of archives."""
        yield all_kept(self.ZIPPED, arrival(evidence, "zip-2019"))
        yield all_kept(self.RAW, arrival(evidence, "raw"))


class DeclaredTypes(WithFiles):
    """The declared type is wrong: a ZIP called application/pdf, a PDF called application/zip, no type that exists."""

    id = "attachments/wrong-declared-types"
    title = Text("Declared types that are wrong", "Khai sai kiểu nội dung")
    expected = Text(
        "A vendor sample of 2025 declares application/pdf around a ZIP; the bytes decide, not the declaration.",
        "Mẫu năm 2025 khai application/pdf nhưng bên trong là ZIP; quyết định theo byte, không theo khai báo.",
    )
    ZIP_AS_PDF = Check("att-zip-declared-pdf", ("AT-02",), Text("a ZIP declared PDF", "ZIP khai là PDF"))
    PDF_AS_ZIP = Check("att-pdf-declared-zip", ("AT-02",), Text("a PDF declared ZIP", "PDF khai là ZIP"))
    STRANGE = Check("att-strange-type", ("AT-02", "AT-04"), Text("a type that nobody knows", "kiểu không ai biết"))
    checks = (ZIP_AS_PDF, PDF_AS_ZIP, STRANGE)

    def letters(self, draw: Random) -> dict[str, Sequence[File]]:
        """zip-2018 zips a txt; the PDF is zipped by hand, under the entry name that a builder draws."""
        return {
            "zip as pdf": (File("ghi-chu.txt", paper("txt", draw), content_type="application/pdf"),),
            "pdf as zip": (File("cong-van.pdf", pdf(draw), form="raw", content_type="application/zip"),),
            "strange": (File("cong-van.pdf", pdf(draw), content_type="application/x-khong-ro"),),
        }

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Each alone."""
        yield all_kept(self.ZIP_AS_PDF, arrival(evidence, "zip as pdf"))
        yield all_kept(self.PDF_AS_ZIP, arrival(evidence, "pdf as zip"))
        yield all_kept(self.STRANGE, arrival(evidence, "strange"))


class Archives(WithFiles):
    """An attached .zip stays a .zip; a docx or xlsx that is an archive itself is not torn open."""

    id = "attachments/own-archives"
    title = Text("Archives that are the document", "Tệp nén chính là tài liệu")
    expected = Text(
        "A .zip with one file in it is the attachment, not an envelope; a docx declared application/zip is a docx.",
        "Tệp .zip chỉ chứa một tệp vẫn là tệp đính kèm, không phải vỏ; docx khai application/zip vẫn là docx.",
    )
    ZIP = Check("att-zip-stays-zip", ("AT-02", "AT-07"), Text("a .zip stays one", "giữ nguyên tệp .zip"))
    OFFICE = Check(
        "att-office-not-torn-open", ("AT-02", "AT-07"), Text("docx, xlsx stay whole", "docx, xlsx nguyên vẹn")
    )
    checks = (ZIP, OFFICE)

    def letters(self, draw: Random) -> dict[str, Sequence[File]]:
        """One entry, several entries; an office file raw under the wrong type, and one inside the envelope."""
        inner = ("so-lieu.csv", paper("csv", draw))
        return {
            "zip": (File("mot.zip", archive(inner)), File("nhieu.zip", archive(inner, ("b.txt", paper("txt", draw))))),
            "office": (
                File("du-thao.docx", paper("docx", draw), form="raw", content_type="application/zip"),
                File("bieu.xlsx", paper("xlsx", draw)),
            ),
        }

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Bytes as they were attached."""
        yield all_kept(self.ZIP, arrival(evidence, "zip"))
        yield all_kept(self.OFFICE, arrival(evidence, "office"))


class Disguised(WithFiles):
    """A program under the name of a PDF between two real ones: taken as it is or refused, never left out in silence."""

    id = "attachments/program-named-pdf"
    title = Text("A program named .pdf", "Tệp chương trình mang tên .pdf")
    expected = Text(
        "The SUT keeps it untouched, or refuses the document and says why; it does not keep the rest without it.",
        "SUT giữ nguyên tệp, hoặc từ chối văn bản và nêu lý do; không tự bỏ tệp rồi nhận phần còn lại.",
    )
    WHOLE = Check("att-disguised-whole-or-refused", ("AT-04",), Text("whole, or refused", "nguyên vẹn hoặc từ chối"))
    checks = (WHOLE,)
    plain = True

    def letters(self, draw: Random) -> dict[str, Sequence[File]]:
        """MZ, and nothing that could run."""
        program = b"MZ\x90\x00" + draw.randbytes(60) + b"This program cannot be run in DOS mode."
        return {"document": (File("a.pdf", pdf(draw)), File("cong-van.pdf", program), File("c.pdf", pdf(draw)))}

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Three files, or 02 with a reason."""
        yield kept_or_refused(self.WHOLE, evidence, "document")


class ManifestForms(WithFiles):
    """The manifest names other types than the attachments, and ids with no ``cid:`` or two: read all the same."""

    id = "attachments/manifest-of-every-build"
    title = Text("Manifests of three builds", "Danh mục tệp của ba bản SDK")
    expected = Text(
        "The 2018 build writes application/zip into every line and one more cid: at every rebuild; files are matched "
        "without it.",
        "Bản 2018 ghi application/zip ở mọi dòng và thêm cid: mỗi lần dựng lại; đối chiếu tệp không kể tiền tố này.",
    )
    READ = Check("att-manifest-forms-read", ("AT-02",), Text("every file is found", "tìm thấy mọi tệp"))
    checks = (READ,)

    def letters(self, draw: Random) -> dict[str, Sequence[File]]:
        """Types that disagree, as the 2018 build has them."""
        kinds = ("pdf", "docx", "txt")
        return {"document": tuple(File(f"{k}.{k}", paper(k, draw), listed_as="application/zip") for k in kinds)}

    def written(self, package: Package) -> Package:
        """0, 1 and 2 times ``cid:`` in the manifest, 1, 2 and 0 times at the attachment."""
        lines = tuple(
            replace(line, content_id=f"{'cid:' * times}{line.bare_id}") for times, line in enumerate(package.manifest)
        )
        attached = tuple(
            replace(each, content_id=f"{'cid:' * times}{each.bare_id}")
            for times, each in zip((1, 2, 0), package.attachments, strict=True)
        )
        return replace(package, manifest=lines, attachments=attached)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """All three."""
        yield all_kept(self.READ, arrival(evidence, "document"))


class MissingFile(WithFiles):
    """The manifest lists a file that the packet does not hold: refused with 02; its twin without that line arrives."""

    id = "attachments/listed-but-missing"
    title = Text("Listed in the manifest, not in the packet", "Có trong danh mục nhưng không có tệp")
    expected = Text(
        "A document that is not complete is returned with 02 and a reason.",
        "Văn bản không toàn vẹn được trả lại bằng 02 kèm lý do.",
    )
    REFUSED = Check("att-missing-file-refused", ("RF-03",), Text("it is returned", "văn bản được trả lại"))
    REASON = Check("att-missing-file-named", ("RF-01",), Text("the reason fits", "lý do phù hợp"))
    checks = (REFUSED, REASON)
    LOST = "phu-luc-bi-thieu.pdf"

    def letters(self, draw: Random) -> dict[str, Sequence[File]]:
        """The twin."""
        return {"good": (File("cong-van.pdf", pdf(draw)),)}

    async def drive(self, stage: Stage) -> None:
        """The incomplete one first."""
        package = letter(stage)
        lost = Reference(content_id="cid:9", content_type="application/pdf", name=self.LOST)
        await stage.send(replace(package, manifest=(*package.manifest, lost)), label="incomplete")
        await super().drive(stage)
        await stage.until(
            lambda seen: seen.statuses_from_sut(seen.sent("incomplete"), "02"),
            for_=Text("the refusal of the incomplete one", "từ chối văn bản thiếu tệp"),
        )
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The twin first."""
        good = evidence.statuses_from_sut(evidence.sent("good"), "01")
        evidence.require(good, Text("the complete one never arrived", "văn bản đủ tệp cũng không đến"))
        seen = arrival(evidence, "incomplete")
        got = codes(evidence.statuses_from_sut(seen.document))
        yield self.REFUSED.decide(
            seen.refusals and not seen.shown,
            seen.document,
            *seen.refusals,
            *good,
            seen.look,
            held=Text("refused with 02", "từ chối bằng 02"),
            broken=Text(f"statuses: {got}", f"trạng thái: {got}"),
        )
        evidence.require(seen.refusals, Text("it was not refused", "chưa bị từ chối"), seen.document)
        yield self.REASON.decide(
            speaks_of_file(seen.excuse, self.LOST),
            *seen.refusals,
            held=Text(f"reason: {seen.excuse}", f"lý do: {seen.excuse}"),
            broken=Text(
                f"the reason says nothing of a file: '{seen.excuse}'", f"lý do không nói gì về tệp: '{seen.excuse}'"
            ),
        )


CASES: tuple[Case, ...] = (
    EveryExtension(), DeclaredTypes(), Archives(), Disguised(), ManifestForms(), MissingFile(),
)  # fmt: skip
