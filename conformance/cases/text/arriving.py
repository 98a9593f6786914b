"""Texts that arrive: entities that are text, letters beyond the basic plane, line breaks. EN-03, EN-04."""

import hashlib
from collections.abc import Iterable
from typing import Any

from conformance.case import Case
from conformance.cases.attachments.kit import File, all_kept, arrival, packed
from conformance.cases.steps import arrive
from conformance.cases.text.kit import ALPHABET, Subjects, composed, decomposed, shows_subject, spaced
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.stage import Stage
from simulator.protocol.package import Party
from simulator.words import Text

__all__ = ["CASES"]


class LiteralEntities(Subjects):
    """A subject that speaks of markup is text: what looks like an entity or a tag is shown as it was typed."""

    id = "text/literal-entities"
    title = Text("Text that looks like markup", "Văn bản trông giống thẻ đánh dấu")
    expected = Text(
        "&amp;amp; on the wire is the text &amp;, and stays it: unescaped once, not twice, and never run as markup.",
        "&amp;amp; trên đường truyền là chuỗi &amp; và giữ nguyên: giải mã một lần, không hai lần.",
    )
    KEPT = Check("text-literal-entities-kept", ("EN-04",), Text("shown as typed", "hiển thị như đã gõ"))
    checks = (KEPT,)

    def letters(self, stage: Stage) -> dict[str, dict[str, Any]]:
        """Entities, a tag, the end of a CDATA section."""
        number = stage.random.randint(1000, 9999)
        return {"document": {"subject": f"Hướng dẫn ghi &amp; và &lt;b&gt; &#8203; <i>mục</i> {number} ]]> trong XML"}}

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Letter by letter."""
        yield shows_subject(self.KEPT, evidence, "document")


class WideLetters(Subjects):
    """Chữ Nôm and emoji lie beyond the basic plane and take four bytes in UTF-8."""

    id = "text/beyond-the-basic-plane"
    title = Text("Letters of four bytes", "Ký tự bốn byte")
    expected = Text(
        "They are kept: a database of three-byte UTF-8 cuts the text off there, or loses them.",
        "Được giữ nguyên: cơ sở dữ liệu UTF-8 ba byte sẽ cắt hoặc làm mất ký tự.",
    )
    NOM = Check("text-nom-letters-kept", ("EN-04",), Text("chữ Nôm is kept", "giữ chữ Nôm"))
    EMOJI = Check("text-emoji-kept", ("EN-04",), Text("emoji are kept", "giữ biểu tượng cảm xúc"))
    checks = (NOM, EMOJI)

    def letters(self, stage: Stage) -> dict[str, dict[str, Any]]:
        """In the middle, so that what follows would be lost too."""
        number = stage.random.randint(1000, 9999)
        return {
            "nom": {"subject": f"Về việc bảo tồn chữ Nôm 𡨸喃, 𠊛 và 𦓡 tại di tích {number}"},
            "emoji": {"subject": f"Về việc phát động phong trào 🌱🇻🇳 trồng cây {number}"},
        }

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Each alone."""
        yield shows_subject(self.NOM, evidence, "nom")
        yield shows_subject(self.EMOJI, evidence, "emoji")


