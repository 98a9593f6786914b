"""The frame of the chapter: one poisonous package between good ones of the same lane and of a neighbour. PK-07."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import ClassVar

from conformance.case import Case, Wave
from conformance.cases.disturbed import LONG
from conformance.cases.steps import codes, settled
from conformance.evidence import CaseEvidence, Sent
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.stage import Stage
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["EXPECTED", "ON", "VISIBLE", "Poison"]

ON = Text("the good ones around it arrive", "các văn bản tốt xung quanh vẫn đến")
VISIBLE = Text("the poison is refused where it can be seen", "gói độc hại bị từ chối rõ ràng")
EXPECTED = Text(
    "The good documents of both agencies arrive; the poison is confirmed 'fail' or answered with 02; polling goes on.",
    "Văn bản tốt của cả hai đơn vị đều đến; gói độc hại được xác nhận 'fail' hoặc trả lời 02; SUT vẫn hỏi trục.",
)
_GOOD = ("before", "beside", "after")


class Poison(Case):
    """Plants one bad package past the axis's admission; good ones stand before, beside and after it."""

    QUEUE: ClassVar[Check]
    REFUSED: ClassVar[Check]
    lanes = 2
    wave = Wave.HAZARD
    expected = EXPECTED

    @abstractmethod
    def bad(self, package: Package, bait: str) -> bytes:
        """The bytes that are wrong, made of a good package; ``bait``: the address of the canary."""

    async def drive(self, stage: Stage) -> None:
        """Good, poison, good of a neighbour, good; then a look at what is held."""
        neighbour = stage.lanes[1]
        async with stage.canary() as bait:
            before = await stage.send(letter(stage), label="before")
            package = letter(stage)
            poison = await stage.plant(self.bad(package, bait), like=package, label="poison")
            beside = await stage.send(letter(stage, lane=neighbour), label="beside", lane=neighbour)
            after = await stage.send(letter(stage), label="after")
            await stage.until(
                lambda seen: all(seen.statuses_from_sut(each, "01") for each in (before, beside, after)),
                for_=Text("01 for the good documents", "01 cho các văn bản tốt"),
                polls=LONG,
            )
            await settled(stage, poison)
            await stage.quiet(1)
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The good ones first: they are the twin of the refusal."""
        good = [evidence.sent(label) for label in _GOOD]
        arrived = {each.label: evidence.statuses_from_sut(each, "01") for each in good}
        lost = ", ".join(label for label, found in arrived.items() if not found)
        yield evidence.expect(
            self.QUEUE,
            () if lost else [found[0] for found in arrived.values()],
            good[-1],
            held=Text(
                "the good ones before, beside and after it arrived", "các văn bản tốt trước, bên cạnh, sau đều đến"
            ),
            broken=Text(f"no 01 for the good document: {lost}", f"không có 01 cho văn bản tốt: {lost}"),
        )
        evidence.require(
            any(arrived.values()), Text("not even a good document arrived", "văn bản tốt cũng không đến"), *good
        )
        yield self.refusal(evidence, evidence.sent("poison"))

    def refusal(self, evidence: CaseEvidence, poison: Sent) -> Finding:
        """``fail`` to the axis or 02 to the sender, and no row that holds it as a document."""
        failed, rejected = evidence.confirmed(poison, "fail"), evidence.statuses_from_sut(poison, "02")
        look = evidence.look("in")
        held = [row for row in look.of(poison.document_id) if row.get("state") not in ("refused", None)]
        words = ", ".join(str(each["word"]) for each in evidence.confirmed(poison)) or "–"
        statuses = codes(evidence.statuses_from_sut(poison))
        return self.REFUSED.decide(
            (failed or rejected) and not held,
            poison,
            *failed,
            *rejected,
            look,
            held=Text(
                f"refused: confirmed {words}, statuses {statuses}",
                f"đã từ chối: xác nhận {words}, trạng thái {statuses}",
            ),
            broken=Text(
                f"confirmed: {words}; statuses: {statuses}; {len(held)} rows hold it as a document",
                f"xác nhận: {words}; trạng thái: {statuses}; {len(held)} dòng coi như văn bản đã nhận",
            ),
        )
