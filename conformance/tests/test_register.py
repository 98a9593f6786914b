"""The register of requirements: nothing lost, both languages there, frozen under its digest.

Reads the TOML by itself, so that the data and its loader cannot be wrong in the same way.
"""

import hashlib
import re
import tomllib
import unicodedata
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "requirements"
READING = Path(__file__).parents[3] / "shared" / "spec" / "requirements.tsv"
"""The table that edition 2026.1 was written from; it lies beside a maintainer's checkout only."""

LEVELS = {"MUST", "SHOULD", "MAY"}
ROLES = {"sender", "receiver", "both", "hub"}
BASES = {"law", "law-secondary", "sdk", "observed", "derived"}
NEEDED = {"id", "source", "clause", "level", "role", "basis", "text", "test_idea"}
MARKS = re.compile("[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE)

Row = dict[str, Any]


def rows() -> list[Row]:
    files = sorted(FOLDER.glob("*.toml"))
    return [row for file in files for row in tomllib.loads(file.read_text("utf-8")).get("requirement", [])]


def edition() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "edition.toml").read_text("utf-8"))


def digest(of: list[Row]) -> str:
    lines = [
        f"{row['id']}|{row['level']}|{row['role']}|{row['basis']}|{row['source']}|{row['clause']}|{row['text']['en']}\n"
        for row in sorted(of, key=lambda row: row["id"])
    ]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def folded(text: str) -> str:
    """``text`` without Vietnamese marks and blanks; the reading table writes ASCII and spells out the letter Đ."""
    plain = text.replace(", D with stroke", "").replace("Đ", "D").replace("đ", "d")
    return "".join(
        each for each in unicodedata.normalize("NFD", plain) if not unicodedata.combining(each) and each != " "
    )


def places(clause: str) -> list[str]:
    """The Arabic and Roman numbers of a clause, in order: what must survive its translation."""
    return re.findall(r"\d+|\b[IVX]+\b", clause)


def test_all_rows_of_the_frozen_edition_are_there_once() -> None:
    ids = [row["id"] for row in rows()]

    assert len(ids) == len(set(ids))
    assert sum("since" not in row for row in rows()) == edition()["rows"] == 155


def test_every_row_says_how_binding_it_is_for_whom_and_where_it_rests() -> None:
    for row in rows():
        assert NEEDED <= set(row) <= NEEDED | {"excluded", "since"}, row["id"]
        assert row["level"] in LEVELS, row["id"]
        assert row["role"] in ROLES, row["id"]
        assert row["basis"] in BASES, row["id"]
        assert all(row[key].strip() == row[key] != "" for key in ("source", "clause", "test_idea")), row["id"]


def test_every_sentence_stands_in_english_and_in_vietnamese() -> None:
    for row in rows():
        for text in filter(None, (row["text"], row.get("excluded"))):
            assert set(text) == {"en", "vi"}, row["id"]
            assert text["en"] != text["vi"], row["id"]
            assert folded(text["en"]) != folded(text["vi"]), row["id"]
            assert all(unicodedata.is_normalized("NFC", sentence) for sentence in text.values()), row["id"]
            assert all(sentence.endswith(".") for sentence in text.values()), row["id"]


def test_vietnamese_is_written_with_its_marks() -> None:
    for row in rows():
        words = row["text"]["vi"].split()
        assert MARKS.search(row["text"]["vi"]), row["id"]
        if len(words) > 8:
            assert sum(bool(MARKS.search(word)) for word in words) * 5 >= len(words), row["id"]


def test_few_rows_are_excluded() -> None:
    excluded = [row["id"] for row in rows() if "excluded" in row]

    assert len(excluded) <= 40


def test_file_names_are_ascii_slugs_and_every_file_holds_rows() -> None:
    for file in FOLDER.glob("*.toml"):
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*\.toml", file.name)
        assert file.name == "edition.toml" or tomllib.loads(file.read_text("utf-8"))["requirement"]


def test_the_edition_is_frozen_under_its_digest() -> None:
    frozen = [row for row in rows() if "since" not in row]

    assert edition()["edition"] == "2026.1"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", edition()["date"])
    assert digest(frozen) == edition()["digest"]


def test_one_changed_letter_changes_the_digest() -> None:
    changed = [dict(row, level="MAY") if row["id"] == "ST-07" else row for row in rows()]

    assert digest(changed) != edition()["digest"]


def test_the_register_says_what_the_table_says_that_it_was_written_from() -> None:
    if not READING.is_file():
        assert digest([row for row in rows() if "since" not in row]) == edition()["digest"]
        return
    table = [line.split("\t") for line in READING.read_text("utf-8").splitlines()[1:]]
    ours = {row["id"]: row for row in rows() if "since" not in row}

    assert sorted(ours) == sorted(line[0] for line in table)
    for id_, source, clause, level, role, basis, sentence, idea in table:
        row = ours[id_]
        assert (row["level"], row["role"], row["basis"]) == (level, role, basis), id_
        assert folded(row["text"]["en"]) == folded(sentence), id_
        assert folded(row["test_idea"]) == folded(idea), id_
        assert places(row["clause"]) == places(clause), id_
        assert set(places(source)) <= set(places(row["source"])), id_
        assert all((doubt in clause) <= (doubt in row["clause"]) for doubt in ("unverified", "not read")), id_
        assert ("repealed" in source) == ("repealed" in row["source"]), id_
