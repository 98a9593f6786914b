"""getReceivedEdocList goes wrong, and the whole inbox with it: these cases have the axis to themselves. wire.md A.3."""

from collections.abc import Iterable
from contextlib import AsyncExitStack
from typing import ClassVar

from conformance.case import Case, Wave
from conformance.cases.disturbed import alive, ended, goes_on, hit, hits, poll_of, stands, watch
from conformance.cases.steps import arrive
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.stage import Stage
from simulator.words import Text

__all__ = ["CASES"]

_LIST = ("getReceivedEdocList",)
_GOES_ON = Text("polling goes on", "vẫn tiếp tục hỏi trục")
_ARRIVES = Text("what waited arrives", "văn bản đang chờ vẫn đến")


def _arrives(check: Check, evidence: CaseEvidence, label: str) -> Finding:
    """The document that waited behind the fault of that label."""
    document = evidence.sent()
    return evidence.expect(
        check,
        evidence.statuses_from_sut(document, "01"),
        ended(evidence, label),
        held=Text("the document arrived afterwards", "sau đó văn bản đã đến"),
        broken=Text("the document never arrived", "văn bản không đến"),
    )


class ListRefused(Case):
    """FAIL for the list, once for each kind; then the list."""

    id = "resilience/list-refused"
    title = Text("FAIL for the list", "FAIL khi hỏi danh sách")
    expected = Text(
        "A list that is no list ends nothing: the SUT polls again and finds what waits.",
        "Không có danh sách không phải là kết thúc: SUT hỏi lại và nhận văn bản đang chờ.",
    )
    ON = Check("polling-survives-fail", ("TR-05",), _GOES_ON)
    ARRIVES = Check("document-arrives-after-fail", ("LG-08",), _ARRIVES)
    checks = (ON, ARRIVES)
    wave = Wave.ALONE

    async def drive(self, stage: Stage) -> None:
        """A poll before, FAIL, polls after."""
        await alive(stage)
        async with stage.fault("fail-answer", label="fail", operations=_LIST, times=2):
            document = await stage.send(letter(stage))
            await hit(stage, "fail", times=2, polls=3)
            await watch(stage)
        await arrive(stage, document)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The loop, then the document."""
        fails = stands(evidence, "fail")
        yield goes_on(self.ON, evidence, fails[-1])
        yield _arrives(self.ARRIVES, evidence, "fail")


class PageForList(Case):
    """The page of a proxy instead of the list. The real SDK makes success with zero documents of it."""

    id = "resilience/page-for-list"
    title = Text("An outage that looks like an empty inbox", "Trục lỗi mà trông như hộp đến rỗng")
    expected = Text(
        "The SUT knows that it was given no list: its poll says so, and what waits arrives later.",
        "SUT biết mình không nhận được danh sách: lệnh hỏi báo lỗi và văn bản đang chờ đến sau.",
    )
    ON = Check("polling-survives-page", ("TR-05",), _GOES_ON)
    ARRIVES = Check("document-arrives-after-list-page", ("LG-08",), _ARRIVES)
    ALARM = Check("outage-is-no-empty-inbox", ("TR-06",), Text("the outage is noticed", "nhận ra trục lỗi"))
    checks = (ON, ARRIVES, ALARM)
    wave = Wave.ALONE

    async def drive(self, stage: Stage) -> None:
        """Something waits; a poll gets a page."""
        await alive(stage)
        async with stage.fault("html-page", label="page", operations=_LIST):
            package = letter(stage)
            document = await stage.send(package)
            await hit(stage, "page")
            await stage.poll(label="during")
        await watch(stage)
        await arrive(stage, document)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """What the SUT said of the poll is read last: it needs the control API."""
        pages = stands(evidence, "page")
        yield goes_on(self.ON, evidence, ended(evidence, "page"))
        yield _arrives(self.ARRIVES, evidence, "page")
        poll = poll_of(evidence, "during")
        error = str(poll["answer"].get("error") or "").strip()
        yield self.ALARM.decide(
            error,
            pages[-1],
            poll,
            held=Text(f"the poll says: {error}", f"lệnh hỏi báo: {error}"),
            broken=Text(
                "the axis answered a page, and the poll says nothing of it: an empty inbox to whoever looks",
                "trục trả về trang HTML mà lệnh hỏi không báo gì: người dùng tưởng hộp đến rỗng",
            ),
        )


class _OddLists(Case):
    """Answers that are no list, each the next call's, while a document waits. Few enough for three polls."""

    ODD: ClassVar[tuple[str, ...]]
    ON: ClassVar[Check]
    ARRIVES: ClassVar[Check]
    wave = Wave.ALONE

    async def drive(self, stage: Stage) -> None:
        """All of them wait for the SUT before it asks."""
        await alive(stage)
        await self.odd(stage)

    async def odd(self, stage: Stage) -> None:
        """One after the other, then the list."""
        async with AsyncExitStack() as stack:
            for fault in self.ODD:
                await stack.enter_async_context(stage.fault(fault, label=fault, operations=_LIST, times=1))
            document = await stage.send(letter(stage))
            await stage.until(
                lambda seen: all(hits(seen, fault) for fault in self.ODD),
                for_=Text("the SUT to run into all of them", "SUT gặp đủ các trường hợp"),
                polls=4,
            )
        await watch(stage)
        await arrive(stage, document)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Polls after the last of them, in whatever order they came."""
        odd = [each for fault in self.ODD for each in hits(evidence, fault)] or stands(evidence, self.ODD[0])
        yield goes_on(self.ON, evidence, max(odd, key=lambda each: each.n), *odd)
        yield _arrives(self.ARRIVES, evidence, self.ODD[0])


class OddLists(_OddLists):
    """Lines of nulls, rubbish, an empty body: one after the other."""

    id = "resilience/odd-lists"
    title = Text("Odd answers to the list", "Các câu trả lời lạ cho danh sách")
    expected = Text(
        "None of them ends the polling, and the document that waits arrives.",
        "Không câu trả lời nào làm ngừng việc hỏi trục, văn bản đang chờ vẫn đến.",
    )
    ODD = ("garbage", "empty-body")
    NULLS = Check("polling-survives-nulls", ("TR-05",), Text("nulls end nothing", "null không làm ngừng hỏi"))
    ON = Check("polling-survives-rubbish", ("TR-05",), Text("rubbish ends nothing", "dữ liệu rác không làm ngừng hỏi"))
    ARRIVES = Check("document-arrives-after-odd-lists", ("LG-08",), _ARRIVES)
    checks = (NULLS, ON, ARRIVES)

    async def odd(self, stage: Stage) -> None:
        """First the nulls, in lines of documents and of statuses."""
        await stage.send(letter(stage), label="beside-nulls")
        async with stage.fault("null-members", label="nulls", operations=_LIST, times=2):
            await hit(stage, "nulls", times=2, polls=3)
        await super().odd(stage)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Each step has its own polls after it."""
        nulls = stands(evidence, "nulls")
        yield goes_on(self.NULLS, evidence, nulls[-1])
        yield from super().judge(evidence)


