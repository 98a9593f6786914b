"""What the run teaches about how the SUT works, told to its people: no verdict, a hint. Pure."""

from collections.abc import Sequence

from conformance.evidence import Record
from conformance.runfolder import RunEvidence
from simulator.words import Text

__all__ = ["habits"]

_LISTED = 3
_TIMES = 3
_ONE_A_POLL = Text(
    en="The SUT takes one document per poll: {times} times it was shown several and fetched one. With {period:.0f} s "
    "between its polls a suite like this takes long, and so does a morning's mail.",
    vi="SUT chỉ lấy một văn bản mỗi lần hỏi trục: {times} lần danh sách có nhiều mà chỉ tải một. Với {period:.0f} giây "
    "giữa hai lần hỏi, bộ kiểm thử này sẽ kéo dài, và công văn buổi sáng cũng vậy.",
)


def habits(run: RunEvidence) -> tuple[Text, ...]:
    """The hints that the evidence of ``run`` gives."""
    polls = _polls(run)
    slow = [poll for poll, fetched in polls if len(poll["listed"]) >= _LISTED and fetched == 1]
    quick = [poll for poll, fetched in polls if fetched > 1]
    if len(slow) < _TIMES or quick:
        return ()
    return (_ONE_A_POLL.filled(times=len(slow), period=_period([poll for poll, _ in polls])),)


def _polls(run: RunEvidence) -> list[tuple[Record, int]]:
    """Each poll of the SUT for documents, and how many packages it fetched before the next one."""
    found: list[tuple[Record, int]] = []
    for record in run.records:
        if record.kind != "fact" or record["system_id"] != run.sut.system_id:
            continue
        if record["fact"] == "polled" and (record["message_type"] or "edoc") == "edoc":
            found.append((record, 0))
        elif record["fact"] == "fetched" and found:
            poll, count = found[-1]
            found[-1] = (poll, count + (record["delivery_id"] in poll["listed"]))
    return found


def _period(polls: Sequence[Record]) -> float:
    if len(polls) < 2:
        return 0.0
    first, last = (poll.moment for poll in (polls[0], polls[-1]))
    return (last - first).total_seconds() / (len(polls) - 1)
