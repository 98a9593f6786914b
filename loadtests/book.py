"""What a system under test says that it has (its own list of documents) against what was delivered to it. Pure.

A document that the system confirmed as done and does not have is lost, though the axis did everything right.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from loadtests.account import MOST_LISTED, Account, Listed

__all__ = ["with_book"]


def with_book(
    found: Account, rows: Iterable[Mapping[str, Any]], taken: Iterable[str], files: Mapping[str, tuple[str, ...]]
) -> Account:
    """``found`` with what the system's own book adds. ``taken``: the documents that it fetched and confirmed as done;
    ``files``: every planned document and the digests of its attached files."""
    owed = set(taken)
    incoming = [row for row in rows if row.get("kind", "new") == "new"]
    held = Counter(str(row["document_id"]) for row in incoming)
    lost = sorted(owed - set(held))
    doubled = sorted(held.keys() & files.keys())
    altered = [
        str(row["document_id"])
        for row in incoming
        if files.get(str(row["document_id"])) and row.get("attachments") is not None
        and _digests(each.get("sha256") for each in row["attachments"]) != _digests(files[str(row["document_id"])])
    ]  # fmt: skip
    moved = len(lost)
    return replace(
        found,
        delivered=found.delivered - moved,
        lost=_more(found.lost, lost),
        doubled=_more(found.doubled, [each for each in doubled for _ in range(held[each] - 1)]),
        strangers=_more(found.strangers, sorted(set(held) - set(files))),
        altered=_more(found.altered, altered),
    )


def _digests(texts: Iterable[object]) -> Counter[str]:
    """How often each digest stands there: the contract sets no order of the attachments in a row."""
    return Counter(str(each).lower() for each in texts)


def _more(line: Listed, documents: list[str]) -> Listed:
    return Listed(line.count + len(documents), (*line.documents, *documents)[:MOST_LISTED])
