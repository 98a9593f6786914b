"""The tables, and how each fact changes them. One row of ``_PROJECTIONS`` per kind of fact."""

import json
import sqlite3
from collections.abc import Callable
from typing import Any

from simulator.hub import events
from simulator.hub.delivery import Stage

__all__ = ["FORMAT", "TABLES", "TRAFFIC", "write"]

FORMAT = "1"
"""The version of the data folder; another one is refused on opening."""

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE systems (
    system_id TEXT PRIMARY KEY, secret TEXT NOT NULL, passive INTEGER NOT NULL, added INTEGER NOT NULL,
    units TEXT NOT NULL
);
CREATE TABLE facts (n INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, record TEXT NOT NULL);
CREATE TABLE blobs (sha TEXT PRIMARY KEY, size INTEGER NOT NULL, body BLOB);
CREATE TABLE attachments (
    sha TEXT NOT NULL, package TEXT NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL, size INTEGER NOT NULL,
    PRIMARY KEY (sha, package, position)
) WITHOUT ROWID;
CREATE TABLE documents (
    doc_id TEXT PRIMARY KEY, at TEXT NOT NULL, system_id TEXT NOT NULL, sender TEXT NOT NULL,
    message_type TEXT NOT NULL, document_id TEXT NOT NULL, business_type INTEGER, status_code TEXT,
    package TEXT NOT NULL, delivered TEXT NOT NULL,
    size INTEGER NOT NULL, queued INTEGER NOT NULL, title TEXT NOT NULL, notation TEXT NOT NULL, route TEXT NOT NULL
);
CREATE INDEX documents_by_bytes ON documents (system_id, package);
CREATE INDEX documents_by_name ON documents (document_id);
CREATE INDEX documents_by_sender ON documents (system_id, message_type);
CREATE TABLE deliveries (
    seq INTEGER PRIMARY KEY, delivery_id TEXT NOT NULL UNIQUE, doc_id TEXT NOT NULL, unit TEXT NOT NULL,
    message_type TEXT NOT NULL, stage TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL,
    fetched TEXT, description TEXT NOT NULL DEFAULT ''
);
CREATE INDEX deliveries_of_document ON deliveries (doc_id);
CREATE INDEX deliveries_waiting ON deliveries (unit, message_type, stage, seq) WHERE stage <> 'done';
CREATE TABLE registrations (
    n INTEGER PRIMARY KEY, system_id TEXT NOT NULL, unit TEXT NOT NULL, parent TEXT NOT NULL, name TEXT NOT NULL,
    mail TEXT NOT NULL, deleted INTEGER NOT NULL, at TEXT NOT NULL
);
"""

TRAFFIC = ("facts", "blobs", "attachments", "documents", "deliveries", "registrations")
"""The tables that a reset empties: everything that happened. Systems and their secrets are no traffic."""


def write(connection: sqlite3.Connection, fact: events.Fact) -> None:
    """Append a fact and change what is seen of the past, in the caller's transaction."""
    record = json.dumps(fact.record(), ensure_ascii=False, separators=(",", ":"))
    connection.execute("INSERT INTO facts (kind, record) VALUES (?, ?)", (fact.NAME, record))
    project = _PROJECTIONS.get(type(fact))
    if project is not None:
        project(connection, fact)


def _accepted(connection: sqlite3.Connection, fact: events.Accepted) -> None:
    connection.execute(
        "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            fact.doc_id, events.stamp(fact.at), fact.system_id, fact.sender, fact.message_type, fact.document_id,
            fact.business_type, fact.status_code, fact.package, fact.delivered, fact.size, fact.queued, fact.title,
            fact.notation, fact.route,
        ),
    )  # fmt: skip


def _opened(connection: sqlite3.Connection, fact: events.Opened) -> None:
    at = events.stamp(fact.at)
    connection.execute(
        "INSERT INTO deliveries (delivery_id, doc_id, unit, message_type, stage, created, updated)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (fact.delivery_id, fact.doc_id, fact.unit, fact.message_type, Stage.WAITING.value, at, at),
    )


def _fetched(connection: sqlite3.Connection, fact: events.Fetched) -> None:
    at = events.stamp(fact.at)
    connection.execute(
        "UPDATE deliveries SET stage = ?, updated = ?, fetched = coalesce(fetched, ?) WHERE delivery_id = ?",
        (str(fact.stage), at, at, fact.delivery_id),
    )


def _confirmed(connection: sqlite3.Connection, fact: events.Confirmed) -> None:
    connection.execute(
        "UPDATE deliveries SET stage = ?, updated = ?, description = ? WHERE delivery_id = ?",
        (str(fact.stage), events.stamp(fact.at), fact.description, fact.delivery_id),
    )


def _registered(connection: sqlite3.Connection, fact: events.UnitRegistered) -> None:
    connection.execute(
        "INSERT INTO registrations (system_id, unit, parent, name, mail, deleted, at) VALUES (?, ?, ?, ?, ?, 0, ?)",
        (fact.system_id, fact.unit, fact.parent, fact.name, fact.mail, fact.at.isoformat()),
    )


def _closed(connection: sqlite3.Connection, fact: events.UnitClosed) -> None:
    connection.execute(
        "INSERT INTO registrations (system_id, unit, parent, name, mail, deleted, at) VALUES (?, ?, '', '', '', 1, ?)",
        (fact.system_id, fact.unit, fact.at.isoformat()),
    )


_PROJECTIONS: dict[type[events.Fact], Callable[[sqlite3.Connection, Any], None]] = {
    events.Accepted: _accepted,
    events.Opened: _opened,
    events.Fetched: _fetched,
    events.Confirmed: _confirmed,
    events.UnitRegistered: _registered,
    events.UnitClosed: _closed,
}
