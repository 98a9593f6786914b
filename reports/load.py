"""A judged load run, read from its ``result.json`` alone (``axisproof/load/1``), for the printers. Judges nothing."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reports.errors import RunUnreadable
from simulator.words import Lang, Text

__all__ = ["LOAD_SCHEMA", "Line", "LoadReport", "Threshold", "is_load_run", "read_load_report"]

LOAD_SCHEMA = "axisproof/load/1"
MUST_BE_ZERO = ("lost", "doubled", "strangers", "altered")
LINES: dict[str, Text] = {
    "lost": Text("lost", "mất"),
    "doubled": Text("delivered twice", "chuyển đến hai lần"),
    "strangers": Text("delivered to a stranger", "chuyển nhầm nơi"),
    "altered": Text("altered on the way", "bị thay đổi trên đường"),
    "out_of_order": Text("overtaken by a later one", "bị văn bản sau vượt lên trước"),
    "late": Text("late: more than two polls after acceptance", "đến muộn: hơn hai lần hỏi sau khi tiếp nhận"),
    "waiting": Text("still waiting for the receiver", "còn chờ bên nhận"),
    "given_back": Text("given back by the receiver", "bên nhận trả lại"),
    "refused": Text("refused by the target", "bị từ chối"),
    "unanswered": Text("sent without a usable answer", "gửi mà không có trả lời dùng được"),
    "dropped": Text("planned and never sent", "có trong kế hoạch nhưng không gửi"),
}
"""Lines of the account that count documents, what matters most first."""
DUTIES: dict[str, Text] = {
    "unconfirmed": Text("fetched by the system, never confirmed", "hệ thống đã lấy nhưng không xác nhận"),
    "unreported": Text("taken by the system, neither 01 nor 02", "hệ thống đã nhận nhưng không báo 01 hay 02"),
    "unaccepted": Text("accepted by its clerk, no 03", "văn thư đã tiếp nhận nhưng không báo 03"),
    "repeated": Text("reports sent again", "báo cáo gửi lặp lại"),
}
"""Further lines where a system under test was the target: what it left undone."""
_SUT = "sut"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the account, documents and statuses. ``wrong``: it must be 0 and is not."""

    name: str
    text: Text
    count: int
    statuses: int
    documents: tuple[str, ...]
    wrong: bool


@dataclass(frozen=True, slots=True)
class Threshold:
    """One threshold as it was judged; ``kept`` None: nothing was there to be seen. ``over``: what it was judged over;
    ``unseen``: why nothing stands in ``seen`` (both None in results that do not say so)."""

    metric: str
    op: str
    value: float
    seen: float | None
    kept: bool | None
    window: float | None
    over: Text | None = None
    unseen: Text | None = None


@dataclass(frozen=True, slots=True)
class LoadReport:
    """One judged load run. ``raw`` is the whole of ``result.json``."""

    raw: Mapping[str, Any]
    verdict: str
    title: Text
    provenance: Text
    lang: Lang | None
    lines: tuple[Line, ...]
    thresholds: tuple[Threshold, ...]
    reasons: tuple[Text, ...]

    @property
    def lossless(self) -> bool:
        """Whether nothing was lost, doubled, misdirected or altered."""
        return not any(line.wrong for line in self.lines if line.name in MUST_BE_ZERO)


def is_load_run(folder: Path) -> bool:
    """Whether ``folder`` holds the result of a load run; what cannot be read is none."""
    try:
        raw = json.loads((folder / "result.json").read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(raw, dict) and raw.get("schema") == LOAD_SCHEMA


def read_load_report(folder: Path) -> LoadReport:
    """The load run in ``folder``. Raises RunUnreadable, with a sentence for people."""
    path = folder / "result.json"
    try:
        raw = json.loads(path.read_bytes())
        if raw["schema"] != LOAD_SCHEMA:
            raise ValueError(raw["schema"])
        return _report(raw)
    except OSError as error:
        raise RunUnreadable(
            Text("{path} cannot be read: this load run was not judged", "không đọc được {path}: chưa có kết quả tải")
            .filled(path=path)
        ) from error  # fmt: skip
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise RunUnreadable(
            Text("{path} does not have the shape of its schema ({why}).", "{path} không đúng lược đồ của nó ({why}).")
            .filled(path=path, why=error)
        ) from error  # fmt: skip


def _report(raw: Mapping[str, Any]) -> LoadReport:
    account = raw["account"]
    statuses = account.get("statuses") or {}
    titles = raw.get("titles") or {}
    name = str(raw["scenario"])
    return LoadReport(
        raw=raw,
        verdict=str(raw["verdict"]),
        title=Text(en=str(titles.get("en") or name), vi=str(titles.get("vi") or name)),
        provenance=Text(en=str(raw["provenance"]["en"]), vi=str(raw["provenance"]["vi"])),
        lang=Lang(raw["lang"]) if raw.get("lang") in tuple(Lang) else None,
        lines=(
            *(_line(each, account[each], statuses.get(each) or {}) for each in LINES),
            *(_line(each, account[each], {}) for each in DUTIES if _of_a_system(raw) and each in account),
        ),
        thresholds=tuple(
            Threshold(
                each["metric"],
                each["op"],
                each["value"],
                each["seen"],
                each["kept"],
                each.get("window"),
                _text(each.get("over")),
                _text(each.get("unseen")),
            )
            for each in raw["thresholds"]
        ),
        reasons=tuple(Text(en=each["en"], vi=each["vi"]) for each in raw["generator"]["reasons"]),
    )


def _text(said: Mapping[str, Any] | None) -> Text | None:
    return None if said is None else Text(en=str(said["en"]), vi=str(said["vi"]))


def _line(name: str, documents: Mapping[str, Any], statuses: Mapping[str, Any]) -> Line:
    count, more = int(documents["count"]), int(statuses.get("count") or 0)
    shown = (*documents["documents"], *(statuses.get("documents") or ()))
    wrong = name in (*MUST_BE_ZERO, *DUTIES) and count + more > 0
    return Line(name, (LINES | DUTIES)[name], count, more, tuple(map(str, shown)), wrong)


def _of_a_system(raw: Mapping[str, Any]) -> bool:
    """Whether it was asked what a system left undone: never where our axis was wrong on purpose."""
    return str(raw.get("target", "")).startswith(_SUT) and not raw.get("faults")
