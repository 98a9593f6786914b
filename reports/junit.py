"""``junit.xml``: the run for a CI server, one test case for each case of the suite, one test suite for each chapter.

CI tools know four outcomes only. Nothing unproved may look green, so:
fail → failure · error, inconclusive, review, and any verdict that we do not know → error, its kind in ``type`` ·
not-applicable → skipped · warn → passed, with its warnings in ``system-out`` · pass → passed.
A run that is not conformant for a reason that no case shows (no case at all, the harness failed, the evidence has no
closing line) gets one more test case, ``run``, in error: an empty report is not a green one.
"""

from collections.abc import Iterable
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from reports.junit_text import plain
from reports.load import is_load_run
from reports.load_junit import write_load_junit
from reports.run import Case, Finding, Run, read_run
from reports.wording import conclusion_words, label_of, verdict_word
from simulator.words import Lang, Text

__all__ = ["junit_tree", "write_junit"]

FILE_NAME = "junit.xml"
_GREEN = ("pass", "warn")


def write_junit(run_dir: Path, lang: Lang | str | None = None) -> Path:
    """Write ``run_dir/junit.xml`` and return its path. Raises RunUnreadable where there is no run."""
    if is_load_run(run_dir):
        return write_load_junit(run_dir, lang)
    path = run_dir / FILE_NAME
    junit_tree(read_run(run_dir), lang).write(path, encoding="utf-8", xml_declaration=True)
    return path


def junit_tree(run: Run, lang: Lang | str | None = None) -> "ElementTree[Element]":
    """The run as a JUnit document."""
    spoken = Lang(lang) if lang else run.lang or Lang.VI
    root = Element("testsuites", name=plain(f"axisproof {run.sut.name} {run.sut.version}".strip()))
    chapters: dict[str, list[Case]] = {}
    for case in run.cases:
        chapters.setdefault(case.chapter, []).append(case)
    for chapter, cases in chapters.items():
        suite = _suite(root, chapter, run)
        for case in cases:
            _test_case(suite, case, spoken)
        _totals(suite)
    if (unexplained := _unexplained(run)) is not None:
        suite = _suite(root, "run", run)
        said = plain(unexplained.in_(spoken))
        SubElement(SubElement(suite, "testcase", classname="axisproof.run", name="run", time="0"), "error",
                   type=plain(run.conclusion or "unknown"), message=said).text = said  # fmt: skip
        _totals(suite)
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    root.set("time", f"{run.seconds:.3f}")
    indent(root)
    return ElementTree(root)


def _suite(root: Element, chapter: str, run: Run) -> Element:
    suite = SubElement(root, "testsuite", name=plain(f"axisproof.{chapter}"))
    if run.started_at:
        suite.set("timestamp", plain(run.started_at[:19]))
    properties = SubElement(suite, "properties")
    for name, value in _properties(run):
        if value:
            SubElement(properties, "property", name=name, value=plain(value))
    return suite


def _properties(run: Run) -> Iterable[tuple[str, str]]:
    return (
        ("run_id", run.run_id),
        ("axisproof", run.axisproof),
        ("sut", f"{run.sut.name} {run.sut.version}".strip()),
        ("vendor", run.sut.vendor),
        ("organ", run.sut.organ),
        ("seed", "" if run.seed is None else str(run.seed)),
        ("profile", run.profile),
        ("topology", run.topology),
        ("requirement_set", run.requirement_set),
        ("conclusion", run.conclusion),
        ("narrowed", " ".join(run.narrowed)),
    )


def _test_case(suite: Element, case: Case, lang: Lang) -> None:
    test = SubElement(suite, "testcase")
    test.set("classname", plain(f"axisproof.{case.chapter}"))
    test.set("name", plain(case.id))
    test.set("time", f"{case.seconds:.3f}")
    said = [finding for finding in case.findings if finding.verdict == case.verdict]
    lines = "\n".join(_line(finding, lang) for finding in said)
    message = plain("; ".join(f"{each.check}: {each.because.in_(lang)}" for each in said) or case.title.in_(lang))
    if case.verdict == "fail":
        SubElement(test, "failure", type="fail", message=message).text = lines
    elif case.verdict == "not-applicable":
        SubElement(test, "skipped", type="not-applicable", message=message)
    elif case.verdict not in _GREEN:
        word = verdict_word(case.verdict).name.in_(lang)
        kind = plain(case.verdict or "unknown")
        SubElement(test, "error", type=kind, message=f"{plain(word)} · {message}").text = lines
    listing = [case.title.in_(lang), *(_line(finding, lang) for finding in case.findings)]
    SubElement(test, "system-out").text = plain("\n".join(listing))


def _line(finding: Finding, lang: Lang) -> str:
    """One finding on one line: verdict, check, label, requirements, reason, records, remedy."""
    parts = [
        f"[{finding.verdict}] {finding.check}",
        " ".join((label_of(finding.basis, finding.given_label).value, *finding.requirements, finding.basis)).strip(),
        finding.because.in_(lang),
    ]
    if finding.cites:
        parts.append("#" + " #".join(map(str, finding.cites)))
    if finding.remedy:
        parts.append("→ " + finding.remedy.in_(lang))
    if finding.promoted_by:
        parts.append(f"promoted by {finding.promoted_by}")
    return plain(" · ".join(filter(None, parts)))


def _totals(suite: Element) -> None:
    tests = suite.findall("testcase")
    suite.set("tests", str(len(tests)))
    for name, child in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(sum(test.find(child) is not None for test in tests)))
    suite.set("time", f"{sum(float(test.get('time', '0')) for test in tests):.3f}")


def _unexplained(run: Run) -> Text | None:
    """Why the run as a whole is not green although every case of it looks so, or None."""
    if any(case.verdict not in (*_GREEN, "not-applicable") for case in run.cases):
        return None
    headline, explained = conclusion_words(run.conclusion)
    if run.conclusion != "conformant":
        return Text(en=f"{headline.en}. {explained.en}", vi=f"{headline.vi}. {explained.vi}")
    if not run.evidence.complete:
        return Text(
            en="The evidence has no closing line that agrees with it: this run proves nothing.",
            vi="Bằng chứng thiếu dòng kết thúc khớp với nó: lần chạy này không chứng minh được gì.",
        )
    if not any(case.verdict in _GREEN for case in run.cases):
        return Text(en="No case was exercised.", vi="Không có ca nào được thực hiện.")
    return None
