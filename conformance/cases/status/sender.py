"""The SUT as the sender: it sends, the lanes answer, its clerk sees the state at each receiver. ST-08, ST-10, ST-11."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from conformance.case import Case, Role
from conformance.cases.steps import order_taken, told
from conformance.evidence import CaseEvidence, Lane, Look
from conformance.finding import Check, Finding
from conformance.letters import order, reply
from conformance.stage import Stage, StageEnd
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["CASES"]

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
    for number, code in enumerate(answers):
        at = stage.now() + timedelta(seconds=number)
        sent = await stage.send(reply(stage, code, package, lane=lane, at=at), label=code, lane=lane)
        await told(stage, sent)
        await stage.look("out", label=f"after {code}")


class _Sender(Case):
    role = Role.SENDER

    def shown(self, evidence: CaseEvidence, after: str, lane: Lane | None = None) -> tuple[Look, str]:
        """The status that the out-box shows for the lane after that answer. Raises Unseen where it was not taken in."""
        document = evidence.order()
        evidence.taken(evidence.sent(after))
        look = evidence.look("out", f"after {after}")
        codes = (lane or evidence.lane).codes
        return look, str(look.status(document.document_id, codes).get("status") or "")

    def shows(self, check: Check, evidence: CaseEvidence, after: str, wanted: str) -> Finding:
        """After ``after`` the out-box must show ``wanted``."""
        look, shown = self.shown(evidence, after)
        return check.decide(
            shown == wanted,
            evidence.sent(after),
            look,
            held=Text(f"shown: {shown}", f"hiển thị: {shown}"),
            broken=Text(
                f"after {after} the sender's box shows '{shown}' instead of {wanted}",
                f"sau {after} hộp đi hiển thị '{shown}' thay vì {wanted}",
            ),
        )


class SeesEachStatus(_Sender):
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

    async def drive(self, stage: Stage) -> None:
        """The whole chain, seen from the other side."""
        package = await sends(stage, stage.lanes)
        await answer(stage, package, "01", "03", "04", "05", "06")

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
            yield self.shows(check, evidence, code, code)


class PerReceiver(_Sender):
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
        one, two = (look.status(told_id.document_id, lane.codes) for lane in (first, second))
        shown = f"{one.get('status')!s}, {two.get('status')!s}"
        yield self.OWN.decide(
            (one.get("status"), two.get("status")) == ("03", "02"),
            look,
            held=Text(f"shown: {shown}", f"hiển thị: {shown}"),
            broken=Text(f"shown: {shown} instead of 03, 02", f"hiển thị: {shown} thay vì 03, 02"),
        )
        yield self.SHOWN.decide(
            self.REASON in str(two.get("reason") or ""),
            look,
            held=Text("the reason is shown", "có hiển thị lý do"),
            broken=Text(f"the reason shown is '{two.get('reason')}'", f"lý do hiển thị là '{two.get('reason')}'"),
        )


class OutOfOrder(_Sender):
    """05 arrives before 03: the shown state does not go back to 03."""

    id = "status/sender-out-of-order"
    title = Text("05 before 03", "05 đến trước 03")
    expected = Text("03 that comes late changes nothing that is further on.", "03 đến muộn không kéo lùi trạng thái.")
    AHEAD = Check("early-status-taken", ("ST-10",), Text("05 is taken", "nhận 05"))
    STAYS = Check("out-of-order-not-back", ("ST-11", "ST-10"), Text("it stays at 05", "giữ nguyên 05"))
    checks = (AHEAD, STAYS)

    async def drive(self, stage: Stage) -> None:
        """The 03 bears an earlier time, as it does in life."""
        package = await sends(stage, stage.lanes)
        await answer(stage, package, "01", "05")
        late = reply(stage, "03", package, at=stage.now() - timedelta(seconds=30))
        await told(stage, await stage.send(late, label="03"))
        await stage.look("out", label="after 03")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """05, and still 05."""
        yield self.shows(self.AHEAD, evidence, "05", "05")
        evidence.require(self.shown(evidence, "05")[1] == "05", Text("05 was never shown", "chưa hiển thị 05"))
        yield self.shows(self.STAYS, evidence, "03", "05")


class LateArrival(_Sender):
    """A late 01 after 06 moves nothing."""

    id = "status/sender-late-arrival"
    title = Text("01 after 06", "01 đến sau 06")
    expected = Text("The document stays finished.", "Văn bản vẫn ở trạng thái hoàn thành.")
    STAYS = Check("late-arrival-not-back", ("ST-11", "ST-10"), Text("it stays at 06", "giữ nguyên 06"))
    checks = (STAYS,)

    async def drive(self, stage: Stage) -> None:
        """03, 05, 06, then the 01 that was on its way."""
        package = await sends(stage, stage.lanes)
        await answer(stage, package, "03", "05", "06")
        late = reply(stage, "01", package, at=stage.now() - timedelta(seconds=60))
        await told(stage, await stage.send(late, label="01"))
        await stage.look("out", label="after 01")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The 06 before is the twin."""
        look, shown = self.shown(evidence, "06")
        evidence.require(shown == "06", Text("06 was never shown", "chưa hiển thị 06"), look)
        yield self.shows(self.STAYS, evidence, "01", "06")


