"""What a status packet carries: who, to whom, about what, when. ST-02, ST-03, ST-14, HD-32."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise

from conformance.answering import Given
from conformance.case import Case
from conformance.cases.steps import act, arrive
from conformance.evidence import CaseEvidence, SeenStatus, Sent
from conformance.finding import Check, Finding
from conformance.flaws import resting
from conformance.letters import letter
from conformance.stage import Stage
from simulator.protocol import codec
from simulator.protocol.package import Party
from simulator.protocol.rules import Level
from simulator.words import Text

__all__ = ["CASES"]

TOLERANCE = timedelta(minutes=10)
"""How far a status's time may lie from the axis's clock (TM-05; BD-05 speaks of 10 minutes)."""


async def _three_statuses(stage: Stage, sent: Sent) -> None:
    await arrive(stage, sent)
    await act(stage, "accept", sent, "03")
    await act(stage, "start", sent, "05")


def _all(evidence: CaseEvidence) -> tuple[SeenStatus, ...]:
    """Every status to this lane. Raises Unseen where there is none."""
    statuses = evidence.statuses_from_sut()
    evidence.require(statuses, Text("the SUT sent no status at all", "SUT không gửi trạng thái nào"), evidence.sent())
    return statuses


class Members(Case):
    """Every status names its own unit, the addressee, and the document with id, number and date."""

    id = "status/packet-members"
    title = Text("The members of a status packet", "Các trường của gói trạng thái")
    expected = Text(
        "From is the SUT's unit, ResponseFor the sender's, with the document's DocumentId, Code, PromulgationDate.",
        "From là đơn vị của SUT, ResponseFor là đơn vị gửi kèm DocumentId, Code, PromulgationDate của văn bản.",
    )
    OWN = Check("status-from-own-unit", ("ST-03",), Text("From is the SUT's unit", "From là đơn vị của SUT"))
    TO = Check("status-addressed-to-sender", ("ST-03",), Text("ResponseFor is the sender", "ResponseFor là bên gửi"))
    ID = Check("status-names-the-document", ("HD-32", "ST-02"), Text("DocumentId unchanged", "DocumentId không đổi"))
    CODE = Check("status-names-the-number", ("ST-02",), Text("Code unchanged", "Code không đổi"))
    DATE = Check("status-names-the-date", ("ST-02",), Text("PromulgationDate unchanged", "PromulgationDate không đổi"))
    CLEAN = Check("status-packet-lint-clean", ("ST-02", "PK-01"), Text("no rule is broken", "không vi phạm quy tắc"))
    checks = (OWN, TO, ID, CODE, DATE, CLEAN)

    async def drive(self, stage: Stage) -> None:
        """01, 03, 05."""
        await _three_statuses(stage, await stage.send(letter(stage)))

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Each member in each packet."""
        document, statuses = evidence.sent(), _all(evidence)
        lane, own = evidence.lane.codes, evidence.sut.organs
        issued = codec.read_date(document.issued)
        about = [(each, each.packet.response_for) for each in statuses]
        senders = [(each, each.packet.sender.organ_id if each.packet.sender else "") for each in statuses]
        yield _every(self.OWN, [(each, code) for each, code in senders if code not in own], statuses)
        organs = [(each, to.organ_id if to else "") for each, to in about]
        yield _every(self.TO, [(each, code) for each, code in organs if code not in lane], statuses)
        ids = [(each, each.document_id) for each in statuses]
        yield _every(self.ID, [(each, text) for each, text in ids if text != document.document_id], statuses)
        numbers = [(each, to.code if to else "") for each, to in about]
        yield _every(self.CODE, [(each, text) for each, text in numbers if text != document.code], statuses)
        dates = [(each, to.promulgation_date if to else None) for each, to in about]
        yield _every(self.DATE, [(each, str(day)) for each, day in dates if day != issued], statuses)
        given = Given(evidence.records, evidence.blobs, evidence.sut.system_id)
        flaws = [(each, flaw) for each in statuses for flaw in given.flaws(each.fact, Level.ERROR)]
        said = [(each, f"{flaw.rule.id} {flaw.at}") for each, flaw in flaws]
        yield _every(self.CLEAN, said, statuses, rests_on=resting(self.CLEAN, (flaw for _, flaw in flaws)))


