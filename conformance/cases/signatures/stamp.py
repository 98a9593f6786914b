"""Signing what is sent, with a time-stamp authority that is slow, refuses, or answers wrongly (KS-06; pitfall 43).

What left is judged by its bytes. A time-stamp takes 2 to 131 seconds in production: other work goes on meanwhile, the
document waits where the clerk sees it, and nothing is issued unsigned. BD-02, BD-05.
"""

from collections.abc import Iterable

from conformance.case import Case
from conformance.cases.sending.base import LEAVES, Sending, found, orders
from conformance.evidence import CaseEvidence, Order, Record, SeenDocument
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.stage import Stage
from simulator.pki.pdf import Signed, signatures_of
from simulator.protocol.errors import DamagedAttachment
from simulator.words import Text

__all__ = ["CASES"]

_ASKED = Text("the SUT to ask for a time-stamp", "SUT xin dấu thời gian")
_OTHER = Text("the SUT to take another document in meanwhile", "SUT nhận văn bản khác trong lúc chờ")
_STAMPED, _PATIENCE = "time-stamp-stamped", 6
_FASTEST = 2.0  # seconds; the fastest real stamp that was reported


class _Signing(Sending):
    """A case in which the SUT is told to sign."""

    capability = "time_stamp"


async def _left(stage: Stage) -> None:
    """Wait until the document has left; some patience, because a SUT tries again in its own time."""
    await stage.until(lambda seen: found(seen, seen.order()), for_=LEAVES, polls=_PATIENCE)


async def _asked(stage: Stage) -> None:
    await stage.until(lambda seen: seen.notes("time-stamp-asked"), for_=_ASKED, polls=_PATIENCE)


# ---------------------------------------------------------------- judging


def _bears(evidence: CaseEvidence, document: SeenDocument) -> tuple[Signed, ...]:
    """The signatures of its PDFs that hold, with a stamp of our authority; () where one PDF has none of these."""
    by = evidence.noted("time-stamping")["values"]["by"]
    found_: list[Signed] = []
    for each in document.package.attachments:
        try:
            held = [one for one in signatures_of(each.file()) if one.intact and one.whole and one.stamped_by == by]
        except DamagedAttachment:
            held = []
        if not held and each.name.lower().endswith(".pdf"):
            return ()
        found_ += held
    return tuple(found_)


def _packets(evidence: CaseEvidence, told: Order) -> tuple[SeenDocument, ...]:
    return tuple(each for each in evidence.documents_from_sut() if each.package.document_id == told.document_id)


def _leaves(check: Check, evidence: CaseEvidence) -> Finding:
    """It had to leave in the end, signed and stamped."""
    told = evidence.order()
    document = found(evidence, told)
    if document is not None and not _bears(evidence, document):
        return check.broken(_UNSIGNED, told, document)
    return evidence.expect(
        check,
        [document] if document else (),
        told,
        held=Text("it left, signed and with a time-stamp", "văn bản đã rời đi, có chữ ký và dấu thời gian"),
        broken=Text("it never left", "văn bản không bao giờ rời đi"),
    )


def _none_unsigned(check: Check, evidence: CaseEvidence) -> Finding:
    """No packet of it may be without; one with has to be there, or nothing was to be seen."""
    told = evidence.order()
    packets = _packets(evidence, told)
    if bare := [each for each in packets if not _bears(evidence, each)]:
        return check.broken(_UNSIGNED, told, *bare)
    evidence.require(packets, Text("nothing of it ever left", "chưa có gì rời đi"), told)
    return check.held(
        Text("only the signed and stamped one left", "chỉ văn bản đã ký và có dấu thời gian rời đi"), told, *packets
    )


def _first_stamp(evidence: CaseEvidence) -> Record:
    """The first stamp that left. Raises Unseen: the SUT never asked, or never got one."""
    stamps = evidence.notes(_STAMPED)
    evidence.require(stamps, Text("the SUT never got a time-stamp", "SUT chưa nhận được dấu thời gian nào"))
    return stamps[0]


_UNSIGNED = Text(
    "a PDF left without a signature that holds and bears a stamp of the time-stamp authority",
    "có tệp PDF rời đi mà không có chữ ký đúng kèm dấu thời gian của máy chủ cấp dấu",
)


