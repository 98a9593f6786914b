"""What the directory's cases share: units that a lane makes up, orders to them, what had to follow."""

import re
import string

from conformance.cases.looking_up import ASKS, DIRECTORY, SYNCHRONISE, asked, changed, knew, owed, synced, watched
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
    "fetched",
    "fresh_code",
    "knew",
    "learns",
    "new_code",
    "offered",
    "owed",
    "reaches",
    "synced",
    "watched",
]

_MADE_UP = re.compile(r"H97\.(\d\d)\.(\d\d)")
_DIGITS = string.digits + string.ascii_uppercase


class Synchronising(Sending):
    """A case about the directory: the SUT claims to keep it up to date, and is seen doing so by what it sends."""

    capability = "directory_sync"


# ------------------------------------------------------------ driving


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
    """The SUT is to send to the lane's unit and to these, under ``label``: at once, or after a look-up, by itself or by
    being asked."""
    since = changed(stage.seen, codes[-1])
    done = await orders(stage, label, to=[stage.lane.unit, *codes])
    await stage.until(lambda seen: asked(seen, since), for_=ASKS)
    if not done or not asked(stage.seen, since):
        await synced(stage, since)
    if done or await orders(stage, label, to=[stage.lane.unit, *codes]):
        await leaves(stage, label)


# ------------------------------------------------------------ finding


def new_code(evidence: CaseEvidence, label: str) -> str:
    """The code of the unit that was registered for that order. Raises Unseen."""
    return str(evidence.noted("newcomer", label=label)["values"]["code"])


# ------------------------------------------------------------ judging


def fetched(check: Check, evidence: CaseEvidence, since: Record) -> Finding:
    """The directory had to be fetched after ``since``, where the SUT owed that by then."""
    if looks := asked(evidence, since):
        return check.held(Text("it was fetched after the change", "đã tải sau khi thay đổi"), since, *looks)
    if (why := owed(evidence, since)) is not None:
        return check.broken(
            Text(
                f"the directory changed and was never fetched, although {why.en}",
                f"danh bạ thay đổi mà không hề được tải, dù {why.vi}",
            ),
            since,
        )
    return check.unobserved(
        Text(
            "the SUT was not seen fetching the directory since the change; when it does is not known",
            "chưa thấy SUT tải danh bạ sau khi thay đổi; chưa biết khi nào SUT tải",
        ),
        since,
        remedy=SYNCHRONISE,
    )


def reaches(check: Check, evidence: CaseEvidence, label: str, *codes: str) -> Finding:
    """The order of that label had to reach these units; a refusal counts only after a look-up that knew them."""
    since = changed(evidence, codes[-1])
    record = answered(evidence, label)
    if record["status"] == 422:
        looks, error = knew(evidence, since, record), str(record["answer"].get("error", ""))
        if not looks:
            never = Text(
                "it was refused, but the SUT was not seen fetching the directory between the change and its answer",
                "bị từ chối, nhưng chưa thấy SUT tải danh bạ giữa lúc thay đổi và lúc trả lời",
            )
            return check.unobserved(never, since, record, remedy=SYNCHRONISE)
        late = f"the SUT fetched the directory, and still refuses: {error}"
        return check.broken(Text(late, f"SUT đã tải danh bạ mà vẫn từ chối: {error}"), since, looks[-1], record)
    document = found(evidence, evidence.order(label))
    if document is None and not asked(evidence, since):
        held_back = Text(
            "it was taken and has not left; the SUT was not seen fetching the directory since the change",
            "đã nhận yêu cầu nhưng chưa gửi; chưa thấy SUT tải danh bạ sau khi thay đổi",
        )
        return check.unobserved(held_back, since, record, remedy=SYNCHRONISE)
    if document is None:
        return leaving(check, evidence, label)
    missing = ", ".join(code for code in codes if code not in document.fact["to"])
    if missing and not knew(evidence, since, record):
        not_yet = Text(
            f"the document left, but not for {missing}, of which the SUT was not seen reading before",
            f"văn bản đã đi nhưng không đến {missing}; trước đó chưa thấy SUT đọc được đơn vị này",
        )
        return check.unobserved(not_yet, since, record, document, remedy=SYNCHRONISE)
    return check.decide(
        not missing,
        since,
        record,
        document,
        held=Text(f"reached: {', '.join(codes)}", f"đã đến: {', '.join(codes)}"),
        broken=Text(f"the document left, but not for {missing}", f"văn bản đã đi nhưng không đến {missing}"),
    )
