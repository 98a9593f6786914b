"""The attachments of what leaves: all of them, byte for byte, under their names, as the manifest says. AT-01, PK-05."""

import base64
import hashlib
from collections.abc import Iterable

from conformance.case import Case
from conformance.cases.sending.base import Sending, differing, leaves, left, orders
from conformance.evidence import CaseEvidence, Order, SeenDocument
from conformance.finding import Check, Finding
from conformance.letters import pdf
from conformance.papers import paper
from conformance.stage import Stage
from simulator.protocol.errors import DamagedAttachment
from simulator.words import Text

__all__ = ["CASES"]


def _ordered(told: Order) -> dict[str, str]:
    """name → digest of what the clerk attached."""
    return {
        each["name"]: hashlib.sha256(base64.b64decode(each["content_base64"])).hexdigest()
        for each in told.request["attachments"]
    }


def _sent(document: SeenDocument) -> dict[str, str]:
    """name → digest of what left, '?' where it cannot be unpacked."""
    found: dict[str, str] = {}
    for each in document.package.attachments:
        try:
            found[each.name] = hashlib.sha256(each.file()).hexdigest()
        except DamagedAttachment:
            found[each.name] = "?"
    return found


def _digests(files: dict[str, str]) -> str:
    return ", ".join(f"{name} {digest[:12]}" for name, digest in sorted(files.items()))


class FourFiles(Sending):
    """Four files in, four out."""

    id = "sending/four-files"
    title = Text("Four attachments", "Bốn tệp đính kèm")
    expected = Text(
        "All four leave byte for byte under their names; manifest and attachments agree in id and name.",
        "Cả bốn tệp rời đi nguyên vẹn từng byte, đúng tên; manifest và tệp đính kèm khớp mã và tên.",
    )
    ALL = Check("ordered-files-all-leave", ("AT-01",), Text("all four leave", "đủ bốn tệp"))
    NAMES = Check("ordered-file-names-kept", ("PK-05", "AT-04"), Text("names are kept", "giữ nguyên tên tệp"))
    BYTES = Check("ordered-files-unchanged", ("AT-07",), Text("bytes are kept", "giữ nguyên nội dung tệp"))
    MANIFEST = Check("manifest-agrees-with-files", ("PK-05",), Text("the manifest agrees", "manifest khớp với tệp"))
    checks = (ALL, NAMES, BYTES, MANIFEST)

    async def drive(self, stage: Stage) -> None:
        """PDF, a long Vietnamese name, Excel-like and text: raw and zipped forms alike."""
        draw = stage.random
        files = [
            ("Công văn.pdf", pdf(draw)),
            ("Phụ lục 1 - Danh sách các xã, phường, thị trấn thực hiện sắp xếp đơn vị hành chính.pdf", pdf(draw)),
            ("Biểu số liệu.xlsx", paper("xlsx", draw)),
            ("Ghi chú.txt", "Tiếng Việt có dấu: ệ, ữ, ợ\r\n".encode() * 3),
        ]
        attachments = [{"name": name, "content_base64": base64.b64encode(data).decode()} for name, data in files]
        if await orders(stage, attachments=attachments):
            await leaves(stage)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Count, names, digests, manifest."""
        told, document = left(evidence)
        wanted, sent, package = _ordered(told), _sent(document), document.package
        count = len(package.attachments)
        yield self.ALL.decide(
            count == len(wanted),
            told,
            document,
            held=Text(f"{count} files", f"{count} tệp"),
            broken=Text(f"{len(wanted)} files ordered, {count} sent", f"yêu cầu {len(wanted)} tệp, gửi {count}"),
        )
        strange = ", ".join(sorted(set(sent) - set(wanted)))
        yield self.NAMES.decide(
            not strange,
            told,
            document,
            held=Text("as they were given", "đúng như đã đặt"),
            broken=Text(
                f"other names: {sorted(set(sent) - set(wanted))}", f"tên khác: {sorted(set(sent) - set(wanted))}"
            ),
        )
        damaged = [name for name, digest in sent.items() if digest not in wanted.values()]
        yield self.BYTES.decide(
            not damaged,
            told,
            document,
            held=Text("every digest is the same", "mọi mã băm đều khớp"),
            broken=Text(f"other bytes: {', '.join(damaged)}", f"nội dung khác: {', '.join(damaged)}"),
        )
        lines = sorted((each.bare_id, each.name) for each in package.manifest)
        files = sorted((each.bare_id, each.name) for each in package.attachments)
        yield self.MANIFEST.decide(
            lines == files and all(each for each, _ in files),
            document,
            held=Text("one line per file", "mỗi tệp một dòng"),
            broken=Text(
                f"{len(lines)} lines, {len(files)} files; they differ",
                f"{len(lines)} dòng, {len(files)} tệp, không khớp",
            ),
        )


class OwnFiles(Sending):
    """Two documents with files of the same name: each bears its own bytes."""

    id = "sending/files-not-swapped"
    title = Text("The same file name in two documents", "Hai văn bản có tệp trùng tên")
    expected = Text("Each packet holds the bytes of its own order.", "Mỗi gói tin chứa đúng nội dung của văn bản đó.")
    OWN = Check("same-name-own-bytes", ("AT-07", "AT-01"), Text("each has its own bytes", "đúng nội dung từng tệp"))
    checks = (OWN,)

    async def drive(self, stage: Stage) -> None:
        """``van-ban.pdf`` twice, drawn twice."""
        await orders(stage, "first")
        await orders(stage, "second")
        await leaves(stage, "first", "second")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Digests of both."""
        pairs: dict[str, tuple[object, object]] = {}
        for label in ("first", "second"):
            told, document = left(evidence, label)
            pairs[label] = (_digests(_ordered(told)), _digests(_sent(document)))
        yield differing(self.OWN, evidence, pairs)


CASES: tuple[Case, ...] = (FourFiles(), OwnFiles())
