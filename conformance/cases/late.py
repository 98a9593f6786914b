"""What comes late: statuses for documents of last year, of 90 and 180 days ago, and such documents. ST-08, LG-08."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from conformance.case import Case, Role
from conformance.cases.sending.base import answered, found, leaves, orders
from conformance.cases.steps import arrive, codes, looked_after, took
from conformance.evidence import CaseEvidence, Sent
from conformance.finding import Check, Cited, Finding
from conformance.letters import letter, reply
from conformance.stage import Stage
from simulator.protocol.package import TraceHeader, TraceHeaderList
from simulator.words import Text

__all__ = ["AGES", "CASES", "dates"]

AGES = ("91 days", "181 days", "last year")
_TODAY = "today"
_TOLD = Text("the SUT to take the late statuses in", "SUT nhận các trạng thái đến muộn")
_STRAY = timedelta(days=92)


def dates(today: date) -> Mapping[str, date]:
    """The day of issue for each age; the first two are a day beyond the round number, where limits bite."""
    return {
        "91 days": today - timedelta(days=91),
        "181 days": today - timedelta(days=181),
        "last year": date(today.year - 1, 3, 10),
    }


def _status(label: str) -> str:
    return f"03 {label}"


class LateStatuses(Case):
    """The SUT sent documents with old dates; their receiver reports on them now."""

    id = "late/statuses-of-old-documents"
    title = Text("A status comes months later", "Trạng thái đến sau nhiều tháng")
    expected = Text(
        "However old a document is, its row shows what its receiver reports; a SUT that sends nothing of such a date "
        "(422) has nothing to show.",
        "Văn bản cũ đến đâu thì dòng của nó vẫn hiển thị trạng thái nơi nhận báo về; SUT không gửi văn bản ghi ngày "
        "cũ (422) thì không có gì phải hiển thị.",
    )
    role = Role.SENDER
    QUARTER = Check("late-status-91-days-shown", ("ST-08", "ST-04"), Text("after 91 days", "sau 91 ngày"))
    HALF = Check("late-status-181-days-shown", ("ST-08", "ST-04"), Text("after 181 days", "sau 181 ngày"))
    YEAR = Check("late-status-last-year-shown", ("ST-08", "ST-04"), Text("of last year", "của năm trước"))
    STAMP = Check("late-status-old-stamp-shown", ("ST-11",), Text("written long ago", "trạng thái ghi giờ đã lâu"))
    checks = (QUARTER, HALF, YEAR, STAMP)

    async def drive(self, stage: Stage) -> None:
        """An ordinary document is the twin. One more of last year gets a status that was under way for 92 days."""
        days = {_TODAY: stage.now().date(), **dates(stage.now().date())}
        days["stray"] = days["last year"]
        for label, day in days.items():
            await orders(stage, label, promulgation_date=day.isoformat())
        taken = [each for each in days if stage.seen.acts("POST /control/send", label=each)[-1]["status"] == 200]
        await leaves(stage, *taken)
        await stage.collect()
        sent = []
        for label in taken:
            if document := found(stage.seen, stage.seen.order(label)):
                at = stage.now() - _STRAY if label == "stray" else None
                status = reply(stage, "03", document.package, at=at)
                sent.append(await stage.send(status, label=_status(label)))
        await stage.until(lambda seen: all(seen.confirmed(each) for each in sent), for_=_TOLD)
        await stage.quiet(1)
        await stage.look("out")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Only one that shows the status of an ordinary document can be asked for that of an old one."""
        word, *cites = self._shown(evidence, _TODAY)
        because = Text("not even today's document shows 03", "văn bản hôm nay cũng chưa hiển thị 03")
        evidence.require(word == "03", because, *cites)
        for check, label in zip(self.checks, (*AGES, "stray"), strict=True):
            if (refused := self._refused(evidence, label)) is not None:
                yield check.held(refused[0], *cites, refused[1])
                continue
            shown, *own = self._shown(evidence, label)
            yield check.decide(
                shown == "03",
                *own,
                held=Text("03 is shown", "hiển thị 03"),
                broken=Text(
                    f"it was confirmed, and the row of the document shows '{shown}' instead of 03",
                    f"đã xác nhận nhưng dòng của văn bản hiển thị '{shown}' thay vì 03",
                ),
            )

    @staticmethod
    def _refused(evidence: CaseEvidence, label: str) -> tuple[Text, Cited] | None:
        """What shows that a document of that date does not leave: 422, or a row that says ``failed`` (BD-01, BD-03)."""
        record = answered(evidence, label)
        if record["status"] == 422:
            error = str(record["answer"].get("error", ""))
            return Text(f"such a document does not leave: {error}", f"văn bản như vậy không được gửi: {error}"), record
        look, told = evidence.look("out"), evidence.order(label)
        if any(row.get("state") == "failed" for row in look.of(told.document_id)):
            return Text("such a document is shown as failed", "văn bản như vậy hiển thị là gửi lỗi"), look
        return None

    def _shown(self, evidence: CaseEvidence, label: str) -> tuple[str, Cited, Cited, Cited]:
        """What the out-box shows, after the status was taken in. Raises Unseen where it was not."""
        told, status = evidence.order(label), evidence.sent(_status(label))
        taken, look = evidence.taken(status), evidence.look("out")
        looked_after(evidence, look, taken)
        return look.status(told.document_id, evidence.lane.codes), told, taken, look


