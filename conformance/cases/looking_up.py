"""Whether the SUT has read the axis's directory: the watch on its look-ups, and what it owes after a change.

The SUT's look-ups are seen through a fault that delays nothing (``slow-answer`` of 0 s): each is a note ``struck``.
What a SUT knows is judged only after it was seen fetching the directory; before that it cannot know better. When it
fetches is its own affair: it owes a look-up only where it was asked for one (``POST /control/sync``) or the period
that its file names is over.
"""

from contextlib import AbstractAsyncContextManager
from dataclasses import replace

from conformance.evidence import PATIENCE, CaseEvidence, Record
from conformance.stage import DIRECTORY, Stage
from simulator.words import Text

__all__ = ["ASKS", "DIRECTORY", "SYNCHRONISE", "asked", "changed", "knew", "owed", "synced", "watched"]

ASKS = Text("the SUT to fetch the directory", "SUT tải danh bạ đơn vị")
SYNCHRONISE = Text(
    "offer POST /control/sync, or say in [timing] directory_seconds how often the system fetches the directory, or let "
    "it fetch the directory when an order names an unknown unit",
    "cung cấp POST /control/sync, hoặc ghi [timing] directory_seconds là chu kỳ hệ thống tải danh bạ, hoặc để hệ thống "
    "tải danh bạ khi yêu cầu gửi nêu đơn vị chưa biết",
)
_WATCH = "directory"


def watched(stage: Stage) -> AbstractAsyncContextManager[None]:
    """Inside this block each look-up of the SUT is in the evidence; nothing is delayed."""
    return stage.fault("slow-answer", label=_WATCH, operations=DIRECTORY, seconds=0.0)


async def synced(stage: Stage, since: Record | None = None) -> None:
    """Inside the watch: have the SUT fetch the directory after ``since``, and give it two polls to take that over."""
    await stage.sync(lambda seen: asked(seen, since))
    await stage.quiet(PATIENCE)


def changed(evidence: CaseEvidence, code: str) -> Record:
    """The last change of that unit in the axis's directory. Raises Unseen."""
    facts = (*evidence.facts("unit-registered", unit=code), *evidence.facts("unit-closed", unit=code))
    evidence.require(facts, Text(f"{code} never changed", f"{code} chưa thay đổi"))
    return max(facts, key=lambda fact: fact.n)


def asked(evidence: CaseEvidence, since: Record | None = None, until: Record | None = None) -> tuple[Record, ...]:
    """The SUT's look-ups, after ``since`` and before ``until`` where these are given."""
    return tuple(
        note
        for note in evidence.notes("fault")
        if (note["values"]["label"], note["values"]["event"]) == (_WATCH, "struck")
        and (since is None or since.n < note.n)
        and (until is None or note.n < until.n)
    )


def knew(evidence: CaseEvidence, since: Record | None, until: Record) -> tuple[Record, ...]:
    """The look-ups after ``since`` that the SUT had taken over when it gave the answer ``until``.

    A look-up is seen when it begins. It counts two polls later, and only where the SUT asked for every list that it
    uses: one that it read before the change cannot name what changed.
    """
    before = replace(evidence, records=[record for record in evidence.records if record.n < until.n])
    looks = [each for each in asked(before, since) if before.polls_after(each.n) >= PATIENCE]
    used = {_operation(each) for each in asked(evidence)}
    return tuple(looks) if used <= {_operation(each) for each in looks} else ()


def _operation(look: Record) -> str:
    return str(look["values"].get("operation"))


def owed(evidence: CaseEvidence, since: Record) -> Text | None:
    """Why the SUT had to have fetched the directory after ``since``; None where it owed nothing yet."""
    for note in evidence.notes("sync"):
        values = note["values"]
        if note.n > since.n and values["due"]:
            if values["how"] == "asked":
                return Text("it answered POST /control/sync", "đã trả lời POST /control/sync")
            seconds = f"{values['seconds']:g}"
            return Text(f"its file says every {seconds} s", f"tệp cấu hình ghi cứ {seconds} giây một lần")
    return None
