"""What the directory's cases share: units that a lane makes up, the watch on the SUT's look-ups, what had to follow.

The SUT's look-ups are seen through a fault that delays nothing (``slow-answer`` of 0 s): each is a note ``struck``.
What a SUT knows is judged only after it was seen fetching the directory; before that it cannot know better.
"""

import re
import string
from contextlib import AbstractAsyncContextManager

from conformance.cases.sending.base import Sending, answered, found, leaves, leaving, orders
from conformance.evidence import CaseEvidence, Record
from conformance.finding import Check, Finding
from conformance.stage import Stage
from simulator.words import Text

__all__ = [
    "ASKS",
    "DIRECTORY",
    "SYNCHRONISE",
    "Synchronising",
    "asked",
    "changed",
    "fresh_code",
    "learns",
    "new_code",
    "offered",
    "reaches",
    "watched",
]

DIRECTORY = ("getAgenciesList", "getAgenciesListQD20", "getSynchronizeUnit")
"""The three operations that give the directory."""
ASKS = Text("the SUT to fetch the directory", "SUT tải danh bạ đơn vị")
SYNCHRONISE = Text(
    "let the system fetch the directory while the suite runs, at the latest when an order names an unknown unit",
    "để hệ thống tải danh bạ trong khi bộ kiểm chạy, muộn nhất là khi yêu cầu gửi nêu đơn vị chưa biết",
)
_WATCH = "directory"
_MADE_UP = re.compile(r"H97\.(\d\d)\.(\d\d)")
_DIGITS = string.digits + string.ascii_uppercase


class Synchronising(Sending):
    """A case about the directory: the SUT claims to keep it up to date, and is seen doing so by what it sends."""

    capability = "directory_sync"


# ------------------------------------------------------------ driving


def watched(stage: Stage) -> AbstractAsyncContextManager[None]:
    """Inside this block each look-up of the SUT is in the evidence; nothing is delayed."""
    return stage.fault("slow-answer", label=_WATCH, operations=DIRECTORY, seconds=0.0)


def fresh_code(stage: Stage) -> str:
    """The code of a unit under the lane's, made up; long after the last that any list has. Nobody else makes it up."""
    taken = {record["unit"] for record in stage.seen.facts("unit-registered")}
    unit, own = stage.lane.unit, _MADE_UP.fullmatch(stage.lane.unit)
    top = unit if len(unit) == 3 else "H96"
    while True:
        first = _base36((int(own[1]) - 1) * 99 + int(own[2]) - 1) if own else stage.random.randint(51, 89)
        code = f"{top}.{first}.{stage.random.randint(60, 99)}"
        if code not in taken:
            return code


def _base36(number: int) -> str:
    """Two digits for the number of a made-up agency (lanes.py), of which there are fewer than 1,296."""
    return _DIGITS[number // 36 % 36] + _DIGITS[number % 36]


async def learns(stage: Stage, label: str, name: str) -> str:
    """Register a unit and have the SUT send to it; where it would not, once more after it fetched the directory."""
    code = fresh_code(stage)
    stage.note("newcomer", label=label, code=code)
    await stage.register_unit(code, name)
    await offered(stage, label, code)
    return code


async def offered(stage: Stage, label: str, *codes: str) -> None:
    """The SUT is to send to the lane's unit and to these, under ``label``: at once, or after a look-up."""
    since = changed(stage.seen, codes[-1])
    done = await orders(stage, label, to=[stage.lane.unit, *codes])
    await stage.until(lambda seen: asked(seen, since), for_=ASKS)
    if done or await orders(stage, label, to=[stage.lane.unit, *codes]):
        await leaves(stage, label)


# ------------------------------------------------------------ finding


def new_code(evidence: CaseEvidence, label: str) -> str:
    """The code of the unit that was registered for that order. Raises Unseen."""
    return str(evidence.noted("newcomer", label=label)["values"]["code"])


def changed(evidence: CaseEvidence, code: str) -> Record:
    """The last change of that unit in the axis's directory. Raises Unseen."""
    facts = (*evidence.facts("unit-registered", unit=code), *evidence.facts("unit-closed", unit=code))
    evidence.require(facts, Text(f"{code} never changed", f"{code} chưa thay đổi"))
    return max(facts, key=lambda fact: fact.n)


def asked(evidence: CaseEvidence, since: Record, until: Record | None = None) -> tuple[Record, ...]:
    """The SUT's look-ups after ``since`` (and before ``until``)."""
    return tuple(
        note
        for note in evidence.notes("fault")
        if (note["values"]["label"], note["values"]["event"]) == (_WATCH, "struck")
        and since.n < note.n < (until.n if until else note.n + 1)
    )


# ------------------------------------------------------------ judging


def reaches(check: Check, evidence: CaseEvidence, label: str, *codes: str) -> Finding:
    """The order of that label had to reach these units; a refusal counts only after a look-up that knew them."""
    since = changed(evidence, codes[-1])
    record = answered(evidence, label)
    if record["status"] == 422:
        looks, error = asked(evidence, since, record), str(record["answer"].get("error", ""))
        if not looks:
            never = Text(
                "it was refused, but the SUT was not seen fetching the directory since the change",
                "bị từ chối, nhưng chưa thấy SUT tải danh bạ sau khi thay đổi",
            )
            return check.unobserved(never, since, record, remedy=SYNCHRONISE)
        late = f"the SUT fetched the directory, and still refuses: {error}"
        return check.broken(Text(late, f"SUT đã tải danh bạ mà vẫn từ chối: {error}"), since, looks[-1], record)
    document = found(evidence, evidence.order(label))
    if document is None:
        return leaving(check, evidence, label)
    missing = ", ".join(code for code in codes if code not in document.fact["to"])
    return check.decide(
        not missing,
        since,
        record,
        document,
        held=Text(f"reached: {', '.join(codes)}", f"đã đến: {', '.join(codes)}"),
        broken=Text(f"the document left, but not for {missing}", f"văn bản đã đi nhưng không đến {missing}"),
    )
