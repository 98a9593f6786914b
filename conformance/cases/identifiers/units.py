"""Codes of units that a case makes up and has its lane register on the axis: long ones, numbers, deep ones."""

import random

__all__ = ["deep_codes", "long_code", "number_code"]

_LONGEST = 35


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
