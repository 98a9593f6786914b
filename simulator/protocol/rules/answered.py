"""The document that is answered, recalled or reported on: do its members speak of one document? (DI-09)

DocumentId is opaque text: it is compared only where its grammar is known, and only ever warned about.
"""

from collections.abc import Iterator

from simulator.protocol import names
from simulator.protocol.business import BusinessType
from simulator.protocol.codec import Reading, date_text
from simulator.protocol.identifiers import parse_document_id
from simulator.protocol.package import Package, ResponseFor, StatusPacket
from simulator.protocol.rules.rule import Basis, Breach, Level, Rule, of_package, rule, shown
from simulator.words import Text

__all__ = ["RULES"]


def _answered(reading: Reading) -> Iterator[tuple[str, ResponseFor]]:
    packet = reading.packet
    items: tuple[ResponseFor, ...] = ()
    if isinstance(packet, Package):
        items = packet.response_for
    elif isinstance(packet, StatusPacket) and packet.response_for:
        items = (packet.response_for,)
    for number, item in enumerate(items, 1):
        yield f"MessageHeader/ResponseFor[{number}]", item


def _one_document(said: str, code: str) -> bool:
    """Whether both can be number and notation of one document; where either is a number alone, the numbers."""
    one, other = (each.strip().lstrip("0").casefold() for each in (said, code))
    return one == other if "/" in one and "/" in other else one.split("/")[0] == other.split("/")[0]


@rule(
    "response-for-other-code",
    "DI-09",
    "DI-01",
    level=Level.WARN,
    basis=Basis.DERIVED,
    title=Text("ResponseFor/DocumentId and its Code agree", "DocumentId và Code trong ResponseFor khớp nhau"),
    good="reply.edxml",
    reason=Text(
        en="DocumentId is opaque text, four grammars are in use (contract, section 6)",
        vi="DocumentId là văn bản tùy ý, đang có bốn cách viết (hợp đồng, mục 6)",
    ),
)
def response_for_other_code(reading: Reading) -> Iterator[Breach]:
    """Whole number and notation, or the number alone where DocumentId has no more."""
    for at, item in _answered(reading):
        said = parse_document_id(item.document_id).code
        if said and item.code and not _one_document(said, item.code):
            yield Breach(
                f"{at}/DocumentId",
                Text(
                    en=f"it says {shown(said)}, Code says {shown(item.code)}",
                    vi=f"trong DocumentId là {shown(said)}, trong Code là {shown(item.code)}",
                ),
            )


@rule(
    "response-for-other-date",
    "DI-09",
    "DI-01",
    level=Level.WARN,
    basis=Basis.DERIVED,
    title=Text("ResponseFor/DocumentId and its date agree", "DocumentId và ngày trong ResponseFor khớp nhau"),
    good="reply.edxml",
    reason=Text(
        en="DocumentId is opaque text, four grammars are in use (contract, section 6)",
        vi="DocumentId là văn bản tùy ý, đang có bốn cách viết (hợp đồng, mục 6)",
    ),
)
def response_for_other_date(reading: Reading) -> Iterator[Breach]:
    """The day, or where only a year is there the year."""
    for at, item in _answered(reading):
        parsed, issued = parse_document_id(item.document_id), item.promulgation_date
        if issued is None or parsed.year is None:
            continue
        if parsed.issued not in (None, issued) or parsed.year != issued.year:
            said = date_text(parsed.issued) if parsed.issued else str(parsed.year)
            yield Breach(
                f"{at}/DocumentId",
                Text(
                    en=f"it says {said}, PromulgationDate says {date_text(issued)}",
                    vi=f"trong DocumentId là {said}, PromulgationDate là {date_text(issued)}",
                ),
            )


@rule(
    "business-names-two-documents",
    "DI-09",
    "BZ-03",
    level=Level.WARN,
    basis=Basis.DERIVED,
    title=Text("A recall means one document", "Gói thu hồi chỉ nhắm tới một văn bản"),
    good="recall.edxml",
)
@of_package
def business_names_two_documents(package: Package, _: Reading) -> Iterator[Breach]:
    """Bussiness names a document that is in no ResponseFor: one reader undoes the one, another the other.

    Not compared: the header of a recall, which may bear an identifier of its own (contract, section 6), and updates,
    whose ResponseFor may name what the letter answers.
    """
    if package.business_type != BusinessType.RECALL:
        return
    at = f"{names.TRACE_LIST}/{names.BUSINESS}/DocumentId"
    meant = package.business.document_id if package.business else ""
    answered = [item.document_id for item in package.response_for if item.document_id]
    if meant and answered and meant not in answered:
        yield Breach(
            at,
            Text(
                en=f"it says {shown(meant)}, ResponseFor says {shown(answered[0])}",
                vi=f"ở đây là {shown(meant)}, trong ResponseFor là {shown(answered[0])}",
            ),
        )


RULES: tuple[Rule, ...] = (response_for_other_code, response_for_other_date, business_names_two_documents)
