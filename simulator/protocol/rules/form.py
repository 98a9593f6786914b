"""The form of the XML: root, namespace, prefixes, encoding, parts (regulation.md 5; wire.md C.1, C.2).

Prefixed or not is equal to XML and to the vendor's parser, but strict .NET readers refuse the unprefixed form
(contract 6: who sends it is warned). A wrong namespace or root is refused by everybody (reply 22).
"""

from collections.abc import Iterator

from simulator.protocol import layout, names
from simulator.protocol.codec import Reading
from simulator.protocol.errors import Damage
from simulator.protocol.layout import Layout
from simulator.protocol.rules.rule import Basis, Breach, Level, Rule, rule, shown
from simulator.words import Text

__all__ = ["RULES"]

_REFUSED = Text(en="no receiver finds the packet in it", vi="không bên nhận nào tìm thấy gói tin trong đó")


def _has_tree(reading: Reading) -> bool:
    """True where the whole document was walked: nothing is said of what was not read."""
    harmless = (Damage.LEADING_BYTES, Damage.OTHER_ENCODING)
    return bool(reading.traits.root) and all(item.damage in harmless for item in reading.damage)


@rule(
    "root-wrong",
    "PK-09",
    level=Level.ERROR,
    basis=Basis.OBSERVED,
    title=Text("The root element is edXML", "Phần tử gốc là edXML"),
    unprocessable=_REFUSED,
)
def root_wrong(reading: Reading) -> Iterator[Breach]:
    """The root must be ``edXML``, in this spelling."""
    root = reading.traits.root
    if root and root != names.ROOT:
        yield Breach(root, Text(en=f"the root is {root}, not edXML", vi=f"phần tử gốc là {root}, không phải edXML"))


def _namespaces(reading: Reading) -> set[str]:
    traits = reading.traits
    return {traits.root_namespace, traits.envelope_namespace or traits.root_namespace} if traits.root else set()


@rule(
    "namespace-go-vn",
    "PK-02",
    level=Level.ERROR,
    basis=Basis.SDK,
    title=Text("The namespace is not that of the go.vn draft", "Namespace không phải của bản thảo go.vn"),
    unprocessable=_REFUSED,
)
def namespace_go_vn(reading: Reading) -> Iterator[Breach]:
    """A second dialect, still written by one relay (wire.md C.1)."""
    for found in _namespaces(reading):
        if found.startswith("http://www.go.vn/"):
            yield Breach(
                names.ROOT,
                Text(
                    en=f"namespace {found}: an older draft of QĐ 28, refused by strict receivers",
                    vi=f"namespace {found}: bản thảo cũ theo QĐ 28, bên nhận chặt chẽ sẽ từ chối",
                ),
            )


@rule(
    "namespace-e-doc-vn",
    "PK-02",
    level=Level.ERROR,
    basis=Basis.SDK,
    title=Text("The namespace is not that of the old eDoc form", "Namespace không phải của dạng eDoc cũ"),
    unprocessable=_REFUSED,
)
def namespace_e_doc_vn(reading: Reading) -> Iterator[Breach]:
    """The eDoc/SOAP namespace of one vendor's older product (wire.md C.1)."""
    for found in _namespaces(reading):
        if "e-doc.vn" in found:
            yield Breach(
                names.ROOT,
                Text(
                    en=f"namespace {found}: an older eDoc form, unknown to the axis's library",
                    vi=f"namespace {found}: dạng eDoc cũ, thư viện của Trục không nhận ra",
                ),
            )


@rule(
    "namespace-other",
    "PK-02",
    level=Level.ERROR,
    basis=Basis.SDK,
    title=Text("The namespace is that of QCVN 102:2016", "Namespace là của QCVN 102:2016"),
    good="other-prefix.edxml",
    unprocessable=_REFUSED,
)
def namespace_other(reading: Reading) -> Iterator[Breach]:
    """Any namespace but the one of names.py, or none at all, on the root."""
    found = reading.traits.root_namespace
    known = found == names.NAMESPACE or found.startswith("http://www.go.vn/") or "e-doc.vn" in found
    if reading.traits.root and not known:
        named = shown(found) or "(none)"
        yield Breach(
            reading.traits.root,
            Text(
                en=f"namespace {named}, not {names.NAMESPACE}",
                vi=f"namespace {named}, không phải {names.NAMESPACE}",
            ),
        )


