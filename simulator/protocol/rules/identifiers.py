"""Unit codes and DocumentId against their grammars (regulation.md 4; contract 6: the wire never refuses by pattern)."""

from collections.abc import Iterator

from simulator.protocol.codec import Leaf, Reading, date_text
from simulator.protocol.identifiers import DocumentIdForm, OrganIdForm, organ_form, parse_document_id
from simulator.protocol.package import Package
from simulator.protocol.rules.parties import same_unit
from simulator.protocol.rules.rule import Basis, Breach, Level, Rule, bare, of_package, rule, shown
from simulator.words import Text

__all__ = ["NO_VALUE", "RULES"]

NO_VALUE = frozenset({"null", "(null)", "none", "nil", "undefined", "nan", "n/a", "na"})
"""Words that programs write where they have nothing, in lower case."""
_LONGEST = 35
_REMOVED = frozenset(f"G{number:02}" for number in (4, 5, 7, 13, 23, 24, 25, 26, 34, 37))
_OPAQUE = Text(
    en="real codes are dirty and the directory decides (contract, section 6)",
    vi="mã thực tế không đồng nhất, danh bạ mới quyết định (hợp đồng, mục 6)",
)
_COMPARED = Text(
    en="DocumentId is opaque text, four grammars are in use (contract, section 6)",
    vi="DocumentId là văn bản tùy ý, đang có bốn cách viết (hợp đồng, mục 6)",
)


def _organs(reading: Reading) -> Iterator[tuple[Leaf, str]]:
    for leaf in reading.leaves:
        if bare(leaf.path).endswith("/OrganId") and (text := leaf.text.strip()):
            yield leaf, text


@rule(
    "organ-null",
    "ID-01",
    level=Level.ERROR,
    basis=Basis.LAW,
    title=Text("An OrganId is a code, not the word null", "OrganId là mã, không phải chữ null"),
    unprocessable=Text(en="no unit is meant by it", vi="không chỉ ra đơn vị nào"),
)
def organ_null(reading: Reading) -> Iterator[Breach]:
    """A variable without a value, printed (pitfall 28). Trace headers have a rule of their own."""
    for leaf, text in _organs(reading):
        if text.lower() in NO_VALUE and not leaf.path.startswith("TraceHeaderList/TraceHeader"):
            yield Breach(leaf.path, Text(en=f"OrganId is '{text}'", vi=f"OrganId là '{text}'"))


@rule(
    "organ-too-long",
    "ID-06",
    "HD-01",
    level=Level.ERROR,
    basis=Basis.LAW_SECONDARY,
    title=Text("An OrganId has at most 35 characters", "OrganId dài tối đa 35 ký tự"),
    good="many-receivers.edxml",
)
def organ_too_long(reading: Reading) -> Iterator[Breach]:
    """35 since Amendment 1:2022; it was 13 (QĐ 28/2018 art. 10.2a)."""
    for leaf, text in _organs(reading):
        if len(text) > _LONGEST:
            yield Breach(
                leaf.path,
                Text(en=f"{len(text)} characters, at most 35", vi=f"{len(text)} ký tự, tối đa 35"),
            )


@rule(
    "organ-of-no-grammar",
    "ID-05",
    "ID-02",
    level=Level.WARN,
    basis=Basis.LAW_SECONDARY,
    title=Text("An OrganId has one of the two grammars", "OrganId theo một trong hai dạng mã"),
    good="many-receivers.edxml",
    reason=_OPAQUE,
)
def organ_of_no_grammar(reading: Reading) -> Iterator[Breach]:
    """13 characters of QCVN 102, or up to 35 of A-Z, 0-9 and dots of QĐ 20/2020."""
    for leaf, text in _organs(reading):
        is_code = len(text) <= _LONGEST and text.lower() not in NO_VALUE
        if is_code and organ_form(text) is OrganIdForm.NEITHER:
            yield Breach(
                leaf.path,
                Text(
                    en=f"'{shown(text)}' is neither an old code (000.00.00.H41) nor a new one (H41, H53.13)",
                    vi=f"'{shown(text)}' không phải mã cũ (000.00.00.H41) cũng không phải mã mới (H41, H53.13)",
                ),
            )


@rule(
    "organ-code-removed",
    "ID-15",
    level=Level.WARN,
    basis=Basis.LAW_SECONDARY,
    title=Text("An OrganId is not one that was removed in 2025", "OrganId không phải mã đã bị bãi bỏ năm 2025"),
    good="many-receivers.edxml",
)
def organ_code_removed(reading: Reading) -> Iterator[Breach]:
    """Codes of merged ministries, taken out by QĐ 09/2025/QĐ-TTg."""
    for leaf, text in _organs(reading):
        form = organ_form(text)
        groups = text.split(".")
        top = {OrganIdForm.QCVN102: groups[-1], OrganIdForm.QD20: groups[0]}.get(form, "")
        if top in _REMOVED:
            yield Breach(
                leaf.path,
                Text(
                    en=f"{top} was removed by QĐ 09/2025 after the mergers of ministries",
                    vi=f"mã {top} đã bị bãi bỏ theo QĐ 09/2025 sau khi hợp nhất các bộ",
                ),
            )


@rule(
    "document-id-missing",
    "HD-32",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("A package has a DocumentId", "Gói tin có DocumentId"),
)
@of_package
def document_id_missing(package: Package, _: Reading) -> Iterator[Breach]:
    """Statuses name the document by it."""
    if not package.document_id:
        yield Breach("MessageHeader/DocumentId", Text(en="there is no DocumentId", vi="không có DocumentId"))


