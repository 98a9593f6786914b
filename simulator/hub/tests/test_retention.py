"""What is over goes whole, and only that; intake goes on meanwhile. On every kind of store."""

import asyncio
import hashlib
import os
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from simulator.hub.accepting import Receipt
from simulator.hub.hub import Hub
from simulator.hub.retention import Retention
from simulator.hub.store.blobs import INSIDE
from simulator.hub.store.reading import Past
from simulator.hub.tests.axis import OTHER, SYSTEM, THIRD, HandClock, a_hub, edoc, with_files
from simulator.hub.tests.test_hub import ids, send
from simulator.protocol.profile import FailEffect, Profile

pytestmark = pytest.mark.usefixtures("each_store")


def keeping(hub: Hub, days: float = 3) -> Retention:
    return Retention(hub.store, keep_days=days, clock=hub.clock, profile=hub.profile)


async def done(hub: Hub, system: str = OTHER, word: str = "done") -> None:
    for delivery in await ids(hub, system):
        await hub.confirm(system, [delivery], word)


def rows(hub: Hub, table: str) -> int:
    return int(hub.store.past.ask(f"SELECT count(*) FROM {table}")[0][0])


def left(hub: Hub) -> dict[str, int]:
    tables = ("documents", "deliveries", "facts", "blobs", "digests", "attachments", "orphans")
    return {table: rows(hub, table) for table in tables}


def true_counts(past: Past) -> dict[Any, int]:
    found = past.ask("SELECT unit, message_type, stage, count(*) FROM deliveries GROUP BY unit, message_type, stage")
    return {row[:3]: row[3] for row in found}


def kept_counts(past: Past) -> dict[Any, int]:
    return {row[:3]: row[3] for row in past.ask("SELECT unit, message_type, stage, n FROM mailboxes WHERE n <> 0")}


async def test_what_was_delivered_long_ago_goes_whole(tmp_path: Path) -> None:
    clock = HandClock()
    large = with_files(("a.pdf", b"%PDF" + bytes(index * 31 % 251 for index in range(3 * INSIDE))), number=2)
    async with a_hub(tmp_path, clock=clock) as hub:
        for data in (edoc(1, to=[OTHER, THIRD]), large):
            await send(hub, data)
        await hub.submit(b"no packet", system_id=SYSTEM, sender=SYSTEM, message_type="edoc")
        await done(hub)
        await done(hub, THIRD)
        assert list((tmp_path / "blobs").glob("*/*"))

        clock.advance(days=4)
        await send(hub, edoc(3))

        assert await keeping(hub).sweep() == 2
        kept = {"documents": 1, "deliveries": 1, "facts": 2, "blobs": 1}
        assert left(hub) == {**kept, "digests": 0, "attachments": 0, "orphans": 0}
        assert list((tmp_path / "blobs").glob("*/*")) == []
        assert kept_counts(hub.store.past) == true_counts(hub.store.past)
        assert await keeping(hub).sweep() == 0


async def test_what_somebody_still_waits_for_stays(tmp_path: Path) -> None:
    clock = HandClock()
    async with a_hub(tmp_path, clock=clock) as hub:
        await send(hub, edoc(1, to=[OTHER, THIRD]))  # THIRD never comes
        await send(hub, edoc(2))
        await done(hub)
        clock.advance(days=2)
        await send(hub, edoc(3))
        await done(hub)
        clock.advance(days=2)

        assert await keeping(hub).sweep() == 1  # 2: 1 is waited for, 3 is young

        assert len(await ids(hub, THIRD)) == 1
        (delivery,) = await ids(hub, THIRD)
        assert await hub.fetch(THIRD, delivery) == edoc(1, to=[OTHER, THIRD])


@pytest.mark.parametrize(("effect", "gone"), [(FailEffect.REMOVES, 1), (FailEffect.KEEPS, 0)])
async def test_what_was_given_back_goes_unless_it_is_still_listed(
    tmp_path: Path, effect: FailEffect, gone: int
) -> None:
    clock = HandClock()
    async with a_hub(tmp_path, clock=clock, profile=Profile(on_fail=effect)) as hub:
        await send(hub, edoc())
        await done(hub, word="fail")
        clock.advance(days=4)

        assert await keeping(hub).sweep() == gone


async def test_a_repeat_is_recognised_as_long_as_the_profile_says_however_short_things_are_kept(tmp_path: Path) -> None:
    clock = HandClock()
    async with a_hub(tmp_path, clock=clock) as hub:
        first = await send(hub, edoc())
        await done(hub)
        clock.advance(hours=23)

        assert await keeping(hub, days=0.01).sweep() == 0
        assert await send(hub, edoc()) == first
        clock.advance(hours=2)

        assert await keeping(hub, days=0.01).sweep() == 1
        assert await send(hub, edoc()) != first


