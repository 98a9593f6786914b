"""The JSON Schemas (2020-12) of everything the product prints for machines, by name."""

import json
from importlib.resources import files
from typing import Any

__all__ = ["SCHEMAS", "schema"]

SCHEMAS = ("result", "record", "lint", "catalogue", "load", "capacity", "comparison")
"""``result``: result.json · ``record``: one line of records.jsonl · ``lint``, ``catalogue``: ``--format json`` ·
``load``: result.json of a load run · ``capacity``: capacity.json · ``comparison``: ``load compare --format json``."""


def schema(name: str) -> dict[str, Any]:
    """The schema of that name. Raises KeyError for a name that is not in SCHEMAS."""
    if name not in SCHEMAS:
        raise KeyError(name)
    text = (files("reports") / "schema" / f"{name}.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded
