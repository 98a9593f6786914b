"""The timeline of one case as values: who said what to whom, when, and which record shows it. No drawing here.

Lanes from left to right: the fake agencies of the case, the axis, the system under test, and the clerk (the driver)
where the case asked the system to do something. Bodies and single HTTP exchanges stay out of the picture: the facts
say the same in one arrow, and the exchanges are printed below it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from reports.evidence import Record
from reports.run import Run
from reports.story import Story
from simulator.protocol.business import KINDS
from simulator.protocol.status import known
from simulator.words import Text

__all__ = ["Event", "Lane", "Style", "Timeline", "timeline"]

MOST_EVENTS = 60
_MOST_AGENCIES = 3
_CARRYING = ("polled", "fetched", "confirmed")

AXIS, SUT, CLERK = "axis", "sut", "clerk"


class Style(StrEnum):
    """How an event looks: never by colour alone, each has a line and a word of its own."""

    PACKAGE = "package"
    STATUS = "status"
    TRANSPORT = "transport"
    REFUSED = "refused"
    ACT = "act"
    WAIT = "wait"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Lane:
    """One vertical line: its key, its name, and the unit or system that it stands for."""

    key: str
    name: Text
    who: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One row. ``source`` and ``target`` are lane keys; without them the event spans all lanes."""

    n: int
    at: str
    seconds: float | None
    style: Style
    label: Text
    detail: str = ""
    source: str | None = None
    target: str | None = None
    times: int = 1
    alarm: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The picture of one case. ``start`` is the wall time of second 0; ``left_out`` rows did not fit."""

    lanes: tuple[Lane, ...]
    events: tuple[Event, ...]
    start: str = ""
    left_out: int = 0


def timeline(run: Run, story: Story, *, brief: bool = False) -> Timeline:
    """The timeline of ``story``; without events where the case has no record that moved anything. ``brief``: without
    the calls that only carry (list, fetch, confirm), where no check cites them."""
    agencies = _agencies(story)
    places = {system: lane.key for lane, systems in agencies for system in systems}
    if run.sut.system_id:
        places[run.sut.system_id] = SUT
    drawn = [event for record in story.records if (event := _event(record, places))]
    start = next((moment for event in drawn if (moment := _moment(event.at))), None)
    alarms = _alarms(story)
    timed = [replace(event, seconds=_since(event.at, start), alarm=alarms.get(event.n, "")) for event in drawn]
    if brief:
        plumbing = {each.n for each in story.records if each.text("fact") in _CARRYING} - set(story.cited)
        timed = [event for event in timed if event.style is not Style.TRANSPORT or event.n not in plumbing]
    merged = _merged(timed)
    lanes = [*(lane for lane, _ in agencies), Lane(AXIS, Text("axis (simulated)", "trục (mô phỏng)"))]
    lanes.append(Lane(SUT, Text("system under test", "hệ thống được kiểm thử"), run.sut.organ))
    if any(CLERK in (event.source, event.target) for event in merged):
        lanes.append(Lane(CLERK, Text("clerk (driver)", "văn thư (bộ điều khiển)")))
    return Timeline(
        lanes=tuple(lanes),
        events=tuple(merged[:MOST_EVENTS]),
        start=start.strftime("%H:%M:%S.%f")[:-3] if start else "",
        left_out=max(0, len(merged) - MOST_EVENTS),
    )


def _agencies(story: Story) -> tuple[tuple[Lane, tuple[str, ...]], ...]:
    """The fake agencies' lanes and the systems on each; more than three share the last."""
    name = Text("fake agency", "cơ quan giả lập")
    seats = list(dict.fromkeys(story.case.lanes)) or [("", "")]
    single, shared = seats[:_MOST_AGENCIES], seats[_MOST_AGENCIES:]
    if shared:
        single, shared = seats[: _MOST_AGENCIES - 1], seats[_MOST_AGENCIES - 1 :]
    lanes: list[tuple[Lane, tuple[str, ...]]] = [
        (Lane(f"agency-{index}", name, unit), (system,)) for index, (system, unit) in enumerate(single)
    ]
    if shared:
        others = Text("other agencies", "các cơ quan khác")
        lanes.append((Lane("agency-rest", others, f"{len(shared)}"), tuple(system for system, _ in shared)))
    return tuple(lanes)


def _alarms(story: Story) -> Mapping[int, str]:
    """Record number -> the worst of fail and warn among the findings that cite it.

    A note about a packet is not drawn; the packet's own arrow is marked in its place.
    """
    found: dict[int, str] = {}
    for verdict in ("warn", "fail"):
        for finding in story.case.findings:
            if finding.verdict == verdict:
                found |= dict.fromkeys(finding.cites, verdict)
    noted = {
        str(record.members["values"].get("doc_id")): found[record.n]
        for record in story.records
        if record.kind == "note" and record.n in found and isinstance(record.members.get("values"), dict)
    }
    for record in story.records:
        if record.text("fact") == "accepted" and (alarm := noted.get(record.text("doc_id"))):
            found.setdefault(record.n, alarm)
    return found


