"""Wrong at the door: fetching, confirming, reporting 01, and knowing one's own codes."""

from dataclasses import replace

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.inspection import Examined
from simulator.agency.kit.store import Incoming
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["MUTANTS"]


class ConfirmsUnread(Dms):
    """Takes the line in the list for the package: confirms 'done' and never fetches."""

    mutant = Mutant(
        "confirms-unread",
        Text(
            "confirms what it saw in the list and never fetches it", "mới thấy trong danh sách đã xác nhận, không tải"
        ),
        source="pitfalls 62",
        caught_by=("document-fetched",),
    )

    async def collect(self, delivery_id: str) -> Examined | None:
        """The word without the deed."""
        await self.confirm(delivery_id, "done", "")
        return None


class ConfirmsNever(Dms):
    """Reads its packages and never confirms them: they stay on the list."""

    mutant = Mutant(
        "confirms-never",
        Text("never confirms to the axis", "không bao giờ xác nhận với trục"),
        source="pitfalls 16",
        caught_by=("confirmed-with-done", "every-document-arrives"),
    )

    async def confirm(self, delivery_id: str, word: str, description: str) -> None:
        """Says nothing."""


class ConfirmsWithStatus(Dms):
    """Takes the confirm for the status: tells the axis 01 where it should say done."""

    mutant = Mutant(
        "confirms-with-status",
        Text("confirms with 01 instead of done", "xác nhận bằng 01 thay vì done"),
        source="pitfalls 16",
        caught_by=("confirmed-with-done",),
    )

    async def confirm(self, delivery_id: str, word: str, description: str) -> None:
        """A status code for a transport word."""
        await super().confirm(delivery_id, "01" if word == "done" else "02", description)


class ConfirmsWithProcessing(Dms):
    """Tells the axis of everything that it is being worked on: nothing ever leaves the list."""

    mutant = Mutant(
        "confirms-with-processing",
        Text("confirms everything with processing, for ever", "luôn xác nhận processing, không bao giờ done"),
        source="wire.md A.2",
        caught_by=("confirmed-with-done",),
    )

    async def confirm(self, delivery_id: str, word: str, description: str) -> None:
        """Never done with it."""
        await super().confirm(delivery_id, "processing", description)


class ConfirmsTwice(Dms):
    """Confirms every package twice, as a client that repeats each call to be on the safe side."""

    mutant = Mutant(
        "confirms-twice",
        Text("confirms every package twice", "xác nhận mỗi gói tin hai lần"),
        source="pitfalls 51",
        caught_by=("confirmed-once",),
    )

    async def confirm(self, delivery_id: str, word: str, description: str) -> None:
        """Once more."""
        await super().confirm(delivery_id, word, description)
        await super().confirm(delivery_id, word, description)


class SilentOnArrival(Dms):
    """Takes documents in and confirms them, but writes no status: the sender never hears of it."""

    mutant = Mutant(
        "silent-on-arrival",
        Text("takes documents in without reporting 01", "nhận văn bản nhưng không báo 01"),
        source="pitfalls 14",
        caught_by=("arrival-reported", "every-document-answered"),
    )

    def codes_on_arrival(self) -> tuple[str, ...]:
        """Not a word."""
        return ()


class ReportsArrivalTwice(Dms):
    """Reports 01 on arrival, and 01 once more with its registration."""

    mutant = Mutant(
        "reports-arrival-twice",
        Text("reports 01 twice for one document", "báo 01 hai lần cho một văn bản"),
        source="derived from ST-11",
        caught_by=("arrival-reported-once", "both-codes-one-arrival"),
    )

    def announce(self, row: Incoming, codes: tuple[str, ...], reason: str) -> Incoming:
        """A second act with the same code, a second later."""
        written = super().announce(row, codes, reason)
        return super().announce(written, codes, reason) if codes == ("01",) else written


class AnswersEachSenderOnce(Dms):
    """Its table of statuses has one row per sender and code, so the second document of a sender gets no 01."""

    mutant = Mutant(
        "answers-each-sender-once",
        Text("reports 01 once for each sender, not for each document", "chỉ báo 01 một lần cho mỗi đơn vị gửi"),
        source="pitfalls 15",
        caught_by=("every-document-answered",),
    )

    def announce(self, row: Incoming, codes: tuple[str, ...], reason: str) -> Incoming:
        """Nothing where that sender had one already."""
        told = any(other.sender == row.sender and other.status == "01" for other in self.store.incoming())
        return super().announce(row, () if told and codes == ("01",) else codes, reason)


