"""The rest of MessageHeader: subject, type, signer, priority, steering, amounts, ResponseFor (regulation.md 5)."""

import re
from collections.abc import Iterator

from simulator.protocol.codec import Reading
from simulator.protocol.package import Package
from simulator.protocol.rules.rule import Basis, Breach, Level, Rule, filled, of_package, rule, shown
from simulator.words import Text

__all__ = ["RULES"]

_ACADEMIC = re.compile(
    r"(?:(?:GS|PGS|TS|ThS|CN|KS|BS|TSKH|CKI|CKII|Giáo sư|Phó Giáo sư|Tiến sĩ|Thạc sĩ)[.\s]\s*)+", re.I
)
_WHOLE = re.compile(r"-?[0-9]{1,9}\Z")


@rule(
    "subject-missing",
    "HD-17",
    level=Level.WARN,
    basis=Basis.OBSERVED,
    title=Text("A document has a subject", "Văn bản có trích yếu"),
)
@of_package
def subject_missing(package: Package, _: Reading) -> Iterator[Breach]:
    """Products refuse it when empty."""
    if not package.subject:
        yield Breach("MessageHeader/Subject", Text(en="Subject is missing or empty", vi="thiếu trích yếu (Subject)"))


@rule(
    "type-missing",
    "HD-14",
    level=Level.WARN,
    basis=Basis.OBSERVED,
    title=Text("DocumentType says a type", "DocumentType nêu loại văn bản"),
)
@of_package
def type_missing(package: Package, reading: Reading) -> Iterator[Breach]:
    """The numbers are no stable vocabulary, so neither number nor name is the breach."""
    kind = package.document_type
    if kind is None or (not reading.text("MessageHeader/DocumentType/Type") and not kind.name):
        yield Breach(
            "MessageHeader/DocumentType",
            Text(en="neither Type nor TypeName is given", vi="không có Type và cũng không có TypeName"),
        )


@rule(
    "type-not-a-number",
    "HD-14",
    level=Level.WARN,
    basis=Basis.OBSERVED,
    title=Text("DocumentType/Type is a number", "DocumentType/Type là số"),
)
@of_package
def type_not_a_number(_: Package, reading: Reading) -> Iterator[Breach]:
    """1, 2, 18, 71 were all seen, a word was not."""
    for leaf, text in filled(reading, "MessageHeader/DocumentType/Type", "MessageHeader/DocumentType/TypeDetail"):
        if not _WHOLE.match(text):
            yield Breach(leaf.path, Text(en=f"'{shown(text)}' is no number", vi=f"'{shown(text)}' không phải số"))


@rule(
    "signer-name-missing",
    "HD-36",
    "HD-21",
    level=Level.ERROR,
    basis=Basis.LAW,
    title=Text("The signer is named", "Có họ tên người ký"),
)
@of_package
def signer_name_missing(package: Package, _: Reading) -> Iterator[Breach]:
    """QĐ 28/2018 art. 10.2 lists the signer among what is shown of every document; HD-21 says how long the name is."""
    if package.signer is None or not package.signer.full_name:
        yield Breach(
            "MessageHeader/SignerInfo/FullName",
            Text(en="the signer's full name is missing", vi="thiếu họ tên người ký"),
        )


@rule(
    "signer-position-missing",
    "HD-40",
    level=Level.WARN,
    basis=Basis.OBSERVED,
    title=Text("The signer's position is named", "Có chức vụ người ký"),
)
@of_package
def signer_position_missing(package: Package, _: Reading) -> Iterator[Breach]:
    """The decree asks for it on the printed document (Appendix I part I.II.7), no act in the packet."""
    if package.signer is None or not package.signer.position:
        yield Breach(
            "MessageHeader/SignerInfo/Position",
            Text(en="the signer's position is missing", vi="thiếu chức vụ người ký"),
        )


