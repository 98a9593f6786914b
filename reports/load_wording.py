"""The words of a load report: verdicts, metrics, operations, and how figures are written."""

from reports.load import DUTIES, LINES, LoadReport, Threshold
from simulator.words import Text

__all__ = [
    "MARKS",
    "OPERATIONS",
    "STATEMENTS",
    "limit_text",
    "metric_text",
    "over_text",
    "seconds_text",
    "seen_text",
    "verdict_text",
]

_VERDICTS: dict[str, tuple[Text, Text]] = {
    "kept": (
        Text("Every threshold kept", "Giữ được mọi ngưỡng"),
        Text("Every accepted document was accounted for, and the load generator was at ease.",
             "Mọi văn bản đã tiếp nhận đều rõ nơi đến, và bộ sinh tải không quá sức."),
    ),
    "broken": (
        Text("A threshold was broken", "Có ngưỡng không giữ được"),
        Text("Every document was accounted for, but at least one threshold below was not kept.",
             "Văn bản nào cũng rõ nơi đến, nhưng có ít nhất một ngưỡng dưới đây không giữ được."),
    ),
    "wrong": (
        Text("Documents went wrong", "Văn bản bị sai sót"),
        Text("Documents were lost, doubled, misdirected or altered. No latency makes up for that.",
             "Có văn bản bị mất, trùng, nhầm nơi hoặc bị thay đổi. Nhanh đến đâu cũng không bù được."),
    ),
    "died": (
        Text("The target died during the run", "Hệ thống đích dừng giữa lần chạy"),
        Text("What it had accepted and not handed over cannot be accounted for, and counts as lost.",
             "Những gì nó đã nhận mà chưa giao thì không đối soát được và bị tính là mất."),
    ),
    "invalid": (
        Text("Invalid run: it proves nothing", "Lần chạy không hợp lệ: không chứng minh được gì"),
        Text("The load generator struggled, or a threshold could not be observed while all others were kept, so the "
             "figures below say nothing certain about the target.",
             "Bộ sinh tải quá sức, hoặc có ngưỡng không quan sát được trong khi các ngưỡng khác đều giữ được, nên số "
             "liệu dưới đây không nói chắc điều gì về hệ thống đích."),
    ),
}  # fmt: skip
OPERATIONS: dict[str, Text] = {
    "send": Text("send", "gửi"),
    "list": Text("ask for the list", "hỏi danh sách"),
    "fetch": Text("fetch", "lấy văn bản"),
    "confirm": Text("confirm", "xác nhận"),
    "status": Text("send a status", "gửi trạng thái"),
    "delivered": Text("planned send until received", "từ giờ gửi định trước đến khi nhận"),
    "answered": Text("planned send until its sender sees the 01", "từ giờ gửi định trước đến khi bên gửi thấy 01"),
    "accepted": Text("accepted by the clerk until the 03", "từ lúc văn thư tiếp nhận đến khi có 03"),
    "reported": Text("status report until its receiver has it", "từ lúc báo trạng thái đến khi bên kia nhận được"),
}
MARKS: dict[str, Text] = {
    "published": Text("published figures", "số liệu đã công bố"),
    "likely": Text("figures that are likely", "số liệu có khả năng đúng"),
    "derived": Text("derived by us from published figures", "chúng tôi suy ra từ số liệu công bố"),
    "assumed": Text("assumed by us", "chúng tôi giả định"),
}
STATEMENTS: tuple[Text, ...] = (
    Text("The traffic of this run was generated from a model. It is no traffic of any real unit, and no figure here "
         "describes the national axis.",
         "Lưu lượng của lần chạy này do mô hình sinh ra, không phải lưu lượng của đơn vị nào có thật; không con số nào "
         "ở đây mô tả Trục liên thông văn bản quốc gia."),
    Text("Latencies count from the planned moment of each send, so that a slow target cannot hide its own delay.",
         "Độ trễ tính từ thời điểm định trước của mỗi lần gửi, để hệ thống chậm không che được độ trễ của mình."),
    Text("Figures of generator and target on one machine hold for that machine only, and are not to be published.",
         "Số liệu khi bộ sinh tải và hệ thống đích ở cùng một máy chỉ đúng với máy đó, không dùng để công bố."),
)  # fmt: skip
_METRICS: dict[str, Text] = {
    **LINES,
    **DUTIES,
    "dropped_share": Text("share never sent", "tỷ lệ không gửi được"),
    "failed_share": Text("share that failed or was never sent", "tỷ lệ thất bại hoặc không gửi được"),
    "failed_calls_share": Text("share of the nodes' other calls that failed", "tỷ lệ lời gọi khác của các nút bị hỏng"),
    "backlog_slope": Text("growth of what is overdue", "tốc độ tăng của phần quá hạn"),
    "capacity": Text("documents accepted a second", "văn bản được tiếp nhận mỗi giây"),
    "drain_seconds": Text("time to drain", "thời gian giải toả hết"),
}
_NEVER = Text("never in the time given", "không hết trong thời gian cho phép")
_NOT_OBSERVED = Text("not observed", "không quan sát được")


