"""Status packets: who, about which document, which code, why, when (ST-01 … ST-03, ST-14; wire.md C.5)."""

import re
from collections.abc import Iterator

from simulator.protocol import names
from simulator.protocol.codec import Reading
from simulator.protocol.package import Package, StatusPacket
from simulator.protocol.rules.dates import Written, timestamp_written
from simulator.protocol.rules.parties import same_unit
from simulator.protocol.rules.rule import Basis, Breach, Level, Rule, filled, of_status, rule, shown
from simulator.protocol.status import known
from simulator.words import Text

__all__ = ["RULES"]

_GOOD = "status-03.edxml"
_TIME_AT = "MessageHeader/Timestamp"


@rule(
    "status-sender-missing",
    "ST-02",
    level=Level.ERROR,
    basis=Basis.SDK,
    title=Text("A status says who reports", "Gói trạng thái nêu đơn vị báo"),
    good=_GOOD,
    unprocessable=Text(en="nobody knows whose status it is", vi="không biết trạng thái của đơn vị nào"),
)
@of_status
def status_sender_missing(packet: StatusPacket, _: Reading) -> Iterator[Breach]:
    """From/OrganId: the receiver of the document, for 13 its sender."""
    if packet.sender is None or not packet.sender.organ_id:
        yield Breach("MessageHeader/From/OrganId", Text(en="From has no OrganId", vi="From không có OrganId"))


@rule(
    "status-addressee-missing",
    "ST-02",
    level=Level.ERROR,
    basis=Basis.SDK,
    title=Text("A status says to whom", "Gói trạng thái nêu đơn vị nhận"),
    good=_GOOD,
    unprocessable=Text(en="it can be delivered to nobody", vi="không thể chuyển cho ai"),
)
@of_status
def status_addressee_missing(packet: StatusPacket, _: Reading) -> Iterator[Breach]:
    """There is no To: ResponseFor/OrganId is the addressee."""
    if packet.response_for is None or not packet.response_for.organ_id:
        yield Breach(
            "MessageHeader/ResponseFor[1]/OrganId",
            Text(en="ResponseFor has no OrganId", vi="ResponseFor không có OrganId"),
        )


@rule(
    "status-document-missing",
    "ST-02",
    level=Level.ERROR,
    basis=Basis.SDK,
    title=Text("A status says which document", "Gói trạng thái nêu văn bản"),
    good=_GOOD,
    unprocessable=Text(en="no document is meant by it", vi="không chỉ ra văn bản nào"),
)
@of_status
def status_document_missing(packet: StatusPacket, _: Reading) -> Iterator[Breach]:
    """ResponseFor/DocumentId, unchanged from the document."""
    if packet.response_for is None or not packet.response_for.document_id:
        yield Breach(
            "MessageHeader/ResponseFor[1]/DocumentId",
            Text(en="ResponseFor has no DocumentId", vi="ResponseFor không có DocumentId"),
        )


@rule(
    "status-number-missing",
    "ST-02",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("A status repeats number and notation", "Gói trạng thái nêu số, ký hiệu"),
    good=_GOOD,
)
@of_status
def status_number_missing(packet: StatusPacket, _: Reading) -> Iterator[Breach]:
    """ResponseFor/Code; DocumentId alone still tells which document."""
    if packet.response_for and not packet.response_for.code:
        yield Breach(
            "MessageHeader/ResponseFor[1]/Code", Text(en="ResponseFor has no Code", vi="ResponseFor không có Code")
        )


@rule(
    "status-code-missing",
    "ST-02",
    level=Level.ERROR,
    basis=Basis.SDK,
    title=Text("A status has a code", "Gói trạng thái có mã"),
    good=_GOOD,
    unprocessable=Text(en="it says nothing", vi="gói tin không báo điều gì"),
)
def status_code_missing(reading: Reading) -> Iterator[Breach]:
    """StatusCode empty; or absent in what otherwise can only be a status (ResponseFor and Timestamp, no To)."""
    packet = reading.packet
    empty = isinstance(packet, StatusPacket) and not packet.code
    absent = (
        isinstance(packet, Package)
        and bool(packet.response_for)
        and not packet.receivers
        and reading.text(_TIME_AT) is not None
    )
    if empty or absent:
        yield Breach("MessageHeader/StatusCode", Text(en="StatusCode is missing or empty", vi="thiếu StatusCode"))


@rule(
    "status-code-unknown",
    "ST-01",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("A status code is a known one", "Mã trạng thái là mã đã biết"),
    good="status-16.edxml",
)
@of_status
def status_code_unknown(packet: StatusPacket, _: Reading) -> Iterator[Breach]:
    """07-12 and 14 were seen nowhere; a receiver logs them and goes on."""
    code = packet.code
    if code and known(code) is None and known(code.strip().zfill(2)) is None:
        yield Breach(
            "MessageHeader/StatusCode",
            Text(
                en=f"'{shown(code)}' is none of 01-06, 13, 15, 16",
                vi=f"'{shown(code)}' không thuộc 01–06, 13, 15, 16",
            ),
        )


