"""Wrong envelopes: sender, id, kind, trace, form on the wire, and the book of what was sent."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.orders import Order
from simulator.agency.kit.store import Outgoing
from simulator.protocol import names
from simulator.protocol.package import Business, Package, Packet, Party, Signer, TraceHeader
from simulator.words import Text

__all__ = ["MUTANTS"]


class OtherNamespace(Dms):
    """Writes the dialect of another ministry's exchange."""

    mutant = Mutant(
        "wrong-namespace",
        Text("writes the namespace of another dialect", "ghi namespace của một chuẩn khác"),
        source="pitfalls 22",
        caught_by=("order-reaches-receiver",),
    )

    def encode(self, packet: Packet) -> bytes:
        """``http://www.go.vn/eDoc``."""
        return super().encode(packet).replace(names.NAMESPACE.encode(), b"http://www.go.vn/eDoc")


class ForgedSender(Dms):
    """Sends as a unit that another system registered."""

    mutant = Mutant(
        "forged-sender",
        Text("sends as a unit that is not its own", "gửi dưới mã đơn vị của hệ thống khác"),
        source="pitfalls 27",
        caught_by=("order-reaches-receiver", "sent-from-own-unit"),
    )

    def sender_party(self) -> Party:
        """The neighbour."""
        return replace(super().sender_party(), organ_id="000.00.00.H99")


class SystemAsSender(Dms):
    """Writes the id of its system where its unit belongs."""

    mutant = Mutant(
        "system-id-in-from",
        Text("writes its system id into From", "ghi mã hệ thống vào From"),
        source="pitfalls 27",
        caught_by=("sent-from-own-unit",),
    )

    def sender_party(self) -> Party:
        """The axis lets it pass; receivers know no such unit."""
        return replace(super().sender_party(), organ_id=self.config.system_id)


class NamelessSender(Dms):
    """Writes no name beside its code."""

    mutant = Mutant(
        "sends-without-own-name",
        Text("leaves the name of its unit out", "không ghi tên đơn vị gửi"),
        source="regulation 5, row 1.1",
        caught_by=("sender-named-in-words",),
    )

    def sender_party(self) -> Party:
        """The code alone."""
        return replace(super().sender_party(), name="")


class CutsId(Dms):
    """Cuts the DocumentId at 15 characters, as one gateway's column does."""

    mutant = Mutant(
        "cuts-own-document-id",
        Text("cuts the DocumentId at 15 characters", "cắt DocumentId còn 15 ký tự"),
        source="pitfalls 26",
        caught_by=("told-id-is-in-the-packet", "one-id-for-all-receivers"),
    )

    def envelopes(self, package: Package) -> tuple[Package, ...]:
        """Inside it keeps the whole one."""
        return (replace(package, document_id=package.document_id[:15]),)


class NewAsUpdate(Dms):
    """Every sending is an update."""

    mutant = Mutant(
        "sends-new-as-update",
        Text("sends new documents as type 2 'update'", "gửi văn bản mới với nghiệp vụ 2 'cập nhật'"),
        source="pitfalls 9",
        caught_by=("sent-as-new",),
    )

    def business_of(self, order: Order, earlier: Sequence[str]) -> Business:
        """Type 2, whatever was ordered."""
        return replace(super().business_of(order, earlier), doc_type=2)


class AlwaysPaper(Dms):
    """Announces a paper copy with every document."""

    mutant = Mutant(
        "announces-paper",
        Text("announces a paper copy that nobody ordered", "báo gửi kèm bản giấy dù không ai yêu cầu"),
        source="regulation 2, art. 5.3",
        caught_by=("no-paper-announced",),
    )

    def business_of(self, order: Order, earlier: Sequence[str]) -> Business:
        """Paper is a constant."""
        return replace(super().business_of(order, earlier), paper=1)


class NullTrace(Dms):
    """Prints a variable that was never set."""

    mutant = Mutant(
        "null-organ",
        Text("writes the word null into its trace header", "ghi chữ null vào TraceHeader"),
        source="pitfalls 28",
        caught_by=("trace-names-own-unit", "sent-packet-without-warnings"),
    )

    def trace_header(self) -> TraceHeader:
        """The literal null."""
        return replace(super().trace_header(), organ_id="null")


