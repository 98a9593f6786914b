"""Urgency and time of what arrives: not behind the heap, reported the same day, not held up. UR-02, ST-07, TM-04."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from conformance.case import Case
from conformance.cases.steps import act, arrive, codes, listed
from conformance.evidence import CaseEvidence, SeenStatus, Sent
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.stage import Stage
from simulator.clock import VIETNAM
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["CASES"]

_TOLERANCE = timedelta(minutes=10)


class UrgentInHeap(Case):
    """Three documents 'hỏa tốc' among twelve ordinary ones: they are not the last to be reported."""

    id = "urgency/urgent-in-a-heap"
    title = Text("Urgent ones in a heap", "Văn bản hỏa tốc trong nhiều văn bản")
    expected = Text(
        "What is urgent is taken in at once: first, or in turn, but not after everything else.",
        "Văn bản khẩn được tiếp nhận ngay: trước hoặc theo lượt, không phải sau cùng.",
    )
    ALL = Check("urgency-heap-arrives", ("UR-02",), Text("the urgent ones arrive", "văn bản hỏa tốc đến nơi"))
    NOT_LAST = Check("urgency-urgent-not-last", ("HD-24",), Text("they are not the last", "không phải sau cùng"))
    checks = (ALL, NOT_LAST)
    LEVELS = (0, 0, 0, 0, 3, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0)

    async def drive(self, stage: Stage) -> None:
        """The urgent ones neither first nor last."""
        sent = [
            await stage.send(letter(stage, number=str(4000 + place), priority=level), label=f"{place}-{level}")
            for place, level in enumerate(self.LEVELS)
        ]
        await arrive(stage, *sent, polls=8)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """By the order in which the axis accepted the 01s."""
        sent = {label: evidence.sent(label) for label in (f"{n}-{level}" for n, level in enumerate(self.LEVELS))}
        first = {label: evidence.statuses_from_sut(each, "01")[:1] for label, each in sent.items()}
        urgent = [each for label, found in first.items() if label.endswith("-3") for each in found]
        late = ", ".join(label for label, found in first.items() if label.endswith("-3") and not found)
        yield evidence.expect(
            self.ALL,
            () if late else urgent,
            list(sent.values())[-1],
            held=Text("01 for each of them", "đủ 01"),
            broken=Text(f"no 01 for the urgent {late}", f"không có 01 cho văn bản hỏa tốc {late}"),
        )
        ordinary = [each for label, found in first.items() if label.endswith("-0") for each in found]
        evidence.require(
            urgent and not late and len(ordinary) == self.LEVELS.count(0), Text("not all arrived", "chưa đến đủ")
        )
        behind = min(each.n for each in urgent) > max(each.n for each in ordinary)
        overtaken = sum(each.n < min(one.n for one in urgent) for each in ordinary)
        yield self.NOT_LAST.decide(
            not behind,
            *urgent,
            held=Text(f"{overtaken} ordinary ones before them", f"{overtaken} văn bản thường báo trước"),
            broken=Text(
                f"all {len(ordinary)} ordinary ones were reported before the first urgent one",
                f"cả {len(ordinary)} văn bản thường được báo trước văn bản hỏa tốc đầu tiên",
            ),
        )


class PastDeadline(Case):
    """A document whose DueDate is over, or is today, is a document all the same."""

    id = "urgency/past-due-date"
    title = Text("DueDate is over", "DueDate đã qua")
    expected = Text(
        "It is taken in; whether the deadline can still be met is for the clerk to say, not for the reader of packets.",
        "Vẫn được nhận; thời hạn còn kịp hay không do người xử lý quyết định.",
    )
    PAST = Check("urgency-past-due-taken", ("HD-22",), Text("yesterday's is taken in", "nhận hạn hôm qua"))
    TODAY = Check("urgency-due-today-taken", ("HD-22",), Text("today's is taken in", "nhận hạn hôm nay"))
    checks = (PAST, TODAY)

    async def drive(self, stage: Stage) -> None:
        """Issued before that."""
        today = stage.now().astimezone(VIETNAM).date()
        sent = []
        for label, days in (("past", 1), ("today", 0)):
            package = letter(stage, issued=today - timedelta(days=5), due_date=today - timedelta(days=days))
            stage.note("subject", label=label, subject=package.subject)
            sent.append(await stage.send(package, label=label))
        await arrive(stage, *sent)
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Listed, with 01."""
        for check, label in ((self.PAST, "past"), (self.TODAY, "today")):
            subject = evidence.noted("subject", label=label)["values"]["subject"]
            yield listed(check, evidence, evidence.sent(label), subject=subject)