@rule(
    "status-code-not-two-digits",
    "ST-01",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("A status code has two digits", "Mã trạng thái có hai chữ số"),
    good=_GOOD,
)
@of_status
def status_code_not_two_digits(packet: StatusPacket, _: Reading) -> Iterator[Breach]:
    """``1`` for ``01``: some products read a number, others compare texts."""
    if packet.code and not re.match(r"[0-9]{2}\Z", packet.code):
        yield Breach(
            "MessageHeader/StatusCode",
            Text(en=f"'{shown(packet.code)}' is not two digits", vi=f"'{shown(packet.code)}' không phải hai chữ số"),
        )


@rule(
    "rejection-without-reason",
    "RF-01",
    level=Level.ERROR,
    basis=Basis.LAW,
    title=Text("Who rejects a document says why", "Từ chối văn bản phải nêu lý do"),
    good="status-02.edxml",
)
@of_status
def rejection_without_reason(packet: StatusPacket, _: Reading) -> Iterator[Breach]:
    """02 (QĐ 28/2018 art. 5.4): the receiver answers for the refusal and tells the sender."""
    if packet.code == "02" and not packet.description:
        yield Breach("MessageHeader/Description", Text(en="02 without a reason", vi="02 không nêu lý do"))


@rule(
    "take-back-without-reason",
    "BZ-08",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text(
        "A take-back request, and its refusal, give a reason", "Yêu cầu lấy lại, từ chối lấy lại phải nêu lý do"
    ),
    good="status-16.edxml",
)
@of_status
def take_back_without_reason(packet: StatusPacket, _: Reading) -> Iterator[Breach]:
    """13 and 16."""
    if packet.code in ("13", "16") and not packet.description:
        yield Breach(
            "MessageHeader/Description",
            Text(en=f"{packet.code} without a reason", vi=f"{packet.code} không nêu lý do"),
        )


@rule(
    "status-time-missing",
    "ST-02",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("A status says when", "Gói trạng thái nêu thời điểm"),
    good=_GOOD,
)
@of_status
def status_time_missing(_: StatusPacket, reading: Reading) -> Iterator[Breach]:
    """The latest Timestamp wins (ST-11); without it only the order of arrival is left."""
    if not any(filled(reading, _TIME_AT)):
        yield Breach(_TIME_AT, Text(en="there is no Timestamp", vi="không có Timestamp"))


@rule(
    "status-time-of-another-form",
    "ST-14",
    level=Level.ERROR,
    basis=Basis.SDK,
    title=Text("A status's time is written yyyy/MM/dd HH:mm:ss", "Timestamp viết theo dạng yyyy/MM/dd HH:mm:ss"),
    good=_GOOD,
)
@of_status
def status_time_of_another_form(_: StatusPacket, reading: Reading) -> Iterator[Breach]:
    """Without zone, in Vietnamese time; ISO 8601 is read as no time by the vendor's library."""
    for leaf, text in filled(reading, _TIME_AT):
        if timestamp_written(text) is Written.OTHER_FORM:
            yield Breach(
                leaf.path,
                Text(
                    en=f"'{shown(text)}' is not yyyy/MM/dd HH:mm:ss",
                    vi=f"'{shown(text)}' không theo dạng yyyy/MM/dd HH:mm:ss",
                ),
            )


@rule(
    "status-with-body",
    "ST-02",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("A status has no body and no attachment", "Gói trạng thái không có edXMLBody và tệp đính kèm"),
    good=_GOOD,
)
@of_status
def status_with_body(packet: StatusPacket, _: Reading) -> Iterator[Breach]:
    """The header is all there is."""
    for item in packet.unknown:
        if item.element.name in (names.BODY, names.ATTACHMENTS):
            yield Breach(
                item.element.name,
                Text(en=f"{item.element.name} in a status", vi=f"gói trạng thái có {item.element.name}"),
            )


@rule(
    "status-with-receiver",
    "ST-02",
    "ST-03",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("A status has no To", "Gói trạng thái không có To"),
    good=_GOOD,
)
@of_status
def status_with_receiver(packet: StatusPacket, _: Reading) -> Iterator[Breach]:
    """The addressee is ResponseFor/OrganId; a second one may contradict it."""
    if any(item.element.name == "To" for item in packet.unknown):
        yield Breach("MessageHeader/To", Text(en="To in a status", vi="gói trạng thái có To"))


@rule(
    "status-to-its-sender",
    "ST-03",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("A status goes to the other side", "Gói trạng thái gửi cho bên kia"),
    good="status-13.edxml",
)
@of_status
def status_to_its_sender(packet: StatusPacket, _: Reading) -> Iterator[Breach]:
    """From and ResponseFor/OrganId are one unit: roles swapped halfway."""
    own = packet.sender.organ_id if packet.sender else ""
    other = packet.response_for.organ_id if packet.response_for else ""
    if own and other and same_unit(own, other):
        yield Breach(
            "MessageHeader/ResponseFor[1]/OrganId",
            Text(en=f"{other} reports to itself", vi=f"{other} tự báo cho chính mình"),
        )


RULES: tuple[Rule, ...] = (
    status_sender_missing,
    status_addressee_missing,
    status_document_missing,
    status_number_missing,
    status_code_missing,
    status_code_unknown,
    status_code_not_two_digits,
    rejection_without_reason,
    take_back_without_reason,
    status_time_missing,
    status_time_of_another_form,
    status_with_body,
    status_with_receiver,
    status_to_its_sender,
)
