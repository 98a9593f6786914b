"""What stands in the evidence, as values: records, lanes, what was sent and ordered, what was seen of the SUT."""

from collections.abc import Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class Look:
    """One answer of ``GET /control/documents``, narrowed to the rows that touch the case."""

    n: int
    box: str
    rows: tuple[Mapping[str, Any], ...]

    def of(self, document_id: str) -> tuple[Mapping[str, Any], ...]:
        """The rows of that document."""
        return tuple(row for row in self.rows if row.get("document_id") == document_id)

    def state(self, document_id: str) -> str:
        """The state of the last row of that document, "" where it has none."""
        return str((self.of(document_id) or ({},))[-1].get("state", ""))

    def status(self, document_id: str, organs: Sequence[str]) -> Mapping[str, Any]:
        """What the SUT shows for one receiver of a document that it sent; {} where it shows none."""
        for row in reversed(self.of(document_id)):
            for receiver in row.get("receivers") or ():
                if receiver.get("organ") in organs:
                    return dict(receiver)
        return {}
