"""What every store promises, whoever keeps the bytes; ``test_hub`` and ``test_retention`` run on every kind, too."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.hub import decide, events
from simulator.hub.attachments import by_digest
from simulator.hub.delivery import Stage
from simulator.hub.events import stamp
from simulator.hub.store import steps
from simulator.hub.store.base import Store
from simulator.hub.store.blobs import Blob, BlobFiles
from simulator.hub.store.opening import open_store
from simulator.hub.store.sqlite import SqliteStore
from simulator.hub.store.transaction import Foresight, Transaction
from simulator.hub.tests import database
from simulator.hub.tests.axis import NOON
from simulator.hub.trouble import DataInUse, OtherVersion, StoreTrouble, UnusableData

Opened = Callable[[Path], str | None]
SHOWN = (Stage.WAITING, Stage.FETCHED, Stage.PROCESSING)


def refused(number: int) -> events.Refused:
    return events.Refused(at=NOON, operation="x", system_id=str(number), code="20", error="system-error", because="b")


def accepted(number: int, sha: str = "aa", **changes: Any) -> events.Accepted:
    members: dict[str, Any] = {
        "at": NOON, "doc_id": f"doc-{number}", "system_id": "s", "sender": "s", "to": ("u",), "message_type": "edoc",
        "document_id": f"s,2026/11/20,{number}/TN", "business_type": 0, "status_code": None,
        "response_for_organ": None, "package": sha, "delivered": sha, "size": 1, "queued": False,
    }  # fmt: skip
    return events.Accepted(**{**members, **changes})


def opened_for(number: int, unit: str = "u") -> events.Opened:
    name = decide.delivery_id(f"doc-{number}", unit)
    return events.Opened(
        at=NOON, doc_id=f"doc-{number}", delivery_id=name, unit=unit, system_id=unit, message_type="edoc"
    )


def started(data: Path, each_store: Opened) -> Store:
    return open_store(data, each_store(data))


# ---------------------------------------------------------------- groups


async def test_a_fact_is_announced_when_others_can_read_it(tmp_path: Path, each_store: Opened) -> None:
    store = started(tmp_path, each_store)
    seen: list[int] = []
    store.announce = lambda fact: seen.append(len(store.past.facts(0, 10)))

    await store.run(lambda transaction: transaction.append([refused(1)]))

    assert seen == [1]
    await store.close()


@pytest.mark.parametrize("reads_between", [False, True])
async def test_a_job_that_raises_leaves_no_trace_and_hurts_no_other(
    tmp_path: Path, each_store: Opened, reads_between: bool
) -> None:
    store = started(tmp_path, each_store)

    def broken(transaction: Transaction) -> None:
        transaction.append([refused(0)])
        if reads_between:  # so its row has reached the database
            assert len(transaction.facts(0, 10)) > 0
        raise LookupError("mine")

    jobs = [store.run(lambda transaction, n=n: transaction.append([refused(n)])) for n in range(1, 6)]
    results = await asyncio.gather(jobs[0], store.run(broken), *jobs[1:], return_exceptions=True)

    assert [type(result) for result in results] == [type(None), LookupError, *[type(None)] * 4]
    assert [fact["system_id"] for fact in store.past.facts(0, 10)] == ["1", "2", "3", "4", "5"]
    await store.close()


async def test_a_row_that_the_database_will_not_have_fails_its_own_job_alone(
    tmp_path: Path, each_store: Opened
) -> None:
    store = started(tmp_path, each_store)
    await store.run(lambda transaction: transaction.append([accepted(1)]))
    announced: list[events.Fact] = []
    store.announce = announced.append

    jobs = [store.run(lambda transaction, n=n: transaction.append([accepted(n)])) for n in (2, 1, 3)]
    first, twice, last = await asyncio.gather(*jobs, return_exceptions=True)

    assert (first, last) == (None, None)
    assert isinstance(twice, Exception)
    assert [fact["doc_id"] for fact in store.past.facts(0, 10)] == ["doc-1", "doc-2", "doc-3"]
    assert [fact.doc_id for fact in announced if isinstance(fact, events.Accepted)] == ["doc-2", "doc-3"]
    await store.close()


async def test_a_job_sees_what_others_of_its_group_decided(tmp_path: Path, each_store: Opened) -> None:
    store = started(tmp_path, each_store)

    def submit(transaction: Transaction) -> str | None:
        known = transaction.earlier(system_id="s", package="aa", document_id="s,2026/11/20,1/TN", route="", since=NOON)
        if known is None:
            number = transaction.keep(Blob("aa", 1, b"a"))
            transaction.append([accepted(1), opened_for(1)], (number, number))
        return known

    name = decide.delivery_id("doc-1", "u")
    seen = await asyncio.gather(
        *(store.run(submit, sendings=(("s,2026/11/20,1/TN", "aa"),)) for _ in range(3)),
        store.run(lambda transaction: transaction.delivery(name), deliveries=(name,)),
        store.run(lambda transaction: transaction.delivered("doc-1")),
    )

    assert seen[:3] == [None, "doc-1", "doc-1"]
    assert seen[3].stage is Stage.WAITING
    assert await store.body(seen[4]) == b"a"
    await store.close()


async def test_what_was_foreseen_is_forgotten_with_everything_else(tmp_path: Path, each_store: Opened) -> None:
    store = started(tmp_path, each_store)
    name = decide.delivery_id("doc-1", "u")
    await store.run(lambda transaction: transaction.append([accepted(1), opened_for(1)]))

    _, found = await asyncio.gather(
        store.run(lambda transaction: transaction.forget()),
        store.run(lambda transaction: transaction.delivery(name), deliveries=(name,)),
    )

    assert found is None
    assert store.past.last_fact() == 0
    await store.close()


async def test_nothing_written_before_is_lost_by_closing_at_once(tmp_path: Path, each_store: Opened) -> None:
    store = started(tmp_path, each_store)
    jobs = [asyncio.create_task(store.run(lambda t, n=n: t.append([refused(n)]))) for n in range(50)]
    await asyncio.sleep(0)

    await store.close()
    await asyncio.gather(*jobs)

    again = started(tmp_path, each_store)
    assert again.past.last_fact() == 50
    await again.close()


async def test_texts_of_any_kind_are_kept_as_they_came(tmp_path: Path, each_store: Opened) -> None:
    store = started(tmp_path, each_store)
    text = "Đơn vị ‘x’ \\ % ? $1 {a} 🏛 \t\n'\";--"

    await store.run(lambda transaction: transaction.append([accepted(1, document_id=text, title=text), opened_for(1)]))
    await store.run(lambda transaction: transaction.delivery("a\0b"))

    assert store.past.documents(text)[0]["doc_id"] == "doc-1"
    assert store.past.sent("s", id_=None, message_type=None, limit=0)[0].title == text
    assert store.past.facts(0, 1)[0]["document_id"] == text
    await store.close()


# ---------------------------------------------------------------- counts

MOVES = st.lists(st.tuples(st.integers(1, 4), st.sampled_from(list(Stage))), max_size=12)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(moves=MOVES, cut=st.integers(0, 12))
def test_a_count_is_what_a_list_would_show_whatever_happened(tmp_path_factory: Any, moves: Any, cut: int) -> None:
    store = SqliteStore.open(tmp_path_factory.mktemp("counts"))
    names = {number: decide.delivery_id(f"doc-{number}", "u") for number in range(1, 5)}

    def moved(number: int, stage: Stage) -> events.Confirmed:
        return events.Confirmed(
            at=NOON, doc_id=f"doc-{number}", delivery_id=names[number], unit="u", system_id="u", word="done",
            description="", stage=stage,
        )  # fmt: skip

    store.at_once(lambda t: t.append(fact for n in range(1, 5) for fact in (accepted(n, f"sha-{n}"), opened_for(n))))
    for some in (moves[:cut], moves[cut:]):
        for number, stage in some:
            store.at_once(lambda t, number=number, stage=stage: t.append([moved(number, stage)]))

    for shown in (SHOWN, (Stage.FAILED,)):
        listed = store.past.waiting(["u"], message_type="edoc", stages=shown)
        assert store.past.count(["u"], message_type="edoc", stages=shown) == len(listed)
        first_two = store.past.waiting(["u"], message_type="edoc", stages=shown, limit=2)
        assert first_two == listed[:2]
    asyncio.run(store.close())


async def test_lists_and_counts_are_found_without_looking_at_everything(tmp_path: Path) -> None:
    """By SQLite's own plan: no table is scanned and nothing is sorted that is not handed out."""
    store = SqliteStore.open(tmp_path)
    plans: list[str] = []
    ask = store.past._link.rows

    def explained(query: str, values: Any = ()) -> list[Any]:
        plans.extend(f"{row[3]} <- {query}" for row in ask(f"EXPLAIN QUERY PLAN {query}", values))
        return ask(query, values)

    store.past._link.rows = explained  # type: ignore[method-assign]  # an ear, not a stand-in
    past = store.past
    past.waiting(["u", "v"], message_type=None, stages=SHOWN)
    past.waiting(["u"], message_type="edoc", stages=SHOWN, limit=5)
    past.count(["u", "v"], message_type="edoc", stages=SHOWN)
    past.sent("s", id_=None, message_type=None, limit=5)
    past.sent("s", id_="d", message_type="edoc", limit=5)
    past.earlier(system_id="s", package="p", document_id="d", route="", since=NOON)
    past.delivery("d")
    past.facts(5, 10)
    past.documents("d")
    past.kept(5)
    past.by_digest("sha")
    past.last_body()
    past.bodies_after(5, 10)
    past.in_pack(1, 10)
    past.attachment("sha")
    past.last_fact()
    Foresight(past._link, sendings={("d", "p"), ("e", "q")}, deliveries={"v"})

    steps_ = [plan for plan in plans if not plan.startswith(("SCAN v", "SCAN 2 CONSTANT ROWS"))]
    assert not [plan for plan in steps_ if "SCAN" in plan or "TEMP B-TREE" in plan.partition(" <- ")[0]]
    await store.close()


