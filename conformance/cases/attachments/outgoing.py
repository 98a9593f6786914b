"""Files that the SUT sends: all of them, byte for byte, under their names; or a refused order. AT-01, AT-08."""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence

from conformance.case import Case
from conformance.cases.attachments.amount import block
from conformance.cases.attachments.names import long_name
from conformance.cases.sending.base import Sending, answered, found, leaves, leaving, left, orders
from conformance.evidence import CaseEvidence, Record, SeenDocument
from conformance.finding import Check, Finding
from conformance.letters import pdf
from conformance.papers import archive, paper
from conformance.stage import Stage
from simulator.protocol.errors import DamagedAttachment
from simulator.words import Text

__all__ = ["CASES"]

Named = tuple[str, bytes]


async def _orders(stage: Stage, label: str, items: Sequence[Named]) -> bool:
    for name, data in items:
        stage.note("file", label=label, name=name, size=len(data), sha256=hashlib.sha256(data).hexdigest())
    members = [{"name": name, "content_base64": base64.b64encode(data).decode()} for name, data in items]
    return await orders(stage, label, attachments=members)


def _planned(evidence: CaseEvidence, label: str) -> list[tuple[str, str]]:
    values = [note["values"] for note in evidence.notes("file")]
    return [(str(each["name"]), str(each["sha256"])) for each in values if each["label"] == label]


def _carried(document: SeenDocument) -> list[tuple[str, str]]:
    """Name and digest of each file in the packet; "" for one that cannot be opened."""
    pairs = []
    for each in document.package.attachments:
        try:
            pairs.append((each.name, hashlib.sha256(each.file()).hexdigest()))
        except DamagedAttachment:
            pairs.append((each.name, ""))
    return pairs


def _lost(planned: Sequence[tuple[str, str]], carried: Sequence[tuple[str, str]]) -> str:
    left_over = Counter(digest for _, digest in carried)
    lost = []
    for name, digest in planned:
        left_over[digest] -= 1
        if left_over[digest] < 0:
            lost.append(name)
    return "; ".join(lost)


def _all_out(check: Check, evidence: CaseEvidence, label: str) -> Finding:
    told, document = left(evidence, label)
    planned, carried = _planned(evidence, label), _carried(document)
    lost = _lost(planned, carried)
    return check.decide(
        not lost and len(carried) == len(planned),
        told,
        document,
        held=Text(f"{len(carried)} files, digests equal", f"{len(carried)} tệp, mã băm bằng nhau"),
        broken=Text(
            f"{len(planned)} attached, {len(carried)} in the packet; missing or altered: {lost or '–'}",
            f"đính kèm {len(planned)}, gói tin có {len(carried)}; thiếu hoặc bị đổi: {lost or '–'}",
        ),
    )


def _names_out(check: Check, evidence: CaseEvidence, label: str) -> Finding:
    told, document = left(evidence, label)
    names = [name for name, _ in _carried(document)]
    wrong = "; ".join(name for name, _ in _planned(evidence, label) if name not in names)
    return check.decide(
        not wrong,
        told,
        document,
        held=Text("every name as it was attached", "tên tệp đúng như đã đính kèm"),
        broken=Text(
            f"not in the packet: {wrong}; it has: {'; '.join(names) or '–'}",
            f"không có trong gói: {wrong}; gói có: {'; '.join(names) or '–'}",
        ),
    )


