"""All at once, or long after: heaps in one poll, older ones behind newer ones, shuffled lists. TR-05, DU-02."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from conformance.case import Case, Wave
from conformance.cases.steps import arrive, took
from conformance.evidence import CaseEvidence, Lane, Sent
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.stage import Stage
from simulator.protocol.package import Package, TraceHeader, TraceHeaderList
from simulator.words import Text

__all__ = ["CASES"]


def _missing(evidence: CaseEvidence, sent: list[Sent]) -> list[str]:
    return [each.label for each in sent if not evidence.statuses_from_sut(each, "01")]


def _require_all(evidence: CaseEvidence, sent: list[Sent]) -> None:
    """The twin of 'once' and 'not mixed up': each was taken in, reported with 01 and not refused. Raises Unseen."""
    good = not _missing(evidence, sent) and all(took(evidence, each) for each in sent)
    evidence.require(good, Text("not all of them were taken in", "chưa nhận đủ các văn bản"), sent[-1])


class Heap(Case):
    """Thirty documents of two agencies at once: all of them, each once, none under another one's name."""

    id = "ordering/thirty-at-once"
    title = Text("Thirty documents at once", "Ba mươi văn bản cùng lúc")
    expected = Text(
        "One poll or several: every document is registered once, with its own subject, and reported with one 01.",
        "Một lần hay nhiều lần hỏi trục: mỗi văn bản vào sổ một lần, đúng trích yếu, báo một 01.",
    )
    lanes = 2
    ALL = Check("order-heap-all-arrive", ("TR-05",), Text("all arrive", "đến đủ"))
    ONCE = Check("order-heap-each-once", ("ST-11", "DU-02"), Text("each once", "mỗi văn bản một lần"))
    OWN = Check("order-heap-not-mixed-up", ("HD-32",), Text("none is mixed up", "không lẫn văn bản"))
    checks = (ALL, ONCE, OWN)
    SIZE = 15

    async def drive(self, stage: Stage) -> None:
        """Both lanes at the same time, so that a list holds many of them."""
        await asyncio.gather(*(self._fill(stage, lane, place) for place, lane in enumerate(stage.lanes)))
        sent = [stage.seen.sent(f"{place}-{number}") for place in range(2) for number in range(self.SIZE)]
        await arrive(stage, *sent, polls=6)
        await stage.quiet()
        await stage.look("in")

    async def _fill(self, stage: Stage, lane: Lane, place: int) -> None:
        for number in range(self.SIZE):
            subject = f"Về việc thử tải số {place}-{number:02}"
            stage.note("subject", label=f"{place}-{number}", subject=subject)
            package = letter(stage, lane=lane, number=str(2000 + 100 * place + number), subject=subject)
            await stage.send(package, label=f"{place}-{number}", lane=lane)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """All first: they are the twins of the rest."""
        sent = [evidence.sent(str(note["values"]["label"])) for note in evidence.notes("subject")]
        evidence.require(sent, Text("nothing was sent", "chưa gửi gì"))
        lost = ", ".join(_missing(evidence, sent))
        yield evidence.expect(
            self.ALL,
            () if lost else [evidence.statuses_from_sut(each, "01")[0] for each in sent],
            sent[-1],
            held=Text(f"01 for each of {len(sent)}", f"đủ 01 cho {len(sent)} văn bản"),
            broken=Text(f"no 01 for: {lost}", f"không có 01 cho: {lost}"),
        )
        _require_all(evidence, sent)
        look = evidence.look("in")
        rows = {each.label: look.counted(each.document_id) for each in sent}
        evidence.require(any(rows.values()), Text("none is listed", "không có văn bản nào trong danh sách"), look)
        many = [
            each.label for each in sent
            if len(rows[each.label]) > 1 or len(evidence.statuses_from_sut(each, "01")) > 1
        ]  # fmt: skip
        yield self.ONCE.decide(
            not many,
            sent[-1],
            look,
            held=Text("one row and one 01 for each", "mỗi văn bản một dòng và một 01"),
            broken=Text(f"more than once: {', '.join(many)}", f"hơn một lần: {', '.join(many)}"),
        )
        subjects = {str(note["values"]["label"]): note["values"]["subject"] for note in evidence.notes("subject")}
        shown = {label: {row.get("subject") for row in found} for label, found in rows.items()}
        mixed = [label for label, found in shown.items() if found and subjects[label] not in found]
        yield self.OWN.decide(
            not mixed,
            sent[-1],
            look,
            held=Text("each has its own subject", "mỗi văn bản đúng trích yếu"),
            broken=Text(f"another one's subject: {', '.join(mixed)}", f"sai trích yếu: {', '.join(mixed)}"),
        )


