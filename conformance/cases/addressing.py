"""Two lists of receivers that disagree: To in the packet, and the ``to`` of the request that sent it. LG-08, RF-03.

The .NET clients of the axis hand their receivers over with the request, and the axis delivers by that list; To of the
packet may name more units, or others. Whether the SUT keeps such a document or returns it is its own decision.
"""

from collections.abc import Iterable
from contextlib import suppress

from conformance.case import Case
from conformance.cases.steps import arrive, codes, looked_after, took
from conformance.evidence import CaseEvidence, Record, SeenStatus, Sent
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.stage import Stage, StageEnd
from simulator.words import Text

__all__ = ["CASES"]

_SAID = Text("the SUT to confirm it and to say what it makes of it", "SUT xác nhận và báo trạng thái")
_REASON = "Đơn vị không có trong nơi nhận của gói tin"
_OFFER = Text("offer 'refuse' in POST /control/act", "cung cấp thao tác 'refuse' trong POST /control/act")


class NamedAmongOthers(Case):
    """To names another unit first and the SUT second; the request names the SUT only."""

    id = "addressing/one-of-those-in-the-packet"
    title = Text("The request names fewer units than the packet", "Yêu cầu gửi nêu ít đơn vị hơn gói tin")
    expected = Text(
        "The SUT is named in both lists: it registers the document and reports 01, whoever stands before it in To.",
        "SUT có trong cả hai danh sách: vào sổ và báo 01, bất kể đơn vị nào đứng trước trong To.",
    )
    lanes = 2
    TAKEN = Check("fewer-in-request-registered", ("LG-08",), Text("it is registered", "được vào sổ"))
    ARRIVED = Check("fewer-in-request-reported", ("ST-06",), Text("01 is reported", "có báo 01"))
    checks = (TAKEN, ARRIVED)

    async def drive(self, stage: Stage) -> None:
        """The other unit gets nothing: the axis goes by the request."""
        package = letter(stage, to=[stage.lanes[1].unit, stage.sut.organ])
        await arrive(stage, await stage.send(package, to=[stage.sut.organ]))
        await stage.quiet(2)
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The row, and 01."""
        document = evidence.sent()
        taken, look = evidence.taken(document), evidence.look("in")
        looked_after(evidence, look, taken)
        held, answers = _held(evidence), evidence.statuses_from_sut(document)
        yield evidence.expect(
            self.TAKEN,
            [look] if held and took(evidence, document) else (),
            taken,
            held=Text("it is registered", "đã vào sổ"),
            broken=Text(
                f"it is named in both lists and not registered; statuses: {codes(answers)}",
                f"có tên trong cả hai danh sách nhưng không vào sổ; trạng thái: {codes(answers)}",
            ),
        )
        yield evidence.expect(
            self.ARRIVED,
            [each for each in answers if each.code == "01"],
            taken,
            held=Text("01 came", "đã có 01"),
            broken=Text(f"no 01; statuses: {codes(answers)}", f"không có 01; trạng thái: {codes(answers)}"),
        )


class OnlyInTheRequest(Case):
    """To names two other units; the request names the SUT, and so it gets the document."""

    id = "addressing/only-in-the-request"
    title = Text("The packet does not name the receiver", "Gói tin không nêu đơn vị nhận")
    expected = Text(
        "Registered, or returned with 02 to the sender; never lost. Every status goes to From, none to the units in "
        "To; and the clerk can return it.",
        "Vào sổ, hoặc trả lại bên gửi bằng 02; không được làm mất. Mọi trạng thái gửi về From, không gửi cho đơn vị "
        "trong To; và văn thư trả lại được.",
    )
    lanes = 3
    KEPT = Check("unnamed-delivery-not-lost", ("LG-08", "RF-03"), Text("registered or returned", "vào sổ hoặc trả lại"))
    TO_FROM = Check("unnamed-delivery-reported-to-from", ("ST-03",), Text("statuses go to From", "báo về From"))
    RETURN = Check("unnamed-delivery-can-be-returned", ("RF-03",), Text("it can be returned", "trả lại được"))
    checks = (KEPT, TO_FROM, RETURN)

    async def drive(self, stage: Stage) -> None:
        """What the SUT does not return by itself its clerk returns. A plain document goes along."""
        package = letter(stage, to=[lane.unit for lane in stage.lanes[1:]])
        document = await stage.send(package, to=[stage.sut.organ])
        plain = await stage.send(letter(stage), label="plain")
        await stage.until(
            lambda seen: all(seen.confirmed(each) and seen.statuses_from_sut(each) for each in (document, plain)),
            for_=_SAID,
        )
        await stage.quiet(2)
        await stage.look("in")
        if not _returns(stage.seen, document):
            with suppress(StageEnd):
                await stage.act("refuse", document, reason=_REASON)
            await stage.until(
                lambda seen: _returns(seen, document),
                for_=Text("02 after 'refuse'", "trạng thái 02 sau thao tác 'refuse'"),
            )

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """What the SUT did, to whom it spoke, what the clerk could do. Who returns everything chose nothing."""
        document, plain = evidence.sent(), evidence.sent("plain")
        because = Text("the plain document was not taken in either", "văn bản thường cũng không được nhận")
        evidence.require(took(evidence, plain), because, document, plain)
        taken, look = evidence.taken(document), evidence.look("in")
        looked_after(evidence, look, taken)
        answers, returns = evidence.statuses_from_sut(document), _returns(evidence, document)
        registered = _held(evidence)
        yield evidence.expect(
            self.KEPT,
            [*([look] if registered else ()), *returns],
            taken,
            held=Text("registered", "đã vào sổ") if registered else Text("returned", "đã trả lại"),
            broken=Text(
                f"confirmed '{taken['word']}', not listed, and nothing came back to the sender",
                f"đã xác nhận '{taken['word']}', không có trong danh sách và bên gửi không nhận được gì",
            ),
        )
        evidence.require(answers, Text("it reported nothing", "không báo trạng thái nào"), taken)
        sender = set(evidence.lane.codes)
        astray = sorted({code for each in answers for code in each.fact["to"]} - sender)
        yield self.TO_FROM.decide(
            not astray,
            document,
            *answers,
            held=Text(f"{codes(answers)} to the sender", f"{codes(answers)} về bên gửi"),
            broken=Text(
                f"reported to {', '.join(astray)}, which did not send it", f"báo cho {', '.join(astray)}, không gửi"
            ),
        )
        yield self._returned(evidence, document)

    def _returned(self, evidence: CaseEvidence, document: Sent) -> Finding:
        """Whoever did it: a clerk who comes after the SUT itself is told 409, and rightly."""
        returns = _returns(evidence, document)
        tried = evidence.acts("POST /control/act", action="refuse", document_id=document.document_id)
        if returns:
            return self.RETURN.held(Text("it was returned", "đã trả lại"), document, *tried, *returns)
        offered = tried and tried[-1]["status"] not in (0, 501)
        evidence.require(offered, Text("nobody could try", "không ai thử được"), document, *tried, remedy=_OFFER)
        if tried[-1]["status"] >= 400:
            error = str(tried[-1]["answer"].get("error", ""))
            because = Text(f"the clerk may not return it: {error}", f"văn thư không trả lại được: {error}")
            return self.RETURN.broken(because, document, tried[-1])
        return evidence.expect(
            self.RETURN,
            (),
            tried[-1],
            held=Text("it was returned", "đã trả lại"),
            broken=Text("'refuse' was done and no 02 reached the sender", "đã từ chối nhưng bên gửi không nhận 02"),
        )


def _held(evidence: CaseEvidence) -> bool:
    """Whether the box shows the document as one that the SUT holds."""
    rows = evidence.look("in").of(evidence.sent().document_id)
    return any(row.get("state") not in ("refused", None) for row in rows)


def _returns(evidence: CaseEvidence, document: Sent) -> tuple[Record | SeenStatus, ...]:
    """02 that went to the sender, or 'fail' to the axis."""
    sender = set(evidence.lane.codes)
    rejected = [each for each in evidence.statuses_from_sut(document, "02") if sender & set(each.fact["to"])]
    return (*rejected, *evidence.confirmed(document, "fail"))


CASES: tuple[Case, ...] = (NamedAmongOthers(), OnlyInTheRequest())
