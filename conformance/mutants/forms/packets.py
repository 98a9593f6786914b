"""Wrong readers of documents, recalls, updates and replacements: text instead of elements, base64 in one line only."""

import re
from dataclasses import replace

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.inspection import Examined
from simulator.protocol import layout, names
from simulator.protocol.codec import Reading
from simulator.protocol.errors import Damage, Malformed
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["MUTANTS"]

_CONTENT = re.compile(rb"<[\w:.-]*ContentTransferEncoded[^>]*>([^<]*)<")
_CUT_SUBJECT = re.compile(rb"<(?:\w+:)?Subject>(?:<!\[CDATA\[)?([^<\]]+)(?:\]\]>)?<!--")
_HEADER_NAMES = frozenset(item.inside or item.wire for item in layout.MESSAGE.fields)


def _wrapped(data: bytes) -> bool:
    return any(b"\n" in text.strip() for text in _CONTENT.findall(data))


class FindsBusinessByText(Dms):
    """Looks for the kind of a packet by the text ``edXML:BussinessDocType``."""

    mutant = Mutant(
        "finds-business-by-text",
        Text("takes recalls, updates and replacements of another prefix for new documents",
             "coi gói thu hồi, cập nhật, thay thế có tiền tố khác là văn bản mới"),
        source="issue 12, section 4 (kin of edXML:StatusCode)",
        caught_by=("recall-forms-read", "update-forms-read", "replacement-forms-read"),
    )  # fmt: skip

    def read(self, data: bytes) -> Reading:
        """No such text, no business."""
        reading = super().read(data)
        packet = reading.packet
        if isinstance(packet, Package) and packet.trace and b"<edXML:BussinessDocType>" not in data:
            return replace(reading, packet=replace(packet, trace=replace(packet.trace, business=None)))
        return reading


class WantsBase64InOneLine(Dms):
    """Decodes base64 strictly, line ends and all."""

    mutant = Mutant(
        "wants-base64-in-one-line",
        Text("refuses wrapped base64", "từ chối base64 có ngắt dòng"),
        source="issue 12, section 4",
        caught_by=("document-forms-read", "update-forms-read", "replacement-forms-read"),
    )

    def examine(self, data: bytes) -> Examined:
        """An illegal character at place 64."""
        found = super().examine(data)
        return replace(found, defect=_ILLEGAL) if _wrapped(data) else found


class WantsBase64AtTheMargin(Dms):
    """Takes line ends out of base64, but not the blanks before each line."""

    mutant = Mutant(
        "wants-base64-at-the-margin",
        Text("refuses indented base64", "từ chối base64 có thụt lề"),
        source="issue 12, section 4 (kin)",
        caught_by=("document-forms-read", "update-forms-read", "replacement-forms-read"),
    )

    def examine(self, data: bytes) -> Examined:
        """A blank is no letter of the alphabet."""
        found = super().examine(data)
        indented = any(b" " in text or b"\t" in text for text in _CONTENT.findall(data))
        return replace(found, defect=_ILLEGAL) if indented else found


class DecodesTheFirstLine(Dms):
    """Decodes base64 up to the first line end, and keeps what that gives."""

    mutant = Mutant(
        "decodes-the-first-line",
        Text("keeps only the first line of wrapped base64", "chỉ lưu dòng đầu của base64 có ngắt dòng"),
        source="issue 12, section 4 (kin)",
        caught_by=("document-forms-keep-files", "update-forms-keep-files", "replacement-forms-keep-files"),
    )

    def examine(self, data: bytes) -> Examined:
        """48 bytes of a file."""
        found = super().examine(data)
        if not _wrapped(data):
            return found
        return replace(found, files=tuple(self.file_record(each.name, b"%PDF") for each in found.files))


class TakesTheFirstTextNode(Dms):
    """Reads the first text node of an element: a comment within the text ends it."""

    mutant = Mutant(
        "takes-the-first-text-node",
        Text("cuts a subject at a comment within it", "cắt trích yếu tại chú thích XML bên trong"),
        source="issue 12, section 4 (kin)",
        caught_by=("document-forms-read",),
    )

    def read(self, data: bytes) -> Reading:
        """firstChild.nodeValue."""
        reading = super().read(data)
        cut = _CUT_SUBJECT.search(data)
        if cut and isinstance(reading.packet, Package):
            return replace(reading, packet=replace(reading.packet, subject=cut[1].decode().strip()))
        return reading


class BlindToCdata(Dms):
    """Its parser hands CDATA over as nodes of another kind, which nobody asks for."""

    mutant = Mutant(
        "blind-to-cdata",
        Text("cannot read texts in CDATA", "không đọc được chuỗi viết bằng CDATA"),
        source="issue 12, section 4 (kin)",
        caught_by=("document-forms-read", "recall-forms-read"),
    )

    def read(self, data: bytes) -> Reading:
        """All fields are empty."""
        if b"<![CDATA[" in data and b"StatusCode" not in data:
            raise Malformed(Damage.NOT_WELL_FORMED, Text("From is empty", "From trống"), "byte 0")
        return super().read(data)


class NeedsSteeringType(Dms):
    """Reads SteeringType as a number without asking whether it is there, and gives the packet back."""

    mutant = Mutant(
        "needs-steering-type",
        Text("returns packets without SteeringType", "trả lại gói tin thiếu SteeringType"),
        source="wire.md C.2 (a bad SteeringType aborts the SDK's parser)",
        caught_by=("document-forms-read", "recall-forms-read", "update-forms-read", "replacement-forms-read"),
    )

    def read(self, data: bytes) -> Reading:
        """NumberFormatException."""
        reading = super().read(data)
        if isinstance(reading.packet, Package) and reading.packet.steering_type is None:
            raise Malformed(Damage.NOT_WELL_FORMED, Text("SteeringType", "SteeringType"), "byte 0")
        return reading


class ForgetsTheRepeated(Dms):
    """Fails at a repeated element after the packet was confirmed, and keeps nothing of it."""

    mutant = Mutant(
        "forgets-the-repeated",
        Text("loses packets in which an element of the header stands twice", "mất gói tin có phần tử lặp trong header"),
        source="issue 12, section 4 (repeated parts)",
        caught_by=(
            "doubtful-documents-not-lost", "doubtful-recalls-not-lost", "doubtful-updates-not-lost",
            "doubtful-replacements-not-lost",
        ),
    )  # fmt: skip

    def receive(self, found: Examined) -> tuple[str, str]:
        """Done, and gone."""
        packet = found.packet
        again = packet.unknown if isinstance(packet, Package) else ()
        if any(each.parent == names.MESSAGE_HEADER and each.element.name in _HEADER_NAMES for each in again):
            return "done", ""
        return super().receive(found)


_ILLEGAL = Text("illegal base64 character", "ký tự base64 không hợp lệ")

MUTANTS: tuple[type[Dms], ...] = (
    FindsBusinessByText, WantsBase64InOneLine, WantsBase64AtTheMargin, DecodesTheFirstLine, TakesTheFirstTextNode,
    BlindToCdata, NeedsSteeringType, ForgetsTheRepeated,
)  # fmt: skip
