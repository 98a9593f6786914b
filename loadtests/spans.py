"""Over which part of a run a threshold is judged, in words: the whole run, its plan, or windows of it. Pure."""

from simulator.words import Text

__all__ = ["in_windows", "span", "windows"]

_WHOLE = Text("the whole run, draining included", "cả lần chạy, kể cả lúc giải toả")
_ALL_PLANNED = Text("all planned documents", "mọi văn bản trong kế hoạch")
_STEADY = Text(
    "{since:g} s to {until:g} s of the plan, after the warm-up",
    "từ giây {since:g} đến giây {until:g} của kế hoạch, sau khởi động",
)
_DRAIN = Text(
    "from the last planned send until the last document arrived",
    "từ lần gửi cuối theo kế hoạch đến khi văn bản cuối tới nơi",
)
_PLAN = Text("the {seconds:g} s of the plan", "{seconds:g} giây của kế hoạch")
_WINDOWS = Text("each {window:g} s of the plan, {count} windows", "từng {window:g} giây của kế hoạch, {count} đoạn")
_AND_DRAIN = Text("; draining counts in the last", "; lúc giải toả tính vào đoạn cuối")
_ARRIVED = Text("; only what arrived", "; chỉ tính những gì đã tới nơi")
_UNCOUNTED = "answered"
"""The journey of which nobody knows how many were still to come: only what arrived has a latency."""
_WITHOUT = Text(", without its first {warm_up:g} s", ", trừ {warm_up:g} giây đầu")


_SHARES = ("dropped_share", "failed_share")
"""Of the planned documents, by their planned time."""


def in_windows(metric: str) -> bool:
    """Whether ``metric`` can be judged in windows: a latency, or a share of the planned documents."""
    return "." in metric or metric in _SHARES


def windows(window: float, *, seconds: float, warm_up: float) -> int:
    """How many windows of that length a run has, at least one: a last one shorter than half belongs to the one
    before."""
    return max(1, round((seconds - warm_up) / window))


def span(metric: str, window: float | None, *, seconds: float, warm_up: float, steady_from: float) -> Text:
    """What ``metric`` is judged over in a run whose plan is ``seconds`` long. ``warm_up``: where windows begin;
    ``steady_from``: where the growth of the backlog is looked at from on."""
    if metric == "backlog_slope":
        return _STEADY.filled(since=steady_from, until=seconds)
    if metric == "drain_seconds":
        return _DRAIN
    if metric == "capacity":
        return _PLAN.filled(seconds=seconds)
    said = _spoken(metric, window, seconds=seconds, warm_up=warm_up)
    return _and(said, _ARRIVED) if metric.partition(".")[2].startswith(_UNCOUNTED) else said


def _spoken(metric: str, window: float | None, *, seconds: float, warm_up: float) -> Text:
    latency, share = "." in metric, metric in _SHARES
    if window is None or not in_windows(metric):
        return _ALL_PLANNED if share else _WHOLE
    count = windows(window, seconds=seconds, warm_up=warm_up)
    said = _WINDOWS.filled(window=window, count=count) if count > 1 else _ALL_PLANNED if share else _WHOLE
    if count > 1 and latency:
        said = _and(said, _AND_DRAIN)
    return _and(said, _WITHOUT.filled(warm_up=warm_up)) if warm_up else said


def _and(one: Text, other: Text) -> Text:
    return Text(en=f"{one.en}{other.en}", vi=f"{one.vi}{other.vi}")
