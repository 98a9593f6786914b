"""``--fault NAME[:VALUE]``: which fault an axis is to have from its start. Pure."""

from dataclasses import dataclass, field
from typing import Any

from simulator.faults.catalogue import FAULTS, fault_named
from simulator.words import Text

__all__ = ["BadFault", "Wrong", "parse"]

_UNKNOWN = Text(en="there is no fault {name!r}; known are {known}", vi="không có lỗi {name!r}; có {known}")
_WHOLE = Text(
    en="the fault {name} takes the whole axis away, which only cases of `check` do; from its start an axis can have"
    " {known}",
    vi="lỗi {name} làm cả trục ngừng, chỉ dùng trong ca kiểm thử của `check`; từ lúc khởi động, trục có thể mang"
    " {known}",
)
_NO_VALUE = Text(en="the fault {name} takes no value", vi="lỗi {name} không nhận giá trị")
_BAD_VALUE = Text(
    en="the {option} of the fault {name} must be a number above 0, not {value!r}",
    vi="{option} của lỗi {name} phải là một số lớn hơn 0, không phải {value!r}",
)


class BadFault(ValueError):
    """No such fault, or no such value of it; ``because`` says which."""

    def __init__(self, because: Text) -> None:
        super().__init__(because.en)
        self.because = because


@dataclass(frozen=True, slots=True)
class Wrong:
    """A fault and its options."""

    fault: str
    options: dict[str, Any] = field(default_factory=dict)


def parse(text: str) -> Wrong:
    """``loses-one-in-n:100`` is that fault with its option ``n`` at 100. Raises BadFault."""
    name, _, value = text.partition(":")
    known = {fault.id for fault in FAULTS if fault.switch is None}
    if name not in known:
        because = _WHOLE if name in {fault.id for fault in FAULTS} else _UNKNOWN
        raise BadFault(because.filled(name=name, known=", ".join(sorted(known))))
    options = fault_named(name).options
    if not value:
        return Wrong(name)
    if not options:
        raise BadFault(_NO_VALUE.filled(name=name))
    option, default = next(iter(options.items()))
    try:
        number = type(default)(value)
    except ValueError:
        number = 0
    if number <= 0:
        raise BadFault(_BAD_VALUE.filled(name=name, option=option, value=value))
    return Wrong(name, {option: number})