def _every(
    check: Check,
    wrong: list[tuple[SeenStatus, str]],
    statuses: tuple[SeenStatus, ...],
    *,
    rests_on: tuple[str, ...] = (),
) -> Finding:
    detail = "; ".join(f"{status.code}: {text or '–'}" for status, text in wrong)
    return check.decide(
        not wrong,
        *(status for status, _ in wrong),
        *(statuses if not wrong else ()),
        held=Text(f"right in all {len(statuses)} packets", f"đúng trong cả {len(statuses)} gói"),
        broken=Text(f"wrong: {detail}", f"sai: {detail}"),
        rests_on=rests_on,
    )


class Times(Case):
    """Timestamps have the form of the wire and are Vietnamese time, near the axis's clock, never running back."""

    id = "status/timestamps"
    title = Text("The times of the statuses", "Thời gian của các trạng thái")
    expected = Text(
        "yyyy/MM/dd HH:mm:ss without a zone, meaning +07:00, within ten minutes of the axis's clock.",
        "yyyy/MM/dd HH:mm:ss không ghi múi giờ, hiểu là +07:00, lệch đồng hồ trục không quá mười phút.",
    )
    FORM = Check("status-time-form", ("ST-14",), Text("the form is yyyy/MM/dd HH:mm:ss", "đúng dạng thời gian"))
    ZONE = Check("status-time-vietnamese", ("ST-14", "TM-05"), Text("it is Vietnamese time", "là giờ Việt Nam"))
    FORWARD = Check("status-times-not-running-back", ("ST-10",), Text("time does not run back", "thời gian không lùi"))
    checks = (FORM, ZONE, FORWARD)

    async def drive(self, stage: Stage) -> None:
        """01, 03, 05."""
        await _three_statuses(stage, await stage.send(letter(stage)))

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The axis's clock is the time of acceptance."""
        statuses = _all(evidence)
        yield _every(
            self.FORM, [(each, each.timestamp_text) for each in statuses if not each.packet.timestamp], statuses
        )
        readable = tuple(each for each in statuses if each.packet.timestamp)
        evidence.require(readable, Text("no time can be read", "không đọc được thời gian nào"), *statuses)
        far = [
            (each, each.timestamp_text)
            for each in readable
            if each.packet.timestamp and abs(each.packet.timestamp - each.moment) > TOLERANCE
        ]
        yield _every(self.ZONE, far, readable)
        back = [
            (two, f"{two.timestamp_text} < {one.timestamp_text}")
            for one, two in pairwise(readable)
            if one.packet.timestamp and two.packet.timestamp and two.packet.timestamp < one.packet.timestamp
        ]
        evidence.require(len(readable) > 1, Text("only one time was seen", "chỉ thấy một thời điểm"), *readable)
        yield _every(self.FORWARD, back, readable)


class OldCodeSender(Case):
    """A sender who writes his old code gets his statuses all the same."""

    id = "status/answer-to-an-old-code"
    title = Text("The sender uses his old code", "Bên gửi dùng mã cũ")
    expected = Text("01 and 03 reach the unit by either of its codes.", "01 và 03 đến được đơn vị dù theo mã nào.")
    REACHED = Check("status-reaches-old-code", ("ID-11", "ST-03"), Text("the statuses arrive", "trạng thái đến nơi"))
    checks = (REACHED,)

    async def drive(self, stage: Stage) -> None:
        """From carries the longest spelling."""
        old = max(stage.lane.codes, key=len)
        package = letter(stage, sender=Party(organ_id=old, name=stage.lane.name))
        document = await stage.send(package)
        await arrive(stage, document)
        await act(stage, "accept", document, "03")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Accepted by the axis for the lane's unit."""
        document = evidence.sent()
        accept = evidence.act("accept", document)
        seen = evidence.statuses_from_sut(document, "01", "03")
        reached = [each for each in seen if evidence.lane.unit in each.fact["to"]]
        yield evidence.expect(
            self.REACHED,
            reached if len({each.code for each in reached}) == 2 else (),
            accept,
            held=Text("01 and 03 reached the unit", "01 và 03 đã đến đơn vị"),
            broken=Text("01 and 03 did not both reach the unit", "01 và 03 không đến đủ"),
        )


CASES: tuple[Case, ...] = (Members(), Times(), OldCodeSender())
