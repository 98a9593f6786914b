"""The packet's own signature, XML-DSig as in the vendor's sample: what is shown of a good one, and of others. SG-16.

The profile observes packet signatures and requires none: a packet without one, or with one that the axis itself broke
on its way, is received like any other. What is never right is to show as valid what does not hold.
"""

import base64
import re
from collections.abc import Iterable
from datetime import timedelta

from conformance.case import Case
from conformance.cases.signatures.kit import Forged, Received, Signed, held_in, said, signed, word_of
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.stage import Stage
from simulator.protocol import codec, names
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["CASES"]

_CERTIFICATE = re.compile(rb"(?<=<X509Certificate>)[^<]+")
_XMLNS = f'<{names.SIGNATURE} xmlns="{names.XMLDSIG}"'.encode()

_UNSIGNED = Text(
    "It is received like any other and not shown as signed.",
    "Gói tin được tiếp nhận như mọi gói khác và không hiển thị là đã ký.",
)
_NEVER_VALID = Text(
    "The packet is received or refused in the open; its signature is never shown as valid.",
    "Gói tin được tiếp nhận hoặc bị từ chối công khai; chữ ký không bao giờ hiển thị là hợp lệ.",
)


class Sha256(Signed):
    """KS-20: a good signature with SHA-256 is shown as valid."""

    id = "signatures/packet-sha256"
    title = Text("A packet signed with SHA-256", "Gói tin ký bằng SHA-256")
    expected = Text("It is received, and its signature shown as valid.", "Được tiếp nhận, chữ ký hiển thị là hợp lệ.")
    VALID = Check("packet-signature-shown-valid", ("SG-16",), Text("it is shown as valid", "được hiển thị là hợp lệ"))
    checks = (VALID,)

    def write(self, stage: Stage, package: Package) -> bytes:
        """As in the vendor's sample, but with SHA-256."""
        return signed(package, stage.pki.agency)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Both packets are good; the second was sent under another number."""
        document, look = evidence.sent(), evidence.look("in")
        evidence.taken(document)
        word = word_of(look, document)
        yield self.VALID.decide(
            word == "valid" and held_in(evidence, document, look), document, look, held=said(word), broken=said(word)
        )


class Sha1(Received):
    """KS-20: rsa-sha1, as the vendor's own sample has it."""

    id = "signatures/packet-sha1"
    title = Text("A packet signed with SHA-1", "Gói tin ký bằng SHA-1")
    expected = Text(
        "The document arrives; whether SHA-1 still counts is a choice, but a signature is seen.",
        "Văn bản đến nơi; có còn chấp nhận SHA-1 hay không là lựa chọn, nhưng phải nhận ra có chữ ký.",
    )
    TAKEN = Check("sha1-packet-taken", ("SG-16",), Text("the document arrives", "văn bản đến nơi"))
    SHOWN = Check("sha1-signature-seen", ("SG-16",), Text("a signature is seen", "nhận ra có chữ ký"))
    checks = (TAKEN, SHOWN)
    words = frozenset({"valid", "invalid", "unchecked"})

    def write(self, stage: Stage, package: Package) -> bytes:
        """Good in every other way."""
        return signed(package, stage.pki.agency, "sha1")


class Unsigned(Received):
    """KS-23: no signature at all, as packets of October 2025 are."""

    id = "signatures/packet-unsigned"
    title = Text("A packet without a signature", "Gói tin không có chữ ký")
    expected = _UNSIGNED
    TAKEN = Check("unsigned-packet-taken", ("SG-16",), Text("it is received", "được tiếp nhận"))
    SHOWN = Check("unsigned-not-shown-signed", ("SG-16",), Text("it is not shown as signed", "không hiển thị đã ký"))
    checks = (TAKEN, SHOWN)
    words = frozenset({"absent", "unchecked"})

    def write(self, stage: Stage, package: Package) -> bytes:
        """As every other case sends them."""
        return codec.encode(package)


