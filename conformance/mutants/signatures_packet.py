"""Wrong readers of packet signatures: they believe too much, look at too little, or refuse what they should receive."""

from dataclasses import replace

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.inspection import Examined
from simulator.protocol import names
from simulator.protocol.package import Package
from simulator.protocol.packet_signing import Step, Verification, verify
from simulator.protocol.signature import SignatureForm, inspect
from simulator.words import Text

__all__ = ["MUTANTS"]


class AcceptsAnySignature(Dms):
    """A block with anything in it counts as a good signature."""

    mutant = Mutant(
        "accepts-any-signature",
        Text("shows every packet signature as valid", "hiển thị mọi chữ ký gói tin là hợp lệ"),
        source="pitfalls 40",
        caught_by=(
            "changed-packet-not-valid",
            "cut-certificate-not-valid",
            "stranger-signature-not-valid",
            "expired-signature-not-valid",
            "moved-signature-not-valid",
        ),
    )

    def packet_signature(self, data: bytes) -> str:
        """It is there, so it is good."""
        return "valid" if self.packet_verification(data).present else "absent"


class EmptyIsSigned(Dms):
    """The element is there, so the packet is signed."""

    mutant = Mutant(
        "empty-is-signed",
        Text("takes an empty signature element for a signature", "coi phần tử chữ ký rỗng là đã ký"),
        source="pitfalls 41",
        caught_by=("empty-signature-not-valid", "empty-block-not-valid"),
    )

    def packet_signature(self, data: bytes) -> str:
        """Looks for the name of the element."""
        found = super().packet_signature(data)
        named = any(name in data for name in (b"Signature/>", b"Signature></", b'xmldsig#"/>'))
        return "valid" if found == "absent" and named else found


class _Forgiving(Dms):
    """Overlooks what fails in some steps."""

    overlooked: tuple[Step, ...] = ()

    def packet_verification(self, data: bytes) -> Verification:
        """What fails there does not count."""
        found = super().packet_verification(data)
        return replace(found, flaw=None) if found.step in self.overlooked else found


class SkipsDigest(_Forgiving):
    """Checks the signature value, and never the content that it stands for."""

    mutant = Mutant(
        "skips-digest",
        Text("never compares the digest with the content", "không so mã băm với nội dung"),
        source="pitfalls 94",
        caught_by=("changed-packet-not-valid",),
    )
    overlooked = (Step.CONTENT,)


class SkipsIssuer(_Forgiving):
    """Checks content and key, and never who vouches for the certificate, or until when."""

    mutant = Mutant(
        "skips-issuer",
        Text("never follows the chain of a signer's certificate", "không kiểm tra chuỗi chứng thư của người ký"),
        source="pitfalls 40",
        caught_by=("stranger-signature-not-valid", "expired-signature-not-valid"),
    )
    overlooked = (Step.CHAIN,)


class ForgivesCutCertificates(_Forgiving):
    """A block that cannot be read in full is taken as good."""

    mutant = Mutant(
        "forgives-cut-certificates",
        Text("takes an unreadable certificate for a good one", "coi chứng thư không đọc được là hợp lệ"),
        source="pitfalls 40",
        caught_by=("cut-certificate-not-valid",),
    )
    overlooked = (Step.BLOCK,)


class MendsNamespaces(Dms):
    """Puts the block back where it may have come from, and calls the result signed."""

    mutant = Mutant(
        "mends-namespaces",
        Text("restores a lost signature namespace and trusts it", "tự khôi phục namespace của chữ ký rồi tin"),
        source="wire.md C.6",
        caught_by=("moved-signature-not-valid",),
    )

    def packet_verification(self, data: bytes) -> Verification:
        """Of other bytes than those that came."""
        mended = f'<{names.SIGNATURE} xmlns="{names.XMLDSIG}"'.encode()
        lost = f'<{names.SIGNATURE} xmlns="{names.NAMESPACE}"'.encode()
        return verify(data.replace(lost, mended), anchors=self.authorities(), at=self.now())


class VerifiesWhatItFinds(Dms):
    """Takes the part that is signed out of the packet and verifies that; the clerk reads another part."""

    mutant = Mutant(
        "verifies-what-it-finds",
        Text("verifies a signed part and shows another", "kiểm tra phần đã ký nhưng hiển thị phần khác"),
        source="pitfalls 95",
        caught_by=("wrapped-signature-not-valid",),
    )

    def packet_verification(self, data: bytes) -> Verification:
        """The innermost packet, whatever stands around it."""
        begin, end = data.rfind(f"<{names.ROOT} ".encode()), f"</{names.ROOT}>".encode()
        inner = data[begin : data.find(end, begin) + len(end)] if data.count(end) > 1 else data
        return super().packet_verification(inner)


