"""What the hub refuses, and with which line of the catalogue of replies: one table. Pure.

Only what makes a packet impossible to route is refused here; everything else that may be wrong with it is the
business of the message rules (lint) and of its receiver. The code table is a relay's, not proved (errors.py).
"""

import unicodedata
from dataclasses import dataclass

from simulator.hub.seals import ABSENT, Seal
from simulator.protocol import names
from simulator.protocol.codec import Outline
from simulator.protocol.errors import WIRE_ERRORS, Damage, Malformed, WireError
from simulator.protocol.package import Kind
from simulator.protocol.profile import Profile

__all__ = ["DAMAGE_REPLIES", "Refusal", "admit", "admit_seal", "folded", "refuse", "refuse_malformed", "wire_error"]

_BY_ID = {line.id: line for line in WIRE_ERRORS}
_LONGEST = 400


def wire_error(error_id: str) -> WireError:
    """The line of the catalogue with that id. Raises KeyError for an id that is not in it."""
    return _BY_ID[error_id]


def folded(text: str) -> str:
    """``text`` as printable ASCII: Vietnamese letters lose their marks, anything else becomes "?" (wire.md A.0.7)."""
    plain = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D"))
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    line = "".join(letter if " " <= letter <= "~" else " " if letter.isspace() else "?" for letter in kept)
    return line if len(line) <= _LONGEST else line[: _LONGEST - 3] + "..."


@dataclass(frozen=True, slots=True)
class Refusal:
    """The hub says no: the line of the catalogue, and the whole ASCII text that goes out as ErrorDesc."""

    error: WireError
    desc: str


def refuse(error_id: str, detail: str = "", *, text: str = "") -> Refusal:
    """A refusal by catalogue id: its own words and ``detail``, or exactly ``text``."""
    error = wire_error(error_id)
    return Refusal(error, folded(text or (f"{error.desc}: {detail}" if detail else error.desc)))


DAMAGE_REPLIES: dict[Damage, str] = {
    Damage.EMPTY: "bad-file",
    Damage.NOT_EDXML: "bad-file",
    Damage.LEADING_BYTES: "bad-format",
    Damage.DOCTYPE: "bad-format",
    Damage.NOT_WELL_FORMED: "bad-format",
    Damage.OTHER_ENCODING: "bad-format",
    Damage.TOO_LARGE: "file-processing",
    Damage.TOO_DEEP: "file-processing",
    Damage.TOO_MANY_ELEMENTS: "file-processing",
    Damage.TOO_MANY_ATTRIBUTES: "file-processing",
    Damage.TOO_MANY_ATTACHMENTS: "file-processing",
}
"""Every named damage and the line that it is refused with."""


def refuse_malformed(damage: Malformed) -> Refusal:
    """The refusal for bytes that are no packet: the reason and the place."""
    return refuse(DAMAGE_REPLIES[damage.damage], f"{damage.because.en} ({damage.at})")


def admit(outline: Outline, message_type: str, profile: Profile) -> Refusal | None:
    """Whether a readable packet may be routed at all; None = yes. The first broken condition is named."""
    contents = outline.contents
    if outline.root != names.ROOT:
        return refuse("bad-format", f"the root element is {outline.root!r}, not {names.ROOT!r}")
    if outline.root_namespace != names.NAMESPACE:
        return refuse("bad-format", f"the root is in the namespace {outline.root_namespace!r}, not {names.NAMESPACE!r}")
    if outline.envelope_namespace not in (None, names.NAMESPACE):
        return refuse("bad-format", f"{names.ENVELOPE} is in the namespace {outline.envelope_namespace!r}")
    if contents is None:
        return refuse("bad-format", f"no {names.ENVELOPE}/{names.HEADER}/{names.MESSAGE_HEADER}")
    if message_type not in (Kind.EDOC, Kind.STATUS):
        return refuse("bad-format", f"messagetype is {message_type!r}, not 'edoc' or 'status'")
    if outline.kind != message_type:
        return refuse("bad-format", f"messagetype is {message_type!r}, but this is a packet of kind {outline.kind!s}")
    if profile.sender_in_package_checked and not contents.sender:
        return refuse("bad-format", "From/OrganId is missing or empty")
    return None if outline.signed else admit_seal(ABSENT, profile)


def admit_seal(seal: Seal, profile: Profile) -> Refusal | None:
    """Whether a packet with such a signature is let in; only a profile that requires one ever says no."""
    if profile.packet_signature != "require" or seal.word not in ("absent", "invalid"):
        return None
    if seal.flaw is None:
        return refuse("bad-format", "the packet has no Signature, and this profile requires one")
    return refuse("bad-format", f"the packet's Signature does not hold: {seal.flaw.en}")
