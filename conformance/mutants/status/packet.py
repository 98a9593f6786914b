"""Wrong status packets: who, to whom, about what, when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.store import Incoming
from simulator.clock import VIETNAM
from simulator.protocol import codec
from simulator.protocol.package import Packet, Party, ResponseFor, StatusPacket
from simulator.words import Text

__all__ = ["MUTANTS"]


class SystemIdAsUnit(Dms):
    """Writes the id of its system where the code of its unit belongs."""

    mutant = Mutant(
        "system-id-as-unit",
        Text("signs with its system id instead of its unit's code", "ghi mã hệ thống thay cho mã đơn vị gửi"),
        source="pitfalls 27",
        caught_by=("status-from-own-unit",),
    )

    def sender_party(self) -> Party:
        """The axis takes it, a receiver cannot tell who reports."""
        return replace(super().sender_party(), organ_id=self.config.system_id)


class SwapsRoles(Dms):
    """Writes its own unit into ResponseFor: the status goes to whoever wrote it."""

    mutant = Mutant(
        "swaps-roles",
        Text("names itself as the addressee of its statuses", "ghi chính mình làm nơi nhận trạng thái"),
        source="pitfalls 17",
        caught_by=("status-addressed-to-sender", "take-back-addressed-to-receiver"),
    )

    def status_packet(self, code: str, response_for: ResponseFor, stamp: datetime, reason: str) -> StatusPacket:
        """ResponseFor names us."""
        return super().status_packet(code, replace(response_for, organ_id=self.config.organ), stamp, reason)


class RandomDocumentId(Dms):
    """Keeps documents under ids of its own, and names those to the sender."""

    mutant = Mutant(
        "random-document-id",
        Text("names a UUID of its own in its statuses", "ghi UUID riêng của mình trong trạng thái"),
        source="pitfalls 26",
        caught_by=("status-names-the-document",),
    )

    def receiver_status(self, row: Incoming, code: str, stamp: datetime, reason: str) -> StatusPacket:
        """One of four grammars."""
        own = str(uuid5(NAMESPACE_OID, row.document_id))
        return super().receiver_status(replace(row, document_id=own), code, stamp, reason)


class CutsAnsweredId(Dms):
    """Keeps 15 characters of a DocumentId; statuses do not find their document."""

    mutant = Mutant(
        "cuts-answered-id",
        Text("cuts the DocumentId in its statuses at 15 characters", "cắt DocumentId trong trạng thái còn 15 ký tự"),
        source="pitfalls 26",
        caught_by=("status-names-the-document",),
    )

    def receiver_status(self, row: Incoming, code: str, stamp: datetime, reason: str) -> StatusPacket:
        """A column that is too short."""
        return super().receiver_status(replace(row, document_id=row.document_id[:15]), code, stamp, reason)


class NumberWithoutNotation(Dms):
    """Names a document by its bare number."""

    mutant = Mutant(
        "number-without-notation",
        Text("leaves the notation out of ResponseFor/Code", "bỏ ký hiệu trong ResponseFor/Code"),
        source="pitfalls 25",
        caught_by=("status-names-the-number",),
    )

    def receiver_status(self, row: Incoming, code: str, stamp: datetime, reason: str) -> StatusPacket:
        """Half of the code."""
        return super().receiver_status(replace(row, notation=""), code, stamp, reason)


class DropsIssueDate(Dms):
    """Leaves the date of issue out of its statuses."""

    mutant = Mutant(
        "drops-issue-date",
        Text("leaves ResponseFor/PromulgationDate out", "bỏ ngày ban hành trong trạng thái"),
        source="requirement ST-02",
        caught_by=("status-names-the-date",),
    )

    def receiver_status(self, row: Incoming, code: str, stamp: datetime, reason: str) -> StatusPacket:
        """No date."""
        return super().receiver_status(replace(row, issued=""), code, stamp, reason)


class IsoDates(Dms):
    """Writes Timestamp as ISO 8601 with a zone."""

    mutant = Mutant(
        "iso-dates",
        Text("writes status times in ISO 8601", "ghi thời gian trạng thái theo ISO 8601"),
        source="pitfalls 24",
        caught_by=("status-time-form", "status-packet-lint-clean"),
    )

    def encode(self, packet: Packet) -> bytes:
        """The vendor's library reads this as no time at all."""
        data = super().encode(packet)
        if not isinstance(packet, StatusPacket) or packet.timestamp is None:
            return data
        return data.replace(codec.timestamp_text(packet.timestamp).encode(), packet.timestamp.isoformat().encode())


class UtcClock(Dms):
    """Lives in a container whose zone is UTC, and writes its time as if it were Vietnamese."""

    mutant = Mutant(
        "utc-clock",
        Text("writes UTC where Vietnamese time is meant", "ghi giờ UTC thay cho giờ Việt Nam"),
        source="pitfalls 24",
        caught_by=("status-time-vietnamese",),
    )

    def stamp_for(self, lane: str) -> datetime:
        """Seven hours behind."""
        return super().stamp_for(lane).astimezone(UTC).replace(tzinfo=VIETNAM)


class TimesRunBack(Dms):
    """Gives each further status an earlier time, like two servers with two clocks."""

    mutant = Mutant(
        "times-run-back",
        Text("gives a later status an earlier time", "trạng thái sau mang thời điểm sớm hơn trạng thái trước"),
        source="requirement ST-10",
        caught_by=("status-times-not-running-back",),
    )

    def stamp_for(self, lane: str) -> datetime:
        """A minute less with every status."""
        return self.now().replace(microsecond=0) - timedelta(minutes=len(self.store.codes_queued(lane)))


class AnswersNewCodesOnly(Dms):
    """Looks a sender up by his new code only, and answers nobody else."""

    mutant = Mutant(
        "answers-new-codes-only",
        Text("reports nothing to a sender who writes his old code", "không báo trạng thái cho bên gửi dùng mã cũ"),
        source="pitfalls 48",
        caught_by=("status-reaches-old-code",),
    )

    def announce(self, row: Incoming, codes: tuple[str, ...], reason: str) -> Incoming:
        """Two codes, two units."""
        unit = self.unit_named(row.sender)
        return super().announce(row, codes if unit and unit.code == row.sender else (), reason)


MUTANTS: tuple[type[Dms], ...] = (
    SystemIdAsUnit, SwapsRoles, RandomDocumentId, CutsAnsweredId, NumberWithoutNotation, DropsIssueDate, IsoDates,
    UtcClock, TimesRunBack, AnswersNewCodesOnly,
)  # fmt: skip
