"""``report.html``: one self-contained page, both languages inside, that opens anywhere without a network.

Everything that came from a run is escaped by the template, made visible (control and direction characters) and barred
from running by the page's own content policy: only the one inline script, named by its digest, may run.
"""

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

from reports import wording
from reports.apart import proof
from reports.body import SHOWN_CHARACTERS
from reports.drawing import Picture, picture
from reports.evidence import Record
from reports.exchanges import Bodies, Entry, summary_of
from reports.load import is_load_run
from reports.load_html import write_load_html
from reports.page import environment, resource
from reports.run import Case, Finding, Run, read_run
from reports.story import MOST_RECORDS, Story, stories
from reports.timeline import timeline
from simulator.words import Lang, Text

__all__ = ["render_html", "write_html"]

FILE_NAME = "report.html"
_ORDER = {word.id: index for index, word in enumerate(wording.VERDICTS)}
_PLAIN_ID = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*(/[A-Za-z0-9]+(-[A-Za-z0-9]+)*)?")
_MANY_CASES = 60
"""From so many on, cases that passed are printed briefly (what their checks cite, and where the rest is): the page
must still open on an office machine and travel by mail."""
_PLAIN_TEXT = re.compile(r">[^<>]*(?=</(?:pre|td)>)")
_NOT_A_NAME = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Other:
    """Records of one kind that say the same in one line, by their numbers."""

    kind: str
    summary: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CasePage:
    """One case ready for the template. ``brief``: of its ``records`` only the cited ones are among the ``entries``; the
    ``others`` that the picture does not show either are told by number. ``linked``: numbers with a place to go to."""

    case: Case
    anchor: str
    word: wording.VerdictWord
    findings: tuple[Finding, ...]
    picture: Picture
    entries: tuple[Entry, ...]
    brief: bool
    records: int
    others: tuple[Other, ...]
    left_out: int
    cited: frozenset[int]
    linked: frozenset[int]
    command: str


@dataclass(frozen=True, slots=True)
class ChapterLine:
    """One line of the table of chapters."""

    id: str
    anchor: str
    name: Text
    counts: tuple[int, ...]
    total: int


def write_html(run_dir: Path, lang: Lang | str | None = None) -> Path:
    """Write ``run_dir/report.html`` and return its path. Raises RunUnreadable where there is no run.

    ``lang`` is the language shown first; None takes the run's own, else Vietnamese. A load run has a page of its own.
    """
    if is_load_run(run_dir):
        return write_load_html(run_dir, lang)
    path = run_dir / FILE_NAME
    path.write_text(render_html(read_run(run_dir), lang), encoding="utf-8")
    return path


def render_html(run: Run, lang: Lang | str | None = None) -> str:
    """The page of ``run`` as text."""
    first = Lang(lang) if lang else run.lang or Lang.VI
    pages = _pages(run)
    headline, explained = wording.conclusion_words(run.conclusion)
    style, script = resource("report.css"), resource("report.js")
    page: str = (
        _environment()
        .get_template("report.html.j2")
        .render(
            run=run,
            lang=first,
            headline=headline,
            explained=explained,
            wording=wording,
            tested=[page for page in pages if page.case.verdict != "not-applicable"],
            untested=[page for page in pages if page.case.verdict == "not-applicable"],
            unclaimed=[name for name, value in run.sut.capabilities.items() if value in (False, None, "none", "")],
            claimed=[
                (name, value) for name, value in run.sut.capabilities.items() if value not in (False, None, "none", "")
            ],
            counts=_counts(run),
            checks=sum(len(case.findings) for case in run.cases),
            labels=Counter(_label(each) for case in run.cases for each in case.findings if _labelled(each)),
            profile_checks=_profile_checks(run.cases),
            chapters=_chapters(run.cases),
            shown_characters=SHOWN_CHARACTERS,
            most_records=MOST_RECORDS,
            brief=any(page.brief for page in pages),
            proof=proof(),
            style=Markup(style),  # noqa: S704  # ours, from the package
            script=Markup(script),  # noqa: S704
            script_digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        )
    )
    return _PLAIN_TEXT.sub(_quotes_as_they_are, page)


