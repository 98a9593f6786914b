"""What the cases of this chapter share: combinations are sent, waited for together, judged one by one, and shrunk.

Each combination is one packet of the lane (note ``form``). Where one fails, smaller ones are sent until the smallest
that fails is known; a run in which nothing fails sends none of these. Nothing is held against a SUT that had not yet
fetched a packet, and no look is used that is older than what it is to show.
"""

import unicodedata
from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar

from conformance.case import Case
from conformance.cases.forms.covering import covering
from conformance.cases.forms.deviations import Combination, of_row, words
from conformance.cases.forms.shrinking import Outcomes, next_tries, smallest
from conformance.cases.forms.written import written
from conformance.evidence import CaseEvidence, Lane, Look, Record, Sent, Unseen
from conformance.finding import Check, Finding, Outcome
from conformance.stage import Condition, Stage
from simulator.protocol import codec
from simulator.protocol.package import Package, Packet
from simulator.protocol.reading import Reading
from simulator.words import Text

__all__ = [
    "Forms", "Trial", "arrived_all", "as_sent", "confirmed_all", "in_hand", "judged_all", "package_of",
    "patiently", "same_text", "too_early",
]  # fmt: skip

_ROUNDS = 3
_TRIES = 12
_WAITS = 12
_TOLD = 3
"""Causes that a finding names."""
_FETCH = Text("let the system poll until its list is empty", "để hệ thống hỏi trục cho đến khi danh sách trống")
_NONE_READ = Text("no lawful form was read either", "các dạng hợp lệ cũng không được đọc")
_LOOK_AGAIN = Text("run the case again with --only", "chạy lại riêng ca kiểm thử này bằng --only")
_CONFIRM = Text("the SUT to take the packets in", "SUT nhận các gói tin")


@dataclass(frozen=True, slots=True)
class Trial:
    """One combination that was sent: under which label, and what the case noted of it."""

    label: str
    combination: Combination
    lawful: bool
    about: Mapping[str, Any]


