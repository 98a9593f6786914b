"""In what a packet may differ from the tidy one that our encoder writes: every deviation by a key, and its words.

A combination is a tuple of keys, () the tidy packet. Lawful: XML calls the packet equal (prefix, order, white space,
comments, CDATA, references), or a part is left out that nobody has to write; it must be read like the tidy one.
Doubtful: a reader must choose, and nothing firm says how; it must only not be lost.
"""

from collections.abc import Iterable, Mapping

from simulator.words import Text

__all__ = [
    "ANSWER_CODES", "FACTORS", "FILE_FACTORS", "LENGTHS", "PROGRESS_CODES", "Combination", "factor_of", "length_of",
    "of_row", "phrase", "words",
]  # fmt: skip

Combination = tuple[str, ...]

LENGTHS = (0, 1, 255, 256, 500, 4_000, 60_000)
"""Letters of a reason or a content."""

_WORDS: dict[str, Text] = {
    "other-prefix": Text("another prefix", "tiền tố khác"),
    "no-prefix": Text("default namespace instead of the prefix", "namespace mặc định thay cho tiền tố"),
    "prefix-everywhere": Text("the prefix on the root, too", "cả phần tử gốc cũng có tiền tố"),
    "bom": Text("a byte order mark", "có BOM"),
    "no-declaration": Text("no XML declaration", "không có khai báo XML"),
    "single-quotes": Text("a declaration in single quotes, 'utf-8' in small letters, standalone",
                          "khai báo XML dùng nháy đơn, 'utf-8' viết thường, có standalone"),
    "lf": Text("line ends LF", "ngắt dòng LF"),
    "one-line": Text("all in one line", "viết trên một dòng"),
    "tabs": Text("indented by tabs", "thụt lề bằng tab"),
    "shuffled": Text("MessageHeader in another order", "MessageHeader theo thứ tự khác"),
    "shuffled-inside": Text("the groups (From, Code, SignerInfo …) in another order",
                            "các nhóm (From, Code, SignerInfo …) theo thứ tự khác"),
    "shuffled-outside": Text("TraceHeaderList before MessageHeader, attachments before the envelope",
                             "TraceHeaderList trước MessageHeader, tệp đính kèm trước envelope"),
    "comments": Text("comments between the elements", "có chú thích XML giữa các phần tử"),
    "instructions": Text("processing instructions", "có chỉ thị xử lý XML"),
    "comment-in-text": Text("a comment within a text", "có chú thích XML bên trong chuỗi"),
    "unbound-prefix": Text("xlink without a declaration, as in the SDK's sample", "xlink không khai báo như mẫu SDK"),
    "cdata": Text("texts as CDATA", "chuỗi viết bằng CDATA"),
    "decimal": Text("letters as decimal references (&#…;)", "ký tự viết bằng tham chiếu thập phân (&#…;)"),
    "hexadecimal": Text("letters as hexadecimal references (&#x…;)", "ký tự viết bằng tham chiếu hex (&#x…;)"),
    "base64-64-lf": Text("base64 wrapped at 64, LF", "base64 ngắt dòng ở 64 ký tự, LF"),
    "base64-64-crlf": Text("base64 wrapped at 64, CRLF", "base64 ngắt dòng ở 64 ký tự, CRLF"),
    "base64-76-lf": Text("base64 wrapped at 76, LF", "base64 ngắt dòng ở 76 ký tự, LF"),
    "base64-76-crlf": Text("base64 wrapped at 76, CRLF", "base64 ngắt dòng ở 76 ký tự, CRLF"),
    "base64-indented": Text("base64 wrapped and indented", "base64 ngắt dòng và thụt lề"),
    "blanks": Text("blanks round From and To/OrganId, StatusCode, Timestamp",
                   "dấu cách quanh From, To/OrganId, StatusCode, Timestamp"),
    "lines": Text("From and To/OrganId, StatusCode, Timestamp on lines of their own",
                  "From, To/OrganId, StatusCode, Timestamp nằm trên dòng riêng"),
    **{f"letters-{number}": Text(f"{number} letters of text", f"chuỗi dài {number} ký tự") for number in LENGTHS},
    **{f"code-{code}": Text(f"status {code}", f"trạng thái {code}") for code in
       ("01", "02", "03", "04", "05", "06", "15", "16")},
}  # fmt: skip
_PLACED: dict[str, Text] = {
    "without": Text("without {place}", "thiếu {place}"),
    "twice": Text("{place} twice, with two values", "{place} xuất hiện hai lần, hai giá trị"),
    "nbsp": Text("U+00A0 round {place}", "U+00A0 quanh {place}"),
    "spaced": Text("blanks round {place}", "dấu cách quanh {place}"),
}
"""``key:path``: the deviation at that element."""

FACTORS: dict[str, tuple[str, ...]] = {
    "prefix": ("", "other-prefix", "no-prefix", "prefix-everywhere"),
    "start": ("", "bom", "no-declaration", "single-quotes"),
    "layout": ("", "lf", "one-line", "tabs"),
    "order": ("", "shuffled", "shuffled-inside", "shuffled-outside"),
    "extras": ("", "comments", "instructions", "comment-in-text"),
    "letters": ("", "cdata", "decimal", "hexadecimal"),
    "codes": ("", "blanks", "lines"),
    "length": tuple(f"letters-{number}" for number in LENGTHS),
}
"""Of every packet; "" is how our encoder does it."""
FILE_FACTORS: dict[str, tuple[str, ...]] = FACTORS | {
    "extras": (*FACTORS["extras"], "unbound-prefix"),
    "base64": ("", "base64-64-lf", "base64-64-crlf", "base64-76-lf", "base64-76-crlf", "base64-indented"),
}
"""Of a packet with files."""
PROGRESS_CODES = ("code-01", "code-02", "", "code-04", "code-05", "code-06")
"""03 is the tidy one."""
ANSWER_CODES = ("", "code-16")
"""15 is the tidy one."""

_FACTOR_OF = {key: name for name, keys in FILE_FACTORS.items() for key in keys if key} | {
    key: "code" for key in _WORDS if key.startswith("code-")
}


def of_row(row: Mapping[str, str], *more: str) -> Combination:
    """The deviations of a row of the covering array, and ``more``."""
    return tuple(key for key in (*row.values(), *more) if key)


def factor_of(key: str) -> str:
    """The factor that a deviation belongs to; of one at a place the word before it."""
    return _FACTOR_OF.get(key) or key.partition(":")[0]


def length_of(combination: Iterable[str]) -> int | None:
    """How many letters its text has, None for the usual few."""
    return next((int(key.removeprefix("letters-")) for key in combination if key.startswith("letters-")), None)


def phrase(key: str) -> Text:
    """What is unusual, in words."""
    if key in _WORDS:
        return _WORDS[key]
    kind, _, place = key.partition(":")
    return _PLACED[kind].filled(place="/".join(place.split("/")[-2:]))


def words(combination: Iterable[str]) -> Text:
    """The whole combination in words."""
    texts = [phrase(key) for key in combination]
    if not texts:
        return Text("the tidy form", "dạng chuẩn")
    return Text(en=" + ".join(text.en for text in texts), vi=" + ".join(text.vi for text in texts))
