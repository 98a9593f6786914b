"""How many: received, by state, sent; copies, answers, refused orders add nothing; the days of a range. LG-02."""

from collections import Counter
from collections.abc import Iterable

from conformance.case import Case, Role
from conformance.cases.sending.base import leaves, orders
from conformance.cases.statistics.kit import Counted, counted, read, reading, zeros
from conformance.cases.steps import act, arrive, settled
from conformance.evidence import CaseEvidence, Record
from conformance.finding import Check, Finding
from conformance.letters import letter, reply
from conformance.stage import Stage
from simulator.protocol import codec
from simulator.words import Text

__all__ = ["CASES"]


class Received(Counted):
    """Four documents in four states; then a copy of one of them."""

    id = "statistics/received-by-state"
    title = Text("Received, and by present state", "Số nhận và số theo trạng thái hiện tại")
    expected = Text(
        "received grows by four, by_status by one for each document's last code; a copy of a package adds nothing.",
        "Số nhận tăng bốn, số theo trạng thái tăng một cho mã cuối của mỗi văn bản; bản sao gói tin không làm tăng.",
    )
    LABELS = ("arrived", "accepted", "returned", "finished")
    RECEIVED = Check("stats-received-difference-zero", ("LG-02",), Text("received is right", "số nhận đúng"))
    STATES = Check(
        "stats-by-present-state", ("ST-04", "LG-02"), Text("each counts once, as it is now", "mỗi văn bản một lần")
    )
    COPY = Check("stats-copy-counted-once", ("DU-02", "LG-02"), Text("a copy is not counted", "không đếm bản sao"))
    checks = (RECEIVED, STATES, COPY)

    async def drive(self, stage: Stage) -> None:
        """Arrive, act, read; the copy comes past the axis, which would know it."""
        await stage.quiet(1)
        await read(stage, "before")
        packages = {label: letter(stage) for label in self.LABELS}
        sent = {label: await stage.send(package, label=label) for label, package in packages.items()}
        await arrive(stage, *sent.values())
        await act(stage, "accept", sent["accepted"], "03")
        await act(stage, "refuse", sent["returned"], "02", reason="Không thuộc thẩm quyền")
        for action, code in (("accept", "03"), ("start", "05"), ("finish", "06")):
            await act(stage, action, sent["finished"], code)
        await read(stage, "after")
        package = packages["arrived"]
        await settled(stage, await stage.plant(codec.encode(package), like=package, label="copy"))
        await read(stage, "copy")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Against the statuses that the axis took from the SUT."""
        sent = [evidence.sent(label) for label in self.LABELS]
        taken = tuple(evidence.taken(each) for each in sent)
        yield counted(self.RECEIVED, evidence, "received", between=("before", "after"), wanted=4, cites=taken)
        before, after = reading(evidence, "before"), reading(evidence, "after")
        last = [[status for status in evidence.statuses_from_sut(each) if status.n < after.n][-1:] for each in sent]
        evidence.require(all(last), Text("not every document has a status", "có văn bản chưa có trạng thái"), *taken)
        truth = Counter(status.code for found in last for status in found)
        grown, gone = after.by_status - before.by_status, before.by_status - after.by_status
        yield self.STATES.decide(
            grown == truth and not gone,
            *(status for found in last for status in found),
            before,
            after,
            held=Text(f"by_status grew by {_shown(truth)}", f"by_status tăng {_shown(truth)}"),
            broken=Text(
                f"by_status grew by {_shown(grown)} and lost {_shown(gone)}; on the axis: {_shown(truth)}",
                f"by_status tăng {_shown(grown)}, giảm {_shown(gone)}; trên trục: {_shown(truth)}",
            ),
        )
        first = (before.received or 0) < (after.received or 0)
        evidence.require(first, Text("the first one was not counted", "bản đầu chưa được đếm"), before, after)
        copy = evidence.taken(evidence.sent("copy"))
        yield counted(self.COPY, evidence, "received", between=("after", "copy"), wanted=0, cites=(copy,))


class SentOnce(Counted):
    """One document to one receiver, one to two; answers come twice; one order is refused by the axis."""

    id = "statistics/sent-documents"
    role = Role.SENDER
    title = Text("Sent, whatever comes back", "Số gửi, bất kể phản hồi")
    expected = Text(
        "sent grows by one for each document that the axis took, not for receivers, answers or refused orders.",
        "Số gửi tăng một cho mỗi văn bản trục đã nhận, không theo số nơi nhận, phản hồi hay yêu cầu bị từ chối.",
    )
    lanes = 2
    SENT = Check("stats-sent-difference-zero", ("LG-02",), Text("sent is right", "số gửi đúng"))
    ANSWERS = Check(
        "stats-answers-not-received", ("ST-02", "LG-02"), Text("answers are no documents", "không đếm phản hồi")
    )
    REFUSED = Check(
        "stats-refused-not-sent", ("TM-06", "LG-02"), Text("a refused order is not sent", "không đếm bị từ chối")
    )
    checks = (SENT, ANSWERS, REFUSED)

    async def drive(self, stage: Stage) -> None:
        """Two that leave, their answers, one that does not leave."""
        first, second = stage.lanes
        await stage.quiet(1)
        await read(stage, "before")
        await orders(stage, "one", to=[first.unit])
        await orders(stage, "two", to=[first.unit, second.unit])
        await leaves(stage, "one", "two")
        await read(stage, "sent")
        for lane in stage.lanes:
            await stage.collect(lane=lane)
        sent = [
            await stage.send(
                reply(stage, code, document.package), label=f"{code} {number} {document.package.document_id}"
            )
            for document in stage.seen.documents_from_sut()
            for number, code in enumerate(("01", "01", "03"))
        ]
        await settled(stage, *sent)
        await read(stage, "answered")
        async with stage.fault("refuses-package", lane=first, operations=("sendEdoc",)):
            await orders(stage, "refused", to=[first.unit])
            await stage.quiet(1)
            await read(stage, "refused")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Documents by their id, as the axis took them before each reading."""
        end = reading(evidence, "sent")
        gone = tuple(each for each in evidence.documents_from_sut() if each.n < end.n)
        evidence.require(gone, Text("nothing left", "chưa có văn bản nào rời đi"))
        wanted = len({each.package.document_id for each in gone})
        yield counted(self.SENT, evidence, "sent", between=("before", "sent"), wanted=wanted, cites=gone)
        confirms = evidence.facts("confirmed", system_id=evidence.sut.system_id)
        evidence.require(confirms, Text("no answer was taken in", "chưa nhận phản hồi nào"))
        yield counted(self.ANSWERS, evidence, "received", between=("sent", "answered"), wanted=0, cites=confirms)
        struck = [note for note in evidence.notes("fault") if note["values"]["event"] == "struck"]
        evidence.require(struck, Text("the order never came to the axis", "yêu cầu gửi chưa đến trục"))
        yield counted(
            self.REFUSED, evidence, "sent", between=("answered", "refused"), wanted=0, cites=tuple(struck[:1])
        )