class SameDay(Case):
    """A document of yesterday arrives today: 01 bears today's date, and the time of the axis to a few minutes."""

    id = "urgency/arrival-the-same-day"
    title = Text("01 on the day of arrival", "01 ngay trong ngày đến")
    expected = Text(
        "The sender is told the same day that the document came (Decree 30/2020 art. 21.2c); Timestamp is the moment "
        "of the act, in Vietnamese time.",
        "Báo cho bên gửi ngay trong ngày (NĐ 30/2020 điều 21.2c); Timestamp là lúc thao tác, theo giờ Việt Nam.",
    )
    DAY = Check("urgency-arrival-same-day", ("ST-07",), Text("01 bears the day of arrival", "01 ghi ngày đến"))
    CLOCK = Check("urgency-arrival-clock", ("TM-05",), Text("its time is right", "thời điểm đúng"))
    ACT = Check("urgency-acceptance-clock", ("TM-05",), Text("so is that of 03", "03 cũng vậy"))
    checks = (DAY, CLOCK, ACT)

    async def drive(self, stage: Stage) -> None:
        """An urgent one, accepted at once."""
        yesterday = stage.now().astimezone(VIETNAM).date() - timedelta(days=1)
        document = await stage.send(letter(stage, issued=yesterday, priority=2))
        await arrive(stage, document)
        await act(stage, "accept", document, "03")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Around midnight two days are right."""
        document = evidence.sent()
        evidence.taken(document)
        arrival = _stamped(evidence, document, "01")
        stamp = arrival.packet.timestamp
        assert stamp is not None  # noqa: S101  # _stamped saw to it
        day = stamp.astimezone(VIETNAM).date()
        came = [each.moment for each in evidence.facts("accepted", doc_id=document.doc_id)]
        days = {moment.astimezone(VIETNAM).date() for moment in (*came, arrival.moment)}
        yield self.DAY.decide(
            day in days,
            document,
            arrival,
            held=Text(f"01 of {day}", f"01 ngày {day}"),
            broken=Text(
                f"01 is dated {day}; the document came on {max(days)}",
                f"01 ghi ngày {day}; văn bản đến ngày {max(days)}",
            ),
        )
        yield _clock(self.CLOCK, arrival)
        evidence.act("accept", document)
        yield _clock(self.ACT, _stamped(evidence, document, "03"))


def _stamped(evidence: CaseEvidence, document: Sent, code: str) -> SeenStatus:
    """The first such status with a readable Timestamp. Raises Unseen."""
    found = [each for each in evidence.statuses_from_sut(document, code) if each.packet.timestamp]
    evidence.require(
        found, Text(f"no {code} with a readable Timestamp came", f"không có {code} với Timestamp đọc được"), document
    )
    return found[0]


def _clock(check: Check, status: SeenStatus) -> Finding:
    stamp = status.packet.timestamp
    assert stamp is not None  # noqa: S101  # _stamped saw to it
    off = status.moment - stamp
    minutes = abs(round(off.total_seconds() / 60))
    side = ("behind", "chậm") if off > timedelta() else ("ahead of", "nhanh hơn")
    return check.decide(
        abs(off) <= _TOLERANCE,
        status,
        held=Text(f"within {minutes} minutes of the axis", f"lệch {minutes} phút so với trục"),
        broken=Text(
            f"Timestamp {status.timestamp_text} is {minutes} minutes {side[0]} the axis",
            f"Timestamp {status.timestamp_text} {side[1]} trục {minutes} phút",
        ),
    )


class PaperFollows(Case):
    """A paper copy is announced (Paper = 1): the electronic one is processed without waiting for it."""

    id = "urgency/paper-not-awaited"
    title = Text("A paper copy follows", "Có bản giấy gửi sau")
    expected = Text(
        "It arrives and can be accepted at once (Decision 28/2018 art. 6.2).",
        "Văn bản đến và được tiếp nhận ngay, không chờ bản giấy (QĐ 28/2018 điều 6.2).",
    )
    ARRIVES = Check("urgency-with-paper-arrives", ("TM-04",), Text("it arrives", "văn bản đến nơi"))
    AT_ONCE = Check("urgency-paper-not-waited-for", ("TM-04",), Text("accepted at once", "tiếp nhận được ngay"))
    checks = (ARRIVES, AT_ONCE)

    async def drive(self, stage: Stage) -> None:
        """Accepted as soon as it is there."""
        document = await stage.send(_with_paper(letter(stage)))
        await arrive(stage, document)
        await act(stage, "accept", document, "03")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """01 and no 02, then 03."""
        document = evidence.sent()
        answers = evidence.statuses_from_sut(document)
        told = {each.code for each in answers}
        yield evidence.expect(
            self.ARRIVES,
            [each for each in answers if each.code == "01"] if "02" not in told else (),
            document,
            held=Text("01 came", "đã có 01"),
            broken=Text(f"the SUT reported {codes(answers)}", f"SUT báo {codes(answers)}"),
        )
        asked = evidence.acts("POST /control/act", action="accept", document_id=document.document_id)
        if asked and asked[-1]["status"] == 409:
            error = str(asked[-1]["answer"].get("error", ""))
            yield self.AT_ONCE.broken(
                Text(f"the clerk could not accept it: {error}", f"văn thư không tiếp nhận được: {error}"), asked[-1]
            )
            return
        done = evidence.act("accept", document)
        yield evidence.expect(
            self.AT_ONCE,
            evidence.statuses_from_sut(document, "03"),
            done,
            held=Text("accepted, and 03 reported", "đã tiếp nhận và báo 03"),
            broken=Text("accepted, but 03 was not reported", "đã tiếp nhận nhưng không báo 03"),
        )


def _with_paper(package: Package) -> Package:
    trace = package.trace
    business = trace.business if trace else None
    if trace is None or business is None:
        return package
    return replace(package, trace=replace(trace, business=replace(business, paper=1)))


CASES: tuple[Case, ...] = (UrgentInHeap(), PastDeadline(), SameDay(), PaperFollows())
