"""The ``XroadVnpt-*`` header signature, both ways (wire.md A.0.3, A.1). Pure.

    signed  = {"XroadVnpt-<k>": "<v>", …} as compact JSON      -> XroadVnpt-sign-header
    hash    = lowercase hex of HMAC-SHA256(UTF-8 secret, UTF-8 JSON) -> XroadVnpt-hash-header

The body is covered by ``hash-file`` alone: SHA-256 in hex *without zero padding* (``file_hash``). Method and
path are not signed. HTTP servers fold the case of header names, so a server takes the arguments from the
signed JSON, never from the headers beside it: ``docId`` and ``docid`` are two arguments.
"""

import functools
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulator.clock import VIETNAM
from simulator.protocol.errors import Unsigned
from simulator.wire import Headers, Request
from simulator.words import Text

__all__ = [
    "PREFIX",
    "SignedArguments",
    "file_hash",
    "header_timestamp",
    "read",
    "sign",
    "system_id",
    "unpadded",
    "verify",
]

PREFIX = "XroadVnpt-"
USER_AGENT = b"JAVASDKAgent/1.0.0 XRoad/VPCP"
VERSION = b"3.0.201608"
_PAIRS = json.JSONDecoder(object_pairs_hook=tuple).decode


def file_hash(data: bytes) -> str:
    """SHA-256 as ``Integer.toHexString(b & 0xFF)`` prints it: bytes below 0x10 lose their zero."""
    return unpadded(hashlib.sha256(data).hexdigest())


def unpadded(digest: str) -> str:
    """A digest in padded hexadecimal as the SDK writes it."""
    return (" " + bytes.fromhex(digest).hex(" ")).replace(" 0", " ").replace(" ", "")


def header_timestamp(moment: datetime) -> str:
    """``ddMMyyyy'T'HHmmss+SSSS``; the part behind + is milliseconds, no zone."""
    local = moment.astimezone(VIETNAM)
    return f"{local:%d%m%YT%H%M%S}+{local.microsecond // 1000:04}"


def _java_json(members: Mapping[str, str]) -> str:
    """Gson's compact form: no spaces, nothing escaped that JSON does not ask for but U+2028 and U+2029."""
    text = json.dumps(members, ensure_ascii=False, separators=(",", ":"))
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def sign(arguments: Mapping[str, str], *, system_id: str, secret: str, timestamp: str, content_type: str) -> Headers:
    """The headers of one call, as the SDK sends them: each argument prefixed, then the three signature headers."""
    members = {"systemid": system_id, **arguments, "timestamp": timestamp, "Content-Type": content_type}
    signed = _java_json({PREFIX + name: value for name, value in members.items()})
    digest = hmac.digest(secret.encode(), signed.encode(), "sha256").hex()
    return (
        ("Content-Type", content_type.encode()),
        *((PREFIX + name, value.encode()) for name, value in members.items()),
        (PREFIX + "sign-header-key", ";".join(members).encode()),
        (PREFIX + "sign-header", signed.encode()),
        (PREFIX + "hash-header", digest.encode()),
        ("User-Agent", USER_AGENT),
        (PREFIX + "version", VERSION),
    )


@dataclass(frozen=True, slots=True)
class SignedArguments:
    """The members of the signed JSON, exact case, without the prefix."""

    members: tuple[tuple[str, str], ...]

    def get(self, name: str) -> str | None:
        """The argument of exactly that name, or None."""
        for key, value in self.members:
            if key == name:
                return value
        return None


def system_id(request: Request) -> str:
    """Who says to be calling: the header ``XroadVnpt-systemid``. Raises Unsigned where it is missing."""
    value = request.first(PREFIX + "systemid")
    if not value:
        raise Unsigned(
            Text(en="the header XroadVnpt-systemid is missing", vi="thiếu header XroadVnpt-systemid"),
            PREFIX + "systemid",
        )
    return value.decode("utf-8", "replace")


def verify(request: Request, secret: str, *, headers_must_match: bool = True) -> SignedArguments:
    """Check the signature over the raw bytes received and give the signed arguments.

    Raises Unsigned: a signature header missing, not the HMAC of the JSON, JSON that is no flat object of texts,
    a member that disagrees with the header sent beside it. The age of the timestamp is never looked at.
    """
    raw = request.first(PREFIX + "sign-header")
    digest = request.first(PREFIX + "hash-header")
    if raw is None or digest is None:
        missing = PREFIX + ("sign-header" if raw is None else "hash-header")
        raise Unsigned(Text(en=f"the header {missing} is missing", vi=f"thiếu header {missing}"), missing)
    expected = hmac.digest(secret.encode(), raw, "sha256").hex().encode()
    if not hmac.compare_digest(expected, digest.strip().lower()):
        if not raw.isascii():
            because = Text(
                en="the signed header holds letters that are not ASCII, which this client cannot send unchanged",
                vi="header đã ký chứa ký tự không phải ASCII, máy khách này không gửi nguyên vẹn được",
            )
        else:
            because = Text(
                en="the signature is not the HMAC-SHA256 of XroadVnpt-sign-header under this system's secret",
                vi="chữ ký không phải HMAC-SHA256 của XroadVnpt-sign-header với khóa của hệ thống này",
            )
        raise Unsigned(because, PREFIX + "hash-header")
    arguments = read(raw)
    if headers_must_match:
        _check_beside(request, arguments)
    return arguments


def read(raw: bytes) -> SignedArguments:
    """The members of ``XroadVnpt-sign-header``. Raises Unsigned where it is no flat JSON object of texts."""
    try:
        plain = raw[:2] == b'{"'  # nearly always; else whatever encoding JSON may come in
        pairs = _PAIRS(raw.decode("utf-8" if plain else json.detect_encoding(raw), "surrogatepass"))
    except (ValueError, RecursionError):
        pairs = None
    members = _members(pairs) if isinstance(pairs, tuple) else None
    if members is None:
        raise Unsigned(
            Text(
                en="XroadVnpt-sign-header is no flat JSON object of XroadVnpt-* texts",
                vi="XroadVnpt-sign-header không phải đối tượng JSON phẳng gồm các chuỗi XroadVnpt-*",
            ),
            PREFIX + "sign-header",
        )
    return SignedArguments(members)


def _members(pairs: tuple[Any, ...]) -> tuple[tuple[str, str], ...] | None:
    """The pairs without the prefix; None where one is no pair, no text, or without it."""
    members = []
    for pair in pairs:
        if not isinstance(pair, tuple) or not isinstance(pair[1], str) or (name := _bare(pair[0])) is None:
            return None
        members.append((name, pair[1]))
    return tuple(members)


@functools.lru_cache(1024)  # the same names come with every request
def _bare(name: str) -> str | None:
    return name[len(PREFIX) :] if name.startswith(PREFIX) else None


@functools.lru_cache(1024)
def _prefixed(name: str) -> str:
    return PREFIX + name


def _check_beside(request: Request, arguments: SignedArguments) -> None:
    for name, value in arguments.members:
        beside = request.all(_prefixed(name))
        # The header may be gone (a proxy dropped it); present, it must say what was signed.
        if not beside or beside[0] == value.encode():
            continue
        if value.strip().encode() not in [each.strip() for each in beside]:
            raise Unsigned(
                Text(
                    en=f"the header XroadVnpt-{name} is not the one that was signed",
                    vi=f"header XroadVnpt-{name} khác với giá trị đã ký",
                ),
                PREFIX + name,
            )