@rule(
    "signer-with-academic-title",
    "HD-21",
    level=Level.WARN,
    basis=Basis.LAW,
    title=Text("No academic title stands before the signer's name", "Không ghi học hàm, học vị trước họ tên người ký"),
    reason=Text(
        en="schools, hospitals, institutes and the armed forces have rules of their own",
        vi="đơn vị giáo dục, y tế, khoa học và lực lượng vũ trang có quy định riêng",
    ),
)
@of_package
def signer_with_academic_title(package: Package, _: Reading) -> Iterator[Breach]:
    """Decree 30/2020 Appendix I part I.II.7."""
    name = package.signer.full_name if package.signer else ""
    if found := _ACADEMIC.match(name):
        yield Breach(
            "MessageHeader/SignerInfo/FullName",
            Text(
                en=f"'{found[0].strip()}' stands before the name",
                vi=f"'{found[0].strip()}' đứng trước họ tên",
            ),
        )


@rule(
    "priority-missing",
    "HD-24",
    level=Level.WARN,
    basis=Basis.OBSERVED,
    title=Text("A document says how urgent it is", "Văn bản nêu độ khẩn"),
    good="many-receivers.edxml",
)
@of_package
def priority_missing(_: Package, reading: Reading) -> Iterator[Breach]:
    """0 is an answer, nothing is none."""
    if not (reading.text("MessageHeader/OtherInfo/Priority") or "").strip():
        yield Breach("MessageHeader/OtherInfo/Priority", Text(en="Priority is missing", vi="thiếu Priority"))


@rule(
    "priority-unknown",
    "HD-24",
    "UR-03",
    level=Level.WARN,
    basis=Basis.OBSERVED,
    title=Text("Priority is a number from 0 to 4", "Priority là số từ 0 đến 4"),
    good="many-receivers.edxml",
    reason=Text(
        en="Appendix VI puts urgency and secrecy into one field, other sources do not (regulation, section 12)",
        vi="Phụ lục VI gộp độ khẩn và độ mật, nguồn khác thì không (mục 12 của bản tổng hợp)",
    ),
)
@of_package
def priority_unknown(_: Package, reading: Reading) -> Iterator[Breach]:
    """0 thường, 1 khẩn, 2 thượng khẩn, 3 hỏa tốc, 4 of old; 5 = thường in one hub's local table only."""
    for leaf, text in filled(reading, "MessageHeader/OtherInfo/Priority"):
        if text not in ("0", "1", "2", "3", "4"):
            yield Breach(
                leaf.path, Text(en=f"'{shown(text)}' is no urgency level", vi=f"'{shown(text)}' không phải mức độ khẩn")
            )


@rule(
    "priority-legacy",
    "UR-03",
    "HD-24",
    level=Level.WARN,
    basis=Basis.LAW,
    title=Text("Priority 4 is no longer in use", "Priority 4 không còn dùng"),
    good="many-receivers.edxml",
    reason=Text(
        en="HD-24 counts it as a legacy level that is still accepted",
        vi="HD-24 coi đây là mức cũ, vẫn được chấp nhận",
    ),
)
@of_package
def priority_legacy(package: Package, _: Reading) -> Iterator[Breach]:
    """'Hỏa tốc hẹn giờ' went with Decree 30/2020; it is read as hỏa tốc."""
    if package.other and package.other.priority == 4:
        yield Breach(
            "MessageHeader/OtherInfo/Priority",
            Text(
                en="4 (hỏa tốc hẹn giờ) is a legacy level, read as 3 (hỏa tốc)",
                vi="4 (hỏa tốc hẹn giờ) là mức cũ, được đọc như 3 (hỏa tốc)",
            ),
        )


@rule(
    "steering-not-a-number",
    "HD-31",
    level=Level.ERROR,
    basis=Basis.OBSERVED,
    title=Text("SteeringType is a number", "SteeringType là số"),
    unprocessable=Text(
        en="the vendor's parser gives up on the whole packet",
        vi="thư viện của nhà cung cấp bỏ cả gói tin",
    ),
)
@of_package
def steering_not_a_number(_: Package, reading: Reading) -> Iterator[Breach]:
    """A NumberFormatException there aborts the parse (wire.md C.2)."""
    for leaf, text in filled(reading, "MessageHeader/SteeringType"):
        if not _WHOLE.match(text):
            yield Breach(leaf.path, Text(en=f"'{shown(text)}' is no number", vi=f"'{shown(text)}' không phải số"))


