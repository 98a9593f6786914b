"""Wrong verifiers of PDF signatures, and wrong ways to wait for a time-stamp."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.store import Letter, Outgoing
from simulator.protocol.package import Package
from simulator.words import Text

if TYPE_CHECKING:
    from asn1crypto import x509
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

__all__ = ["MUTANTS"]

_HASTE = 0.25


class NeedsFullChain(Dms):
    """Builds the chain from what the file brings."""

    mutant = Mutant(
        "needs-full-chain",
        Text("wants every authority of the chain inside the file", "đòi mọi CA của chuỗi phải nằm trong tệp"),
        source="pitfalls 42",
        caught_by=("pdf-pkcs7-valid", "pdf-cades-valid"),
    )

    def pdf_authorities(self, signature: "EmbeddedPdfSignature") -> "list[x509.Certificate]":
        """The leaf comes alone, as in life."""
        return list(signature.other_embedded_certs)


class OldFormUnknown(Dms):
    """Knows the form of new tools only."""

    mutant = Mutant(
        "knows-only-cades",
        Text("does not know adbe.pkcs7.detached", "không hiểu adbe.pkcs7.detached"),
        source="scenarios KS-01",
        caught_by=("pdf-pkcs7-valid",),
    )

    def pdf_signature_holds(self, signature: "EmbeddedPdfSignature") -> bool:
        """Old tools have signed most of the archive."""
        return "CAdES" in str(signature.sig_object.get("/SubFilter")) and super().pdf_signature_holds(signature)


class NewFormUnknown(Dms):
    """Knows the form of old tools only."""

    mutant = Mutant(
        "knows-only-pkcs7",
        Text("does not know ETSI.CAdES.detached", "không hiểu ETSI.CAdES.detached"),
        source="scenarios KS-02",
        caught_by=("pdf-cades-valid",),
    )

    def pdf_signature_holds(self, signature: "EmbeddedPdfSignature") -> bool:
        """New tools have signed everything since."""
        return "pkcs7" in str(signature.sig_object.get("/SubFilter")) and super().pdf_signature_holds(signature)


class RefusesSha1Root(Dms):
    """Asks of a root how it signed itself."""

    mutant = Mutant(
        "refuses-sha1-root",
        Text("distrusts a root that signed itself with SHA-1", "không tin root tự ký bằng SHA-1"),
        source="pitfalls 42",
        caught_by=("pdf-old-root-valid",),
    )

    def pdf_roots(self) -> "list[x509.Certificate]":
        """The first root is one of these."""
        return [each for each in super().pdf_roots() if each.hash_algo != "sha1"]


class TrustsSigningTime(Dms):
    """Believes the clock of whoever signed."""

    mutant = Mutant(
        "trusts-signing-time",
        Text("takes the signer's own time for the time of signing", "lấy giờ tự khai của người ký làm thời điểm ký"),
        source="pitfalls 44",
        caught_by=("pdf-local-time-valid", "pdf-expired-at-signing-not-valid"),
    )

    def pdf_moment(self, signature: "EmbeddedPdfSignature") -> datetime:
        """Local time written as UTC, or a day that suits."""
        return signature.self_reported_timestamp or self.now()


class JudgesToday(Dms):
    """Judges every signature by today's validity."""

    mutant = Mutant(
        "judges-signatures-today",
        Text("calls a signature invalid once its certificate has expired", "coi chữ ký là sai khi chứng thư hết hạn"),
        source="TT 41/2017 (SG-11)",
        caught_by=("pdf-expired-since-valid",),
    )

    def pdf_stamped_at(self, signature: "EmbeddedPdfSignature") -> datetime | None:
        """The time-stamp is of no interest."""
        return None


class IgnoresExpiry(Dms):
    """Asks who signed, not when."""

    mutant = Mutant(
        "ignores-expiry",
        Text("takes expired certificates for good", "chấp nhận chứng thư đã hết hạn"),
        source="TT 41/2017 (SG-11)",
        caught_by=("pdf-expired-at-signing-not-valid", "pdf-stranger-stamp-not-valid"),
    )

    def pdf_moment(self, signature: "EmbeddedPdfSignature") -> datetime:
        """The first moment of the certificate always suits."""
        moment: datetime = signature.signer_cert.not_valid_before
        return moment


class AnyTimeStamp(Dms):
    """Believes every time-stamp."""

    mutant = Mutant(
        "believes-any-time-stamp",
        Text("does not ask who made a time-stamp", "không kiểm tra ai cấp dấu thời gian"),
        source="scenarios KS-07",
        caught_by=("pdf-stranger-stamp-not-valid",),
    )

    def pdf_stamp_is_trusted(self, signature: "EmbeddedPdfSignature", token: Any, moment: datetime) -> bool:
        """A time is a time."""
        return True


class AnyAuthority(Dms):
    """Checks the mathematics, and not whose key it is."""

    mutant = Mutant(
        "believes-any-authority",
        Text("does not ask who issued the certificate", "không kiểm tra ai cấp chứng thư"),
        source="TT 41/2017 (SG-11)",
        caught_by=("pdf-unknown-ca-not-valid",),
    )

    def pdf_chain_holds(self, signature: "EmbeddedPdfSignature", moment: datetime) -> bool:
        """A certificate is a certificate."""
        return True


class IgnoresChanges(Dms):
    """Checks the certificate, and not the file."""

    mutant = Mutant(
        "ignores-changed-bytes",
        Text("looks at the certificate and never at the digest", "chỉ xem chứng thư, không kiểm tra nội dung"),
        source="scenarios KS-09",
        caught_by=("pdf-changed-not-valid",),
    )

    def pdf_bytes_are_signed(self, signature: "EmbeddedPdfSignature") -> bool:
        """Who would change a signed file?"""
        return True


