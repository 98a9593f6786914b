"""Poison in what the packet says and carries: nobody as the sender, bombs, base64 that is none. Pitfalls 92, 96."""

import base64
import io
import re
import zipfile

from conformance.case import Case
from conformance.cases.poison.between import ON, VISIBLE, Poison
from conformance.evidence import CaseEvidence, Record, Sent
from conformance.finding import Check, Cited, Finding
from simulator.protocol import codec
from simulator.protocol.package import Package, StatusPacket
from simulator.words import Text

__all__ = ["CASES"]

_MEGABYTE = 1024 * 1024


def _with_attachment(package: Package, encoded: bytes) -> bytes:
    """The package with another text in the place of its first attachment's base64."""
    return codec.encode(package).replace(package.attachments[0].encoded, encoded, 1)


class NullOrgan(Poison):
    """From/OrganId is the word null: there is nobody to answer to, but the list of the axis says who sent it."""

    id = "poison/null-organ"
    title = Text("A sender called null", "Bên gửi là 'null'")
    expected = Text(
        "The good documents arrive; the poison is confirmed 'fail', or answered with a 02 (which the axis cannot "
        "deliver), or shown under the unit that the axis names as its sender; never as a document of 'null'.",
        "Các văn bản tốt đều đến; gói độc hại được xác nhận 'fail', hoặc trả 02 (trục không chuyển được), hoặc hiển "
        "thị đúng đơn vị gửi mà trục đã nêu; không bao giờ là văn bản của 'null'.",
    )
    QUEUE = Check("queue-goes-on-after-null-organ", ("PK-07",), ON)
    REFUSED = Check("null-organ-refused", ("HD-01",), VISIBLE)
    checks = (QUEUE, REFUSED)

    def bad(self, package: Package, bait: str) -> bytes:
        """As some systems write what they do not know (seen in the field, 2025)."""
        organ = package.sender.organ_id.encode() if package.sender else b""
        return codec.encode(package).replace(b"OrganId>" + organ + b"<", b"OrganId>null<")

    def refusal(self, evidence: CaseEvidence, poison: Sent) -> Finding:
        """A 02 that nobody could get is as good as ``fail``, and so is a sender that was repaired where it shows."""
        look = evidence.look("in")
        held = [row for row in look.of(poison.document_id) if row.get("state") not in ("refused", None)]
        returned = _undeliverable(evidence, poison)
        repaired = held and all(row.get("from") in evidence.lane.codes for row in held)
        if (returned and not held) or repaired:
            senders = ", ".join(sorted({str(row.get("from")) for row in held}))
            return self.REFUSED.held(
                Text(f"the sender was repaired: {senders}", f"đã sửa lại bên gửi: {senders}")
                if repaired
                else Text(
                    "answered with 02, which the axis could not deliver", "đã trả 02 nhưng trục không chuyển được"
                ),
                poison,
                *returned,
                look,
            )
        return super().refusal(evidence, poison)


def _undeliverable(evidence: CaseEvidence, document: Sent) -> tuple[Record, ...]:
    """Each 02 of the SUT about that document that the axis refused."""
    found = []
    for record in evidence.facts("refused", system_id=evidence.sut.system_id):
        reading = evidence.packet(record)
        packet = reading.packet if reading else None
        about = packet.response_for if isinstance(packet, StatusPacket) and packet.code == "02" else None
        if about and about.document_id == document.document_id:
            found.append(record)
    return tuple(found)


class ZipBomb(Poison):
    """An attachment of some kilobytes that unpacks to 64 MB."""

    id = "poison/zip-bomb"
    title = Text("A zip bomb", "Bom nén (zip bomb)")
    QUEUE = Check("queue-goes-on-after-zip-bomb", ("PK-07",), ON)
    REFUSED = Check("zip-bomb-refused", ("AT-03",), VISIBLE)
    checks = (QUEUE, REFUSED)

    def bad(self, package: Package, bait: str) -> bytes:
        """Zeros, a thousand to one."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("van-ban.doc", "w") as entry:
            for _ in range(64):
                entry.write(bytes(_MEGABYTE))
        data = (
            codec.encode(package)
            .replace(b"van-ban.pdf", b"van-ban.doc")
            .replace(b"application/pdf", b"application/zip")
        )
        return data.replace(package.attachments[0].encoded, base64.b64encode(packed.getvalue()), 1)


class BrokenBase64(Poison):
    """The attachment's text is no base64."""

    id = "poison/broken-base64"
    title = Text("An attachment that is no base64", "Tệp đính kèm không phải base64")
    QUEUE = Check("queue-goes-on-after-bad-base64", ("PK-07",), ON)
    REFUSED = Check("broken-base64-refused", ("AT-02", "RF-03"), VISIBLE)
    checks = (QUEUE, REFUSED)

    def bad(self, package: Package, bait: str) -> bytes:
        """A sentence in its place."""
        return _with_attachment(package, "đây không phải base64 @@@@ ====".encode())


class HugeText(Poison):
    """A summary of 4 MB. To keep it is as right as to refuse it; to choke on it, or to swallow it, is not."""

    id = "poison/huge-text"
    title = Text("A summary of four megabytes", "Nội dung tóm tắt dài bốn megabyte")
    expected = Text(
        "The good documents arrive; the huge one is held whole or refused visibly, and leaves the list.",
        "Các văn bản tốt đều đến; văn bản quá dài được giữ nguyên hoặc từ chối rõ ràng và rời danh sách.",
    )
    QUEUE = Check("queue-goes-on-after-huge-text", ("PK-07",), ON)
    REFUSED = Check("huge-text-answered", ("HD-18",), Text("it is held or refused", "được giữ hoặc bị từ chối"))
    checks = (QUEUE, REFUSED)

    def bad(self, package: Package, bait: str) -> bytes:
        """One word, again and again."""
        return codec.encode(package).replace(package.content.encode(), b"van ban " * (_MEGABYTE // 2), 1)

    def refusal(self, evidence: CaseEvidence, poison: Sent) -> Finding:
        """Any clear answer is good."""
        answers: list[Cited] = [*evidence.confirmed(poison), *evidence.statuses_from_sut(poison)]
        look = evidence.look("in")
        done = evidence.confirmed(poison, "done")
        answered = evidence.confirmed(poison, "fail") or (
            done and (look.of(poison.document_id) or evidence.statuses_from_sut(poison, "02"))
        )
        return self.REFUSED.decide(
            answered,
            poison,
            *answers,
            look,
            held=Text("held, or refused clearly", "đã giữ, hoặc từ chối rõ ràng"),
            broken=Text("confirmed and gone", "xác nhận rồi biến mất")
            if done
            else Text("it stays on the list, unanswered", "nằm lại trong danh sách, không có trả lời"),
        )


class ImpossibleDate(Poison):
    """PromulgationDate is 30 February."""

    id = "poison/impossible-date"
    title = Text("The 30th of February", "Ngày 30 tháng 2")
    QUEUE = Check("queue-goes-on-after-impossible-date", ("PK-07",), ON)
    REFUSED = Check("impossible-date-refused", ("HD-13",), VISIBLE)
    checks = (QUEUE, REFUSED)

    def bad(self, package: Package, bait: str) -> bytes:
        """As it stands in the vendor's own sample."""
        return re.sub(rb"PromulgationDate>[^<]+<", b"PromulgationDate>2014/02/30<", codec.encode(package))


CASES: tuple[Case, ...] = (NullOrgan(), ZipBomb(), BrokenBase64(), HugeText(), ImpossibleDate())
