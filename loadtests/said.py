"""A judged load run in words: the verdict, the account, every threshold, what was seen. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from loadtests.account import LINES
from loadtests.duties import DUTIES
from loadtests.slo import COUNTS
from simulator.words import Lang, Text

__all__ = ["in_words"]

_VERDICTS = {
    "kept": Text(en="KEPT: every threshold was kept", vi="ĐẠT: mọi ngưỡng đều giữ được"),
    "broken": Text(en="BROKEN: at least one threshold was broken", vi="KHÔNG ĐẠT: có ngưỡng bị phá vỡ"),
    "wrong": Text(
        en="BROKEN: documents were lost, doubled, misdirected or altered",
        vi="KHÔNG ĐẠT: có văn bản bị mất, trùng, nhầm nơi hoặc bị thay đổi",
    ),
    "died": Text(en="BROKEN: the target died during the run", vi="KHÔNG ĐẠT: đích dừng giữa lần chạy"),
    "invalid": Text(
        en="INVALID: the run proves nothing about its target",
        vi="KHÔNG HỢP LỆ: lần chạy không chứng minh được gì về đích",
    ),
}
_HEAD = Text(
    en="{title} · {target} · {nodes} nodes · seed {seed} · scale {scale:g} · {seconds:g} s",
    vi="{title} · {target} · {nodes} nút · seed {seed} · hệ số {scale:g} · {seconds:g} giây",
)
_DOCUMENTS = Text(en="documents", vi="văn bản")
_STATUSES = Text(en="statuses", vi="trạng thái")
_FAILED = Text(
    en="calls that failed: {op} {failed} of {made}, most often “{because}”",
    vi="lời gọi bị hỏng: {op} {failed} trên {made}, thường gặp nhất “{because}”",
)
_ASSUMED = Text(en="Provenance: {mark}. {text}", vi="Nguồn số liệu: {mark}. {text}")
_MORE = Text(en="… and {count} more in result.json", vi="… và {count} văn bản nữa trong result.json")
_MARKS = {
    "published": Text(en="published", vi="đã công bố"),
    "likely": Text(en="likely", vi="có khả năng đúng"),
    "derived": Text(en="derived", vi="suy ra"),
    "assumed": Text(en="assumed", vi="giả định"),
}
_SECONDS = Text(en="{figure} s", vi="{figure} giây")
_SHARE = Text(en="{figure}%", vi="{figure}%")
_PACKAGE = Text(en="{figure} package", vi="{figure} gói tin")
_PACKAGES = Text(en="{figure} packages", vi="{figure} gói tin")
_RATES = {
    "backlog_slope": Text(en="{figure} deliveries/s", vi="{figure} lượt chuyển/giây"),
    "capacity": Text(en="{figure} documents/s", vi="{figure} văn bản/giây"),
}
_SIGNS = {True: "✓", False: "✗", None: "?"}
_LONGEST = 8
_DIGITS, _ALL_DIGITS = 4, 12
_BAD = ("lost", "doubled", "strangers", "altered")


def in_words(document: Mapping[str, Any], lang: Lang) -> str:
    """The result for a terminal; ``document`` is what ``result.json`` says."""
    return "\n".join(_lines(document, lang))


def _lines(document: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    titles = document.get("titles", {})
    yield _HEAD.in_(lang).format(
        title=titles.get(lang.value, document["scenario"]), target=document["target"], nodes=document["nodes"],
        seed=document["seed"], scale=document["scale"], seconds=document["planned"]["seconds"],
    )  # fmt: skip
    yield ""
    yield from _account(document["account"], lang)
    for op, calls in document["calls"].items():
        if calls["failed"]:
            yield f"  {_FAILED.in_(lang).format(op=op, **calls)}"
    yield ""
    for each in document["thresholds"]:
        metric = each["metric"]
        figure = each["seen"]
        seen = each["unseen"][lang.value] if figure is None else _measured(metric, figure, _DIGITS).in_(lang)
        promised = _measured(metric, each["value"], _ALL_DIGITS).in_(lang)
        yield f"  {_SIGNS[each['kept']]} {metric} {each['op']} {promised}  ({seen}) · {each['over'][lang.value]}"
    yield ""
    yield _VERDICTS[_verdict(document)].in_(lang)
    for reason in document["generator"]["reasons"]:
        yield f"  {reason[lang.value]}"
    if "patience" in document:
        yield document["patience"][lang.value]
    text = document["provenance"][lang.value]
    mark = str(document.get("mark", ""))
    yield _ASSUMED.in_(lang).format(mark=_MARKS.get(mark, Text(mark, mark)).in_(lang), text=text)


def _measured(metric: str, value: float, digits: int) -> Text:
    """``value`` in the unit of ``metric``, with no more than so many digits, but never with fewer before the point."""
    if metric in COUNTS:  # documents and statuses together
        unit = _PACKAGE if value == 1 else _PACKAGES
    elif metric.endswith("_share"):
        unit, value = _SHARE, value * 100
    else:
        unit = _RATES.get(metric, _SECONDS)
    return unit.filled(figure=f"{value:.{max(digits, len(str(abs(int(value)))))}g}")


def _verdict(document: Mapping[str, Any]) -> str:
    if document["verdict"] != "broken":
        return str(document["verdict"])
    if document.get("died"):
        return "died"
    sides = (document["account"], document["account"].get("statuses") or {})
    return "wrong" if any(_count(side.get(name, 0)) for side in sides for name in _BAD) else "broken"


def _account(account: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    statuses = account.get("statuses") or {}
    yield f"  {'':<52}{_DOCUMENTS.in_(lang):>12}{_STATUSES.in_(lang):>12}"
    for name, label in LINES.items():
        mine, theirs = _count(account.get(name, 0)), _count(statuses.get(name, 0))
        if mine or theirs or name in _BAD:
            yield f"  {label.in_(lang):<52}{mine:>12}{theirs:>12}"
    for name in (*_BAD, *DUTIES):
        for side, what in ((account, _DOCUMENTS), (statuses, _STATUSES)):
            documents = side.get(name, {}).get("documents", ()) if side else ()
            if documents:
                yield f"  {what.in_(lang)} · {LINES[name].in_(lang)}:"
                yield from _named(Counter(documents), lang)


def _named(documents: Counter[str], lang: Lang) -> Iterator[str]:
    """The first of them; one that counts for several receivers once."""
    for each, times in list(documents.items())[:_LONGEST]:
        yield f"    {each}" + (f"  × {times}" if times > 1 else "")
    if len(documents) > _LONGEST:
        yield f"    {_MORE.in_(lang).format(count=len(documents) - _LONGEST)}"


def _count(line: Any) -> int:
    return int(line["count"]) if isinstance(line, Mapping) else int(line)
