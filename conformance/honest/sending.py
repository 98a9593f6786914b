"""Lawful habits of sending: when an order is answered, who refuses, which identifier, which form on the wire."""

import mimetypes
import re
import uuid
from collections.abc import Sequence
from dataclasses import replace

from conformance.honest.variant import Honest, Known
from simulator.agency.client import Answer, AxisClient
from simulator.agency.dms import Dms, Refused
from simulator.agency.kit.orders import REFUSALS, Order
from simulator.protocol import codec
from simulator.protocol.package import Attachment, Package, Packet
from simulator.words import Text

__all__ = ["HONEST"]

_BETWEEN = re.compile(rb">\r\n *<")


class QueuedThenFailed(Dms):
    """Answers every order at once; what the axis then refuses is shown as failed."""

    honest = Honest(
        "queued-then-failed",
        Text(
            "answers an order at once; a refusal shows later as failed",
            "nhận lệnh ngay; trục từ chối thì sau hiện failed",
        ),
        Text("200 and later `failed` is as right as 422", "200 rồi sau đó `failed` cũng đúng như 422"),
        source="contract",
    )

    async def attempt(self, letter: int) -> None:
        """Nobody waits."""
        self.kick()


class LetsTheAxisRefuse(Dms):
    """Sends to whatever unit the clerk typed; the axis says whether it exists."""

    honest = Honest(
        "lets-the-axis-refuse",
        Text("leaves unknown and closed units to the axis", "để trục từ chối đơn vị lạ hoặc đã đóng"),
        Text("the axis's refusal made visible is as right as 422", "hiện lại từ chối của trục cũng đúng như 422"),
        source="contract",
    )

    async def check_receivers(self, order: Order) -> None:
        """Only ourselves are refused here."""
        if any(map(self.is_us, order.to)):
            raise Refused(REFUSALS["self"])


class UuidIds(Dms):
    """Gives every document a UUID, as the vendor's builder does where none is given."""

    honest = Honest(
        "uuid-ids",
        Text("DocumentId is a UUID", "DocumentId là UUID"),
        Text("an opaque text up to 200, also a UUID", "chuỗi bất kỳ tới 200 ký tự, kể cả UUID"),
        source="contract",
    )

    def new_document_id(self, order: Order, used: Sequence[str]) -> str:
        """Never the same twice."""
        return str(uuid.uuid4())


class DecreeIds(Dms):
    """Builds the DocumentId of organ, year and number, as the decision has it."""

    honest = Honest(
        "decree-ids",
        Text("DocumentId is organ, year, number", "DocumentId gồm mã đơn vị, năm, số"),
        Text("the parts are those of QĐ 28/2018 art. 10.2b", "đúng các phần của QĐ 28/2018 điều 10.2b"),
        source="DI-01",
    )

    def new_document_id(self, order: Order, used: Sequence[str]) -> str:
        """With the notation behind the number: it is unique only together with it."""
        form = f"{self.config.organ},{self.issue_date(order).year:04},{self.code_of(order).text}"
        return form if form not in used else super().new_document_id(order, [*used, form])


class CompactXml(Dms):
    """Writes its packets without a blank or a line end between the elements."""

    honest = Honest(
        "compact-xml",
        Text("writes packets on one line", "ghi gói tin trên một dòng"),
        Text(
            "white space between elements means nothing in XML",
            "khoảng trắng giữa các phần tử không có nghĩa trong XML",
        ),
        source="PK-01",
    )

    def encode(self, packet: Packet) -> bytes:
        """Leaves keep every letter: a '>' in a text is written as an entity."""
        return _BETWEEN.sub(b"><", super().encode(packet))


class RawAttachments(Dms):
    """Puts files in as they are, with their real types and ids without ``cid:``, as .NET builders do."""

    honest = Honest(
        "raw-attachments",
        Text("attachments raw, real types, ids without cid:", "tệp để nguyên, đúng kiểu, id không có cid:"),
        Text("attachments are read by content: zip or raw", "tệp đính kèm được đọc theo nội dung: zip hoặc nguyên"),
        source="contract",
    )

    def pack_file(self, name: str, data: bytes, number: int) -> Attachment:
        """No envelope archive."""
        packed = super().pack_file(name, data, number)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Attachment.of_file(name, data, content_id=packed.bare_id, form="raw", content_type=kind)


