"""What a clerk orders (``POST /control/send``), as one value; and the sentences with which an order is refused.

The order is taken as it was typed: nothing is filled in, shortened or corrected here.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from simulator.words import Text

__all__ = ["DOCUMENT_TYPES", "LONGEST", "REFUSALS", "Order", "Refused", "plain_type"]


class Refused(Exception):
    """The system itself will not do this; ``because`` says why (422 of the control API)."""

    def __init__(self, because: Text) -> None:
        super().__init__(because.en)
        self.because = because


REFUSALS: dict[str, Text] = {
    "form": Text("{name}: not of the form that was asked for", "{name}: không đúng dạng yêu cầu"),
    "secrecy": Text(
        "secrecy mark '{mark}': state secrets never travel over the Axis (Decision 28/2018 art. 1.2)",
        "độ mật '{mark}': văn bản bí mật nhà nước không gửi qua Trục (QĐ 28/2018 điều 1.2)",
    ),
    "missing": Text("missing: {names}; nothing is filled in for it", "thiếu: {names}; hệ thống không tự điền thay"),
    "date": Text("{name} '{text}' is no calendar date yyyy-MM-dd", "{name} '{text}' không phải ngày dạng yyyy-MM-dd"),
    "future": Text("the date of issue lies in the future", "ngày ban hành ở trong tương lai"),
    "number": Text("number '{number}': numbers begin at 01", "số '{number}': số văn bản bắt đầu từ 01"),
    "notation": Text(
        "notation '{notation}': groups are joined by '-' without blanks (Decree 30/2020 annex I)",
        "ký hiệu '{notation}': các nhóm nối bằng '-' không cách chữ (NĐ 30/2020 phụ lục I)",
    ),
    "taken": Text(
        "number {code} was already given this year (Decree 30/2020 art. 15)",
        "số {code} đã được cấp trong năm (NĐ 30/2020 điều 15)",
    ),
    "type": Text(
        "'{name}' is none of the 29 types of Decree 30/2020 art. 7",
        "'{name}' không thuộc 29 loại văn bản của NĐ 30/2020 điều 7",
    ),
    "priority": Text("priority {value}: only 0, 1, 2, 3", "độ khẩn {value}: chỉ có 0, 1, 2, 3"),
    "long": Text("{name}: {length} characters, at most {limit}", "{name}: {length} ký tự, tối đa {limit}"),
    "letters": Text("a text cannot stand in a package: {detail}", "có chuỗi không đưa vào gói tin được: {detail}"),
    "self": Text("a document is not sent to its own sender", "không gửi văn bản cho chính đơn vị gửi"),
    "unknown-unit": Text("no unit {code} in the directory", "không có đơn vị {code} trong danh bạ"),
    "closed-unit": Text("the unit {code} is closed", "đơn vị {code} đã bị khóa"),
    "attachment": Text("attachment '{name}': {detail}", "tệp đính kèm '{name}': {detail}"),
    "package": Text(
        "the package would have {size} bytes, at most {limit}", "gói tin sẽ có {size} byte, tối đa {limit}"
    ),
    "kind": Text("kind '{kind}' is unknown", "không có loại nghiệp vụ '{kind}'"),
    "reason": Text("a reason is needed", "phải nêu lý do"),
    "target": Text(
        "'{document_id}' is no document of ours that was sent and still stands",
        "'{document_id}' không phải văn bản đã gửi còn hiệu lực của đơn vị",
    ),
    "no-receiver-of-it": Text("{code} did not receive that document", "{code} không nhận văn bản đó"),
    "no-signer": Text(
        "nothing to sign with: a key (signer) and a time-stamp authority (tsa) must be configured",
        "không ký số được: phải cấu hình khóa ký (signer) và máy chủ cấp dấu thời gian (tsa)",
    ),
    "nothing-to-sign": Text("there is no PDF to sign", "không có tệp PDF để ký số"),
    "unsignable": Text("it cannot be signed: {detail}", "không ký số được: {detail}"),
    "axis": Text("the axis refused it: {code} {desc}", "trục từ chối: {code} {desc}"),
}
"""Every sentence; the places in braces are filled where one is used."""

DOCUMENT_TYPES: tuple[str, ...] = (
    "Nghị quyết (cá biệt)", "Quyết định (cá biệt)", "Chỉ thị", "Quy chế", "Quy định", "Thông cáo", "Thông báo",
    "Hướng dẫn", "Chương trình", "Kế hoạch", "Phương án", "Đề án", "Dự án", "Báo cáo", "Biên bản", "Tờ trình",
    "Hợp đồng", "Công văn", "Công điện", "Bản ghi nhớ", "Bản thỏa thuận", "Giấy ủy quyền", "Giấy mời",
    "Giấy giới thiệu", "Giấy nghỉ phép", "Phiếu gửi", "Phiếu chuyển", "Phiếu báo", "Thư công",
)  # fmt: skip
"""The 29 administrative types (NĐ 30/2020 art. 7)."""

LONGEST: dict[str, int] = {
    "code_number": 11, "code_notation": 30, "subject": 500, "place": 50, "type_name": 100,
    "competence": 100, "position": 100, "full_name": 50,
}  # fmt: skip
"""Characters of each text (NĐ 30/2020 PL VI; place: observed in products)."""


def plain_type(name: str) -> str:
    """A type's name for comparison: NFC, no case, without "(cá biệt)"."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().replace("(cá biệt)", "").split())


