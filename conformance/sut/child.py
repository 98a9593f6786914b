"""The reference system in a process of its own: ``python -m conformance.sut.child``, started by reference.py.

One JSON line on stdin says where the axis is and which mutant to be; one JSON line on stdout says where the control
API listens. It ends when its stdin is closed, so it never outlives the run, and a mutant may hang without hanging us.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from conformance.mutants import by_id
from simulator.agency.dms import Dms, DmsConfig
from simulator.agency.dms_serve import DmsServer
from simulator.clock import SystemClock

__all__ = ["main"]


async def _serve(settings: dict[str, Any]) -> None:
    mutant = settings.pop("mutant")
    kind: type[Dms] = by_id(mutant) if mutant else Dms
    dms = kind(DmsConfig(**{**settings, "data": Path(settings["data"])}), SystemClock())
    async with DmsServer(dms, host="127.0.0.1", port=0) as server:
        sys.stdout.write(json.dumps({"url": server.url}) + "\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)


def main() -> None:
    """Serve until stdin ends."""
    asyncio.run(_serve(json.loads(sys.stdin.readline())))


if __name__ == "__main__":
    main()
