"""A judged load run in words: the verdict, the account, every threshold, what was seen. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from loadtests.account import LINES
from simulator.words import Lang, Text

__all__ = ["in_words"]

_VERDICTS = {
    "kept": Text(en="KEPT: every threshold was kept", vi="ĐẠT: mọi ngưỡng đều giữ được"),
    "broken": Text(en="BROKEN: at least one threshold was broken", vi="KHÔNG ĐẠT: có ngưỡng bị phá vỡ"),
    "invalid": Text(
        en="INVALID: the run proves nothing about its target",
        vi="KHÔNG HỢP LỆ: lần chạy không chứng minh được gì về đích",
    ),
}
_HEAD = Text(
    en="{title} · {target} · {nodes} nodes · seed {seed} · scale {scale:g}",
    vi="{title} · {target} · {nodes} nút · seed {seed} · hệ số {scale:g}",
)
_DOCUMENTS = Text(en="documents", vi="văn bản")
_STATUSES = Text(en="statuses", vi="trạng thái")
_ASSUMED = Text(en="Provenance: {mark}. {text}", vi="Nguồn số liệu: {mark}. {text}")
_SIGNS = {True: "✓", False: "✗", None: "?"}
_LONGEST = 8
_BAD = ("lost", "doubled", "strangers", "altered")


def in_words(document: Mapping[str, Any], lang: Lang) -> str:
    """The result for a terminal; ``document`` is what ``result.json`` says."""
    return "\n".join(_lines(document, lang))


def _lines(document: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    titles = document.get("titles", {})
    yield _HEAD.in_(lang).format(
        title=titles.get(lang.value, document["scenario"]), target=document["target"], nodes=document["nodes"],
        seed=document["seed"], scale=document["scale"],
    )  # fmt: skip
    yield ""
    yield from _account(document["account"], lang)
    yield ""
    for each in document["thresholds"]:
        seen = "–" if each["seen"] is None else f"{each['seen']:.4g}"
        yield f"  {_SIGNS[each['kept']]} {each['metric']} {each['op']} {each['value']:g}  ({seen})"
    yield ""
    yield _VERDICTS[document["verdict"]].in_(lang)
    for reason in (*document["generator"]["reasons"], *document.get("troubles", ())):
        yield f"  {reason[lang.value]}"
    text = document["provenance"][lang.value]
    yield _ASSUMED.in_(lang).format(mark=document.get("mark", ""), text=text)


def _account(account: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    statuses = account.get("statuses") or {}
    yield f"  {'':<52}{_DOCUMENTS.in_(lang):>12}{_STATUSES.in_(lang):>12}"
    for name, label in LINES.items():
        mine, theirs = _count(account.get(name, 0)), _count(statuses.get(name, 0))
        if mine or theirs or name in _BAD:
            yield f"  {label.in_(lang):<52}{mine:>12}{theirs:>12}"
    for name in _BAD:
        for side in (account, statuses):
            documents = side.get(name, {}).get("documents", ()) if side else ()
            for each in documents[:_LONGEST]:
                yield f"    {LINES[name].in_(lang)}: {each}"
            if len(documents) > _LONGEST:
                yield f"    … {_count(side.get(name)) - _LONGEST}"


def _count(line: Any) -> int:
    return int(line["count"]) if isinstance(line, Mapping) else int(line)
