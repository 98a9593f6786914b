"""Wrong numbers: joined, split, padded, folded, given twice."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.orders import REFUSALS, Order, Refused
from simulator.agency.kit.store import Outgoing
from simulator.protocol.package import Code
from simulator.words import Text

__all__ = ["MUTANTS"]


class WholeInNumber(Dms):
    """Writes the whole text into CodeNumber."""

    mutant = Mutant(
        "whole-code-in-number",
        Text("writes number and notation into CodeNumber", "ghi cả số và ký hiệu vào CodeNumber"),
        source="pitfalls 25",
        caught_by=("number-and-notation-apart",),
    )

    def code_of(self, order: Order) -> Code:
        """``12/UBND-VP`` and nothing."""
        return Code(number=super().code_of(order).text)


class SplitsAtSlash(Dms):
    """Splits the whole text at its slashes and keeps two parts."""

    mutant = Mutant(
        "splits-notation-at-slash",
        Text("loses what stands behind the second slash", "mất phần sau dấu gạch chéo thứ hai"),
        source="pitfalls 25",
        caught_by=("second-slash-kept", "joined-number-as-ordered", "number-and-notation-apart"),
    )

    def code_of(self, order: Order) -> Code:
        """``37/2026/NQ-HĐND`` becomes 37 and 2026."""
        code = super().code_of(order)
        return replace(code, notation=code.notation.split("/")[0])


class DigitsOnly(Dms):
    """Has a numeric column for the number."""

    mutant = Mutant(
        "digits-only-number",
        Text("loses the letter of 12a", "mất chữ cái trong số 12a"),
        source="pitfalls 25",
        caught_by=("letter-in-number-kept",),
    )

    def code_of(self, order: Order) -> Code:
        """12 is left."""
        code = super().code_of(order)
        return replace(code, number=re.sub(r"[^0-9]", "", code.number))


class NoZero(Dms):
    """Writes 5 for 05."""

    mutant = Mutant(
        "no-leading-zero",
        Text("writes 5 instead of 05", "ghi 5 thay vì 05"),
        source="contract 4, regulation 3",
        caught_by=("number-below-ten-has-zero",),
    )

    def code_of(self, order: Order) -> Code:
        """As it was typed."""
        return replace(super().code_of(order), number=order.code_number)


class OwnNumbers(Dms):
    """Counts on by itself, whatever the clerk gave."""

    mutant = Mutant(
        "numbers-by-itself",
        Text("gives every document the next number", "tự cấp số kế tiếp khác số đã nhập"),
        source="pitfalls 23",
        caught_by=("number-below-ten-same", "joined-number-as-ordered"),
    )

    def code_of(self, order: Order) -> Code:
        """One more."""
        code = super().code_of(order)
        return replace(code, number=f"{int(code.number) + 1:02}") if code.number.isdigit() else code


class BlanksToHyphens(Dms):
    """Turns what a clerk types into something for file names."""

    mutant = Mutant(
        "blanks-to-hyphens",
        Text("turns spaces in the notation into hyphens", "đổi khoảng trắng trong ký hiệu thành dấu gạch nối"),
        source="pitfalls 25",
        caught_by=("spaced-notation-recognisable",),
    )

    async def send(self, members: Mapping[str, Any]) -> str:
        """`` UBND-VP `` becomes -UBND-VP-."""
        return await super().send({**members, "code_notation": str(members["code_notation"]).replace(" ", "-")})


class DefaultNotation(Dms):
    """Fills in a notation of its own."""

    mutant = Mutant(
        "default-notation",
        Text("invents a notation where none was given", "tự điền ký hiệu khi không có"),
        source="pitfalls 23",
        caught_by=("notation-not-invented",),
    )

    def complete(self, order: Order) -> Order:
        """``VB``."""
        return replace(order, code_notation=order.code_notation or "VB-UBND")


class WithoutStroke(Dms):
    """Folds the notation to plain letters."""

    mutant = Mutant(
        "notation-without-stroke",
        Text("writes D for Đ in the notation", "ghi D thay cho Đ trong ký hiệu"),
        source="pitfalls 25, regulation 3",
        caught_by=("abbreviations-keep-stroke",),
    )

    def code_of(self, order: Order) -> Code:
        """ĐA and DA are one."""
        code = super().code_of(order)
        return replace(code, notation=code.notation.replace("Đ", "D"))


class NumberAlone(Dms):
    """Takes the number alone for unique."""

    mutant = Mutant(
        "number-alone-unique",
        Text("refuses a number that was given with another notation", "từ chối số đã cấp với ký hiệu khác"),
        source="regulation 3, art. 15",
        caught_by=("other-notation-other-number",),
    )

    def check_number(self, order: Order, target: Outgoing | None) -> None:
        """12/UBND-VP closes 12/UBND-TH."""
        number = self.code_of(order).number
        if target is None and any(row.number == number for row in self.store.outgoing()):
            raise Refused(REFUSALS["taken"].filled(code=number))


class NumbersTwice(Dms):
    """Gives a number as often as it is asked for."""

    mutant = Mutant(
        "number-given-twice",
        Text("gives one number and notation twice in a year", "cấp trùng số và ký hiệu trong một năm"),
        source="regulation 3, art. 15",
        caught_by=("number-given-once-a-year",),
    )

    def check_number(self, order: Order, target: Outgoing | None) -> None:
        """No register is asked."""


MUTANTS: tuple[type[Dms], ...] = (
    WholeInNumber,
    SplitsAtSlash,
    DigitsOnly,
    NoZero,
    OwnNumbers,
    BlanksToHyphens,
    DefaultNotation,
    WithoutStroke,
    NumberAlone,
    NumbersTwice,
)