class FourFiles(Sending):
    """Four files in, four files out, with equal digests, and a manifest that lists each once."""

    id = "attachments/sends-all-files"
    title = Text("Four files in, four out", "Đính kèm bốn tệp, gửi đi bốn tệp")
    expected = Text(
        "The document and its whole file travel (Decision 28/2018 art. 10.1): main PDF and three annexes, unaltered.",
        "Gửi đủ văn bản và toàn bộ hồ sơ kèm theo (QĐ 28/2018 điều 10.1): PDF chính và ba phụ lục, không bị đổi.",
    )
    LEFT = Check("att-four-files-leave", ("TR-05", "AT-01"), Text("the document leaves", "văn bản rời đi"))
    ALL = Check(
        "att-four-files-out", ("AT-01", "AT-07"), Text("four files, equal digests", "bốn tệp, mã băm bằng nhau")
    )
    LISTED = Check("att-sent-manifest-agrees", ("PK-05",), Text("the manifest lists each once", "danh mục liệt kê đủ"))
    checks = (LEFT, ALL, LISTED)

    async def drive(self, stage: Stage) -> None:
        """A PDF, a docx, an xlsx, and bytes that are no text."""
        draw = stage.random
        items = (
            ("cong-van.pdf", pdf(draw)),
            ("du-thao.docx", paper("docx", draw)),
            ("bieu.xlsx", paper("xlsx", draw)),
            ("anh-chup.jpg", paper("jpg", draw)),
        )
        if await _orders(stage, "document", items):
            await leaves(stage)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Bytes by digest, then ids."""
        yield leaving(self.LEFT, evidence)
        yield _all_out(self.ALL, evidence, "document")
        told, document = left(evidence)
        package = document.package
        listed = Counter((line.bare_id, line.name) for line in package.manifest)
        carried = Counter((each.bare_id, each.name) for each in package.attachments)
        wrong = "; ".join(sorted(f"{name} ({cid})" for cid, name in (listed - carried) + (carried - listed)))
        yield self.LISTED.decide(
            not wrong and carried,
            told,
            document,
            held=Text(f"{len(package.manifest)} lines, {len(package.attachments)} files", "danh mục khớp với các tệp"),
            broken=Text(f"manifest and files differ: {wrong or '–'}", f"danh mục và tệp khác nhau: {wrong or '–'}"),
        )


class OddFiles(Sending):
    """An empty file, an attached .zip and two files of one name leave as they were attached."""

    id = "attachments/sends-odd-files"
    title = Text("Odd files of the clerk", "Tệp khác thường của văn thư")
    expected = Text(
        "0 bytes are a file, a .zip stays a .zip, and the same name twice are two files; or the order is refused.",
        "Tệp 0 byte vẫn là tệp, .zip vẫn là .zip, trùng tên vẫn là hai tệp; hoặc từ chối gửi.",
    )
    ZIP = Check("att-sent-zip-stays-zip", ("AT-07", "AT-02"), Text("a .zip leaves as it is", "tệp .zip giữ nguyên"))
    TWINS = Check(
        "att-sent-same-name-both", ("AT-01", "AT-07"), Text("both of one name leave", "gửi đủ hai tệp trùng tên")
    )
    EMPTY = Check("att-sent-empty-or-refused", ("AT-01",), Text("0 bytes: sent or refused", "0 byte: gửi hoặc từ chối"))
    checks = (ZIP, TWINS, EMPTY)

    async def drive(self, stage: Stage) -> None:
        """One order for each oddity."""
        draw = stage.random
        plans: dict[str, Sequence[Named]] = {
            "zip": (("so-lieu.zip", archive(("a.csv", paper("csv", draw)))), ("a.pdf", pdf(draw))),
            "twins": (("phu-luc.pdf", pdf(draw)), ("phu-luc.pdf", pdf(draw))),
            "empty": (("cong-van.pdf", pdf(draw)), ("rong.txt", b"")),
        }
        for label, items in plans.items():
            if await _orders(stage, label, items):
                await leaves(stage, label)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The first two must leave, the third may be refused."""
        yield _all_out(self.ZIP, evidence, "zip")
        yield _all_out(self.TWINS, evidence, "twins")
        yield _out_or_refused(self.EMPTY, evidence, "empty")


def _out_or_refused(check: Check, evidence: CaseEvidence, label: str) -> Finding:
    record = answered(evidence, label)
    return _refused(check, evidence, record) if record["status"] == 422 else _all_out(check, evidence, label)


