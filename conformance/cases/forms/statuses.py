"""Statuses of the receivers in every form: 01 … 06, and 15 and 16 to a take-back. The out-box shows each."""

from collections.abc import Mapping, Sequence
from typing import Any

from conformance.case import Case, Role
from conformance.cases.forms import packets
from conformance.cases.forms.deviations import ANSWER_CODES, FACTORS, PROGRESS_CODES, Combination
from conformance.cases.forms.kit import Forms, Trial, as_sent, confirmed_all, in_hand, patiently, too_early
from conformance.evidence import CaseEvidence, Lane, Look, SeenDocument
from conformance.finding import Check, Finding
from conformance.letters import order
from conformance.stage import Stage, StageEnd
from simulator.protocol.package import Package, Packet
from simulator.words import Text

__all__ = ["CASES", "lanes_told", "left_for", "shown_to"]

_LEAVE = Text("the SUT's documents to reach the axis", "các văn bản của SUT đến trục")
_BEFORE = Text("the SUT to take the earlier statuses in", "SUT nhận các trạng thái trước đó")
_ASKED = Text("13 to leave for every receiver", "13 được gửi đến mọi nơi nhận")
_BEFORE_CODE = {"03": ("01",), "04": ("01", "03"), "05": ("01", "03"), "06": ("01", "03", "05")}
"""What a receiver says before it, so that it stands in its order (ST-10)."""
_FOR_ANOTHER = ("twice:MessageHeader/From", "twice:MessageHeader/ResponseFor")
"""Which of the two is meant cannot be told: nothing need be shown."""


def left_for(evidence: CaseEvidence, document_id: str) -> SeenDocument | None:
    """The packet of the SUT with that DocumentId, once it has left."""
    return next((each for each in evidence.documents_from_sut() if each.package.document_id == document_id), None)


