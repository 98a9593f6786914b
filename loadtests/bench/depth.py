"""(c) Fetch, count and list while 10², 10⁴, 10⁶ documents lie in the store, a tenth of them in one system's queue.

The stores are filled by the store's own writer functions, in large transactions; three axes serve them at once and are
asked in turn, one question at a time. p99 on the client's clock: goals of the issue are 2 for get, count and an empty
list; a full list is held to the same per listed document.
"""

import contextlib
import hashlib
import json
import random
import uuid
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from fixtures.topologies import load
from loadtests.bench.acceptance import RECEIVER, SENDER, checked
from loadtests.bench.axis import Axis, an_axis
from loadtests.bench.course import Course
from loadtests.bench.messages import counting, fetching, listing
from loadtests.bench.rawclient import Line, drive
from loadtests.bench.row import Goal, Row, absent, compared, quantile
from simulator.clock import SystemClock
from simulator.hub import events
from simulator.hub.delivery import Stage
from simulator.hub.hub import Hub
from simulator.hub.store.blobs import Blob
from simulator.hub.store.opening import open_store
from simulator.hub.store.transaction import Transaction
from simulator.protocol.profile import PROFILES
from simulator.words import Text

__all__ = ["depth", "fill"]

_DEPTHS = (100, 10_000, 1_000_000)
_QUEUED_OF = 10
_AT_ONCE = 20_000
_BODY = 1_000
_MICRO = 1e6
_NOTE = Text(
    en="p50 {deep:,.0f} and {shallow:,.0f} µs; queued {many:,} and {few:,}",
    vi="p50 {deep:,.0f} và {shallow:,.0f} µs; đang chờ {many:,} và {few:,}",
)
_TITLES = {
    "get": Text(en="getEdoc, p99", vi="getEdoc, p99"),
    "count": Text(en="countReceiveEdoc, p99", vi="countReceiveEdoc, p99"),
    "empty": Text(en="an empty list, p99", vi="danh sách rỗng, p99"),
    "full": Text(en="a full list, for each listed document", vi="danh sách đầy, tính cho mỗi văn bản"),
}
_AT = Text(en="{what}: {deep:,} documents stored : {shallow:,}", vi="{what}: {deep:,} văn bản đã lưu : {shallow:,}")
_ONLY_FULL = Text(
    en="10⁶ documents are measured without --quick only", vi="10⁶ văn bản chỉ được đo khi không có --quick"
)


async def depth(course: Course) -> list[Row]:
    """The rows of (c)."""
    depths = _DEPTHS[:-1] if course.quick else _DEPTHS
    for documents in depths:
        course.say(f"c: filling {documents:,}")
        await filled(course.folder / str(documents), documents)
    seen: dict[int, dict[str, list[list[float]]]] = {documents: defaultdict(list) for documents in depths}
    async with contextlib.AsyncExitStack() as stack:
        axes = {
            documents: await stack.enter_async_context(an_axis(course.folder / str(documents), core=course.server_core))
            for documents in depths
        }
        waiting = {documents: await _waiting(axis) for documents, axis in axes.items()}
        for turn in range(course.rounds + 1):
            course.say(f"c: {turn}/{course.rounds}")
            for documents, axis in axes.items():
                for name, latencies in (await _asked(course, axis, waiting[documents], turn)).items():
                    if turn:
                        seen[documents][name].append(latencies)
    return _rows(depths, seen, {documents: len(ids) for documents, ids in waiting.items()})


async def _waiting(axis: Axis) -> list[str]:
    async with Line(axis.port) as line:
        answer = await line.ask(listing(axis.systems[RECEIVER]))
    return [row["docId"] for row in json.loads(answer.body)["data"]]


async def _asked(course: Course, axis: Axis, waiting: list[str], turn: int) -> dict[str, list[float]]:
    """The latencies of one round, by question."""
    chosen = random.Random(turn)  # noqa: S311  # a choice, no secret
    receiver = axis.systems[RECEIVER]
    times = course.pick(500, 60)
    questions = {
        "get": [fetching(receiver, chosen.choice(waiting)) for _ in range(times)],
        "count": [counting(receiver)] * times,
        "empty": [listing(axis.systems[SENDER])] * times,
        "full": [listing(receiver)] * (3 if len(waiting) > 10_000 else course.pick(50, 10)),
    }
    return {
        name: checked(await drive(axis.port, requests, connections=1, expect=b'"OK"'), name).latencies
        for name, requests in questions.items()
    }


