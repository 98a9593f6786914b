"""``report.html`` of a load run: one self-contained page, both languages inside, plots as inline SVG, no script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from reports import load_wording as wording
from reports.load import LoadReport, read_load_report
from reports.page import environment, resource
from reports.plots import Plot, bars, lines
from simulator.words import Lang, Text

__all__ = ["render_load_html", "write_load_html"]

FILE_NAME = "report.html"
_TIME = Text("seconds from the start of the plan", "giây kể từ đầu kế hoạch")
_LATENCY = Text("latency", "độ trễ")
_FIRST_OPERATIONS = ("send", "delivered", "answered", "accepted", "reported", "fetch", "list", "confirm", "status")
_MOST_SYSTEMS = 200
_MOST_DOCUMENTS = 50


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation with its plots and its row of figures."""

    id: str
    name: Text
    what: str
    over_time: Plot | None
    histogram: Plot | None
    whole: Mapping[str, Any] | None
    rows: tuple[Mapping[str, Any], ...]


def write_load_html(run_dir: Path, lang: Lang | str | None = None) -> Path:
    """Write ``run_dir/report.html`` and return its path. Raises RunUnreadable where there is no judged load run."""
    path = run_dir / FILE_NAME
    path.write_text(render_load_html(read_load_report(run_dir), lang), encoding="utf-8")
    return path


def render_load_html(report: LoadReport, lang: Lang | str | None = None) -> str:
    """The page of ``report`` as text; ``lang`` is shown first, None: the run's own, else Vietnamese."""
    raw = report.raw
    headline, explained = wording.verdict_text(report)
    systems = sorted(raw["per_system"], key=lambda row: (-row["lost"], -(row["sent"] + row["owed"])))
    page: str = (
        environment()
        .get_template("load.html.j2")
        .render(
            report=report,
            raw=raw,
            lang=Lang(lang) if lang else report.lang or Lang.VI,
            headline=headline,
            explained=explained,
            wording=wording,
            mark=wording.MARKS.get(str(raw.get("mark"))),
            operations=_operations(raw),
            throughput=_throughput(raw["rates"]["series"]),
            backlog=_backlog(raw["backlog"]["series"]),
            systems=systems[:_MOST_SYSTEMS],
            systems_left_out=max(0, len(systems) - _MOST_SYSTEMS),
            most_documents=_MOST_DOCUMENTS,
            quantiles=("p50", "p95", "p99", "p99_9", "max"),
            style=Markup(resource("report.css") + resource("load.css")),  # noqa: S704  # ours, from the package
        )
    )
    return page


def _operations(raw: Mapping[str, Any]) -> list[Operation]:
    order = {name: index for index, name in enumerate(_FIRST_OPERATIONS)}
    names = sorted(raw["series"], key=lambda op: (order.get(op, len(order)), op))
    return [_operation(op, raw["series"][op], raw["latencies"]) for op in names]


def _operation(op: str, series: Mapping[str, Any], latencies: Sequence[Mapping[str, Any]]) -> Operation:
    mine = [row for row in latencies if row["op"] == op and row["what"] == series["what"]]
    p50, p99, longest = ([(point[0], point[column]) for point in series["over_time"]] for column in (2, 3, 4))
    return Operation(
        id=op,
        name=wording.OPERATIONS.get(op, Text(op, op)),
        what=series["what"],
        over_time=lines(
            Text("Latency over time", "Độ trễ theo thời gian"),
            [
                (Text("maximum", "lớn nhất"), "max", longest),
                (Text("p99", "p99"), "p99", p99),
                (Text("p50", "p50"), "p50", p50),
            ],
            x_title=_TIME,
            label=wording.seconds_text,
            logarithmic=True,
            between=(Text("p50 to p99", "từ p50 đến p99"), "band", p50, p99) if len(p50) > 1 else None,
        ),
        histogram=bars(
            Text("How many took how long", "Bao nhiêu lần, lâu bao nhiêu"),
            [(edge, count) for edge, count in series["bins"]],
            x_title=_LATENCY,
            label=wording.seconds_text,
        ),
        whole=next((row for row in mine if row["urgency"] is None), None),
        rows=tuple(row for row in mine if row["urgency"] is not None),
    )


def _throughput(series: Sequence[Sequence[float]]) -> Plot | None:
    names = (
        (Text("planned", "theo kế hoạch"), "planned"),
        (Text("accepted", "được tiếp nhận"), "accepted"),
        (Text("delivered (per receiver)", "đã đến (theo nơi nhận)"), "delivered"),
    )
    curves = [(name, style, [(row[0], row[column]) for row in series]) for column, (name, style) in enumerate(names, 1)]
    title = Text("Planned, accepted and delivered, a second", "Kế hoạch, tiếp nhận và đến nơi, mỗi giây")
    return lines(title, curves, x_title=_TIME, label=lambda value: f"{value:g}/s")


def _backlog(series: Sequence[Sequence[float]]) -> Plot | None:
    points = [(float(at), float(count)) for at, count in series]
    title = Text("Accepted and not yet received", "Đã tiếp nhận nhưng chưa có ở nơi nhận")
    curves = [(Text("waiting", "đang chờ"), "waiting", points)]
    return lines(title, curves, x_title=_TIME, label=lambda value: f"{value:g}", filled=True)
