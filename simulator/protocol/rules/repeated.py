"""What may stand once and stands twice: of two, one reader takes the first and another the last (PK-10).

The tables of layout.py say what may stand once, in documents and in statuses, at every depth.
"""

from collections.abc import Iterator

from simulator.protocol import layout, names
from simulator.protocol.codec import Reading
from simulator.protocol.layout import Field, Layout
from simulator.protocol.package import Package, StatusPacket
from simulator.protocol.reading import bare
from simulator.protocol.rules.rule import Basis, Breach, Level, Rule, of_status, rule, shown
from simulator.words import Text

__all__ = ["RULES"]

_Once = dict[str, dict[str, bool]]
"""For each element: its children that may stand once, and whether such a child is text alone."""


def _once(shape: Layout, path: str) -> _Once:
    found: _Once = {path: {}}
    for item in shape.fields:
        if not item.many or item.inside:
            found[path][item.inside or item.wire] = _is_text(item)
        if isinstance(item.form, Layout):
            within = f"{path}/{item.inside}" if item.inside else path
            found |= _once(item.form, f"{within}/{item.wire}")
    return found


def _is_text(item: Field) -> bool:
    return not (isinstance(item.form, Layout) or item.inside)


_FRAME: _Once = {
    "": {names.ENVELOPE: False, names.ATTACHMENTS: False},
    names.ENVELOPE: {names.HEADER: False, names.BODY: False},
    names.HEADER: {names.MESSAGE_HEADER: False, names.TRACE_LIST: False},
} | _once(layout.TRACE_LIST, names.TRACE_LIST)
_ONCE: dict[type, _Once] = {
    StatusPacket: _FRAME | _once(layout.STATUS, names.MESSAGE_HEADER),
    Package: _FRAME
    | _once(layout.MESSAGE, names.MESSAGE_HEADER)
    | {names.BODY: {names.MANIFEST: False, names.MANIFEST_SHORT: False}}
    | _once(layout.REFERENCE, f"{names.MANIFEST}/{names.REFERENCE}")
    | _once(layout.ATTACHMENT, f"{names.ATTACHMENTS}/{names.ATTACHMENT}"),
}
_ONCE[Package][f"{names.ATTACHMENTS}/{names.ATTACHMENT}"][names.CONTENT] = True


@rule(
    "element-repeated",
    "PK-10",
    level=Level.WARN,
    basis=Basis.DERIVED,
    title=Text("What may stand once stands once", "Phần tử chỉ được có một lần thì không lặp lại"),
)
def element_repeated(reading: Reading) -> Iterator[Breach]:
    """The second of two, wherever it stands; equal or not, nothing says which one counts."""
    packet = reading.packet
    for item in packet.unknown if packet else ():
        name = item.element.name
        is_text = _ONCE[type(packet)].get(bare(item.parent), {}).get(name)
        if is_text is None or (isinstance(packet, StatusPacket) and name in (names.BODY, names.ATTACHMENTS)):
            continue
        yield Breach(
            f"{item.parent}/{name}".lstrip("/"),
            Text(
                en=f"{name} holds elements where text is expected",
                vi=f"{name} chứa phần tử con ở chỗ lẽ ra là văn bản",
            )
            if is_text and item.element.children
            else Text(en=f"{name} stands more than once", vi=f"{name} xuất hiện nhiều lần"),
        )


@rule(
    "status-code-twice",
    "ST-02",
    "PK-10",
    level=Level.ERROR,
    basis=Basis.SDK,
    title=Text("A status has one code", "Gói trạng thái chỉ có một mã"),
    good="status-03.edxml",
    unprocessable=Text(en="nobody can tell which of them is meant", vi="không biết trạng thái nào mới đúng"),
)
@of_status
def status_code_twice(packet: StatusPacket, _: Reading) -> Iterator[Breach]:
    """Two codes that differ: one reader takes the document for registered, another for in process."""
    for item in packet.unknown:
        element = item.element
        other = element.text.strip()
        if (item.parent, element.name) == (names.MESSAGE_HEADER, names.STATUS_CODE) and other != packet.code.strip():
            yield Breach(
                f"{names.MESSAGE_HEADER}/{names.STATUS_CODE}",
                Text(
                    en=f"two codes: '{shown(packet.code)}' and '{shown(other)}'",
                    vi=f"hai mã: '{shown(packet.code)}' và '{shown(other)}'",
                ),
            )


RULES: tuple[Rule, ...] = (element_repeated, status_code_twice)
