"""Bytes that are no packet, or one beyond the limits: one rule for each named damage of codec.py.

PK-07: a receiver refuses what is not well-formed, and goes on; the vendor's own sample begins with ``1212``.
"""

from collections.abc import Iterator

from simulator.protocol.codec import Reading
from simulator.protocol.errors import Damage
from simulator.protocol.rules.rule import Basis, Breach, Check, Level, Rule, rule
from simulator.words import Text

__all__ = ["RULES"]

_TITLES: tuple[tuple[Damage, Text], ...] = (
    (Damage.EMPTY, Text("A file holds something", "Tệp phải có nội dung")),
    (Damage.NOT_EDXML, Text("A file is edXML", "Tệp phải là edXML")),
    (Damage.LEADING_BYTES, Text("Nothing stands before the XML", "Không có byte nào đứng trước phần XML")),
    (Damage.DOCTYPE, Text("A packet has no document type declaration", "Gói tin không được có khai báo DOCTYPE")),
    (Damage.NOT_WELL_FORMED, Text("A packet is well-formed XML", "Gói tin phải là XML đúng cú pháp")),
    (Damage.OTHER_ENCODING, Text("A packet is written as it declares", "Gói tin được ghi đúng bảng mã đã khai")),
    (Damage.TOO_LARGE, Text("A packet keeps to the size limit", "Gói tin không vượt giới hạn dung lượng")),
    (Damage.TOO_DEEP, Text("A packet keeps to the depth limit", "Gói tin không lồng phần tử quá sâu")),
    (Damage.TOO_MANY_ELEMENTS, Text("A packet keeps to the element limit", "Gói tin không có quá nhiều phần tử")),
    (
        Damage.TOO_MANY_ATTRIBUTES,
        Text("An element keeps to the attribute limit", "Phần tử không có quá nhiều thuộc tính"),
    ),
    (
        Damage.TOO_MANY_ATTACHMENTS,
        Text("A packet keeps to the attachment limit", "Gói tin không có quá nhiều tệp đính kèm"),
    ),
)
_WHY = Text(en="a careful reader stops here", vi="bộ đọc cẩn thận phải dừng tại đây")


def _finds(damage: Damage) -> Check:
    def check(reading: Reading) -> Iterator[Breach]:
        return (Breach(item.at, item.because) for item in reading.damage if item.damage is damage)

    return check


RULES: tuple[Rule, ...] = tuple(
    rule(damage.value, "PK-07", level=Level.ERROR, basis=Basis.SDK, title=title, unprocessable=_WHY)(_finds(damage))
    for damage, title in _TITLES
)