# ---------------------------------------------------------------- opening


async def test_a_second_axis_on_the_same_store_is_told_so(tmp_path: Path, each_store: Opened) -> None:
    address = each_store(tmp_path / "one")
    store = open_store(tmp_path / "one", address)

    with pytest.raises(DataInUse) as trouble:
        open_store(tmp_path / "one", address)
    if address:
        with pytest.raises(DataInUse):
            open_store(tmp_path / "two", address)

    assert "--data" in trouble.value.because.en
    await store.close()


async def test_a_newer_store_is_refused_with_both_numbers(tmp_path: Path, each_store: Opened) -> None:
    store = started(tmp_path, each_store)
    await store.run(lambda transaction: transaction.put_meta("format", "99"))
    await store.close()

    with pytest.raises(OtherVersion) as trouble:
        open_store(tmp_path, each_store(tmp_path))

    assert "99" in trouble.value.because.en
    assert steps.FORMAT in trouble.value.because.vi


def test_the_tables_of_somebody_else_are_left_alone(tmp_path: Path, postgres_schema: str) -> None:
    with psycopg.connect(postgres_schema, autocommit=True) as connection:
        connection.execute("CREATE TABLE documents (theirs integer)")

    with pytest.raises(OtherVersion):
        open_store(tmp_path, postgres_schema)

    with psycopg.connect(postgres_schema, autocommit=True) as connection:
        assert connection.execute("SELECT count(*) FROM documents").fetchone() == (0,)


