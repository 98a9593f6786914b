"""Wrong with files that leave: the first only, read as text, named anew, left out when they are large."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms, Refused
from simulator.agency.kit.orders import REFUSALS, Order
from simulator.protocol.package import Attachment, Reference
from simulator.words import Text

__all__ = ["MUTANTS"]


class PacksFirstFileOnly(Dms):
    """Packs the first of several files, as one gateway did for years."""

    mutant = Mutant(
        "packs-first-file-only",
        Text("packs only the first of several files", "chỉ đóng gói tệp đầu tiên"),
        source="pitfalls 29",
        caught_by=("att-four-files-out", "att-sent-same-name-both"),
    )

    def pack_attachments(self, order: Order) -> tuple[Attachment, ...]:
        """``attachments[0]``."""
        return super().pack_attachments(order)[:1]


class PacksFilesAsText(Dms):
    """Reads every file as text before it is encoded: EF BF BD in the place of what is no UTF-8."""

    mutant = Mutant(
        "packs-files-as-text",
        Text("reads files as text before packing them", "đọc tệp như văn bản trước khi đóng gói"),
        source="pitfalls 31",
        caught_by=("att-four-files-out", "att-sent-zip-stays-zip"),
    )

    def pack_file(self, name: str, data: bytes, number: int) -> Attachment:
        """There and back again."""
        return super().pack_file(name, data.decode("utf-8", "replace").encode(), number)


class ListsFirstFileOnly(Dms):
    """Packs every file, and lists the first."""

    mutant = Mutant(
        "lists-first-file-only",
        Text("lists only the first file in the manifest", "danh mục chỉ liệt kê tệp đầu tiên"),
        source="pitfalls 32",
        caught_by=("att-sent-manifest-agrees",),
    )

    def manifest_of(self, attachments: Sequence[Attachment]) -> tuple[Reference, ...]:
        """Written before there were annexes."""
        return super().manifest_of(attachments)[:1]


class CutsSentNames(Dms):
    """Writes file names into a column of 150 characters before they leave."""

    mutant = Mutant(
        "cuts-sent-names",
        Text("sends file names cut after 150 characters", "gửi tên tệp bị cắt sau 150 ký tự"),
        source="pitfalls 33",
        caught_by=("att-sent-long-names-whole",),
    )

    def pack_file(self, name: str, data: bytes, number: int) -> Attachment:
        """The extension goes first."""
        return super().pack_file(name[:150].rstrip(), data, number)


class RefusesLongNames(Dms):
    """Will not send a file whose name is longer than 100 characters."""

    mutant = Mutant(
        "refuses-long-names",
        Text("refuses to send names above 100 characters", "từ chối gửi tên tệp trên 100 ký tự"),
        source="pitfalls 33",
        caught_by=("att-long-names-leave",),
    )

    def clerk_file(self, name: str, text: str) -> bytes:
        """A limit of its own."""
        if len(name) > 100:
            raise Refused(REFUSALS["attachment"].filled(name=name[:80], detail="1-100"))
        return super().clerk_file(name, text)


class LeavesLargeFilesOut(Dms):
    """Sends the document without the file that is too large, and tells nobody."""

    mutant = Mutant(
        "leaves-large-files-out",
        Text("sends the rest when a file is too large", "gửi phần còn lại khi có tệp quá lớn"),
        source="pitfalls 30",
        caught_by=("att-oversize-whole-or-refused",),
    )

    def pack_attachments(self, order: Order) -> tuple[Attachment, ...]:
        """50 MB and not a byte more."""
        limit = self.config.max_attachment_bytes * 4 // 3
        kept = tuple(each for each in order.attachments if len(each[1]) <= limit)
        return super().pack_attachments(replace(order, attachments=kept))


class LeavesEmptyFilesOut(Dms):
    """Sends the document without its empty file."""

    mutant = Mutant(
        "leaves-empty-files-out",
        Text("sends the rest when a file is empty", "gửi phần còn lại khi có tệp rỗng"),
        source="scenarios VD-11",
        caught_by=("att-sent-empty-or-refused",),
    )

    def pack_attachments(self, order: Order) -> tuple[Attachment, ...]:
        """``if content:``."""
        return super().pack_attachments(
            replace(order, attachments=tuple(each for each in order.attachments if each[1]))
        )


class SendsTwoFilesAtMost(Dms):
    """Will not send a document with more than two files."""

    mutant = Mutant(
        "sends-two-files-at-most",
        Text("will not send more than two files", "không gửi quá hai tệp"),
        source="pitfalls 30",
        caught_by=("att-four-files-leave",),
    )

    async def send(self, members: Mapping[str, Any]) -> str:
        """A form with two lines for files."""
        if len(members.get("attachments") or ()) > 2:
            raise Refused(Text("at most two files", "tối đa hai tệp"))
        return await super().send(members)


class NeedsAnnex(Dms):
    """Will not send a document with a single file."""

    mutant = Mutant(
        "needs-an-annex",
        Text("will not send a document with a single file", "không gửi văn bản chỉ có một tệp"),
        source="pitfalls 30",
        caught_by=("att-small-order-leaves",),
    )

    def pack_attachments(self, order: Order) -> tuple[Attachment, ...]:
        """Letter and annex, or nothing."""
        if len(order.attachments) < 2:
            raise Refused(Text("an annex is missing", "thiếu phụ lục"))
        return super().pack_attachments(order)


MUTANTS: tuple[type[Dms], ...] = (
    PacksFirstFileOnly, PacksFilesAsText, ListsFirstFileOnly, CutsSentNames, RefusesLongNames, LeavesLargeFilesOut,
    LeavesEmptyFilesOut, SendsTwoFilesAtMost, NeedsAnnex,
)  # fmt: skip