class IsoTrace(Dms):
    """Writes the hop's time as ISO 8601."""

    mutant = Mutant(
        "iso-trace-time",
        Text("writes the time of its trace header as ISO 8601", "ghi thời gian TraceHeader theo ISO 8601"),
        source="pitfalls 24",
        caught_by=("trace-time-form",),
    )

    def encode(self, packet: Packet) -> bytes:
        """``2026-11-22T08:00:00``."""
        data = super().encode(packet)
        return re.sub(rb"(Timestamp>)(\d{4})/(\d\d)/(\d\d) ([\d:]{8})", rb"\1\2-\3-\4T\5", data)


class UtcTrace(Dms):
    """Runs in a container whose zone is UTC."""

    mutant = Mutant(
        "utc-trace-time",
        Text("writes the time of its trace header in UTC", "ghi thời gian TraceHeader theo giờ UTC"),
        source="pitfalls 24",
        caught_by=("trace-time-vietnamese", "sending-time-not-back-dated"),
    )

    def trace_header(self) -> TraceHeader:
        """Seven hours early, and no zone beside it."""
        header = super().trace_header()
        stamp = header.timestamp
        return replace(header, timestamp=stamp - timedelta(hours=7) if stamp else None)


class Unprefixed(Dms):
    """Writes the default namespace and no prefix."""

    mutant = Mutant(
        "unprefixed",
        Text("writes its packets without the prefix edXML", "ghi gói tin không có tiền tố edXML"),
        source="pitfalls 21",
        caught_by=("written-with-the-prefix",),
    )

    def encode(self, packet: Packet) -> bytes:
        """Equal by XML; strict readers refuse it."""
        data = re.sub(rb' xmlns:edXML="[^"]*"', b"", super().encode(packet))
        return data.replace(b"<edXML:", b"<").replace(b"</edXML:", b"</")


class PositionLost(Dms):
    """Has no field for the signer's position."""

    mutant = Mutant(
        "loses-position",
        Text("leaves the signer's position out", "bỏ mất chức vụ người ký"),
        source="pitfalls 23",
        caught_by=("sent-packet-without-errors", "signer-as-ordered"),
    )

    def document_package(self, order: Order, document_id: str, business: Business) -> Package:
        """The name alone."""
        package = super().document_package(order, document_id, business)
        return replace(package, signer=replace(package.signer or Signer(), position=""))


class ForgetsSent(Dms):
    """Keeps no book of what it sent."""

    mutant = Mutant(
        "forgets-what-it-sent",
        Text("shows nothing of what it sent", "không hiển thị văn bản đã gửi"),
        source="pitfalls 12",
        caught_by=("sent-document-listed",),
    )

    def documents(self, box: str) -> list[dict[str, Any]]:
        """An empty box of sent documents."""
        return [] if box == "out" else super().documents(box)


class NeverSentShown(Dms):
    """Its screen reads a table that nobody fills: all rows say 'queued'."""

    mutant = Mutant(
        "shows-sent-as-queued",
        Text("shows every sent document as not sent yet", "hiển thị mọi văn bản đã gửi là chưa gửi"),
        source="pitfalls 12",
        caught_by=("sent-document-listed",),
    )

    def shown_outgoing(self, row: Outgoing) -> dict[str, Any]:
        """Chưa gửi."""
        return super().shown_outgoing(row) | {"state": "queued"}


class BookWithoutNotation(Dms):
    """Its book of sent documents has no column for the notation."""

    mutant = Mutant(
        "book-without-notation",
        Text("shows sent documents without their notation", "hộp đi không hiển thị ký hiệu"),
        source="pitfalls 19",
        caught_by=("outgoing-fields-shown",),
    )

    def shown_outgoing(self, row: Outgoing) -> dict[str, Any]:
        """The number alone."""
        return super().shown_outgoing(row) | {"code_notation": ""}


class BookWithoutReceivers(Dms):
    """Does not show to whom it sent."""

    mutant = Mutant(
        "book-without-receivers",
        Text("shows sent documents without their receivers", "hộp đi không hiển thị nơi nhận"),
        source="pitfalls 12",
        caught_by=("outgoing-receiver-shown",),
    )

    def shown_outgoing(self, row: Outgoing) -> dict[str, Any]:
        """Nobody."""
        return super().shown_outgoing(row) | {"receivers": []}


MUTANTS: tuple[type[Dms], ...] = (
    OtherNamespace,
    ForgedSender,
    SystemAsSender,
    NamelessSender,
    CutsId,
    NewAsUpdate,
    AlwaysPaper,
    NullTrace,
    IsoTrace,
    UtcTrace,
    Unprefixed,
    PositionLost,
    ForgetsSent,
    NeverSentShown,
    BookWithoutNotation,
    BookWithoutReceivers,
)
