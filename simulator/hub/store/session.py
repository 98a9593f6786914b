"""Sessions with a PostgreSQL server: how they are opened, what is set in them, and what is said when that fails."""

import functools
import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, NamedTuple

import psycopg
from psycopg import conninfo, pq
from psycopg.types.string import TextBinaryLoader, TextLoader

from simulator.hub.events import stamp
from simulator.hub.store.link import Link
from simulator.hub.store.steps import TRAFFIC
from simulator.hub.store.transaction import write_failed
from simulator.hub.trouble import UnusableData
from simulator.words import Text

__all__ = ["LOST", "PostgresLink", "ReadingLink", "Server", "advisory_key"]

LOST = (psycopg.OperationalError, psycopg.InterfaceError)
"""No connection, a full disk, a lock that did not come: never the fault of one statement."""

_NO_ADDRESS = Text(
    en="--store is no address of a PostgreSQL database. It looks like postgresql://user@127.0.0.1:5432/axisproof.",
    vi="--store không phải là địa chỉ cơ sở dữ liệu PostgreSQL. Ví dụ đúng: postgresql://user@127.0.0.1:5432/axisproof.",
)
_UNREACHABLE = Text(
    en="The PostgreSQL database {where} cannot be used: {why}",
    vi="Không dùng được cơ sở dữ liệu PostgreSQL {where}: {why}",
)
_NOT_UTF8 = Text(
    en="its encoding is {found}. Create it with UTF8.", vi="bảng mã là {found}. Hãy tạo cơ sở dữ liệu với UTF8."
)
_NO_SCHEMA = Text(en="its search_path names no schema.", vi="search_path không chỉ tới schema nào.")

# A durable answer is the only one. Times: a stopped process must not hold up the others for ever. Every question has
# its index; a table that was empty when its statement was planned must not be read as a whole ever after.
_SETTINGS = """
SET synchronous_commit = on; SET lock_timeout = '10s'; SET statement_timeout = '30s'; SET enable_seqscan = off;
SET idle_in_transaction_session_timeout = '20s'; SET timezone = 'UTC'; SET client_min_messages = warning;
"""


class Server(NamedTuple):
    """Where a database is. ``where`` is for people: the password never stands in it."""

    address: str
    where: str
    password: str

    @classmethod
    def of(cls, address: str) -> "Server":
        """Read an address. Raises UnusableData, which does not repeat it: a secret may stand in it."""
        try:
            parts = conninfo.conninfo_to_dict(address)
        except psycopg.Error:
            raise UnusableData(_NO_ADDRESS) from None
        user, host, port = (parts.get(name) for name in ("user", "host", "port"))
        where = f"postgresql://{f'{user}@' if user else ''}{host or ''}{f':{port}' if port else ''}"
        return cls(address, f"{where}/{parts.get('dbname') or ''}", str(parts.get("password") or ""))

    def unusable(self, why: object) -> UnusableData:
        """That it cannot be used, and why, without the password."""
        both = why if isinstance(why, Text) else Text(en=_plain(why), vi=_plain(why))
        if self.password:
            both = Text(*(words.replace(self.password, "***") for words in both))
        return UnusableData(
            Text(
                en=_UNREACHABLE.en.format(where=self.where, why=both.en),
                vi=_UNREACHABLE.vi.format(where=self.where, why=both.vi),
            )
        )

    def connect(self) -> "psycopg.Connection[Any]":
        """A new session, autocommitting. Raises psycopg.Error."""
        connection = psycopg.connect(
            self.address, autocommit=True, connect_timeout=5, application_name="axisproof", client_encoding="UTF8"
        )
        for loader in (TextLoader, TextBinaryLoader):  # records leave as the text that they are
            connection.adapters.register_loader("json", loader)
        connection.execute(_SETTINGS)
        return connection

    def check(self, connection: "psycopg.Connection[Any]") -> str:
        """Whether the database will do; gives the name of its schema. Raises UnusableData."""
        row = connection.execute("SELECT current_schema(), current_setting('server_encoding')").fetchone()
        schema, encoding = row or (None, "")
        if encoding != "UTF8":
            raise self.unusable(_NOT_UTF8.filled(found=encoding))
        if schema is None:
            raise self.unusable(_NO_SCHEMA)
        return str(schema)


def advisory_key(kind: str, schema: str) -> int:
    """The number under which an advisory lock of that kind is known in that schema: 64 bits, signed."""
    digest = hashlib.sha256(f"axisproof/{kind}/{schema}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


class PostgresLink(Link):
    """One session. Raises psycopg.Error; what is lost stays lost until ``renew``."""

    EMPTYING: ClassVar[tuple[str, ...]] = (f"TRUNCATE {', '.join(TRAFFIC)} RESTART IDENTITY",)

    def __init__(self, server: Server) -> None:
        self.server = server
        self.connection = server.connect()

    @property
    def broken(self) -> bool:
        """Whether the session is gone."""
        return self.connection.closed or self.connection.pgconn.status != pq.ConnStatus.OK

    def renew(self) -> None:
        """A new session in place of a lost one."""
        self.connection.close()
        self.connection = self.server.connect()

    def close(self) -> None:
        """End the session."""
        self.connection.close()

    def rows(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        """Every row that ``query`` gives."""
        return self.connection.execute(_translated(query), _clean(values), binary=True).fetchall()

    def run(self, statement: str, values: Sequence[object] = ()) -> None:
        """Run one statement."""
        self.connection.execute(_translated(statement), _clean(values))

    def moment(self, at: datetime) -> object:
        """``timestamptz``, to the millisecond."""
        return at.replace(microsecond=at.microsecond // 1000 * 1000)

    def stamped(self, value: Any) -> Any:
        """As RFC 3339."""
        return None if value is None else stamp(value)


class ReadingLink(PostgresLink):
    """A session for questions between commits: renewed when it was lost. Raises StoreTrouble."""

    def rows(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        """Every row that ``query`` gives."""
        try:
            if not self.broken:
                try:
                    return super().rows(query, values)
                except LOST:
                    if not self.broken:
                        raise
            self.renew()
            return super().rows(query, values)
        except psycopg.Error as error:
            raise write_failed(_plain(error)) from error


@functools.lru_cache(512)
def _translated(statement: str) -> Any:
    return statement.replace("?", "%s").encode()


def _clean(values: Sequence[object]) -> Sequence[object]:
    """PostgreSQL's text holds every character but NUL."""
    if any(isinstance(value, str) and "\0" in value for value in values):
        return [value.replace("\0", "\ufffd") if isinstance(value, str) else value for value in values]
    return values


def _plain(why: object) -> str:
    return " ".join(str(why).split())
