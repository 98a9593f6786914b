"""What was posted and what came of it, as small values: a long run has hundreds of thousands of each. Pure."""

from dataclasses import dataclass
from math import inf

__all__ = ["Content", "Fetch", "Journey", "Parcel", "Posting", "PostingKey", "Subject", "label_of"]

Subject = str | tuple[str, str, str]
"""What was posted: a document's id, or (the document that a status is about, its code, the unit that reports it)."""
PostingKey = tuple[Subject, str]
"""(what was posted, the unit it was posted to)."""
Content = tuple[bytes, tuple[str, ...]]
"""The digest of a package, and those of its attached files."""


def label_of(subject: Subject) -> str:
    """How people are told of it."""
    return subject if isinstance(subject, str) else " · ".join(subject)


@dataclass(slots=True)
class Posting:
    """One thing posted to one unit. ``state``: accepted, refused, unanswered or unsent; ``begun`` and ``done``: when it
    was sent, and when it was acknowledged. ``allowed``: how many deliveries of it are right."""

    subject: Subject
    sender: str
    unit: str
    urgency: int
    state: str
    begun: float
    done: float
    digest: bytes = b""
    files: tuple[str, ...] = ()
    allowed: int = 1

    @property
    def label(self) -> str:
        """How people are told of it."""
        return label_of(self.subject)


@dataclass(slots=True)
class Fetch:
    """One fetch of a delivery addressed to ``unit`` and holding ``subject``; not kept."""

    unit: str
    subject: Subject
    begun: float
    done: float
    ok: bool
    content: Content


class Parcel:
    """One delivery id in one system's list, however often it was fetched. ``posting``: of its first good fetch, None
    for a stranger. ``tried``: when the earliest fetch began, good or not; ``begun``, ``done``: of the first good one
    (inf: none); ``latest``: when the last good one began. ``odd``: what was in it, where that is not what was posted.
    ``word``: the last transport word that was answered OK; ``taken``: when it was first confirmed as done or fail."""

    __slots__ = (
        "begun", "done", "latest", "odd", "posting", "subject", "taken", "tried", "tried_done", "unit", "word",
        "word_at",
    )  # fmt: skip

    def __init__(self) -> None:
        self.posting: Posting | None = None
        self.subject: Subject = ""
        self.unit = ""
        self.tried = self.tried_done = self.begun = self.done = self.taken = inf
        self.latest = self.word_at = -inf
        self.odd: tuple[Content, ...] = ()
        self.word = ""

    def fetched(self, fetch: Fetch, posting: Posting | None) -> None:
        """Note one fetch; ``posting``: what it claims to hold."""
        if fetch.done < self.tried_done:
            self.tried, self.tried_done = fetch.begun, fetch.done
        if not fetch.ok:
            return
        known = posting is not None and fetch.content == (posting.digest, posting.files)
        if self.done < inf and posting is not self.posting:  # another thing under the same id: keep what both held
            if self.posting is not None:
                self.odd = (*self.odd, (self.posting.digest, self.posting.files))
            known = False
        if not known:
            self.odd = (*self.odd, fetch.content)
        self.latest = max(self.latest, fetch.begun)
        if fetch.done < self.done:
            self.begun, self.done, self.posting = fetch.begun, fetch.done, posting
            self.subject = fetch.subject if posting is None else posting.subject
            self.unit = fetch.unit if posting is None else posting.unit

    def heard(self, word: str, at: float) -> None:
        """Note a transport word that was answered OK."""
        if at >= self.word_at:
            self.word, self.word_at = word, at
        if word in ("done", "fail"):
            self.taken = min(self.taken, at)


@dataclass(frozen=True, slots=True)
class Journey:
    """One owed delivery in time: sent, acknowledged, and fetched by ``system`` (None: it never arrived)."""

    subject: Subject
    sender: str
    unit: str
    begun: float
    acknowledged: float
    arrived: float | None
    fate: str
    system: str = ""

    @property
    def label(self) -> str:
        """How people are told of it."""
        return label_of(self.subject)
