"""Attached files arrive byte for byte, in both builds' packing and under every name. AT-01, AT-02, AT-04, AT-07."""

import hashlib
from abc import abstractmethod
from collections.abc import Iterable, Sequence
from random import Random

from conformance.case import Case
from conformance.cases.steps import arrive
from conformance.evidence import CaseEvidence, Look, Sent
from conformance.finding import Check, Finding
from conformance.letters import files, letter, pdf
from conformance.papers import paper
from conformance.stage import Stage
from simulator.words import Text

__all__ = ["CASES"]


class _WithFiles(Case):
    """Sends files and compares what the SUT says that it keeps."""

    form = "zip-2019"

    @abstractmethod
    def files(self, draw: Random) -> Sequence[tuple[str, bytes]]:
        """Name and bytes of each file."""

    async def drive(self, stage: Stage) -> None:
        """One letter with the files; their digests are noted."""
        items = tuple(self.files(stage.random))
        for name, data in items:
            stage.note("file", name=name, size=len(data), sha256=hashlib.sha256(data).hexdigest())
        document = await stage.send(letter(stage, files=files(*items, form=self.form)))
        await arrive(stage, document)
        await stage.look("in")

    def kept(self, evidence: CaseEvidence) -> tuple[Sent, Look, list[dict[str, object]], list[dict[str, object]]]:
        """What was sent, the look, the files as planned and as shown. Raises Unseen where nothing was taken in."""
        document = evidence.sent()
        evidence.taken(document)
        look = evidence.look("in")
        planned = [dict(note["values"]) for note in evidence.notes("file")]
        shown = look.files(document.document_id, *(str(each["sha256"]) for each in planned))
        return document, look, planned, [dict(each) for each in shown]


def _digests(check: Check, evidence: CaseEvidence, case: _WithFiles) -> Finding:
    document, look, planned, shown = case.kept(evidence)
    wrong = [each["name"] for each in planned if each["sha256"] not in {one.get("sha256") for one in shown}]
    names = ", ".join(map(str, wrong))
    return check.decide(
        not wrong,
        document,
        look,
        held=Text(f"{len(planned)} digests are equal", f"{len(planned)} mã băm bằng nhau"),
        broken=Text(f"missing or altered: {names}", f"thiếu hoặc bị đổi: {names}"),
    )


class SeveralFiles(_WithFiles):
    """A PDF, a docx, an xlsx and a text file arrive complete, byte for byte, under their names."""

    id = "receiving/attachments-byte-for-byte"
    title = Text("Four files of four kinds", "Bốn tệp đính kèm bốn loại")
    expected = Text(
        "All four are kept with the bytes and the names that were sent, raw and zipped ones alike.",
        "Giữ đủ bốn tệp, đúng từng byte và đúng tên, dù gửi thô hay nén.",
    )
    THERE = Check("every-attachment-there", ("AT-07", "AT-01"), Text("no file is missing", "không thiếu tệp nào"))
    EQUAL = Check("attachment-bytes-equal", ("AT-07",), Text("every byte is kept", "giữ nguyên từng byte"))
    NAMES = Check("attachment-names-kept", ("AT-04",), Text("the names are kept", "giữ nguyên tên tệp"))
    checks = (THERE, EQUAL, NAMES)

    def files(self, draw: Random) -> Sequence[tuple[str, bytes]]:
        """Four contents that differ."""
        return (
            ("cong-van.pdf", pdf(draw)),
            ("du-thao.docx", paper("docx", draw)),
            ("bieu-so-lieu.xlsx", paper("xlsx", draw)),
            ("ghi-chu.txt", f"Ghi chú {draw.getrandbits(64):x}\r\n".encode()),
        )

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Count, digests, names."""
        document, look, planned, shown = self.kept(evidence)
        yield self.THERE.decide(
            len(shown) == len(planned),
            document,
            look,
            held=Text(f"{len(shown)} files", f"{len(shown)} tệp"),
            broken=Text(f"{len(shown)} of {len(planned)} files", f"{len(shown)}/{len(planned)} tệp"),
        )
        yield _digests(self.EQUAL, evidence, self)
        names = sorted(str(each.get("name")) for each in shown)
        evidence.require(names, Text("the SUT shows no file at all", "SUT không hiển thị tệp nào"), look)
        yield self.NAMES.decide(
            set(names) <= {str(each["name"]) for each in planned},
            document,
            look,
            held=Text("the names are those that were sent", "tên tệp đúng như đã gửi"),
            broken=Text(f"the SUT shows {', '.join(names) or '–'}", f"SUT hiển thị {', '.join(names) or '–'}"),
        )


class OldBuild(_WithFiles):
    """Files packed as the 2018 build packs them (docx raw, txt zipped) are read by their content."""

    id = "receiving/attachments-2018-build"
    title = Text("Packed by the 2018 build", "Đóng gói theo bản SDK 2018")
    expected = Text(
        "A docx travels raw, an xls and a txt travel zipped; the SUT tells by the content and keeps the file itself.",
        "Tệp docx gửi thô, xls và txt gửi nén; SUT nhận biết theo nội dung và giữ đúng tệp gốc.",
    )
    form = "zip-2018"
    READ = Check("old-build-files-read", ("AT-02",), Text("both packings are read", "đọc được cả hai cách đóng gói"))
    checks = (READ,)

    def files(self, draw: Random) -> Sequence[tuple[str, bytes]]:
        """One that the old build leaves raw, two that it zips."""
        return (
            ("du-thao.docx", paper("docx", draw)),
            ("bang-ke.xls", paper("xls", draw)),
            ("ghi-chu.txt", f"{draw.getrandbits(64):x}".encode()),
        )

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The digests of the files, not of the archives."""
        yield _digests(self.READ, evidence, self)


