"""Which store: the embedded one, or the one at an address."""

from pathlib import Path

from simulator.hub.store.base import Store
from simulator.hub.trouble import UnusableData
from simulator.words import Text

__all__ = ["open_store"]

_UNKNOWN = Text(
    en="--store must begin with postgresql:// ; without it everything is kept in --data by SQLite.",
    vi="--store phải bắt đầu bằng postgresql:// ; nếu bỏ qua, mọi dữ liệu được SQLite giữ trong --data.",
)


def open_store(data: Path, address: str | None = None, *, owner: bool = True) -> Store:
    """Open or create the store at ``address`` with its files in ``data``; None: SQLite in ``data``.

    ``owner``: False for a further process on a store that its owner has open. Raises UnusableData, DataInUse,
    OtherVersion.
    """
    if address is None:
        from simulator.hub.store.sqlite import SqliteStore

        return SqliteStore.open(data)
    if not address.startswith(("postgresql://", "postgres://")):
        raise UnusableData(_UNKNOWN)
    from simulator.hub.store.postgres import PostgresStore  # psycopg costs time that SQLite's users need not pay

    return PostgresStore.open(address, data, owner=owner)