class DefaultNamespace(Dms):
    """Writes its packets in the default namespace, without the prefix."""

    honest = Honest(
        "default-namespace",
        Text("writes packets without the prefix edXML:", "ghi gói tin không có tiền tố edXML:"),
        Text("XML says equal, so nothing of it fails", "XML coi là như nhau nên không mục nào bị đánh trượt"),
        source="contract",
        known=(
            Known(
                "written-with-the-prefix",
                Text(
                    "a system that sends it so gets a warning: strict .NET readers refuse it",
                    "hệ thống gửi dạng này bị cảnh báo: bộ đọc .NET nghiêm ngặt sẽ từ chối",
                ),
            ),
        ),
    )

    def encode(self, packet: Packet) -> bytes:
        """The same names in the same namespace."""
        data = super().encode(packet).replace(b"<edXML:", b"<").replace(b"</edXML:", b"</")
        return re.sub(rb' xmlns:edXML="[^"]*"', b"", data)


class _LookingAgain(AxisClient):
    """``send`` is done when getSentEdocList shows the package under the sender's own code."""

    async def send(self, data: bytes, *, sender: str, message_type: str, to: Sequence[str] | None = None) -> Answer:
        """What does not stand there waits and is sent again, the same bytes: the axis knows a repetition."""
        answer = await super().send(data, sender=sender, message_type=message_type, to=to)
        if not answer.ok or not answer.doc_id:
            return answer
        listed = await self.sent(answer.doc_id, message_type)
        if any(item.get("fromCode") == sender for item in listed.items):
            return answer
        return replace(answer, ok=False, code="20", desc=f"{answer.doc_id} is not listed as sent by {sender}")


class MarksSentByTheList(Dms):
    """Marks a document as sent when getSentEdocList shows it under its own code, not before."""

    honest = Honest(
        "marks-sent-by-the-list",
        Text(
            "marks as sent what the axis lists as sent by its own code",
            "chỉ ghi đã gửi khi trục liệt kê đúng mã của mình",
        ),
        Text(
            "a system finds itself by the text that it knows: the code that it was registered with",
            "hệ thống nhận ra mình theo đúng mã đã đăng ký",
        ),
        source="contract",
    )

    def make_client(self, timeout: float | None = None) -> AxisClient:
        """The one that looks again."""
        return self.client_of(_LookingAgain, timeout=timeout)


class _NamingReceivers(AxisClient):
    """``sendEdoc`` with the header ``to``, as .NET clients send it for documents."""

    async def send(self, data: bytes, *, sender: str, message_type: str, to: Sequence[str] | None = None) -> Answer:
        """The receivers of the packet."""
        packet = codec.decode(data).packet if to is None else None
        if isinstance(packet, Package):
            to = [each.organ_id for each in packet.receivers]
        return await super().send(data, sender=sender, message_type=message_type, to=to)


class NamesReceivers(Dms):
    """Names the receivers in the header ``to`` as well."""

    honest = Honest(
        "names-receivers",
        Text("sends the header to with the receivers' codes", "gửi kèm header to ghi mã nơi nhận"),
        Text("an optional argument of sendEdoc", "đối số tùy chọn của sendEdoc"),
        source="TR-05",
    )

    def make_client(self, timeout: float | None = None) -> AxisClient:
        """One argument more."""
        return self.client_of(_NamingReceivers, timeout=timeout)


HONEST: tuple[type[Dms], ...] = (
    QueuedThenFailed,
    LetsTheAxisRefuse,
    UuidIds,
    DecreeIds,
    CompactXml,
    RawAttachments,
    DefaultNamespace,
    MarksSentByTheList,
    NamesReceivers,
)
