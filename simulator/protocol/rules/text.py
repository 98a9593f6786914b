"""The letters themselves: placeholders, lost accents, broken characters (EN-01 … EN-04, HD-37).

These look at every text of the packet. What is not Vietnamese is told by rules of thumb, so those only warn.
"""

import re
import unicodedata
from collections.abc import Iterator

from simulator.protocol.codec import Leaf, Reading
from simulator.protocol.rules.rule import Basis, Breach, Level, Rule, filled, rule, shown
from simulator.words import Text

__all__ = ["RULES"]

_PLACEHOLDERS = frozenset(
    {
        "n/a", "na", "null", "(null)", "none", "nil", "undefined", "nan", "tbd", "todo", "string", "unknown",
        "chưa có", "không có", "không", "chưa xác định", "không xác định", "chua co", "khong co", "trống", "rỗng",
    }
)  # fmt: skip
"""Words that say that there is nothing. 'TEST', 'x' and '-' may be meant: HD-37 does not speak of them."""
_SAID = (
    "MessageHeader/From/OrganName", "MessageHeader/To/OrganName", "MessageHeader/Code/CodeNumber",
    "MessageHeader/Code/CodeNotation", "MessageHeader/PromulgationInfo/Place",
    "MessageHeader/DocumentType/TypeName", "MessageHeader/Subject", "MessageHeader/Content",
    "MessageHeader/SignerInfo/Position", "MessageHeader/SignerInfo/FullName", "MessageHeader/DocumentId",
    "MessageHeader/DueDate", "MessageHeader/ResponseFor/Code", "MessageHeader/ResponseFor/DocumentId",
    "MessageHeader/Description", "TraceHeaderList/Bussiness/BussinessDocReason",
    "TraceHeaderList/Bussiness/DocumentId", "TraceHeaderList/Bussiness/StaffInfo/Staff",
    "AttachmentEncoded/Attachment/AttachmentName",
)  # fmt: skip
_SENTENCES = (
    "MessageHeader/From/OrganName", "MessageHeader/To/OrganName", "MessageHeader/Subject", "MessageHeader/Content",
    "TraceHeaderList/Bussiness/BussinessDocReason", "MessageHeader/Description",
)  # fmt: skip
_ESCAPED = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#x?[0-9A-Fa-f]{1,6});")
_BROKEN = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ufdd0-\ufdef\ufffe\uffff\ue000-\uf8ff]")
_VIETNAMESE_LATIN1 = "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúý"
_LEGACY = re.compile(rf"(?<=[^\W\d_])[^{_VIETNAMESE_LATIN1}\x00-\xa0\u0100-\uffff]")
_SECRET = re.compile(r"(?:\A|[^\w])(TỐI MẬT|TUYỆT MẬT|ĐỘ MẬT|\(MẬT\)|MẬT\s*[:\-–])|\A\s*MẬT\s*\Z")


def _texts(reading: Reading) -> Iterator[tuple[Leaf, str]]:
    return ((leaf, leaf.text) for leaf in reading.leaves if leaf.text.strip())


@rule(
    "placeholder",
    "HD-37",
    level=Level.WARN,
    basis=Basis.OBSERVED,
    title=Text("A field holds what it is about, or nothing", "Trường dữ liệu không chứa chữ thay thế"),
    good="handmade-new.edxml",
)
def placeholder(reading: Reading) -> Iterator[Breach]:
    """N/A, null, 'chưa có' … where data is missing (pitfall 23)."""
    for leaf, text in filled(reading, *_SAID):
        if unicodedata.normalize("NFC", text).lower() in _PLACEHOLDERS:
            yield Breach(
                leaf.path,
                Text(en=f"'{text}' stands for missing data", vi=f"'{text}' được ghi thay cho dữ liệu còn thiếu"),
            )


@rule(
    "accents-lost",
    "HD-37",
    level=Level.WARN,
    basis=Basis.OBSERVED,
    title=Text("Vietnamese keeps its accents", "Tiếng Việt phải có dấu"),
    good="handmade-new.edxml",
)
def accents_lost(reading: Reading) -> Iterator[Breach]:
    """A sentence of five words or more with no letter beyond ASCII; shorter ones may be names of systems."""
    for leaf, text in filled(reading, *_SENTENCES):
        if text.isascii() and len(re.findall(r"[A-Za-z]{2,}", text)) >= 5:
            yield Breach(
                leaf.path,
                Text(en=f"'{shown(text)}' has lost its accents", vi=f"'{shown(text)}' bị mất dấu tiếng Việt"),
            )