class Empty(Received):
    """Defect 41: the empty element of one .NET builder is no signature."""

    id = "signatures/packet-empty"
    title = Text("An empty DigitalSignature element", "Phần tử DigitalSignature rỗng")
    expected = _UNSIGNED
    TAKEN = Check("empty-signature-taken", ("SG-16",), Text("it is received", "được tiếp nhận"))
    SHOWN = Check("empty-signature-not-valid", ("SG-16",), Text("it is not shown as signed", "không hiển thị đã ký"))
    checks = (TAKEN, SHOWN)
    words = frozenset({"absent", "invalid"})

    def write(self, stage: Stage, package: Package) -> bytes:
        """As that builder writes it."""
        return _in_header(package, b"<edXML:DigitalSignature/>")


class EmptyBlock(Empty):
    """The same with an empty Signature of XML-DSig."""

    id = "signatures/packet-empty-block"
    title = Text("An empty Signature element", "Phần tử Signature rỗng")
    TAKEN = Check("empty-block-taken", ("SG-16",), Text("it is received", "được tiếp nhận"))
    SHOWN = Check("empty-block-not-valid", ("SG-16",), Text("it is not shown as signed", "không hiển thị đã ký"))
    checks = (TAKEN, SHOWN)

    def write(self, stage: Stage, package: Package) -> bytes:
        """The right namespace, and nothing in it."""
        return _in_header(package, _XMLNS + b"/>")


class Moved(Received):
    """KS-21: the axis wrote the block back in the packet's namespace, so it is no XML-DSig any more."""

    id = "signatures/packet-namespace-lost"
    title = Text("A signature whose namespace was lost in transit", "Chữ ký mất namespace khi qua trục")
    expected = Text(
        "Nobody's fault: the document is received, and its signature not shown as valid.",
        "Không do lỗi bên gửi: văn bản được tiếp nhận, chữ ký không hiển thị là hợp lệ.",
    )
    TAKEN = Check("moved-signature-taken", ("SG-16",), Text("the document is received", "văn bản được tiếp nhận"))
    SHOWN = Check("moved-signature-not-valid", ("SG-16",), Text("it is not shown as valid", "không hiển thị hợp lệ"))
    checks = (TAKEN, SHOWN)
    words = frozenset({"invalid", "absent", "unchecked"})

    def write(self, stage: Stage, package: Package) -> bytes:
        """A good block, in the namespace of QCVN 102."""
        moved = f'<{names.SIGNATURE} xmlns="{names.NAMESPACE}"'.encode()
        return signed(package, stage.pki.agency).replace(_XMLNS, moved)


class Changed(Forged):
    """KS-22: the content was changed after signing."""

    id = "signatures/packet-changed"
    title = Text("A packet changed after signing", "Gói tin bị sửa sau khi ký")
    expected = _NEVER_VALID
    HANDLED = Check("changed-packet-handled", ("SG-16",), Text("the packet is handled", "gói tin được xử lý"))
    NEVER = Check(
        "changed-packet-not-valid",
        ("SG-11", "SG-08", "SG-16"),
        Text("the change is noticed", "phát hiện nội dung bị sửa"),
    )
    checks = (HANDLED, NEVER)

    def write(self, stage: Stage, package: Package) -> bytes:
        """One word of the content is another one."""
        genuine, other = signed(package, stage.pki.agency), package.content.replace("thử", "thật")
        return genuine.replace(f">{package.content}<".encode(), f">{other}<".encode())


