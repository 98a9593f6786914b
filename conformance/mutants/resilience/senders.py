"""Wrong senders: what they make of an answer that is none."""

from dataclasses import replace

from conformance.mutants.mutant import Mutant
from simulator.agency.client import Answer, AxisUnreachable
from simulator.agency.dms import Dms
from simulator.agency.kit.orders import Order
from simulator.agency.kit.store import Letter, Outgoing
from simulator.protocol.package import Kind, Package
from simulator.words import Text

__all__ = ["MUTANTS"]


class GivesUpSilently(Dms):
    """Tries once; what did not leave then never leaves, and nobody is told."""

    mutant = Mutant(
        "gives-up-silently",
        Text("never sends again what did not get through", "không gửi lại những gì chưa gửi được"),
        source="pitfalls 11",
        caught_by=(
            "document-leaves-after-page",
            "document-leaves-after-outage",
            "document-leaves-after-bad-certificate",
            "status-leaves-after-outage",
            "document-leaves-after-system-error",
        ),
    )

    def may_try(self, letter: Letter) -> bool:
        """Once."""
        return letter.attempts == 0


class RewritesOnRepeat(Dms):
    """Builds the package anew for each attempt, so that the axis cannot know it again."""

    mutant = Mutant(
        "rewrites-on-repeat",
        Text("a repeated package has other bytes", "gói tin gửi lại có nội dung byte khác"),
        source="pitfalls 51",
        caught_by=("lost-answer-not-sent-twice", "no-doc-id-not-sent-twice"),
    )

    def bytes_to_send(self, letter: Letter) -> bytes:
        """A remark at the end tells the attempts apart."""
        return letter.data + b"<!-- %d -->" % letter.attempts


class TakesSilenceForRefusal(Dms):
    """An answer that did not come is a refusal."""

    mutant = Mutant(
        "takes-silence-for-refusal",
        Text("a lost answer makes the document 'failed'", "mất câu trả lời thì coi là gửi thất bại"),
        source="pitfalls 51",
        caught_by=("lost-answer-ends-as-sent",),
    )

    async def send_letter(self, letter: Letter) -> bool:
        """No answer, no."""
        try:
            return await super().send_letter(letter)
        except AxisUnreachable:
            self.letter_refused(letter, Answer(ok=False, code="", desc="no answer"))
            return True


class WantsADocId(Dms):
    """OK without a DocId is a refusal."""

    mutant = Mutant(
        "wants-a-doc-id",
        Text("OK without DocId makes the document 'failed'", "OK thiếu DocId thì coi là gửi thất bại"),
        source="wire.md A.3",
        caught_by=("no-doc-id-ends-as-sent",),
    )

    async def send_letter(self, letter: Letter) -> bool:
        """One attempt; without an id it is over."""
        left = await super().send_letter(letter)
        if not left:
            self.letter_refused(letter, Answer(ok=False, code="", desc="no DocId"))
        return True


class TakesPageForReceipt(Dms):
    """Whatever came back over HTTP is a success."""

    mutant = Mutant(
        "takes-page-for-receipt",
        Text("an HTML page counts as a receipt", "coi trang HTML là biên nhận"),
        source="wire.md A.3",
        caught_by=("page-is-no-receipt",),
    )

    async def send_letter(self, letter: Letter) -> bool:
        """A page will do."""
        try:
            return await super().send_letter(letter)
        except AxisUnreachable as error:
            if "HTTP" not in error.because.en:
                raise
            self.letter_left(letter)
            return True


class ShowsSentAtOnce(Dms):
    """A document is 'sent' as soon as it is written."""

    mutant = Mutant(
        "shows-sent-at-once",
        Text("shows 'sent' before anything left", "hiển thị 'đã gửi' khi chưa gửi"),
        source="requirement ST-04",
        caught_by=("outage-not-shown-as-sent", "page-is-no-receipt"),
    )

    def write_out(self, package: Package, order: Order, target: Outgoing | None) -> tuple[Outgoing, int]:
        """Sent, says the book."""
        row, letter = super().write_out(package, order, target)
        sent = replace(row, state="sent", sent_at=row.written_at)
        self.store.put(sent)
        return sent, letter


class SendsTwiceAfterOutage(Dms):
    """What could not leave at once is sent twice, to be sure."""

    mutant = Mutant(
        "sends-twice-after-outage",
        Text("sends a second copy of what had to wait", "gửi thêm một bản của văn bản đã phải chờ"),
        source="requirement DU-03",
        caught_by=("outage-document-leaves-once",),
    )

    def letter_left(self, letter: Letter) -> None:
        """A copy goes after it."""
        super().letter_left(letter)
        if letter.attempts and letter.message_type == Kind.EDOC:
            self.queue_letter(letter.lane, letter.message_type, letter.data + b"<!-- copy -->")


MUTANTS: tuple[type[Dms], ...] = (
    GivesUpSilently,
    RewritesOnRepeat,
    TakesSilenceForRefusal,
    WantsADocId,
    TakesPageForReceipt,
    ShowsSentAtOnce,
    SendsTwiceAfterOutage,
)
