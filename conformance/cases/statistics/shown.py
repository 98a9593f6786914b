"""What the books show: the original after it left, each receiver's state, the fields and states of a document."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from conformance.case import Case, Role
from conformance.cases.changes import own
from conformance.cases.sending.base import leaves, left, orders
from conformance.cases.steps import act, arrive, told
from conformance.evidence import CaseEvidence, Look
from conformance.finding import Check, Finding
from conformance.letters import letter, pdf, reply
from conformance.stage import Stage, StageEnd
from simulator.words import Text

__all__ = ["CASES"]


async def _leaves(stage: Stage) -> None:
    """The first order reaches the axis, and every lane fetches it. Ends the drive where it never left."""
    if not await leaves(stage):
        raise StageEnd("the document never left")
    for lane in stage.lanes:
        await stage.collect(lane=lane)


def _digests(row: Mapping[str, Any]) -> dict[str, str]:
    files = row.get("attachments") or ()
    return {str(each.get("name")): str(each.get("sha256")).lower() for each in files}


def _altered(row: Mapping[str, Any], wanted: Mapping[str, str]) -> list[str]:
    kept = _digests(row)
    return [name for name, digest in wanted.items() if kept.get(name) != digest]


class Original(Case):
    """A document with two files is sent, and finished at its receiver: the original stays with its issuer."""

    id = "statistics/original-stays"
    role = Role.SENDER
    title = Text("The original stays", "Bản gốc được lưu tại nơi ban hành")
    expected = Text(
        "After 06 the document stands in the out-box with its files, byte for byte.",
        "Sau 06, văn bản vẫn có trong hộp đi với đúng các tệp, không đổi một byte.",
    )
    LISTED = Check("stats-original-listed", ("LG-04",), Text("it is still there", "vẫn còn trong hộp đi"))
    FILES = Check("stats-original-files-kept", ("LG-04",), Text("with its files", "còn nguyên các tệp"))
    checks = (LISTED, FILES)

    async def drive(self, stage: Stage) -> None:
        """The whole life of it."""
        names = ("van-ban.pdf", "phu-luc.pdf")
        sheets = [{"name": name, "content_base64": base64.b64encode(pdf(stage.random)).decode()} for name in names]
        await orders(stage, attachments=sheets)
        await _leaves(stage)
        package = left(stage.seen)[1].package
        for code in ("01", "03", "06"):
            await told(stage, await stage.send(reply(stage, code, package), label=code))
        await stage.look("out")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """What was ordered against what is kept."""
        order, document = left(evidence)
        done = evidence.taken(evidence.sent("06"))
        look = evidence.look("out")
        rows = look.of(order.document_id)
        yield self.LISTED.decide(
            rows,
            document,
            done,
            look,
            held=Text("it stands in the out-box", "có trong hộp đi"),
            broken=Text("after 06 it is gone from the out-box", "sau 06 không còn trong hộp đi"),
        )
        evidence.require(rows, Text("it is gone", "không còn văn bản"), look)
        ordered = {
            each["name"]: hashlib.sha256(base64.b64decode(each["content_base64"])).hexdigest()
            for each in order.request["attachments"]
        }
        wrong = ", ".join(look.flaws(order.document_id, lambda row: _altered(row, ordered)))
        yield self.FILES.decide(
            not wrong,
            order,
            look,
            held=Text(f"{len(ordered)} files as they were", f"{len(ordered)} tệp nguyên vẹn"),
            broken=Text(f"not kept as they were: {wrong}", f"không còn nguyên vẹn: {wrong}"),
        )


class Receivers(Case):
    """Three receivers: one finishes, one refuses, one has not even fetched its status yet."""

    id = "statistics/state-of-each-receiver"
    role = Role.SENDER
    title = Text("The state at each receiver", "Trạng thái tại từng nơi nhận")
    expected = Text(
        "06 and 02 each at its own receiver; the third stands without a status, not as received.",
        "06 và 02 đúng ở từng nơi; nơi thứ ba chưa có trạng thái, không hiện là đã nhận.",
    )
    lanes = 3
    STATES = Check("stats-states-as-reported", ("ST-08",), Text("each its own state", "mỗi nơi một trạng thái"))
    OPEN = Check("stats-silent-receiver-open", ("ST-08", "RF-06"), Text("silence is not 01", "im lặng không phải 01"))
    checks = (STATES, OPEN)

    async def drive(self, stage: Stage) -> None:
        """The third says nothing."""
        first, second, _ = stage.lanes
        await orders(stage, to=[lane.unit for lane in stage.lanes])
        await _leaves(stage)
        package = left(stage.seen)[1].package
        for lane, code, words in ((first, "01", ""), (first, "03", ""), (first, "06", ""), (second, "02", "Gửi nhầm")):
            await told(
                stage,
                await stage.send(reply(stage, code, package, lane=lane, description=words), label=code, lane=lane),
            )
        await stage.look("out")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Line by line."""
        order, _ = left(evidence)
        finished, refused = (evidence.taken(evidence.sent(code)) for code in ("06", "02"))
        look = evidence.look("out")
        lines = [look.lines(order.document_id, lane.codes) for lane in evidence.lanes]
        codes = [look.statuses(order.document_id, lane.codes) for lane in evidence.lanes]
        shown = [", ".join(each) or "–" for each in codes]
        yield self.STATES.decide(
            "06" in codes[0] and "02" in codes[1],
            finished,
            refused,
            look,
            held=Text("shown: 06, 02", "hiển thị: 06, 02"),
            broken=Text(f"shown: {', '.join(shown[:2])} instead of 06, 02", f"hiển thị: {', '.join(shown[:2])}"),
        )
        yield self.OPEN.decide(
            lines[-1] and not codes[-1],
            order,
            finished,
            look,
            held=Text("shown without a status", "hiển thị chưa có trạng thái"),
            broken=Text(
                f"it never answered, and is shown as '{shown[-1]}'" if lines[-1] else "it is not shown at all",
                f"chưa trả lời mà hiển thị '{shown[-1]}'" if lines[-1] else "không hiển thị nơi nhận này",
            ),
        )


