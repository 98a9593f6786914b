import tomllib
from importlib import resources

import pytest

from conformance.requirement import BadRegister, Basis, Level, parse, register

ROW = """
[[requirement]]
id = "XX-01"
source = "ours"
clause = "1"
level = "MUST"
role = "both"
basis = "law"
text.en = "It is so."
text.vi = "Là như vậy."
"""


def test_the_bundled_register_is_the_frozen_set_of_its_edition() -> None:
    edition = tomllib.loads((resources.files("conformance") / "requirements" / "edition.toml").read_text("utf-8"))

    rows = register()

    assert sum(row.since == rows.edition for row in rows) == edition["rows"] == 155
    assert rows.digest == edition["digest"]
    assert rows["ST-13"].level is Level.SHOULD
    assert rows["ST-13"].basis is Basis.SDK
    assert all(row.text.en and row.text.vi for row in rows)


def test_a_row_can_be_asked_for_by_its_id() -> None:
    rows = parse([("a.toml", ROW)])

    assert "XX-01" in rows
    assert rows["XX-01"].text.vi == "Là như vậy."
    with pytest.raises(KeyError):
        rows["XX-02"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (ROW + ROW, "stands twice"),
        (ROW + 'colour = "red"\n', "colour"),
        (ROW.replace('clause = "1"\n', ""), "clause"),
        (ROW.replace("MUST", "OUGHT"), "OUGHT"),
        (ROW.replace('"law"', '"hearsay"'), "hearsay"),
        (ROW.replace('"both"', '"nobody"'), "nobody"),
        (ROW.replace('text.vi = "Là như vậy."\n', ""), "en and vi"),
        ("[[requirement", "a.toml"),
    ],
)
def test_a_bad_row_is_named_with_its_place(text: str, named: str) -> None:
    with pytest.raises(BadRegister, match=r"a\.toml") as caught:
        parse([("a.toml", text)])

    assert named in str(caught.value)


def test_a_later_row_does_not_change_the_digest_of_the_set() -> None:
    first = parse([("a.toml", ROW)])
    later = ROW.replace("XX-01", "XX-02") + 'since = "2027.1"\n'

    both = parse([("a.toml", ROW + later)])

    assert both.digest == first.digest
    assert len(both) == 2