class LateDocuments(Case):
    """Documents with the dates of last year, of 181 and of 91 days ago arrive now."""

    id = "late/old-documents"
    title = Text("A document comes months later", "Văn bản đến sau nhiều tháng")
    expected = Text(
        "They are registered like any other: an old date of issue is no defect, and nothing of them is lost.",
        "Được vào sổ như mọi văn bản: ngày ban hành cũ không phải lỗi, không văn bản nào bị mất.",
    )
    KEPT = Check(
        "late-documents-not-lost", ("LG-08",), Text("each is registered, or given back", "vào sổ hoặc trả lại")
    )
    TAKEN = Check("late-documents-not-refused", ("HD-13",), Text("none is refused", "không bị từ chối"))
    checks = (KEPT, TAKEN)

    async def drive(self, stage: Stage) -> None:
        """With one of today. Their trace says that they left on the day of issue."""
        zone = stage.now().tzinfo
        sent = [await stage.send(letter(stage), label=_TODAY)]
        for label, day in dates(stage.now().date()).items():
            package = letter(stage, issued=day)
            moment = datetime(day.year, day.month, day.day, 9, 30, tzinfo=zone)
            trace = package.trace or TraceHeaderList()
            headers = (TraceHeader(organ_id=stage.lane.unit, timestamp=moment),)
            package = replace(package, trace=replace(trace, headers=headers))
            sent.append(await stage.send(package, label=label))
        await arrive(stage, *sent)
        await stage.quiet(2)
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Today's is the twin: who lists nothing says nothing of old ones."""
        today, old = evidence.sent(_TODAY), [evidence.sent(label) for label in AGES]
        look = evidence.look("in")
        because = Text("not even today's document was taken in", "văn bản hôm nay cũng chưa được nhận")
        evidence.require(took(evidence, today) and look.of(today.document_id), because, today, look)
        taken = [evidence.taken(each) for each in old]
        looked_after(evidence, look, *taken)
        returned = [each for each in old if self._returned(evidence, each)]
        held = [each for each in old if [row for row in look.of(each.document_id) if row.get("state") != "refused"]]
        lost = ", ".join(each.label for each in old if each not in (*returned, *held))
        yield evidence.expect(
            self.KEPT,
            () if lost else [look],
            max(taken, key=lambda each: each.n),
            held=Text("none is lost", "không văn bản nào bị mất"),
            broken=Text(f"confirmed, and neither listed nor given back: {lost}", f"đã xác nhận, không có: {lost}"),
        )
        evidence.require(not lost, Text("some are lost", "có văn bản bị mất"), look)
        said = "; ".join(f"{each.label}: {codes(evidence.statuses_from_sut(each))}" for each in returned)
        yield self.TAKEN.decide(
            not returned,
            *taken,
            look,
            held=Text("all are taken", "nhận đủ"),
            broken=Text(f"given back: {said}", f"bị trả lại: {said}"),
        )

    @staticmethod
    def _returned(evidence: CaseEvidence, document: Sent) -> bool:
        """Whether the sender, or the axis, was told."""
        return bool(evidence.statuses_from_sut(document, "02") or evidence.confirmed(document, "fail"))


CASES: tuple[Case, ...] = (LateStatuses(), LateDocuments())