class Forms(Case):
    """A case that sends one kind of packet in many forms.

    ``strength``: 2 where every pair of deviations is to meet in one packet, 1 where each is to come once. ``parts``:
    the optional parts, each left out once. ``doubtful``: combinations that need only not be lost.
    """

    READ: ClassVar[Check]
    VISIBLE: ClassVar[Check]
    factors: ClassVar[Mapping[str, Sequence[str]]]
    parts: ClassVar[Sequence[str]] = ()
    doubtful: ClassVar[Sequence[str]] = ()
    strength: ClassVar[int] = 1
    box: ClassVar[str] = "in"

    def rows(self, draw: Random) -> tuple[Combination, ...]:
        """The lawful combinations; the parts to leave out are dealt to them in turn.

        Where a deviation comes only once, it does not come with a length that may be turned down: that would hide it.
        """
        apart = [key for key in self.factors["length"] if self.strength == 1 and self.refusable((key,))]
        lengths = [key for key in self.factors["length"] if key not in apart]
        table = covering({**self.factors, "length": lengths}, draw, strength=self.strength)
        parts = draw.sample(list(self.parts), len(self.parts))
        rows = [of_row(row, *parts[at :: len(table)]) for at, row in enumerate(table)]
        return (*rows, *((key,) for key in apart))

    async def drive(self, stage: Stage) -> None:
        """All at once; then, only where something failed, smaller ones."""
        await self.fly(stage, [*self.rows(stage.random), *((key,) for key in self.doubtful)], 0)
        for number in range(1, _ROUNDS + 1):
            tries = next_tries(self.outcomes(stage.seen), most=_TRIES)
            if not tries:
                return
            await self.fly(stage, tries, number)

    async def fly(self, stage: Stage, combinations: Sequence[Combination], number: int) -> None:
        """Send these, wait for what they bring, look once."""
        places = await self.prepare(stage, combinations, number)
        sent = []
        for at, (combination, about) in enumerate(zip(combinations, places, strict=True)):
            label = f"form {number}.{at}"
            packet, lane = self.packet(stage, combination, about)
            lawful = number > 0 or not (set(combination) & set(self.doubtful))
            stage.note("form", label=label, combination=list(combination), lawful=lawful, about=dict(about))
            data = written(packet, combination, stage.random)
            sent.append(await stage.plant(data, like=packet, label=label, lane=lane))
        await self.settle(stage, sent)
        await stage.look(self.box)

    async def prepare(
        self, stage: Stage, combinations: Sequence[Combination], number: int
    ) -> Sequence[Mapping[str, Any]]:
        """What each packet is about, where it needs something to be about: noted with it."""
        return [{} for _ in combinations]

    @abstractmethod
    def packet(self, stage: Stage, combination: Combination, about: Mapping[str, Any]) -> tuple[Packet, Lane]:
        """The tidy packet, and who sends it."""

    async def settle(self, stage: Stage, sent: Sequence[Sent]) -> None:
        """Wait until the SUT has done with them."""
        await patiently(stage, confirmed_all(sent), for_=_CONFIRM)

    # ------------------------------------------------------------ judging

    @abstractmethod
    def read(self, evidence: CaseEvidence, trial: Trial, look: Look) -> Finding:
        """Whether a lawful form was read, by the check READ. May raise Unseen."""

    @abstractmethod
    def seen(self, evidence: CaseEvidence, trial: Trial, look: Look) -> Finding:
        """Whether a doubtful form left a trace, by the check VISIBLE. May raise Unseen."""

    def broken(self, evidence: CaseEvidence, trial: Trial, look: Look) -> Outcome:
        """What a smaller combination is looked for by."""
        return _found(self.READ, self.read, evidence, trial, look).outcome

    def refusable(self, combination: Combination) -> bool:
        """Whether the SUT may turn it down, visibly, for what it says: that it held acquits nothing in it."""
        return False

    def outcomes(self, evidence: CaseEvidence) -> Outcomes:
        """Of each lawful combination that was seen to the end: whether it failed."""
        try:
            look = evidence.look(self.box)
        except Unseen:
            return {}
        found = {
            trial.combination: self.broken(evidence, trial, look) for trial in self.trials(evidence) if trial.lawful
        }
        return {
            key: outcome is Outcome.BROKEN
            for key, outcome in found.items()
            if outcome is Outcome.BROKEN or (outcome is Outcome.HELD and not self.refusable(key))
        }

    def trials(self, evidence: CaseEvidence) -> tuple[Trial, ...]:
        """What was sent, in order. Raises Unseen where nothing was."""
        evidence.noted("form")
        notes = [record["values"] for record in evidence.notes("form")]
        return tuple(Trial(each["label"], tuple(each["combination"]), each["lawful"], each["about"]) for each in notes)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The lawful ones, then the doubtful ones: of a SUT that reads none at all these say nothing."""
        trials, look = self.trials(evidence), evidence.look(self.box)
        yield judged_all(self.READ, self.read, evidence, [each for each in trials if each.lawful], look)
        if False in self.outcomes(evidence).values():
            yield judged_all(self.VISIBLE, self.seen, evidence, [each for each in trials if not each.lawful], look)
        else:
            yield self.VISIBLE.unobserved(_NONE_READ, look, remedy=Text("see the check before", "xem kiểm tra trước"))


Judge = Callable[[CaseEvidence, Trial, Look], Finding]


def judged_all(check: Check, judge: Judge, evidence: CaseEvidence, trials: Sequence[Trial], look: Look) -> Finding:
    """One finding of many: the smallest combinations that failed, in words; else what could not be seen; else held."""
    found = {trial.combination: _found(check, judge, evidence, trial, look) for trial in trials}
    failed = [each for each, finding in found.items() if finding.outcome is Outcome.BROKEN]
    unseen = [finding for finding in found.values() if finding.outcome is Outcome.UNOBSERVED]
    if failed:
        causes = smallest({each: each in failed for each in found})[:_TOLD]
        said = [_cause(each, found[each].because) for each in causes]
        count = Text(f"{len(failed)} of {len(found)} forms fail", f"{len(failed)}/{len(found)} dạng không đạt")
        because = Text(
            en=f"{count.en}; the smallest: " + "; ".join(text.en for text in said),
            vi=f"{count.vi}; nhỏ nhất: " + "; ".join(text.vi for text in said),
        )
        return Finding(check, Outcome.BROKEN, because, _cites(found[each] for each in causes))
    if unseen:
        because = Text(
            en=f"{len(unseen)} of {len(found)} forms could not be seen to the end: {unseen[0].because.en}",
            vi=f"{len(unseen)}/{len(found)} dạng chưa theo dõi được đến cùng: {unseen[0].because.vi}",
        )
        return Finding(check, Outcome.UNOBSERVED, because, unseen[0].cites, unseen[0].remedy)
    return Finding(
        check, Outcome.HELD, Text(f"all {len(found)} forms", f"cả {len(found)} dạng"), _cites(found.values())
    )


def _cause(combination: Combination, because: Text) -> Text:
    what = words(combination)
    return Text(en=f"[{what.en}] {because.en}", vi=f"[{what.vi}] {because.vi}")


def _cites(findings: Iterable[Finding]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(number for finding in findings for number in finding.cites))


def _found(check: Check, judge: Judge, evidence: CaseEvidence, trial: Trial, look: Look) -> Finding:
    try:
        return judge(evidence, trial, look)
    except Unseen as unseen:
        return check.unobserved(unseen.because, *unseen.cites, remedy=unseen.remedy)


# ---------------------------------------------------------------- steps and small questions


async def patiently(stage: Stage, condition: Condition, *, for_: Text) -> bool:
    """Wait for ``condition``, and go on as long as the SUT gets on with what waits for it: a backlog is ours.

    It gets on where it fetches, confirms or says something new of this case, or where anything leaves its list.
    """
    for _ in range(_WAITS):
        before = _progress(stage.seen)
        if await stage.until(condition, for_=for_):
            return True
        if _progress(stage.seen) == before:
            return False
    return False


def _progress(seen: CaseEvidence) -> int:
    own = seen.sut.system_id
    steps = {(fact, each["doc_id"]) for fact in ("fetched", "confirmed") for each in seen.facts(fact, system_id=own)}
    said = {
        (each.get("document_id"), each.get("status_code"), *(each.get("to") or ()))
        for each in seen.facts("accepted", system_id=own)
    }
    ever: dict[str, set[str]] = {}
    last: dict[str, set[str]] = {}
    for poll in seen.facts("polled", system_id=own):
        kind, listed = str(poll.get("message_type") or "edoc").lower(), set(poll.get("listed") or ())
        ever.setdefault(kind, set()).update(listed)
        last[kind] = listed
    return len(steps) + len(said) + sum(len(ever[kind] - last[kind]) for kind in ever)


def confirmed_all(sent: Sequence[Sent]) -> Condition:
    """Whether each of these was confirmed, with whatever word."""
    wanted = {each.doc_id for each in sent}

    def done(seen: CaseEvidence) -> bool:
        return wanted <= {each["doc_id"] for each in seen.facts("confirmed", system_id=seen.sut.system_id)}

    return done


def arrived_all(sent: Sequence[Sent]) -> Condition:
    """Whether each of these documents was confirmed, and reported by 01 or 02 unless it was given back."""

    def done(seen: CaseEvidence) -> bool:
        words = {each["doc_id"]: each["word"] for each in seen.facts("confirmed", system_id=seen.sut.system_id)}
        if not {each.doc_id for each in sent} <= words.keys():
            return False
        said = {each.document_id.strip() for each in seen.statuses_from_sut(None, "01", "02")}
        return all(each.document_id in said or words[each.doc_id] == "fail" for each in sent)

    return done


def in_hand(check: Check, evidence: CaseEvidence, sent: Sent) -> Record | Finding:
    """The SUT's confirm of a packet that it fetched; a finding where there is none. Raises Unseen: never fetched."""
    fetched, confirmed = evidence.fetched(sent), evidence.confirmed(sent)
    never = Text("the SUT never fetched it, so its form cannot have mattered", "SUT chưa tải gói tin nên chưa xét được")
    evidence.require(fetched or confirmed, never, sent, remedy=_FETCH)
    final = [each for each in confirmed if each["word"] in ("done", "fail")]
    if final:
        return final[0]
    return evidence.expect(
        check,
        (),
        fetched[0] if fetched else confirmed[0],
        held=Text("confirmed", "đã xác nhận"),
        broken=Text(
            "the SUT fetched it, polled on and never confirmed it", "SUT đã tải, vẫn hỏi trục nhưng không xác nhận"
        ),
    )


def too_early(check: Check, look: Look, *facts: Record) -> Finding | None:
    """Unobserved where the box was looked at before one of these facts; None where it was not."""
    if all(each.n < look.n for each in facts):
        return None
    because = Text("the box was looked at before the SUT had done with it", "đã xem hộp trước khi SUT xử lý xong")
    return check.unobserved(because, *facts, look, remedy=_LOOK_AGAIN)


def as_sent(evidence: CaseEvidence, sent: Sent) -> Reading:
    """What the lane sent, read once however often it is asked for."""
    known = evidence.readings.get(sent.sha256)
    if known is None:
        known = evidence.readings[sent.sha256] = codec.decode(evidence.blob(sent.sha256))
    return known


def package_of(evidence: CaseEvidence, sent: Sent) -> Package:
    """The same, of a packet that is no status."""
    packet = as_sent(evidence, sent).packet
    return packet if isinstance(packet, Package) else Package()


def same_text(one: object, other: object) -> bool:
    """Whether two texts are the same to a reader: Unicode form and white space at the ends aside."""
    return _plain(one) == _plain(other)


def _plain(text: object) -> str:
    return unicodedata.normalize("NFC", str(text or "")).strip()
