"""Wrong ideas of who is who: codes cut, rolled up, taken apart or taken for names."""

from collections.abc import Sequence
from dataclasses import replace

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.inspection import Examined
from simulator.agency.kit.orders import REFUSALS, Order, Refused
from simulator.agency.kit.store import Incoming
from simulator.protocol.identifiers import OrganIdForm, organ_form
from simulator.protocol.package import Package, Party
from simulator.words import Text

__all__ = ["MUTANTS"]


class TwoUnits(Dms):
    """Takes the two codes of a unit for two units."""

    mutant = Mutant(
        "two-codes-two-units",
        Text("takes the old and the new code for two units", "coi mã cũ và mã mới là hai đơn vị"),
        source="pitfalls 48",
        caught_by=(
            "sender-codes-are-one-unit",
            "other-code-take-back-answered",
            "other-code-status-shown",
            "both-codes-one-receiver",
        ),
    )

    def same_unit(self, one: str, other: str) -> bool:
        """Compared letter by letter."""
        return bool(one) and one == other


class NoOldSenders(Dms):
    """Knows senders by their new codes only."""

    mutant = Mutant(
        "refuses-old-sender-codes",
        Text("cannot read documents from old codes", "không đọc được văn bản từ mã cũ"),
        source="pitfalls 48",
        caught_by=("both-sender-codes-taken",),
    )

    def answerable(self, package: Package) -> bool:
        """Four groups are no code."""
        organ = package.sender.organ_id if package.sender else ""
        return super().answerable(package) and organ_form(organ) is not OrganIdForm.QCVN102


class NoOldReceivers(Dms):
    """Finds receivers by their new codes only."""

    mutant = Mutant(
        "refuses-old-receiver-codes",
        Text("does not find a receiver by its old code", "không tìm được nơi nhận theo mã cũ"),
        source="pitfalls 48",
        caught_by=("both-forms-reached",),
    )

    async def check_receivers(self, order: Order) -> None:
        """Not in the list."""
        for code in order.to:
            if organ_form(code) is OrganIdForm.QCVN102:
                raise Refused(REFUSALS["unknown-unit"].filled(code=code))
        await super().check_receivers(order)


class Column13(Dms):
    """Keeps 13 characters of a code."""

    mutant = Mutant(
        "organ-13",
        Text("has a column of 13 characters for unit codes", "cột mã đơn vị chỉ có 13 ký tự"),
        source="pitfalls 34",
        caught_by=("long-code-answered-whole", "long-code-listed-whole"),
    )

    def unit_code(self, text: str) -> str:
        """VARCHAR(13)."""
        return super().unit_code(text)[:13]


class ToColumn13(Dms):
    """Writes 13 characters of a receiver's code."""

    mutant = Mutant(
        "organ-13-in-to",
        Text("cuts the codes of receivers at 13 characters", "cắt mã nơi nhận còn 13 ký tự"),
        source="pitfalls 34",
        caught_by=("long-code-reached",),
    )

    def receiver_parties(self, codes: Sequence[str]) -> tuple[Party, ...]:
        """VARCHAR(13) in the outgoing book."""
        return tuple(replace(each, organ_id=each.organ_id[:13]) for each in super().receiver_parties(codes))


class WantsLetters(Dms):
    """Takes a code without a letter for no code."""

    mutant = Mutant(
        "wants-letters-in-codes",
        Text("cannot read documents from registration numbers", "không đọc được văn bản từ mã số đăng ký"),
        source="regulation 4",
        caught_by=("ten-digit-sender-answered", "branch-number-answered", "registration-number-listed"),
    )

    def answerable(self, package: Package) -> bool:
        """An enterprise cannot be a sender."""
        return super().answerable(package) and not (package.sender and package.sender.organ_id.isdigit())


class PicksAgencies(Dms):
    """Its address book holds agencies only."""

    mutant = Mutant(
        "picks-agencies-only",
        Text("cannot send to registration numbers", "không gửi được đến mã số đăng ký"),
        source="regulation 4",
        caught_by=("registration-numbers-reached",),
    )

    async def check_receivers(self, order: Order) -> None:
        """No letters, no unit."""
        for code in order.to:
            if code.isdigit():
                raise Refused(REFUSALS["unknown-unit"].filled(code=code))
        await super().check_receivers(order)


class RollsUp(Dms):
    """Keeps the first level of a code."""

    mutant = Mutant(
        "rolls-up-to-level-one",
        Text("takes a unit for the one above it", "coi đơn vị cấp dưới là đơn vị cấp trên"),
        source="regulation 4",
        caught_by=("level-three-code-answered", "level-four-code-answered", "deep-codes-listed"),
    )

    def unit_code(self, text: str) -> str:
        """H41.02.03 is H41."""
        groups = super().unit_code(text).split(".")
        return groups[-1] if organ_form(text) is OrganIdForm.QCVN102 else groups[0]


class StopsAtStranger(Dms):
    """Stands still before a sender that it does not know."""

    mutant = Mutant(
        "stops-at-unknown-sender",
        Text("handles nothing more after an unknown sender", "ngừng xử lý sau khi gặp đơn vị lạ"),
        source="pitfalls 47",
        caught_by=("document-after-unknown-sender",),
    )

    _stuck = False

    async def take_in(self, delivery_id: str, found: Examined) -> None:
        """Waits for somebody who adds the unit."""
        packet = found.packet
        self._stuck = self._stuck or bool(packet and packet.sender and not self.unit_named(packet.sender.organ_id))
        if not self._stuck:
            await super().take_in(delivery_id, found)


class HidesStranger(Dms):
    """Confirms what comes from an unknown unit and shows it to nobody."""

    mutant = Mutant(
        "hides-unknown-sender",
        Text("drops documents from units that it does not know", "bỏ qua văn bản từ đơn vị lạ"),
        source="pitfalls 47",
        caught_by=("unknown-sender-visible",),
    )

    def receive(self, found: Examined) -> tuple[str, str]:
        """Done, and gone."""
        packet = found.packet
        if packet and packet.sender and not self.unit_named(packet.sender.organ_id):
            return "done", ""
        return super().receive(found)


class SenderIsName(Dms):
    """Knows a sender by its name."""

    mutant = Mutant(
        "sender-is-its-name",
        Text("takes a renamed unit for another one", "coi đơn vị đổi tên là đơn vị khác"),
        source="regulation 4, ID-12",
        caught_by=("renamed-sender-answered", "renamed-sender-same-unit"),
    )

    def new_row(self, package: Package, found: Examined) -> Incoming:
        """The code is not kept."""
        return replace(super().new_row(package, found), sender=package.sender.name if package.sender else "")


MUTANTS: tuple[type[Dms], ...] = (
    TwoUnits,
    NoOldSenders,
    NoOldReceivers,
    Column13,
    ToColumn13,
    WantsLetters,
    PicksAgencies,
    RollsUp,
    StopsAtStranger,
    HidesStranger,
    SenderIsName,
)
