"""The parts of a scenario, read from their members. Raises MemberError. Pure."""

import math
from collections.abc import Sequence
from typing import Any, cast

from loadtests.members import MemberError, Members
from loadtests.traffic import curves
from loadtests.traffic.national import National
from loadtests.traffic.values import (
    Backlog,
    Broadcast,
    Burst,
    Closed,
    FanOut,
    Mark,
    Polls,
    Provenance,
    Sizes,
    Statuses,
    StatusStep,
    TakeBack,
)
from simulator.words import Text

__all__ = [
    "CURVES",
    "GROUPS",
    "backlog",
    "broadcasts",
    "burst",
    "closed",
    "curve",
    "fan_out",
    "polls",
    "provenance",
    "senders",
    "sizes",
    "statuses",
    "title",
    "urgencies",
]

CURVES = ("flat", "working-day", "morning")
"""Curves by name: even; 07 to 19 o'clock; 08 to 11 o'clock (from the hours of the national model)."""
GROUPS = ("vpcp", "ministries", "provinces", "rest")
_MARKS = ("published", "likely", "derived", "assumed")
_CODES = ("01", "02", "03", "04", "05", "06")
_TOLERANCE = 1e-6

_NOT_ONE = Text(en="must sum to 1, not {total:g}", vi="phải có tổng bằng 1, không phải {total:g}")
_BAD_SHARE = Text(
    en="must hold shares from 0 to 1, not {seen!r}", vi="phải gồm các tỷ lệ từ 0 đến 1, không phải {seen!r}"
)
_FOUR = Text(
    en="must be four shares: normal, urgent, very urgent, express",
    vi="phải gồm bốn tỷ lệ: thường, khẩn, thượng khẩn, hỏa tốc",
)
_FAN_OUT_ROW = Text(
    en="must be [from, to, share] with 1 <= from <= to, not {seen}",
    vi="phải là [từ, đến, tỷ lệ] với 1 <= từ <= đến, không phải {seen}",
)
_FIXED_ROW = Text(en="must be [bytes, share], not {seen}", vi="phải là [byte, tỷ lệ], không phải {seen}")
_BAD_CURVE = Text(
    en="must be one of {known}, or a list of [share of the run, factor]: {error}",
    vi="phải là một trong {known}, hoặc danh sách [phần của lần chạy, hệ số]: {error}",
)
_BURST_TOO_LONG = Text(
    en="lasts_seconds × factor must not pass every_seconds, or the mean cannot be kept",
    vi="lasts_seconds × factor không được vượt every_seconds, nếu không trung bình sẽ thay đổi",
)
_STEP = Text(
    en='must be ["01" … "06", share, delay in seconds], not {seen}',
    vi='phải là ["01" … "06", tỷ lệ, độ trễ tính bằng giây], không phải {seen}',
)
_CODE_TWICE = Text(en="names the status {code} twice", vi="nêu trạng thái {code} hai lần")
_CHAIN = Text(
    en="03 cannot come for more deliveries than 02 leaves, nor 04 and 05 for more than 03, nor 06 for more than 05",
    vi="tỷ lệ của 03 không được vượt phần còn lại sau 02, 04 và 05 không vượt 03, 06 không vượt 05",
)


def title(members: Members, member: str) -> Text:
    """A sentence in both languages, or one text for both."""
    if isinstance(plain := members.peek(member), str):
        return Text(en=members.text(member), vi=plain)
    return members.both(member)


def provenance(members: Members) -> Provenance:
    """Where the figures come from; what does not say so is assumed."""
    if "provenance" not in members:
        return Provenance("assumed", Text(en="The user's own figures.", vi="Số liệu do người dùng tự đặt."))
    table = members.table("provenance")
    mark = cast(Mark, table.choice("mark", _MARKS))
    text = Text(en=table.text("en"), vi=table.text("vi"))
    table.done()
    return Provenance(mark, text)


