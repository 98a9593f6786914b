"""The store: groups, savepoints, full disks, folders that cannot be used."""

import asyncio
import os
import sqlite3
import sys
from pathlib import Path

import pytest

from simulator.hub import events
from simulator.hub.store.blobs import INSIDE, BlobFiles
from simulator.hub.store.reading import Past
from simulator.hub.store.sqlite import SqliteStore
from simulator.hub.store.transaction import Transaction
from simulator.hub.tests.axis import NOON
from simulator.hub.trouble import DataInUse, OtherVersion, StoreTrouble, UnusableData


def refused(number: int) -> events.Refused:
    return events.Refused(at=NOON, operation="x", system_id=str(number), code="20", error="system-error", because="b")


def opened(data: Path) -> SqliteStore:
    return SqliteStore.open(data)


async def test_a_fact_is_announced_when_it_is_already_on_the_disk(tmp_path: Path) -> None:
    store = opened(tmp_path)
    seen_on_disk = []
    other = sqlite3.connect(tmp_path / "axis.sqlite3")
    store.announce = lambda fact: seen_on_disk.append(other.execute("SELECT count(*) FROM facts").fetchone()[0])

    await store.run(lambda transaction: transaction.append([refused(1)]))

    assert seen_on_disk == [1]
    other.close()
    await store.close()


@pytest.mark.skipif(sys.platform == "win32", reason="modes of files are of Unix")
async def test_the_database_is_for_its_owner_alone(tmp_path: Path) -> None:
    store = opened(tmp_path)
    await store.run(lambda transaction: transaction.append([refused(1)]))

    names = [name for name in os.listdir(tmp_path) if name.startswith("axis.sqlite3")]
    assert {os.stat(tmp_path / name).st_mode & 0o077 for name in names} == {0}
    await store.close()


async def test_a_job_that_raises_leaves_no_trace_and_hurts_no_other(tmp_path: Path) -> None:
    store = opened(tmp_path)

    def broken(transaction: Transaction) -> None:
        transaction.append([refused(0)])
        raise LookupError("mine")

    jobs = [store.run(lambda transaction, n=n: transaction.append([refused(n)])) for n in range(1, 6)]
    results = await asyncio.gather(jobs[0], store.run(broken), *jobs[1:], return_exceptions=True)

    assert [type(result) for result in results] == [type(None), LookupError, *[type(None)] * 4]
    assert [fact["system_id"] for fact in store.past.facts(0, 10)] == ["1", "2", "3", "4", "5"]
    await store.close()


async def test_a_full_disk_fails_the_group_loudly_and_acknowledges_nothing(tmp_path: Path) -> None:
    store = opened(tmp_path)
    rolled_back: list[Past] = []
    store.on_moved = rolled_back.append
    announced: list[events.Fact] = []
    store.announce = announced.append

    def fill(transaction: Transaction) -> None:
        connection = transaction._link.connection
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 1}")

    await store.run(fill)
    with pytest.raises(StoreTrouble, match="full"):
        await store.run(lambda transaction: transaction.append([refused(n) for n in range(2000)]))

    assert store.past.facts(0, 10) == []
    assert announced == []
    assert len(rolled_back) == 1
    await store.close()


async def test_whatever_breaks_nobody_waits_for_ever(tmp_path: Path) -> None:
    store = opened(tmp_path)
    store._connection.close()  # no trouble that was thought of: SQLite calls it a wrong use

    for number in range(2):
        with pytest.raises(StoreTrouble, match="closed database"):
            await asyncio.wait_for(store.run(lambda transaction, n=number: transaction.append([refused(n)])), 120)

    await store.close()


async def test_a_witness_that_fails_takes_nobody_elses_answer_with_it(tmp_path: Path) -> None:
    store = opened(tmp_path)
    troubles: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: troubles.append(context))

    def fail(fact: events.Fact) -> None:
        raise RuntimeError("witness")

    store.announce = fail

    await store.run(lambda transaction: transaction.append([refused(1)]))

    assert "witness" in str(troubles[0]["message"])
    await store.close()


async def test_whoever_stops_waiting_does_not_disturb_the_writer(tmp_path: Path) -> None:
    store = opened(tmp_path)
    waiting = asyncio.create_task(store.run(lambda transaction: transaction.append([refused(1)])))
    await asyncio.sleep(0)
    waiting.cancel()

    await store.run(lambda transaction: transaction.append([refused(2)]))

    assert len(store.past.facts(0, 10)) == 2
    await store.close()


async def test_a_closed_store_says_so(tmp_path: Path) -> None:
    store = opened(tmp_path)
    await store.close()
    await store.close()

    with pytest.raises(StoreTrouble, match="closed"):
        await store.run(lambda transaction: None)


