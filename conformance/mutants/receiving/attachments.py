"""Wrong with files: dropped, read as text, unpacked too much or too little, named anew."""

import io
import unicodedata
import zipfile
from dataclasses import replace

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.store import FileRecord
from simulator.protocol.package import Attachment, Package
from simulator.words import Text

__all__ = ["MUTANTS"]

_ARCHIVE = b"PK\x03\x04"


class FirstAttachmentOnly(Dms):
    """Keeps the first attachment and drops the rest."""

    mutant = Mutant(
        "first-attachment-only",
        Text("keeps only the first of several attachments", "chỉ giữ tệp đính kèm đầu tiên"),
        source="pitfalls 29",
        caught_by=("every-attachment-there", "many-attachments-there"),
    )

    def files_of(self, package: Package) -> tuple[FileRecord, ...]:
        """The first one."""
        return super().files_of(package)[:1]


class ReadsFilesAsText(Dms):
    """Passes every file through a text: bytes that are no UTF-8 become EF BF BD."""

    mutant = Mutant(
        "text-mode",
        Text("reads every attached file as text", "đọc mọi tệp đính kèm như văn bản"),
        source="pitfalls 31",
        caught_by=("attachment-bytes-equal",),
    )

    def file_of(self, attachment: Attachment) -> bytes:
        """There and back again."""
        return super().file_of(attachment).decode("utf-8", "replace").encode()


class SameBytesEverywhere(Dms):
    """A name for each attachment, and under each name the bytes of the first."""

    mutant = Mutant(
        "same-bytes-everywhere",
        Text("keeps the bytes of the first file under every name", "mọi tên tệp đều mang nội dung của tệp đầu tiên"),
        source="pitfalls 74",
        caught_by=("attachments-not-swapped",),
    )

    def files_of(self, package: Package) -> tuple[FileRecord, ...]:
        """One stream, read once."""
        records = super().files_of(package)
        return tuple(replace(each, size=records[0].size, sha256=records[0].sha256) for each in records)


class NamesFilesByEntry(Dms):
    """Calls a zipped file by the name of its archive entry, which the builders draw from the ContentId."""

    mutant = Mutant(
        "names-files-by-entry",
        Text("calls a file by its archive entry, not by its name", "đặt tên tệp theo mục trong tệp nén"),
        source="pitfalls 32",
        caught_by=("attachment-names-kept",),
    )

    def files_of(self, package: Package) -> tuple[FileRecord, ...]:
        """``1.docx`` instead of ``du-thao.docx``."""
        records = []
        for attachment, record in zip(package.attachments, super().files_of(package), strict=True):
            if attachment.content_type == "application/zip" and attachment.payload.startswith(_ARCHIVE):
                with zipfile.ZipFile(io.BytesIO(attachment.payload)) as archive:
                    record = replace(record, name=archive.namelist()[0])
            records.append(record)
        return tuple(records)


class KeepsTheEnvelope(Dms):
    """Keeps the bytes of the base64 text as they are: a zipped file stays an archive that no reader opens."""

    mutant = Mutant(
        "keeps-the-envelope",
        Text("keeps zipped files zipped", "giữ nguyên tệp nén, không giải nén"),
        source="pitfalls 32",
        caught_by=("old-build-files-read",),
    )

    def file_of(self, attachment: Attachment) -> bytes:
        """Never unpacked."""
        return attachment.payload


class UnpacksEveryArchive(Dms):
    """Unpacks whatever begins with PK, and so tears docx and xlsx files to pieces."""

    mutant = Mutant(
        "unpacks-every-archive",
        Text("unpacks docx and xlsx files too", "giải nén cả tệp docx và xlsx"),
        source="pitfalls 32",
        caught_by=("raw-files-read", "old-build-files-read"),
    )

    def file_of(self, attachment: Attachment) -> bytes:
        """The first entry is taken for the file."""
        if not attachment.payload.startswith(_ARCHIVE):
            return super().file_of(attachment)
        with zipfile.ZipFile(io.BytesIO(attachment.payload)) as archive:
            return archive.read(archive.namelist()[0])


class PlainLettersInNames(Dms):
    """Writes file names in plain ASCII letters."""

    mutant = Mutant(
        "plain-letters-in-names",
        Text("strips the Vietnamese marks from file names", "bỏ dấu tiếng Việt trong tên tệp"),
        source="pitfalls 23",
        caught_by=("vietnamese-name-kept", "long-name-kept"),
    )

    def file_record(self, name: str, data: bytes) -> FileRecord:
        """What ASCII has not is left out."""
        plain = unicodedata.normalize("NFD", name).encode("ascii", "ignore").decode()
        return super().file_record(plain, data)


class TruncatesNames(Dms):
    """Has a column of 80 characters for file names, and cuts the rest off."""

    mutant = Mutant(
        "truncates-names",
        Text("cuts file names after 80 characters", "cắt tên tệp sau 80 ký tự"),
        source="pitfalls 33",
        caught_by=("long-name-kept",),
    )

    def file_record(self, name: str, data: bytes) -> FileRecord:
        """The end of the name goes first, and with it its extension."""
        return super().file_record(name[:80], data)


MUTANTS: tuple[type[Dms], ...] = (
    FirstAttachmentOnly, ReadsFilesAsText, SameBytesEverywhere, NamesFilesByEntry, KeepsTheEnvelope,
    UnpacksEveryArchive, PlainLettersInNames, TruncatesNames,
)  # fmt: skip
