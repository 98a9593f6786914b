"""Wrong with texts that arrive: unescaped twice, cut, stripped, rewritten, compared byte by byte or not at all."""

import html
import unicodedata
from dataclasses import replace
from datetime import datetime

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.inspection import Examined
from simulator.agency.kit.store import FileRecord, Incoming
from simulator.protocol.package import Attachment, Package, StatusPacket
from simulator.words import Text

__all__ = ["MUTANTS"]


class UnescapesTwice(Dms):
    """Takes text for markup once more when it shows it."""

    mutant = Mutant(
        "unescapes-twice",
        Text("shows & where the sender wrote &amp;", "hiển thị & thay cho &amp; mà bên gửi đã viết"),
        source="pitfalls 102",
        caught_by=("text-literal-entities-kept",),
    )

    def kept_text(self, text: str) -> str:
        """Unescaped once too often."""
        return html.unescape(text)


class ThreeByteLetters(Dms):
    """Its database knows UTF-8 of three bytes, and cuts a text off at the first letter of four."""

    mutant = Mutant(
        "three-byte-letters",
        Text("cuts texts at letters beyond the basic plane", "cắt chuỗi tại ký tự bốn byte"),
        source="requirements EN-04",
        caught_by=("text-nom-letters-kept", "text-emoji-kept"),
    )

    def kept_text(self, text: str) -> str:
        """As a well-known database did for years, with a warning that nobody reads."""
        at = next((place for place, letter in enumerate(text) if ord(letter) > 0xFFFF), len(text))
        return text[:at]


class StripsInvisible(Dms):
    """Takes out of every text what cannot be seen."""

    mutant = Mutant(
        "zero-width",
        Text("removes U+200B from subjects", "xóa U+200B khỏi trích yếu"),
        source="pitfalls 35",
        caught_by=("text-zero-width-subject-kept",),
    )

    def kept_text(self, text: str) -> str:
        """Well meant."""
        return text.replace("\u200b", "")


class KnowsSendersByName(Dms):
    """Finds the sender in its directory by name, byte by byte, and returns what it does not find."""

    mutant = Mutant(
        "knows-senders-by-name",
        Text(
            "returns documents whose sender's name is written otherwise", "trả lại văn bản có tên bên gửi khác danh bạ"
        ),
        source="pitfalls 35",
        caught_by=("text-zero-width-organ-taken",),
    )

    def defect_of_address(self, package: Package) -> Text | None:
        """A name with an invisible mark is another name."""
        if package.sender and "\u200b" in package.sender.name:
            return Text("unknown sender", "không có đơn vị gửi trong danh bạ")
        return super().defect_of_address(package)


class FirstLineOnly(Dms):
    """Shows the first line of a subject."""

    mutant = Mutant(
        "first-line-only",
        Text("loses what follows a line break", "mất phần sau dấu xuống dòng"),
        source="requirements EN-04",
        caught_by=("text-line-breaks-lose-nothing",),
    )

    def kept_text(self, text: str) -> str:
        """A field of one line."""
        return (text.splitlines() or [""])[0]


class CountsCodePoints(Dms):
    """Counts code points where a reader counts letters, and returns what is too long for it."""

    mutant = Mutant(
        "counts-code-points",
        Text(
            "refuses 500 letters in decomposed form as too long", "từ chối trích yếu 500 ký tự dạng tổ hợp vì quá dài"
        ),
        source="pitfalls 37",
        caught_by=("text-decomposed-500-whole",),
    )

    def defect_of_content(self, package: Package) -> Text | None:
        """``len(subject) > 500``."""
        if len(package.subject) > 500:
            return Text("Subject is too long", "Trích yếu quá 500 ký tự")
        return super().defect_of_content(package)


class NormalisesTextFiles(Dms):
    """Corrects text files on their way in: NFC, and one kind of line end."""

    mutant = Mutant(
        "normalises-text-files",
        Text("rewrites the bytes of text files", "sửa byte của tệp văn bản"),
        source="pitfalls 31",
        caught_by=("text-file-bytes-not-rewritten",),
    )

    def file_of(self, attachment: Attachment) -> bytes:
        """What is no UTF-8 passes."""
        data = super().file_of(attachment)
        try:
            return unicodedata.normalize("NFC", data.decode()).replace("\r\n", "\n").encode()
        except UnicodeDecodeError:
            return data


class LosesMarksInNames(Dms):
    """Leaves out of file names every mark that stands beside its letter."""

    mutant = Mutant(
        "loses-marks-in-names",
        Text("loses the marks of decomposed file names", "mất dấu trong tên tệp dạng tổ hợp"),
        source="requirements EN-03",
        caught_by=("text-file-name-decomposed",),
    )

    def file_record(self, name: str, data: bytes) -> FileRecord:
        """NFC passes."""
        return super().file_record("".join(each for each in name if not unicodedata.combining(each)), data)