class SameStatusTwice(_Sender):
    """The same status twice counts once."""

    id = "status/sender-same-status-twice"
    title = Text("03 twice", "03 đến hai lần")
    expected = Text("The receiver is shown once, with 03.", "Nơi nhận hiển thị một lần, với 03.")
    ONCE = Check("repeated-status-counted-once", ("ST-11",), Text("one row, 03", "một dòng, 03"))
    checks = (ONCE,)

    async def drive(self, stage: Stage) -> None:
        """Two packets of one code, a second apart."""
        package = await sends(stage, stage.lanes)
        await answer(stage, package, "01", "03")
        again = reply(stage, "03", package, at=stage.now() + timedelta(seconds=2))
        await told(stage, await stage.send(again, label="03 again"))
        await stage.look("out", label="after 03 again")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Rows of this receiver in the row of the document."""
        look, shown = self.shown(evidence, "03 again")
        rows = [
            receiver
            for row in look.of(evidence.order().document_id)
            for receiver in row.get("receivers") or ()
            if receiver.get("organ") in evidence.lane.codes
        ]
        yield self.ONCE.decide(
            len(rows) == 1 and shown == "03",
            evidence.sent("03 again"),
            look,
            held=Text("one row, 03", "một dòng, 03"),
            broken=Text(f"{len(rows)} rows, shown: {shown}", f"{len(rows)} dòng, hiển thị: {shown}"),
        )


class UnknownCode(_Sender):
    """Codes that nobody knows (07, 99) break nothing and are not taken for others."""

    id = "status/sender-unknown-code"
    title = Text("Unknown codes 07 and 99", "Mã lạ 07 và 99")
    expected = Text(
        "They are confirmed and kept apart; the next known status is shown as before.",
        "Được xác nhận và để riêng; trạng thái hợp lệ tiếp theo vẫn hiển thị như thường.",
    )
    APART = Check(
        "unknown-code-not-taken-for-another", ("ST-01",), Text("not shown as another", "không hiểu thành mã khác")
    )
    ON = Check("known-status-after-unknown", ("ST-01",), Text("03 is shown afterwards", "sau đó vẫn hiển thị 03"))
    checks = (APART, ON)

    async def drive(self, stage: Stage) -> None:
        """01, 07, 99, 03."""
        package = await sends(stage, stage.lanes)
        await answer(stage, package, "01", "07", "99", "03")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """After 99 the box shows 01 still, or the code itself."""
        _, before = self.shown(evidence, "01")
        evidence.require(before == "01", Text("01 was never shown", "chưa hiển thị 01"), evidence.sent("01"))
        look, shown = self.shown(evidence, "99")
        yield self.APART.decide(
            shown in ("01", "07", "99"),
            evidence.sent("99"),
            look,
            held=Text(f"shown: {shown}", f"hiển thị: {shown}"),
            broken=Text(f"99 is shown as '{shown}'", f"99 hiển thị thành '{shown}'"),
        )
        yield self.shows(self.ON, evidence, "03", "03")


class Stranger(_Sender):
    """A unit that was no recipient reports 02: nothing changes."""

    id = "status/sender-stranger"
    title = Text("A status from a stranger", "Trạng thái từ đơn vị không nhận văn bản")
    expected = Text(
        "Only a recipient can report on a document; the true receiver's status stays.",
        "Chỉ nơi nhận mới báo được trạng thái; trạng thái của nơi nhận thật giữ nguyên.",
    )
    lanes = 2
    IGNORED = Check("stranger-status-ignored", ("ST-03",), Text("the stranger changes nothing", "không bị thay đổi"))
    NOT_LISTED = Check("stranger-not-listed", ("ST-03",), Text("he is no receiver", "không thành nơi nhận"))
    checks = (IGNORED, NOT_LISTED)

    async def drive(self, stage: Stage) -> None:
        """The first lane receives, the second interferes."""
        first, second = stage.lanes
        package = await sends(stage, [first])
        await answer(stage, package, "01", "03")
        strange = reply(stage, "02", package, lane=second, description="Không tiếp nhận")
        await told(stage, await stage.send(strange, label="strange", lane=second))
        await stage.look("out", label="after strange")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """03 before is the twin."""
        _, before = self.shown(evidence, "03")
        evidence.require(before == "03", Text("03 was never shown", "chưa hiển thị 03"), evidence.sent("03"))
        look, shown = self.shown(evidence, "strange")
        yield self.IGNORED.decide(
            shown == "03",
            evidence.sent("strange"),
            look,
            held=Text("still 03", "vẫn là 03"),
            broken=Text(f"now it shows '{shown}'", f"nay hiển thị '{shown}'"),
        )
        strange = look.status(evidence.order().document_id, evidence.lanes[1].codes)
        yield self.NOT_LISTED.decide(
            not strange,
            evidence.sent("strange"),
            look,
            held=Text("no row for the stranger", "không có dòng cho đơn vị lạ"),
            broken=Text(
                f"the stranger is listed with {strange.get('status')}", f"đơn vị lạ có dòng {strange.get('status')}"
            ),
        )


CASES: tuple[Case, ...] = (
    SeesEachStatus(), PerReceiver(), OutOfOrder(), LateArrival(), SameStatusTwice(), UnknownCode(), Stranger(),
)  # fmt: skip
