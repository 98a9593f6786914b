"""Packs: many bodies in one file, durable before their rows, and never named where they were not written whole."""

import asyncio
import os
import resource
import signal
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.hub.store import packs as module
from simulator.hub.store.blobs import Blob
from simulator.hub.store.packs import Packs
from simulator.hub.store.sqlite import SqliteStore
from simulator.hub.trouble import StoreTrouble


@given(groups=st.lists(st.lists(st.binary(max_size=200), max_size=5), max_size=6))
def test_every_body_is_found_where_it_was_put(
    tmp_path_factory: pytest.TempPathFactory, groups: list[list[bytes]]
) -> None:
    packs = Packs(tmp_path_factory.mktemp("packs"))
    placed = []
    for group in groups:
        placed += [(packs.add(body), body) for body in group]
        packs.write()

    assert [packs.read(*place, len(body)) for place, body in placed] == [body for _, body in placed]
    packs.seal()


def test_what_was_dropped_leaves_no_hole_for_the_next(tmp_path: Path) -> None:
    packs = Packs(tmp_path)
    first = packs.add(b"one")
    packs.write()
    packs.add(b"lost")
    packs.drop()
    second = packs.add(b"two")
    packs.write()

    assert packs.read(*first, 3) == b"one"
    assert packs.read(*second, 3) == b"two"
    assert first[0] != second[0]
    packs.seal()


def test_a_full_pack_is_left_and_read_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FULL_BYTES", 10)
    packs = Packs(tmp_path)
    places = []
    for number in range(5):
        places.append(packs.add(b"%06d" % number))
        packs.write()

    assert len({pack for pack, _ in places}) == 3
    assert [packs.read(*place, 6) for place in places] == [b"%06d" % number for number in range(5)]
    assert set(packs.resting(alone=True)) == {pack for pack, _ in places} - {places[-1][0]}
    packs.seal()


def test_a_body_that_is_not_whole_is_never_given(tmp_path: Path) -> None:
    packs = Packs(tmp_path)
    place = packs.add(b"0123456789")
    packs.write()
    packs.seal()
    (file,) = tmp_path.iterdir()
    os.truncate(file, 9)

    with pytest.raises(OSError, match="ends at 9"):
        packs.read(*place, 10)


@pytest.mark.skipif(sys.platform == "win32", reason="limits of Unix")
async def test_a_disk_that_takes_a_part_fails_the_group_and_the_next_goes_on(tmp_path: Path) -> None:
    store = SqliteStore.open(tmp_path)
    first = await store.run(lambda transaction: transaction.keep(Blob("aa", 3, b"one")))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    heard = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, hard))
        with pytest.raises(StoreTrouble, match="could not write"):
            await store.run(lambda transaction: transaction.keep(Blob("bb", 900_000, bytes(900_000))))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, heard)
    last = await store.run(lambda transaction: transaction.keep(Blob("cc", 3, b"two")))

    assert [await store.body(number) for number in (first, last, last + 1)] == [b"one", b"two", None]
    await store.close()


async def test_what_a_crash_left_behind_is_swept_on_opening_and_what_is_named_stays(tmp_path: Path) -> None:
    store = SqliteStore.open(tmp_path)
    number = await store.run(lambda transaction: transaction.keep(Blob("aa", 3, b"one")))
    await store.close()
    left = Packs(tmp_path / "packs")
    left.add(b"never committed")
    left.write()
    left.seal()
    assert len(list((tmp_path / "packs").iterdir())) == 2

    store = SqliteStore.open(tmp_path)

    assert len(list((tmp_path / "packs").iterdir())) == 1
    assert await store.body(number) == b"one"
    await store.close()


def test_a_store_whose_loop_ended_finishes_what_was_queued(tmp_path: Path) -> None:
    store = SqliteStore.open(tmp_path)

    async def leave() -> None:
        jobs = [store.run(lambda transaction, n=n: transaction.put_meta(f"n{n}", "here")) for n in range(50)]
        waiting = asyncio.gather(*jobs)
        await asyncio.sleep(0)
        assert not waiting.done()

    asyncio.run(leave())
    asyncio.run(store.close())

    again = SqliteStore.open(tmp_path)
    assert [again.past.meta(f"n{number}") for number in range(50)] == ["here"] * 50
    asyncio.run(again.close())
