"""Wrong with texts that leave: without marks, escaped before they are written, without rare letters or lines."""

import html
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms, Refused
from simulator.agency.kit.orders import Order
from simulator.protocol.package import ResponseFor, StatusPacket
from simulator.words import Text

__all__ = ["MUTANTS"]


def _bare(text: str) -> str:
    plain = unicodedata.normalize("NFD", text).replace("đ", "d").replace("Đ", "D")
    return "".join(each for each in plain if not unicodedata.combining(each))


class WritesWithoutMarks(Dms):
    """Writes every text without its marks, as the sample client of one province did."""

    mutant = Mutant(
        "writes-without-marks",
        Text("sends Vietnamese without marks", "gửi tiếng Việt không dấu"),
        source="pitfalls 23",
        caught_by=("text-sent-subject-letters", "text-sent-signer-letters", "text-sent-notation-letters"),
    )

    def complete(self, order: Order) -> Order:
        """Subject, place, signer, notation."""
        return replace(
            order,
            subject=_bare(order.subject),
            place=_bare(order.place),
            position=_bare(order.position),
            full_name=_bare(order.full_name),
            code_notation=_bare(order.code_notation),
        )


class PlainReasons(Dms):
    """Writes the clerk's reason without its marks."""

    mutant = Mutant(
        "plain-reasons",
        Text("reports reasons without marks", "báo lý do không dấu"),
        source="pitfalls 23",
        caught_by=("text-reason-kept",),
    )

    def status_packet(self, code: str, response_for: ResponseFor, stamp: datetime, reason: str) -> StatusPacket:
        """As the error texts of the axis are."""
        return super().status_packet(code, response_for, stamp, _bare(reason))


class EscapesBeforeWriting(Dms):
    """Escapes what the clerk typed, and its XML writer escapes it once more."""

    mutant = Mutant(
        "escapes-before-writing",
        Text("sends &amp;amp; for &", "gửi &amp;amp; thay cho &"),
        source="pitfalls 102",
        caught_by=("text-sent-signs-kept",),
    )

    def complete(self, order: Order) -> Order:
        """Once too often."""
        return replace(order, subject=html.escape(order.subject))


class WritesThreeByteLetters(Dms):
    """Has a database of three-byte UTF-8: every other letter leaves as a question mark."""

    mutant = Mutant(
        "writes-three-byte-letters",
        Text("sends ? for letters beyond the basic plane", "gửi ? thay cho ký tự bốn byte"),
        source="requirements EN-04",
        caught_by=("text-sent-wide-letters-kept",),
    )

    def complete(self, order: Order) -> Order:
        """Chữ Nôm becomes ???."""
        return replace(order, subject="".join(each if ord(each) < 0x10000 else "?" for each in order.subject))


class CutsInvisibleOut(Dms):
    """Takes out of every text what cannot be seen before it is sent."""

    mutant = Mutant(
        "cuts-invisible-out",
        Text("removes U+200B before sending", "xóa U+200B trước khi gửi"),
        source="pitfalls 35",
        caught_by=("text-sent-invisible-kept",),
    )

    def complete(self, order: Order) -> Order:
        """The document says one thing, its packet another."""
        return replace(order, subject=order.subject.replace("\u200b", ""))


class SendsFirstLine(Dms):
    """Sends the first line of a subject."""

    mutant = Mutant(
        "sends-first-line",
        Text("sends only the first line of a subject", "chỉ gửi dòng đầu của trích yếu"),
        source="requirements EN-04",
        caught_by=("text-sent-lines-kept",),
    )

    def complete(self, order: Order) -> Order:
        """A field of one line."""
        return replace(order, subject=(order.subject.splitlines() or [""])[0])


class LosesSeparateMarks(Dms):
    """Leaves out every mark that stands beside its letter."""

    mutant = Mutant(
        "loses-separate-marks",
        Text("loses the marks of decomposed text when sending", "gửi mất dấu của chuỗi dạng tổ hợp"),
        source="requirements EN-03",
        caught_by=("text-sent-decomposed-equal",),
    )

    def complete(self, order: Order) -> Order:
        """NFC passes."""
        return replace(order, subject="".join(each for each in order.subject if not unicodedata.combining(each)))


class WantsPlainSubjects(Dms):
    """Will not send a subject with letters that its code page lacks."""

    mutant = Mutant(
        "wants-plain-subjects",
        Text("refuses to send Vietnamese letters", "từ chối gửi chữ tiếng Việt có dấu"),
        source="pitfalls 23",
        caught_by=("text-letters-leave",),
    )

    async def send(self, members: Mapping[str, Any]) -> str:
        """ắ and its kind are in no Western code page."""
        if "ắ" in str(members.get("subject")):
            raise Refused(Text("letters that cannot be sent", "có ký tự không gửi được"))
        return await super().send(members)


MUTANTS: tuple[type[Dms], ...] = (
    WritesWithoutMarks, PlainReasons, EscapesBeforeWriting, WritesThreeByteLetters, CutsInvisibleOut, SendsFirstLine,
    LosesSeparateMarks, WantsPlainSubjects,
)  # fmt: skip
