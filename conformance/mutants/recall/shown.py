"""What the sender's clerk does not see of the answers to a recall, an update or a take-back."""

from dataclasses import replace
from datetime import datetime

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.store import Outgoing, Receiver
from simulator.protocol.package import StatusPacket
from simulator.words import Text

__all__ = ["MUTANTS"]


class ChangeAnswersUnseen(Dms):
    """Reads 15 and 16 and shows nothing of them."""

    mutant = Mutant(
        "change-answers-unseen",
        Text("shows nothing of 15 and 16", "không hiển thị 15 và 16"),
        source="pitfalls 12",
        caught_by=(
            "recall-agreement-shown", "recall-refusal-shown", "update-agreement-shown", "update-refusal-shown",
            "take-back-agreement-shown", "take-back-refusal-shown", "second-answer-shown", "recalled-outgoing-shown",
            "taken-back-outgoing-shown",
        ),
    )  # fmt: skip

    def moved(self, receiver: Receiver, packet: StatusPacket, moment: datetime) -> Receiver:
        """The row stays."""
        return receiver if packet.code in ("15", "16") else super().moved(receiver, packet, moment)


class ChangeReasonsUnseen(Dms):
    """Shows 16 without the reason that came with it."""

    mutant = Mutant(
        "change-reasons-unseen",
        Text("does not show why a change was refused", "không hiển thị lý do bị từ chối"),
        source="pitfalls 20",
        caught_by=("recall-refusal-reason-shown", "update-refusal-reason-shown", "take-back-refusal-reason-shown"),
    )

    def moved(self, receiver: Receiver, packet: StatusPacket, moment: datetime) -> Receiver:
        """The words are lost."""
        after = super().moved(receiver, packet, moment)
        return replace(after, reason=None) if packet.code == "16" else after


class NeverFreezes(Dms):
    """Goes on showing as sent what every receiver has given back."""

    mutant = Mutant(
        "never-freezes",
        Text("does not freeze a recalled document", "không đóng băng văn bản đã thu hồi"),
        source="BZ-07",
        caught_by=("recalled-outgoing-shown", "recalled-outgoing-frozen", "taken-back-outgoing-shown"),
    )

    def settle_recall(self, row: Outgoing) -> None:
        """Nothing happens."""


MUTANTS: tuple[type[Dms], ...] = (ChangeAnswersUnseen, ChangeReasonsUnseen, NeverFreezes)
