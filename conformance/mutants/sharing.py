"""Systems that keep one file for several documents, or know files by their names: what befalls one befalls others."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.inspection import Examined
from simulator.agency.kit.orders import Order
from simulator.agency.kit.store import FileRecord, Incoming, Outgoing
from simulator.protocol.errors import DamagedAttachment
from simulator.protocol.package import Attachment, Package
from simulator.words import Text

__all__ = ["MUTANTS"]


class _OneBlob(Dms):
    """Keeps files by their digest, once; rows only point at them, and nobody counts who does."""

    def drop(self, files: Sequence[FileRecord]) -> None:
        """Gone, and so it is for every other row."""
        gone = {each.sha256 for each in files}
        for row in self.store.incoming():
            if any(each.sha256 in gone for each in row.files):
                self.store.put(replace(row, files=tuple(each for each in row.files if each.sha256 not in gone)))


class LosesBothByRecall(_OneBlob):
    """A recall deletes the file, of whichever document."""

    mutant = Mutant(
        "loses-both-by-recall",
        Text(
            "keeps one file for two documents and loses both by one recall",
            "hai văn bản chung một tệp, thu hồi một mất cả hai",
        ),
        source="requirement AT-07",
        caught_by=("shared-file-survives-recall",),
    )

    def recall_document(self, row: Incoming, reason: str) -> Incoming:
        """With its blob."""
        written = super().recall_document(row, reason)
        self.drop(row.files)
        return written


class ChangesBothByUpdate(Dms):
    """An update overwrites the stored file; whoever points at it points at the new one."""

    mutant = Mutant(
        "changes-both-by-update",
        Text("an update also changes the file of another document", "cập nhật làm đổi cả tệp của văn bản khác"),
        source="requirement AT-07",
        caught_by=("shared-file-survives-update",),
    )

    def update_document(self, row: Incoming, update: Incoming, data: bytes) -> None:
        """In place."""
        old = {each.sha256 for each in row.files}
        super().update_document(row, update, data)
        for other in self.store.incoming():
            if update.files and {each.sha256 for each in other.files} & old:
                self.store.put(replace(other, files=update.files))


class LosesBothByRefusal(_OneBlob):
    """What the clerk refuses is deleted, with its file."""

    mutant = Mutant(
        "loses-both-by-refusal",
        Text("refusing one document deletes the file of another", "từ chối một văn bản làm mất tệp của văn bản khác"),
        source="requirement AT-07",
        caught_by=("shared-file-survives-refusal",),
    )

    def move(self, rows: Sequence[Incoming], action: str, reason: str) -> None:
        """Tidied up."""
        super().move(rows, action, reason)
        if action == "refuse":
            for row in rows:
                self.drop(row.files)


class LosesBothByReplacement(_OneBlob):
    """What is replaced needs its file no longer."""

    mutant = Mutant(
        "loses-both-by-replacement",
        Text("replacing one document deletes the file of another", "thay thế một văn bản làm mất tệp của văn bản khác"),
        source="requirement AT-07",
        caught_by=("shared-file-survives-replacement",),
    )

    def mark_replaced(self, row: Incoming, replaced: Sequence[Incoming]) -> None:
        """The new one has another."""
        super().mark_replaced(row, replaced)
        for old in replaced:
            self.drop(old.files)


class OneFileOneDocument(Dms):
    """Takes documents with the same file for one document: whatever happens to one is written to all of them."""

    mutant = Mutant(
        "one-file-one-document",
        Text("takes two documents with one file for the same", "coi hai văn bản chung tệp là một"),
        source="requirement AT-07",
        caught_by=(
            "shared-row-survives-recall", "shared-row-survives-update", "shared-row-survives-refusal",
            "shared-row-survives-replacement",
        ),
    )  # fmt: skip

    def spread(self, row: Incoming, **changes: Any) -> None:
        """To every other row with one of its files."""
        files = {each.sha256 for each in row.files}
        for other in self.store.incoming():
            if other.seq != row.seq and files & {each.sha256 for each in other.files}:
                self.store.put(replace(other, **changes))

    def recall_document(self, row: Incoming, reason: str) -> Incoming:
        """All are recalled."""
        self.spread(row, state="recalled")
        return super().recall_document(row, reason)

    def update_document(self, row: Incoming, update: Incoming, data: bytes) -> None:
        """All get the new subject."""
        self.spread(row, subject=update.subject)
        super().update_document(row, update, data)

    def move(self, rows: Sequence[Incoming], action: str, reason: str) -> None:
        """All are refused."""
        super().move(rows, action, reason)
        if action == "refuse":
            self.spread(rows[-1], state="refused")

    def mark_replaced(self, row: Incoming, replaced: Sequence[Incoming]) -> None:
        """All are replaced."""
        for old in replaced:
            self.spread(old, state="replaced")
        super().mark_replaced(row, replaced)


class _KnowsFiles(Dms):
    """Remembers something about files from one package to the next."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.known: dict[str, FileRecord] = {}
        self.forgotten: set[str] = set()


class FirstFileOfAName(_KnowsFiles):
    """Has one place for each file name: what is there already is not written again."""

    mutant = Mutant(
        "first-file-of-a-name",
        Text("a second file of a name is taken for the first", "tệp sau trùng tên bị coi là tệp trước"),
        source="requirement AT-07",
        caught_by=("same-name-second-its-own",),
    )

    def new_row(self, package: Package, found: Examined) -> Incoming:
        """By name."""
        row = super().new_row(package, found)
        return replace(row, files=tuple(self.known.setdefault(each.name, each) for each in row.files))