@rule(
    "decomposed-letters",
    "EN-03",
    level=Level.WARN,
    basis=Basis.DERIVED,
    title=Text("Vietnamese letters are composed (NFC)", "Chữ tiếng Việt ở dạng dựng sẵn (NFC)"),
)
def decomposed_letters(reading: Reading) -> Iterator[Breach]:
    """TCVN 6909 knows both forms; programs that compare bytes do not."""
    for leaf, text in _texts(reading):
        if not unicodedata.is_normalized("NFC", text):
            yield Breach(
                leaf.path,
                Text(
                    en=f"'{shown(text)}' is not composed (NFC)",
                    vi=f"'{shown(text)}' ở dạng tổ hợp, không phải dựng sẵn",
                ),
            )


@rule(
    "broken-characters",
    "EN-04",
    level=Level.WARN,
    basis=Basis.DERIVED,
    title=Text("No text holds characters that are none", "Văn bản không chứa ký tự hỏng"),
)
def broken_characters(reading: Reading) -> Iterator[Breach]:
    """Control characters, U+FFFD (a letter that was lost), private letters of old fonts."""
    for leaf, text in _texts(reading):
        if found := _BROKEN.search(text):
            code = f"U+{ord(found[0]):04X}"
            yield Breach(leaf.path, Text(en=f"{code} is no letter", vi=f"{code} không phải chữ"))


@rule(
    "escaped-twice",
    "EN-04",
    level=Level.WARN,
    basis=Basis.DERIVED,
    title=Text("Text is escaped once", "Ký tự đặc biệt chỉ mã hóa một lần"),
)
def escaped_twice(reading: Reading) -> Iterator[Breach]:
    """``&amp;amp;`` on the wire shows people ``&amp;``."""
    for leaf, text in _texts(reading):
        if found := _ESCAPED.search(text):
            yield Breach(leaf.path, Text(en=f"people will read '{found[0]}'", vi=f"người đọc sẽ thấy '{found[0]}'"))


@rule(
    "letters-of-an-old-encoding",
    "EN-01",
    level=Level.WARN,
    basis=Basis.LAW,
    title=Text("Text is Unicode, not TCVN3, VNI or UTF-8 read as Latin", "Văn bản là Unicode, không phải TCVN3, VNI"),
    reason=Text(en="told by a rule of thumb", vi="chỉ nhận biết theo dấu hiệu"),
)
def letters_of_an_old_encoding(reading: Reading) -> Iterator[Breach]:
    """Three or more signs after letters that no Vietnamese word has."""
    for leaf, text in _texts(reading):
        if len(_LEGACY.findall(unicodedata.normalize("NFC", text))) >= 3:
            yield Breach(
                leaf.path,
                Text(
                    en=f"'{shown(text)}' looks like an old encoding, or like UTF-8 read as Latin",
                    vi=f"'{shown(text)}' giống bảng mã cũ (TCVN3, VNI) hoặc UTF-8 bị đọc sai",
                ),
            )


@rule(
    "secrecy-mark",
    "SC-01",
    level=Level.WARN,
    basis=Basis.LAW,
    title=Text("A state secret does not travel on the axis", "Không gửi bí mật nhà nước qua Trục"),
    reason=Text(en="told by words in the subject; a person must look", vi="nhận biết qua trích yếu; cần người xem lại"),
)
def secrecy_mark(reading: Reading) -> Iterator[Breach]:
    """MẬT, TỐI MẬT, TUYỆT MẬT as marks, in capitals."""
    for leaf, text in filled(reading, "MessageHeader/Subject", "MessageHeader/Content"):
        if _SECRET.search(unicodedata.normalize("NFC", text)):
            yield Breach(
                leaf.path,
                Text(en="the text bears a mark of secrecy", vi="nội dung có dấu chỉ mức độ mật"),
            )


RULES: tuple[Rule, ...] = (
    placeholder,
    accents_lost,
    decomposed_letters,
    broken_characters,
    escaped_twice,
    letters_of_an_old_encoding,
    secrecy_mark,
)