class KeysBySenderAndDate(Dms):
    """Its incoming book has a key of sender and date of issue: a second document of the day does not fit in."""

    mutant = Mutant(
        "keys-by-sender-and-date",
        Text("refuses a sender's second document of one day", "từ chối văn bản thứ hai trong ngày của một đơn vị"),
        source="pitfalls 15",
        caught_by=("every-document-arrives",),
    )

    def receive(self, found: Examined) -> tuple[str, str]:
        """'fail' where the key is taken."""
        packet = found.packet
        if isinstance(packet, Package) and packet.sender and packet.promulgation:
            key = packet.sender.organ_id, str(packet.promulgation.issued)
            if any((row.sender, row.issued) == key for row in self.store.incoming()):
                return "fail", "UNIQUE constraint failed: incoming.sender, incoming.issued"
        return super().receive(found)


class WholeNumberInOneField(Dms):
    """Keeps number and notation as one text in the field of the number."""

    mutant = Mutant(
        "whole-number-in-one-field",
        Text("keeps number and notation in one field", "gộp số và ký hiệu vào một trường"),
        source="pitfalls 25",
        caught_by=("listed-with-its-fields",),
    )

    def new_row(self, package: Package, found: Examined) -> Incoming:
        """``12/UBND-VP`` as the number, nothing as the notation."""
        row = super().new_row(package, found)
        return replace(row, number=f"{row.number}/{row.notation}", notation="")


class OneSubjectForAll(Dms):
    """Shows the subject of a sender's first document on all its documents."""

    mutant = Mutant(
        "one-subject-for-all",
        Text(
            "shows a sender's first subject on all its documents", "mọi văn bản của một đơn vị đều mang trích yếu đầu"
        ),
        source="pitfalls 74",
        caught_by=("documents-not-mixed-up",),
    )

    def new_row(self, package: Package, found: Examined) -> Incoming:
        """The first row of that sender is copied from."""
        row = super().new_row(package, found)
        first = next((other for other in self.store.incoming() if other.sender == row.sender), row)
        return replace(row, subject=first.subject)


class KnowsOldCodeOnly(Dms):
    """Holds the new code of its own unit for another unit and returns what bears it."""

    mutant = Mutant(
        "knows-old-code-only",
        Text("takes the new code of its own unit for a stranger", "coi mã mới của chính mình là đơn vị khác"),
        source="pitfalls 48",
        caught_by=("new-code-taken",),
    )

    def is_us(self, code: str) -> bool:
        """Letter by letter, as it was set up."""
        return code == self.config.organ


class KnowsNewCodeOnly(Dms):
    """Was moved to the new codes and returns what still bears the old one."""

    mutant = Mutant(
        "knows-new-code-only",
        Text("takes the old code of its own unit for a stranger", "coi mã cũ của chính mình là đơn vị khác"),
        source="pitfalls 48",
        caught_by=("old-code-taken",),
    )

    def is_us(self, code: str) -> bool:
        """The new spelling alone."""
        return code == self.canonical(self.config.organ)


class CopyPerCode(Dms):
    """Registers and reports a document once for each code of its own that stands in To."""

    mutant = Mutant(
        "delivers-twice",
        Text(
            "registers a document once for each of its own codes in To", "vào sổ một lần cho mỗi mã của mình trong To"
        ),
        source="pitfalls 48",
        caught_by=("both-codes-one-document", "both-codes-one-arrival"),
    )

    def receive_document(self, package: Package, found: Examined) -> None:
        """One more row for every further line that names us."""
        super().receive_document(package, found)
        for _ in [party for party in package.receivers if self.is_us(self.unit_code(party.organ_id))][1:]:
            self.announce(self.new_row(package, found), self.codes_on_arrival(), "")


MUTANTS: tuple[type[Dms], ...] = (
    ConfirmsUnread, ConfirmsNever, ConfirmsWithStatus, ConfirmsWithProcessing, ConfirmsTwice, SilentOnArrival,
    ReportsArrivalTwice, AnswersEachSenderOnce, KeysBySenderAndDate, WholeNumberInOneField, OneSubjectForAll,
    KnowsOldCodeOnly, KnowsNewCodeOnly, CopyPerCode,
)  # fmt: skip