class IgnoresUpdates(Dms):
    """Checks the part that was signed, and shows the whole."""

    mutant = Mutant(
        "ignores-later-pages",
        Text("does not see pages laid over the signed ones", "không thấy trang bị chèn đè sau khi ký"),
        source="scenarios KS-09",
        caught_by=("pdf-paged-over-not-valid",),
    )

    def pdf_stands_unaltered(self, signature: "EmbeddedPdfSignature") -> bool:
        """The signed bytes are all there."""
        return True


class OneSignatureOnly(Dms):
    """Wants a signature to cover the whole file."""

    mutant = Mutant(
        "refuses-second-signature",
        Text("takes a second signature for a change", "coi chữ ký thứ hai là sửa đổi"),
        source="scenarios KS-09",
        caught_by=("pdf-second-signature-valid",),
    )

    def pdf_stands_unaltered(self, signature: "EmbeddedPdfSignature") -> bool:
        """To the last byte."""
        from pyhanko.sign.validation.status import SignatureCoverageLevel

        signature.compute_integrity_info()
        return signature.coverage == SignatureCoverageLevel.ENTIRE_FILE


class UnsignedIsValid(Dms):
    """Nothing wrong is all it asks."""

    mutant = Mutant(
        "unsigned-is-valid",
        Text("shows unsigned files as valid", "hiển thị tệp không ký là hợp lệ"),
        source="scenarios KS-11",
        caught_by=("pdf-unsigned-absent",),
    )

    def pdf_signature(self, data: bytes) -> str:
        """No objection."""
        word = super().pdf_signature(data)
        return "valid" if word == "absent" else word


# ---------------------------------------------------------------- signing


class NoTimestampWait(Dms):
    """Issues the document as it is where the stamp does not come at once."""

    mutant = Mutant(
        "no-timestamp-wait",
        Text("issues documents unsigned while the stamp is late", "phát hành khi chưa ký vì dấu thời gian về chậm"),
        source="pitfalls 43",
        caught_by=(
            "leaves-stamped-after-slow",
            "nothing-unsigned-while-slow",
            "leaves-stamped-after-refusal",
            "nothing-unsigned-after-refusal",
        ),
    )

    async def signed_file(self, data: bytes) -> bytes:
        """The clerk is in a hurry."""
        stamping = await self.stamping()
        try:
            async with asyncio.timeout(_HASTE):
                return await super().signed_file(data)
        except (TimeoutError, stamping.NotStamped):
            return data


class FreezesWithTsa(Dms):
    """Waits for the stamp before it does anything else."""

    mutant = Mutant(
        "freezes-with-tsa",
        Text("does nothing else while it waits for a stamp", "không làm gì khác trong lúc chờ dấu thời gian"),
        source="pitfalls 43",
        caught_by=("works-while-stamp-is-slow",),
    )

    async def poll_once(self) -> Text | None:
        """First the signature, then the axis."""
        await asyncio.wait({self.sign_soon()})
        return await super().poll_once()


class ClerkWaits(Dms):
    """Keeps the clerk's screen until the stamp is there."""

    mutant = Mutant(
        "clerk-waits-for-stamp",
        Text("answers the clerk only when the stamp is there", "chỉ trả lời văn thư khi đã có dấu thời gian"),
        source="pitfalls 43",
        caught_by=("clerk-answered-while-slow",),
    )

    async def send(self, members: Mapping[str, Any]) -> str:
        """An hourglass."""
        document_id = await super().send(members)
        await asyncio.wait({self.sign_soon()})
        return document_id


class SaysSent(Dms):
    """Calls a document sent that still waits for its stamp."""

    mutant = Mutant(
        "says-sent-while-unstamped",
        Text("shows as sent what still waits", "hiển thị đã gửi khi văn bản còn đang chờ"),
        source="pitfalls 43",
        caught_by=("queued-while-unstamped",),
    )

    def shown_outgoing(self, row: Outgoing) -> dict[str, Any]:
        """It is as good as gone."""
        return super().shown_outgoing(row) | ({"state": "sent"} if row.state == "queued" else {})


class GivesUpStamp(Dms):
    """Asks for a stamp once."""

    mutant = Mutant(
        "asks-for-stamp-once",
        Text("gives a document up when no stamp comes", "bỏ luôn văn bản khi không lấy được dấu thời gian"),
        source="pitfalls 43",
        caught_by=("leaves-stamped-after-refusal",),
    )

    async def signed_package(self, letter: Letter) -> Package:
        """No stamp, no document."""
        stamping = await self.stamping()
        try:
            return await super().signed_package(letter)
        except stamping.NotStamped as error:
            raise stamping.ForGood(str(error)) from error


class AnyAnswer(Dms):
    """Takes whatever the authority answers."""

    mutant = Mutant(
        "takes-any-stamp",
        Text("does not compare the nonce of a stamp", "không so nonce của dấu thời gian"),
        source="scenarios KS-06",
        caught_by=("wrong-stamp-not-used",),
    )

    async def stamp_fits(self, query: bytes, token: bytes) -> bool:
        """It will have been meant for us."""
        return True


MUTANTS: tuple[type[Dms], ...] = (
    NeedsFullChain,
    OldFormUnknown,
    NewFormUnknown,
    RefusesSha1Root,
    TrustsSigningTime,
    JudgesToday,
    IgnoresExpiry,
    AnyTimeStamp,
    AnyAuthority,
    IgnoresChanges,
    IgnoresUpdates,
    OneSignatureOnly,
    UnsignedIsValid,
    NoTimestampWait,
    FreezesWithTsa,
    ClerkWaits,
    SaysSent,
    GivesUpStamp,
    AnyAnswer,
)
