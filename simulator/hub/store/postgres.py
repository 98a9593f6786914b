"""The shared store: a PostgreSQL database, for several processes on one machine.

Every process has one writer. A group of jobs runs under an advisory lock that ends with its transaction, so two
processes never decide on the same view; the version of the directory is read under the same lock. Bodies lie in the
data folder, which all processes share.
"""

import contextlib
import os
from pathlib import Path
from typing import Any, ClassVar, Self

import psycopg
from psycopg import pq

from simulator.hub.store.base import Store
from simulator.hub.store.beacon import Beacon
from simulator.hub.store.blobs import BlobFiles
from simulator.hub.store.packs import Packs
from simulator.hub.store.reading import Past
from simulator.hub.store.session import LOST, PostgresLink, ReadingLink, Server, advisory_key
from simulator.hub.store.sqlite import guard
from simulator.hub.store.steps import FORMAT, POSTGRES
from simulator.hub.store.transaction import Transaction
from simulator.hub.trouble import DataInUse, HubError, OtherVersion, UnusableData
from simulator.words import Text

__all__ = ["PostgresStore"]

_NO_DATA = Text(
    en="The data folder {data} cannot be used: {why}. Choose another with --data, or make it writable.",
    vi="Không dùng được thư mục dữ liệu {data}: {why}. Hãy chọn thư mục khác bằng --data hoặc cấp quyền ghi.",
)
_OTHER_VERSION = Text(
    en="The database {where} has format {found}; this version reads format {wanted}. Choose another with --store.",
    vi="Cơ sở dữ liệu {where} có định dạng {found}; phiên bản này đọc định dạng {wanted}. "
    "Hãy chọn cơ sở dữ liệu khác bằng --store.",
)
_IN_USE = Text(
    en="The database {where} is in use by another axis. Stop it, or choose another database with --store.",
    vi="Cơ sở dữ liệu {where} đang được một trục khác sử dụng. Hãy dừng trục đó hoặc chọn cơ sở dữ liệu khác "
    "bằng --store.",
)
_TAKEN = "another axis has taken this database"


class PostgresStore(Store):
    """One database and one data folder.

    The owner (one per database) prepares the tables and tidies the folder; helpers share in its work, and its lock.
    """

    TROUBLES: ClassVar[tuple[type[Exception], ...]] = (*LOST, OSError)
    ASIDE: ClassVar[bool] = True

    def __init__(self, link: PostgresLink, reader: ReadingLink, data: Path, schema: str, *, owner: bool) -> None:
        super().__init__(link, BlobFiles(data / "blobs"), Packs(data / "packs"))
        self._session = link
        self._reader = reader
        self.past = Past(reader)
        self._beacon = Beacon(data / "directory.beacon")
        self._directory: str | None = None
        self._claims = _claims(schema, owner=owner)
        key = advisory_key("writer", schema)
        # Each statement sees what was committed before it began: so the lock first, then the version.
        self._opening = (
            f"BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock({key});"  # noqa: S608  # a number
            " SELECT value FROM meta WHERE key = 'directory'"
        )
        self._guard: Any = None

    @classmethod
    def open(cls, address: str, data: Path, *, owner: bool = True) -> Self:
        """Open the database, and as its owner create or bring up its tables.

        Raises UnusableData, DataInUse, OtherVersion.
        """
        server = Server.of(address)
        opened: list[Any] = []
        try:
            data.mkdir(parents=True, exist_ok=True)
            if owner:
                opened.append(guard(data))
            link = PostgresLink(server)
            opened.append(link)
            schema = server.check(link.connection)
            _claim(link, schema, owner=owner)
            _prepare(link, schema, owner=owner)
            reader = ReadingLink(server)
            opened.append(reader)
            store = cls(link, reader, data, schema, owner=owner)
            if owner:
                store._guard = opened[0]
                store._sweep(Past(link))
        except OSError as error:
            _close_all(opened)
            raise UnusableData(_NO_DATA.filled(data=data, why=error)) from error
        except psycopg.Error as error:
            _close_all(opened)
            raise server.unusable(error) from error
        except HubError:
            _close_all(opened)
            raise
        return store

    @property
    def shared(self) -> bool:
        """Other processes may write to the same store."""
        return True

    def moved(self) -> bool:
        """Whether the directory has changed, here or in another process, since this was asked last."""
        return self._beacon.changed()

    # ---------------------------------------------------------------- the writer's side

    def _begin(self) -> None:
        if not self._session.broken:
            try:
                return self._enter()
            except LOST:
                self._abandon()
                if not self._session.broken:
                    raise
        # The server was started again: nothing of this group has been decided yet.
        self._session.renew()
        for claim in self._claims:
            if not self._session.rows(f"SELECT {claim}")[0][0]:
                self._session.close()
                raise psycopg.OperationalError(_TAKEN)
        return self._enter()

    def _enter(self) -> None:
        cursor = self._session.connection.execute(self._opening)
        while cursor.nextset():
            pass
        row = cursor.fetchone()
        current = row[0] if row else ""
        if current != self._directory:
            self._directory = current
            self.on_moved(Past(self._link))

    def _commit(self) -> None:
        # Where the answer is lost nobody knows: the group fails, and its clients send again.
        if self._session.connection.execute("COMMIT").statusmessage != "COMMIT":
            raise psycopg.OperationalError("the transaction was taken back")

    def _abandon(self) -> None:
        self._directory = None
        connection = self._session.connection
        try:
            if not connection.closed and connection.info.transaction_status != pq.TransactionStatus.IDLE:
                connection.execute("ROLLBACK")
        except psycopg.Error:
            connection.close()

    def _directory_changed(self, transaction: Transaction) -> None:
        self._directory = os.urandom(8).hex()
        transaction.put_meta("directory", self._directory)

    def _tell_others(self) -> None:
        self._beacon.flash()

    def _shut(self) -> None:
        self._beacon.close()
        # The server ends a session a moment after we do, and whoever opens next would find it claimed.
        with contextlib.suppress(*LOST):
            self._session.run("SELECT pg_advisory_unlock_all()")
        _close_all([self._reader, self._session, *filter(None, [self._guard])])