def test_a_folder_of_format_1_is_brought_up_with_everything_in_it(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "axis.sqlite3") as old:
        old.executescript(steps.SQLITE[1])
        old.executescript(
            """
            INSERT INTO meta VALUES ('format', '1'), ('seed', '7');
            INSERT INTO systems VALUES ('s', 'secret', 0, 0, '[]'), ('a', 'other', 1, 1, '[]');
            INSERT INTO blobs VALUES ('aa', 1, x'61'), ('bb', 1, x'62');
            INSERT INTO documents VALUES
                ('d1', '2026-11-20T08:00:00.000+07:00', 's', 'su', 'edoc','n1', 0, NULL, 'aa', 'bb', 1, 0, 't', '', ''),
                ('d2', '2026-11-20T08:00:01.000+07:00', 's', 'su', 'edoc','n2', 0, NULL, 'aa', 'aa', 1, 0, 't', '', '');
            INSERT INTO deliveries (delivery_id, doc_id, unit, message_type, stage, created, updated)
                SELECT 'v' || doc_id, doc_id, 'u', 'edoc', 'waiting', at, at FROM documents;
            INSERT INTO facts (kind, record) VALUES
                ('accepted', '{"fact":"accepted","at":"2026-11-20T08:00:00.000+07:00","doc_id":"d1"}'),
                ('refused', '{"fact":"refused","at":"2026-11-20T08:00:00.000+07:00"}');
            """
        )
    old.close()

    store = SqliteStore.open(tmp_path)

    past = store.past
    assert [(line.delivery_id, line.sender) for line in past.waiting(["u"], message_type=None, stages=SHOWN)] == [
        ("vd1", "su"),
        ("vd2", "su"),
    ]
    assert past.count(["u"], message_type="edoc", stages=SHOWN) == 2
    assert past.earlier(system_id="s", package="aa", document_id="n2", route="", since=NOON.replace(day=1)) == "d2"
    assert [system.system_id for system in past.systems()] == ["s", "a"]
    assert [asyncio.run(store.body(past.delivered(name))) for name in ("d1", "d2")] == [b"b", b"a"]
    assert asyncio.run(by_digest(store, "aa")) == b"a"
    assert past.ask("SELECT document FROM facts ORDER BY n") == [(1,), (None,)]
    assert past.ask("PRAGMA auto_vacuum") == [(2,)]
    assert [line.unit for line in past.waiting(["u"], message_type=None, stages=SHOWN)] == ["u", "u"]
    assert past.meta("format") == steps.FORMAT
    asyncio.run(store.close())