@rule(
    "envelope-outside-namespace",
    "PK-02",
    level=Level.ERROR,
    basis=Basis.SDK,
    title=Text("The envelope is in the namespace of the root", "edXMLEnvelope cùng namespace với phần tử gốc"),
    good="handmade-new.edxml",
    unprocessable=Text(
        en="the vendor's parser looks for the envelope in this namespace only",
        vi="thư viện của nhà cung cấp chỉ tìm edXMLEnvelope trong namespace này",
    ),
)
def envelope_outside_namespace(reading: Reading) -> Iterator[Breach]:
    """The one place where the vendor's parser matches by namespace (wire.md C.2)."""
    traits = reading.traits
    found = traits.envelope_namespace
    if traits.root_namespace == names.NAMESPACE and found is not None and found != names.NAMESPACE:
        yield Breach(
            names.ENVELOPE,
            Text(
                en=f"edXMLEnvelope is in namespace {shown(found) or '(none)'}",
                vi=f"edXMLEnvelope nằm trong namespace {shown(found) or '(không có)'}",
            ),
        )


@rule(
    "envelope-missing",
    "PK-01",
    level=Level.ERROR,
    basis=Basis.SDK,
    title=Text("A packet has an envelope", "Gói tin có edXMLEnvelope"),
    unprocessable=_REFUSED,
)
def envelope_missing(reading: Reading) -> Iterator[Breach]:
    """No ``edXMLEnvelope`` anywhere."""
    if _has_tree(reading) and reading.traits.envelope_namespace is None:
        yield Breach(names.ROOT, Text(en="there is no edXMLEnvelope", vi="không có edXMLEnvelope"))


@rule(
    "header-missing",
    "PK-01",
    level=Level.ERROR,
    basis=Basis.SDK,
    title=Text("A packet has a MessageHeader", "Gói tin có MessageHeader"),
    unprocessable=_REFUSED,
)
def header_missing(reading: Reading) -> Iterator[Breach]:
    """An envelope, but no ``edXMLHeader/MessageHeader`` in its place."""
    if _has_tree(reading) and reading.traits.envelope_namespace is not None and reading.packet is None:
        yield Breach(
            names.ENVELOPE,
            Text(
                en="there is no MessageHeader in edXMLEnvelope/edXMLHeader",
                vi="không có MessageHeader trong edXMLEnvelope/edXMLHeader",
            ),
        )


def _names_of(shape: Layout) -> set[str]:
    found: set[str] = set()
    for item in shape.fields:
        found |= {item.wire, item.inside}
        if isinstance(item.form, Layout):
            found |= _names_of(item.form)
    return found


_KNOWN = {names.HEADER, names.MESSAGE_HEADER, names.TRACE_LIST, names.BODY, names.MANIFEST, names.ATTACHMENTS} | {
    names.REFERENCE, names.ATTACHMENT, names.CONTENT,
} | _names_of(layout.MESSAGE) | _names_of(layout.STATUS) | _names_of(layout.TRACE_LIST)  # fmt: skip


@rule(
    "element-outside-namespace",
    "PK-02",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("Every known element is in the namespace", "Mọi phần tử đã biết đều thuộc namespace"),
    good="other-prefix.edxml",
)
def element_outside_namespace(reading: Reading) -> Iterator[Breach]:
    """Extension elements may live elsewhere (PK-06); the packet's own may not, or strict readers skip them."""
    if _namespaces(reading) == {names.NAMESPACE}:
        for path, found in reading.traits.foreign_namespaces:
            if path.rsplit("/", 1)[-1] in _KNOWN:
                yield Breach(
                    path,
                    Text(
                        en=f"this element is in namespace {shown(found) or '(none)'}",
                        vi=f"phần tử này nằm trong namespace {shown(found) or '(không có)'}",
                    ),
                )


