"""A question to a person as a value: what to do, the exact values to type, and what may be answered. Pure.

Every prompt has a key that says where it comes from (``receiving/plain-document:act:accept:<DocumentId>``), so that an
answers file can name it, alone or by a pattern, and a run that goes on later knows what was answered.
"""

import base64
import fnmatch
import hashlib
import json
import tomllib
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conformance.config import BadConfig
from conformance.stage import Reply
from conformance.sut import shape
from simulator.words import Text

__all__ = ["ASKING", "Answer", "Answers", "Prompt", "key_of", "prompt_for"]

ASKING: ContextVar[str] = ContextVar("axisproof-case", default="")
"""The case in whose name the present task talks to the SUT."""

DONE, VALUE, NOT_POSSIBLE = "done", "value", "not-possible"


@dataclass(frozen=True, slots=True)
class Answer:
    """``how``: done, value or not-possible; ``value``: what was typed (a reason where it is not possible)."""

    how: str
    value: str = ""
    by: str = "web"


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question. ``values``: (what, exact text) to type; ``files``: name -> bytes to attach; ``wants``: "" "
    "where done
    is enough, ``id`` where a DocumentId may be typed, ``json`` where only the JSON of the contract is an answer."""

    key: str
    case: str
    call: str
    request: Mapping[str, Any] = field(repr=False)
    title: Text
    values: tuple[tuple[Text, str], ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    wants: str = ""

    @property
    def digest(self) -> str:
        """Of what was asked: an answer counts only for the same question."""
        text = json.dumps([self.call, self.request], ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def fault(self, answer: Answer) -> Text | None:
        """Why this answer cannot be taken, or None."""
        if answer.how not in (DONE, VALUE, NOT_POSSIBLE):
            return Text(en=f"{answer.how!r} is no answer", vi=f"{answer.how!r} không phải câu trả lời hợp lệ")
        if self.wants != "json" or answer.how == NOT_POSSIBLE:
            return None
        reply = self._json(answer)
        return None if reply is not None and reply.ok else _NEEDS_JSON

    def reply(self, answer: Answer) -> Reply:
        """What the SUT's control API would have said."""
        if answer.how == NOT_POSSIBLE:
            refused = 422 if self.call.endswith("/send") else 409
            reason = answer.value.strip()
            return Reply(refused, {"error": reason}) if reason and self.wants != "json" else _not_offered(reason)
        if self.wants == "json":
            return self._json(answer) or _not_offered("no JSON")
        if self.wants == "id":
            return Reply(200, {"document_id": answer.value.strip()})
        return Reply(200, {})

    def _json(self, answer: Answer) -> Reply | None:
        try:
            data = json.loads(answer.value)
        except ValueError:
            return None
        return shape.reply(self.call.split(" ", 1)[1], 200, data) if isinstance(data, dict) else None


def _not_offered(why: str) -> Reply:
    return Reply(501, {"error": why or "not possible"})


_NEEDS_JSON = Text(
    en="paste the JSON of the contract (section 4), or answer 'not possible'",
    vi="hãy dán JSON theo quy ước (mục 4), hoặc trả lời 'không thực hiện được'",
)


def key_of(case: str, call: str, request: Mapping[str, Any]) -> str:
    """``<case>:<verb>:<what>``, the same whenever the same thing is asked."""
    verb = call.rsplit("/", 1)[-1]
    match verb:
        case "act":
            parts = [request.get("action"), request.get("document_id")]
        case "send":
            parts = [request.get("kind"), f"{request.get('code_number') or ''}/{request.get('code_notation') or ''}"]
        case "documents":
            parts = [request.get("box")]
        case "statistics":
            parts = [f"{request.get('from')}..{request.get('to')}"]
        case _:
            parts = []
    return ":".join(str(part) for part in (case or "run", verb, *parts))