async def test_a_body_stays_while_another_document_has_the_same(tmp_path: Path) -> None:
    clock = HandClock()
    data = with_files(("a.pdf", b"%PDF" + bytes(index * 7 % 251 for index in range(3 * INSIDE))))
    async with a_hub(tmp_path, clock=clock) as hub:
        await send(hub, data)
        await done(hub)
        clock.advance(days=4)
        again = await send(hub, data)

        assert await keeping(hub).sweep() == 1

        (delivery,) = await ids(hub)
        assert await hub.fetch(OTHER, delivery) == data
        assert again != ""
        await done(hub)
        clock.advance(days=4)
        assert await keeping(hub).sweep() == 1
        assert set(left(hub).values()) == {0}


async def test_who_asks_by_digest_is_not_led_astray_by_numbers_that_are_given_again(tmp_path: Path) -> None:
    clock = HandClock()
    packages = [with_files((f"{number}.pdf", b"%%PDF %d" % number), number=number) for number in (1, 2)]
    digests = [hashlib.sha256(package).hexdigest() for package in packages]
    files = [hashlib.sha256(b"%%PDF %d" % number).hexdigest() for number in (1, 2)]
    async with a_hub(tmp_path, clock=clock) as hub:
        await send(hub, packages[0])
        await done(hub)
        assert await hub.package(digests[0]) == packages[0]
        assert await hub.attachment(files[0]) == b"%PDF 1"
        clock.advance(days=4)
        assert await keeping(hub).sweep() == 1

        await send(hub, packages[1])

        assert [await hub.package(digest) for digest in digests] == [None, packages[1]]
        assert [await hub.attachment(file) for file in files] == [None, b"%PDF 2"]


async def test_intake_goes_on_while_much_is_let_go(tmp_path: Path) -> None:
    clock = HandClock()
    async with a_hub(tmp_path, clock=clock) as hub:
        await asyncio.gather(*(send(hub, edoc(n)) for n in range(300)))
        await done(hub)
        clock.advance(days=4)

        sweeping = asyncio.create_task(keeping(hub).sweep())
        sent = [await hub.submit(edoc(1000), system_id=SYSTEM, sender=SYSTEM, message_type="edoc")]
        while not sweeping.done():
            data = edoc(1000 + len(sent))
            sent.append(await hub.submit(data, system_id=SYSTEM, sender=SYSTEM, message_type="edoc"))

        assert await sweeping == 300
        assert len(sent) > 2
        assert all(isinstance(receipt, Receipt) for receipt in sent)
        assert len(await ids(hub)) == len(sent)
        assert kept_counts(hub.store.past) == true_counts(hub.store.past)


def in_packs(data: Path) -> int:
    return sum(file.stat().st_size for file in (data / "packs").iterdir())


def rested(data: Path) -> None:
    """As if nobody had written to any pack for an hour."""
    for file in (data / "packs").iterdir():
        os.utime(file, (time.time() - 3600,) * 2)


async def test_the_room_of_what_went_is_given_back_and_what_stays_is_found(tmp_path: Path) -> None:
    clock = HandClock()
    kept = edoc(40, content="k" * 40_000, to=[THIRD])
    async with a_hub(tmp_path, clock=clock) as hub:
        await asyncio.gather(*(send(hub, edoc(number, content="x" * 40_000)) for number in range(40)), send(hub, kept))
        await done(hub)
        clock.advance(days=4)
    before = in_packs(tmp_path)
    rested(tmp_path)
    async with a_hub(tmp_path, clock=clock) as hub:
        assert await keeping(hub).sweep() == 40

        assert before > 41 * 40_000
        assert in_packs(tmp_path) == len(kept)
        (delivery,) = await ids(hub, THIRD)
        assert await hub.fetch(THIRD, delivery) == kept


async def test_a_pack_that_somebody_may_still_write_to_is_left_alone(tmp_path: Path, each_store: Any) -> None:
    if not each_store(tmp_path):
        pytest.skip("an embedded store knows all who write")
    clock = HandClock()
    async with a_hub(tmp_path, clock=clock) as hub:
        stranger = tmp_path / "packs" / f"{1:016x}.pack"
        stranger.write_bytes(b"of another process, whose rows come soon")
        await send(hub, edoc())
        await done(hub)
        clock.advance(days=4)

        assert await keeping(hub).sweep() == 1
        assert stranger.exists()
        os.utime(stranger, (time.time() - 3600,) * 2)
        await hub.store.repack()

        assert not stranger.exists()


async def test_the_database_of_an_embedded_store_grows_smaller_again(tmp_path: Path, each_store: Any) -> None:
    if each_store(tmp_path):
        pytest.skip("PostgreSQL's autovacuum does this")
    clock = HandClock()
    async with a_hub(tmp_path, clock=clock) as hub:
        await asyncio.gather(*(send(hub, edoc(number)) for number in range(400)))
        await done(hub)
        before = hub.store.past.ask("PRAGMA page_count")[0][0]
        clock.advance(days=4)

        await keeping(hub).sweep()

    with sqlite3.connect(tmp_path / "axis.sqlite3") as connection:
        assert connection.execute("PRAGMA page_count").fetchone()[0] < before / 2
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
