"""The SUT as the sender: it sends, the lanes answer, its clerk sees the state at each receiver. ST-08, ST-10, ST-11."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import zip_longest

from conformance.case import Case, Role
from conformance.cases.steps import order_taken, told
from conformance.evidence import CaseEvidence, Lane, Look
from conformance.finding import Check, Finding
from conformance.letters import order, reply
from conformance.stage import Stage, StageEnd
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["CASES", "Sender", "answer", "answer_at_once", "sends"]

LEAVES = Text("the SUT's document to reach the axis", "văn bản của SUT đến trục")


async def sends(stage: Stage, lanes: Sequence[Lane]) -> Package:
    """The SUT sends one document to the lanes; they fetch it. Ends the drive where it never leaves."""
    await stage.order(**order(stage, to=[lane.unit for lane in lanes]))
    await stage.until(lambda seen: order_taken(seen), for_=LEAVES)
    package = order_taken(stage.seen)
    if package is None:
        raise StageEnd("the document never left")
    for lane in lanes:
        await stage.collect(lane=lane)
    return package


async def answer(stage: Stage, package: Package, *answers: str, lane: Lane | None = None) -> None:
    """The lane answers with these codes, one after the other; after each the out-box is looked at."""
    for code in answers:
        await answer_at_once(stage, package, code, lane=lane)


async def answer_at_once(stage: Stage, package: Package, *answers: str, lane: Lane | None = None) -> None:
    """The lane answers with these codes, a second apart and all for one poll; then the out-box is looked at, once for
    each of them."""
    moment = stage.now()
    sent = [
        await stage.send(
            reply(stage, code, package, lane=lane, at=moment + timedelta(seconds=number)), label=code, lane=lane
        )
        for number, code in enumerate(answers)
    ]
    for each in sent:
        await told(stage, each)
    for code in answers:
        await stage.look("out", label=f"after {code}")


class Sender(Case):
    """A case in which the SUT sends."""

    role = Role.SENDER

    def shown(self, evidence: CaseEvidence, after: str, lane: Lane | None = None) -> tuple[Look, tuple[str, ...]]:
        """The statuses that the out-box shows for the lane after that answer: mostly one. Raises Unseen where it was
        not taken in."""
        document = evidence.order()
        evidence.taken(evidence.sent(after))
        look = evidence.look("out", f"after {after}")
        codes = (lane or evidence.lane).codes
        return look, look.statuses(document.document_id, codes)

    def shows(self, check: Check, evidence: CaseEvidence, after: str, wanted: str, lane: Lane | None = None) -> Finding:
        """After ``after`` the out-box must show ``wanted`` for the lane."""
        look, found = self.shown(evidence, after, lane)
        shown = ", ".join(found)
        return check.decide(
            wanted in found,
            evidence.sent(after),
            look,
            held=Text(f"shown: {shown}", f"hiển thị: {shown}"),
            broken=Text(
                f"after {after} the sender's box shows '{shown}' instead of {wanted}",
                f"sau {after} hộp đi hiển thị '{shown}' thay vì {wanted}",
            ),
        )


class SeesEachStatus(Sender):
    """Every status of the receiver appears in the sender's box under its own code."""

    id = "status/sender-sees-each-status"
    title = Text("The sender sees 01 03 04 05 06", "Bên gửi thấy 01 03 04 05 06")
    expected = Text(
        "The document leaves with the id that the SUT gave it; its box shows each code as it came, 04 as 04.",
        "Văn bản rời đi với đúng mã mà SUT đã cấp; hộp đi hiển thị từng mã như đã nhận, 04 là 04.",
    )
    LEFT = Check("sent-document-leaves", ("TR-05",), Text("the document reaches the axis", "văn bản đến trục"))
    ID = Check("sent-id-is-the-one-told", ("HD-32",), Text("one id inside and outside", "một mã trong và ngoài"))
    ARRIVED = Check("sender-shows-arrival", ("ST-08",), Text("01 is shown", "hiển thị 01"))
    ACCEPTED = Check("sender-shows-acceptance", ("ST-08",), Text("03 is shown", "hiển thị 03"))
    ASSIGNED = Check("sender-keeps-assignment", ("ST-08",), Text("04 is shown as 04", "04 hiển thị là 04"))
    STARTED = Check("sender-shows-processing", ("ST-08",), Text("05 is shown", "hiển thị 05"))
    FINISHED = Check("sender-shows-finish", ("ST-08",), Text("06 is shown", "hiển thị 06"))
    checks = (LEFT, ID, ARRIVED, ACCEPTED, ASSIGNED, STARTED, FINISHED)
    lanes = 2
    ASSIGNS = ("01 there", "03 there", "04")
    """What the second receiver answers: it assigns, while the first one starts."""

    async def drive(self, stage: Stage) -> None:
        """The whole chain, seen from the other side: four polls, in each an answer of the first receiver."""
        _, second = stage.lanes
        package = await sends(stage, stage.lanes)
        for code, beside in zip_longest(("01", "03", "05", "06"), self.ASSIGNS):
            if beside:
                await stage.send(reply(stage, beside[:2], package, lane=second), label=beside, lane=second)
            await answer(stage, package, code)
        await told(stage, stage.seen.sent("04"))
        await stage.look("out", label="after 04")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The packet, then one look after each status."""
        told_id = evidence.order()
        left = evidence.documents_from_sut()
        yield evidence.expect(
            self.LEFT,
            left,
            told_id,
            held=Text("the axis accepted it", "trục đã nhận"),
            broken=Text("it never reached the axis", "văn bản không đến trục"),
        )
        evidence.require(left, Text("it never left", "văn bản chưa rời đi"), told_id)
        yield self.ID.decide(
            left[0].package.document_id == told_id.document_id,
            told_id,
            left[0],
            held=Text(told_id.document_id, told_id.document_id),
            broken=Text(
                f"told '{told_id.document_id}', sent '{left[0].package.document_id}'",
                f"báo '{told_id.document_id}', gửi '{left[0].package.document_id}'",
            ),
        )
        for check, code in (
            (self.ARRIVED, "01"),
            (self.ACCEPTED, "03"),
            (self.ASSIGNED, "04"),
            (self.STARTED, "05"),
            (self.FINISHED, "06"),
        ):
            yield self.shows(check, evidence, code, code, evidence.lanes[code == "04"])


class PerReceiver(Sender):
    """Two receivers, one accepts and one refuses: the sender sees both, and the reason."""

    id = "status/sender-sees-each-receiver"
    title = Text("One accepts, one refuses", "Một nơi nhận, một nơi từ chối")
    expected = Text(
        "Each receiver has its own status; 02 is shown with its reason.",
        "Mỗi nơi nhận có trạng thái riêng; 02 hiển thị kèm lý do.",
    )
    lanes = 2
    REASON = "Không thuộc thẩm quyền giải quyết"
    EVERYONE = Check("sent-to-every-receiver", ("HD-08",), Text("both get the document", "cả hai nơi đều nhận"))
    OWN = Check("status-kept-per-receiver", ("ST-08",), Text("each has its own status", "mỗi nơi một trạng thái"))
    SHOWN = Check("refusal-shown-with-reason", ("RF-04", "ST-08"), Text("the reason is shown", "hiển thị lý do"))
    checks = (EVERYONE, OWN, SHOWN)

    async def drive(self, stage: Stage) -> None:
        """03 from the first, 02 from the second."""
        first, second = stage.lanes
        package = await sends(stage, stage.lanes)
        for label, lane, code, words in (("03", first, "03", ""), ("02", second, "02", self.REASON)):
            status = reply(stage, code, package, lane=lane, description=words)
            await told(stage, await stage.send(status, label=label, lane=lane))
        await stage.look("out")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Two rows of receivers."""
        told_id, (first, second) = evidence.order(), evidence.lanes
        left = evidence.documents_from_sut()
        reached = {code for each in left for code in each.fact["to"]}
        yield evidence.expect(
            self.EVERYONE,
            left if {first.unit, second.unit} <= reached else (),
            told_id,
            held=Text("both are recipients on the axis", "trục ghi nhận cả hai nơi nhận"),
            broken=Text(
                f"recipients: {', '.join(sorted(reached)) or '–'}", f"nơi nhận: {', '.join(sorted(reached)) or '–'}"
            ),
        )
        evidence.taken(evidence.sent("03"))
        evidence.taken(evidence.sent("02"))
        look = evidence.look("out")
        one, two = (look.statuses(told_id.document_id, lane.codes) for lane in (first, second))
        shown = f"{'/'.join(one) or '–'}, {'/'.join(two) or '–'}"
        yield self.OWN.decide(
            "03" in one and "02" in two,
            look,
            held=Text(f"shown: {shown}", f"hiển thị: {shown}"),
            broken=Text(f"shown: {shown} instead of 03, 02", f"hiển thị: {shown} thay vì 03, 02"),
        )
        lines = look.lines(told_id.document_id, second.codes)
        why = "; ".join(sorted({str(line["reason"]) for line in lines if line.get("reason")})) or "–"
        yield self.SHOWN.decide(
            self.REASON in why,
            look,
            held=Text("the reason is shown", "có hiển thị lý do"),
            broken=Text(f"the reason shown is '{why}'", f"lý do hiển thị là '{why}'"),
        )


CASES: tuple[Case, ...] = (SeesEachStatus(), PerReceiver())
