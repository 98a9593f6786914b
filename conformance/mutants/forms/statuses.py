"""Wrong readers of status packets: by literal text, by line, by place, without their white space taken off."""

import codecs
from dataclasses import replace

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.protocol import layout, names
from simulator.protocol.codec import Reading
from simulator.protocol.errors import Damage, Malformed
from simulator.protocol.package import StatusPacket
from simulator.words import Text

__all__ = ["MUTANTS"]

_ORDER = tuple(item.wire for item in layout.STATUS.fields)


def _without_code(reading: Reading) -> Reading:
    packet = reading.packet
    return replace(reading, packet=replace(packet, code="")) if isinstance(packet, StatusPacket) else reading


class FindsStatusByText(Dms):
    """Looks for the code by the text ``edXML:StatusCode``."""

    mutant = Mutant(
        "finds-status-by-text",
        Text(
            "finds the status code by the literal text edXML:StatusCode",
            "tìm mã trạng thái theo chuỗi edXML:StatusCode",
        ),
        source="issue 12, section 4",
        caught_by=("status-forms-read", "answer-forms-read", "take-back-forms-read"),
    )

    def read(self, data: bytes) -> Reading:
        """No such text, no code."""
        reading = super().read(data)
        return reading if b"<edXML:StatusCode>" in data else _without_code(reading)


class ChokesOnStatusMark(Dms):
    """Reads documents with one parser and statuses with another, which knows no byte order mark."""

    mutant = Mutant(
        "chokes-on-byte-order-mark-in-statuses",
        Text("cannot read a status that begins with a BOM", "không đọc được gói trạng thái bắt đầu bằng BOM"),
        source="issue 12, section 4 (kin)",
        caught_by=("status-forms-read", "answer-forms-read", "take-back-forms-read"),
    )

    def read(self, data: bytes) -> Reading:
        """Content is not allowed in prolog."""
        reading = super().read(data)
        if isinstance(reading.packet, StatusPacket) and data.startswith(codecs.BOM_UTF8):
            raise Malformed(Damage.NOT_WELL_FORMED, Text("content in prolog", "có nội dung trước khai báo"), "byte 0")
        return reading


class SplitsStatusesAtLineEnds(Dms):
    """Takes a status apart at CRLF, one element in each line."""

    mutant = Mutant(
        "splits-statuses-at-line-ends",
        Text("reads only statuses with CRLF line ends", "chỉ đọc được gói trạng thái ngắt dòng CRLF"),
        source="issue 12, section 4 (kin)",
        caught_by=("status-forms-read", "answer-forms-read", "take-back-forms-read"),
    )

    def read(self, data: bytes) -> Reading:
        """One long line has no code."""
        reading = super().read(data)
        return reading if b"\r\n" in data else _without_code(reading)


class ReadsStatusesInOrder(Dms):
    """Walks through a status in the order of the vendor's builder."""

    mutant = Mutant(
        "reads-statuses-in-order",
        Text("reads a status only in the builder's order", "chỉ đọc gói trạng thái theo đúng thứ tự của SDK"),
        source="issue 12, section 4 (kin)",
        caught_by=("status-forms-read", "answer-forms-read", "take-back-forms-read"),
    )

    def read(self, data: bytes) -> Reading:
        """What stands before its turn is not seen."""
        reading = super().read(data)
        found = [leaf.path.split("/")[1].partition("[")[0] for leaf in reading.leaves if "MessageHeader/" in leaf.path]
        places = [_ORDER.index(name) for name in found if name in _ORDER]
        return reading if places == sorted(places) else _without_code(reading)


class NeedsStaffInfo(Dms):
    """Ignores a status that names nobody."""

    mutant = Mutant(
        "needs-staff-info",
        Text("ignores statuses without StaffInfo", "bỏ qua gói trạng thái thiếu StaffInfo"),
        source="issue 12, section 4 (optional parts)",
        caught_by=("status-forms-read", "answer-forms-read", "take-back-forms-read"),
    )

    def read(self, data: bytes) -> Reading:
        """Nobody said it."""
        reading = super().read(data)
        packet = reading.packet
        return _without_code(reading) if isinstance(packet, StatusPacket) and packet.staff is None else reading


class ComparesCodesAsText(Dms):
    """Compares unit and status codes as they stand, blanks and all."""

    mutant = Mutant(
        "compares-codes-as-text",
        Text("finds no document for a status whose codes have blanks round them",
             "không tìm được văn bản khi mã trong gói trạng thái có dấu cách bao quanh"),
        source="issue 12, section 4",
        caught_by=("status-forms-read", "answer-forms-read", "take-back-forms-read"),
    )  # fmt: skip

    def read(self, data: bytes) -> Reading:
        """' 03 ' is not '03'."""
        reading = super().read(data)
        codes = reading.texts(f"{names.MESSAGE_HEADER}/{names.STATUS_CODE}", f"{names.MESSAGE_HEADER}/From/OrganId")
        return _without_code(reading) if any(leaf.text != leaf.text.strip() for leaf in codes) else reading


class KeepsHardBlanks(Dms):
    """Takes off the white space that XML knows, and no other."""

    mutant = Mutant(
        "keeps-hard-blanks",
        Text("finds no document for a status whose codes have U+00A0 round them",
             "không tìm được văn bản khi mã trong gói trạng thái có U+00A0 bao quanh"),
        source="issue 12, section 4",
        caught_by=("doubtful-statuses-not-lost", "doubtful-answers-not-lost", "doubtful-take-backs-not-lost"),
    )  # fmt: skip

    def trimmed(self, packet: StatusPacket) -> StatusPacket:
        """As it came."""
        return packet


MUTANTS: tuple[type[Dms], ...] = (
    FindsStatusByText, ChokesOnStatusMark, SplitsStatusesAtLineEnds, ReadsStatusesInOrder, NeedsStaffInfo,
    ComparesCodesAsText, KeepsHardBlanks,
)  # fmt: skip