def curve(members: Members, model: National) -> curves.Curve:
    """``curve``: a name or points; flat where it is absent."""
    given = members.peek("curve")
    try:
        match given:
            case None:
                return curves.FLAT
            case "flat":
                made = curves.FLAT
            case "working-day":
                made = curves.of_hours(model.hours, 7, 19)
            case "morning":
                made = curves.of_hours(model.hours, 8, 11)
            case list():
                made = curves.shape((float(x), float(y)) for x, y in given)
            case _:
                raise ValueError(repr(given))
    except (TypeError, ValueError) as error:
        raise members.wrong("curve", _BAD_CURVE.filled(known=", ".join(CURVES), error=error)) from error
    members.take("curve")
    return made


def burst(members: Members) -> Burst | None:
    """``burst``, or None."""
    if "burst" not in members:
        return None
    table = members.table("burst")
    found = Burst(
        every_seconds=table.number("every_seconds", above=0),
        lasts_seconds=table.number("lasts_seconds", above=0),
        factor=table.number("factor", least=1),
    )
    table.done()
    if found.lasts_seconds * found.factor > found.every_seconds:
        raise members.wrong("burst", _BURST_TOO_LONG)
    return found


def senders(members: Members, model: National) -> tuple[tuple[str, float], ...]:
    """``senders``: the share of each group of units."""
    if "senders" not in members:
        return model.senders
    table = members.table("senders")
    shares = tuple((group, table.number(group, 0.0, least=0, most=1)) for group in GROUPS)
    table.done()
    _check_sum(members, "senders", [share for _, share in shares])
    return shares


def fan_out(members: Members, model: National) -> tuple[FanOut, ...]:
    """``fan_out``: rows of [from, to, share]."""
    if "fan_out" not in members:
        return model.fan_out
    rows = []
    for row in members.items("fan_out"):
        if not (_is_row(row, 3) and _whole(row[0]) and _whole(row[1]) and 1 <= row[0] <= row[1]):
            raise members.wrong("fan_out", _FAN_OUT_ROW.filled(seen=row))
        rows.append(FanOut(row[0], row[1], _share(members, "fan_out", row[2])))
    _check_sum(members, "fan_out", [row.share for row in rows])
    return tuple(rows)


def sizes(members: Members, model: National) -> Sizes:
    """``sizes``: median_bytes, sigma and cap_bytes, or fixed = [[bytes, share], …]."""
    if "sizes" not in members:
        return model.sizes
    table = members.table("sizes")
    if "fixed" in table:
        rows = []
        for row in table.items("fixed"):
            if not (_is_row(row, 2) and _whole(row[0]) and 0 < row[0] <= _LARGEST_FILE):
                raise table.wrong("fixed", _FIXED_ROW.filled(seen=row))
            rows.append((row[0], _share(table, "fixed", row[1])))
        _check_sum(table, "fixed", [share for _, share in rows])
        found = Sizes(fixed=tuple(rows))
    else:
        found = Sizes(
            median_bytes=table.whole("median_bytes", least=1, most=_LARGEST_FILE),
            sigma=table.number("sigma", least=0, most=5),
            cap_bytes=table.whole("cap_bytes", least=1, most=_LARGEST_FILE),
        )
    table.done()
    return found


_LARGEST_FILE = 500_000_000


def urgencies(members: Members, model: National) -> tuple[float, ...]:
    """``urgencies``: the shares of the priorities 0 to 3."""
    if "urgencies" not in members:
        return model.urgencies
    given = members.items("urgencies")
    if len(given) != 4:
        raise members.wrong("urgencies", _FOUR)
    shares = tuple(_share(members, "urgencies", each) for each in given)
    _check_sum(members, "urgencies", shares)
    return shares


