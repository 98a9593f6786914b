"""A place of a run's own in the PostgreSQL database that ``--store`` names: all else there stays as it is."""

import contextlib
import os
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

from loadtests.executor.asked import BadTarget
from simulator.words import Text

__all__ = ["own_schema"]

_NO_POSTGRES = Text(
    en="--store must begin with postgresql:// ; without it the axis keeps everything in SQLite",
    vi="--store phải bắt đầu bằng postgresql:// ; nếu bỏ qua, trục giữ mọi dữ liệu trong SQLite",
)


@contextlib.contextmanager
def own_schema(address: str | None) -> Iterator[str]:
    """The address of an empty schema in that database, dropped at the end; "" for None. Raises BadTarget."""
    if address is None:
        yield ""
        return
    if not address.startswith(("postgresql://", "postgres://")):
        raise BadTarget(_NO_POSTGRES)
    import psycopg  # costs time that SQLite's users need not pay

    from simulator.hub.store.session import Server
    from simulator.hub.trouble import UnusableData

    name = f"axisproof_load_{os.urandom(6).hex()}"
    try:
        server = Server.of(address)
        connection = server.connect()
    except UnusableData as error:
        raise BadTarget(error.because) from error
    except psycopg.Error as error:
        raise BadTarget(server.unusable(error).because) from error
    with connection:
        try:
            connection.execute(f"CREATE SCHEMA {name}".encode())
        except psycopg.Error as error:
            raise BadTarget(server.unusable(error).because) from error
        mark = "&" if urlsplit(address).query else "?"
        try:
            yield f"{address}{mark}options={quote(f'-csearch_path={name}')}"
        finally:
            with contextlib.suppress(psycopg.Error):  # a database that is gone has nothing to tidy up
                connection.execute("SET client_min_messages = warning")
                connection.execute(f"DROP SCHEMA {name} CASCADE".encode())