def prompt_for(case: str, call: str, request: Mapping[str, Any]) -> Prompt | None:
    """The question behind a call of the control API; None for what nobody is asked (poll, reset, and the sync at the
    beginning of a run: the first case that needs the directory asks for it)."""
    verb = call.rsplit("/", 1)[-1]
    key = key_of(case, call, request)
    if verb == "act":
        action = str(request.get("action"))
        values = _rows(request, _ACT_ROWS)
        return Prompt(key, case, call, request, _ACTIONS.get(action, _SOME_ACTION.filled(action=action)), values)
    if verb == "send":
        files = {str(each.get("name")): _bytes(each.get("content_base64")) for each in request.get("attachments") or ()}
        title = _SENDS.get(str(request.get("kind")), _SENDS["new"])
        return Prompt(key, case, call, request, title, _rows(_flat(request), _SEND_ROWS), files, "id")
    if verb == "sync" and case:
        return Prompt(key, case, call, request, _SYNC)
    if verb in ("documents", "statistics"):
        return Prompt(key, case, call, request, _LOOKS[verb], _rows(request, _LOOK_ROWS), wants="json")
    return None


def _bytes(text: Any) -> bytes:
    """The bytes of a base64 member."""
    return base64.b64decode(str(text or ""))


def _flat(request: Mapping[str, Any]) -> dict[str, Any]:
    signer = request.get("signer") or {}
    return {**request, **{f"signer.{name}": value for name, value in signer.items()}}


def _rows(request: Mapping[str, Any], names: Mapping[str, Text]) -> tuple[tuple[Text, str], ...]:
    rows = []
    for name, label in names.items():
        value = request.get(name)
        if value not in (None, "", [], ()):
            rows.append((label, ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else _said(value)))
    return tuple(rows)


def _said(value: Any) -> str:
    return "✓" if value is True else str(value)


_ACTIONS = {
    "accept": Text("Accept this incoming document", "Tiếp nhận văn bản đến này"),
    "refuse": Text("Refuse this incoming document, with the reason", "Từ chối văn bản đến này, ghi lý do"),
    "assign": Text("Assign this document to an officer", "Phân công xử lý văn bản này"),
    "start": Text("Mark that work on this document has begun", "Chuyển văn bản này sang đang xử lý"),
    "finish": Text("Mark this document as finished", "Đánh dấu hoàn thành xử lý văn bản này"),
    "agree": Text(
        "Agree to what the sender asks for this document (take-back, recall, update)",
        "Đồng ý yêu cầu của bên gửi đối với văn bản này (lấy lại, thu hồi, cập nhật)",
    ),
    "decline": Text(
        "Decline what the sender asks for this document, with the reason",
        "Không đồng ý yêu cầu của bên gửi đối với văn bản này, ghi lý do",
    ),
    "take-back": Text("Take back this document that you sent", "Lấy lại văn bản đã gửi này"),
}
_SOME_ACTION = Text("Do '{action}' with this document", "Thực hiện '{action}' với văn bản này")
_ACT_ROWS = {
    "document_id": Text("DocumentId", "Mã văn bản (DocumentId)"),
    "organ": Text("Sender", "Đơn vị gửi"),
    "reason": Text("Reason", "Lý do"),
}
_SENDS = {
    "new": Text("Write and send a document with exactly these values", "Soạn và gửi văn bản với đúng các giá trị sau"),
    "recall": Text("Recall the document that you sent", "Thu hồi văn bản đã gửi"),
    "update": Text("Send an update of the document", "Gửi bản cập nhật của văn bản"),
    "replace": Text("Send a document that replaces the earlier one", "Gửi văn bản thay thế văn bản trước"),
}
_SEND_ROWS = {
    "to": Text("Receivers", "Nơi nhận"),
    "code_number": Text("Number", "Số"),
    "code_notation": Text("Notation", "Ký hiệu"),
    "promulgation_date": Text("Date of issue", "Ngày ban hành"),
    "place": Text("Place", "Nơi ban hành"),
    "type_name": Text("Type", "Loại văn bản"),
    "subject": Text("Subject", "Trích yếu"),
    "priority": Text("Priority (0-3)", "Độ khẩn (0-3)"),
    "due_date": Text("Due date", "Hạn xử lý"),
    "secrecy": Text("Secrecy", "Độ mật"),
    "signer.full_name": Text("Signer", "Người ký"),
    "signer.position": Text("Position", "Chức vụ"),
    "signer.competence": Text("Competence", "Thẩm quyền"),
    "refers_to": Text("Refers to DocumentId", "Liên quan DocumentId"),
    "reason": Text("Reason", "Lý do"),
    "sign": Text("Sign the PDF, with a time-stamp", "Ký số tệp PDF, kèm dấu thời gian"),
}
_SYNC = Text(
    "Have the system read the directory of units from the axis now (its 'update directory' or the like)",
    "Cho hệ thống tải danh bạ đơn vị từ trục ngay bây giờ (chức năng 'cập nhật danh bạ' hoặc tương tự)",
)
_LOOKS = {
    "documents": Text(
        "Show the documents of this box: paste the JSON of GET /control/documents",
        "Cho biết các văn bản trong hộp này: dán JSON của GET /control/documents",
    ),
    "statistics": Text(
        "Show the figures of this period: paste the JSON of GET /control/statistics",
        "Cho biết số liệu của kỳ này: dán JSON của GET /control/statistics",
    ),
}
_LOOK_ROWS = {
    "box": Text("Box", "Hộp văn bản"),
    "from": Text("From", "Từ ngày"),
    "to": Text("To", "Đến ngày"),
}