def statuses(members: Members, model: National, *, compression: float, seconds: float) -> Statuses:
    """``statuses``; where absent those of the national model, their delays pressed as the run presses time."""
    if "statuses" not in members:
        steps = tuple(
            StatusStep(step.code, step.share, step.delay_seconds / compression) for step in model.statuses.steps
        )
        asked = model.statuses.take_back
        pressed = asked and TakeBack(asked.share, asked.after_seconds / compression, asked.agreed)
        return Statuses(steps, model.statuses.sigma, cap_seconds=seconds / 4, take_back=pressed)
    table = members.table("statuses")
    sigma = table.number("sigma", 0.0, least=0, most=5)
    cap = table.number("cap_seconds", above=0)
    steps = tuple(_status_step(table, row) for row in table.items("steps"))
    asked = _take_back(table.table("take_backs")) if "take_backs" in table else None
    table.done()
    shares: dict[str, float] = {}
    for step in steps:
        if step.code in shares:
            raise table.wrong("steps", _CODE_TWICE.filled(code=step.code))
        shares[step.code] = step.share
    rejected, accepted, processing = (shares.get(code, 0.0) for code in ("02", "03", "05"))
    if (
        accepted > 1 - rejected + _TOLERANCE
        or max(processing, shares.get("04", 0.0)) > accepted + _TOLERANCE
        or shares.get("06", 0.0) > processing + _TOLERANCE
    ):
        raise table.wrong("steps", _CHAIN)
    return Statuses(steps, sigma, cap, asked)


def _take_back(table: Members) -> TakeBack:
    found = TakeBack(
        share=table.number("share", least=0, most=1),
        after_seconds=table.number("after_seconds", least=0),
        agreed=table.number("agreed", 1.0, least=0, most=1),
    )
    table.done()
    return found


def _status_step(table: Members, row: Any) -> StatusStep:
    if not (_is_row(row, 3) and row[0] in _CODES and _number(row[2]) and row[2] >= 0):
        raise table.wrong("steps", _STEP.filled(seen=row))
    return StatusStep(row[0], _share(table, "steps", row[1]), float(row[2]))


def polls(members: Members, model: National) -> Polls:
    """``polls``; where absent every 15 minutes at once, with the offline share of the national model."""
    if "polls" not in members:
        return Polls(period_seconds=model.poll_seconds, jitter_seconds=5.0, share_offline=model.share_offline)
    table = members.table("polls")
    period = table.number("period_seconds", least=0.1)
    found = Polls(
        period_seconds=period,
        synchronised=table.flag("synchronised", True),
        jitter_seconds=table.number("jitter_seconds", 0.0, least=0, most=period),
        share_offline=table.number("share_offline", 0.0, least=0, most=0.9),
        back_at_share=table.number("back_at_share", least=0, most=1) if "back_at_share" in table else None,
    )
    table.done()
    return found


def broadcasts(members: Members) -> tuple[Broadcast, ...]:
    """``[[broadcasts]]``: circulars."""
    found = []
    for row in members.rows("broadcasts"):
        found.append(
            Broadcast(
                at_share=row.number("at_share", least=0, most=0.99),
                receivers=row.whole("receivers", 0, least=0),
                urgency=row.whole("urgency", 3, least=0, most=3),
                size_bytes=row.whole("size_bytes", 20_000, least=1, most=_LARGEST_FILE),
                sender=row.text("sender", ""),
                every_seconds=row.number("every_seconds", least=0.1) if "every_seconds" in row else None,
            )
        )
        row.done()
    return tuple(found)


def closed(members: Members) -> Closed:
    """``closed``: users and their thinking time."""
    table = members.table("closed")
    found = Closed(
        users=table.whole("users", least=1, most=10_000), think_seconds=table.number("think_seconds", least=0.01)
    )
    table.done()
    return found


def backlog(members: Members) -> Backlog | None:
    """``backlog``, or None."""
    if "backlog" not in members:
        return None
    table = members.table("backlog")
    found = Backlog(seconds=table.number("seconds", above=0), within_seconds=table.number("within_seconds", above=0))
    table.done()
    return found


def _is_row(row: Any, length: int) -> bool:
    return isinstance(row, list) and len(row) == length


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _share(members: Members, member: str, value: Any) -> float:
    if not _number(value) or not 0 <= value <= 1:
        raise members.wrong(member, _BAD_SHARE.filled(seen=value))
    return float(value)


def _check_sum(members: Members, member: str, shares: Sequence[float]) -> None:
    total = math.fsum(shares)
    if abs(total - 1) > _TOLERANCE:
        raise MemberError(members.path(member), _NOT_ONE.filled(total=total))
