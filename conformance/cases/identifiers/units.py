"""Units that a case makes up and has its lane register on the axis: long codes, numbers, units that close."""

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from conformance.evidence import Lane
from conformance.stage import Stage, Trouble
from simulator.words import Text

__all__ = ["close_unit", "deep_codes", "long_code", "number_code", "register_unit"]

_LONGEST = 35


class _Answer(Protocol):
    ok: bool
    code: str
    desc: str


class _Axis(Protocol):
    async def register(self, unit: Mapping[str, str]) -> _Answer:
        """registerAgency."""

    async def remove(self, code: str) -> _Answer:
        """deleteAgency."""


def long_code(draw: random.Random, top: str) -> str:
    """A code of exactly 35 characters after QĐ 20/2020 under ``top``, made up."""
    code = top.replace("-", "")
    while _LONGEST - len(code) > 4:
        code += f".{draw.randint(10, 99)}"
    return code + "." + "".join(draw.choice("0123456789") for _ in range(_LONGEST - len(code) - 1))


def number_code(draw: random.Random, digits: int) -> str:
    """A registration number: 10 digits, or 13 for a branch. 00 begins none that was ever given."""
    return "00" + "".join(draw.choice("0123456789") for _ in range(8)) + "001" * (digits == 13)


def deep_codes(draw: random.Random, top: str) -> tuple[str, str]:
    """A unit of level 3 after QĐ 20/2020 and another of level 4 after QCVN 102, under the lane's unit."""
    level1 = top if len(top) == 3 else "H97"
    return f"{level1}.{draw.randint(60, 99)}.{draw.randint(60, 99)}", (
        f"{draw.randint(100, 999)}.{draw.randint(10, 99)}.{draw.randint(10, 59)}.{level1}"
    )


async def register_unit(stage: Stage, code: str, name: str) -> Lane:
    """Have the lane's system register a unit on the axis; the same lane, speaking as that unit. Raises Trouble."""
    _good(await _axis(stage).register({"code": code, "name": name, "pcode": stage.lane.unit}), code)
    stage.note("registered", code=code, name=name)
    return replace(stage.lane, unit=code, codes=(code,), name=name)


async def close_unit(stage: Stage, code: str) -> None:
    """Have the lane's system take the unit out again. Raises Trouble."""
    _good(await _axis(stage).remove(code), code)
    stage.note("closed", code=code)


def _axis(stage: Stage) -> _Axis:
    # The stage has no word for the directory yet; this is what live.py stands on.
    client: _Axis = stage._around.client(stage.lane.system_id)  # type: ignore[attr-defined]
    return client


def _good(answer: _Answer, code: str) -> None:
    if not answer.ok:
        why = f"{code}: {answer.code} {answer.desc}"
        raise Trouble(Text(en=f"the axis would not change its directory: {why}", vi=f"trục không sửa danh bạ: {why}"))
