"""The thresholds of a scenario, read from sentences such as ``p99.send <= 0.5 in every 10 s``. Pure."""

import math
import re
from typing import Literal, cast

from loadtests.histograms import INTERVAL_SECONDS
from loadtests.members import Members
from loadtests.spans import in_windows
from loadtests.traffic.values import Threshold
from simulator.words import Text

__all__ = ["METRICS", "OPERATIONS", "QUANTILES", "thresholds"]

METRICS = (
    "lost",
    "doubled",
    "strangers",
    "altered",
    "out_of_order",
    "late",
    "given_back",
    "refused",
    "unanswered",
    "unconfirmed",
    "unreported",
    "unaccepted",
    "repeated",
    "dropped_share",
    "failed_share",
    "failed_calls_share",
    "backlog_slope",
    "drain_seconds",
    "capacity",
)
QUANTILES = ("p50", "p95", "p99", "p99_9", "max")
OPERATIONS = ("send", "list", "fetch", "confirm", "status", "delivered", "answered", "accepted")
"""``delivered``: from the send to the fetch by a receiver; ``answered``: from the send until its sender sees the 01;
``accepted``: from the acceptance by the clerk of a system under test until its 03."""


_THRESHOLD = re.compile(
    r"(?P<metric>[a-z0-9_]+(?:\.[a-z]+)?) *(?P<op><=|>=|==) *(?P<value>-?[0-9.]+(?:e-?[0-9]+)?)"
    r"(?: +in every +(?P<window>[0-9.]+) *s)?\Z"
)
_BAD_THRESHOLD = Text(
    en='{seen!r} is no threshold; one looks like "p99.send <= 0.5" or "p99.send <= 0.5 in every 10 s": a metric, one of'
    " <= >= ==, and a number without a unit (times in seconds, a share of 1 % as 0.01)",
    vi='{seen!r} không phải ngưỡng; ví dụ ngưỡng đúng: "p99.send <= 0.5" hoặc "p99.send <= 0.5 in every 10 s": tên chỉ'
    " số, một trong <= >= ==, rồi một số không kèm đơn vị (thời gian tính bằng giây, tỷ lệ 1 % ghi là 0.01)",
)
_NO_WINDOWS = Text(
    en="{seen!r}: only latencies and shares are judged in windows; take away the words behind the number",
    vi="{seen!r}: chỉ độ trễ và tỷ lệ được xét theo từng đoạn; hãy bỏ phần sau con số",
)
_SHORT_WINDOW = Text(
    en="{seen!r}: latencies are kept by {least:g} s, so a window has at least that length",
    vi="{seen!r}: độ trễ được ghi theo từng {least:g} giây, nên một đoạn dài ít nhất chừng đó",
)
_NO_METRIC = Text(
    en="{seen!r} is no metric; known are {metrics}, and {quantiles} of {operations} (p99.send)",
    vi="{seen!r} không phải chỉ số; có {metrics}, và {quantiles} của {operations} (p99.send)",
)


def thresholds(members: Members) -> tuple[Threshold, ...]:
    """``thresholds``; where absent: nothing lost, doubled, strange or altered, and no call that fails."""
    default = [f"{metric} == 0" for metric in (*METRICS[:4], "failed_share", "failed_calls_share")]
    return tuple(_threshold(members, each) for each in members.items("thresholds", default))


def _threshold(members: Members, text: object) -> Threshold:
    match = _THRESHOLD.match(text.strip()) if isinstance(text, str) else None
    try:
        value = float(match["value"]) if match else math.nan
        window = float(match["window"]) if match and match["window"] else None
    except ValueError:
        match = None
    if match is None or window == 0:
        raise members.wrong("thresholds", _BAD_THRESHOLD.filled(seen=text))
    quantile, _, operation = match["metric"].partition(".")
    if match["metric"] not in METRICS and not (quantile in QUANTILES and operation in OPERATIONS):
        known = {"metrics": METRICS, "quantiles": QUANTILES, "operations": OPERATIONS}
        lists = {name: ", ".join(words) for name, words in known.items()}
        raise members.wrong("thresholds", _NO_METRIC.filled(seen=match["metric"], **lists))
    if window is not None and not in_windows(match["metric"]):
        raise members.wrong("thresholds", _NO_WINDOWS.filled(seen=text))
    if window is not None and window < INTERVAL_SECONDS:
        raise members.wrong("thresholds", _SHORT_WINDOW.filled(seen=text, least=INTERVAL_SECONDS))
    return Threshold(match["metric"], cast(Literal["<=", ">=", "=="], match["op"]), value, window)