def _claims(schema: str, *, owner: bool) -> tuple[str, ...]:
    """What a session holds while it lives: the owner the whole database, a helper its share."""
    key = advisory_key("owner" if owner else "helpers", schema)
    return (f"pg_try_advisory_lock{'' if owner else '_shared'}({key})",)


def _claim(link: PostgresLink, schema: str, *, owner: bool) -> None:
    for claim in _claims(schema, owner=owner):
        if not link.rows(f"SELECT {claim}")[0][0]:
            raise DataInUse(_IN_USE.filled(where=link.server.where))
    if owner:  # helpers of an axis that was killed finish what they hold in hand
        key = advisory_key("helpers", schema)
        try:
            link.run(f"SELECT pg_advisory_lock({key})")
        except psycopg.errors.LockNotAvailable as error:
            raise DataInUse(_IN_USE.filled(where=link.server.where)) from error
        link.run(f"SELECT pg_advisory_unlock({key})")


def _prepare(link: PostgresLink, schema: str, *, owner: bool) -> None:
    """Run the steps that are missing, all in one transaction: here tables can be made in one."""
    link.run(f"BEGIN; SELECT pg_advisory_xact_lock({advisory_key('writer', schema)})")
    try:
        known = link.rows("SELECT to_regclass('meta') IS NOT NULL")[0][0]
        found = (Past(link).meta("format") or "?") if known else "0"
        if not found.isdigit() or int(found) > int(FORMAT) or (not owner and found != FORMAT):
            raise OtherVersion(_OTHER_VERSION.filled(where=link.server.where, found=found, wanted=FORMAT))
        for number, step in POSTGRES.items():
            if number > int(found):
                link.connection.execute(step.encode())
        link.run(
            "INSERT INTO meta VALUES ('format', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", (FORMAT,)
        )
        link.run("COMMIT")
    except (psycopg.errors.DuplicateTable, psycopg.errors.DuplicateFunction, psycopg.errors.UndefinedColumn) as error:
        raise OtherVersion(_OTHER_VERSION.filled(where=link.server.where, found="?", wanted=FORMAT)) from error


def _close_all(opened: list[Any]) -> None:
    for each in opened:
        each.close()
