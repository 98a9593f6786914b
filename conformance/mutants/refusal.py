"""Wrong senders when the axis refuses: they hide it, repeat it for ever, or let it block everything else."""

from dataclasses import replace

from conformance.mutants.mutant import Mutant
from simulator.agency.client import Answer
from simulator.agency.dms import Dms
from simulator.agency.kit.store import Letter, Outgoing
from simulator.words import Text

__all__ = ["MUTANTS"]


class LoopsOnRefusal(Dms):
    """Takes every refusal for a passing one and repeats it at each poll."""

    mutant = Mutant(
        "loops-on-refusal",
        Text("sends a refused package again at every poll", "mỗi lần hỏi trục lại gửi gói tin đã bị từ chối"),
        source="pitfalls 27",
        caught_by=(
            "wrong-sender-no-loop",
            "unknown-receiver-no-loop",
            "closed-receiver-no-loop",
            "bad-format-no-loop",
            "too-large-no-loop",
            "refused-status-no-loop",
        ),
    )

    def refused_for_good(self, answer: Answer) -> bool:
        """Never."""
        return False


class HidesRefusal(Dms):
    """Settles the letter and leaves the document as it was."""

    mutant = Mutant(
        "hides-refusal",
        Text("a refused document stays 'queued' for ever", "văn bản bị từ chối mãi ở trạng thái 'queued'"),
        source="scenarios VD-02",
        caught_by=("wrong-sender-shown-to-clerk", "unknown-receiver-shown-to-clerk", "bad-format-shown-to-clerk"),
    )

    def letter_refused(self, letter: Letter, answer: Answer) -> None:
        """Out of the way."""
        self.store.letter_settled(letter.seq, "refused")


class RefusesWithoutReason(Dms):
    """Says that it failed, and nothing more."""

    mutant = Mutant(
        "refuses-without-reason",
        Text("shows 'failed' without what the axis said", "báo 'failed' mà không nêu lý do của trục"),
        source="scenarios VD-02",
        caught_by=("closed-receiver-shown-to-clerk", "too-large-shown-to-clerk"),
    )

    def letter_refused(self, letter: Letter, answer: Answer) -> None:
        """Neither code nor words."""
        super().letter_refused(letter, replace(answer, code="", desc=""))


class KeepsRefusedNumbers(Dms):
    """A number that was refused once is used up."""

    mutant = Mutant(
        "keeps-refused-numbers",
        Text("a refused document cannot be corrected", "văn bản bị từ chối không sửa gửi lại được"),
        source="requirement RF-04",
        caught_by=("corrected-document-leaves",),
    )

    def number_is_free_again(self, row: Outgoing) -> bool:
        """Never."""
        return False


class StuckOnRefusal(Dms):
    """After one refusal nothing leaves any more."""

    mutant = Mutant(
        "stuck-on-refusal",
        Text("one refused package blocks the whole outbox", "một gói tin bị từ chối làm tắc cả hàng gửi"),
        source="pitfalls 27",
        caught_by=("statuses-pass-a-refused-one",),
    )
    _stuck = False

    async def send_letter(self, letter: Letter) -> bool:
        """Not while one is refused."""
        return not self._stuck and await super().send_letter(letter)

    def letter_refused(self, letter: Letter, answer: Answer) -> None:
        """Remember it for good."""
        self._stuck = True
        super().letter_refused(letter, answer)


MUTANTS: tuple[type[Dms], ...] = (
    LoopsOnRefusal,
    HidesRefusal,
    RefusesWithoutReason,
    KeepsRefusedNumbers,
    StuckOnRefusal,
)
