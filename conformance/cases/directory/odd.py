"""Directories as they are: two codes for one unit, codes that only look alike, dirty rows, an axis that is away."""

import unicodedata
from collections.abc import Iterable

from conformance.case import Case, Wave
from conformance.cases.directory.kit import (
    DIRECTORY,
    SYNCHRONISE,
    Synchronising,
    asked,
    changed,
    fetched,
    fresh_code,
    knew,
    learns,
    new_code,
    offered,
    reaches,
    synced,
    watched,
)
from conformance.cases.sending.base import answered, leaves, leaving, left, orders
from conformance.evidence import CaseEvidence, Record
from conformance.finding import Check, Finding
from conformance.stage import Stage
from simulator.words import Text

__all__ = ["CASES"]

_INVISIBLE = "\u200b"


def _struck(seen: CaseEvidence, label: str = "outage") -> list[Record]:
    """The look-ups that fell into the outage."""
    values = [(note, note["values"]) for note in seen.notes("fault")]
    return [note for note, each in values if (each["label"], each["event"]) == (label, "struck")]


class OldSpelling(Synchronising):
    """The clerk knows a receiver by its old code only: the directory pairs it with the new one and its name."""

    id = "directory/old-spelling-resolved"
    title = Text("A receiver known by its old code", "Nơi nhận chọn theo mã cũ")
    expected = Text(
        "The pair code/code102 leads to the one unit: it is reached, and To bears its name from the directory.",
        "Cặp mã code/code102 dẫn đến đúng một đơn vị: gửi đến nơi, và To ghi tên theo danh bạ.",
    )
    REACHED = Check("old-spelling-reached", ("ID-11",), Text("the unit is reached", "đến đúng đơn vị"))
    NAME = Check("old-spelling-finds-the-name", ("ID-11",), Text("the directory knows it", "tra được trong danh bạ"))
    checks = (REACHED, NAME)

    async def drive(self, stage: Stage) -> None:
        """By the longer of its spellings."""
        old = max(stage.lane.codes, key=len)
        stage.note("old spelling", code=old, unit=stage.lane.unit, name=stage.lane.name)
        async with watched(stage):
            await synced(stage)
            if await orders(stage, to=[old]):
                await leaves(stage)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The mailbox, then the name beside the old code; a SUT that has not read them yet cannot know better."""
        asked_for = evidence.noted("old spelling")["values"]
        known = knew(evidence, None, answered(evidence, "document"))
        never = Text("the SUT was not seen fetching the directory", "chưa thấy SUT tải danh bạ")
        if not known and answered(evidence, "document")["status"] == 422:
            yield self.REACHED.unobserved(never, answered(evidence, "document"), remedy=SYNCHRONISE)
            return
        yield leaving(self.REACHED, evidence)
        told, document = left(evidence)
        names = [unicodedata.normalize("NFC", party.name).strip() for party in document.package.receivers]
        right = names == [unicodedata.normalize("NFC", asked_for["name"]).strip()]
        evidence.require(right or known, never, told, document, remedy=SYNCHRONISE)
        yield self.NAME.decide(
            right,
            told,
            document,
            held=Text(f"To bears '{names[0] if names else ''}'", f"To ghi '{names[0] if names else ''}'"),
            broken=Text(
                f"the directory calls {asked_for['code']} '{asked_for['name']}'; To bears {names}",
                f"danh bạ ghi {asked_for['code']} là '{asked_for['name']}'; To ghi {names}",
            ),
        )


class LookAlikes(Synchronising):
    """Two units whose codes would be one by the mapping rule, and are two in the directory."""

    id = "directory/codes-that-look-alike"
    title = Text("Codes that only look like a pair", "Hai mã trông như một cặp nhưng là hai đơn vị")
    expected = Text(
        "The directory decides, not the pattern: both units are reached.",
        "Danh bạ quyết định chứ không phải quy tắc ghép mã: gửi đến cả hai đơn vị.",
    )
    BOTH = Check("lookalike-codes-both-reached", ("ID-11",), Text("both are reached", "đến cả hai đơn vị"))
    checks = (BOTH,)

    async def drive(self, stage: Stage) -> None:
        """Registered apart, picked together."""
        new = fresh_code(stage)
        top, second, third = new.split(".")
        old = f"000.{third}.{second}.{top}"
        stage.note("alike", codes=[new, old])
        async with watched(stage):
            await stage.register_unit(new, "Phòng Hành chính")
            await stage.register_unit(old, "Phòng Kế toán")
            await synced(stage, changed(stage.seen, old))
            await offered(stage, "document", new, old)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Recipients as the axis resolved them."""
        yield reaches(self.BOTH, evidence, "document", *evidence.noted("alike")["values"]["codes"])


