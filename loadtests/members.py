"""Members of a TOML table, read with what may stand there: every complaint names the member and what is wrong. Pure.

``MemberError`` carries the sentence without the file; whoever knows the file puts its name before it.
"""

import difflib
import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from simulator.words import Text

__all__ = ["MemberError", "Members"]

_MISSING = Text(en="is missing", vi="còn thiếu")
_MISSPELT = Text(en="is missing; is {near} meant to be it?", vi="còn thiếu; có phải {near} viết nhầm không?")
_UNKNOWN = Text(en="is not known here; known are {known}", vi="không có ở đây; có {known}")
_NO_TABLE = Text(en="must be a table", vi="phải là một bảng")
_NO_ROWS = Text(en="must be a list of tables", vi="phải là danh sách các bảng")
_NO_LIST = Text(en="must be a list", vi="phải là một danh sách")
_NO_TEXT = Text(en="must be a text", vi="phải là chuỗi ký tự")
_EMPTY = Text(en="must not be empty", vi="không được để trống")
_NO_NUMBER = Text(en="must be a number, not {seen!r}", vi="phải là một số, không phải {seen!r}")
_NOT_WHOLE = Text(en="must be a whole number, not {seen!r}", vi="phải là số nguyên, không phải {seen!r}")
_NO_FLAG = Text(en="must be true or false, not {seen!r}", vi="phải là true hoặc false, không phải {seen!r}")
_NO_DATE = Text(
    en="must be a date such as 2020-02-03, not {seen!r}", vi="phải là ngày, ví dụ 2020-02-03, không phải {seen!r}"
)
_OUTSIDE = Text(en="must be {range}, not {seen}", vi="phải {range}, không phải {seen}")
_NOT_ONE_OF = Text(en="must be one of {known}, not {seen!r}", vi="phải là một trong {known}, không phải {seen!r}")


class MemberError(ValueError):
    """What is wrong with one member. ``member``: its whole name (``polls.period_seconds``)."""

    def __init__(self, member: str, because: Text) -> None:
        super().__init__(f"{member} {because.en}")
        self.member = member
        self.because = Text(en=f"{member} {because.en}", vi=f"{member} {because.vi}")


class Members:
    """One table. Each method takes a member off it; ``done`` complains about the first one that nobody took."""

    def __init__(self, table: object, name: str = "") -> None:
        if not isinstance(table, Mapping):
            raise MemberError(name or "?", _NO_TABLE)
        self._left: dict[str, Any] = dict(table)
        self._taken: list[str] = []
        self._name = name

    def __contains__(self, member: str) -> bool:
        self._taken.append(member)
        return member in self._left

    def path(self, member: str) -> str:
        """The whole name of a member."""
        return f"{self._name}.{member}" if self._name else member

    def wrong(self, member: str, because: Text) -> MemberError:
        """A complaint about a member."""
        return MemberError(self.path(member), because)

    def peek(self, member: str) -> Any:
        """What stands there, without taking it off; None where nothing does."""
        return self._left.get(member)

    def take(self, member: str) -> Any:
        """What stands there, whatever it is."""
        return self._take(member, None)

    def text(self, member: str, default: str | None = None) -> str:
        """A text that is not empty, or ``default``."""
        value = self._take(member, default)
        if not isinstance(value, str):
            raise self.wrong(member, _NO_TEXT)
        if not value and default is None:
            raise self.wrong(member, _EMPTY)
        return value

    def choice(self, member: str, known: tuple[str, ...], default: str | None = None) -> str:
        """One of those words."""
        value = self._take(member, default)
        if value not in known:
            raise self.wrong(member, _NOT_ONE_OF.filled(known=", ".join(known), seen=value))
        return str(value)

    def number(
        self,
        member: str,
        default: float | None = None,
        *,
        above: float | None = None,
        least: float | None = None,
        most: float | None = None,
    ) -> float:
        """A finite number within the bounds; ``above`` excludes its bound."""
        value = self._take(member, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self.wrong(member, _NO_NUMBER.filled(seen=value))
        self._check_range(member, value, above, least, most)
        return float(value)

    def whole(
        self, member: str, default: int | None = None, *, least: int | None = None, most: int | None = None
    ) -> int:
        """A whole number within the bounds."""
        value = self._take(member, default)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.wrong(member, _NOT_WHOLE.filled(seen=value))
        self._check_range(member, value, None, least, most)
        return value

    def flag(self, member: str, default: bool | None = None) -> bool:
        """Yes or no."""
        value = self._take(member, default)
        if not isinstance(value, bool):
            raise self.wrong(member, _NO_FLAG.filled(seen=value))
        return value

    def day(self, member: str) -> date | None:
        """A date (2020-02-03 without quotes), or None where the member is absent."""
        if member not in self._left:
            self._taken.append(member)
            return None
        value = self._take(member, None)
        if type(value) is not date:
            raise self.wrong(member, _NO_DATE.filled(seen=value))
        return value

    def both(self, member: str) -> Text:
        """A sentence in both languages: ``{en = "…", vi = "…"}``."""
        table = self.table(member)
        sentence = Text(en=table.text("en"), vi=table.text("vi"))
        table.done()
        return sentence

    def table(self, member: str) -> "Members":
        """A table under this one."""
        return Members(self._take(member, None), self.path(member))

    def rows(self, member: str) -> list["Members"]:
        """The tables of a list, numbered from 1 in complaints; none where the member is absent."""
        value = self._take(member, [])
        if not isinstance(value, list):
            raise self.wrong(member, _NO_ROWS)
        return [Members(row, f"{self.path(member)}[{number}]") for number, row in enumerate(value, 1)]

    def items(self, member: str, default: list[Any] | None = None) -> list[Any]:
        """A list, whatever is in it."""
        value = self._take(member, default)
        if not isinstance(value, list):
            raise self.wrong(member, _NO_LIST)
        return value

    def done(self) -> None:
        """Nothing else may stand here. Raises MemberError for the first member that does."""
        for member in self._left:
            known = ", ".join(sorted(set(self._taken)))
            raise self.wrong(member, _UNKNOWN.filled(known=known))

    def _take(self, member: str, default: object) -> Any:
        self._taken.append(member)
        value = self._left.pop(member, default)
        if value is None:
            near = difflib.get_close_matches(member, self._left, n=1, cutoff=0.75)
            raise self.wrong(member, _MISSPELT.filled(near=near[0]) if near else _MISSING)
        return value

    def _check_range(
        self, member: str, value: float, above: float | None, least: float | None, most: float | None
    ) -> None:
        if (above is None or value > above) and (least is None or value >= least) and (most is None or value <= most):
            return
        bounds = [
            (Text(en="above {bound:g}", vi="lớn hơn {bound:g}"), above),
            (Text(en="at least {bound:g}", vi="ít nhất {bound:g}"), least),
            (Text(en="at most {bound:g}", vi="nhiều nhất {bound:g}"), most),
        ]
        said = [sentence.filled(bound=bound) for sentence, bound in bounds if bound is not None]
        both = Text(en=" and ".join(each.en for each in said), vi=" và ".join(each.vi for each in said))
        raise self.wrong(
            member,
            Text(en=_OUTSIDE.en.format(range=both.en, seen=value), vi=_OUTSIDE.vi.format(range=both.vi, seen=value)),
        )
