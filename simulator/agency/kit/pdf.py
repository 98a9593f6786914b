"""How the reference system verifies the signatures within a PDF file. pyHanko is imported with the first signed one.

Real files bring the leaf only, so the chain is built from the certificates that are installed here; a root is trusted
because it is installed, whatever its own signature was made with. A signature is judged at the moment that a trusted
time-stamp bears, else at the moment of arrival; the time that the signer wrote himself decides nothing (some tools
write local time there, +7 h). Every question is a method of its own.
"""

import asyncio
import io
import logging
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from simulator.agency.kit.office import Office

if TYPE_CHECKING:
    from asn1crypto import x509
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
    from pyhanko_certvalidator import ValidationContext

__all__ = ["PdfSignatures"]

logging.getLogger("pyhanko").addHandler(logging.NullHandler())  # its remarks on damaged files are not for the terminal
_T = TypeVar("_T")
_SUBFILTERS = frozenset({"/adbe.pkcs7.detached", "/ETSI.CAdES.detached"})
_TOLERANCE = timedelta(minutes=10)


class PdfSignatures(Office):
    """Verifying PDF files; every step can be replaced alone."""

    def pdf_signature(self, data: bytes) -> str:
        """``absent``, ``unchecked`` (no certificates installed here), ``valid``: all of them hold, else ``invalid``."""
        if b"%PDF" not in data[:1024] or b"/ByteRange" not in data:
            return "absent"
        if self.config.trust is None:
            return "unchecked"
        try:
            found = self.pdf_signatures_in(data)
            if not found:
                return "absent"
            return "valid" if all(map(self.pdf_signature_holds, found)) else "invalid"
        except Exception as error:  # whatever a peer sent: what cannot be verified is not valid
            self.note("", f"a PDF signature could not be read: {type(error).__name__}: {error}")
            return "invalid"

    def pdf_signatures_in(self, data: bytes) -> "list[EmbeddedPdfSignature]":
        """Every signature of the file, oldest first: the leader's, then the organ's."""
        from pyhanko.pdf_utils.reader import PdfFileReader

        return list(PdfFileReader(io.BytesIO(data), strict=False).embedded_regular_signatures)

    def pdf_signature_holds(self, signature: "EmbeddedPdfSignature") -> bool:
        """Public key, certificate and integrity (TT 41/2017): one signature of the file is good."""
        if str(signature.sig_object.get("/SubFilter")) not in _SUBFILTERS:
            return False
        if not (self.pdf_bytes_are_signed(signature) and self.pdf_stands_unaltered(signature)):
            return False
        return self.pdf_chain_holds(signature, self.pdf_moment(signature))

    # ---------------------------------------------------------------- integrity

    def pdf_bytes_are_signed(self, signature: "EmbeddedPdfSignature") -> bool:
        """Whether the signature fits the bytes that it covers, and its own certificate."""
        from pyhanko.sign.validation.errors import SignatureValidationError
        from pyhanko.sign.validation.generic_cms import validate_sig_integrity

        digest = signature.compute_digest()
        try:
            return all(validate_sig_integrity(signature.signer_info, signature.signer_cert, "data", digest))
        except SignatureValidationError:
            return False

    def pdf_stands_unaltered(self, signature: "EmbeddedPdfSignature") -> bool:
        """Whether nothing was added behind it but what may be: a further signature, never other content."""
        from pyhanko.sign.validation.status import SignatureCoverageLevel

        signature.compute_integrity_info()
        found = signature.summarise_integrity_info()
        return found["coverage"] >= SignatureCoverageLevel.ENTIRE_REVISION and bool(found.get("docmdp_ok"))

    # ---------------------------------------------------------------- when

    def pdf_moment(self, signature: "EmbeddedPdfSignature") -> datetime:
        """The moment at which the certificate had to be valid: the time-stamp's, else now."""
        return self.pdf_stamped_at(signature) or self.now()

    def pdf_stamped_at(self, signature: "EmbeddedPdfSignature") -> datetime | None:
        """The time in a time-stamp of this very signature that can be trusted, None where there is none."""
        from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

        for token in extract_tst_data_iter(signature.signer_info, signed=False):
            moment: datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
            if moment <= self.now() + _TOLERANCE and self.pdf_stamp_is_trusted(signature, token, moment):
                return moment
        return None

    def pdf_stamp_is_trusted(self, signature: "EmbeddedPdfSignature", token: Any, moment: datetime) -> bool:
        """Whether a TSA below our roots made that token, then valid, for exactly this signature."""
        from pyhanko.sign.validation.generic_cms import message_imprint_checker, validate_tst_signed_data
        from pyhanko.sign.validation.status import TimestampSignatureStatus

        imprint = message_imprint_checker(signature.signer_info)
        found = _done(validate_tst_signed_data(token, self.pdf_context(signature, moment), imprint))
        status = TimestampSignatureStatus(**found)
        return bool(status.valid and status.intact and status.trusted)

    # ---------------------------------------------------------------- whose

    def pdf_chain_holds(self, signature: "EmbeddedPdfSignature", moment: datetime) -> bool:
        """Whether the signer's certificate leads to one of our roots, all of them valid at that moment."""
        from pyhanko_certvalidator import CertificateValidator
        from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError

        validator = CertificateValidator(signature.signer_cert, validation_context=self.pdf_context(signature, moment))
        try:
            _done(validator.async_validate_usage({"digital_signature"}))
        except (PathBuildingError, PathValidationError):
            return False
        return True

    def pdf_context(self, signature: "EmbeddedPdfSignature", moment: datetime) -> "ValidationContext":
        """What a chain is judged by: our roots, the authorities between, the moment; no network is asked."""
        from pyhanko_certvalidator import ValidationContext

        return ValidationContext(
            trust_roots=self.pdf_roots(),
            other_certs=self.pdf_authorities(signature),
            moment=moment,
            allow_fetching=False,
        )

    def pdf_roots(self) -> "list[x509.Certificate]":
        """The roots that are installed; how they signed themselves is of no matter."""
        return self.installed("root-*.pem")

    def pdf_authorities(self, signature: "EmbeddedPdfSignature") -> "list[x509.Certificate]":
        """Who may stand between leaf and root: the authorities installed here, and those that the file brings."""
        return [*self.installed("sub-ca-*.pem"), *signature.other_embedded_certs]

    def installed(self, pattern: str) -> "list[x509.Certificate]":
        """The certificates of the trust folder of that name."""
        folder = self.config.trust
        return [] if folder is None else [_certificate(path) for path in sorted(folder.glob(pattern))]


def _certificate(path: Path) -> "x509.Certificate":
    from asn1crypto import pem, x509

    return x509.Certificate.load(pem.unarmor(path.read_bytes())[2])


def _done(work: Coroutine[Any, Any, _T]) -> _T:
    """The result of a verification: written to wait for networks, it never does here; it needs a loop of its own."""
    with ThreadPoolExecutor(1) as beside:
        return beside.submit(asyncio.run, work).result()
