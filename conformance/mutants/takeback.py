"""Wrong systems for the chapter *takeback*: status 13 and its answers."""

from collections.abc import Sequence
from dataclasses import replace

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import DOCUMENTS, Dms
from simulator.agency.kit.inspection import Examined
from simulator.agency.kit.store import Incoming
from simulator.protocol.package import Code, Package, ResponseFor, StatusPacket
from simulator.words import Text

__all__ = ["MUTANTS"]


class DeafWhenFinished(Dms):
    """Ignores a 13 for a document that is finished."""

    mutant = Mutant(
        "deaf-when-finished",
        Text("ignores 13 for a finished document", "bỏ qua 13 cho văn bản đã hoàn thành"),
        source="BZ-08",
        caught_by=("finished-take-back-answered",),
    )

    def asked_back(self, about: ResponseFor, sender: str, reason: str) -> None:
        """Too late to listen."""
        if not any(row.state == "finished" for row in self.rows_from(about.document_id, sender)):
            super().asked_back(about, sender, reason)


class DeclinesAndDestroys(Dms):
    """Answers 16 and destroys the document all the same."""

    mutant = Mutant(
        "declines-and-destroys",
        Text("answers 16 and removes the document", "trả lời 16 nhưng vẫn hủy văn bản"),
        source="BZ-08",
        caught_by=("finished-take-back-true",),
    )

    def answer_request(self, rows: Sequence[Incoming], *, agreed: bool, reason: str) -> None:
        """Whatever the clerk says."""
        super().answer_request(rows, agreed=agreed, reason=reason)
        for row in () if agreed else rows:
            self.recall_document(row, reason)


class GivesUnknownBack(Dms):
    """Agrees to give back what it never had from that unit."""

    mutant = Mutant(
        "gives-unknown-back",
        Text("answers 15 for a document that it does not have", "trả lời 15 cho văn bản không có"),
        source="BZ-14",
        caught_by=("unknown-take-back-refused", "stranger-take-back-not-agreed"),
    )

    def refuse_stranger(self, about: ResponseFor, sender: str) -> None:
        """15, to be friendly."""
        answer = ResponseFor(sender, about.code, about.document_id, about.promulgation_date)
        packet = self.status_packet("15", answer, self.stamp_for(about.document_id), "")
        self.queue_status(about.document_id, packet)


class TakesBackByNumber(Dms):
    """Gives back whatever bears the number that the 13 names."""

    mutant = Mutant(
        "takes-back-by-number",
        Text("finds the document of a 13 by its number", "tìm văn bản của 13 theo số"),
        source="pitfalls 10",
        caught_by=("take-back-spares-other-year", "take-back-spares-other-organ"),
    )

    def asked_back(self, about: ResponseFor, sender: str, reason: str) -> None:
        """Any year, any unit."""
        for row in self.store.incoming():
            if row.kind in DOCUMENTS and Code(row.number, row.notation).text == about.code:
                self.announce(self.recall_document(row, reason), ("15",), "")


class GivesToAnybody(Dms):
    """Gives a document back whoever asks for it."""

    mutant = Mutant(
        "gives-to-anybody",
        Text("gives a document back to any unit that asks", "trả văn bản cho bất kỳ đơn vị nào yêu cầu"),
        source="pitfalls 17",
        caught_by=("stranger-take-back-not-applied",),
    )

    def rows_from(self, document_id: str, sender: str) -> tuple[Incoming, ...]:
        """The sender is not looked at."""
        return tuple(row for row in self.store.incoming(document_id) if row.kind in DOCUMENTS)


class AgreesWithoutDoing(Dms):
    """Answers 15 and keeps the document as it is."""

    mutant = Mutant(
        "agrees-without-doing",
        Text("answers 15 and keeps the document", "trả lời 15 nhưng vẫn giữ văn bản"),
        source="pitfalls 2",
        caught_by=("taken-back-from-work",),
    )

    def recall_document(self, row: Incoming, reason: str) -> Incoming:
        """Only the request is gone."""
        return replace(row, asked=None)


class OnceForEver(Dms):
    """Takes every DocumentId in only once, also after it was given back."""

    mutant = Mutant(
        "once-for-ever",
        Text("drops a corrected document because of its known id", "bỏ văn bản đã sửa vì mã đã có"),
        source="DU-02",
        caught_by=("resent-after-take-back-arrives", "resent-after-take-back-listed"),
    )

    def receive_document(self, package: Package, found: Examined) -> None:
        """Known is known."""
        if not self.store.incoming(package.document_id):
            super().receive_document(package, found)


class StatusOnceEver(Dms):
    """Its outbox holds one status of a kind for each document, for ever."""

    mutant = Mutant(
        "status-once-ever",
        Text("sends no status twice for one document", "không gửi lại một trạng thái của cùng văn bản"),
        source="pitfalls 15",
        caught_by=("second-take-back-leaves", "take-back-reaches-all"),
    )

    def queue_status(self, lane: str, packet: StatusPacket) -> None:
        """UNIQUE(document, status)."""
        if packet.code not in self.store.codes_queued(lane):
            super().queue_status(lane, packet)


class AsksWithoutReason(Dms):
    """Lets its clerk ask a document back without a reason."""

    mutant = Mutant(
        "asks-without-reason",
        Text("sends 13 although no reason was given", "gửi 13 dù không nêu lý do"),
        source="BZ-08",
        caught_by=("reasonless-take-back-stays",),
    )

    def act(self, document_id: str, action: str, *, reason: str = "", organ: str = "") -> None:
        """A word of its own takes the place of the reason."""
        words = reason or ("Lấy lại" if action == "take-back" else "")
        super().act(document_id, action, reason=words, organ=organ)


class AsksForEver(Dms):
    """Asks also those that have given the document back already."""

    mutant = Mutant(
        "asks-for-ever",
        Text("sends 13 to one that has answered 15", "vẫn gửi 13 cho nơi đã trả lời 15"),
        source="ST-10",
        caught_by=("no-take-back-after-15",),
    )

    def take_back(self, document_id: str, reason: str, organ: str) -> None:
        """The answers are forgotten first."""
        for row in self.store.outgoing(document_id):
            self.store.put(*(replace(each, answer="") for each in self.store.receivers(row.seq)))
        super().take_back(document_id, reason, organ)


MUTANTS: tuple[type[Dms], ...] = (
    DeafWhenFinished, DeclinesAndDestroys, GivesUnknownBack, TakesBackByNumber, GivesToAnybody, AgreesWithoutDoing,
    OnceForEver, StatusOnceEver, AsksWithoutReason, AsksForEver,
)  # fmt: skip
