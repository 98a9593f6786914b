"""The tables, as numbered steps: what a new store runs through, and what an older one still lacks.

Step n brings a store from format n - 1 to format n; ``meta.format`` says how far it is. Steps are only ever added.
SQLite was born with format 1, PostgreSQL with format 2: from there on both have the same tables.
"""

__all__ = ["FORMAT", "POSTGRES", "SQLITE", "TRAFFIC"]

FORMAT = "5"
"""The format that this version writes; a newer one is refused on opening, an older one is brought here."""

TRAFFIC = (
    "facts",
    "blobs",
    "orphans",
    "digests",
    "attachments",
    "documents",
    "deliveries",
    "mailboxes",
    "registrations",
)
"""The tables that a reset empties: everything that happened. Systems and their secrets are no traffic."""

_SQLITE_1 = """
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

# 2: documents, bodies and systems get numbers of their own (an index in order of arrival is written where it grew
# last, one by digest everywhere: a document shall touch few pages); a delivery knows its sender, so that a list needs
# no join; facts know their document and bodies how often they are named, so that both can go with it; mailboxes are
# counted as they change, so that a count costs the same at any length.
_SQLITE_2 = """
ALTER TABLE systems RENAME TO systems_1;
CREATE TABLE systems (
    n INTEGER PRIMARY KEY, system_id TEXT NOT NULL UNIQUE, secret TEXT NOT NULL, passive INTEGER NOT NULL,
    added INTEGER NOT NULL, units TEXT NOT NULL
);
INSERT INTO systems SELECT rowid, * FROM systems_1 ORDER BY rowid;
DROP TABLE systems_1;

ALTER TABLE documents RENAME TO documents_1;
CREATE TABLE documents (
    seq INTEGER PRIMARY KEY, doc_id TEXT NOT NULL, at TEXT NOT NULL, system_id TEXT NOT NULL,
    sender TEXT NOT NULL, message_type TEXT NOT NULL, document_id TEXT NOT NULL, business_type INTEGER,
    status_code TEXT, package TEXT NOT NULL, delivered TEXT NOT NULL, size INTEGER NOT NULL, queued INTEGER NOT NULL,
    title TEXT NOT NULL, notation TEXT NOT NULL, route TEXT NOT NULL, blob INTEGER
);
INSERT INTO documents SELECT d.rowid, d.*, b.rowid FROM documents_1 d LEFT JOIN blobs b ON b.sha = d.package
    ORDER BY d.rowid;
DROP TABLE documents_1;
CREATE UNIQUE INDEX documents_by_id ON documents (doc_id);
CREATE INDEX documents_by_bytes ON documents (blob);
CREATE INDEX documents_by_name ON documents (document_id);
CREATE INDEX documents_by_sender ON documents (system_id, message_type);

ALTER TABLE deliveries ADD COLUMN sender TEXT NOT NULL DEFAULT '';
UPDATE deliveries SET sender = (SELECT sender FROM documents d WHERE d.doc_id = deliveries.doc_id);

ALTER TABLE facts ADD COLUMN document INTEGER;
UPDATE facts SET document = (SELECT seq FROM documents WHERE doc_id = json_extract(record, '$.doc_id'))
    WHERE kind IN ('accepted', 'opened', 'fetched', 'confirmed', 'repeated');
CREATE INDEX facts_of_document ON facts (document) WHERE document IS NOT NULL;
CREATE INDEX facts_of_none ON facts (n) WHERE document IS NULL;