class VerifiesNothing(Dms):
    """Knows no signature at all."""

    mutant = Mutant(
        "verifies-nothing",
        Text("shows every packet as unsigned", "hiển thị mọi gói tin là chưa ký"),
        source="pitfalls 39",
        caught_by=("packet-signature-shown-valid",),
    )

    def packet_signature(self, data: bytes) -> str:
        """Never looks."""
        return "absent"


class BlindToSha1(Dms):
    """A signature that rests on SHA-1 is as good as none."""

    mutant = Mutant(
        "blind-to-sha1",
        Text("shows a packet signed with SHA-1 as unsigned", "hiển thị gói tin ký SHA-1 là chưa ký"),
        source="scenarios KS-04",
        caught_by=("sha1-signature-seen",),
    )

    def packet_verification(self, data: bytes) -> Verification:
        """Not even a weak one is seen."""
        found = super().packet_verification(data)
        return Verification(False) if found.weak else found


class UnsignedIsInvalid(Dms):
    """A packet without a signature is called badly signed."""

    mutant = Mutant(
        "unsigned-is-invalid",
        Text("shows an unsigned packet as wrongly signed", "hiển thị gói tin chưa ký là chữ ký sai"),
        source="scenarios KS-23",
        caught_by=("unsigned-not-shown-signed",),
    )

    def packet_signature(self, data: bytes) -> str:
        """Nothing holds where nothing is."""
        found = super().packet_signature(data)
        return "invalid" if found == "absent" else found


class _Picky(Dms):
    """Refuses packets for their signature."""

    def objectionable(self, package: Package) -> bool:
        """Whether this packet's signature is a reason to give it back."""
        raise NotImplementedError

    def defect_of_content(self, package: Package) -> Text | None:
        """Its signature, too."""
        if self.objectionable(package):
            return Text("the packet signature is not accepted", "chữ ký gói tin không được chấp nhận")
        return super().defect_of_content(package)


class RequiresSignature(_Picky):
    """Refuses what is not signed, which no published rule demands."""

    mutant = Mutant(
        "requires-packet-signature",
        Text("refuses packets that are not signed", "từ chối gói tin không có chữ ký"),
        source="scenarios KS-23",
        caught_by=("unsigned-packet-taken",),
    )

    def objectionable(self, package: Package) -> bool:
        """No element at all."""
        return package.signature is None


class RefusesOddSignatures(_Picky):
    """Refuses an empty element and a block in another namespace, which the sender did not cause."""

    mutant = Mutant(
        "refuses-odd-signatures",
        Text("refuses a packet for a signature that the axis broke", "từ chối gói tin vì chữ ký bị trục làm hỏng"),
        source="wire.md C.6",
        caught_by=("moved-signature-taken", "empty-signature-taken", "empty-block-taken"),
    )

    def objectionable(self, package: Package) -> bool:
        """Anything but XML-DSig or nothing."""
        return inspect(package.signature).form in (SignatureForm.EMPTY, SignatureForm.MOVED)


class RefusesSha1(_Picky):
    """Refuses the vendor's own sample."""

    mutant = Mutant(
        "refuses-sha1-packets",
        Text("refuses packets signed with SHA-1", "từ chối gói tin ký bằng SHA-1"),
        source="scenarios KS-20",
        caught_by=("sha1-packet-taken",),
    )

    def objectionable(self, package: Package) -> bool:
        """By its algorithms."""
        return bool(inspect(package.signature).weak_algorithms)


class DropsForged(Dms):
    """Confirms a packet whose signature does not hold, and neither keeps it nor says a word."""

    mutant = Mutant(
        "drops-forged-packets",
        Text("silently drops packets whose signature does not hold", "lặng lẽ bỏ gói tin có chữ ký sai"),
        source="pitfalls 40",
        caught_by=(
            "changed-packet-handled",
            "cut-certificate-handled",
            "stranger-signature-handled",
            "expired-signature-handled",
            "wrapped-signature-handled",
        ),
    )

    def receive_document(self, package: Package, found: Examined) -> None:
        """Into nothing."""
        if self.packet_verification(found.data).flaw is None:
            super().receive_document(package, found)


MUTANTS: tuple[type[Dms], ...] = (
    AcceptsAnySignature, EmptyIsSigned, SkipsDigest, SkipsIssuer, ForgivesCutCertificates, MendsNamespaces,
    VerifiesWhatItFinds, VerifiesNothing, BlindToSha1,
    UnsignedIsInvalid, RequiresSignature, RefusesOddSignatures, RefusesSha1, DropsForged,
)  # fmt: skip
