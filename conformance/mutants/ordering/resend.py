"""Wrong when something is sent again: it becomes an update, or another document, or is not allowed."""

from dataclasses import replace

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.orders import REFUSALS, Order, Refused
from simulator.agency.kit.store import Letter, Outgoing
from simulator.protocol import codec
from simulator.protocol.package import Business, Package
from simulator.words import Text

__all__ = ["MUTANTS"]


def _package(data: bytes) -> Package | None:
    packet = codec.decode(data).packet
    return packet if isinstance(packet, Package) else None


class RepeatsAsUpdate(Dms):
    """Turns whatever it sends a second time into an update, without a change."""

    mutant = Mutant(
        "resend-as-update",
        Text("a repetition leaves as an update (type 2)", "lần gửi lại biến thành cập nhật (loại 2)"),
        source="pitfalls 9",
        caught_by=("order-repetition-stays-new",),
    )

    def bytes_to_send(self, letter: Letter) -> bytes:
        """BussinessDocType 2."""
        package = _package(letter.data) if letter.attempts and not letter.code else None
        if package is None or package.trace is None:
            return letter.data
        business = Business(package.document_id, 2, "Gửi lại", paper=0)
        return codec.encode(replace(package, trace=replace(package.trace, business=business)))


class RepeatsUnderNewId(Dms):
    """Gives every attempt an id of its own."""

    mutant = Mutant(
        "repeats-under-new-id",
        Text("a repetition leaves under another DocumentId", "lần gửi lại mang DocumentId khác"),
        source="pitfalls 26",
        caught_by=("order-repetition-keeps-id",),
    )

    def bytes_to_send(self, letter: Letter) -> bytes:
        """The number of the attempt behind it."""
        package = _package(letter.data) if letter.attempts and not letter.code else None
        if package is None:
            return letter.data
        return codec.encode(replace(package, document_id=f"{package.document_id}-{letter.attempts}"))


class SendsCorrectionsAsUpdates(Dms):
    """Takes a document whose number it knows for an update of the first, although nobody holds that one."""

    mutant = Mutant(
        "sends-corrections-as-updates",
        Text("a corrected document leaves as an update of the refused one", "văn bản đã sửa rời đi thành cập nhật"),
        source="pitfalls 9",
        caught_by=("order-corrected-order-is-new",),
    )

    def business_of(self, order: Order, earlier: object) -> Business:
        """By number."""
        before = [row for row in self.store.outgoing() if row.number == order.code_number]
        return Business(before[-1].document_id, 2, "Gửi lại", paper=0) if before else Business(doc_type=0, paper=0)


class SpendsNumbers(Dms):
    """Will not send again what was refused: its number is used up."""

    mutant = Mutant(
        "spends-numbers",
        Text("does not let the clerk send a corrected document", "không cho văn thư gửi lại văn bản đã sửa"),
        source="pitfalls 20",
        caught_by=("order-corrected-order-leaves",),
    )

    def number_is_free_again(self, row: Outgoing) -> bool:
        """Never."""
        return False


class GivesUpAtOnce(Dms):
    """Tries once; where no answer comes the clerk is told that it was refused."""

    mutant = Mutant(
        "gives-up-at-once",
        Text("will not send to a receiver that it cannot reach at once", "không gửi nếu chưa nhận được trả lời ngay"),
        source="pitfalls 11",
        caught_by=("order-repeated-order-leaves",),
    )

    async def attempt(self, letter: int) -> None:
        """What is still queued afterwards is called refused."""
        await super().attempt(letter)
        if self.store.waiting():
            raise Refused(REFUSALS["axis"].filled(code="-", desc="no answer"))


MUTANTS: tuple[type[Dms], ...] = (
    RepeatsAsUpdate, RepeatsUnderNewId, SendsCorrectionsAsUpdates, SpendsNumbers, GivesUpAtOnce,
)  # fmt: skip
