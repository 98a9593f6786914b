"""What only the whole run can show: every message of the SUT, traffic that no case asked for, polling that ends. Pure.

They stand in the result as three cases of the chapter ``run``; nothing drives them, the run's own evidence is judged.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from conformance.answering import Given
from conformance.evidence import Record
from conformance.finding import Check, Finding
from conformance.flaws import resting
from conformance.runfolder import RunEvidence
from simulator.protocol.rules import Level
from simulator.words import Text

__all__ = ["OVERALL", "Overall"]

_SHOWN = 5
_SEVERAL = 3
_POLL_SOMETIMES = Text(
    en="let the system poll the axis while the suite runs", vi="để hệ thống hỏi trục trong khi bộ kiểm chạy"
)
_SEND_SOMETHING = Text(
    en="let the SUT send at least one document or status, and run again",
    vi="để SUT gửi ít nhất một văn bản hoặc trạng thái rồi chạy lại",
)


@dataclass(frozen=True, slots=True)
class Overall:
    """One look at the whole run."""

    id: str
    title: Text
    expected: Text
    check: Check

    def judge(self, run: RunEvidence) -> Finding:
        """The finding about ``run``."""
        return _JUDGES[self.id](self.check, run)


def _sent(run: RunEvidence) -> Iterator[Record]:
    for record in run.records:
        if record.kind == "fact" and record["fact"] == "accepted" and record["system_id"] == run.sut.system_id:
            yield record


def _wire(check: Check, run: RunEvidence) -> Finding:
    sent = [record for record in _sent(run) if record["package"] in run.blobs]
    if not sent:
        return check.unobserved(
            Text(en="the SUT sent no message at all", vi="SUT không gửi thông điệp nào"), remedy=_SEND_SOMETHING
        )
    given = Given(run.records, run.blobs, run.sut.system_id)
    broken = [(record, flaw) for record in sent for flaw in given.flaws(record, Level.ERROR)]
    rules = list(dict.fromkeys(f"{flaw.rule.id} ({flaw.at})" for _, flaw in broken))
    more = "" if len(rules) <= _SHOWN else " …"
    return check.decide(
        not broken,
        *_some([record for record, _ in broken] or sent),
        held=Text(
            en=f"{len(sent)} messages, none breaks a rule that must hold",
            vi=f"{len(sent)} thông điệp, không vi phạm quy tắc bắt buộc nào",
        ),
        broken=Text(
            en=f"{len({record.n for record, _ in broken})} of {len(sent)} messages: {', '.join(rules[:_SHOWN])}{more}",
            vi=f"{len({record.n for record, _ in broken})}/{len(sent)} thông điệp: {', '.join(rules[:_SHOWN])}{more}",
        ),
        rests_on=resting(check, (flaw for _, flaw in broken)),
    )


def _unasked(check: Check, run: RunEvidence) -> Finding:
    sent = list(_sent(run))
    if not sent:
        return check.unobserved(
            Text(en="the SUT sent no message at all", vi="SUT không gửi thông điệp nào"), remedy=_SEND_SOMETHING
        )
    strange = [record for record in sent if record.case is None]
    names = ", ".join(str(record["document_id"]) for record in strange[:_SHOWN])
    return check.decide(
        not strange,
        *_some(strange or sent),
        held=Text(en=f"all {len(sent)} belong to a case", vi=f"cả {len(sent)} đều thuộc một ca kiểm thử"),
        broken=Text(
            en=f"{len(strange)} of {len(sent)} messages belong to no case: {names}",
            vi=f"{len(strange)}/{len(sent)} thông điệp không thuộc ca nào: {names}",
        ),
    )


def _polling(check: Check, run: RunEvidence) -> Finding:
    """Silence is held against a SUT only where a wait ended by it, after the last poll of several."""
    own = [each for each in run.records if each.kind == "fact" and each.get("system_id") == run.sut.system_id]
    polls = [each for each in own if each["fact"] == "polled"]
    if len(polls) < _SEVERAL:
        return check.unobserved(
            Text(en="the SUT was not seen polling", vi="chưa thấy SUT hỏi trục"), remedy=_POLL_SOMETIMES
        )
    last = polls[-1]
    waits = [each for each in run.records if each.n > last.n and each.kind == "wait" and each.get("ended") == "silence"]
    if not waits:
        return check.held(
            Text(en=f"{len(polls)} lists taken", vi=f"đã lấy danh sách {len(polls)} lần"), last, shown=True
        )
    fetched = [each for each in own if each.n > last.n and each["fact"] == "fetched"][-1:]
    seconds = (waits[-1].moment - last.moment).total_seconds()
    named = f"record {fetched[0].n}" if fetched else "–", f"bản ghi {fetched[0].n}" if fetched else "–"
    return check.broken(
        Text(
            en=f"after {len(polls)} lists it asked for none in the {seconds:.0f} s until the end; "
            f"last fetched: {named[0]}",
            vi=f"sau {len(polls)} lần lấy danh sách, SUT không hỏi nữa trong {seconds:.0f} giây cho đến hết; "
            f"gói tải sau cùng: {named[1]}",
        ),
        last,
        *fetched,
        waits[-1],
        by_silence=True,
    )


def _some(records: Sequence[Record]) -> Sequence[Record]:
    return records[:_SHOWN]


_JUDGES = {"run/messages": _wire, "run/unasked-traffic": _unasked, "run/polling": _polling}

OVERALL: tuple[Overall, ...] = (
    Overall(
        "run/messages",
        Text("Every message that the SUT sent", "Mọi thông điệp SUT đã gửi"),
        Text(
            "No message of the whole run breaks a rule of error level.",
            "Không thông điệp nào của cả lần chạy vi phạm quy tắc mức lỗi.",
        ),
        Check(
            "sut-messages-pass-lint",
            ("PK-08",),
            Text("every message keeps the rules that must hold", "mọi thông điệp đúng các quy tắc bắt buộc"),
        ),
    ),
    Overall(
        "run/unasked-traffic",
        Text("Traffic that nobody asked for", "Thông điệp không ai yêu cầu"),
        Text(
            "Whatever the SUT sends belongs to something that a case sent or ordered.",
            "Mọi thứ SUT gửi đều thuộc về điều một ca kiểm thử đã gửi hoặc yêu cầu.",
        ),
        Check(
            "no-unasked-traffic",
            ("DU-03",),
            Text("nothing was sent that nobody asked for", "không gửi thứ không ai yêu cầu"),
        ),
    ),
    Overall(
        "run/polling",
        Text("The SUT polls until the end", "SUT hỏi trục đến hết lần chạy"),
        Text(
            "Whatever it meets, the SUT goes on asking the axis for what waits.",
            "Dù gặp gì, SUT vẫn tiếp tục hỏi trục xem có gì đang chờ.",
        ),
        Check(
            "polling-lasts",
            ("TR-05",),
            Text("polling goes on until the end", "việc hỏi trục kéo dài đến hết"),
        ),
    ),
)
"""All of them."""