class Days(Case):
    """The first and the last day of a range belong to it; a range without traffic is all zeros."""

    id = "statistics/first-and-last-day"
    title = Text("The days of a range", "Khoảng ngày thống kê")
    expected = Text(
        "Today's document is in today..today, in ..today and in today..; days without traffic give zeros.",
        "Văn bản hôm nay có trong khoảng chỉ gồm, kết thúc hoặc bắt đầu bằng hôm nay; ngày không có gì thì bằng 0.",
    )
    capability = "statistics"
    RANGES = (("one", 0, 0), ("first", 0, 1), ("last", 1, 0))
    DAY = Check("stats-single-day-counted", ("TR-05", "LG-02"), Text("one day is a range", "tính được đúng một ngày"))
    FIRST = Check("stats-first-day-included", ("TR-05", "LG-02"), Text("the first day counts", "tính cả ngày đầu"))
    LAST = Check("stats-last-day-included", ("TR-05", "LG-02"), Text("the last day counts", "tính cả ngày cuối"))
    EMPTY = Check("stats-empty-days-zero", ("TR-05", "LG-02"), Text("empty days give zeros", "ngày trống cho số 0"))
    checks = (DAY, FIRST, LAST, EMPTY)

    async def drive(self, stage: Stage) -> None:
        """Each range before and after one document; a week of long ago and a month to come."""
        for label, before, after in self.RANGES:
            await read(stage, label, before=before, after=after)
        await arrive(stage, await stage.send(letter(stage)))
        for label, before, after in self.RANGES:
            await read(stage, f"{label} after", before=before, after=after)
        await read(stage, "long ago", before=9007, after=-9000)
        await read(stage, "to come", before=-2, after=32)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Others may add to these figures meanwhile, so they only have to grow; none can add to an empty week."""
        taken = evidence.taken(evidence.sent())
        for check, (label, _, _) in zip(self.checks, self.RANGES, strict=False):
            one, two = reading(evidence, label), reading(evidence, f"{label} after")
            same = one.record.at[:10] == taken.at[:10] == two.record.at[:10]
            evidence.require(same, Text("the run passed midnight", "lượt chạy qua nửa đêm"), one, two)
            yield check.decide(
                (two.received or 0) > (one.received or 0),
                taken,
                one,
                two,
                held=Text(f"received: {one.received} → {two.received}", f"số nhận: {one.received} → {two.received}"),
                broken=Text(
                    f"{_range(two.record)}: {one.received} → {two.received}, though a document arrived",
                    f"{_range(two.record)}: {one.received} → {two.received} dù có văn bản đến",
                ),
            )
        full = reading(evidence, "one after")
        evidence.require(full.received, Text("today is all zeros too", "hôm nay cũng bằng 0"), taken, full)
        empty = [reading(evidence, label) for label in ("long ago", "to come")]
        wrong = "; ".join(_range(each.record) for each in empty if not zeros(each))
        yield self.EMPTY.decide(
            not wrong,
            taken,
            full,
            *empty,
            held=Text("zeros", "bằng 0"),
            broken=Text(f"not all zeros: {wrong}", f"không bằng 0: {wrong}"),
        )


def _shown(numbers: Counter[str]) -> str:
    return ", ".join(f"{code}: {number}" for code, number in sorted(numbers.items())) or "–"


def _range(record: Record) -> str:
    request = record["request"]
    return f"{request['from']}..{request['to']}"


CASES: tuple[Case, ...] = (Received(), SentOnce(), Days())