def _event(record: Record, places: Mapping[str, str]) -> Event | None:
    match record.kind:
        case "fact":
            return _fact(record, places)
        case "act":
            return _act(record)
        case "wait":
            return _wait(record)
        case "trouble":
            because = record.members.get("because") or {}
            said = Text(en=str(because.get("en", "")), vi=str(because.get("vi", ""))) if because else Text("", "")
            label = Text(f"our error: {said.en}", f"lỗi bộ kiểm thử: {said.vi}")
            return Event(record.n, record.at, None, Style.TROUBLE, label)
        case _:
            return None


def _fact(record: Record, places: Mapping[str, str]) -> Event | None:
    place = places.get(record.text("system_id"), "agency-0")
    plain = Event(record.n, record.at, None, Style.TRANSPORT, Text("", ""), "", place, AXIS)
    document = record.text("document_id")
    match record.text("fact"):
        case "accepted":
            status = record.text("message_type") == "status"
            label = _status_label(record.text("status_code")) if status else _kind_label(record)
            return replace(plain, style=Style.STATUS if status else Style.PACKAGE, label=label, detail=document)
        case "repeated":
            return replace(plain, label=Text("sent again: the first DocId", "gửi lại: nhận DocId đầu"))
        case "polled":
            count = len(record.members.get("listed") or ())
            label = Text(f"asks for its list: {count} waiting", f"hỏi danh sách: {count} gói đang chờ")
            return replace(plain, label=label)
        case "fetched":
            label = Text("fetches the packet", "tải gói tin")
            return replace(plain, label=label, source=AXIS, target=place)
        case "confirmed":
            word = record.text("word")
            label = Text(f"confirms: {word}", f"xác nhận (vận chuyển): {word}")
            style = Style.REFUSED if word == "fail" else Style.TRANSPORT
            return replace(plain, style=style, label=label, detail=record.text("description"))
        case "refused":
            said = f"{record.text('operation')} {record.text('code')}"
            label = Text(f"refused by the axis: {said}", f"trục từ chối: {said}")
            return replace(plain, style=Style.REFUSED, label=label, detail=record.text("because"))
        case _:
            return None


def _kind_label(record: Record) -> Text:
    value = record.members.get("business_type")
    for kind in KINDS:
        if kind.type == (value or 0):
            return kind.name
    return Text(f"packet of type {value}", f"gói tin loại {value}")


def _status_label(code: str) -> Text:
    line = known(code)
    if line is None:
        return Text(f"status {code or '?'}", f"trạng thái {code or '?'}")
    return Text(f"status {code}: {line.meaning.en}", f"trạng thái {code}: {line.meaning.vi}")


_ACTIONS = {
    "accept": Text("accept", "tiếp nhận"), "refuse": Text("refuse", "từ chối"), "assign": Text("assign", "phân công"),
    "start": Text("start work", "bắt đầu xử lý"), "finish": Text("finish", "hoàn thành"),
    "agree": Text("agree", "đồng ý"), "decline": Text("decline", "không đồng ý"),
    "take-back": Text("ask to take back", "yêu cầu lấy lại"),
}  # fmt: skip
_CALLS = {
    "reset": Text("reset", "xóa hết văn bản"), "poll": Text("poll now", "hỏi trục ngay"),
    "send": Text("send", "gửi"), "documents": Text("show documents", "xem văn bản"),
    "statistics": Text("show statistics", "xem thống kê"),
}  # fmt: skip


def _act(record: Record) -> Event:
    call = record.text("call")
    path = call.split(" ")[-1].split("?")[0].rsplit("/", 1)[-1]
    request = record.members.get("request")
    action = str(request.get("action") or "") if isinstance(request, dict) else ""
    word = _ACTIONS.get(action) if path == "act" else _CALLS.get(path)
    word = word or Text(action or path, action or path)
    status = record.members.get("status")
    shown = "" if status == 200 else f" → {status}"
    label = Text(f"{word.en}{shown}", f"{word.vi}{shown}")
    answer = record.members.get("answer")
    detail = str(answer.get("error") or "") if isinstance(answer, dict) else ""
    return Event(record.n, record.at, None, Style.ACT, label, detail, CLERK, SUT)


def _wait(record: Record) -> Event:
    what = record.members.get("for") or {}
    polls, seconds = record.members.get("polls"), float(record.members.get("seconds") or 0.0)
    met = bool(record.members.get("met"))
    label = Text(
        f"waited {seconds:.1f} s, {polls} polls, for: {what.get('en', '')}{'' if met else ' (it did not come)'}",
        f"đã chờ {seconds:.1f} giây, {polls} lần hỏi: {what.get('vi', '')}{'' if met else ' (không đến)'}",
    )
    return Event(record.n, record.at, None, Style.WAIT, label)


def _merged(events: list[Event]) -> list[Event]:
    """Equal neighbours (the same call again and again) become one row with a count."""
    merged: list[Event] = []
    for event in events:
        last = merged[-1] if merged else None
        same = (
            last is not None
            and not event.alarm
            and not last.alarm
            and (
                (last.style, last.label, last.detail, last.source, last.target)
                == (event.style, event.label, event.detail, event.source, event.target)
            )
        )
        if last is not None and same and event.style in (Style.TRANSPORT, Style.ACT):
            merged[-1] = replace(last, times=last.times + 1)
        else:
            merged.append(event)
    return merged


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _since(text: str, start: datetime | None) -> float | None:
    moment = _moment(text)
    if moment is None or start is None or (moment.tzinfo is None) != (start.tzinfo is None):
        return None
    return (moment - start).total_seconds()
