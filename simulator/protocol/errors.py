"""The exception tree of the protocol, and the catalogue of the hub's replies.

    ProtocolError
    ├── Malformed          these bytes are no packet that may be read: why, and where
    ├── DamagedAttachment  the packet is readable, one file in it is not
    └── Unsigned           a request whose header signature does not hold (request_signing.py)

Expected refusals of the hub are values (``WireError``), not exceptions.
"""

from dataclasses import dataclass
from enum import StrEnum

from simulator.words import Text

__all__ = ["WIRE_ERRORS", "Damage", "DamagedAttachment", "Malformed", "ProtocolError", "Unsigned", "WireError"]


class ProtocolError(Exception):
    """What a peer sent cannot be used. ``because`` says it to people, in both languages; ``at`` says where."""

    def __init__(self, because: Text, at: str = "") -> None:
        super().__init__(f"{at}: {because.en}" if at else because.en)
        self.because = because
        self.at = at


class Damage(StrEnum):
    """The named ways in which bytes fail to be a packet."""

    EMPTY = "empty"
    NOT_EDXML = "not-edxml"
    LEADING_BYTES = "leading-bytes"
    DOCTYPE = "doctype"
    NOT_WELL_FORMED = "not-well-formed"
    OTHER_ENCODING = "other-encoding"
    TOO_LARGE = "too-large"
    TOO_DEEP = "too-deep"
    TOO_MANY_ELEMENTS = "too-many-elements"
    TOO_MANY_ATTRIBUTES = "too-many-attributes"
    TOO_MANY_ATTACHMENTS = "too-many-attachments"


class Malformed(ProtocolError):
    """Bytes that are no packet. ``damage`` names the way; ``at`` is ``byte N`` or ``line L, column C``."""

    def __init__(self, damage: Damage, because: Text, at: str) -> None:
        super().__init__(because, at)
        self.damage = damage


class DamagedAttachment(ProtocolError):
    """One attachment cannot be read. ``flaw`` names the way, ``name`` the file."""

    def __init__(self, flaw: str, name: str, because: Text) -> None:
        super().__init__(because, name)
        self.flaw = flaw
        self.name = name

    @classmethod
    def replacement_characters(cls, name: str) -> "DamagedAttachment":
        """EF BF BD inside: a binary file was read as text somewhere (seen in the field, 2025)."""
        return cls(
            "replacement-characters",
            name,
            Text(
                en="the base64 text holds EF BF BD: the file was read as text before it was encoded",
                vi="chuỗi base64 chứa EF BF BD: tệp đã bị đọc như văn bản trước khi mã hóa",
            ),
        )

    @classmethod
    def not_base64(cls, name: str) -> "DamagedAttachment":
        """The text is no base64: foreign characters, or padding in the middle."""
        return cls(
            "not-base64",
            name,
            Text(en="the content is no valid base64", vi="nội dung không phải base64 hợp lệ"),
        )

    @classmethod
    def letters_lost(cls, name: str, letters: int) -> "DamagedAttachment":
        """The text is made of the letters of base64, but not of so many: some were lost, or the padding is wrong."""
        return cls(
            "not-base64",
            name,
            Text(
                en=f"no valid base64: {letters} letters, no multiple of 4; letters were lost, or the padding is wrong",
                vi=f"base64 không hợp lệ: {letters} ký tự, không chia hết cho 4; bị mất ký tự hoặc sai phần đệm",
            ),
        )

    @classmethod
    def not_zip(cls, name: str) -> "DamagedAttachment":
        """It begins like a ZIP and is none."""
        return cls(
            "not-zip",
            name,
            Text(en="the archive cannot be read", vi="không đọc được tệp nén"),
        )

    @classmethod
    def encrypted(cls, name: str) -> "DamagedAttachment":
        """A password stands before the file."""
        return cls(
            "encrypted",
            name,
            Text(en="the archive is protected by a password", vi="tệp nén được đặt mật khẩu"),
        )

    @classmethod
    def too_many_entries(cls, name: str, entries: int) -> "DamagedAttachment":
        """More entries than the limit."""
        return cls(
            "too-many-entries",
            name,
            Text(en=f"the archive has {entries} entries", vi=f"tệp nén có {entries} mục"),
        )

    @classmethod
    def unpacked_size(cls, name: str, size: int) -> "DamagedAttachment":
        """Unpacked it would be larger than the limit."""
        return cls(
            "unpacked-size",
            name,
            Text(
                en=f"unpacked the file would have {size} bytes",
                vi=f"giải nén ra tệp sẽ có {size} byte",
            ),
        )

    @classmethod
    def unpacked_ratio(cls, name: str) -> "DamagedAttachment":
        """A bomb by its ratio."""
        return cls(
            "unpacked-ratio",
            name,
            Text(en="the archive unpacks to far more than it holds", vi="tệp nén phình ra quá mức (zip bomb)"),
        )


class Unsigned(ProtocolError):
    """The header signature of a request does not hold. ``reply`` is the hub's line for it."""


@dataclass(frozen=True, slots=True)
class WireError:
    """One line of the hub's catalogue of replies.

    ``code`` and ``desc`` go on the wire: ASCII, because the SDK decodes sendEdoc's answer as US-ASCII
    (wire.md A.0.7). ``meaning`` is for people. The code table is the Lạng Sơn relay's (guide v2.2), the best
    public candidate for the axis's own, **not proved** to be it.
    """

    id: str
    code: str
    desc: str
    meaning: Text

    def __post_init__(self) -> None:
        if not self.desc.isascii():
            raise ValueError(f"{self.id}: ErrorDesc must be ASCII")


WIRE_ERRORS: tuple[WireError, ...] = (
    WireError(
        "bad-file",
        "10",
        "File khong hop le",
        Text(en="the file, or the id it is asked by, is not valid", vi="tệp, hoặc mã dùng để hỏi tệp, không hợp lệ"),
    ),
    WireError(
        "bad-credentials",
        "15",
        "Sai SystemId hoac SecretKey",
        Text(en="unknown system, or a signature that does not hold", vi="sai mã hệ thống hoặc chữ ký không đúng"),
    ),
    WireError(
        "unknown-receiver",
        "18",
        "Don vi nhan khong ton tai",
        Text(en="a receiving unit is not in the directory", vi="đơn vị nhận không có trong danh bạ"),
    ),
    WireError(
        "wrong-sender",
        "19",
        "Don vi gui khong dung voi ma da dang ky",
        Text(
            en="the sending unit does not belong to the calling system",
            vi="đơn vị gửi không đúng với mã đã đăng ký",
        ),
    ),
    WireError(
        "system-error",
        "20",
        "Loi he thong",
        Text(en="the axis could not do its own part", vi="lỗi phía trục"),
    ),
    WireError(
        "file-processing",
        "21",
        "Loi xu ly file",
        Text(en="the bytes do not match their digest or limit", vi="tệp không khớp mã băm hoặc vượt giới hạn"),
    ),
    WireError(
        "bad-format",
        "22",
        "Format edXML khong dung chuan QD 28",
        Text(en="the packet is not edXML of the axis's form", vi="gói tin không đúng định dạng edXML"),
    ),
    WireError(
        "closed-receiver",
        "23",
        "Don vi nhan da khoa",
        Text(en="a receiving unit is closed", vi="đơn vị nhận đã bị khóa"),
    ),
)
"""The whole table; look a line up with ``wire_error(id)`` in the hub's admission."""