def _rows(depths: tuple[int, ...], seen: dict[int, dict[str, list[list[float]]]], listed: dict[int, int]) -> list[Row]:
    rows = []
    shallow = depths[0]
    for deep in _DEPTHS[1:]:
        for name, what in _TITLES.items():
            # The short lists of the small store are all head and connection: its per-document price is that of 10⁴.
            beside = shallow if name != "full" else _DEPTHS[1]
            if beside == deep:
                continue
            key = f"c.{name}.{deep:.0e}".replace("e+0", "e")
            title = Text(
                en=_AT.en.format(what=what.en, deep=deep, shallow=beside),
                vi=_AT.vi.format(what=what.vi, deep=deep, shallow=beside),
            )
            if deep not in seen:
                rows.append(absent(key, title, _ONLY_FULL, Goal("<=", 2.0)))
                continue
            ours, against = _column(seen[deep], name, listed[deep]), _column(seen[beside], name, listed[beside])
            middles = [_middle(seen[each], name) for each in (deep, beside)]
            note = _NOTE.filled(deep=middles[0], shallow=middles[1], many=listed[deep], few=listed[beside])
            goal = Goal("<=", 2.0)
            rows.append(compared(key, title, "us", ours=ours, against=against, goal=goal, note=note))
    return rows


def _column(seen: dict[str, list[list[float]]], name: str, listed: int) -> list[float]:
    """µs a round: p99; of a full list the median, divided by its lines."""
    if name == "full":
        return [quantile(latencies, 0.5) / max(1, listed) * _MICRO for latencies in seen[name]]
    return [quantile(latencies, 0.99) * _MICRO for latencies in seen[name]]


def _middle(seen: dict[str, list[list[float]]], name: str) -> float:
    return quantile([each for latencies in seen[name] for each in latencies], 0.5) * _MICRO


# ---------------------------------------------------------------- filling


async def filled(data: Path, documents: int) -> None:
    """A data folder with that many documents in it; every tenth waits for ``RECEIVER``, the others were confirmed."""
    topology = load("2020")
    hub = Hub.open(data, topology, profile=PROFILES[0], clock=SystemClock(), seed=7)
    await hub.close()
    units = [(node.system_id, node.units[0].code) for node in topology.living]
    (receiver,) = (node for node in topology.nodes if node.system_id == RECEIVER)
    await fill(data, documents, units=units, queue=(RECEIVER, receiver.units[0].code))


async def fill(data: Path, documents: int, *, units: list[tuple[str, str]], queue: tuple[str, str]) -> None:
    """Write ``documents`` documents between ``units`` (system, code) into a store that nobody serves; every tenth waits
    for ``queue``."""
    store = open_store(data)
    first = datetime.now(UTC) - timedelta(seconds=documents)
    try:
        for start in range(0, documents, _AT_ONCE):
            numbers = range(start, min(start + _AT_ONCE, documents))
            store.at_once(partial(_write, numbers, first, units, queue))
    finally:
        await store.close()


def _write(
    numbers: range, first: datetime, units: list[tuple[str, str]], queue: tuple[str, str], transaction: Transaction
) -> None:
    for number in numbers:
        sender_system, sender = units[number % len(units)]
        waits = number % _QUEUED_OF == 0
        receiver_system, receiver = queue if waits else units[(number * 7 + 1) % len(units)]
        at = first + timedelta(seconds=number)
        name = hashlib.sha256(b"%d" % number).hexdigest()
        delivery = str(uuid.UUID(name[32:]))
        body = transaction.keep(Blob(name, _BODY, (name.encode() * (_BODY // 64 + 1))[:_BODY]))
        facts = _facts(name, delivery, at, (sender_system, sender), (receiver_system, receiver), waits)
        transaction.append(facts, (body, body))


def _facts(
    name: str, delivery: str, at: datetime, sender: tuple[str, str], receiver: tuple[str, str], waits: bool
) -> Iterator[events.Fact]:
    doc_id = name[:24]
    yield events.Accepted(
        at=at, doc_id=doc_id, system_id=sender[0], sender=sender[1], to=(receiver[1],), message_type="edoc",
        document_id=f"{sender[1]},2026/11/20,{name[:8]}/UBND-VP", business_type=0, status_code=None,
        response_for_organ=None, package=name, delivered=name, size=_BODY, queued=False, title="V/v đo độ sâu",
        notation=f"{name[:8]}/UBND-VP", route="",
    )  # fmt: skip
    yield events.Opened(
        at=at, doc_id=doc_id, delivery_id=delivery, unit=receiver[1], system_id=receiver[0], message_type="edoc"
    )
    if not waits:
        yield events.Confirmed(
            at=at, doc_id=doc_id, delivery_id=delivery, unit=receiver[1], system_id=receiver[0], word="done",
            description="", stage=Stage.DONE,
        )  # fmt: skip