class Answers:
    """An answers file: prompt key or pattern -> answer. The exact key goes before patterns, these in their order."""

    def __init__(self, table: Mapping[str, Answer], *, origin: str) -> None:
        self._table = dict(table)
        self.origin = origin

    @classmethod
    def read(cls, path: Path) -> "Answers":
        """TOML, or JSON where the name ends so. Raises BadConfig."""
        try:
            text = path.read_text("utf-8")
            data = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
        except (OSError, ValueError) as error:
            raise BadConfig(_UNREADABLE.filled(path=path, why=error)) from None
        if not isinstance(data, dict):
            raise BadConfig(_UNREADABLE.filled(path=path, why="{}"))
        return cls({key: _answer(value, f"{path}: {key!r}") for key, value in data.items()}, origin=str(path))

    def to(self, prompt: Prompt) -> Answer | None:
        """The answer that stands for this prompt, or None."""
        if prompt.key in self._table:
            return self._table[prompt.key]
        return next((each for key, each in self._table.items() if fnmatch.fnmatchcase(prompt.key, key)), None)


_UNREADABLE = Text(
    en="{path} is no answers file (TOML or JSON, prompt key or pattern = answer): {why}",
    vi="{path} không phải tệp câu trả lời (TOML hoặc JSON, khóa hoặc mẫu = câu trả lời): {why}",
)
_BAD_ANSWER = Text(
    en='{place} must be "done", "not possible", a text, or a table with value or not_possible',
    vi='{place} phải là "done", "not possible", một chuỗi, hoặc bảng có value hay not_possible',
)


def _answer(value: Any, place: str) -> Answer:
    if isinstance(value, str):
        word = value.strip().lower().replace(" ", "-").replace("_", "-")
        return Answer(
            word if word in (DONE, NOT_POSSIBLE) else VALUE, "" if word in (DONE, NOT_POSSIBLE) else value, "file"
        )
    if isinstance(value, dict) and len(value) == 1:
        ((name, inner),) = value.items()
        text = inner if isinstance(inner, str) else json.dumps(inner, ensure_ascii=False)
        if name in ("value", "not_possible"):
            return Answer(VALUE if name == "value" else NOT_POSSIBLE, text, "file")
    raise BadConfig(_BAD_ANSWER.filled(place=place))
