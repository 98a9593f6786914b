"""Signing one PDF with a time-stamp: the part that needs pyHanko, imported with the first order to sign.

The shape is that of new tools: ``ETSI.CAdES.detached``, SHA-256, the leaf only, the stamp as an unsigned attribute
(RFC 3161, 5652, 5816), 32 KB reserved, so that nothing is asked of the TSA but the one stamp.
"""

import io
from collections.abc import Awaitable, Callable
from pathlib import Path

from asn1crypto import cms, core, keys, pem, tsp, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

__all__ = ["ForGood", "NotStamped", "fitting", "granted", "signed"]

_RESERVED = 2 * 32 * 1024
_FOR_GOOD = frozenset({"bad_alg", "bad_request", "bad_data_format", "unaccepted_policy", "unaccepted_extension"})

Exchange = Callable[[bytes], Awaitable[bytes]]
"""An encoded query to the TSA, answered by the encoded token that may be used. Raises NotStamped, ForGood."""


class NotStamped(Exception):
    """There is no usable time-stamp now; later there may be one."""


class ForGood(Exception):
    """It can never be signed or stamped; the text says why."""


class _Stamps(TimeStamper):
    def __init__(self, exchange: Exchange) -> None:
        super().__init__(include_nonce=True)  # type: ignore[no-untyped-call]
        self._exchange = exchange

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        _, query = self.request_cms(message_digest, md_algorithm)  # type: ignore[no-untyped-call]
        return cms.ContentInfo.load(await self._exchange(query.dump()))


async def signed(data: bytes, folder: Path, exchange: Exchange) -> bytes:
    """The PDF with one more signature by ``signer.pem`` of that folder, stamped. Raises NotStamped, ForGood."""
    try:
        signer = signers.SimpleSigner(
            x509.Certificate.load(_pem(folder / "signer.pem")),
            keys.PrivateKeyInfo.load(_pem(folder / "signer-key.pem")),
            SimpleCertificateStore(),
        )
        taken = {name for name, *_ in fields.enumerate_sig_fields(PdfFileReader(io.BytesIO(data), strict=False))}
        number = next(number for number in range(1, len(taken) + 2) if f"ChuKy{number}" not in taken)
        settings = signers.PdfSignatureMetadata(
            field_name=f"ChuKy{number}", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
        )
        desk = signers.PdfSigner(settings, signer=signer, timestamper=_Stamps(exchange))
        writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
        return bytes((await desk.async_sign_pdf(writer, bytes_reserved=_RESERVED)).getvalue())
    except (PdfError, SigningError, OSError, ValueError, TypeError, KeyError) as error:
        raise ForGood(f"{type(error).__name__}: {error}") from error


def granted(reply: bytes) -> bytes:
    """The encoded token of a TSA's reply. Raises NotStamped; ForGood where the query itself was refused."""
    try:
        answer = tsp.TimeStampResp.load(reply, strict=True)
        status = answer["status"]["status"].native
        reasons = set(answer["status"]["fail_info"].native or ())
        token = answer["time_stamp_token"]
    except (ValueError, TypeError, KeyError) as error:
        raise NotStamped(f"no time-stamp reply: {error}") from error
    if reasons & _FOR_GOOD:
        raise ForGood(", ".join(sorted(reasons)))
    if status not in ("granted", "granted_with_mods") or isinstance(token, core.Void):
        raise NotStamped(f"the TSA answered {status} {', '.join(sorted(reasons))}")
    return bytes(token.dump())


def fitting(query: bytes, token: bytes) -> bool:
    """Whether a token answers that very query: its nonce, and its digest (RFC 3161, 2.4.2)."""
    try:
        asked = tsp.TimeStampReq.load(query, strict=True)
        info = cms.ContentInfo.load(token)["content"]["encap_content_info"]["content"].parsed
        return bool(
            info["nonce"].native == asked["nonce"].native
            and info["message_imprint"].dump() == asked["message_imprint"].dump()
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return False


def _pem(path: Path) -> bytes:
    return bytes(pem.unarmor(path.read_bytes())[2])