class CutShort(Forged):
    """Pitfall 40: the certificate in the block is cut short."""

    id = "signatures/packet-certificate-cut-short"
    title = Text("A signature with a certificate cut short", "Chữ ký có chứng thư bị cắt cụt")
    expected = _NEVER_VALID
    HANDLED = Check("cut-certificate-handled", ("SG-16",), Text("the packet is handled", "gói tin được xử lý"))
    NEVER = Check("cut-certificate-not-valid", ("SG-16",), Text("it is not shown as valid", "không hiển thị hợp lệ"))
    checks = (HANDLED, NEVER)

    def write(self, stage: Stage, package: Package) -> bytes:
        """Two thirds of its bytes, still base64."""

        def half(found: re.Match[bytes]) -> bytes:
            der = base64.b64decode(found[0])
            return base64.b64encode(der[: len(der) * 2 // 3])

        return _CERTIFICATE.sub(half, signed(package, stage.pki.agency))


class Stranger(Forged):
    """A signature that holds, by a certificate of an authority that nobody trusts."""

    id = "signatures/packet-stranger"
    title = Text("A packet signed under a stranger's authority", "Gói tin ký bằng chứng thư của CA lạ")
    expected = _NEVER_VALID
    HANDLED = Check("stranger-signature-handled", ("SG-16",), Text("the packet is handled", "gói tin được xử lý"))
    NEVER = Check(
        "stranger-signature-not-valid", ("SG-11", "SG-08", "SG-16"), Text("the stranger is noticed", "phát hiện CA lạ")
    )
    checks = (HANDLED, NEVER)

    def write(self, stage: Stage, package: Package) -> bytes:
        """The key is that of a good clerk; only who vouches for it is another."""
        return signed(package, stage.pki.stranger("Van thu la THU NGHIEM", key=stage.pki.agency.key))


class Expired(Forged):
    """A signature that holds, by a certificate that ran out long before."""

    id = "signatures/packet-certificate-expired"
    title = Text("A packet signed with an expired certificate", "Gói tin ký bằng chứng thư đã hết hạn")
    expected = _NEVER_VALID
    HANDLED = Check("expired-signature-handled", ("SG-16",), Text("the packet is handled", "gói tin được xử lý"))
    NEVER = Check("expired-signature-not-valid", ("SG-16",), Text("the expiry is noticed", "phát hiện hết hạn"))
    checks = (HANDLED, NEVER)

    def write(self, stage: Stage, package: Package) -> bytes:
        """A certificate of the trusted authority, from two years ago until a year ago."""
        pki, now = stage.pki, stage.now()
        first, last = now - timedelta(days=730), now - timedelta(days=365)
        return signed(package, pki.issue("Van thu cu THU NGHIEM", not_before=first, not_after=last, key=pki.agency.key))


class Wrapped(Forged):
    """SG-18: a whole good packet, signature and all, inside another one that nobody signed."""

    id = "signatures/packet-wrapped"
    title = Text("A good signed packet wrapped into a forged one", "Gói tin ký đúng bị bọc trong gói tin giả")
    expected = _NEVER_VALID
    HANDLED = Check("wrapped-signature-handled", ("SG-18",), Text("the packet is handled", "gói tin được xử lý"))
    NEVER = Check(
        "wrapped-signature-not-valid",
        ("SG-18",),
        Text("what is read is what was signed", "nội dung được đọc chính là nội dung đã ký"),
    )
    checks = (HANDLED, NEVER)

    def write(self, stage: Stage, package: Package) -> bytes:
        """The genuine one stands last; what a reader meets first is not signed."""
        genuine = signed(letter(stage), stage.pki.agency)
        end = f"</{names.ROOT}>".encode()
        return codec.encode(package).replace(end, genuine[genuine.index(b"<edXML ") :].strip() + end, 1)


def _in_header(package: Package, element: bytes) -> bytes:
    """The packet with that element last in its header."""
    end = f"</{names.PREFIX}:{names.HEADER}>".encode()
    return codec.encode(package).replace(end, element + end, 1)


CASES: tuple[Case, ...] = (
    Sha256(), Sha1(), Unsigned(), Empty(), EmptyBlock(), Moved(), Changed(), CutShort(), Stranger(), Expired(),
    Wrapped(),
)  # fmt: skip