@rule(
    "document-id-uuid",
    "HD-32",
    "DI-02",
    level=Level.INFO,
    basis=Basis.SDK,
    title=Text("DocumentId names the document, not just a UUID", "DocumentId nêu văn bản, không chỉ là UUID"),
    reason=Text(en="the vendor's builder writes it", vi="do thư viện của nhà cung cấp tự sinh"),
)
@of_package
def document_id_uuid(package: Package, _: Reading) -> Iterator[Breach]:
    """The builder's default where the caller sets none (wire.md C.1)."""
    if parse_document_id(package.document_id).form is DocumentIdForm.UUID:
        yield Breach(
            "MessageHeader/DocumentId",
            Text(
                en="a random UUID, as the vendor's builder makes where none is given",
                vi="UUID ngẫu nhiên, như thư viện của nhà cung cấp tự sinh khi không đặt",
            ),
        )


@rule(
    "document-id-of-no-grammar",
    "DI-02",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("DocumentId has a known grammar", "DocumentId theo một dạng đã biết"),
)
@of_package
def document_id_of_no_grammar(package: Package, _: Reading) -> Iterator[Breach]:
    """``organ,yyyy/MM/dd,number/notation`` in the samples; ``organ,year,number`` in the decree."""
    text = package.document_id
    if text and parse_document_id(text).form is DocumentIdForm.OTHER:
        yield Breach(
            "MessageHeader/DocumentId",
            Text(
                en=f"'{shown(text)}' is not 'OrganId,yyyy/MM/dd,number/notation' nor any other form in use",
                vi=f"'{shown(text)}' không theo dạng 'OrganId,yyyy/MM/dd,số/ký hiệu' hay dạng nào đang dùng",
            ),
        )


@rule(
    "document-id-other-code",
    "DI-01",
    level=Level.WARN,
    basis=Basis.LAW,
    title=Text("DocumentId and Code agree", "DocumentId khớp với Code"),
    reason=_COMPARED,
)
@of_package
def document_id_other_code(package: Package, _: Reading) -> Iterator[Breach]:
    """The number, and where it is there the notation, inside DocumentId."""
    parsed = parse_document_id(package.document_id)
    if parsed.code and package.code and package.code.number:
        whole = package.code.text
        if parsed.code.lstrip("0") not in (whole.lstrip("0"), package.code.number.lstrip("0")):
            yield Breach(
                "MessageHeader/DocumentId",
                Text(
                    en=f"it says {shown(parsed.code)}, Code says {shown(whole)}",
                    vi=f"trong DocumentId là {shown(parsed.code)}, trong Code là {shown(whole)}",
                ),
            )


@rule(
    "document-id-other-date",
    "DI-01",
    level=Level.WARN,
    basis=Basis.LAW,
    title=Text("DocumentId and PromulgationDate agree", "DocumentId khớp với PromulgationDate"),
    reason=_COMPARED,
)
@of_package
def document_id_other_date(package: Package, _: Reading) -> Iterator[Breach]:
    """The day, or where only a year is there the year."""
    parsed = parse_document_id(package.document_id)
    issued = package.promulgation.issued if package.promulgation else None
    if issued is None or parsed.year is None:
        return
    if parsed.issued not in (None, issued) or parsed.year != issued.year:
        said = date_text(parsed.issued) if parsed.issued else str(parsed.year)
        yield Breach(
            "MessageHeader/DocumentId",
            Text(
                en=f"it says {said}, PromulgationDate says {date_text(issued)}",
                vi=f"trong DocumentId là {said}, PromulgationDate là {date_text(issued)}",
            ),
        )


@rule(
    "document-id-other-organ",
    "DI-01",
    level=Level.WARN,
    basis=Basis.LAW,
    title=Text("DocumentId and From agree", "DocumentId khớp với From"),
    reason=_COMPARED,
)
@of_package
def document_id_other_organ(package: Package, _: Reading) -> Iterator[Breach]:
    """May be right where one unit sends for another; a person decides."""
    organ = parse_document_id(package.document_id).organ
    own = package.sender.organ_id if package.sender else ""
    if organ and own and not same_unit(organ, own):
        yield Breach(
            "MessageHeader/DocumentId",
            Text(en=f"it says {organ}, From says {own}", vi=f"trong DocumentId là {organ}, From là {own}"),
        )


@rule(
    "document-id-impossible-date",
    "HD-13",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("A date inside a DocumentId exists", "Ngày trong DocumentId có thật"),
    good="update.edxml",
)
def document_id_impossible_date(reading: Reading) -> Iterator[Breach]:
    """2014/02/30 stands in Bussiness/DocumentId of the vendor's own sample: a warning, for the text still matches."""
    for leaf in reading.leaves:
        if leaf.path.endswith("/DocumentId"):
            parsed = parse_document_id(leaf.text.strip())
            if parsed.issued_text and parsed.issued is None:
                yield Breach(
                    leaf.path,
                    Text(
                        en=f"{parsed.issued_text} is no day of the calendar",
                        vi=f"{parsed.issued_text} không có trong lịch",
                    ),
                )


RULES: tuple[Rule, ...] = (
    organ_null,
    organ_too_long,
    organ_of_no_grammar,
    organ_code_removed,
    document_id_missing,
    document_id_uuid,
    document_id_of_no_grammar,
    document_id_other_code,
    document_id_other_date,
    document_id_other_organ,
    document_id_impossible_date,
)
