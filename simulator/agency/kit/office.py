"""Who the reference system is, and whom it knows: its settings, its unit under every spelling, its directory.

Both codes of one unit are one unit (ID-11). The pair comes from the axis's directory; the mapping rule is only the
fall-back for a code that no directory has named (structure.md 5).
"""

import hashlib
import ssl
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from simulator.agency.client import Answer, AxisClient, AxisUnreachable
from simulator.agency.kit.store import FileRecord, Store, UnitRow
from simulator.clock import VIETNAM, Clock
from simulator.protocol.identifiers import mapped_code
from simulator.protocol.profile import Limits
from simulator.words import Lang

__all__ = ["DmsConfig", "Office"]


@dataclass(frozen=True, slots=True)
class DmsConfig:
    """How one reference system is set up. Times in seconds.

    ``poll_seconds`` None: it polls only when told to. ``answer_seconds``: how long a clerk's order to send waits for
    the axis before it is reported as queued. ``lang``: of what the clerk reads; reasons that travel are Vietnamese.
    ``trust``: a folder with the certificates (``root-*.pem``, ``sub-ca-*.pem``) that signatures are checked by,
    and the authority of an axis on https (``tls-ca.pem``; without it those that the machine trusts).
    ``signer``: a folder with ``signer.pem`` and ``signer-key.pem``; ``tsa``: where stamps come from (RFC 3161), each of
    them waited for ``stamp_seconds``; both are needed to sign what is sent.
    """

    endpoint: str
    system_id: str
    secret: str
    organ: str
    organ_name: str
    data: Path
    poll_seconds: float | None = None
    timeout: float = 20.0
    answer_seconds: float = 5.0
    directory_seconds: float = 300.0
    max_attachment_bytes: int = 50 * 1024 * 1024
    limits: Limits = Limits()
    lang: Lang = Lang.VI
    trust: Path | None = None
    signer: Path | None = None
    tsa: str = ""
    stamp_seconds: float = 180.0

    def tls(self) -> ssl.SSLContext | None:
        """How the axis's certificate is checked: chain, dates and host name. None: by what the machine trusts."""
        authority = self.trust / "tls-ca.pem" if self.trust else None
        if authority is None or not self.endpoint.lower().startswith("https:") or not authority.is_file():
            return None
        return ssl.create_default_context(cafile=str(authority))


class Office:
    """The part of the system that both its sides stand on."""

    def __init__(self, config: DmsConfig, clock: Clock) -> None:
        self.config = config
        self.clock = clock
        self.store = Store(config.data)
        self.client = self.make_client()
        self._units: dict[str, UnitRow] = {}
        self._directory_at: datetime | None = None
        self._learn(self.store.units())

    def make_client(self, timeout: float | None = None) -> AxisClient:
        """The connection to the axis; ``timeout``: other than configured."""
        return self.client_of(AxisClient, timeout=timeout)

    def client_of(self, kind: type[AxisClient], *, timeout: float | None = None, **more: Any) -> AxisClient:
        """One of that kind, with our address, our secret and our trust; ``more``: what only that kind takes."""
        own, wait = self.config, timeout or self.config.timeout
        return kind(own.endpoint, own.system_id, own.secret, clock=self.clock, timeout=wait, verify=self.tls(), **more)

    def tls(self) -> ssl.SSLContext | None:
        """How the axis's certificate is checked on https."""
        return self.config.tls()

    def now(self) -> datetime:
        """The present moment in Vietnamese time, whatever zone the machine is set to (ST-14)."""
        return self.clock.now().astimezone(VIETNAM)

    def note(self, about: str, text: str) -> None:
        """A line of the history: what was ignored, refused, changed, and why."""
        self.store.note(self.now().isoformat(timespec="seconds"), about, text)

    def file_record(self, name: str, data: bytes) -> FileRecord:
        """One file as it is kept: its whole name, its size, its digest."""
        return FileRecord(name=name, size=len(data), sha256=hashlib.sha256(data).hexdigest())

    # ---------------------------------------------------------------- units

    def unit_code(self, text: str) -> str:
        """A unit code as it stands in a package: kept whole, whatever its length (ID-06)."""
        return text.strip()

    def canonical(self, code: str) -> str:
        """One spelling for all spellings of a unit."""
        unit = self._units.get(code)
        return unit.code if unit else mapped_code(code) or code

    def same_unit(self, one: str, other: str) -> bool:
        """Whether two codes name one unit."""
        return bool(one) and (one == other or self.canonical(one) == self.canonical(other))

    def is_us(self, code: str) -> bool:
        """Whether a code names our own unit, in either form, or our system (some write its id as the unit)."""
        return self.same_unit(code, self.config.organ) or code == self.config.system_id

    def unit_named(self, code: str) -> UnitRow | None:
        """The directory's line of a unit, found under either code; None for one that it does not have."""
        return self._units.get(code) or self._units.get(self.canonical(code))

    # ---------------------------------------------------------------- directory

    def directory_is_stale(self) -> bool:
        """Whether it is time to synchronise."""
        if self._directory_at is None:
            return True
        return (self.clock.now() - self._directory_at).total_seconds() >= self.config.directory_seconds

    async def synchronise(self) -> bool:
        """Take over the axis's directory. False where the axis gave none: what was known before is kept."""
        try:
            pairs = await self.client.agencies_qd20("")
            units = await self.client.units()
        except AxisUnreachable:
            return False
        if not (pairs.ok and units.ok):
            return False
        if not (pairs.items or units.items):
            return False
        self._directory_at = self.clock.now()
        self.apply_directory(pairs, units)
        return True

    def apply_directory(self, pairs: Answer, units: Answer) -> None:
        """Created, renamed and deleted units; a deleted one stays known, as closed (ID-12, ID-13)."""
        rows: dict[str, UnitRow] = {}
        for item in pairs.items:
            if code := _member(item, "code"):
                rows[code] = UnitRow(code=code, code102=_member(item, "code102"), name=_member(item, "name"))
        olds = {row.code102: row.code for row in rows.values() if row.code102}
        for item in units.items:
            if not (code := _member(item, "code")):
                continue
            closed = item.get("deleted") in (True, "true", 1)
            known = rows.get(olds.get(code, code))
            name = _member(item, "name") or (known.name if known else "")
            row = known or UnitRow(code=code, code102="", name=name)
            rows[row.code] = UnitRow(code=row.code, code102=row.code102, name=name, closed=closed)
        self.store.replace_units(tuple(rows.values()))
        self._learn(tuple(rows.values()))

    def _learn(self, rows: tuple[UnitRow, ...]) -> None:
        self._units = {spelling: row for row in rows for spelling in (row.code102, row.code) if spelling}


def _member(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    return value.strip() if isinstance(value, str) else ""
