"""Wrong with files that arrive: lost, cut, torn open, misread."""

import io
import zipfile
from dataclasses import replace

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.store import FileRecord
from simulator.protocol.errors import DamagedAttachment
from simulator.protocol.package import Attachment, Package
from simulator.words import Text

__all__ = ["MUTANTS"]

_ARCHIVE = b"PK\x03\x04"
_ENDING = ".zip"


class CutsNamesAt150(Dms):
    """Has a column of 150 characters for file names."""

    mutant = Mutant(
        "cuts-names-at-150",
        Text("cuts file names after 150 characters", "cắt tên tệp sau 150 ký tự"),
        source="pitfalls 33",
        caught_by=("att-200-letters-kept", "att-500-letters-kept-or-refused"),
    )

    def file_record(self, name: str, data: bytes) -> FileRecord:
        """The extension goes with the rest."""
        return super().file_record(name[:150], data)


class SavesByLastPartOfName(Dms):
    """Saves a file under what follows the last slash of its name; a later one overwrites an earlier one."""

    mutant = Mutant(
        "saves-by-last-part-of-name",
        Text("two files whose names end alike become one", "hai tệp có phần cuối tên giống nhau bị ghi đè thành một"),
        source="pitfalls 32",
        caught_by=("att-path-names-lose-nothing", "att-same-name-both-kept"),
    )

    def files_of(self, package: Package) -> tuple[FileRecord, ...]:
        """A folder on a disk."""
        folder = {each.name.replace("\\", "/").rsplit("/", 1)[-1]: each for each in super().files_of(package)}
        return tuple(replace(each, name=name) for name, each in folder.items())


class CleansNames(Dms):
    """Replaces in file names what its programmers did not expect there."""

    mutant = Mutant(
        "cleans-names",
        Text("replaces quotes and signs in file names by _", "thay ngoặc kép và ký hiệu trong tên tệp bằng _"),
        source="pitfalls 32",
        caught_by=("att-signs-in-names",),
    )

    def file_record(self, name: str, data: bytes) -> FileRecord:
        """Letters, figures, dots and blanks."""
        return super().file_record("".join(c if c.isalnum() or c in " .-" else "_" for c in name), data)


class DropsEmptyFiles(Dms):
    """Takes a file of 0 bytes for no file."""

    mutant = Mutant(
        "drops-empty-files",
        Text("drops files of 0 bytes without a word", "lặng lẽ bỏ tệp 0 byte"),
        source="scenarios VD-11",
        caught_by=("att-empty-zipped-file", "att-empty-raw-file"),
    )

    def files_of(self, package: Package) -> tuple[FileRecord, ...]:
        """``if data:``."""
        return tuple(each for each in super().files_of(package) if each.size)


class JoinsEqualFiles(Dms):
    """Saves room: of files with equal bytes it keeps one."""

    mutant = Mutant(
        "joins-equal-files",
        Text("keeps one of two files with equal bytes", "chỉ giữ một trong hai tệp cùng nội dung"),
        source="pitfalls 29",
        caught_by=("att-twenty-there", "att-twenty-names"),
    )

    def files_of(self, package: Package) -> tuple[FileRecord, ...]:
        """By digest."""
        return tuple({each.sha256: each for each in super().files_of(package)}.values())


class SkipsLargeFiles(Dms):
    """Leaves a file out when it is large, and keeps the rest."""

    mutant = Mutant(
        "skips-large",
        Text("silently leaves out files above 10 MB", "lặng lẽ bỏ tệp trên 10 MB"),
        source="pitfalls 30",
        caught_by=("att-large-file-whole-or-refused",),
    )

    def files_of(self, package: Package) -> tuple[FileRecord, ...]:
        """Nobody is told."""
        return tuple(each for each in super().files_of(package) if each.size <= 10 * 1024 * 1024)


class StopsAtLargeFiles(Dms):
    """Comes to a large file and stores what it had until then."""

    mutant = Mutant(
        "stops-at-large-files",
        Text("keeps only what stands before a large file", "chỉ giữ các tệp đứng trước tệp lớn"),
        source="pitfalls 30",
        caught_by=("att-large-file-whole-or-refused", "att-small-file-beside-large"),
    )

    def files_of(self, package: Package) -> tuple[FileRecord, ...]:
        """Half done."""
        kept: list[FileRecord] = []
        for each in super().files_of(package):
            if each.size > 10 * 1024 * 1024:
                break
            kept.append(each)
        return tuple(kept)


class TrustsContentType(Dms):
    """Unpacks exactly what is declared application/zip, as the vendor's parser does."""

    mutant = Mutant(
        "trusts-content-type",
        Text("believes the declared type, not the bytes", "tin kiểu khai báo, không xem nội dung"),
        source="pitfalls 32",
        caught_by=("att-zip-declared-pdf", "att-pdf-declared-zip", "att-office-not-torn-open"),
    )

    def file_of(self, attachment: Attachment) -> bytes:
        """The first entry, or the whole document is refused."""
        if attachment.content_type != "application/zip" or attachment.name.endswith(_ENDING):
            return attachment.payload
        try:
            with zipfile.ZipFile(io.BytesIO(attachment.payload)) as archive:
                return archive.read(archive.namelist()[0])
        except zipfile.BadZipFile as error:
            raise DamagedAttachment.not_zip(attachment.name) from error


