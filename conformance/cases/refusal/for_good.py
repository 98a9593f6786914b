"""Refusals of the package itself: a repetition is useless, so the clerk must be told (VD-02, RF-04, TR-07)."""

import unicodedata
from collections.abc import Iterable
from typing import ClassVar

from conformance.case import Case, Role, Wave
from conformance.cases.disturbed import hit, hits, letters_out, ordered, stands, told_to_send
from conformance.evidence import CaseEvidence, Record
from conformance.finding import Check, Finding
from conformance.stage import Stage
from simulator.protocol.errors import WIRE_ERRORS, WireError
from simulator.words import Text

__all__ = ["CALM_POLLS", "CASES", "MOST_TRIES", "calm"]

MOST_TRIES = 3
"""How often one refused package may be sent: once, and once or twice more where a stack of the SDK repeats."""
CALM_POLLS = MOST_TRIES + 1
"""So many polls show it: one try at the refusal, and one in each of them but the last, which may still be under way."""
_EMPTY = {"khong", "hoac", "that", "does", "with"}


class _ForGood(Case):
    """The axis refuses one document of the SUT with one line of its catalogue, again and again."""

    ERROR: ClassVar[str]
    SEEN: ClassVar[Check]
    CALM: ClassVar[Check]
    role = Role.SENDER
    wave = Wave.HAZARD

    async def drive(self, stage: Stage) -> None:
        """Send, be refused; then time enough to try again and again."""
        async with stage.fault(
            "refuses-package", label="refusal", lane=stage.lane, message_type="edoc", error=self.ERROR
        ):
            await ordered(stage)
            await hit(stage, "refusal")
            await stage.quiet(CALM_POLLS)
            await stage.look("out")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """What the clerk sees, then how often it was tried."""
        refusals = stands(evidence, "refusal")
        yield _shown(self.SEEN, evidence, refusals[0], {each.id: each for each in WIRE_ERRORS}[self.ERROR])
        yield calm(self.CALM, evidence, refusals)


def _shown(check: Check, evidence: CaseEvidence, refusal: Record, error: WireError) -> Finding:
    """Failed, and with a reason that speaks of this refusal."""
    told = told_to_send(evidence)
    if told["status"] == 422:
        reason, cites = str(told["answer"].get("error") or ""), (refusal, told)
        state = "422"
    else:
        look = evidence.look("out")
        document_id = str(told["answer"].get("document_id") or "")
        failed = look.of(document_id, state="failed")
        state = "failed" if failed else look.state(document_id) or "–"
        words = sorted(
            {str(word or "") for row in failed for word in (row.get("reason"), *(row.get("warnings") or ()))}
        )
        reason, cites = "; ".join(filter(str.strip, words)), (refusal, told, look)  # type: ignore[assignment]
    if state not in ("422", "failed"):
        return check.broken(
            Text(f"the document is shown as '{state}'", f"văn bản hiển thị trạng thái '{state}'"), *cites
        )
    return check.decide(
        _speaks_of(reason, error),
        *cites,
        held=Text(f"shown as refused: {reason}", f"hiển thị bị từ chối: {reason}"),
        broken=Text(
            f"the axis said '{error.code} {error.desc}', the clerk reads '{reason}'",
            f"trục báo '{error.code} {error.desc}', văn thư đọc thấy '{reason}'",
        ),
    )


def _speaks_of(reason: str, error: WireError) -> bool:
    """Whether a reason names the axis's code, or shares a word of weight with what that code means."""
    said = _words(reason)
    meant = {word for text in (error.desc, *error.meaning) for word in _words(text) if len(word) >= 4} - _EMPTY
    return error.code in said or bool(said & meant)


def _words(text: str) -> set[str]:
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return set("".join(letter if letter.isalnum() else " " for letter in letters).split())


def calm(check: Check, evidence: CaseEvidence, refusals: tuple[Record, ...]) -> Finding:
    """A refused package is not sent again and again. The refusal is the twin; then the SUT must have lived on."""
    polls = evidence.polls_after(refusals[0].n)
    if len(refusals) <= MOST_TRIES:
        evidence.require(
            polls >= MOST_TRIES,
            Text(f"the SUT polled only {polls} times afterwards", f"sau đó SUT chỉ hỏi trục {polls} lần"),
            *refusals,
        )
    return check.decide(
        len(refusals) <= MOST_TRIES,
        *refusals,
        held=Text(f"sent {len(refusals)} times in {polls} polls", f"gửi {len(refusals)} lần qua {polls} lần hỏi trục"),
        broken=Text(
            f"sent {len(refusals)} times in {polls} polls, although refused for good",
            f"đã bị từ chối hẳn mà vẫn gửi {len(refusals)} lần qua {polls} lần hỏi trục",
        ),
    )


_SEEN = Text("the clerk sees the refusal and its reason", "văn thư thấy việc từ chối và lý do")
_CALM = Text("it is not sent again and again", "không gửi đi gửi lại")
_EXPECTED = Text(
    "The send call answers 422, or the document is shown as 'failed', with what the axis said; no endless repetition.",
    "Lệnh gửi trả 422, hoặc văn bản hiển thị 'failed', kèm nội dung trục trả lời; không gửi lặp vô hạn.",
)


