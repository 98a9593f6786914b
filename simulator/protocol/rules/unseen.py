"""What nobody sees and every comparison does: white space in codes, invisible letters, marks of direction."""

import unicodedata
from collections.abc import Iterator

from simulator.protocol import layout, names
from simulator.protocol.codec import Reading
from simulator.protocol.layout import Form, Layout
from simulator.protocol.rules.rule import Basis, Breach, Level, Rule, rule
from simulator.words import Text

__all__ = ["RULES"]

_XML_BLANK = " \t\r\n"
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks of direction: no Vietnamese text needs one, and each can show a text in another order than it is stored."""
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters by their class, and nothing to see."""


def _form_of(shape: Layout) -> Iterator[tuple[str, Form]]:
    for item in shape.fields:
        if isinstance(item.form, Layout):
            yield from _form_of(item.form)
        else:
            yield item.wire, item.form


_SHAPES = (layout.MESSAGE, layout.STATUS, layout.TRACE_LIST)
_CODES = frozenset({"OrganId", "CodeNumber", "DocumentId", "Code", "TaskCode", "ContentId", names.STATUS_CODE})
_EXACT = _CODES | {"CodeNotation"} | {name for shape in _SHAPES for name, form in _form_of(shape) if form != Form.TEXT}
"""Elements that are compared or counted, never read as prose. A plain blank inside a notation, a date or a number is
the matter of other rules."""


def _is_invisible(letter: str) -> bool:
    return letter in _FILLERS or (unicodedata.category(letter) == "Cf" and letter not in _TURNING)


def _is_unseen(letter: str) -> bool:
    return letter.isspace() or letter in _TURNING or _is_invisible(letter)


def _named(letters: set[str]) -> str:
    return ", ".join(f"U+{ord(letter):04X}" for letter in sorted(letters))


@rule(
    "code-with-white-space",
    "EN-05",
    level=Level.WARN,
    basis=Basis.DERIVED,
    title=Text("No white space in or round a code", "Không có khoảng trắng trong hay quanh mã"),
)
def code_with_white_space(reading: Reading) -> Iterator[Breach]:
    """Blanks, U+00A0 and their kin, invisible letters: who compares texts finds no unit and no document."""
    for leaf in reading.leaves:
        name = leaf.path.rsplit("/", 1)[-1].split("[")[0]
        if name not in _EXACT:
            continue
        inner = leaf.text.strip(_XML_BLANK)
        allowed = "" if name in _CODES else _XML_BLANK
        inside = {letter for letter in inner if _is_unseen(letter) and letter not in allowed}
        if inside:
            named = _named(inside)
            yield Breach(leaf.path, Text(en=f"{name} holds {named}", vi=f"{name} chứa {named}"))
        elif inner and inner != leaf.text:
            yield Breach(
                leaf.path,
                Text(en=f"blanks or line ends stand round {name}", vi=f"có khoảng trắng hoặc xuống dòng quanh {name}"),
            )


@rule(
    "hidden-characters",
    "EN-06",
    "EN-04",
    level=Level.WARN,
    basis=Basis.DERIVED,
    title=Text("No text holds characters that cannot be seen", "Văn bản không chứa ký tự ẩn"),
)
def hidden_characters(reading: Reading) -> Iterator[Breach]:
    """Zero-width spaces, seen in 185 organ names of one table (pitfall 35): searches miss them."""
    for leaf in reading.leaves:
        if leaf.text.isascii():
            continue
        if found := {letter for letter in leaf.text if _is_invisible(letter)}:
            named = _named(found)
            yield Breach(leaf.path, Text(en=f"hidden characters: {named}", vi=f"có ký tự ẩn: {named}"))


@rule(
    "direction-marks",
    "EN-06",
    level=Level.WARN,
    basis=Basis.DERIVED,
    title=Text("No text turns the direction of its letters", "Văn bản không chứa ký tự đổi hướng chữ"),
)
def direction_marks(reading: Reading) -> Iterator[Breach]:
    """U+202E and its kin: people read another subject, another number, another file name than the one stored."""
    for leaf in reading.leaves:
        if leaf.text.isascii():
            continue
        if found := {letter for letter in leaf.text if letter in _TURNING}:
            named = _named(found)
            yield Breach(
                leaf.path,
                Text(
                    en=f"{named}: what is shown is not what is stored",
                    vi=f"{named}: nội dung hiển thị khác nội dung được lưu",
                ),
            )


RULES: tuple[Rule, ...] = (code_with_white_space, hidden_characters, direction_marks)
