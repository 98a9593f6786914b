"""(f) The store alone, 8 KB bodies with 64 in flight, against an append log: as a bare loop, and with 64 who wait."""

import asyncio
import hashlib
import time
from collections.abc import Sequence
from functools import partial

from loadtests.bench.course import Course
from loadtests.bench.parts import GROUP, append_in_flight, append_log
from loadtests.bench.row import Goal, Row, compared
from simulator.hub.store.base import Store
from simulator.hub.store.blobs import Blob
from simulator.hub.store.opening import open_store
from simulator.hub.store.transaction import Transaction
from simulator.words import Text

__all__ = ["storing"]

_SIZE = 8 * 1024
_LOOP = Text(
    en="the store alone, 8 KB bodies, 64 in flight : a bare loop that appends and syncs 64 at a time",
    vi="riêng kho lưu trữ, thân 8 KB, 64 yêu cầu cùng lúc : vòng lặp trơn nối thêm và đồng bộ mỗi 64",
)
_FLIGHT = Text(
    en="the store alone, 8 KB bodies, 64 in flight : an append log, 64 in flight",
    vi="riêng kho lưu trữ, thân 8 KB, 64 yêu cầu cùng lúc : nhật ký nối thêm, 64 yêu cầu cùng lúc",
)
_GOAL = Goal(">=", 0.6)
_CLOCK = Text(en="on the clock", vi="theo đồng hồ")
_CPU = Text(en="per CPU second", vi="trên mỗi giây CPU")


async def storing(course: Course) -> list[Row]:
    """The rows of (f)."""
    count = course.pick(20_000, 1_500)
    store = open_store(course.folder / "store")
    seen: dict[str, list[tuple[float, float]]] = {"store": [], "loop": [], "flight": []}
    try:
        for turn in range(course.rounds + 1):
            course.say(f"f: {turn}/{course.rounds}")
            blobs = [_blob(turn * count + number) for number in range(count)]
            bodies = [blob.body or b"" for blob in blobs]
            round_ = {
                "store": await _kept(store, blobs),
                "loop": append_log(bodies, course.folder),
                "flight": await append_in_flight(bodies, course.folder),
            }
            if turn:
                for key, spent in round_.items():
                    seen[key].append(spent)
    finally:
        await store.close()
    rows = []
    for key, title in (("loop", _LOOP), ("flight", _FLIGHT)):
        for part, (suffix, note) in enumerate((("", _CLOCK), (".cpu", _CPU))):
            ours, against = ([count / each[part] for each in seen[name]] for name in ("store", key))
            rows.append(compared(f"f.{key}{suffix}", title, "/s", ours=ours, against=against, goal=_GOAL, note=note))
    return rows


def _blob(number: int) -> Blob:
    body = (b"%012d" % number) * (_SIZE // 12)
    return Blob(hashlib.sha256(body).hexdigest(), len(body), body)


async def _kept(store: Store, blobs: Sequence[Blob]) -> tuple[float, float]:
    """Seconds on the clock and CPU seconds."""
    feed = iter(blobs)

    async def keep() -> None:
        for blob in feed:
            await store.run(partial(_keep, blob))

    begin, used = time.perf_counter(), time.process_time()
    await asyncio.gather(*(keep() for _ in range(GROUP)))
    return time.perf_counter() - begin, time.process_time() - used


def _keep(blob: Blob, transaction: Transaction) -> None:
    transaction.keep(blob)
