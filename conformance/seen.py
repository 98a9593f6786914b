"""What stands in the evidence, as values: records, lanes, what was sent and ordered, what was seen of the SUT."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from conformance.finding import Cited
from simulator.protocol.package import Package, StatusPacket
from simulator.protocol.reading import Reading
from simulator.words import Text

__all__ = ["Lane", "Look", "Order", "Record", "SeenDocument", "SeenStatus", "Sent", "Sut", "Unseen"]


class Unseen(Exception):
    """Something that a judgement rests on was not there. Not the SUT's fault by itself: it makes checks unobserved."""

    def __init__(self, because: Text, *cites: Cited, remedy: Text) -> None:
        super().__init__(because.en)
        self.because = because
        self.remedy = remedy
        self.cites = cites


@dataclass(frozen=True, slots=True)
class Lane:
    """One fake agency that a case talks through: its system, its unit, every spelling of its code, its name."""

    system_id: str
    unit: str
    codes: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Sut:
    """Who is tested, as the evidence needs it. ``organs``: every spelling of its unit's code."""

    system_id: str
    organ: str
    organs: tuple[str, ...]
    name: str = ""
    organ_name: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the evidence. ``n`` counts from 1; ``case`` is None where it belongs to no single case."""

    n: int
    at: str
    case: str | None
    kind: str
    members: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.members[name]

    def get(self, name: str, default: Any = None) -> Any:
        """The member of that name, or ``default``."""
        return self.members.get(name, default)

    @property
    def moment(self) -> datetime:
        """When it was recorded, aware, by the axis's clock."""
        return datetime.fromisoformat(self.at)


@dataclass(frozen=True, slots=True)
class Sent:
    """What a lane sent (note ``sent``). ``doc_id`` is the axis's; ``document_id`` the packet's own."""

    n: int
    at: str
    label: str
    system_id: str
    organ: str
    doc_id: str
    document_id: str
    code: str
    issued: str
    sha256: str
    ok: bool
    answer: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Order:
    """What the SUT was told to send (act ``POST /control/send``) and answered."""

    n: int
    at: str
    label: str
    document_id: str
    request: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SeenStatus:
    """A status packet of the SUT that the axis accepted, decoded."""

    n: int
    moment: datetime
    packet: StatusPacket
    reading: Reading
    fact: Record

    @property
    def code(self) -> str:
        """01 … 16."""
        return self.packet.code

    @property
    def document_id(self) -> str:
        """ResponseFor/DocumentId."""
        return self.packet.response_for.document_id if self.packet.response_for else ""

    @property
    def timestamp_text(self) -> str:
        """The raw text of Timestamp."""
        return self.reading.text("MessageHeader/Timestamp") or ""


@dataclass(frozen=True, slots=True)
class SeenDocument:
    """A document package of the SUT that the axis accepted, decoded."""

    n: int
    moment: datetime
    package: Package
    reading: Reading
    fact: Record


_CHANGES = ("recall", "update")
_NOT_HELD = ("refused", "failed")


@dataclass(frozen=True, slots=True)
class Look:
    """One answer of ``GET /control/documents``, narrowed to the rows that touch the case.

    The contract sets no order of rows, nor of the receivers and attachments in one, and several rows may bear one
    document_id: nothing here may depend on which comes first. What must be shown is shown by any of the rows; what
    must not be shown is shown by none.
    """

    n: int
    box: str
    rows: tuple[Mapping[str, Any], ...]

    def of(self, document_id: str, **members: Any) -> tuple[Mapping[str, Any], ...]:
        """The rows of that document whose members equal the given ones."""
        return tuple(
            row
            for row in self.rows
            if row.get("document_id") == document_id and all(row.get(name) == value for name, value in members.items())
        )

    def held(self, document_id: str) -> tuple[Mapping[str, Any], ...]:
        """The rows of it that the SUT holds: neither refused nor failed."""
        return tuple(row for row in self.of(document_id) if row.get("state") not in _NOT_HELD)

    def counted(self, document_id: str) -> tuple[Mapping[str, Any], ...]:
        """The rows that say how often the SUT has it: a refused copy is none of its own, where another one is held."""
        return self.held(document_id) or self.of(document_id)

    def itself(self, document_id: str) -> tuple[Mapping[str, Any], ...]:
        """The rows of the document itself, without those of a recall or an update that bear the same identifier."""
        return tuple(row for row in self.of(document_id) if row.get("kind") not in _CHANGES)

    def flaws(self, document_id: str, of: Callable[[Mapping[str, Any]], list[str]]) -> list[str]:
        """What ``of`` finds wrong with the row of it that has the least wrong: [] where one row is as it has to be.

        Of a document without a row, what is wrong with an empty one.
        """
        return min((of(row) for row in self.of(document_id) or ({},)), key=lambda found: (len(found), found))

    def files(self, document_id: str, *wanted: str) -> tuple[Mapping[str, Any], ...]:
        """The attachments of the row that holds it; of several rows, of the one with most of the ``wanted`` digests."""
        shown = [tuple(row.get("attachments") or ()) for row in self.held(document_id)]
        return max(shown, key=lambda files: _fitting(files, wanted), default=())

    def states(self, document_id: str) -> tuple[str, ...]:
        """Every state that a row of the document itself shows, each once, sorted; () where it has no row."""
        return tuple(sorted({str(row.get("state") or "–") for row in self.itself(document_id)}))

    def state(self, document_id: str) -> str:
        """The same for people: "arrived, recalled"; "" where it has no row."""
        return ", ".join(self.states(document_id))

    def signature(self, document_id: str) -> str:
        """What the box says of its signature: "valid" where any row says so, "" where it has no row or says nothing."""
        words = {str(row["signature"]) for row in self.of(document_id) if row.get("signature")}
        return "valid" if "valid" in words else ", ".join(sorted(words))

    def lines(self, document_id: str, organs: Sequence[str]) -> tuple[Mapping[str, Any], ...]:
        """What the SUT shows for one receiver of what it sent under that identifier: a line for each row with it."""
        return tuple(
            receiver
            for row in self.of(document_id)
            for receiver in row.get("receivers") or ()
            if receiver.get("organ") in organs
        )

    def statuses(self, document_id: str, organs: Sequence[str]) -> tuple[str, ...]:
        """Every status that these lines show, each once, sorted; () where none shows any."""
        return tuple(sorted({str(line["status"]) for line in self.lines(document_id, organs) if line.get("status")}))

    def status(self, document_id: str, organs: Sequence[str]) -> str:
        """The same for people: "03"; "" where none shows any."""
        return ", ".join(self.statuses(document_id, organs))


def _fitting(files: Sequence[Mapping[str, Any]], wanted: Sequence[str]) -> tuple[int, int, list[tuple[str, str]]]:
    """How well the files fit: most of the wanted ones, fewest others; equals by name, so that no order counts."""
    digests = [str(each.get("sha256")).lower() for each in files]
    found = sum(each in digests for each in wanted)
    return found, found - len(digests), sorted((str(each.get("name")), str(each.get("sha256"))) for each in files)