async def test_small_bodies_lie_inside_and_large_ones_in_files(tmp_path: Path) -> None:
    store = opened(tmp_path)
    small, large = await store.staged("aa", b"s" * INSIDE), await store.staged("bb", b"l" * (INSIDE + 1))

    numbers = [await store.run(lambda transaction, blob=blob: transaction.keep(blob)) for blob in (small, large, large)]
    await store.staged("bb", b"l" * (INSIDE + 1))

    assert [await store.body(number) for number in numbers] == [small.body, *[b"l" * (INSIDE + 1)] * 2]
    assert await store.body(max(numbers) + 1) is None
    assert [file.name for file in (tmp_path / "blobs").glob("*/*")] == ["bb"]
    await store.close()


async def test_a_body_whose_file_is_gone_is_never_acknowledged_and_never_invented(tmp_path: Path) -> None:
    store = opened(tmp_path)
    blob = await store.staged("bb", b"l" * (INSIDE + 1))
    number = await store.run(lambda transaction: transaction.keep(blob))
    (tmp_path / "blobs" / "bb" / "bb").unlink()

    with pytest.raises(StoreTrouble):
        await store.run(lambda transaction: transaction.keep(blob))
    with pytest.raises(StoreTrouble):
        await store.body(number)
    await store.close()


async def test_a_body_that_cannot_be_written_is_our_trouble(tmp_path: Path) -> None:
    store = opened(tmp_path)
    (tmp_path / "blobs" / "bb").write_text("a file where a folder should be")

    with pytest.raises(StoreTrouble):
        await store.staged("bb", b"l" * (INSIDE + 1))
    await store.close()


def test_a_body_that_fails_half_way_leaves_nothing_behind(tmp_path: Path) -> None:
    files = BlobFiles(tmp_path)

    with pytest.raises(TypeError):
        files.put("bb", "no bytes")  # type: ignore[arg-type]

    assert list(tmp_path.glob("*/*")) == []


async def test_what_a_crash_left_behind_is_swept_on_opening(tmp_path: Path) -> None:
    BlobFiles(tmp_path / "blobs").put("cc", b"never committed")

    store = opened(tmp_path)

    assert list((tmp_path / "blobs").glob("*/*")) == []
    await store.close()


async def test_two_processes_do_not_share_a_data_folder(tmp_path: Path) -> None:
    store = opened(tmp_path)

    with pytest.raises(DataInUse) as trouble:
        SqliteStore.open(tmp_path)

    assert str(tmp_path) in trouble.value.because.en
    assert str(tmp_path) in trouble.value.because.vi
    await store.close()
    again = opened(tmp_path)
    await again.close()


async def test_the_lock_of_a_killed_process_is_no_obstacle(tmp_path: Path) -> None:
    program = (
        "import os, sys, pathlib; from simulator.hub.store.sqlite import SqliteStore\n"
        "SqliteStore.open(pathlib.Path(sys.argv[1])); os.kill(os.getpid(), 9)"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program, str(tmp_path))
    assert await process.wait() == -9

    store = opened(tmp_path)
    await store.close()


async def test_a_folder_of_another_version_is_refused_with_both_numbers(tmp_path: Path) -> None:
    store = opened(tmp_path)
    await store.run(lambda transaction: transaction.put_meta("format", "99"))
    await store.close()

    with pytest.raises(OtherVersion) as trouble:
        SqliteStore.open(tmp_path)

    assert "99" in trouble.value.because.en
    assert "99" in trouble.value.because.vi


def test_a_database_of_somebody_else_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "axis.sqlite3") as connection:
        connection.execute("CREATE TABLE theirs (x)")
    connection.close()

    with pytest.raises(OtherVersion):
        SqliteStore.open(tmp_path)


@pytest.mark.parametrize("place", ["a-file", "a-file/below", "damaged"])
def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path, place: str) -> None:
    (tmp_path / "a-file").write_text("no folder")
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "axis.sqlite3").write_bytes(b"no database at all" * 100)

    with pytest.raises(UnusableData) as trouble:
        SqliteStore.open(tmp_path / place)

    assert place in trouble.value.because.en
    assert place in trouble.value.because.vi


def test_a_job_before_the_start_is_all_or_nothing(tmp_path: Path) -> None:
    store = SqliteStore.open(tmp_path)

    def broken(transaction: Transaction) -> None:
        transaction.put_meta("a", "b")
        raise LookupError

    with pytest.raises(LookupError):
        store.at_once(broken)

    assert store.past.meta("a") is None
    asyncio.run(store.close())
