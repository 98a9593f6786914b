"""(g) Reading and admitting a large package against one SHA-256 of the same bytes."""

import hashlib
from collections.abc import Callable

from loadtests.bench.course import Course
from loadtests.bench.messages import Stencil
from loadtests.bench.parts import spent
from loadtests.bench.row import Goal, Row, compared
from simulator.hub.admission import admit
from simulator.protocol.codec import decode, outlined
from simulator.protocol.lint import lint
from simulator.protocol.profile import Profile
from simulator.words import Text

__all__ = ["validation"]

_MICRO = 1e6


async def validation(course: Course) -> list[Row]:
    """The rows of (g)."""
    rows = []
    profile = Profile()
    for megabytes, times in ((1, 20), (5, 6)):
        data = Stencil.of(megabytes << 20, sender="000.00.00.H98", receivers=["G22"]).package(1)
        loops: dict[str, Callable[[], object]] = {
            "validation": lambda data=data: admit(outlined(decode(data, profile.limits)), "edoc", profile),  # type: ignore[misc]
            "digest": lambda data=data: hashlib.sha256(data),  # type: ignore[misc]
            "lint": lambda data=data: lint(data),  # type: ignore[misc]
        }
        columns: dict[str, list[float]] = {name: [] for name in loops}
        for turn in range(course.rounds):
            course.say(f"g {megabytes} MB: {turn}/{course.rounds}")
            for name, loop in loops.items():
                columns[name].append(spent(loop, course.pick(times, 2)) * _MICRO)
        rows.append(
            compared(
                f"g.{megabytes}m",
                Text(
                    en=f"{megabytes} MB package: read and admitted : SHA-256 of the same bytes",
                    vi=f"gói {megabytes} MB: đọc và chấp nhận : SHA-256 của cùng số byte",
                ),
                "us",
                ours=columns["validation"],
                against=columns["digest"],
                goal=Goal("<=", 2.2),
            )
        )
        rows.append(
            compared(
                f"g.{megabytes}m.lint",
                Text(
                    en=f"{megabytes} MB package: every message rule : SHA-256 of the same bytes",
                    vi=f"gói {megabytes} MB: mọi quy tắc thông điệp : SHA-256 của cùng số byte",
                ),
                "us",
                ours=columns["lint"],
                against=columns["digest"],
            )
        )
    return rows