@rule(
    "steering-unknown",
    "HD-31",
    level=Level.WARN,
    basis=Basis.OBSERVED,
    title=Text("SteeringType is 0, 1 or 2", "SteeringType là 0, 1 hoặc 2"),
)
@of_package
def steering_unknown(package: Package, _: Reading) -> Iterator[Breach]:
    """0 none, 1 steering, 2 report on steering; one converter counts from 1."""
    if package.steering_type is not None and package.steering_type not in (0, 1, 2):
        yield Breach(
            "MessageHeader/SteeringType",
            Text(
                en=f"{package.steering_type} is unknown (one converter counts 1, 2, 3)",
                vi=f"{package.steering_type} không rõ nghĩa (có bộ chuyển đổi đánh số 1, 2, 3)",
            ),
        )


def _amount_breaches(reading: Reading, path: str) -> Iterator[Breach]:
    for leaf, text in filled(reading, path):
        if not _WHOLE.match(text) or not 0 <= int(text) <= 999:
            yield Breach(
                leaf.path,
                Text(
                    en=f"'{shown(text)}' is no number from 0 to 999", vi=f"'{shown(text)}' không phải số từ 0 đến 999"
                ),
            )


@rule(
    "copies-not-a-number",
    "HD-25",
    level=Level.WARN,
    basis=Basis.OBSERVED,
    title=Text("PromulgationAmount is a number of copies", "PromulgationAmount là số bản phát hành"),
)
@of_package
def copies_not_a_number(_: Package, reading: Reading) -> Iterator[Breach]:
    """Non-negative; three digits in Appendix VI."""
    yield from _amount_breaches(reading, "MessageHeader/OtherInfo/PromulgationAmount")


@rule(
    "pages-not-a-number",
    "HD-28",
    level=Level.WARN,
    basis=Basis.OBSERVED,
    title=Text("PageAmount is a number of pages", "PageAmount là số trang"),
)
@of_package
def pages_not_a_number(_: Package, reading: Reading) -> Iterator[Breach]:
    """Non-negative; three digits in Appendix VI."""
    yield from _amount_breaches(reading, "MessageHeader/OtherInfo/PageAmount")


@rule(
    "response-for-incomplete",
    "HD-30",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("ResponseFor names organ, code and document", "ResponseFor nêu đủ đơn vị, số ký hiệu và văn bản"),
    good="reply.edxml",
)
@of_package
def response_for_incomplete(package: Package, _: Reading) -> Iterator[Breach]:
    """OrganId, Code and DocumentId are required where it is there."""
    for number, item in enumerate(package.response_for, 1):
        members = (("OrganId", item.organ_id), ("Code", item.code), ("DocumentId", item.document_id))
        missing = [name for name, value in members if not value]
        if 0 < len(missing) < len(members) or (len(missing) == len(members) and item.promulgation_date):
            yield Breach(
                f"MessageHeader/ResponseFor[{number}]",
                Text(en=f"missing: {', '.join(missing)}", vi=f"thiếu: {', '.join(missing)}"),
            )


@rule(
    "response-for-empty",
    "HD-30",
    level=Level.INFO,
    basis=Basis.SDK,
    title=Text("ResponseFor holds something", "ResponseFor có nội dung"),
    good="reply.edxml",
    reason=Text(
        en="the vendor's library keeps an empty one (wire.md C.6)",
        vi="thư viện của nhà cung cấp giữ lại phần tử rỗng",
    ),
)
@of_package
def response_for_empty(package: Package, _: Reading) -> Iterator[Breach]:
    """``<edXML:ResponseFor />`` after a rebuild by the axis."""
    for number, item in enumerate(package.response_for, 1):
        if not (item.organ_id or item.code or item.document_id or item.promulgation_date):
            yield Breach(
                f"MessageHeader/ResponseFor[{number}]",
                Text(
                    en="empty, as the vendor's library and the axis leave it",
                    vi="rỗng, như thư viện của nhà cung cấp và Trục thường để lại",
                ),
            )


RULES: tuple[Rule, ...] = (
    subject_missing,
    type_missing,
    type_not_a_number,
    signer_name_missing,
    signer_position_missing,
    signer_with_academic_title,
    priority_missing,
    priority_unknown,
    priority_legacy,
    steering_not_a_number,
    steering_unknown,
    copies_not_a_number,
    pages_not_a_number,
    response_for_incomplete,
    response_for_empty,
)