class ZeroWidth(Subjects):
    """U+200B in the subject and in the sender's name, as 185 lines of one public table of units have it."""

    id = "text/zero-width-space"
    title = Text("The space that nobody sees (U+200B)", "Khoảng trắng không nhìn thấy (U+200B)")
    expected = Text(
        "The document arrives; its text is not rewritten, and the sender is known by its code, not by its name.",
        "Văn bản đến nơi, nội dung không bị sửa; bên gửi nhận biết theo mã, không theo tên.",
    )
    SUBJECT = Check("text-zero-width-subject-kept", ("EN-04",), Text("in the subject", "trong trích yếu"))
    ORGAN = Check("text-zero-width-organ-taken", ("EN-04", "EN-03"), Text("in the sender's name", "trong tên bên gửi"))
    checks = (SUBJECT, ORGAN)

    def letters(self, stage: Stage) -> dict[str, dict[str, Any]]:
        """Between the words of both."""
        number = stage.random.randint(1000, 9999)
        lane = stage.lane
        name = "\u200b".join((lane.name or lane.unit).partition(" ")) + "\u200b"
        return {
            "subject": {"subject": f"Về việc\u200b rà soát\u200b danh mục {number}"},
            "organ": {"subject": f"Về việc đổi tên đơn vị {number}", "sender": Party(organ_id=lane.unit, name=name)},
        }

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The bytes of the subject; that the second is held."""
        yield shows_subject(self.SUBJECT, evidence, "subject")
        yield shows_subject(self.ORGAN, evidence, "organ")


class LineBreaks(Subjects):
    """Line breaks and tabs in subject and Content: no word is lost, and none is joined with the next."""

    id = "text/line-breaks"
    title = Text("Line breaks in subject and content", "Xuống dòng trong trích yếu và nội dung")
    expected = Text(
        "The whole text is shown, on several lines or on one.", "Hiển thị đủ toàn văn, trên nhiều dòng hoặc một dòng."
    )
    KEPT = Check("text-line-breaks-lose-nothing", ("EN-04",), Text("no word is lost", "không mất từ nào"))
    checks = (KEPT,)

    def letters(self, stage: Stage) -> dict[str, dict[str, Any]]:
        """Three lines."""
        number = stage.random.randint(1000, 9999)
        text = f"Về việc báo cáo kết quả\nthực hiện nhiệm vụ\tquý IV\nnăm {number}"
        return {"document": {"subject": text, "content": f"1. Mục đích\n2. Yêu cầu\n\n3. {text}"}}

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """White space counts as a blank."""
        yield shows_subject(self.KEPT, evidence, "document", alike=spaced)


class DecomposedLong(Subjects):
    """500 characters in decomposed form are 500 characters, although they are some 700 code points."""

    id = "text/decomposed-500"
    title = Text("500 letters with separate marks", "500 ký tự dạng tổ hợp")
    expected = Text(
        "Lengths count what a reader counts: the subject is neither cut nor refused.",
        "Độ dài tính theo ký tự người đọc thấy: trích yếu không bị cắt, không bị từ chối.",
    )
    WHOLE = Check("text-decomposed-500-whole", ("HD-17", "EN-03"), Text("500 letters are kept", "giữ đủ 500 ký tự"))
    checks = (WHOLE,)

    def letters(self, stage: Stage) -> dict[str, dict[str, Any]]:
        """Exactly 500 in NFC."""
        text = (f"Về việc {stage.random.randint(1000, 9999)} {ALPHABET} " * 12)[:499].rstrip().ljust(500, "ệ")
        return {"document": {"subject": decomposed(text)}}

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Equal in NFC."""
        yield shows_subject(self.WHOLE, evidence, "document")


class FileBytes(Case):
    """Text files in NFD, with CRLF, a byte order mark and stray bytes stay as they are; a name in NFD is the same."""

    id = "text/files-not-rewritten"
    title = Text("Bytes of files are not text", "Byte của tệp không phải văn bản")
    expected = Text(
        "Texts may be normalised for comparison; the bytes of a file (they may be signed) never are.",
        "Có thể chuẩn hóa chuỗi để so sánh; byte của tệp (có thể đã ký) thì không bao giờ.",
    )
    BYTES = Check(
        "text-file-bytes-not-rewritten", ("AT-07", "EN-03"), Text("every byte is kept", "giữ nguyên từng byte")
    )
    NAME = Check("text-file-name-decomposed", ("EN-03", "AT-04"), Text("a name in NFD is read", "đọc được tên tệp NFD"))
    checks = (BYTES, NAME)
    LABEL = "document"

    async def drive(self, stage: Stage) -> None:
        """Four that a helpful program would correct."""
        text = f"Nội dung {ALPHABET} {stage.random.getrandbits(32):x}"
        items = (
            File("to-hop.txt", decomposed(text).encode()),
            File("windows.csv", b"\xef\xbb\xbf" + f"{text};1\r\n{text};2\r\n".encode()),
            File("cu.txt", b"C\xabng v\xa8n TCVN3 " + bytes(stage.random.randrange(0xA1, 0xFF) for _ in range(40))),
            File(decomposed("Phụ lục – kế hoạch đổi mới.xml"), f"<a>{text}\r</a>".encode()),
        )
        for each in items:
            digest = hashlib.sha256(each.data).hexdigest()
            stage.note("file", label=self.LABEL, name=each.name, size=len(each.data), sha256=digest)
        await arrive(stage, await stage.send(letter(stage, files=packed(items)), label=self.LABEL))
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Digests; names in NFC."""
        seen = arrival(evidence, self.LABEL)
        yield all_kept(self.BYTES, seen)
        names = {composed(str(each.get("name"))) for each in seen.shown}
        wanted = composed(str(seen.planned[-1]["name"]))
        shown = "; ".join(sorted(names)) or "–"
        yield self.NAME.decide(
            wanted in names,
            seen.document,
            seen.look,
            held=Text("the same name", "cùng một tên"),
            broken=Text(f"shown are: {shown}", f"đang hiển thị: {shown}"),
        )


CASES: tuple[Case, ...] = (
    LiteralEntities(), WideLetters(), ZeroWidth(), LineBreaks(), DecomposedLong(), FileBytes(),
)  # fmt: skip