def verdict_text(report: LoadReport) -> tuple[Text, Text]:
    """(headline, explanation)."""
    key = "wrong" if report.verdict == "broken" and not report.lossless else report.verdict
    if report.verdict == "broken" and report.raw.get("died"):
        key = "died"
    return _VERDICTS.get(key, _VERDICTS["invalid"])


def metric_text(metric: str) -> Text:
    """A metric in words; one that is not known says its own name."""
    if metric in _METRICS:
        return _METRICS[metric]
    quantile, _, rest = metric.partition(".")
    op, _, what = rest.partition(".")
    if not rest:
        return Text(metric, metric)
    name, named = OPERATIONS.get(op, Text(op, op)), quantile.replace("_", ".").replace("max", "maximum")
    service = (" (from the real send)", " (từ lúc gửi thật)") if what == "service" else ("", "")
    return Text(en=f"{named} · {name.en}{service[0]}", vi=f"{named} · {name.vi}{service[1]}")


def limit_text(threshold: Threshold) -> Text:
    """What the threshold allows."""
    sign = {"<=": "≤", ">=": "≥", "==": "="}.get(threshold.op, threshold.op)
    said = f"{sign} {_figure(threshold.metric, threshold.value)}"
    if threshold.window is None or threshold.over is not None:
        return Text(said, said)
    return Text(en=f"{said} in every {threshold.window:g} s", vi=f"{said} trong mỗi {threshold.window:g} giây")


def seen_text(threshold: Threshold) -> Text:
    """What was seen, as short as it can be said; what was not, and why."""
    if threshold.seen is None:
        return threshold.unseen or (_NEVER if threshold.kept is False else _NOT_OBSERVED)
    said = _figure(threshold.metric, threshold.seen)
    return Text(said, said)


def over_text(threshold: Threshold) -> Text:
    """The part of the run that the threshold was judged over; – where the result does not say."""
    return threshold.over or Text("–", "–")


def _figure(metric: str, value: float) -> str:
    if metric.startswith(("p50.", "p95.", "p99.", "p99_9.", "max.")) or metric == "drain_seconds":
        return seconds_text(value)
    if metric.endswith("_share"):
        return f"{value:.3%}".replace(".000%", "%")
    return f"{value:+.3g}/s" if metric == "backlog_slope" and value else f"{value:g}"


def seconds_text(value: float | None) -> str:
    """A time with a unit that suits it; – for none."""
    if value is None:
        return "–"
    if value == 0 or value >= 100:
        return f"{value:.0f} s"
    if value >= 1:
        return f"{value:.2f} s"
    return f"{value * 1000:.3g} ms" if value < 0.1 else f"{value * 1000:.0f} ms"