class RawFiles(_WithFiles):
    """Files that are not zipped at all, as .NET builders send them, are kept as they are."""

    id = "receiving/attachments-raw"
    title = Text("Raw base64, as .NET builders send it", "Base64 thô như bộ dựng .NET gửi")
    expected = Text("The bytes are the file; nothing is unpacked.", "Chuỗi byte chính là tệp; không giải nén gì thêm.")
    form = "raw"
    READ = Check("raw-files-read", ("AT-02",), Text("raw files are kept", "giữ đúng tệp gửi thô"))
    checks = (READ,)

    def files(self, draw: Random) -> Sequence[tuple[str, bytes]]:
        """A docx is a ZIP itself: a reader that unpacks all that begins with PK breaks it."""
        return (("du-thao.docx", paper("docx", draw)), ("cong-van.pdf", pdf(draw)), ("anh.png", paper("png", draw)))

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The digests."""
        yield _digests(self.READ, evidence, self)


class VietnameseNames(_WithFiles):
    """File names with Vietnamese letters, typographic quotes and 150 characters are kept."""

    id = "receiving/attachment-vietnamese-names"
    title = Text("Vietnamese and long file names", "Tên tệp tiếng Việt và tên dài")
    expected = Text("The names are kept letter by letter.", "Giữ nguyên tên tệp từng ký tự.")
    NAME = Check("vietnamese-name-kept", ("AT-04", "EN-04"), Text("Vietnamese letters survive", "giữ dấu tiếng Việt"))
    LONG = Check("long-name-kept", ("AT-04",), Text("150 characters survive", "giữ đủ 150 ký tự"))
    checks = (NAME, LONG)

    def files(self, draw: Random) -> Sequence[tuple[str, bytes]]:
        """One with marks and quotes, one long."""
        long = ("Báo cáo tổng hợp tình hình thực hiện nhiệm vụ " * 4)[:146].strip().ljust(146, "a")
        return (("Phụ lục số 01 – Kế hoạch “cải cách” & đổi mới.pdf", pdf(draw)), (f"{long}.pdf", pdf(draw)))

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Each name must be among those shown."""
        document, look, planned, shown = self.kept(evidence)
        names = {str(each.get("name")) for each in shown}
        for check, each in zip((self.NAME, self.LONG), planned, strict=True):
            yield check.decide(
                each["name"] in names,
                document,
                look,
                held=Text("the name is the same", "tên giữ nguyên"),
                broken=Text(f"shown are: {'; '.join(sorted(names))}", f"đang hiển thị: {'; '.join(sorted(names))}"),
            )


class ManyFiles(_WithFiles):
    """Twelve files with twelve contents all arrive, each with its own bytes."""

    id = "receiving/many-attachments"
    title = Text("Twelve attachments", "Mười hai tệp đính kèm")
    expected = Text("Twelve files, twelve different digests.", "Mười hai tệp, mười hai mã băm khác nhau.")
    ALL = Check("many-attachments-there", ("AT-07", "AT-01"), Text("all twelve are there", "đủ mười hai tệp"))
    OWN = Check("attachments-not-swapped", ("AT-07",), Text("each name has its own bytes", "mỗi tên đúng nội dung"))
    checks = (ALL, OWN)

    def files(self, draw: Random) -> Sequence[tuple[str, bytes]]:
        """Twelve small PDFs."""
        return [(f"phu-luc-{number:02}.pdf", pdf(draw)) for number in range(1, 13)]

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Count, then pairs of name and digest."""
        document, look, planned, shown = self.kept(evidence)
        yield self.ALL.decide(
            len(shown) == len(planned),
            document,
            look,
            held=Text("twelve files", "mười hai tệp"),
            broken=Text(f"{len(shown)} files", f"{len(shown)} tệp"),
        )
        pairs = {(str(each["name"]), each["sha256"]) for each in planned}
        swapped = [str(each.get("name")) for each in shown if (str(each.get("name")), each.get("sha256")) not in pairs]
        evidence.require(shown, Text("no file is shown", "không hiển thị tệp nào"), look)
        yield self.OWN.decide(
            not swapped,
            document,
            look,
            held=Text("every name has its own bytes", "mỗi tên đúng nội dung của nó"),
            broken=Text(f"other bytes under: {', '.join(swapped)}", f"sai nội dung: {', '.join(swapped)}"),
        )


CASES: tuple[Case, ...] = (SeveralFiles(), OldBuild(), RawFiles(), VietnameseNames(), ManyFiles())