class DirtyRows(Synchronising):
    """The list has a code without its dot, one name under two codes, a nameless row, an invisible character."""

    id = "directory/dirty-rows"
    title = Text("Dirty rows and conflicts", "Danh bạ có dòng lỗi và dòng xung đột")
    expected = Text(
        "The rest of the list is taken over; a unit with U+200B in its name is a receiver like any other.",
        "Phần còn lại của danh bạ vẫn được cập nhật; đơn vị có ký tự U+200B trong tên vẫn gửi được.",
    )
    REST = Check("sync-survives-dirty-rows", ("ID-13",), Text("the rest is taken over", "phần còn lại vẫn cập nhật"))
    INVISIBLE = Check("invisible-in-name-reached", ("EN-04", "ID-13"), Text("U+200B does no harm", "U+200B vô hại"))
    checks = (REST, INVISIBLE)

    async def drive(self, stage: Stage) -> None:
        """The dirt first, then a clean unit; the one with the invisible character is picked by its code."""
        code = fresh_code(stage)
        top, second, third = code.split(".")
        stage.note("dirt", code=code)
        async with watched(stage):
            await stage.register_unit(f"000.{second}{third}.{top}", "Sở thiếu dấu chấm")
            await stage.register_unit(f"{top}.{second}.{third}.01", "Phòng trùng tên")
            await stage.register_unit(f"{top}.{second}.{third}.02", "Phòng trùng tên")
            await stage.register_unit(f"{top}.{second}.{third}.03", "")
            await stage.register_unit(code, f"Chi cục{_INVISIBLE} Thử{_INVISIBLE} nghiệm")
            await learns(stage, "clean", "Đơn vị đúng quy cách")
            await offered(stage, "invisible", code)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The clean one, then the odd one."""
        yield reaches(self.REST, evidence, "clean", new_code(evidence, "clean"))
        yield reaches(self.INVISIBLE, evidence, "invisible", str(evidence.noted("dirt")["values"]["code"]))


class DirectoryAway(Synchronising):
    """The look-ups break off in the middle of the answer for a while: what was known stays known."""

    id = "directory/look-up-fails"
    title = Text("The directory cannot be fetched", "Không tải được danh bạ")
    expected = Text(
        "Units that were known can be sent to meanwhile; after the outage new ones are learnt again.",
        "Trong lúc đó vẫn gửi được cho đơn vị đã biết; sau sự cố lại cập nhật được đơn vị mới.",
    )
    wave = Wave.HAZARD
    KNOWN = Check("known-units-outlive-outage", ("ID-13",), Text("what was known stays known", "giữ danh bạ đã có"))
    AFTER = Check("directory-recovers", ("ID-13", "ID-12"), Text("it recovers", "cập nhật lại được"))
    checks = (KNOWN, AFTER)

    async def drive(self, stage: Stage) -> None:
        """A look-up that works, one that fails, one that works."""
        await orders(stage, "twin")
        await leaves(stage, "twin")
        async with stage.fault("half-answer", label="outage", operations=DIRECTORY):
            await stage.register_unit(code := fresh_code(stage), "Đơn vị tạo khi có sự cố")
            await orders(stage, "during", to=[stage.lane.unit, code])
            await stage.until(
                _struck,
                for_=Text("a look-up that fails", "một lần tải danh bạ thất bại"),
            )
            if not _struck(stage.seen):
                await stage.sync(_struck)
            if await orders(stage, "known"):
                await leaves(stage, "known")
        async with watched(stage):
            await learns(stage, "after", "Đơn vị tạo sau sự cố")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Only where a look-up was seen failing, and the same order left before."""
        failed = _struck(evidence, "outage")
        never = Text("no look-up fell into the outage", "không có lần tải danh bạ nào rơi vào lúc sự cố")
        evidence.require(failed, never, remedy=SYNCHRONISE)
        left(evidence, "twin")
        yield leaving(self.KNOWN, evidence, "known")
        code = new_code(evidence, "after")
        since = changed(evidence, code)
        if answered(evidence, "after")["status"] == 422 and not asked(evidence, since):
            yield fetched(self.AFTER, evidence, since)
        else:
            yield reaches(self.AFTER, evidence, "after", code)


CASES: tuple[Case, ...] = (OldSpelling(), LookAlikes(), DirtyRows(), DirectoryAway())