class SplitsAtSlash(Dms):
    """Joins number and notation, and takes them apart again at the last slash."""

    mutant = Mutant(
        "splits-at-slash",
        Text("takes number and notation apart at the last slash", "tách số, ký hiệu tại dấu gạch chéo cuối"),
        source="pitfalls 25",
        caught_by=("text-notation-shown",),
    )

    def new_row(self, package: Package, found: Examined) -> Incoming:
        """``115/QĐ-UBND`` and ``CT``."""
        row = super().new_row(package, found)
        number, _, notation = f"{row.number}/{row.notation}".rpartition("/")
        return replace(row, number=number, notation=notation)


class FoldsCodeToAscii(Dms):
    """Writes the number of a document without marks when it reports on it."""

    mutant = Mutant(
        "folds-code-to-ascii",
        Text("writes D for Đ in the number of its statuses", "ghi D thay Đ trong số ký hiệu của trạng thái"),
        source="pitfalls 25",
        caught_by=("text-notation-joined-again",),
    )

    def receiver_status(self, row: Incoming, code: str, stamp: datetime, reason: str) -> StatusPacket:
        """The notation loses its stroke."""
        return super().receiver_status(replace(row, notation=row.notation.replace("Đ", "D")), code, stamp, reason)


class NormalisesIds(Dms):
    """Brings every DocumentId into NFC before it is stored, and answers with that."""

    mutant = Mutant(
        "normalises-ids",
        Text("answers with the DocumentId in another Unicode form", "trả lời bằng DocumentId ở dạng Unicode khác"),
        source="pitfalls 26",
        caught_by=("text-id-decomposed-unchanged",),
    )

    def new_row(self, package: Package, found: Examined) -> Incoming:
        """Good for comparing, wrong for answering."""
        row = super().new_row(package, found)
        return replace(row, document_id=unicodedata.normalize("NFC", row.document_id))


class PlainIds(Dms):
    """Keeps DocumentId in a column of ASCII."""

    mutant = Mutant(
        "plain-ids",
        Text("answers with D where the DocumentId has Đ", "trả lời bằng D thay cho Đ trong DocumentId"),
        source="pitfalls 26",
        caught_by=("text-id-with-stroke-unchanged",),
    )

    def new_row(self, package: Package, found: Examined) -> Incoming:
        """Đ does not fit."""
        row = super().new_row(package, found)
        return replace(row, document_id=row.document_id.replace("Đ", "D"))


class ComparesBytes(Dms):
    """Compares texts byte by byte."""

    mutant = Mutant(
        "compares-bytes",
        Text("overlooks a duplicate in another Unicode form", "bỏ sót văn bản trùng ở dạng Unicode khác"),
        source="pitfalls 35",
        caught_by=("text-decomposed-duplicate-warned",),
    )

    def comparable(self, text: str) -> str:
        """As it came."""
        return text


class ComparesBareLetters(Dms):
    """Compares texts without any marks, as a search box does."""

    mutant = Mutant(
        "compares-bare-letters",
        Text("takes QĐ and QD for the same notation", "coi QĐ và QD là cùng ký hiệu"),
        source="pitfalls 25",
        caught_by=("text-stroke-no-duplicate", "text-horn-no-duplicate"),
    )

    def comparable(self, text: str) -> str:
        """Đ is D, Ơ is O."""
        bare = unicodedata.normalize("NFD", super().comparable(text)).replace("đ", "d")
        return "".join(each for each in bare if not unicodedata.combining(each))


class WarnsOfIdsOnly(Dms):
    """Knows a duplicate by its DocumentId alone."""

    mutant = Mutant(
        "warns-of-ids-only",
        Text("compares DocumentId only, never number and notation", "chỉ so DocumentId, không so số và ký hiệu"),
        source="pitfalls 26",
        caught_by=("text-true-copy-warned",),
    )

    def looks_like_another(self, row: Incoming) -> bool:
        """Another id, another document."""
        return bool(self.store.incoming(row.document_id))


MUTANTS: tuple[type[Dms], ...] = (
    UnescapesTwice, ThreeByteLetters, StripsInvisible, KnowsSendersByName, FirstLineOnly, CountsCodePoints,
    NormalisesTextFiles, LosesMarksInNames, SplitsAtSlash, FoldsCodeToAscii, NormalisesIds, PlainIds, ComparesBytes,
    ComparesBareLetters, WarnsOfIdsOnly,
)  # fmt: skip
