"""Wrong directories: never fetched, never renewed, wiped by an outage, or read by a rule of thumb."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from conformance.mutants.mutant import Mutant
from simulator.agency.client import Answer
from simulator.agency.dms import Dms, Refused
from simulator.agency.kit.store import UnitRow
from simulator.protocol.identifiers import mapped_code
from simulator.protocol.package import Party
from simulator.words import Text

__all__ = ["MUTANTS"]

_NO_DOT = re.compile(r"\d{3}\.\d{4}\.[A-Z]\d\d\Z")


class NeverFetchesDirectory(Dms):
    """Has no address book: whatever a clerk types goes to the axis."""

    mutant = Mutant(
        "never-fetches-directory",
        Text("never fetches the directory", "không bao giờ tải danh bạ"),
        source="requirement ID-13",
        caught_by=("directory-asked-for",),
    )

    async def synchronise(self) -> bool:
        """There is none."""
        return False


class SkipsDatedRows(Dms):
    """Leaves out the rows that bear a date of change: those are the units created since the first list."""

    mutant = Mutant(
        "skips-dated-rows",
        Text("leaves created units out of its directory", "bỏ sót đơn vị mới lập khi cập nhật danh bạ"),
        source="requirement ID-13",
        caught_by=("new-unit-becomes-receiver", "successor-becomes-receiver"),
    )

    def apply_directory(self, pairs: Answer, units: Answer) -> None:
        """An unknown member, an unknown row."""
        dated = {item.get("code") for item in units.items if item.get("modifyDate")}
        super().apply_directory(
            *(
                replace(answer, items=tuple(item for item in answer.items if item.get("code") not in dated))
                for answer in (pairs, units)
            )
        )


class RenamedIsClosed(Dms):
    """Takes a row whose name changed for a conflict, and locks the unit."""

    mutant = Mutant(
        "renamed-is-closed",
        Text("locks a unit whose name changed", "khóa đơn vị khi tên thay đổi"),
        source="requirement ID-13",
        caught_by=("renamed-unit-reached",),
    )

    def apply_directory(self, pairs: Answer, units: Answer) -> None:
        """Another name, another unit."""
        before = {row.code: row for row in self._units.values()}
        super().apply_directory(pairs, units)
        rows = {row.code: row for row in self._units.values()}
        odd = {code for code, row in rows.items() if code in before and row.name != before[code].name}
        odd |= {code for code, row in before.items() if row.closed}
        self._learn(tuple(replace(row, closed=row.closed or row.code in odd) for row in rows.values()))


class KeepsOldNames(Dms):
    """Adds and closes units, and never changes one."""

    mutant = Mutant(
        "keeps-old-names",
        Text("keeps the first name of every unit", "giữ tên đầu tiên của mọi đơn vị"),
        source="requirement ID-13",
        caught_by=("renamed-unit-new-name",),
    )

    def apply_directory(self, pairs: Answer, units: Answer) -> None:
        """MODIFY is not handled."""
        before = {row.code: row.name for row in self._units.values()}
        super().apply_directory(pairs, units)
        rows = {row.code: row for row in self._units.values()}
        self._learn(tuple(replace(row, name=before.get(row.code, row.name)) for row in rows.values()))


class DropsClosedReceivers(Dms):
    """Tells the clerk that the document was taken when its receiver is closed, and drops it."""

    mutant = Mutant(
        "drops-closed-receivers",
        Text("accepts an order to a closed unit and drops it", "nhận yêu cầu gửi nơi đã đóng rồi lặng lẽ bỏ đi"),
        source="requirement ID-12",
        caught_by=("merged-unit-not-sent-to",),
    )

    async def send(self, members: Mapping[str, Any]) -> str:
        """An id for what never leaves."""
        try:
            return await super().send(members)
        except Refused:
            if any(unit.closed for code in members.get("to") or () if (unit := self.unit_named(code))):
                return "DA-GUI"
            raise


class NeverReopens(Dms):
    """A unit that was once deleted stays deleted."""

    mutant = Mutant(
        "never-reopens",
        Text("never opens a unit again", "không bao giờ mở lại đơn vị đã đóng"),
        source="requirement ID-13",
        caught_by=("reopened-unit-becomes-receiver",),
    )

    def apply_directory(self, pairs: Answer, units: Answer) -> None:
        """The mark of deletion is only ever set."""
        gone = {row.code for row in self._units.values() if row.closed}
        super().apply_directory(pairs, units)
        rows = {row.code: row for row in self._units.values()}
        self._learn(tuple(replace(row, closed=row.closed or row.code in gone) for row in rows.values()))


class FindsNewCodesOnly(Dms):
    """Looks a receiver up by its new code; an old one is unknown."""

    mutant = Mutant(
        "finds-new-codes-only",
        Text("knows units by their new code only", "chỉ tra được đơn vị theo mã mới"),
        source="pitfalls 48",
        caught_by=("old-spelling-reached",),
    )

    def unit_named(self, code: str) -> UnitRow | None:
        """The column code102 is not read."""
        unit = super().unit_named(code)
        return unit if unit and unit.code == code else None


class NamelessOldCodes(Dms):
    """Writes the code in place of the name where the clerk typed an old code."""

    mutant = Mutant(
        "nameless-old-codes",
        Text("writes an old code as the unit's name", "ghi mã cũ thay cho tên đơn vị"),
        source="pitfalls 48",
        caught_by=("old-spelling-finds-the-name",),
    )

    def receiver_parties(self, codes: Sequence[str]) -> tuple[Party, ...]:
        """The row is there; only the join goes by the new code."""
        known = {row.code for row in self._units.values()}
        return tuple(
            party if party.organ_id in known else replace(party, name=party.organ_id)
            for party in super().receiver_parties(codes)
        )


class PairsByRule(Dms):
    """Turns every old code round by the mapping rule, whatever the directory says."""

    mutant = Mutant(
        "pairs-by-rule",
        Text("pairs codes by the rule instead of the directory", "ghép cặp mã theo quy tắc thay vì theo danh bạ"),
        source="requirement ID-11",
        caught_by=("lookalike-codes-both-reached",),
    )

    def canonical(self, code: str) -> str:
        """000.00.13.H53 is H53.13, always."""
        return mapped_code(code) or code


class ChokesOnDirtyCodes(Dms):
    """One code without its dot, and the import rolls back."""

    mutant = Mutant(
        "chokes-on-dirty-codes",
        Text("throws a list with one bad code away", "bỏ cả danh bạ vì một mã sai"),
        source="pitfalls 47",
        caught_by=("sync-survives-dirty-rows",),
    )

    def apply_directory(self, pairs: Answer, units: Answer) -> None:
        """All or nothing."""
        if not any(_NO_DOT.match(str(item.get("code"))) for item in units.items):
            super().apply_directory(pairs, units)


class SkipsInvisibleNames(Dms):
    """Takes a name with an invisible character for damaged, and leaves the row out."""

    mutant = Mutant(
        "skips-invisible-names",
        Text("leaves units with U+200B in their name out", "bỏ qua đơn vị có U+200B trong tên"),
        source="pitfalls 35",
        caught_by=("invisible-in-name-reached",),
    )

    def apply_directory(self, pairs: Answer, units: Answer) -> None:
        """Only clean rows."""
        super().apply_directory(
            *(
                replace(answer, items=tuple(item for item in answer.items if "\u200b" not in str(item.get("name"))))
                for answer in (pairs, units)
            )
        )


class WipedByOutage(Dms):
    """Takes a look-up that failed for an empty directory."""

    mutant = Mutant(
        "wiped-by-outage",
        Text("empties its directory when a look-up fails", "xóa sạch danh bạ khi tải thất bại"),
        source="pitfalls 49",
        caught_by=("known-units-outlive-outage",),
    )

    async def synchronise(self) -> bool:
        """No rows are no rows."""
        if not await super().synchronise():
            self._learn(())
        return True


class GivesDirectoryUp(Dms):
    """Gives the directory up for good after one look-up that failed."""

    gave_up = False
    mutant = Mutant(
        "gives-directory-up",
        Text("never fetches the directory again after one failure", "sau một lần lỗi thì không tải danh bạ nữa"),
        source="pitfalls 50",
        caught_by=("directory-recovers",),
    )

    async def synchronise(self) -> bool:
        """The loop has ended; what is known counts as all there is."""
        if not self.gave_up:
            self.gave_up = not await super().synchronise()
        return True


class SlowPicker(Dms):
    """Its screen lets clerks pick from fifty thousand rows at most: of a longer directory it takes nothing over."""

    mutant = Mutant(
        "slow-picker",
        Text("takes no directory of more than 50,000 rows", "không nhận danh bạ trên 50.000 dòng"),
        source="pitfalls 47",
        caught_by=("directory-of-123265-taken",),
    )

    def apply_directory(self, pairs: Answer, units: Answer) -> None:
        """What was known stays."""
        if len(pairs.items) <= 50_000:
            super().apply_directory(pairs, units)


class ReadsOnePage(Dms):
    """Reads a thousand rows of the directory."""

    mutant = Mutant(
        "reads-one-page",
        Text("knows the first 1,000 rows of the directory", "chỉ biết 1.000 dòng đầu của danh bạ"),
        source="pitfalls 47",
        caught_by=("directory-of-1000-taken", "directory-of-20000-taken"),
    )

    def apply_directory(self, pairs: Answer, units: Answer) -> None:
        """A page, unless the whole of it fits on one."""
        page = replace(pairs, items=pairs.items[:1_000])
        super().apply_directory(page, replace(units, items=()) if len(pairs.items) > 1_000 else units)


MUTANTS: tuple[type[Dms], ...] = (
    NeverFetchesDirectory,
    SkipsDatedRows,
    RenamedIsClosed,
    KeepsOldNames,
    DropsClosedReceivers,
    NeverReopens,
    FindsNewCodesOnly,
    NamelessOldCodes,
    PairsByRule,
    ChokesOnDirtyCodes,
    SkipsInvisibleNames,
    WipedByOutage,
    GivesDirectoryUp,
    SlowPicker,
    ReadsOnePage,
)
