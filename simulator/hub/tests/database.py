"""A PostgreSQL cluster of one's own, thrown away afterwards: durable as in life, on this machine alone."""

import contextlib
import itertools
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg

from simulator.hub.store.steps import FORMAT, TRAFFIC

_NUMBERS = itertools.count(1)
ASKED = "AXISPROOF_TEST_POSTGRES"
"""Environment variable with the address of a database to use instead; its tests make schemas of their own there."""


def binaries() -> Path | None:
    """Where Debian keeps the newest server, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    return found[-1].parent if found else None


def missing() -> str:
    """Why there is no PostgreSQL to test with; empty where there is."""
    if os.environ.get(ASKED) or binaries():
        return ""
    return f"no PostgreSQL: neither {ASKED} nor /usr/lib/postgresql/*/bin"


class Cluster:
    """One server in a temporary folder. It refuses to run as root, so root lends it to the user postgres."""

    def __init__(self, bin_folder: Path, folder: Path) -> None:
        self._bin, self._folder = bin_folder, folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        self._run("initdb", "-D", str(folder / "data"), "-U", "axis", "-A", "trust", "-E", "UTF8", "--locale=C",
                  "--no-sync")  # fmt: skip

    @property
    def address(self) -> str:
        return f"postgresql://axis@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self._folder}"
        options += " -c fsync=on -c shared_buffers=64MB"
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-l", str(self._folder / "log"), "-w", "-o", options,
                  "start")  # fmt: skip

    def stop(self, mode: str = "immediate") -> None:
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-w", "-m", mode, "stop")

    def _run(self, program: str, *arguments: str) -> None:
        lent = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        subprocess.run(
            [*lent, str(self._bin / program), *arguments], check=True, cwd="/", timeout=60,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip


@contextlib.contextmanager
def own_cluster() -> Iterator[Cluster]:
    """A running cluster. Only where ``binaries()`` finds a server."""
    found = binaries()
    assert found is not None
    folder = Path(tempfile.mkdtemp(prefix="axisproof-pg-"))
    try:
        cluster = Cluster(found, folder)
        cluster.start()
        try:
            yield cluster
        finally:
            with contextlib.suppress(subprocess.CalledProcessError):  # a test may have stopped it
                cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def server() -> Iterator[str]:
    """The address of a database: the one that was asked for, else one in a cluster of our own."""
    if asked := os.environ.get(ASKED):
        yield asked
        return
    with own_cluster() as cluster:
        yield cluster.address


class Schemas:
    """Places in one database, each as good as a database of its own. Emptied ones are lent again: making the tables
    costs more than most tests do. All are dropped at the end."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._all: dict[str, str] = {}
        self._free: list[str] = []
        self._connection = psycopg.connect(address, autocommit=True)
        self._connection.execute("SET client_min_messages = warning")

    def __enter__(self) -> "Schemas":
        return self

    def __exit__(self, *_: object) -> None:
        for name in self._all.values():
            self._connection.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE")
        self._connection.close()

    def lend(self) -> str:
        """The address of an empty one."""
        if self._free:
            return self._free.pop()
        name = f"axisproof_{os.getpid()}_{next(_NUMBERS)}"
        self._connection.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE")
        self._connection.execute(f"CREATE SCHEMA {name}")
        options = quote(f"-csearch_path={name}")
        address = f"{self._address}{'&' if urlsplit(self._address).query else '?'}options={options}"
        self._all[address] = name
        return address

    def take_back(self, address: str) -> None:
        """Empty one, and lend it again."""
        name = self._all[address]
        tables = ", ".join(f"{name}.{table}" for table in (*TRAFFIC, "systems", "meta"))
        try:
            self._connection.execute(f"TRUNCATE {tables} RESTART IDENTITY")
            self._connection.execute(f"INSERT INTO {name}.meta VALUES ('format', '{FORMAT}')")
        except psycopg.errors.UndefinedTable:  # the test never opened it
            pass
        self._free.append(address)