class BrokenLists(_OddLists):
    """JSON without a list, half of an answer, a broken connection: one after the other."""

    id = "resilience/broken-lists"
    title = Text("Broken answers to the list", "Các câu trả lời dở dang cho danh sách")
    expected = OddLists.expected
    ODD = ("no-data", "half-answer", "dropped-before")
    ON = Check("polling-survives-broken-lists", ("TR-05",), _GOES_ON)
    ARRIVES = Check("document-arrives-after-broken-lists", ("LG-08",), _ARRIVES)
    checks = (ON, ARRIVES)


class ClockShift(Case):
    """The axis's clock is 36 hours fast, then right again."""

    id = "resilience/clock-shift"
    title = Text("The clock of the axis jumps", "Đồng hồ của trục bị lệch")
    expected = Text(
        "What is listed is taken, whatever time stands beside it: nothing is skipped after the clock came back.",
        "Có trong danh sách thì nhận, bất kể giờ ghi kèm: không bỏ sót sau khi đồng hồ trở lại đúng.",
    )
    FAST = Check("document-arrives-under-fast-clock", ("LG-08",), Text("one from the future", "văn bản giờ tương lai"))
    BACK = Check("document-arrives-after-clock", ("LG-08", "TR-05"), Text("the one after it", "văn bản sau đó"))
    checks = (FAST, BACK)
    wave = Wave.ALONE

    async def drive(self, stage: Stage) -> None:
        """One document under the fast clock, one under the right one."""
        async with stage.fault("clock-shift", label="fast", operations=_LIST, hours=36.0):
            future = await stage.send(letter(stage), label="future")
            await arrive(stage, future)
        document = await stage.send(letter(stage))
        await arrive(stage, document)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The list showed the future only where it had something to show."""
        stands(evidence, "fast")
        future = evidence.sent("future")
        right_again = ended(evidence, "fast")
        yield evidence.expect(
            self.FAST,
            [each for each in evidence.statuses_from_sut(future, "01") if each.n < right_again.n],
            future,
            held=Text("it arrived", "văn bản đã đến"),
            broken=Text("listed with a time to come, it was left there", "giờ ghi ở tương lai nên bị để lại"),
        )
        document = evidence.sent()
        yield evidence.expect(
            self.BACK,
            evidence.statuses_from_sut(document, "01"),
            document,
            held=Text("it arrived", "văn bản đã đến"),
            broken=Text(
                "listed with an earlier time than the one before, it was skipped",
                "giờ ghi sớm hơn văn bản trước nên bị bỏ qua",
            ),
        )


CASES: tuple[Case, ...] = (ListRefused(), PageForList(), OddLists(), BrokenLists(), ClockShift())
