"""Bytes of an exchange made readable: decoded, long base64 folded, invisible characters shown, cut at a stated size.

What is shown is a help for the eye; the bytes themselves are the blob named by its SHA-256. Nothing here trusts the
content: markup is escaped by the template, control and direction characters are written out.
"""

import base64
import binascii
import gzip
import hashlib
import json
import re
import zlib
from dataclasses import dataclass
from typing import Any

__all__ = ["SHOWN_CHARACTERS", "Shown", "answer_of", "canonical", "inner_packet", "show", "unpacked", "visible"]

SHOWN_CHARACTERS = 8_000
"""Characters of one body that a report shows, after folding."""
_UNPACKED_BYTES = 32 * 1024 * 1024
_FOLDED_FROM = 240
_HEX_BYTES = 256

_BASE64_RUN = re.compile(rf"[A-Za-z0-9+/][A-Za-z0-9+/=\r\n]{{{_FOLDED_FROM},}}")
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]")
_CONTROLS = {code: chr(0x2400 + code) for code in range(32) if code not in (0x09, 0x0A)} | {0x7F: "\u2421"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One body as a report shows it. ``size`` in bytes of the whole; ``form``: xml, json, text, binary or empty."""

    sha256: str
    size: int
    form: str
    text: str
    cut: bool = False
    folded: int = 0


def visible(text: str) -> str:
    """``text`` with control characters as pictures and invisible or direction-changing ones as ``⟦U+202E⟧``."""
    plain = text.replace("\r\n", "\n").translate(_CONTROLS)
    return _INVISIBLE.sub(lambda match: f"⟦U+{ord(match[0]):04X}⟧", plain)


def canonical(data: bytes) -> bytes:
    """A body without the line ends after it: the SDK appends CRLF to a packet (wire.md A.2), and it is one still."""
    return data.rstrip(b"\r\n")


def unpacked(data: bytes, encoding: str) -> bytes:
    """The body without its gzip content coding, if that can be undone within bounds; else as it stands."""
    if encoding.strip().lower() != "gzip" or not data.startswith(b"\x1f\x8b"):
        return data
    try:
        return zlib.decompressobj(wbits=31).decompress(data, _UNPACKED_BYTES)
    except (zlib.error, gzip.BadGzipFile):
        return data


def answer_of(data: bytes) -> dict[str, Any]:
    """The JSON object of an answer, or an empty one."""
    try:
        answer = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def inner_packet(answer: dict[str, Any]) -> bytes | None:
    """The packet that getEdoc answers as base64 in ``data``, or None."""
    encoded = answer.get("data")
    if not isinstance(encoded, str) or not encoded:
        return None
    try:
        return base64.b64decode(encoded)
    except (binascii.Error, ValueError):
        return None


def show(data: bytes, *, limit: int = SHOWN_CHARACTERS) -> Shown:
    """What of ``data`` a report shows; at most about ``limit`` characters."""
    digest, size = hashlib.sha256(data).hexdigest(), len(data)
    if not data:
        return Shown(digest, 0, "empty", "")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode(errors="replace")
        if b"\x00" in data or text.count("\ufffd") > len(text) // 10:
            return Shown(digest, size, "binary", _hex(data[:_HEX_BYTES]), cut=size > _HEX_BYTES)
    folded = 0

    def fold(match: re.Match[str]) -> str:
        nonlocal folded
        folded += 1
        run = match[0]
        return f"{run[:40].strip()} ⟦… base64 {len(run):,} …⟧ {run[-12:].strip()}"

    text = visible(_BASE64_RUN.sub(fold, text))
    return Shown(digest, size, _form(text), text[:limit], cut=len(text) > limit, folded=folded)


def _form(text: str) -> str:
    start = text.lstrip()[:1]
    return {"<": "xml", "{": "json", "[": "json"}.get(start, "text")


def _hex(data: bytes) -> str:
    rows = (data[at : at + 16] for at in range(0, len(data), 16))
    return "\n".join(
        f"{number * 16:06x}  {row.hex(' '):<47}  {''.join(chr(b) if 32 <= b < 127 else '.' for b in row)}"
        for number, row in enumerate(rows)
    )