@dataclass(frozen=True, slots=True)
class Order:
    """One order to send. Texts as typed; "" where nothing was given."""

    kind: str = "new"
    to: tuple[str, ...] = ()
    code_number: str = ""
    code_notation: str = ""
    promulgation_date: str = ""
    place: str = ""
    type_name: str = ""
    subject: str = ""
    content: str = ""
    priority: int = 0
    due_date: str = ""
    competence: str = ""
    position: str = ""
    full_name: str = ""
    attachments: tuple[tuple[str, str], ...] = ()
    refers_to: str = ""
    reason: str = ""
    secrecy: str = ""
    sign: bool = False

    @classmethod
    def parse(cls, members: Mapping[str, Any]) -> "Order":
        """Read the JSON of the control call. Raises Refused where a member has the wrong type."""
        signer = members.get("signer") or {}
        if not isinstance(signer, Mapping):
            raise Refused(REFUSALS["form"].filled(name="signer"))
        return cls(
            kind=_text(members, "kind") or "new",
            to=tuple(_text({"to": each}, "to") for each in _list(members, "to")),
            **{name: _text(members, name) for name in _TEXTS},
            **{name: _text(signer, name) for name in ("competence", "position", "full_name")},
            priority=_priority(members.get("priority")),
            sign=_flag(members, "sign"),
            attachments=tuple(_attachment(each) for each in _list(members, "attachments")),
        )

    @property
    def issued(self) -> date:
        """The date of issue. Raises Refused where it is no calendar date."""
        return _date("promulgation_date", self.promulgation_date)

    @property
    def due(self) -> date | None:
        """The deadline, None where none was given. Raises Refused where it is no calendar date."""
        return _date("due_date", self.due_date) if self.due_date else None


_TEXTS = (
    "code_number", "code_notation", "promulgation_date", "place", "type_name", "subject", "content", "due_date",
    "refers_to", "reason", "secrecy",
)  # fmt: skip


def _text(members: Mapping[str, Any], name: str) -> str:
    value = members.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Refused(REFUSALS["form"].filled(name=name))
    return str(value).strip()


def _list(members: Mapping[str, Any], name: str) -> list[Any]:
    value = members.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise Refused(REFUSALS["form"].filled(name=name))
    return value


def _priority(value: object) -> int:
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int) or value not in range(4):
        raise Refused(REFUSALS["priority"].filled(value=value))
    return value


def _flag(members: Mapping[str, Any], name: str) -> bool:
    value = members.get(name)
    if not isinstance(value, bool | None):
        raise Refused(REFUSALS["form"].filled(name=name))
    return bool(value)


def _attachment(value: object) -> tuple[str, str]:
    if not isinstance(value, Mapping) or not isinstance(value.get("content_base64"), str):
        raise Refused(REFUSALS["form"].filled(name="attachments"))
    return _text(value, "name"), value["content_base64"]


def _date(name: str, text: str) -> date:
    try:
        if len(text) != 10:
            raise ValueError
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused(REFUSALS["date"].filled(name=name, text=text)) from error