class Checklist(Case):
    """Of the 16 items those that the control API carries, read again when the document is finished."""

    id = "statistics/checklist-incoming"
    title = Text("The items of each document", "Các thông tin của từng văn bản")
    expected = Text(
        "The state follows each act; at the end sender, id, number, notation, subject, kind and files are all there.",
        "Trạng thái theo từng thao tác; khi kết thúc vẫn đủ nơi gửi, mã, số, ký hiệu, trích yếu, loại và tệp.",
    )
    STEPS = (("accept", "03", "accepted"), ("start", "05", "processing"), ("finish", "06", "finished"))
    STATES = Check("stats-state-follows-acts", ("HD-36",), Text("the state follows", "trạng thái cập nhật"))
    ITEMS = Check("stats-items-complete", ("HD-36",), Text("all items are there", "đủ các thông tin"))
    checks = (STATES, ITEMS)

    async def drive(self, stage: Stage) -> None:
        """A look after each act."""
        document = await stage.send(letter(stage))
        await arrive(stage, document)
        for action, code, state in self.STEPS:
            await act(stage, action, document, code)
            await stage.look("in", label=state)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Three looks; the last one item by item."""
        document = evidence.sent()
        taken = evidence.taken(document)
        for action, _, _ in self.STEPS:
            evidence.act(action, document)
        looks = {state: evidence.look("in", state) for _, _, state in self.STEPS}
        shown = {state: look.state(document.document_id) for state, look in looks.items()}
        wrong = "; ".join(
            f"{state} → '{shown[state]}'"
            for state, look in looks.items()
            if not look.of(document.document_id, state=state)
        )
        yield self.STATES.decide(
            not wrong,
            taken,
            *looks.values(),
            held=Text(", ".join(shown.values()), ", ".join(shown.values())),
            broken=Text(f"not as acted: {wrong}", f"không theo thao tác: {wrong}"),
        )
        yield self._items(evidence, looks["finished"])

    def _items(self, evidence: CaseEvidence, look: Look) -> Finding:
        document, package = evidence.sent(), own(evidence, evidence.sent())
        code = package.code
        wanted: dict[str, object] = {
            "code_number": code.number if code else "",
            "code_notation": code.notation if code else "",
            "subject": package.subject,
            "kind": "new",
        }
        files = {each.name: hashlib.sha256(each.file()).hexdigest() for each in package.attachments}

        def flaws(row: Mapping[str, Any]) -> list[str]:
            found = [name for name, value in wanted.items() if row.get(name) != value]
            found += ["from"] if row.get("from") not in evidence.lane.codes else []
            return found + (["attachments"] if _digests(row) != files else [])

        wrong = look.flaws(document.document_id, flaws)
        return self.ITEMS.decide(
            not wrong,
            document,
            look,
            held=Text("as they arrived", "đúng như khi đến"),
            broken=Text(f"missing or changed: {', '.join(wrong)}", f"thiếu hoặc bị đổi: {', '.join(wrong)}"),
        )


CASES: tuple[Case, ...] = (Original(), Receivers(), Checklist())
