"""``junit.xml`` of a load run: one test case for each threshold and one for each line of the account.

kept → passed · broken → failure · not observed → error. Lines of the account that no run may break (lost, doubled,
strangers, altered) fail where they are not 0; the others are told and pass, unless a threshold judges them. The test
case ``generator`` is in error in an invalid run: such a run is never green.
"""

from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from reports.junit_text import plain
from reports.load import Line, LoadReport, Threshold, read_load_report
from reports.load_wording import limit_text, metric_text, over_text, seen_text, verdict_text
from simulator.words import Lang, Text

__all__ = ["load_junit_tree", "write_load_junit"]

FILE_NAME = "junit.xml"
_SEEN = Text(
    "{metric}: seen {seen}, allowed {limit}; judged over: {over}",
    "{metric}: quan sát {seen}, cho phép {limit}; xét trên: {over}",
)
_MOST_NAMED = 20


def write_load_junit(run_dir: Path, lang: Lang | str | None = None) -> Path:
    """Write ``run_dir/junit.xml`` and return its path. Raises RunUnreadable where there is no judged load run."""
    path = run_dir / FILE_NAME
    load_junit_tree(read_load_report(run_dir), lang).write(path, encoding="utf-8", xml_declaration=True)
    return path


def load_junit_tree(report: LoadReport, lang: Lang | str | None = None) -> "ElementTree[Element]":
    """The run as a JUnit document."""
    spoken = Lang(lang) if lang else report.lang or Lang.VI
    root = Element("testsuites", name=plain(f"axisproof load {report.raw['scenario']}"))
    suite = _suite(root, report, "thresholds")
    for number, threshold in enumerate(report.thresholds):
        same = [each.metric for each in report.thresholds[:number]].count(threshold.metric)
        _threshold(suite, threshold, threshold.metric + (f" #{same + 1}" if same else ""), spoken)
    suite = _suite(root, report, "account")
    for line in report.lines:
        _account_line(suite, line, spoken)
    suite = _suite(root, report, "generator")
    _generator(suite, report, spoken)
    for each in root:
        _totals(each)
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(each.get(name, "0")) for each in root)))
    root.set("time", f"{float(report.raw['seconds']):.3f}")
    indent(root)
    return ElementTree(root)


def _suite(root: Element, report: LoadReport, name: str) -> Element:
    raw = report.raw
    suite = SubElement(root, "testsuite", name=f"axisproof.load.{name}", timestamp=plain(str(raw["started_at"])[:19]))
    properties = SubElement(suite, "properties")
    for each in ("scenario", "scale", "seed", "plan_digest", "target", "topology", "nodes", "workers", "verdict"):
        SubElement(properties, "property", name=each, value=plain(str(raw[each])))
    SubElement(properties, "property", name="provenance", value=plain(report.provenance.en))
    return suite


def _test(suite: Element, group: str, name: str) -> Element:
    return SubElement(suite, "testcase", classname=f"axisproof.load.{group}", name=plain(name), time="0")


def _threshold(suite: Element, threshold: Threshold, name: str, lang: Lang) -> None:
    test = _test(suite, "thresholds", name)
    said = _SEEN.in_(lang).format(
        metric=metric_text(threshold.metric).in_(lang), seen=seen_text(threshold).in_(lang),
        limit=limit_text(threshold).in_(lang), over=over_text(threshold).in_(lang),
    )  # fmt: skip
    if threshold.kept is None:
        SubElement(test, "error", type="not-observed", message=plain(said)).text = plain(said)
    elif not threshold.kept:
        SubElement(test, "failure", type="broken", message=plain(said)).text = plain(said)
    SubElement(test, "system-out").text = plain(said)


def _account_line(suite: Element, line: Line, lang: Lang) -> None:
    test = _test(suite, "account", line.name)
    said = f"{line.text.in_(lang)}: {line.count} + {line.statuses}"
    named = "\n".join(line.documents[:_MOST_NAMED])
    if line.wrong:
        SubElement(test, "failure", type=line.name, message=plain(said)).text = plain(named)
    SubElement(test, "system-out").text = plain(f"{said}\n{named}".strip())


def _generator(suite: Element, report: LoadReport, lang: Lang) -> None:
    test = _test(suite, "generator", "valid")
    said = "\n".join(reason.in_(lang) for reason in report.reasons)
    if report.verdict not in ("kept", "broken") or not report.raw["generator"]["valid"]:
        headline = verdict_text(report)[0].in_(lang)
        SubElement(test, "error", type="invalid", message=plain(said or headline)).text = plain(said)


def _totals(suite: Element) -> None:
    tests = suite.findall("testcase")
    suite.set("tests", str(len(tests)))
    for name, child in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(sum(test.find(child) is not None for test in tests)))
    suite.set("time", "0.000")
