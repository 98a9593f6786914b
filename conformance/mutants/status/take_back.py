"""Wrong answers to a 13, and wrong 13s."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.store import Incoming
from simulator.protocol.package import ResponseFor
from simulator.words import Text

__all__ = ["MUTANTS"]


class IgnoresTakeBack(Dms):
    """Reads a 13 and does nothing with it."""

    mutant = Mutant(
        "ignores-take-back",
        Text("does nothing on a 13", "nhận 13 nhưng không làm gì"),
        source="pitfalls 19",
        caught_by=("early-take-back-agreed",),
    )

    def asked_back(self, about: ResponseFor, sender: str, reason: str) -> None:
        """A line in the history."""
        self.note(about.document_id, f"13 from {sender}: {reason}")


class AgreesAndKeeps(Dms):
    """Answers 15 and goes on using the document."""

    mutant = Mutant(
        "agrees-and-keeps",
        Text("answers 15 but keeps the document in use", "trả lời 15 nhưng vẫn để văn bản có hiệu lực"),
        source="pitfalls 2",
        caught_by=("taken-back-out-of-reach", "agreed-take-back-applied"),
    )

    def recall_document(self, row: Incoming, reason: str) -> Incoming:
        """A label in the history, nothing else."""
        self.note(row.document_id, f"recalled: {reason}")
        return replace(row, asked=None)


class ForgetsTakenBack(Dms):
    """Deletes a document that was taken back, without a trace."""

    mutant = Mutant(
        "forgets-taken-back",
        Text("keeps no record of a document taken back", "xóa văn bản bị lấy lại, không để lại vết"),
        source="pitfalls 8",
        caught_by=("take-back-record-kept",),
    )

    def documents(self, box: str) -> list[dict[str, Any]]:
        """As if it had never come."""
        return [line for line in super().documents(box) if line["state"] != "recalled"]


class AgreesSilently(Dms):
    """Gives the document back when the clerk agrees, and tells nobody."""

    mutant = Mutant(
        "agrees-silently",
        Text("does not answer 15 when the clerk agrees", "văn thư đồng ý nhưng không gửi 15"),
        source="pitfalls 8",
        caught_by=("take-back-agreed", "second-take-back-answered"),
    )

    def answer_request(self, rows: Sequence[Incoming], *, agreed: bool, reason: str) -> None:
        """The document goes, the answer does not."""
        waiting = [row for row in rows if row.asked is not None]
        if not (agreed and waiting):
            super().answer_request(rows, agreed=agreed, reason=reason)
        for row in waiting if agreed else ():
            self.recall_document(row, row.asked or "")


class DeclinesSilently(Dms):
    """Keeps the document when the clerk declines, and tells nobody."""

    mutant = Mutant(
        "declines-silently",
        Text("does not answer 16 when the clerk declines", "văn thư không đồng ý nhưng không gửi 16"),
        source="pitfalls 20",
        caught_by=("take-back-declined",),
    )

    def answer_request(self, rows: Sequence[Incoming], *, agreed: bool, reason: str) -> None:
        """The request disappears."""
        if agreed:
            super().answer_request(rows, agreed=agreed, reason=reason)
        else:
            self.store.put(*(replace(row, asked=None) for row in rows if row.asked is not None))


class DecliningResets(Dms):
    """Puts a document whose take-back was declined back among the new ones."""

    mutant = Mutant(
        "declining-resets",
        Text(
            "forgets how far a document was when a 13 is declined", "từ chối 13 rồi đưa văn bản về trạng thái mới đến"
        ),
        source="requirement BZ-08",
        caught_by=("declined-state-kept",),
    )

    def answer_request(self, rows: Sequence[Incoming], *, agreed: bool, reason: str) -> None:
        """The whole document is opened anew."""
        super().answer_request(rows, agreed=agreed, reason=reason)
        if not agreed:
            self.store.put(*(replace(row, state="arrived", asked=None) for row in rows))


class GivesBackAtOnce(Dms):
    """Answers 15 by itself, also when somebody is working with the document."""

    mutant = Mutant(
        "gives-back-at-once",
        Text("answers 15 without asking its clerk", "tự trả lời 15 không chờ văn thư"),
        source="requirement BZ-08",
        caught_by=("take-back-waits-for-clerk",),
    )

    def needs_a_clerk(self, row: Incoming) -> bool:
        """Never."""
        return False


class TakesBackInsideOnly(Dms):
    """Marks its own record as taken back; no 13 leaves."""

    mutant = Mutant(
        "takes-back-inside-only",
        Text("takes a document back without sending 13", "lấy lại văn bản mà không gửi 13"),
        source="pitfalls 2",
        caught_by=("take-back-leaves",),
    )

    def take_back(self, document_id: str, reason: str, organ: str) -> None:
        """In our book it is gone."""
        self.store.put(*(replace(row, state="recalled", reason=reason) for row in self.store.outgoing(document_id)))


class TakesBackUnexplained(Dms):
    """Sends 13 without the reason that the clerk gave."""

    mutant = Mutant(
        "takes-back-unexplained",
        Text("sends 13 without the clerk's reason", "gửi 13 không kèm lý do của văn thư"),
        source="pitfalls 7",
        caught_by=("take-back-with-reason",),
    )

    def take_back(self, document_id: str, reason: str, organ: str) -> None:
        """Only the code travels."""
        super().take_back(document_id, "", organ)


MUTANTS: tuple[type[Dms], ...] = (
    IgnoresTakeBack, AgreesAndKeeps, ForgetsTakenBack, AgreesSilently, DeclinesSilently, DecliningResets,
    GivesBackAtOnce, TakesBackInsideOnly, TakesBackUnexplained,
)  # fmt: skip
