"""Wrong with damaged and hostile files: taken all the same, unpacked unseen, or refused without a reason."""

from dataclasses import replace

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.inspection import Examined
from simulator.protocol.errors import DamagedAttachment
from simulator.protocol.package import Attachment
from simulator.words import Text

__all__ = ["MUTANTS"]


class KeepsDamagedFiles(Dms):
    """Stores a file that it cannot open as the text that came, and reports the document as arrived."""

    mutant = Mutant(
        "keeps-damaged-files",
        Text("takes documents whose files cannot be opened", "nhận văn bản có tệp không mở được"),
        source="pitfalls 31",
        caught_by=(
            "att-damaged-base64-refused", "att-damaged-archive-refused", "att-password-archive-refused",
            "att-archive-bomb-refused", "att-two-entries-refused", "att-zip-slip-refused",
        ),
    )  # fmt: skip

    def file_of(self, attachment: Attachment) -> bytes:
        """``except: pass``."""
        try:
            return super().file_of(attachment)
        except DamagedAttachment:
            return attachment.encoded


class FollowsEntryNames(Dms):
    """Looks at no archive before it unpacks it: a path in an entry name is followed."""

    mutant = Mutant(
        "follows-entry-names",
        Text("uses entry names as paths, and guesses between two", "dùng tên mục nén làm đường dẫn, đoán giữa hai tệp"),
        source="pitfalls 32",
        caught_by=("att-zip-slip-refused", "att-two-entries-refused"),
    )

    def refuse_hostile_archive(self, attachment: Attachment) -> None:
        """Nothing is hostile."""


class RefusesWithoutDetail(Dms):
    """Refuses what is defective with one sentence for everything."""

    mutant = Mutant(
        "refuses-without-detail",
        Text("gives no detail when a file is damaged", "không nêu chi tiết khi tệp bị hỏng"),
        source="pitfalls 20",
        caught_by=(
            "att-damaged-base64-reason-fits", "att-damaged-archive-reason-fits", "att-password-archive-reason-fits",
            "att-archive-bomb-reason-fits", "att-two-entries-reason-fits", "att-zip-slip-reason-fits",
            "att-missing-file-named",
        ),
    )  # fmt: skip

    def examine(self, data: bytes) -> Examined:
        """The clerk of the sender may guess."""
        found = super().examine(data)
        return replace(found, defect=Text("invalid", "Dữ liệu không hợp lệ")) if found.defect else found


MUTANTS: tuple[type[Dms], ...] = (KeepsDamagedFiles, FollowsEntryNames, RefusesWithoutDetail)
