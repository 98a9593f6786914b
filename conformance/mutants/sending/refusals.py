"""Wrong guards: placeholders, made-up receivers, dates made to fit, a desk that never says no."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from conformance.mutants.mutant import Mutant
from simulator.agency.client import Answer
from simulator.agency.dms import Dms
from simulator.agency.kit.orders import Order, Refused
from simulator.agency.kit.store import Letter
from simulator.words import Text

__all__ = ["MUTANTS"]


class FillsPlaceholders(Dms):
    """Fills what is missing with N/A and the date of today."""

    mutant = Mutant(
        "fills-placeholders",
        Text("fills missing fields with N/A and the date of today", "điền N/A và ngày hôm nay vào chỗ thiếu"),
        source="pitfalls 23",
        caught_by=("number-not-made-up", "date-not-made-up", "signer-not-made-up", "subject-not-made-up"),
    )

    def complete(self, order: Order) -> Order:
        """So that no check complains."""
        return replace(
            order,
            code_number=order.code_number or "N/A",
            promulgation_date=order.promulgation_date or self.now().date().isoformat(),
            subject=order.subject or "N/A",
            position=order.position or "N/A",
            full_name=order.full_name or "N/A",
        )


class DefaultReceiver(Dms):
    """Sends to a unit of its own choice where none was picked."""

    mutant = Mutant(
        "default-receiver",
        Text("sends to a default receiver where none was picked", "tự gửi đến một nơi mặc định khi chưa chọn nơi nhận"),
        source="pitfalls 23",
        caught_by=("no-receiver-refused",),
    )

    def complete(self, order: Order) -> Order:
        """The first line of its address book."""
        return replace(order, to=order.to or ("H99",))


class NormalisesDates(Dms):
    """Turns 30 February into 2 March, as many date libraries do."""

    mutant = Mutant(
        "normalises-dates",
        Text("turns a date that does not exist into another", "đổi ngày không có thật thành ngày khác"),
        source="pitfalls 36",
        caught_by=("impossible-issue-date-not-sent",),
    )

    def complete(self, order: Order) -> Order:
        """Counted on from the end of the month."""
        try:
            date.fromisoformat(order.promulgation_date)
        except ValueError:
            if order.promulgation_date.count("-") == 2:
                return replace(order, promulgation_date=f"{order.promulgation_date[:4]}-03-02")
        return order


class MapsUnknownType(Dms):
    """Takes the first type of its list for one that it does not know."""

    mutant = Mutant(
        "maps-unknown-type",
        Text("sends an unknown type as Công văn", "đổi loại văn bản lạ thành Công văn"),
        source="regulation 3, art. 7",
        caught_by=("unknown-type-not-mapped",),
    )

    def complete(self, order: Order) -> Order:
        """Công văn."""
        try:
            super().check_type(order)
        except Refused:
            return replace(order, type_name="Công văn")
        return order


class NeverSaysNo(Dms):
    """Answers 'taken' to everything and forgets what it could not send."""

    mutant = Mutant(
        "never-says-no",
        Text("tells the clerk that it was taken, and drops it", "báo đã nhận yêu cầu rồi bỏ qua"),
        source="pitfalls 11",
        caught_by=(
            "no-receiver-refused",
            "unknown-receiver-visible",
            "mat-refused-openly",
            "toi-mat-refused-openly",
            "tuyet-mat-refused-openly",
            "urgent-secret-refused-openly",
            "secret-update-refused-openly",
        ),
    )

    async def send(self, members: Mapping[str, Any]) -> str:
        """An id of nothing."""
        try:
            return await super().send(members)
        except Refused:
            return (
                f"{self.config.organ},{self.now():%Y/%m/%d},{members.get('code_number')}/{members.get('code_notation')}"
            )


class RefusalAsReceipt(Dms):
    """Takes any answer of the axis for a receipt."""

    mutant = Mutant(
        "takes-refusal-for-receipt",
        Text("shows what the axis refused as sent", "hiển thị văn bản bị trục từ chối là đã gửi"),
        source="pitfalls 18, 20",
        caught_by=("closed-receiver-visible",),
    )

    def letter_refused(self, letter: Letter, answer: Answer) -> None:
        """There was an answer, so it arrived."""
        self.letter_left(letter)


MUTANTS: tuple[type[Dms], ...] = (
    FillsPlaceholders,
    DefaultReceiver,
    NormalisesDates,
    MapsUnknownType,
    NeverSaysNo,
    RefusalAsReceipt,
)
