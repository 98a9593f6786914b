"""PDF files with signatures as they are met in life, and what was wrong with some: signed, stamped, changed, read.

The shape is that of real documents (observed): the CMS embeds the leaf only, SHA-256 with RSA PKCS #1 v1.5, 8,192
bytes reserved by the old tools (``adbe.pkcs7.detached``) and 32 KB by the new ones (``ETSI.CAdES.detached``), the
time-stamp as an unsigned attribute. ``signing_time`` and the stamp's ``gen_time`` are chosen freely: some tools write
local time into the first, and some people date back. pyHanko is imported on first use.
"""

import asyncio
import hashlib
import io
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from simulator.pki.certificates import Identity

if TYPE_CHECKING:
    from asn1crypto import cms
    from pyhanko.sign.timestamps import TimeStamper

__all__ = ["Seal", "Signed", "changed", "paged_over", "signatures_of", "signed_pdf", "stamper"]

logging.getLogger("pyhanko").addHandler(logging.NullHandler())  # its remarks on damaged files are not for the terminal
SubFilter = Literal["adbe.pkcs7.detached", "ETSI.CAdES.detached"]
_RESERVED: dict[str, int] = {"adbe.pkcs7.detached": 2 * 8192, "ETSI.CAdES.detached": 2 * 32768}


@dataclass(frozen=True, slots=True)
class Seal:
    """How one signature is made. ``tsa`` and ``gen_time`` (None: no stamp); ``field``: its name, another for each."""

    signer: Identity
    signing_time: datetime
    subfilter: SubFilter = "ETSI.CAdES.detached"
    tsa: Identity | None = None
    gen_time: datetime | None = None
    field: str = "ChuKy1"


def signed_pdf(data: bytes, seal: Seal) -> bytes:
    """The PDF with one more signature, as an incremental update. Takes 20 to 80 ms of the processor."""
    with ThreadPoolExecutor(1) as beside:  # pyHanko signs on a loop, and the caller may have one
        return beside.submit(asyncio.run, _signed(data, seal)).result()


async def _signed(data: bytes, seal: Seal) -> bytes:
    from asn1crypto import keys as asn1_keys
    from asn1crypto import x509 as asn1_x509
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    class Desk(signers.PdfSigner):
        """Signs at the moment that it is told."""

        def init_signing_session(self, *arguments: Any, **named: Any) -> Any:
            session = super().init_signing_session(*arguments, **named)
            session.system_time = seal.signing_time
            return session

    certificate = asn1_x509.Certificate.load(_der(seal.signer.certificate))
    key = asn1_keys.PrivateKeyInfo.load(_key(seal.signer))
    desk = Desk(
        signers.PdfSignatureMetadata(
            field_name=seal.field, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter(f"/{seal.subfilter}")
        ),
        signer=signers.SimpleSigner(certificate, key, SimpleCertificateStore()),
        timestamper=stamper(seal.tsa, seal.gen_time) if seal.tsa and seal.gen_time else None,
    )
    reserved = _RESERVED[seal.subfilter]
    written = await desk.async_sign_pdf(IncrementalPdfFileWriter(io.BytesIO(data)), bytes_reserved=reserved)
    return bytes(written.getvalue())


def stamper(tsa: Identity, gen_time: datetime) -> "TimeStamper":
    """Who stamps with that key and that time, whatever the time is."""
    from asn1crypto import keys as asn1_keys
    from asn1crypto import x509 as asn1_x509
    from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

    certificate = asn1_x509.Certificate.load(_der(tsa.certificate))
    key = asn1_keys.PrivateKeyInfo.load(_key(tsa))
    return DummyTimeStamper(certificate, key, fixed_dt=gen_time.replace(microsecond=0))


# ---------------------------------------------------------------- what happens to files afterwards


def changed(data: bytes, old: bytes, new: bytes) -> bytes:
    """The same file with other words in the part that was signed. Raises ValueError: other length, or not found."""
    if len(old) != len(new) or old not in data:
        raise ValueError("the words must stand in the file, and have one length")
    return data.replace(old, new, 1)


def paged_over(data: bytes, text: str) -> bytes:
    """The first page with another text, as an incremental update behind whatever was signed: no signed byte moves."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    page_ref, _ = writer.find_page_for_modification(0)
    page = page_ref.get_object()
    stream = generic.StreamObject(stream_data=f"BT /F1 12 Tf 72 770 Td ({text}) Tj ET".encode("ascii"))
    page[generic.pdf_name("/Contents")] = writer.add_object(stream)
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


# ---------------------------------------------------------------- what a file bears


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature of a file, as its bytes show it; nothing is said of whom to trust.

    ``intact``: the signature fits the bytes that it covers, with the certificate that it brings; ``whole``: these are
    the file as it was then. ``stamped_by``: SHA-256 of the certificate whose key made the time-stamp of exactly this
    signature, "" where there is none or it does not fit; ``nonce``, ``gen_time``: of that stamp.
    """

    subfilter: str
    signer: str
    intact: bool
    whole: bool
    stamped_by: str = ""
    nonce: int | None = None
    gen_time: datetime | None = None


def signatures_of(data: bytes) -> tuple[Signed, ...]:
    """Every signature of a PDF, in the order in which they were made; () for what is no PDF, or cannot be read."""
    if b"/ByteRange" not in data:
        return ()
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        return tuple(map(_read, PdfFileReader(io.BytesIO(data), strict=False).embedded_regular_signatures))
    except Exception:  # whatever a system made of its file: what cannot be read is no signature
        return ()


def _read(signature: Any) -> Signed:
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    try:
        signature.compute_integrity_info(skip_diff=True)
        intact = all(
            validate_sig_integrity(signature.signer_info, signature.signer_cert, "data", signature.compute_digest())
        )
        whole = signature.coverage >= SignatureCoverageLevel.ENTIRE_REVISION
    except SignatureValidationError:
        intact = whole = False
    return Signed(
        subfilter=str(signature.sig_object.get("/SubFilter", "")).lstrip("/"),
        signer=signature.signer_cert.subject.human_friendly,
        intact=intact,
        whole=whole,
        **next(_stamps(signature.signer_info), {}),
    )


def _stamps(signer_info: "cms.SignerInfo") -> Iterator[dict[str, Any]]:
    from pyhanko.sign.general import extract_certificate_info, extract_signer_info
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.generic_cms import extract_tst_data_iter, validate_sig_integrity

    for token in extract_tst_data_iter(signer_info, signed=False):
        content = token["encap_content_info"]["content"]
        info, imprint = content.parsed, content.parsed["message_imprint"]
        digest = partial(hashlib.new, imprint["hash_algorithm"]["algorithm"].native)
        if digest(signer_info["signature"].native).digest() != imprint["hashed_message"].native:
            continue
        certificate = extract_certificate_info(token).signer_cert
        signer = extract_signer_info(token)
        covered = hashlib.new(signer["digest_algorithm"]["algorithm"].native, bytes(content)).digest()
        try:
            good = all(validate_sig_integrity(signer, certificate, "tst_info", covered))
        except SignatureValidationError:
            good = False
        if good:
            yield {
                "stamped_by": hashlib.sha256(certificate.dump()).hexdigest(),
                "nonce": info["nonce"].native,
                "gen_time": info["gen_time"].native,
            }


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def _key(identity: Identity) -> bytes:
    return identity.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