async def lanes_told(stage: Stage, how_many: int, label: str) -> list[tuple[str, int]]:
    """(DocumentId, lane) so often: the SUT sends as many documents as it takes, each to all lanes, which fetch them.

    Raises StageEnd where one of them never leaves.
    """
    units = [lane.unit for lane in stage.lanes]
    orders = -(-how_many // len(units))
    ids = [await stage.order(label=f"{label}.{at}", **order(stage, to=units)) for at in range(orders)]
    await patiently(stage, lambda seen: all(left_for(seen, each) for each in ids), for_=_LEAVE)
    if not all(left_for(stage.seen, each) for each in ids):
        raise StageEnd("a document never left")
    for lane in stage.lanes:
        await stage.collect(lane=lane)
    return [(each, at) for each in ids for at in range(len(units))][:how_many]


def shown_to(look: Look, document_id: str, lane: Lane) -> list[Mapping[str, Any]]:
    """What the out-box shows of that receiver, in every row of the document."""
    return [
        receiver
        for row in look.of(document_id)
        for receiver in row.get("receivers") or ()
        if receiver.get("organ") in lane.codes
    ]


class _Statuses(Forms):
    """A status of a lane about what the SUT sent it."""

    role = Role.SENDER
    lanes = 7
    box = "out"
    parts = packets.STATUS_PARTS
    doubtful = packets.DOUBTFUL_STATUS
    usual = "03"

    def code_of(self, combination: Combination) -> str:
        """The code that the packet bears."""
        return next((key[-2:] for key in combination if key.startswith("code-")), self.usual)

    async def prepare(
        self, stage: Stage, combinations: Sequence[Combination], number: int
    ) -> Sequence[Mapping[str, Any]]:
        """A receiver of a document for each, who has said what comes before."""
        places = await lanes_told(stage, len(combinations), f"order {number}")
        await self.before(
            stage, [(*place, self.code_of(each)) for place, each in zip(places, combinations, strict=True)]
        )
        return [{"document_id": document_id, "lane": lane} for document_id, lane in places]

    async def before(self, stage: Stage, places: Sequence[tuple[str, int, str]]) -> None:
        """Tidy statuses, one second after another, taken in by the SUT."""
        earlier = [
            await stage.send(
                packets.status_about(stage, _package(stage, document_id), code, stage.lanes[at], later=later),
                label=f"{code} before {document_id} at {at}",
                lane=stage.lanes[at],
            )
            for document_id, at, next_code in places
            for later, code in enumerate(_BEFORE_CODE.get(next_code, ()))
        ]
        await patiently(stage, confirmed_all(earlier), for_=_BEFORE)

    def packet(self, stage: Stage, combination: Combination, about: Mapping[str, Any]) -> tuple[Packet, Lane]:
        """Later than what came before."""
        lane = stage.lanes[about["lane"]]
        package = _package(stage, about["document_id"])
        return packets.status_about(stage, package, self.code_of(combination), lane, later=4), lane

    def read(self, evidence: CaseEvidence, trial: Trial, look: Look) -> Finding:
        """Confirmed with done, and shown at its receiver."""
        check, sent = self.READ, evidence.sent(trial.label)
        taken = in_hand(check, evidence, sent)
        if isinstance(taken, Finding):
            return taken
        if taken["word"] == "fail":
            return check.broken(Text("confirmed with 'fail'", "xác nhận 'fail'"), sent, taken)
        if early := too_early(check, look, taken):
            return early
        wanted, shown = self.code_of(trial.combination), self.shown(evidence, trial, look)
        return check.decide(
            wanted in shown,
            sent,
            taken,
            look,
            held=Text(f"{wanted} is shown", f"hiển thị {wanted}"),
            broken=Text(
                f"the out-box shows '{', '.join(shown)}' instead of {wanted}",
                f"hộp đi hiển thị '{', '.join(shown)}' thay vì {wanted}",
            ),
        )

    def shown(self, evidence: CaseEvidence, trial: Trial, look: Look) -> list[str]:
        """The codes that stand at the receiver; "" for none. Raises Unseen where the document has no row."""
        document_id, lane = trial.about["document_id"], evidence.lanes[trial.about["lane"]]
        rows = shown_to(look, document_id, lane)
        because = Text("the out-box does not list that receiver", "hộp đi không có nơi nhận này")
        evidence.require(rows, because, look)
        return sorted({str(row.get("status") or "") for row in rows})

    def seen(self, evidence: CaseEvidence, trial: Trial, look: Look) -> Finding:
        """One of its codes is shown, or it was given back."""
        check, sent = self.VISIBLE, evidence.sent(trial.label)
        taken = in_hand(check, evidence, sent)
        if isinstance(taken, Finding):
            return taken
        if taken["word"] == "fail":
            return check.held(Text("given back with 'fail'", "trả lại bằng 'fail'"), sent, taken)
        if early := too_early(check, look, taken):
            return early
        said = {leaf.text.strip() for leaf in as_sent(evidence, sent).texts("MessageHeader/StatusCode")}
        shown = self.shown(evidence, trial, look)
        return check.decide(
            said & set(shown) or set(trial.combination) & set(_FOR_ANOTHER),
            sent,
            taken,
            look,
            held=Text(f"shown: {', '.join(shown)}", f"hiển thị: {', '.join(shown)}"),
            broken=Text(
                f"confirmed with 'done', but the out-box still shows '{', '.join(shown)}'",
                f"xác nhận 'done' nhưng hộp đi vẫn hiển thị '{', '.join(shown)}'",
            ),
        )


def _package(stage: Stage, document_id: str) -> Package:
    seen = left_for(stage.seen, document_id)
    if seen is None:
        raise StageEnd("the document never left")
    return seen.package


class Progress(_Statuses):
    """01 … 06, one for every pair of deviations."""

    id = "forms/statuses"
    title = Text("Statuses in every lawful form", "Gói trạng thái ở mọi dạng hợp lệ")
    expected = Text(
        "The out-box shows 01 … 06 at each receiver, whatever the form of the packet and the length of its text.",
        "Hộp đi hiển thị 01 … 06 của từng nơi nhận, dù gói tin ở dạng nào, nội dung dài bao nhiêu.",
    )
    READ = Check(
        "status-forms-read", ("PK-02", "PK-01", "EN-02", "ST-02"), Text("every form is read", "đọc được mọi dạng")
    )
    VISIBLE = Check(
        "doubtful-statuses-not-lost", ("ST-02",), Text("doubtful ones are not lost", "dạng không rõ ràng không bị mất")
    )
    checks = (READ, VISIBLE)
    factors = FACTORS | {"code": PROGRESS_CODES}
    strength = 2


class Answers(_Statuses):
    """15 and 16 to a take-back of the SUT."""

    id = "forms/answers"
    title = Text("Answers 15 and 16 in every lawful form", "Trả lời 15, 16 ở mọi dạng hợp lệ")
    expected = Text(
        "The out-box shows 15 or 16 at each receiver, whatever the form of the packet.",
        "Hộp đi hiển thị 15 hoặc 16 của từng nơi nhận, dù gói tin ở dạng nào.",
    )
    capability = "take_back"
    READ = Check(
        "answer-forms-read", ("PK-02", "PK-01", "EN-02", "BZ-08"), Text("every form is read", "đọc được mọi dạng")
    )
    VISIBLE = Check(
        "doubtful-answers-not-lost", ("ST-02",), Text("doubtful ones are not lost", "dạng không rõ ràng không bị mất")
    )
    checks = (READ, VISIBLE)
    factors = FACTORS | {"code": ANSWER_CODES}
    usual = "15"
    REASON = "Ban hành nhầm, đề nghị lấy lại"

    async def before(self, stage: Stage, places: Sequence[tuple[str, int, str]]) -> None:
        """Each receiver says 01; the SUT's clerk asks all of them to give the document back."""
        await super().before(stage, [(document_id, at, "03") for document_id, at, _ in places])
        ids = list(dict.fromkeys(document_id for document_id, _, _ in places))
        for document_id in ids:
            await stage.act("take-back", document_id, reason=self.REASON)

        def asked(seen: CaseEvidence) -> bool:
            named = [
                (each.document_id, each.packet.response_for.organ_id)
                for each in seen.statuses_from_sut(None, "13")
                if each.packet.response_for
            ]
            return all(
                any((document_id, code) in named for code in stage.lanes[at].codes) for document_id, at, _ in places
            )

        await patiently(stage, asked, for_=_ASKED)
        for lane in stage.lanes:
            await stage.collect(lane=lane)


CASES: tuple[Case, ...] = (Progress(), Answers())
