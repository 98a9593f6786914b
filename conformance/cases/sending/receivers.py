"""Whom it goes to: one To per receiver, everybody once, one DocumentId for all. VD-01, HD-08."""

from collections import Counter
from collections.abc import Iterable

from conformance.case import Case
from conformance.cases.sending.base import Sending, answered, leaves, leaving, left, orders, strays
from conformance.evidence import CaseEvidence, SeenDocument
from conformance.finding import Check, Finding
from conformance.stage import Stage
from simulator.words import Text

__all__ = ["CASES"]


def _units(document: SeenDocument) -> list[str]:
    return [party.organ_id for party in document.package.receivers]


class Three(Sending):
    """One document to three agencies."""

    id = "sending/three-receivers"
    title = Text("One document, three receivers", "Một văn bản, ba nơi nhận")
    expected = Text(
        "All three have it once; To names each once; DocumentId is the same for all (one packet or three).",
        "Cả ba nơi đều nhận một lần; To nêu mỗi nơi một lần; DocumentId giống nhau (một hay ba gói tin đều được).",
    )
    lanes = 3
    ALL = Check("every-receiver-reached", ("HD-08",), Text("all three are reached", "đến đủ ba nơi"))
    TO = Check("one-line-per-receiver", ("HD-08", "HD-09"), Text("To names each once", "To nêu mỗi nơi một lần"))
    ONCE = Check("every-receiver-once", ("HD-08",), Text("each has it once", "mỗi nơi nhận một lần"))
    ID = Check("one-id-for-all-receivers", ("HD-32",), Text("one DocumentId for all", "một DocumentId cho mọi nơi"))
    checks = (ALL, TO, ONCE, ID)

    async def drive(self, stage: Stage) -> None:
        """One order; then time for more copies than there should be."""
        if await orders(stage, to=[lane.unit for lane in stage.lanes]):
            units = {lane.unit for lane in stage.lanes}
            await stage.until(
                lambda seen: units <= {code for each in seen.documents_from_sut() for code in each.fact["to"]},
                for_=Text("the document to reach all three", "văn bản đến đủ ba nơi nhận"),
            )
            await stage.quiet()

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Recipients as the axis knows them, To as it is written, ids."""
        told, sent = evidence.order(), evidence.documents_from_sut()
        units = [lane.unit for lane in evidence.lanes]
        reached = Counter(code for each in sent for code in each.fact["to"])
        missing = ", ".join(unit for unit in units if not reached[unit])
        yield evidence.expect(
            self.ALL,
            () if missing else sent,
            told,
            held=Text("all three are recipients on the axis", "trục ghi nhận đủ ba nơi nhận"),
            broken=Text(f"not reached: {missing}", f"chưa đến: {missing}"),
        )
        evidence.require(sent, Text("nothing left", "không có gì rời đi"), told)
        wrong = [each for each in sent if not self._one_each(evidence, each)]
        yield self.TO.decide(
            not wrong,
            told,
            *sent,
            held=Text("each receiver has one To", "mỗi nơi nhận có một To"),
            broken=Text(
                f"To reads {', '.join(_units((wrong or sent)[0]))}", f"To ghi {', '.join(_units((wrong or sent)[0]))}"
            ),
        )
        counts = ", ".join(f"{unit} × {reached[unit]}" for unit in units)
        yield self.ONCE.decide(
            all(reached[unit] <= 1 for unit in units),
            *sent,
            held=Text("one delivery each", "mỗi nơi một lần chuyển"),
            broken=Text(f"deliveries: {counts}", f"số lần chuyển: {counts}"),
        )
        ids = sorted({each.package.document_id for each in sent})
        others = "; ".join(ids)
        yield self.ID.decide(
            ids == [told.document_id],
            told,
            *sent,
            held=Text(f"{ids[0]}", f"{ids[0]}"),
            broken=Text(f"told {told.document_id}; sent {others}", f"báo {told.document_id}; gửi {others}"),
        )

    def _one_each(self, evidence: CaseEvidence, document: SeenDocument) -> bool:
        written = _units(document)
        for lane in evidence.lanes:
            lines = sum(code in lane.codes for code in written)
            if lines != (lane.unit in document.fact["to"]):
                return False
        return len(written) == len(document.fact["to"])


class Twice(Sending):
    """The clerk picks the same receiver twice."""

    id = "sending/receiver-twice"
    title = Text("The same receiver picked twice", "Chọn trùng một nơi nhận")
    expected = Text(
        "It is refused, or repaired: one To, one delivery.", "Bị từ chối, hoặc được sửa: một To, một lần chuyển."
    )
    ONCE = Check("receiver-not-doubled", ("HD-09",), Text("To names it once", "To chỉ nêu một lần"))
    checks = (ONCE,)

    async def drive(self, stage: Stage) -> None:
        """The twin names it once."""
        await orders(stage)
        await leaves(stage)
        if await orders(stage, "twice", to=[stage.lane.unit, stage.lane.unit]):
            await leaves(stage, "twice")
        await stage.quiet(1)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """What the packet of the second order says."""
        told, good = left(evidence)
        record = answered(evidence, "twice")
        gone = strays(evidence, "twice")
        lines = [_units(each) for each in gone]
        shown = "; ".join(", ".join(each) for each in lines)
        clean = all(len(each) == len(set(each)) for each in lines) and len(gone) <= 1
        sound = record["status"] == 422 or bool(gone)
        evidence.require(sound, Text("the second order never left", "yêu cầu thứ hai chưa rời đi"), record)
        yield self.ONCE.decide(
            clean,
            told,
            good,
            record,
            *gone,
            held=Text(f"To: {shown}" if gone else "refused", f"To: {shown}" if gone else "bị từ chối"),
            broken=Text(f"To: {shown}", f"To: {shown}"),
        )


class Itself(Sending):
    """The clerk picks his own unit beside a real receiver."""

    id = "sending/to-itself"
    title = Text("The own unit among the receivers", "Chọn chính đơn vị mình làm nơi nhận")
    expected = Text(
        "It is refused, or repaired: the packet is not addressed to its own sender.",
        "Bị từ chối, hoặc được sửa: gói tin không gửi cho chính đơn vị gửi.",
    )
    OTHERS = Check("not-addressed-to-itself", ("HD-39",), Text("To does not name the sender", "To không có bên gửi"))
    checks = (OTHERS,)

    async def drive(self, stage: Stage) -> None:
        """The twin goes to the lane alone."""
        await orders(stage)
        await leaves(stage)
        if await orders(stage, "itself", to=[stage.lane.unit, stage.sut.organ]):
            await leaves(stage, "itself")
        await stage.quiet(1)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """What the packet of the second order says."""
        told, good = left(evidence)
        record = answered(evidence, "itself")
        gone = strays(evidence, "itself")
        named = [code for each in gone for code in _units(each) if code in evidence.sut.organs]
        sound = record["status"] == 422 or bool(gone)
        evidence.require(sound, Text("the second order never left", "yêu cầu thứ hai chưa rời đi"), record)
        yield self.OTHERS.decide(
            not named,
            told,
            good,
            record,
            *gone,
            held=Text("refused, or without the own unit", "bị từ chối hoặc đã bỏ đơn vị mình"),
            broken=Text(f"To names the sender itself: {', '.join(named)}", f"To nêu chính bên gửi: {', '.join(named)}"),
        )


class ManyAtOnce(Sending):
    """Five agencies in one go; the name of each stands beside its code."""

    id = "sending/five-receivers"
    title = Text("Five receivers, each with its name", "Năm nơi nhận, mỗi nơi kèm tên")
    expected = Text("All five are reached; each To bears the unit's name.", "Đến đủ năm nơi; mỗi To có tên đơn vị.")
    lanes = 5
    ALL = Check("five-receivers-reached", ("HD-08",), Text("all five are reached", "đến đủ năm nơi"))
    NAMES = Check("receivers-named-in-words", ("HD-08", "HD-02"), Text("each To bears a name", "mỗi To có tên đơn vị"))
    checks = (ALL, NAMES)

    async def drive(self, stage: Stage) -> None:
        """One order."""
        if await orders(stage, to=[lane.unit for lane in stage.lanes]):
            units = {lane.unit for lane in stage.lanes}
            await stage.until(
                lambda seen: units <= {code for each in seen.documents_from_sut() for code in each.fact["to"]},
                for_=Text("the document to reach all five", "văn bản đến đủ năm nơi nhận"),
            )

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Recipients, then names."""
        sent = evidence.documents_from_sut()
        reached = {code for each in sent for code in each.fact["to"]}
        missing = ", ".join(lane.unit for lane in evidence.lanes if lane.unit not in reached)
        if not sent:
            yield leaving(self.ALL, evidence)
        told, _ = left(evidence)
        if sent:
            yield evidence.expect(
                self.ALL,
                () if missing else sent,
                told,
                held=Text("all five are recipients", "đủ năm nơi nhận"),
                broken=Text(f"not reached: {missing}", f"chưa đến: {missing}"),
            )
        nameless = [
            party.organ_id for each in sent for party in each.package.receivers if party.name in ("", party.organ_id)
        ]
        yield self.NAMES.decide(
            not nameless,
            told,
            *sent,
            held=Text("each has its name", "mỗi nơi đều có tên"),
            broken=Text(f"without a name: {', '.join(nameless)}", f"không có tên: {', '.join(nameless)}"),
        )


CASES: tuple[Case, ...] = (Three(), Twice(), Itself(), ManyAtOnce())
