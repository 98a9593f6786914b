"""What a fake agency decides about the documents it gets, and when: pure, seeded, no I/O.

Every decision hangs on (seed, system, document) alone, never on the order of arrival, so that the same seed plays
the same day. Shares and delays are those of the traffic model (assumed: no public source gives them):
03 after 40 minutes of work (median), 04 two hours later, 05 one hour, 06 four working days with a long tail;
2 % are refused, 55 % assigned.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

__all__ = ["Habits", "Step", "answer_to_change", "answer_to_take_back", "gap", "plan", "stream"]

_HOUR = 3600.0
_WORKING_DAY = 8 * _HOUR
_REASONS_TO_REFUSE = (
    "Văn bản gửi nhầm đơn vị nhận, đề nghị gửi lại đúng thẩm quyền giải quyết",
    "Văn bản thiếu phụ lục kèm theo, đề nghị gửi bổ sung",
    "Nội dung không thuộc chức năng, nhiệm vụ của đơn vị",
    "Tệp đính kèm không phải bản có chữ ký số của người có thẩm quyền",
    "Văn bản đã được gửi trước đó, đề nghị kiểm tra lại",
    "Số, ký hiệu trên tệp đính kèm không khớp với thông tin gói tin",
)
_REASONS_TO_DECLINE = (
    "Văn bản đã được xử lý xong, không thể thay đổi",
    "Văn bản đã chuyển cho đơn vị phối hợp thực hiện, đề nghị có văn bản thay thế",
    "Đã ban hành văn bản trả lời, không thể trả lại văn bản",
)
_DEPARTMENTS = (
    "Văn phòng", "Phòng Tổng hợp", "Phòng Hành chính - Tổ chức", "Phòng Kế hoạch - Tài chính", "Thanh tra",
    "Vụ Pháp chế",
)  # fmt: skip
UNKNOWN_TARGET = "Không tìm thấy văn bản cần cập nhật hoặc thu hồi"


@dataclass(frozen=True, slots=True)
class Habits:
    """How fast and how willingly a node works. ``pace``: seconds of office time that pass in one real second."""

    poll_seconds: float = 5.0
    pace: float = 600.0
    letters_per_second: float = 0.0
    refuses: float = 0.02
    assigns: float = 0.55
    starts: float = 0.95
    finishes: float = 0.70
    agrees: float = 0.90


@dataclass(frozen=True, slots=True)
class Step:
    """One status to come: its code, its Description, seconds (real ones) after the step before it."""

    code: str
    after: float
    description: str


def stream(seed: int, *parts: object) -> Random:
    """An independent stream of chance for whatever ``parts`` name."""
    return Random("/".join(str(part) for part in (seed, *parts)))  # noqa: S311  # a play, no secret


def gap(habits: Habits, chance: Random) -> float:
    """Real seconds until the next letter; infinite for a node that writes none."""
    return chance.expovariate(habits.letters_per_second) if habits.letters_per_second > 0 else math.inf


def plan(habits: Habits, chance: Random, flaws: Sequence[str] = ()) -> tuple[Step, ...]:
    """The whole life of one new document at this node. ``flaws``: what is wrong with it; then it is refused."""
    arrived = Step("01", 0.0, "Văn bản đã đến hệ thống quản lý văn bản của đơn vị")
    if chance.random() < habits.refuses or flaws:
        reason = "; ".join(flaws) or chance.choice(_REASONS_TO_REFUSE)
        return (arrived, Step("02", _delay(habits, chance, 40 * 60), reason))
    number = chance.randint(11, 9_899)
    department = chance.choice(_DEPARTMENTS)
    steps = [arrived, Step("03", _delay(habits, chance, 40 * 60), f"Văn thư đã tiếp nhận, số đến {number}")]
    if chance.random() < habits.assigns:
        steps.append(Step("04", _delay(habits, chance, 2 * _HOUR), f"Lãnh đạo phân công {department} xử lý"))
    if chance.random() < habits.starts:
        steps.append(Step("05", _delay(habits, chance, _HOUR), f"{department} đang xử lý"))
        if chance.random() < habits.finishes:
            done = _delay(habits, chance, 4 * _WORKING_DAY, spread=1.0)
            steps.append(Step("06", done, f"{department} đã hoàn thành xử lý"))
    return tuple(steps)


def answer_to_change(habits: Habits, chance: Random, *, target_known: bool, finished: bool) -> Step:
    """15 or 16 to a recall or an update."""
    if not target_known:
        return Step("16", _delay(habits, chance, 20 * 60), UNKNOWN_TARGET)
    return _agree_or_not(habits, chance, finished, "Đồng ý cập nhật, thu hồi văn bản")


def answer_to_take_back(habits: Habits, chance: Random, *, target_known: bool, finished: bool) -> Step:
    """15 or 16 to a status 13."""
    if not target_known:
        return Step("16", _delay(habits, chance, 20 * 60), "Không tìm thấy văn bản cần lấy lại")
    return _agree_or_not(habits, chance, finished, "Đồng ý để đơn vị gửi lấy lại văn bản")


def _agree_or_not(habits: Habits, chance: Random, finished: bool, agreed: str) -> Step:
    after = _delay(habits, chance, 20 * 60)
    if finished:
        return Step("16", after, _REASONS_TO_DECLINE[0])
    if chance.random() < habits.agrees:
        return Step("15", after, agreed)
    return Step("16", after, chance.choice(_REASONS_TO_DECLINE[1:]))


def _delay(habits: Habits, chance: Random, median: float, spread: float = 0.5) -> float:
    """A log-normal delay of that median (office seconds), as real seconds; never two statuses in one second."""
    return max(1.0, median * math.exp(chance.gauss(0.0, spread)) / habits.pace)