class LastFileOfAName(Dms):
    """Has one place for each file name: the last one written is what every document shows."""

    mutant = Mutant(
        "last-file-of-a-name",
        Text("a second file of a name overwrites the first", "tệp sau trùng tên ghi đè tệp trước"),
        source="requirement AT-07",
        caught_by=("same-name-first-its-own",),
    )

    def receive_document(self, package: Package, found: Examined) -> None:
        """On the disk."""
        super().receive_document(package, found)
        latest = {each.name: each for each in found.files}
        for row in self.store.incoming():
            self.store.put(replace(row, files=tuple(latest.get(each.name, each) for each in row.files)))


class SendsReceivedFileOfAName(Dms):
    """Looks for the clerk's file by its name, and finds the one that was received."""

    mutant = Mutant(
        "sends-received-file-of-a-name",
        Text("sends a received file of the same name", "gửi nhầm tệp đã nhận trùng tên"),
        source="requirement AT-07",
        caught_by=("same-name-sent-is-the-clerks",),
    )

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.disk: dict[str, bytes] = {}

    def file_of(self, attachment: Attachment) -> bytes:
        """Written down."""
        self.disk[attachment.name] = super().file_of(attachment)
        return self.disk[attachment.name]

    def pack_file(self, name: str, data: bytes, number: int) -> Attachment:
        """And read again."""
        return super().pack_file(name, self.disk.get(name, data), number)


class OverwritesReceivedFile(Dms):
    """Writes the clerk's file where the received one of that name lies."""

    mutant = Mutant(
        "overwrites-received-file",
        Text("a sent file overwrites a received one of its name", "tệp gửi đi ghi đè tệp đã nhận trùng tên"),
        source="requirement AT-07",
        caught_by=("same-name-received-kept",),
    )

    def pack_file(self, name: str, data: bytes, number: int) -> Attachment:
        """One folder for both."""
        for row in self.store.incoming():
            if any(each.name == name for each in row.files):
                files = tuple(self.file_record(name, data) if each.name == name else each for each in row.files)
                self.store.put(replace(row, files=files))
        return super().pack_file(name, data, number)


class ForgetsRefusedFiles(_KnowsFiles):
    """Knows a file from a document that was refused, and believes that it has it."""

    mutant = Mutant(
        "forgets-refused-files",
        Text(
            "a file once seen in a refused document is never stored",
            "tệp từng có trong văn bản bị từ chối thì không lưu nữa",
        ),
        source="requirement AT-07",
        caught_by=("clerk-refused-file-arrives", "damaged-document-file-arrives"),
    )

    def move(self, rows: Sequence[Incoming], action: str, reason: str) -> None:
        """The clerk's refusals."""
        super().move(rows, action, reason)
        if action == "refuse":
            self.forgotten |= {each.sha256 for row in rows for each in row.files}

    def receive_document(self, package: Package, found: Examined) -> None:
        """Its own refusals."""
        super().receive_document(package, found)
        for each in package.attachments if found.defect else ():
            try:
                self.forgotten.add(self.file_record(each.name, self.file_of(each)).sha256)
            except DamagedAttachment:
                continue

    def new_row(self, package: Package, found: Examined) -> Incoming:
        """Nothing to store."""
        row = super().new_row(package, found)
        return replace(row, files=tuple(each for each in row.files if each.sha256 not in self.forgotten))


class RecallEmptiesSent(Dms):
    """A recall deletes the file wherever it lies, in what was sent, too."""

    mutant = Mutant(
        "recall-empties-sent",
        Text("a recall deletes the file of a document that was sent", "thu hồi làm mất tệp của văn bản đã gửi"),
        source="requirement AT-07",
        caught_by=("sent-file-survives-recall",),
    )

    def recall_document(self, row: Incoming, reason: str) -> Incoming:
        """By digest."""
        gone = {each.sha256 for each in row.files}
        for sent in self.store.outgoing():
            self.store.put(replace(sent, files=tuple(each for each in sent.files if each.sha256 not in gone)))
        return super().recall_document(row, reason)


class LeavesRecalledFilesOut(_KnowsFiles):
    """A file that was recalled once is never sent by anybody."""

    mutant = Mutant(
        "leaves-recalled-files-out",
        Text(
            "leaves a file out because a document with it was recalled", "bỏ tệp vì từng có văn bản chứa nó bị thu hồi"
        ),
        source="requirement AT-07",
        caught_by=("shared-file-sent-again",),
    )

    def recall_document(self, row: Incoming, reason: str) -> Incoming:
        """Remembered."""
        self.forgotten |= {each.sha256 for each in row.files}
        return super().recall_document(row, reason)

    def pack_attachments(self, order: Order) -> tuple[Attachment, ...]:
        """Not there any more."""
        packed = super().pack_attachments(order)
        return tuple(each for each in packed if self.file_record("", each.file()).sha256 not in self.forgotten)


class OwnRecallTakesReceived(_OneBlob):
    """Recalls its own document, and deletes the file of a received one with it."""

    mutant = Mutant(
        "own-recall-takes-received",
        Text("its own recall deletes the file of a received document", "thu hồi văn bản gửi làm mất tệp văn bản nhận"),
        source="requirement AT-07",
        caught_by=("received-file-survives-own-recall",),
    )

    def write_recall(self, order: Order) -> tuple[Outgoing, int]:
        """One blob."""
        self.drop(self.standing(order).files)
        return super().write_recall(order)


MUTANTS: tuple[type[Dms], ...] = (
    LosesBothByRecall, ChangesBothByUpdate, LosesBothByRefusal, LosesBothByReplacement, OneFileOneDocument,
    FirstFileOfAName, LastFileOfAName, SendsReceivedFileOfAName, OverwritesReceivedFile, ForgetsRefusedFiles,
    RecallEmptiesSent, LeavesRecalledFilesOut, OwnRecallTakesReceived,
)  # fmt: skip