class OlderAfterNewer(Case):
    """A document that was three days on its way arrives behind newer ones of the same agency."""

    id = "ordering/older-after-newer"
    title = Text("An older document behind newer ones", "Văn bản cũ đến sau văn bản mới")
    expected = Text(
        "The list decides what is new, not dates: nothing is skipped because it is older than what came before.",
        "Danh sách chờ quyết định cái gì mới, không phải ngày tháng: không bỏ qua văn bản vì cũ hơn.",
    )
    ALL = Check("order-older-ones-arrive", ("TR-05", "TM-03"), Text("the older ones arrive", "văn bản cũ vẫn đến"))
    checks = (ALL,)

    async def drive(self, stage: Stage) -> None:
        """Today's, then those of one and of three days ago."""
        await arrive(stage, await stage.send(letter(stage), label="today"))
        for days in (1, 3):
            old = stage.now().replace(microsecond=0) - timedelta(days=days)
            package = letter(stage, issued=old.date())
            await arrive(stage, await stage.send(_on_its_way(package, stage, days), label=f"{days} days"))

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Today's is the twin."""
        today, old = evidence.sent("today"), [evidence.sent("1 days"), evidence.sent("3 days")]
        evidence.require(
            evidence.statuses_from_sut(today, "01"),
            Text("not even today's arrived", "văn bản mới cũng không đến"),
            today,
        )
        lost = ", ".join(_missing(evidence, old))
        yield evidence.expect(
            self.ALL,
            () if lost else [evidence.statuses_from_sut(each, "01")[0] for each in old],
            old[-1],
            held=Text("01 for each", "đủ 01"),
            broken=Text(f"no 01 for what was on its way for: {lost}", f"không có 01 cho văn bản trễ: {lost}"),
        )


def _on_its_way(package: Package, stage: Stage, days: int) -> Package:
    """The same package, its TraceHeader so many days old."""
    stamp = stage.now().replace(microsecond=0) - timedelta(days=days)
    business = package.trace.business if package.trace else None
    return replace(package, trace=TraceHeaderList(headers=(TraceHeader(stage.lane.unit, stamp),), business=business))


class ShuffledList(Case):
    """The axis lists what waits in another order at every poll: nothing is lost, nothing comes twice."""

    id = "ordering/shuffled-list"
    title = Text("A list in another order each time", "Danh sách mỗi lần một thứ tự")
    expected = Text(
        "The order of the list means nothing: every document once, whatever stands first.",
        "Thứ tự danh sách không có ý nghĩa: mỗi văn bản đúng một lần.",
    )
    wave = Wave.HAZARD
    ALL = Check("order-shuffled-all-arrive", ("TR-05",), Text("all arrive", "đến đủ"))
    ONCE = Check("order-shuffled-each-once", ("ST-11", "DU-02"), Text("each once", "mỗi văn bản một lần"))
    checks = (ALL, ONCE)
    SIZE = 8

    async def drive(self, stage: Stage) -> None:
        """All in the list before it is given out."""
        async with stage.fault("shuffled-list", label="shuffled"):
            packages = [letter(stage, number=str(3000 + number)) for number in range(self.SIZE)]
            sent = await asyncio.gather(
                *(stage.send(package, label=f"{number}") for number, package in enumerate(packages))
            )
            await arrive(stage, *sent, polls=5)
            await stage.quiet(1)
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """All, then once."""
        sent = [evidence.sent(str(number)) for number in range(self.SIZE)]
        lost = ", ".join(_missing(evidence, sent))
        yield evidence.expect(
            self.ALL,
            () if lost else [evidence.statuses_from_sut(each, "01")[0] for each in sent],
            sent[-1],
            held=Text(f"01 for each of {len(sent)}", f"đủ 01 cho {len(sent)} văn bản"),
            broken=Text(f"no 01 for: {lost}", f"không có 01 cho: {lost}"),
        )
        _require_all(evidence, sent)
        look = evidence.look("in")
        evidence.require(look.of(sent[0].document_id), Text("it is not listed", "không có trong danh sách"), look)
        many = [
            each.label for each in sent
            if len(look.counted(each.document_id)) > 1 or len(evidence.statuses_from_sut(each, "01")) > 1
        ]  # fmt: skip
        yield self.ONCE.decide(
            not many,
            sent[-1],
            look,
            held=Text("one row and one 01 for each", "mỗi văn bản một dòng và một 01"),
            broken=Text(f"more than once: {', '.join(many)}", f"hơn một lần: {', '.join(many)}"),
        )


CASES: tuple[Case, ...] = (Heap(), OlderAfterNewer(), ShuffledList())
