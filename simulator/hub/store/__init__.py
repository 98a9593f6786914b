"""Where facts and bytes are kept: an embedded SQLite database in WAL mode, and large bodies as files beside it."""