FORMAT_3 = """
INSERT INTO meta VALUES ('format', '3'), ('seed', '7'), ('directory', 'x');
INSERT INTO blobs (n, sha, size, body, uses) VALUES (7, 'aa', 1, {a}, 2), (8, 'bb', 1, {b}, 1);
INSERT INTO documents (doc_id, at, system_id, sender, message_type, document_id, business_type, status_code, package,
    delivered, size, queued, title, notation, route, blob) VALUES
    ('d1', {at}, 's', 'su', 'edoc', 'n1', 0, NULL, 'aa', 'bb', 1, {no}, 't', '', '', 7),
    ('d2', {at}, 's', 'su', 'edoc', 'n2', 0, NULL, 'aa', 'aa', 1, {no}, 't', '', '', 7);
INSERT INTO attachments VALUES ('cc', 'aa', 0, 'a.pdf', 1);
"""


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_shared_body_of_format_3_is_found_for_each_of_its_documents(
    tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    address: str | None = None if kind == "sqlite" else request.getfixturevalue("postgres_schema")
    if address is None:
        with sqlite3.connect(tmp_path / "axis.sqlite3") as old:
            for number in (1, 2, 3):
                old.executescript(steps.SQLITE[number])
            old.executescript(
                "DELETE FROM meta;" + FORMAT_3.format(a="x'61'", b="x'62'", at=f"'{stamp(NOON)}'", no="0")
            )
        old.close()
    else:
        with psycopg.connect(address, autocommit=True) as connection:
            for number in (2, 3):
                connection.execute(steps.POSTGRES[number].encode())
            values = {"a": "decode('61', 'hex')", "b": "decode('62', 'hex')", "at": f"'{NOON}'", "no": "false"}
            connection.execute(("DELETE FROM meta;" + FORMAT_3.format(**values)).encode())

    store = open_store(tmp_path, address)

    past = store.past
    assert [await store.body(past.delivered(name)) for name in ("d1", "d2")] == [b"b", b"a"]
    assert past.earlier(system_id="s", package="aa", document_id="n2", route="", since=NOON) == "d2"
    await store.run(lambda transaction: transaction.drop_documents({1: "d1"}))
    assert await store.body(past.delivered("d2")) == b"a"
    assert await by_digest(store, "aa") == b"a"
    assert await by_digest(store, "bb") is None
    number = await store.run(lambda transaction: transaction.keep(Blob("dd", 1, b"d")))
    assert await store.body(number) == b"d"
    await store.close()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("postgresql://clerk:geheim@127.0.0.1:1/axis", "postgresql://clerk@127.0.0.1:1/axis"),
        ("postgresql://clerk:geheim@[oops", "--store"),
        ("postgresql://clerk:geheim@127.0.0.1:1/axis?nonsense=geheim", "--store"),
        ("mysql://clerk:geheim@127.0.0.1/axis", "--store"),
    ],
)
def test_an_address_that_leads_nowhere_is_named_without_its_password(tmp_path: Path, address: str, words: str) -> None:
    with pytest.raises(UnusableData) as trouble:
        open_store(tmp_path, address)

    for text in trouble.value.because:
        assert words in text
        assert "geheim" not in text


@pytest.mark.skipif(database.binaries() is None, reason="no PostgreSQL server of our own to stop")
async def test_while_the_database_is_away_nothing_is_acknowledged_and_afterwards_all_goes_on(tmp_path: Path) -> None:
    with database.own_cluster() as cluster:
        store = open_store(tmp_path, cluster.address)
        await store.run(lambda transaction: transaction.append([refused(1)]))

        cluster.stop("immediate")
        with pytest.raises(StoreTrouble):
            await store.run(lambda transaction: transaction.append([refused(2)]))
        with pytest.raises(StoreTrouble):
            store.past.facts(0, 10)
        cluster.start()

        await store.run(lambda transaction: transaction.append([refused(3)]))
        assert [fact["system_id"] for fact in store.past.facts(0, 10)] == ["1", "3"]
        await store.close()


async def test_files_of_a_crash_are_swept_by_the_owner_alone(tmp_path: Path, postgres_schema: str) -> None:
    owner = open_store(tmp_path, postgres_schema)
    BlobFiles(tmp_path / "blobs").put("cc", b"being written by another process")

    helper = open_store(tmp_path, postgres_schema, owner=False)
    assert len(list((tmp_path / "blobs").glob("*/*"))) == 1

    await helper.close()
    await owner.close()
    again = open_store(tmp_path, postgres_schema)
    assert list((tmp_path / "blobs").glob("*/*")) == []
    await again.close()
