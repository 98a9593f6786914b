"""The signature block: what looking tells, and what verifying tells where lint did (SG-16, SG-11, AT-07).

The profile observes signatures, it never requires one: an unsigned packet breaks nothing here.
"""

from collections.abc import Iterator

from simulator.protocol import names
from simulator.protocol.codec import Reading
from simulator.protocol.rules.rule import Basis, Breach, Level, Rule, rule, shown
from simulator.protocol.sealing import Sealed, Worth
from simulator.protocol.signature import Inspection, SignatureForm, inspect
from simulator.words import Text

__all__ = ["RULES"]

_AT = f"{names.HEADER}/{names.SIGNATURE}"
_GOOD = "signed-sha256.edxml"


def _inspected(reading: Reading) -> Inspection:
    return inspect(reading.packet.signature if reading.packet else None)


@rule(
    "signature-empty",
    "SG-16",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("An empty element is no signature", "Phần tử rỗng không phải chữ ký"),
    good=_GOOD,
)
def signature_empty(reading: Reading) -> Iterator[Breach]:
    """``<edXML:DigitalSignature/>`` of one .NET builder: the packet is unsigned (pitfall 41)."""
    if _inspected(reading).form is SignatureForm.EMPTY:
        yield Breach(
            _AT, Text(en="the element is empty: the packet is unsigned", vi="phần tử rỗng: gói tin chưa được ký")
        )


@rule(
    "signature-moved",
    "SG-16",
    level=Level.INFO,
    basis=Basis.SDK,
    title=Text("A signature is in the namespace of XML-DSig", "Chữ ký thuộc namespace của XML-DSig"),
    good=_GOOD,
    reason=Text(en="a habit of the axis in transit (wire.md C.6)", vi="thói quen của Trục khi chuyển tiếp"),
)
def signature_moved(reading: Reading) -> Iterator[Breach]:
    """The library rebuilds the block in the packet's namespace; it can no longer be verified."""
    found = _inspected(reading)
    if found.form is SignatureForm.MOVED:
        yield Breach(
            _AT,
            Text(
                en=f"moved to {shown(found.namespace) or 'no namespace'}, as the vendor's library rebuilds it: "
                "it cannot be verified and counts as unsigned",
                vi=f"bị chuyển sang {shown(found.namespace) or 'không namespace'}, do thư viện dựng lại gói tin: "
                "không kiểm tra được, coi như chưa ký",
            ),
        )


@rule(
    "signature-sha1",
    "SG-16",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("A signature does not rest on SHA-1", "Chữ ký không dùng SHA-1"),
    good=_GOOD,
)
def signature_sha1(reading: Reading) -> Iterator[Breach]:
    """rsa-sha1 as in the vendor's samples; MD5 as well."""
    for uri in _inspected(reading).weak_algorithms:
        yield Breach(_AT, Text(en=f"weak algorithm: {shown(uri)}", vi=f"thuật toán yếu: {shown(uri)}"))


@rule(
    "signature-malformed",
    "SG-16",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("A signature block is complete", "Khối chữ ký đầy đủ"),
    good=_GOOD,
)
def signature_malformed(reading: Reading) -> Iterator[Breach]:
    """Parts missing, values that are no base64, a certificate cut short (pitfall 40)."""
    for flaw in _inspected(reading).flaws:
        yield Breach(f"{_AT}/{flaw.at}", flaw.because)


@rule(
    "signature-twice",
    "SG-18",
    level=Level.WARN,
    basis=Basis.DERIVED,
    title=Text("A packet has one signature block, in its header", "Gói tin chỉ có một khối chữ ký, nằm ở phần đầu"),
    good=_GOOD,
)
def signature_twice(reading: Reading) -> Iterator[Breach]:
    """A second block, or one elsewhere, is how signatures are wrapped (SG-18)."""
    count = len(reading.traits.signature_namespaces)
    misplaced = count and reading.packet and reading.packet.signature is None
    if count > 1 or misplaced:
        yield Breach(
            _AT,
            Text(
                en=f"{count} signature blocks; the header holds one" if count > 1 else "the block stands elsewhere",
                vi=f"có {count} khối chữ ký; phần đầu chỉ có một" if count > 1 else "khối chữ ký nằm sai chỗ",
            ),
        )


def _told(sealed: Sealed) -> Text:
    """Why it is not worth more, and who is said to have signed when."""
    flaw = sealed.flaw or Text(en="", vi="")
    return Text(en=f"{flaw.en} ({sealed.details.en})", vi=f"{flaw.vi} ({sealed.details.vi})")


@rule(
    "signature-broken",
    "AT-07",
    "SG-11",
    level=Level.ERROR,
    basis=Basis.LAW,
    title=Text("What is signed is what was signed", "Nội dung đúng như khi ký"),
    good=_GOOD,
)
def signature_broken(reading: Reading) -> Iterator[Breach]:
    """A subject, a date, a file changed behind the signature; or a value that the certificate's key did not make."""
    if reading.sealed and reading.sealed.worth is Worth.BROKEN:
        yield Breach(_AT, _told(reading.sealed))


@rule(
    "signature-of-other-blanks",
    "SG-16",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("A signature covers the blanks that are sent", "Chữ ký phủ cả khoảng trắng như khi gửi"),
    good=_GOOD,
)
def signature_of_other_blanks(reading: Reading) -> Iterator[Breach]:
    """Signed without the blanks between elements and written with them, as .NET does: strict readers call it broken."""
    if reading.sealed and reading.sealed.worth is Worth.SPACED:
        who = reading.sealed.details
        yield Breach(
            _AT,
            Text(
                en=f"it holds only for who drops the blanks between elements ({who.en})",
                vi=f"chỉ khớp khi bỏ khoảng trắng giữa các phần tử ({who.vi})",
            ),
        )


@rule(
    "signature-untrusted",
    "SG-11",
    level=Level.WARN,
    basis=Basis.LAW_SECONDARY,
    title=Text("The signer's certificate leads to a trusted authority", "Chứng thư người ký dẫn tới CA tin cậy"),
    good=_GOOD,
    bad="signature-chain-unknown.edxml",
)
def signature_untrusted(reading: Reading) -> Iterator[Breach]:
    """Only where authorities are given (``--trust``), at the moment that the packet claims."""
    if reading.sealed and reading.sealed.worth is Worth.UNTRUSTED:
        yield Breach(_AT, _told(reading.sealed))


@rule(
    "signature-not-verifiable",
    "SG-16",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("A signature has the form of the samples", "Chữ ký theo dạng của gói mẫu"),
    good=_GOOD,
)
def signature_not_verifiable(reading: Reading) -> Iterator[Breach]:
    """Other algorithms, other transforms, a part only: maybe right, but nobody who knows the samples can tell."""
    found = _inspected(reading)
    told_elsewhere = found.form is not SignatureForm.XMLDSIG or found.flaws or reading.damage
    once = len(reading.traits.signature_namespaces) == 1
    if reading.sealed and reading.sealed.worth is Worth.UNCHECKED and once and not told_elsewhere:
        yield Breach(_AT, _told(reading.sealed))


RULES: tuple[Rule, ...] = (
    signature_empty,
    signature_moved,
    signature_sha1,
    signature_malformed,
    signature_twice,
    signature_broken,
    signature_of_other_blanks,
    signature_untrusted,
    signature_not_verifiable,
)