class Slow(_Signing):
    """The authority takes its time: two polls of the SUT, or more."""

    id = "signatures/slow-time-stamp"
    title = Text("A time-stamp authority that takes its time", "Máy chủ cấp dấu thời gian trả lời chậm")
    expected = Text(
        "The clerk is answered at once and sees the document queued; polling goes on; it leaves signed and stamped.",
        "Văn thư được trả lời ngay và thấy văn bản đang chờ; hệ thống vẫn hỏi trục; văn bản rời đi khi đã ký, có dấu.",
    )
    LEAVES = Check(
        "leaves-stamped-after-slow", ("BD-05", "BD-02"), Text("it leaves signed and stamped", "rời đi có ký và dấu")
    )
    UNSIGNED = Check(
        "nothing-unsigned-while-slow", ("BD-02",), Text("nothing leaves unsigned", "không gì rời đi khi chưa ký")
    )
    CLERK = Check(
        "clerk-answered-while-slow", ("BD-05",), Text("the clerk is not kept waiting", "văn thư không phải chờ")
    )
    WORK = Check(
        "works-while-stamp-is-slow", ("BD-05",), Text("other work goes on meanwhile", "công việc khác vẫn tiếp tục")
    )
    SHOWN = Check(
        "queued-while-unstamped", ("BD-05",), Text("it is shown as queued meanwhile", "trong lúc đó hiển thị đang chờ")
    )
    checks = (LEAVES, UNSIGNED, CLERK, WORK, SHOWN)

    async def drive(self, stage: Stage) -> None:
        """The stamp is held back until the SUT has polled and taken another document in; first the heap of a run's
        beginning is let go by, or a poll would take longer than any stamp."""
        await stage.quiet()
        async with stage.time_stamps() as stamps:
            stamps.be("held")
            await orders(stage, sign=True)
            await _asked(stage)
            other = await stage.send(letter(stage), label="other")
            await stage.until(lambda seen: seen.confirmed(other), for_=_OTHER)
            await stage.pause(_FASTEST, for_=Text("a stamp as slow as real ones", "dấu thời gian chậm như thực tế"))
            await stage.look("out", label="held")
            stamps.be("right")
            await _left(stage)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """What happened before the first stamp left, and what left."""
        yield _leaves(self.LEAVES, evidence)
        yield _none_unsigned(self.UNSIGNED, evidence)
        stamp, told = _first_stamp(evidence), evidence.order()
        yield self.CLERK.decide(
            told.n < stamp.n,
            told,
            stamp,
            held=Text("the order was answered at once", "lệnh gửi được trả lời ngay"),
            broken=Text("the order was answered only after the stamp", "lệnh gửi chỉ được trả lời sau khi có dấu"),
        )
        other = evidence.sent("other")
        evidence.require(other.n < stamp.n, Text("the stamp had left before", "dấu đã về trước đó"), stamp, other)
        taken = evidence.taken(other)
        yield self.WORK.decide(
            taken.n < stamp.n,
            taken,
            stamp,
            held=Text("another document was taken in meanwhile", "trong lúc chờ đã nhận văn bản khác"),
            broken=Text("another document had to wait for the stamp", "văn bản khác phải chờ dấu thời gian"),
        )
        look = evidence.look("out", "held")
        evidence.require(look.n < stamp.n, Text("the stamp was faster than the look", "dấu về trước khi xem"), look)
        state = look.state(told.document_id)
        said = Text(f"shown as '{state or '–'}'", f"hiển thị là '{state or '–'}'")
        yield self.SHOWN.decide("queued" in look.states(told.document_id), look, held=said, broken=said)


class Refusing(_Signing):
    """The authority answers 403 for a while."""

    id = "signatures/refused-time-stamp"
    title = Text("A time-stamp authority that refuses", "Máy chủ cấp dấu thời gian từ chối")
    expected = Text(
        "Nothing leaves unsigned; the stamp is asked for again, and then the document leaves.",
        "Không gì rời đi khi chưa ký; hệ thống xin dấu lại và sau đó văn bản rời đi.",
    )
    LEAVES = Check(
        "leaves-stamped-after-refusal", ("BD-05", "BD-02"), Text("it leaves stamped later", "sau đó rời đi có dấu")
    )
    UNSIGNED = Check(
        "nothing-unsigned-after-refusal", ("BD-02",), Text("nothing leaves unsigned", "không gì rời đi khi chưa ký")
    )
    checks = (LEAVES, UNSIGNED)

    async def drive(self, stage: Stage) -> None:
        """Two polls to do the wrong thing in, then it works again."""
        async with stage.time_stamps() as stamps:
            stamps.be("refusing")
            await orders(stage, sign=True)
            await _asked(stage)
            await stage.quiet()
            stamps.be("right")
            await _left(stage)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Only where it was really refused."""
        refused = [each for each in evidence.notes("time-stamp-asked") if each["values"]["mood"] == "refusing"]
        because = Text("the SUT never met the refusal", "SUT chưa gặp lần từ chối nào")
        evidence.require(refused or evidence.documents_from_sut(), because, evidence.order())
        yield _leaves(self.LEAVES, evidence)
        yield _none_unsigned(self.UNSIGNED, evidence)


class WrongAnswer(_Signing):
    """The first stamp answers another query: its nonce is not the one that was asked for."""

    id = "signatures/wrong-time-stamp"
    title = Text("A time-stamp that answers another query", "Dấu thời gian trả lời cho yêu cầu khác")
    expected = Text(
        "It is thrown away and another one asked for; the document leaves with the right one.",
        "Dấu sai bị bỏ, hệ thống xin dấu khác; văn bản rời đi với dấu đúng.",
    )
    RIGHT = Check(
        "wrong-stamp-not-used", ("BD-05",), Text("only the right stamp is used", "chỉ dùng dấu thời gian đúng")
    )
    checks = (RIGHT,)

    async def drive(self, stage: Stage) -> None:
        """One wrong stamp at least, then right ones."""
        async with stage.time_stamps() as stamps:
            stamps.be("wrong-nonce")
            await orders(stage, sign=True)
            await stage.until(lambda seen: seen.notes(_STAMPED), for_=_ASKED, polls=_PATIENCE)
            await stage.quiet(1)
            stamps.be("right")
            await _left(stage)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """By the nonces of the stamps in what left."""
        told = evidence.order()
        wrong = [each for each in evidence.notes(_STAMPED) if each["values"]["mood"] == "wrong-nonce"]
        evidence.require(wrong, Text("the SUT never got the wrong stamp", "SUT chưa nhận dấu sai"), told)
        document = found(evidence, told)
        evidence.require(document, Text("nothing ever left", "chưa có gì rời đi"), told, *wrong)
        assert document is not None  # noqa: S101  # require raised
        nonces = {each["values"]["nonce"] for each in wrong}
        used = _bears(evidence, document)
        yield self.RIGHT.decide(
            used and not any(str(each.nonce) in nonces for each in used),
            *wrong,
            document,
            held=Text("it left with another, right one", "rời đi với dấu khác, đúng"),
            broken=Text("it left with the wrong stamp, or with none", "rời đi với dấu sai hoặc không có dấu"),
        )


CASES: tuple[Case, ...] = (Slow(), Refusing(), WrongAnswer())
