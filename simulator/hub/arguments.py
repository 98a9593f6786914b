"""Arguments and bodies of wire requests, as the clients of the wild write them (wire.md A.1, A.2). Pure."""

import base64
import binascii
import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from simulator.clock import VIETNAM
from simulator.hub.admission import Refusal, refuse
from simulator.protocol import request_signing
from simulator.protocol.codec import read_date
from simulator.wire import Request

__all__ = [
    "Call",
    "Refuses",
    "check_age",
    "claimed_system",
    "file_of",
    "fits",
    "json_object",
    "message_type",
    "moment",
    "not_the_file",
    "recipients",
    "text_member",
]

_TIMESTAMP_AGE = timedelta(hours=24)
_BASE64 = re.compile(rb"[A-Za-z0-9+/\r\n]+={0,2}[\r\n]*\Z")


@dataclass(frozen=True, slots=True)
class Call:
    """A request whose signature held."""

    system_id: str
    arguments: request_signing.SignedArguments
    request: Request

    def get(self, *names: str) -> str:
        """The first of the named arguments that is there and not empty, else ""."""
        for name in names:
            if value := self.arguments.get(name):
                return value
        return ""


class Refuses(Exception):
    """An expected refusal, found deep in reading and caught in one place. ``sender``: the unit that was claimed."""

    def __init__(self, refusal: Refusal, sender: str | None = None) -> None:
        super().__init__(refusal.desc)
        self.refusal = refusal
        self.sender = sender


def claimed_system(request: Request) -> str:
    """Who the request says is calling, proved or not; "" where it says nothing."""
    claimed = request.first(request_signing.PREFIX + "systemid") or b""
    return claimed.decode("utf-8", "replace")


def check_age(timestamp: str, now: datetime) -> None:
    """Only for profiles that look at the header timestamp: it must be of the last 24 hours. Raises Refuses."""
    match = re.match(r"(\d{8}T\d{6})", timestamp)
    try:
        sent = datetime.strptime(match[1] if match else "", "%d%m%YT%H%M%S").replace(tzinfo=VIETNAM)
    except ValueError:
        raise Refuses(refuse("bad-credentials", f"timestamp {timestamp!r} cannot be read")) from None
    if abs(now - sent) > _TIMESTAMP_AGE:
        raise Refuses(refuse("bad-credentials", f"timestamp {timestamp} is older than this profile allows"))


def message_type(call: Call) -> str | None:
    """The wanted type of a list, None = both. Raises Refuses for any other word."""
    text = call.get("messagetype").strip().lower()
    if text not in ("", "edoc", "status"):
        raise Refuses(refuse("bad-format", f"messagetype is {text!r}, not 'edoc' or 'status'"))
    return text or None


def moment(name: str, text: str) -> datetime | None:
    """A date filter: ``dd/MM/yyyy HH:mm:ss`` (wire.md A.2); ISO forms and dates alone are read too.

    Raises Refuses for what cannot be read.
    """
    text = text.strip()
    if not text:
        return None
    for form in ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=VIETNAM)
        except ValueError:
            continue
    if day := read_date(text):
        return datetime(day.year, day.month, day.day, tzinfo=VIETNAM)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Refuses(refuse("bad-file", f"{name} is {text!r}, not dd/MM/yyyy HH:mm:ss")) from None
    return found if found.tzinfo else found.replace(tzinfo=VIETNAM)


def recipients(argument: str | None) -> tuple[str, ...]:
    """The argument ``to``: a JSON array of texts, a JSON text (with its quotes on the wire), or a bare code.

    Raises Refuses for an array of anything but texts.
    """
    if argument is None or not argument.strip():
        return ()
    try:
        value = json.loads(argument)
    except (ValueError, RecursionError):
        value = argument
    if isinstance(value, list):
        if not all(isinstance(each, str) for each in value):
            raise Refuses(refuse("bad-format", "to is no JSON array of unit codes"))
        return tuple(each for each in value if each.strip())
    # A bare code may look like another JSON value (020100107370): then its text is what was meant.
    text = value if isinstance(value, str) else argument
    return (text.strip(),) if text.strip() else ()


def json_object(body: bytes) -> dict[str, Any]:
    """The body as a JSON object. Raises Refuses."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise Refuses(refuse("bad-file", "the body is no JSON object"))
    return value


def text_member(body: dict[str, Any], name: str) -> str:
    """A member as text; "" where it is missing, null or no single value."""
    value = body.get(name)
    return "" if value is None or isinstance(value, dict | list) else str(value).strip()


def file_of(body: bytes, claimed: str) -> tuple[bytes, str] | Refusal:
    """The file inside sendEdoc's body, proved by ``hash-file``, and its SHA-256.

    The SDK sends the file and one CRLF; the digest is over the file (wire.md A.1). Without that CRLF, or with a digest
    in the padded form, the file is taken as well, and so is a body that is the base64 text of the file.
    """
    wanted = claimed.strip().lower()
    if not wanted:
        return refuse("file-processing", "the signed argument hash-file is missing")
    stripped = body[:-2] if body.endswith(b"\r\n") else body
    for data in (stripped, body) if stripped is not body else (body,):
        digest = _sha(data)
        if fits(digest, wanted):
            decoded = _decoded(data)
            return (data, digest) if decoded is None else (decoded, _sha(decoded))
    decoded = _decoded(stripped)
    if decoded is not None and fits(digest := _sha(decoded), wanted):
        return decoded, digest
    return not_the_file(len(stripped))


def not_the_file(size: int) -> Refusal:
    """The refusal of a body of so many bytes whose digest is another."""
    return refuse("file-processing", f"hash-file is not the SHA-256 of the {size} bytes received")


def fits(digest: str, claimed: str) -> bool:
    """Whether ``hash-file`` is this SHA-256 (hexadecimal), in the SDK's form without zeros or in the padded one."""
    wanted = claimed.strip().lower()
    return wanted in (request_signing.unpadded(digest), digest)


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _decoded(text: bytes) -> bytes | None:
    """The XML that a base64 text stands for, or None where it is no such text."""
    if text[:1] == b"<" or not _BASE64.match(text):
        return None
    try:
        data = base64.b64decode(text)
    except (binascii.Error, ValueError):
        return None
    return data if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else None
