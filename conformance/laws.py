"""What evidence cannot carry is not said: the laws that stand above every judge, applied to each of its findings. Pure.

1. *A look convicts nobody of what came after it.* What the SUT shows is held against it only where no step about the
   same documents came later: what the look would have shown was still on its way.
2. *Absence is shown by polls, not by seconds.* Where a wait of the case ended without the polls that it asked for (the
   SUT fell silent, the time of the run was used up), nothing is broken: what was missing might have come.
3. *Nothing is earned by silence.* Where the time in which a wrong thing could have shown itself was cut short, only
   what the records themselves show is held.
4. *A harness that struggles measures no time.* Where our own side was late, nothing is broken by how long it took.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from conformance.evidence import CaseEvidence
from conformance.finding import Finding, Outcome
from conformance.seen import Record
from simulator.words import Text

__all__ = ["timely", "upheld"]

_LOOKS = ("GET /control/documents", "GET /control/statistics")
_ACT, _SEND = "POST /control/act", "POST /control/send"
_CUT_SHORT = Text(
    en="not proved: the wait for '{for_}' ended after {seconds:.0f} s with {polls} of {asked} polls ({ended}); "
    "seen until then: {said}",
    vi="chưa chứng minh được: việc chờ '{for_}' kết thúc sau {seconds:.0f} giây với {polls}/{asked} lần hỏi trục "
    "({ended}); thấy được đến lúc đó: {said}",
)
_ENDED = {
    "silence": Text(en="the SUT polled no more", vi="SUT không hỏi trục nữa"),
    "time": Text(en="the time of the run was used up", vi="đã hết thời gian của lần chạy"),
}
_LATER = Text(
    en="not proved: the SUT was looked at (record {look}) before it had finished with the document (record {step}); "
    "seen until then: {said}",
    vi="chưa chứng minh được: đã xem SUT (bản ghi {look}) trước khi SUT xử lý xong văn bản (bản ghi {step}); thấy được "
    "đến lúc đó: {said}",
)
_STRUGGLED = Text(en="not proved: {why}; seen: {said}", vi="chưa chứng minh được: {why}; đã thấy: {said}")
_GO_ON = Text(
    en="let the SUT go on polling until the run is over, on a machine that is not busy with other things; a longer "
    "[timing] deadline_seconds bears longer silence",
    vi="để SUT tiếp tục hỏi trục đến hết lần chạy, trên máy không bận việc khác; tăng [timing] deadline_seconds thì bộ "
    "kiểm chịu được khoảng lặng dài hơn",
)
_ELSEWHERE = Text(
    en="run again on a machine that is not busy with other things",
    vi="chạy lại trên máy không bận việc khác",
)
_ALONE = Text(
    en="run the case by itself with --only, and let the SUT poll more often",
    vi="chạy riêng ca kiểm thử này bằng --only và để SUT hỏi trục thường xuyên hơn",
)


def upheld(finding: Finding, evidence: CaseEvidence) -> Finding:
    """The finding where the evidence carries it; else the same, unobserved, with what would make it visible."""
    if finding.outcome is Outcome.BROKEN:
        if not finding.by_silence and (wait := _cut_short(evidence)) is not None:
            return _unproved(finding, _filled(_CUT_SHORT, wait, finding), wait, _GO_ON)
        if (later := _after_the_look(finding, evidence)) is not None:
            look, step = later
            because = _LATER.filled(look=look.n, step=step.n, said="{said}")
            return _unproved(finding, _said(because, finding), step, _ALONE)
    elif finding.outcome is Outcome.HELD and not finding.shown and (wait := _cut_short(evidence, hush=True)):
        return _unproved(finding, _filled(_CUT_SHORT, wait, finding), wait, _GO_ON)
    return finding


def timely(finding: Finding, struggles: Sequence[Text]) -> Finding:
    """The finding; unobserved where it rests on time and the harness itself struggled, for these reasons."""
    if finding.outcome is not Outcome.BROKEN or not (finding.timed or finding.by_silence) or not struggles:
        return finding
    why, said = struggles[0], finding.because
    because = Text(en=_STRUGGLED.en.format(why=why.en, said=said.en), vi=_STRUGGLED.vi.format(why=why.vi, said=said.vi))
    return replace(finding, outcome=Outcome.UNOBSERVED, because=because, remedy=_ELSEWHERE)


def _unproved(finding: Finding, because: Text, cite: Record, remedy: Text) -> Finding:
    cites = tuple(dict.fromkeys((*finding.cites, cite.n)))
    return replace(finding, outcome=Outcome.UNOBSERVED, because=because, cites=cites, remedy=remedy)


def _said(text: Text, finding: Finding) -> Text:
    return Text(en=text.en.replace("{said}", finding.because.en), vi=text.vi.replace("{said}", finding.because.vi))


def _filled(text: Text, wait: Record, finding: Finding) -> Text:
    ended = _ENDED.get(str(wait.get("ended")), _ENDED["silence"])
    numbers = {"seconds": wait["seconds"], "polls": wait["polls"], "asked": wait.get("asked", "?")}
    return Text(
        en=text.en.format(for_=wait["for"]["en"], ended=ended.en, said=finding.because.en, **numbers),
        vi=text.vi.format(for_=wait["for"]["vi"], ended=ended.vi, said=finding.because.vi, **numbers),
    )


# ---------------------------------------------------------------- law 2 and 3


def _cut_short(evidence: CaseEvidence, *, hush: bool = False) -> Record | None:
    """The first wait that ended without its polls; ``hush``: only of those in which nothing was to happen."""
    for record in evidence.records:
        if record.kind == "wait" and not record["met"] and _short(record) and (not hush or record.get("hush")):
            return record
    return None


def _short(wait: Record) -> bool:
    ended = wait.get("ended")
    return ended in _ENDED if ended is not None else not wait["polls"]  # a run of before 2026-12 says no more


# ---------------------------------------------------------------- law 1


def _after_the_look(finding: Finding, evidence: CaseEvidence) -> tuple[Record, Record] | None:
    """The last look that the finding cites, and a step of the SUT about the same documents that came after it."""
    cited = set(finding.cites)
    looks = [each for each in evidence.records if each.n in cited and each.kind == "act" and each["call"] in _LOOKS]
    if not looks:
        return None
    look = looks[-1]
    step = next(_steps_after(look, evidence, cited), None)
    return (look, step) if step is not None else None


def _steps_after(look: Record, evidence: CaseEvidence, cited: set[int]) -> Iterator[Record]:
    """First-time steps about what was sent or ordered before the look, unless something later called for them."""
    packages = {each["values"]["doc_id"] for each in evidence.notes("sent") if each.n < look.n}
    named = {str(each["values"]["document_id"]) for each in evidence.notes("sent") if each.n < look.n}
    named |= {str((each["answer"] or {}).get("document_id")) for each in evidence.acts(_SEND) if each.n < look.n}
    called_for = {str((each["request"] or {}).get("document_id")) for each in evidence.acts(_ACT) if each.n > look.n}
    called_for |= {str(each["values"]["document_id"]) for each in evidence.notes("sent") if each.n > look.n}
    before: set[tuple[str, str]] = set()
    for record in evidence.records:
        if record.kind != "fact" or record.get("system_id") != evidence.sut.system_id:
            continue
        match record["fact"]:
            case "fetched" | "confirmed" if record["doc_id"] in packages:
                step, later_call = (str(record["fact"]), str(record["doc_id"])), False
            case "accepted" if record.n in cited or record.get("document_id") in named:
                document = str(record.get("document_id") or "")
                step, later_call = (str(record.get("status_code") or "edoc"), document), document in called_for
            case _:
                continue
        if record.n > look.n and step not in before and not later_call:
            yield record
        before.add(step)