@rule(
    "prefix-missing",
    "PK-02",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("Elements of the envelope carry a prefix", "Phần tử trong edXMLEnvelope có tiền tố"),
    good="handmade-new.edxml",
)
def prefix_missing(reading: Reading) -> Iterator[Breach]:
    """Equal by XML, refused by strict .NET readers ("(1, 40)", pitfall 21)."""
    found = reading.traits.unprefixed
    if found:
        yield Breach(
            found[0],
            Text(
                en=f"{len(found)} elements of the envelope have no edXML: prefix; strict .NET readers refuse them",
                vi=f"{len(found)} phần tử trong edXMLEnvelope không có tiền tố edXML:; bộ đọc .NET chặt sẽ từ chối",
            ),
        )


@rule(
    "prefix-unbound",
    "PK-02",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("Every prefix is declared", "Mọi tiền tố đều được khai báo"),
    good="handmade-new.edxml",
)
def prefix_unbound(reading: Reading) -> Iterator[Breach]:
    """Readers that know namespaces stop at an undeclared prefix."""
    first = {name.split(":")[0]: name for name in reversed(reading.traits.unbound_prefixes)}
    for prefix, name in sorted(first.items()):
        if prefix != "xlink":
            yield Breach(
                name,
                Text(
                    en=f"the prefix {prefix}: is declared nowhere; most XML readers refuse the packet",
                    vi=f"tiền tố {prefix}: không được khai báo; phần lớn bộ đọc XML sẽ từ chối gói tin",
                ),
            )


@rule(
    "xlink-unbound",
    "PK-02",
    level=Level.INFO,
    basis=Basis.SDK,
    title=Text("The prefix xlink is declared", "Tiền tố xlink được khai báo"),
    good="dotnet-new.edxml",
    reason=Text(
        en="the vendor's own sample has it, and the axis carried it",
        vi="chính gói mẫu của nhà cung cấp cũng như vậy và Trục vẫn chuyển",
    ),
)
def xlink_unbound(reading: Reading) -> Iterator[Breach]:
    """A habit copied from the vendor's hand-made ``edoc.edxml`` (wire.md C.2)."""
    found = [name for name in reading.traits.unbound_prefixes if name.startswith("xlink:")]
    if found:
        yield Breach(
            f"{names.MANIFEST}/{names.REFERENCE}",
            Text(
                en="xlink: is not declared, as in the vendor's own sample; strict XML readers stop here",
                vi="xlink: không được khai báo, giống gói mẫu của nhà cung cấp; bộ đọc XML chặt sẽ dừng ở đây",
            ),
        )


@rule(
    "byte-order-mark",
    "EN-02",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("A packet begins without a byte order mark", "Gói tin không bắt đầu bằng BOM"),
)
def byte_order_mark(reading: Reading) -> Iterator[Breach]:
    """No sample has one; readers that compare the first bytes with ``<?xml`` fail."""
    if reading.traits.bom:
        yield Breach("byte 0", Text(en="the file begins with a byte order mark", vi="tệp bắt đầu bằng BOM (EF BB BF)"))


@rule(
    "encoding-not-utf8",
    "EN-02",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("A packet is UTF-8", "Gói tin dùng mã UTF-8"),
)
def encoding_not_utf8(reading: Reading) -> Iterator[Breach]:
    """getEdoc's client writes the package as UTF-8 whatever it declares (wire.md A.2)."""
    declared = reading.traits.encoding
    if declared and declared.lower() not in ("utf-8", "utf8"):
        yield Breach(
            "byte 0",
            Text(
                en=f"the packet is encoded as {declared}; the SDK treats every package as UTF-8",
                vi=f"gói tin dùng mã {declared}; SDK coi mọi gói tin là UTF-8",
            ),
        )


RULES: tuple[Rule, ...] = (
    root_wrong,
    namespace_go_vn,
    namespace_e_doc_vn,
    namespace_other,
    envelope_outside_namespace,
    envelope_missing,
    header_missing,
    element_outside_namespace,
    prefix_missing,
    prefix_unbound,
    xlink_unbound,
    byte_order_mark,
    encoding_not_utf8,
)