class WantsZips(Dms):
    """Knows one form of attachments only: everything but a PDF must be zipped."""

    mutant = Mutant(
        "wants-zips",
        Text("refuses raw files", "từ chối tệp gửi thô"),
        source="pitfalls 32",
        caught_by=("att-extensions-raw",),
    )

    def file_of(self, attachment: Attachment) -> bytes:
        """What is no archive is damaged."""
        if not attachment.name.endswith(".pdf") and not attachment.payload.startswith(_ARCHIVE):
            raise DamagedAttachment.not_zip(attachment.name)
        return super().file_of(attachment)


class WantsRawOffice(Dms):
    """Learnt from the builder of 2018 that doc, docx and xlsx are never zipped, and keeps what it gets."""

    mutant = Mutant(
        "wants-raw-office",
        Text("keeps zipped Word files zipped, as with the old build", "không giải nén tệp Word do bản SDK mới nén"),
        source="wire C.3",
        caught_by=("att-extensions-zipped", "att-manifest-forms-read"),
    )

    def file_of(self, attachment: Attachment) -> bytes:
        """By extension."""
        office = attachment.name.endswith((".doc", ".docx", ".xls", ".xlsx"))
        return attachment.payload if office else super().file_of(attachment)


class KnowsFourTypes(Dms):
    """Has a list of content types, and refuses what is not on it."""

    mutant = Mutant(
        "knows-four-types",
        Text("refuses content types that it does not know", "từ chối kiểu nội dung không có trong danh sách"),
        source="pitfalls 32",
        caught_by=("att-strange-type",),
    )

    def defect_of_content(self, package: Package) -> Text | None:
        """Even where the file is a PDF like any other."""
        if any("/x-" in each.content_type for each in package.attachments):
            return Text("content type of a file", "kiểu nội dung của tệp không hợp lệ")
        return super().defect_of_content(package)


class OpensAttachedZips(Dms):
    """Takes an attached .zip for an envelope, and keeps the first thing in it."""

    mutant = Mutant(
        "opens-attached-zips",
        Text("unpacks a .zip that somebody attached", "giải nén tệp .zip do người gửi đính kèm"),
        source="pitfalls 32",
        caught_by=("att-zip-stays-zip",),
    )

    def file_of(self, attachment: Attachment) -> bytes:
        """One step too far."""
        data = super().file_of(attachment)
        if not attachment.name.endswith(_ENDING):
            return data
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.read(archive.namelist()[0])


class DropsPrograms(Dms):
    """Its scanner takes a program out, and the document goes on without it."""

    mutant = Mutant(
        "drops-programs",
        Text("removes a suspicious file and keeps the rest", "tự bỏ tệp nghi ngờ và nhận phần còn lại"),
        source="scenarios VD-11",
        caught_by=("att-disguised-whole-or-refused",),
    )

    def files_of(self, package: Package) -> tuple[FileRecord, ...]:
        """Neither sender nor clerk learns of it."""
        pairs = zip(package.attachments, super().files_of(package), strict=True)
        return tuple(record for attachment, record in pairs if not attachment.payload.startswith(b"MZ"))


class MatchesWholeIds(Dms):
    """Looks for each file under exactly the id of its line in the manifest, ``cid:`` and all."""

    mutant = Mutant(
        "matches-whole-ids",
        Text("loses files whose id has another number of cid:", "mất tệp có số tiền tố cid: khác nhau"),
        source="wire C.3",
        caught_by=("att-manifest-forms-read",),
    )

    def files_of(self, package: Package) -> tuple[FileRecord, ...]:
        """What the manifest does not name so is left out."""
        named = {line.content_id for line in package.manifest}
        pairs = zip(package.attachments, super().files_of(package), strict=True)
        return tuple(record for attachment, record in pairs if attachment.content_id in named)


class NeverReadsManifest(Dms):
    """Takes the files that are there, and never asks whether there should be more."""

    mutant = Mutant(
        "never-reads-manifest",
        Text("does not notice that a listed file is missing", "không phát hiện tệp có trong danh mục bị thiếu"),
        source="pitfalls 29",
        caught_by=("att-missing-file-refused",),
    )

    def defect_of_content(self, package: Package) -> Text | None:
        """As if the manifest were empty."""
        return super().defect_of_content(replace(package, manifest=()))


MUTANTS: tuple[type[Dms], ...] = (
    CutsNamesAt150, SavesByLastPartOfName, CleansNames, DropsEmptyFiles, JoinsEqualFiles, SkipsLargeFiles,
    StopsAtLargeFiles, TrustsContentType, WantsZips, WantsRawOffice, KnowsFourTypes, OpensAttachedZips, DropsPrograms,
    MatchesWholeIds, NeverReadsManifest,
)  # fmt: skip