def _refused(check: Check, evidence: CaseEvidence, record: Record) -> Finding:
    """Refused where the clerk sees it: then nothing of it may have left, and he must be told why."""
    digests = {digest for _, digest in _planned(evidence, str(record["request"]["label"]))}
    gone = [each for each in evidence.documents_from_sut() if digests & {digest for _, digest in _carried(each)}]
    error = str(record["answer"].get("error", "")).strip()
    return check.decide(
        error and not gone,
        record,
        *gone,
        held=Text(f"refused: {error}", f"từ chối gửi: {error}"),
        broken=Text(
            f"the clerk was told '{error}', and {len(gone)} packets with parts of it left",
            f"văn thư được báo '{error}', nhưng {len(gone)} gói chứa một phần đã rời đi",
        ),
        rests_on=() if gone else ("RF-04",),  # refused, and only the reason is missing
    )


class LongNamesOut(Sending):
    """Long Vietnamese file names leave to the last letter."""

    id = "attachments/sends-long-names"
    title = Text("Long Vietnamese names leave", "Gửi tên tệp tiếng Việt dài")
    expected = Text(
        "Names of 151 and 200 characters stand in the packet letter by letter, with quotes and signs.",
        "Tên 151 và 200 ký tự có trong gói tin từng chữ một, kể cả ngoặc kép và ký hiệu.",
    )
    LEFT = Check("att-long-names-leave", ("TR-05", "AT-04"), Text("the document leaves", "văn bản rời đi"))
    NAMES = Check("att-sent-long-names-whole", ("AT-04", "EN-04"), Text("the names are whole", "tên tệp nguyên vẹn"))
    checks = (LEFT, NAMES)

    async def drive(self, stage: Stage) -> None:
        """Three names."""
        names = (long_name(151, ending=".pdf"), long_name(200, ending=".pdf"), "Phụ lục “số 1” & Đề án – lần 2.docx")
        items = [(name, paper(name.rpartition(".")[2], stage.random)) for name in names]
        if await _orders(stage, "document", items):
            await leaves(stage)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """In the packet."""
        yield leaving(self.LEFT, evidence)
        yield _names_out(self.NAMES, evidence, "document")


class TooLarge(Sending):
    """A file of 51 MB, above the limit of two public gateways: it leaves whole, or the clerk is told."""

    id = "attachments/sends-large-file-or-refuses"
    title = Text("A file of 51 MB", "Tệp 51 MB")
    expected = Text(
        "The order is refused with a clear reason (422, or shown as failed), or all of it leaves; the large file is "
        "never left out in silence.",
        "Từ chối gửi với lý do rõ ràng (422 hoặc hiển thị lỗi), hoặc gửi đủ; không lặng lẽ bỏ tệp lớn.",
    )
    TWIN = Check("att-small-order-leaves", ("TR-05", "AT-01"), Text("the small one leaves", "văn bản nhỏ rời đi"))
    WHOLE = Check(
        "att-oversize-whole-or-refused",
        ("AT-08", "AT-01"),
        Text("whole, or refused clearly", "đủ hoặc từ chối rõ ràng"),
    )
    checks = (TWIN, WHOLE)

    async def drive(self, stage: Stage) -> None:
        """The twin, then the large file with a small one beside it."""
        if await _orders(stage, "document", (("a.pdf", pdf(stage.random)),)):
            await leaves(stage)
        if await _orders(stage, "large", (("a.pdf", pdf(stage.random)), ("ban-do.pdf", block(stage.random, 51)))):
            await leaves(stage, "large")
            await stage.look("out", label="large")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """A refusal may also be a document that is shown as failed."""
        yield leaving(self.TWIN, evidence)
        left(evidence)
        record = answered(evidence, "large")
        if record["status"] == 422 or found(evidence, evidence.order("large")):
            yield _out_or_refused(self.WHOLE, evidence, "large")
            return
        look = evidence.look("out", "large")
        document_id = str(record["answer"].get("document_id", ""))
        state = look.state(document_id)
        yield self.WHOLE.decide(
            look.of(document_id, state="failed"),
            record,
            look,
            held=Text("shown to the clerk as failed", "hiển thị cho văn thư là gửi lỗi"),
            broken=Text(f"nothing left, and it is shown as '{state}'", f"không có gì rời đi, hiển thị '{state}'"),
        )


CASES: tuple[Case, ...] = (FourFiles(), OddFiles(), LongNamesOut(), TooLarge())