def _quotes_as_they_are(match: re.Match[str]) -> str:
    """Quotation marks need no escape in text; XML and JSON bodies are full of them."""
    return match[0].replace("&#34;", '"').replace("&#39;", "'")


def _pages(run: Run) -> tuple[CasePage, ...]:
    """The cases, what went wrong first; within a verdict in the run's own order."""
    bodies = Bodies(run.evidence)
    told = sorted(stories(run), key=lambda story: _ORDER.get(story.case.verdict, 0))
    return tuple(_page(run, story, bodies) for story in told)


def _page(run: Run, story: Story, bodies: Bodies) -> CasePage:
    case = story.case
    brief = case.verdict == "pass" and len(run.cases) > _MANY_CASES
    printed = tuple(record for record in story.records if not brief or record.n in story.cited)
    drawn = picture(timeline(run, story, brief=brief))
    elsewhere = {record.n for record in printed} | {row.event.n for row in drawn.rows}
    return CasePage(
        case=case,
        anchor=f"case-{_name(case.id)}",
        word=wording.verdict_word(case.verdict),
        findings=tuple(sorted(case.findings, key=lambda finding: _ORDER.get(finding.verdict, 0))),
        picture=drawn,
        entries=bodies.entries(printed),
        brief=brief,
        records=len(story.records),
        others=_others(record for record in story.records if record.n not in elsewhere),
        left_out=story.left_out,
        cited=frozenset(story.cited),
        linked=frozenset(record.n for record in printed),
        command=_command(run, case),
    )


def _others(records: Iterable[Record]) -> tuple[Other, ...]:
    """``records`` by what their one line says, each line once, in the order of the first."""
    found: dict[tuple[str, str], list[int]] = {}
    for record in records:
        found.setdefault((record.kind, summary_of(record)), []).append(record.n)
    return tuple(Other(kind, summary, tuple(numbers)) for (kind, summary), numbers in found.items())


def _command(run: Run, case: Case) -> str:
    """What runs this case alone. The id is quoted where a shell would read more than a word in it."""
    target = f"--sut {run.sut.spec or 'reference'}" if run.sut.bundled else "SUT.toml"
    name = case.id if re.fullmatch(r"[\w./-]+", case.id) else "'" + case.id.replace("'", "'\\''") + "'"
    seed = "" if run.seed is None else f" --seed {run.seed}"
    return f"axisproof check {target} --only {name}{seed}"


def _counts(run: Run) -> tuple[tuple[wording.VerdictWord, int], ...]:
    """Cases by verdict, counted from the cases themselves: the page cannot disagree with its own list."""
    found = Counter(case.verdict for case in run.cases)
    return tuple((word, found[word.id]) for word in wording.VERDICTS)


def _chapters(cases: Iterable[Case]) -> tuple[ChapterLine, ...]:
    found: dict[str, Counter[str]] = {}
    for case in cases:
        found.setdefault(case.chapter, Counter())[case.verdict] += 1
    return tuple(
        ChapterLine(
            chapter,
            _name(chapter),
            wording.chapter_name(chapter),
            tuple(counter[word.id] for word in wording.VERDICTS),
            counter.total(),
        )
        for chapter, counter in found.items()
    )


def _profile_checks(cases: Iterable[Case]) -> tuple[tuple[Finding, str], ...]:
    """Every check that rests on our own profile, once, with the case where it was used first."""
    found: dict[str, tuple[Finding, str]] = {}
    for case in cases:
        for finding in case.findings:
            if _labelled(finding) and _label(finding) is wording.Label.PROFILE:
                found.setdefault(finding.check, (finding, case.id))
    return tuple(found.values())


def _label(finding: Finding) -> wording.Label:
    return wording.label_of(finding.basis, finding.given_label)


def _labelled(finding: Finding) -> bool:
    return wording.has_label(finding.requirements, finding.verdict)


def _name(text: str) -> str:
    """``text`` as an id of the page; different texts stay different."""
    if _PLAIN_ID.fullmatch(text):
        return text.replace("/", "--")
    return f"{_NOT_A_NAME.sub('-', text)}-{hashlib.sha256(text.encode(errors='replace')).hexdigest()[:6]}"


@cache
def _environment() -> Environment:
    made = environment().overlay()
    made.filters = {**made.filters, "name": _name, "label": _label}
    return made
