"""Wrong with what a document says: letters, lengths, urgency, identifiers."""

import html
import re
import unicodedata
from dataclasses import replace

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.inspection import Examined
from simulator.agency.kit.store import Incoming
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["MUTANTS"]

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class EscapesTwice(Dms):
    """Writes XML's own signs as entities into its database and shows them like that."""

    mutant = Mutant(
        "escapes-twice",
        Text("shows &amp; where the sender wrote &", "hiển thị &amp; thay cho &"),
        source="derived from EN-04",
        caught_by=("special-signs-kept",),
    )

    def kept_text(self, text: str) -> str:
        """Escaped once too often."""
        return html.escape(text)


class DropsCombiningMarks(Dms):
    """Leaves out every mark that stands beside its letter, as decomposed text has them all."""

    mutant = Mutant(
        "drops-combining-marks",
        Text("loses the marks of decomposed letters", "mất dấu của chuỗi Unicode tổ hợp"),
        source="pitfalls 23",
        caught_by=("decomposed-text-kept",),
    )

    def kept_text(self, text: str) -> str:
        """The bare letters of NFD; NFC passes."""
        return "".join(letter for letter in text if not unicodedata.combining(letter))


class CutsSubjectByBytes(Dms):
    """Has a column of 500 bytes for a subject of 500 characters."""

    mutant = Mutant(
        "cuts-subject-by-bytes",
        Text("cuts the subject after 500 bytes", "cắt trích yếu sau 500 byte"),
        source="pitfalls 33",
        caught_by=("long-subject-kept",),
    )

    def kept_text(self, text: str) -> str:
        """What fits."""
        return text.encode()[:500].decode("utf-8", "ignore")


class KnowsTwoUrgencies(Dms):
    """Knows ordinary and urgent, and returns what is more urgent."""

    mutant = Mutant(
        "knows-two-urgencies",
        Text("returns documents of urgency 2 and 3", "trả lại văn bản thượng khẩn và hỏa tốc"),
        source="derived from UR-03",
        caught_by=("urgency-levels-taken",),
    )

    def defect_of_content(self, package: Package) -> Text | None:
        """2 and 3 are not in its list."""
        if package.other and package.other.priority in (2, 3):
            return Text("unknown Priority", "Priority không hợp lệ")
        return super().defect_of_content(package)


class RefusesLegacyUrgency(Dms):
    """Refuses to store what bears the older fourth level of urgency, and tells nobody."""

    mutant = Mutant(
        "refuses-legacy-urgency",
        Text(
            "drops documents of the legacy urgency 4 without a word",
            "lặng lẽ bỏ văn bản có mức khẩn cũ 4",
        ),
        source="derived from HD-24",
        caught_by=("legacy-urgency-taken",),
    )

    def receive_document(self, package: Package, found: Examined) -> None:
        """0 to 3, and not one more."""
        if package.other is None or (package.other.priority or 0) <= 3:
            super().receive_document(package, found)


class CutsDocumentId(Dms):
    """Has a column of 50 characters for DocumentId, and answers with what is left of it."""

    mutant = Mutant(
        "cuts-document-id",
        Text("cuts DocumentId after 50 characters", "cắt DocumentId sau 50 ký tự"),
        source="pitfalls 26",
        caught_by=("long-document-id-kept",),
    )

    def new_row(self, package: Package, found: Examined) -> Incoming:
        """The rest is gone, in every status too."""
        row = super().new_row(package, found)
        return replace(row, document_id=row.document_id[:50])


class CapitalisesUuids(Dms):
    """Keeps a DocumentId that looks like a UUID in a column of that type, which writes it in capitals."""

    mutant = Mutant(
        "capitalises-uuids",
        Text("answers with the DocumentId in capitals", "trả lời bằng DocumentId viết hoa"),
        source="pitfalls 26",
        caught_by=("uuid-document-id-kept",),
    )

    def new_row(self, package: Package, found: Examined) -> Incoming:
        """The same UUID, another text."""
        row = super().new_row(package, found)
        same = row.document_id
        return replace(row, document_id=same.upper() if _UUID.fullmatch(same) else same)


class CompletesDocumentId(Dms):
    """Takes DocumentId apart at its commas and writes the whole date of issue in place of the year."""

    mutant = Mutant(
        "completes-document-id",
        Text("rewrites organ,year,number with the whole date", "thay năm trong DocumentId bằng ngày ban hành đầy đủ"),
        source="pitfalls 26",
        caught_by=("decree-document-id-kept", "long-document-id-kept"),
    )

    def new_row(self, package: Package, found: Examined) -> Incoming:
        """``organ,2026/03/01,number`` for ``organ,2026,number``."""
        row = super().new_row(package, found)
        organ, _, rest = row.document_id.partition(",")
        year, _, number = rest.partition(",")
        date = row.issued.replace("-", "/")
        return replace(row, document_id=f"{organ},{date},{number}") if year == row.issued[:4] else row


class NeedsAFile(Dms):
    """Returns a document to which no file is attached."""

    mutant = Mutant(
        "needs-a-file",
        Text("returns documents without an attachment", "trả lại văn bản không có tệp đính kèm"),
        source="derived from PK-01",
        caught_by=("document-without-files-taken",),
    )

    def defect_of_content(self, package: Package) -> Text | None:
        """Nothing attached, nothing received."""
        if not package.attachments:
            return Text("no attachment", "không có tệp đính kèm")
        return super().defect_of_content(package)


MUTANTS: tuple[type[Dms], ...] = (
    EscapesTwice, DropsCombiningMarks, CutsSubjectByBytes, KnowsTwoUrgencies, RefusesLegacyUrgency, CutsDocumentId,
    CapitalisesUuids, CompletesDocumentId, NeedsAFile,
)  # fmt: skip
