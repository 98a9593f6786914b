"""A load run in Markdown: for a ticket, a merge request or a mail."""

from reports.load import LoadReport
from reports.load_wording import limit_text, metric_text, over_text, seconds_text, seen_text, verdict_text
from simulator.words import Lang, Text

__all__ = ["render_load_markdown"]

_KEPT = {True: "✓", False: "✕", None: "?"}
_MOST_NAMED = 20
_HEADS = {
    "thresholds": Text("| What | Judged over | Allowed | Seen | |", "| Đại lượng | Xét trên | Cho phép | Quan sát | |"),
    "account": Text("| Account | Documents | Statuses |", "| Khoản | Văn bản | Trạng thái |"),
    "latencies": Text("| Latency | Count | p50 | p95 | p99 | p99.9 | max |",
                      "| Độ trễ | Số lần | p50 | p95 | p99 | p99.9 | lớn nhất |"),
}  # fmt: skip


def render_load_markdown(report: LoadReport, lang: Lang | None = None) -> str:
    """The run as text in Markdown."""
    spoken = lang or report.lang or Lang.VI
    headline, explained = verdict_text(report)
    raw = report.raw
    lines = [f"# {report.title.in_(spoken)} × {raw['scale']:g}: {headline.in_(spoken)}", "", explained.in_(spoken), ""]
    lines += [f"> {reason.in_(spoken)}" for reason in report.reasons]
    lines += [f"> {report.provenance.in_(spoken)}", "", _HEADS["thresholds"].in_(spoken), "|---|---|---|---|---|"]
    lines += [
        f"| {metric_text(each.metric).in_(spoken)} (`{each.metric}`) | {over_text(each).in_(spoken)} | "
        f"{limit_text(each).in_(spoken)} | {seen_text(each).in_(spoken)} | {_KEPT[each.kept]} |"
        for each in report.thresholds
    ]
    lines += ["", _HEADS["account"].in_(spoken), "|---|---|---|"]
    lines += [f"| {each.text.in_(spoken)} | {each.count} | {each.statuses} |" for each in report.lines]
    wrong = [name for each in report.lines if each.wrong for name in each.documents[:_MOST_NAMED]]
    lines += ["", *(f"- `{name}`" for name in wrong)] if wrong else []
    lines += ["", _HEADS["latencies"].in_(spoken), "|---|---|---|---|---|---|---|"]
    for row in raw["latencies"]:
        if row["urgency"] is None:
            figures = " | ".join(seconds_text(row[name]) for name in ("p50", "p95", "p99", "p99_9", "max"))
            lines.append(f"| {row['op']} ({row['what']}) | {row['count']} | {figures} |")
    return "\n".join(lines) + "\n"
