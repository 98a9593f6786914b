"""The 29 types of administrative documents and their abbreviations (Decree 30/2020 art. 7 and Appendix III).

``Đ`` and ``D`` tell types apart: đề án (ĐA) and dự án (DA), hợp đồng (HĐ) and hướng dẫn (HD). Công văn and thư công
have no abbreviation. Numbers are the place in the list of administrative documents (TypeDetail, partly confirmed).
"""

import unicodedata
from dataclasses import dataclass

__all__ = ["LEGAL_TYPES", "TYPES", "DocType", "folded", "type_named"]


@dataclass(frozen=True, slots=True)
class DocType:
    """One type: its name in words, its abbreviation ("" where it has none)."""

    name: str
    abbreviation: str


TYPES: tuple[DocType, ...] = (
    DocType("Nghị quyết", "NQ"),
    DocType("Quyết định", "QĐ"),
    DocType("Chỉ thị", "CT"),
    DocType("Quy chế", "QC"),
    DocType("Quy định", "QyĐ"),
    DocType("Thông cáo", "TC"),
    DocType("Thông báo", "TB"),
    DocType("Hướng dẫn", "HD"),
    DocType("Chương trình", "CTr"),
    DocType("Kế hoạch", "KH"),
    DocType("Phương án", "PA"),
    DocType("Đề án", "ĐA"),
    DocType("Dự án", "DA"),
    DocType("Báo cáo", "BC"),
    DocType("Biên bản", "BB"),
    DocType("Tờ trình", "TTr"),
    DocType("Hợp đồng", "HĐ"),
    DocType("Công văn", ""),
    DocType("Công điện", "CĐ"),
    DocType("Bản ghi nhớ", "BGN"),
    DocType("Bản thỏa thuận", "BTT"),
    DocType("Giấy ủy quyền", "GUQ"),
    DocType("Giấy mời", "GM"),
    DocType("Giấy giới thiệu", "GGT"),
    DocType("Giấy nghỉ phép", "GNP"),
    DocType("Phiếu gửi", "PG"),
    DocType("Phiếu chuyển", "PC"),
    DocType("Phiếu báo", "PB"),
    DocType("Thư công", ""),
)
LEGAL_TYPES: frozenset[str] = frozenset(
    {
        "hiến pháp", "bộ luật", "luật", "pháp lệnh", "lệnh", "nghị quyết liên tịch", "nghị định", "thông tư",
        "thông tư liên tịch", "bản sao y", "bản trích sao", "bản sao lục", "sao y", "trích sao", "sao lục",
    }
)  # fmt: skip
"""Other names that are no surprise: legal documents, and the three kinds of copies (lower case)."""


def folded(text: str) -> str:
    """``text`` as a careless program leaves it: without marks, đ as d, lower case."""
    plain = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).lower()


def type_named(name: str) -> DocType | None:
    """The type of that name, compared without regard to case and without "(cá biệt)"; None where it is another."""
    wanted = unicodedata.normalize("NFC", name).lower().replace("(cá biệt)", "").strip()
    wanted = wanted.replace("thoả thuận", "thỏa thuận").replace("uỷ quyền", "ủy quyền")
    return next((item for item in TYPES if item.name.lower() == wanted), None)