CREATE TABLE uses_1 (sha TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO uses_1 SELECT sha, count(*) FROM (
    SELECT package AS sha FROM documents UNION ALL SELECT delivered FROM documents WHERE delivered <> package
) GROUP BY sha;
ALTER TABLE blobs RENAME TO blobs_1;
CREATE TABLE blobs (
    n INTEGER PRIMARY KEY, sha TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, body BLOB, uses INTEGER NOT NULL
);
INSERT INTO blobs
    SELECT b.rowid, b.sha, b.size, b.body, coalesce(u.n, 1) FROM blobs_1 b LEFT JOIN uses_1 u USING (sha);
DROP TABLE blobs_1;
DROP TABLE uses_1;
CREATE INDEX attachments_of_package ON attachments (package);
CREATE TABLE orphans (sha TEXT PRIMARY KEY) WITHOUT ROWID;

CREATE TABLE mailboxes (
    unit TEXT NOT NULL, message_type TEXT NOT NULL, stage TEXT NOT NULL, n INTEGER NOT NULL,
    PRIMARY KEY (unit, message_type, stage)
) WITHOUT ROWID;
INSERT INTO mailboxes SELECT unit, message_type, stage, count(*) FROM deliveries GROUP BY 1, 2, 3;
CREATE TRIGGER delivery_added AFTER INSERT ON deliveries BEGIN
    INSERT INTO mailboxes VALUES (NEW.unit, NEW.message_type, NEW.stage, 1)
        ON CONFLICT (unit, message_type, stage) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER delivery_moved AFTER UPDATE OF stage ON deliveries WHEN OLD.stage <> NEW.stage BEGIN
    UPDATE mailboxes SET n = n - 1 WHERE unit = OLD.unit AND message_type = OLD.message_type AND stage = OLD.stage;
    INSERT INTO mailboxes VALUES (NEW.unit, NEW.message_type, NEW.stage, 1)
        ON CONFLICT (unit, message_type, stage) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER delivery_gone AFTER DELETE ON deliveries BEGIN
    UPDATE mailboxes SET n = n - 1 WHERE unit = OLD.unit AND message_type = OLD.message_type AND stage = OLD.stage;
END;
"""

# 3: new bodies lie in packs; those from before stay where they are. Attached files are found when somebody asks for
# one (attachments.py), so ``meta`` says up to which document they are known.
_BOTH_3 = """
ALTER TABLE blobs ADD COLUMN pack {number};
ALTER TABLE blobs ADD COLUMN start {number};
CREATE INDEX blobs_of_pack ON blobs (pack) WHERE pack IS NOT NULL;
CREATE INDEX blobs_in_files ON blobs (n) WHERE body IS NULL AND pack IS NULL;
INSERT INTO meta SELECT 'attachments', coalesce(max(seq), 0) FROM documents;
"""

# 4: every document has its own bodies and knows them by number, so that no index by digest, which would be touched
# everywhere, is kept while packages come in; who asks by digest is answered from one that is filled then
# (attachments.py). A repeat is found by DocumentId and digest, in an index that grows where its sender wrote last.
_BOTH_4 = """
ALTER TABLE blobs RENAME TO blobs_3;
CREATE TABLE blobs (
    n {number} PRIMARY KEY, sha text NOT NULL, size {number} NOT NULL, body {bytes}, pack {number}, start {number}
);
INSERT INTO blobs SELECT 2 * d.seq, b.sha, b.size, b.body, b.pack, b.start
    FROM documents d JOIN blobs_3 b ON b.sha = d.package;
INSERT INTO blobs SELECT 2 * d.seq + 1, b.sha, b.size, b.body, b.pack, b.start
    FROM documents d JOIN blobs_3 b ON b.sha = d.delivered WHERE d.delivered <> d.package;
DROP TABLE blobs_3;
CREATE INDEX blobs_of_pack ON blobs (pack) WHERE pack IS NOT NULL;
CREATE INDEX blobs_in_files ON blobs (sha) WHERE body IS NULL AND pack IS NULL;
DROP INDEX documents_by_bytes;
DROP INDEX documents_by_name;
CREATE INDEX documents_by_name ON documents (document_id, package);
ALTER TABLE documents ADD COLUMN delivered_blob {number};
UPDATE documents SET blob = 2 * seq, delivered_blob = 2 * seq + CASE WHEN delivered <> package THEN 1 ELSE 0 END;
CREATE TABLE digests (sha text NOT NULL, blob {number} NOT NULL, PRIMARY KEY (sha, blob));
DROP TABLE attachments;
CREATE TABLE attachments (
    sha text NOT NULL, blob {number} NOT NULL, position integer NOT NULL, name text NOT NULL, size {number} NOT NULL,
    PRIMARY KEY (sha, blob, position)
);
CREATE INDEX attachments_of_blob ON attachments (blob);
UPDATE meta SET value = '0' WHERE key = 'attachments';
"""

# 5: a delivery knows the code that lists show for its receiver, beside the unit whose mailbox it lies in; those from
# before are shown by the unit's own. (``sender`` is what lists show since format 2; nothing else reads it.)
_BOTH_5 = "ALTER TABLE deliveries ADD COLUMN code text NOT NULL DEFAULT '';"

SQLITE = {
    1: _SQLITE_1,
    2: _SQLITE_2,
    3: _BOTH_3.format(number="INTEGER"),
    4: _BOTH_4.format(number="INTEGER", bytes="BLOB"),
    5: _BOTH_5,
}
"""The steps of the embedded store."""

_POSTGRES_2 = """
CREATE TABLE meta (key text PRIMARY KEY, value text NOT NULL);
CREATE TABLE systems (
    n bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, system_id text NOT NULL UNIQUE, secret text NOT NULL,
    passive boolean NOT NULL, added boolean NOT NULL, units json NOT NULL
);
CREATE TABLE facts (
    n bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, kind text NOT NULL, record json NOT NULL, document bigint
);
CREATE INDEX facts_of_document ON facts (document) WHERE document IS NOT NULL;
CREATE INDEX facts_of_none ON facts (n) WHERE document IS NULL;
CREATE TABLE blobs (
    n bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, sha text NOT NULL UNIQUE, size bigint NOT NULL, body bytea,
    uses bigint NOT NULL
);
ALTER TABLE blobs ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE TABLE orphans (sha text PRIMARY KEY);
CREATE TABLE attachments (
    sha text NOT NULL, package text NOT NULL, position integer NOT NULL, name text NOT NULL, size bigint NOT NULL,
    PRIMARY KEY (sha, package, position)
);
CREATE INDEX attachments_of_package ON attachments (package);
CREATE TABLE documents (
    seq bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, doc_id text NOT NULL UNIQUE, at timestamptz NOT NULL,
    system_id text NOT NULL, sender text NOT NULL, message_type text NOT NULL, document_id text NOT NULL,
    business_type bigint, status_code text, package text NOT NULL, delivered text NOT NULL, size bigint NOT NULL,
    queued boolean NOT NULL, title text NOT NULL, notation text NOT NULL, route text NOT NULL, blob bigint
);
CREATE INDEX documents_by_bytes ON documents (blob);
CREATE INDEX documents_by_name ON documents (document_id);
CREATE INDEX documents_by_sender ON documents (system_id, message_type, seq);
CREATE TABLE deliveries (
    seq bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, delivery_id text NOT NULL UNIQUE, doc_id text NOT NULL,
    unit text NOT NULL, message_type text NOT NULL, stage text NOT NULL, created timestamptz NOT NULL,
    updated timestamptz NOT NULL, fetched timestamptz, description text NOT NULL DEFAULT '',
    sender text NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX deliveries_of_document ON deliveries (doc_id, seq);
CREATE INDEX deliveries_waiting ON deliveries (unit, message_type, stage, seq) WHERE stage <> 'done';
CREATE TABLE registrations (
    n bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, system_id text NOT NULL, unit text NOT NULL,
    parent text NOT NULL, name text NOT NULL, mail text NOT NULL, deleted boolean NOT NULL, at timestamptz NOT NULL
);
CREATE TABLE mailboxes (
    unit text NOT NULL, message_type text NOT NULL, stage text NOT NULL, n bigint NOT NULL,
    PRIMARY KEY (unit, message_type, stage)
) WITH (fillfactor = 50);
CREATE FUNCTION mailbox_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE mailboxes SET n = n - 1
            WHERE unit = OLD.unit AND message_type = OLD.message_type AND stage = OLD.stage;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO mailboxes VALUES (NEW.unit, NEW.message_type, NEW.stage, 1)
            ON CONFLICT (unit, message_type, stage) DO UPDATE SET n = mailboxes.n + 1;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER delivery_added AFTER INSERT OR DELETE ON deliveries
    FOR EACH ROW EXECUTE FUNCTION mailbox_counts();
CREATE TRIGGER delivery_moved AFTER UPDATE OF stage ON deliveries
    FOR EACH ROW WHEN (OLD.stage <> NEW.stage) EXECUTE FUNCTION mailbox_counts();
"""

POSTGRES = {
    2: _POSTGRES_2,
    3: _BOTH_3.format(number="bigint"),
    4: _BOTH_4.format(number="bigint", bytes="bytea"),
    5: _BOTH_5,
}
"""The steps of the shared store."""
