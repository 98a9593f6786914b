"""The reference system in a process of its own: ``python -m conformance.sut.child``, started by reference.py.

One JSON line on stdin says where the axis is and which system to be (bundled.py); one JSON line on stdout says where
the control API listens. It ends when its stdin is closed, so it never outlives the run, and a mutant
may hang without hanging us.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from conformance.sut.bundled import bundled
from simulator.agency.dms import DmsConfig

__all__ = ["main"]


async def _serve(settings: dict[str, Any]) -> None:
    name = settings.pop("mutant")
    places = {each: Path(settings[each]) for each in ("data", "trust", "signer") if settings.get(each)}
    async with bundled(name, DmsConfig(**{**settings, **places})) as url:
        sys.stdout.write(json.dumps({"url": url}) + "\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)


def main() -> None:
    """Serve until stdin ends."""
    asyncio.run(_serve(json.loads(sys.stdin.readline())))


if __name__ == "__main__":
    main()