class WrongSender(_ForGood):
    """The axis says that the sending unit is not the registered one."""

    id = "refusal/wrong-sender"
    title = Text("Refused: the sender is not registered so", "Bị từ chối: sai đơn vị gửi đã đăng ký")
    expected = _EXPECTED
    ERROR = "wrong-sender"
    SEEN = Check("wrong-sender-shown-to-clerk", ("RF-04", "ST-04", "TR-10"), _SEEN)
    CALM = Check("wrong-sender-no-loop", ("TR-07",), _CALM)
    checks = (SEEN, CALM)


class UnknownReceiver(_ForGood):
    """The axis does not know the receiver that stands in the SUT's directory."""

    id = "refusal/unknown-receiver"
    title = Text("Refused: the receiver does not exist", "Bị từ chối: đơn vị nhận không tồn tại")
    expected = _EXPECTED
    ERROR = "unknown-receiver"
    SEEN = Check("unknown-receiver-shown-to-clerk", ("RF-04", "ST-04"), _SEEN)
    CALM = Check("unknown-receiver-no-loop", ("TR-07",), _CALM)
    checks = (SEEN, CALM)


class ClosedReceiver(_ForGood):
    """The receiver was closed after the last synchronisation of the directory."""

    id = "refusal/closed-receiver"
    title = Text("Refused: the receiver is closed", "Bị từ chối: đơn vị nhận đã khóa")
    expected = _EXPECTED
    ERROR = "closed-receiver"
    SEEN = Check("closed-receiver-shown-to-clerk", ("RF-04", "ST-04"), _SEEN)
    CALM = Check("closed-receiver-no-loop", ("TR-07",), _CALM)
    checks = (SEEN, CALM)


class BadFormat(_ForGood):
    """The axis does not take the packet for edXML of its form."""

    id = "refusal/bad-format"
    title = Text("Refused: the format", "Bị từ chối: sai định dạng")
    expected = _EXPECTED
    ERROR = "bad-format"
    SEEN = Check("bad-format-shown-to-clerk", ("RF-04", "ST-04"), _SEEN)
    CALM = Check("bad-format-no-loop", ("TR-07",), _CALM)
    checks = (SEEN, CALM)


class TooLarge(_ForGood):
    """The axis cannot take the file: too large for it, or not what its digest says."""

    id = "refusal/too-large"
    title = Text("Refused: the file is too large or damaged", "Bị từ chối: tệp quá lớn hoặc bị hỏng")
    expected = _EXPECTED
    ERROR = "file-processing"
    SEEN = Check("too-large-shown-to-clerk", ("RF-04", "ST-04"), _SEEN)
    CALM = Check("too-large-no-loop", ("TR-07",), _CALM)
    checks = (SEEN, CALM)


class CorrectedAndSentAgain(Case):
    """After a refusal the clerk corrects the document and sends it again under its number."""

    id = "refusal/corrected-and-sent-again"
    title = Text("Correct and send again", "Sửa rồi gửi lại")
    expected = Text(
        "A document that never left may be corrected and sent again; the axis then gets it once.",
        "Văn bản chưa đi được có thể sửa và gửi lại; trục nhận được đúng một lần.",
    )
    AGAIN = Check(
        "corrected-document-leaves", ("RF-04",), Text("the corrected one leaves", "văn bản đã sửa được gửi đi")
    )
    checks = (AGAIN,)
    role = Role.SENDER
    wave = Wave.HAZARD

    async def drive(self, stage: Stage) -> None:
        """Refused once; then the same number with another subject."""
        number = str(stage.random.randint(100, 9999))
        notation = "UBND-VP"
        async with stage.fault(
            "refuses-package", label="refusal", lane=stage.lane, message_type="edoc", error="bad-file"
        ):
            await ordered(stage, label="refused", code_number=number, code_notation=notation)
            await hit(stage, "refusal")
            await stage.quiet(1)
        await ordered(stage, label="corrected", code_number=number, code_notation=notation, subject="Bản đã sửa")
        await stage.until(
            lambda seen: letters_out(seen, "corrected"),
            for_=Text("the corrected document", "văn bản đã sửa"),
        )

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The corrected one is known by its subject."""
        stands(evidence, "refusal")
        told = told_to_send(evidence, "corrected")
        left = [each for each in evidence.documents_from_sut() if each.package.subject == "Bản đã sửa"]
        error = str(told["answer"].get("error") or "")
        if told["status"] == 422:
            yield self.AGAIN.broken(
                Text(f"it may not be sent again: {error}", f"không cho gửi lại: {error}"),
                *hits(evidence, "refusal"),
                told,
            )
            return
        evidence.order("corrected")
        yield evidence.expect(
            self.AGAIN,
            left,
            told,
            held=Text("it left", "đã gửi đi"),
            broken=Text("it never reached the axis", "trục không hề nhận được"),
        )


CASES: tuple[Case, ...] = (
    WrongSender(),
    UnknownReceiver(),
    ClosedReceiver(),
    BadFormat(),
    TooLarge(),
    CorrectedAndSentAgain(),
)
