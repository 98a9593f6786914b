"""Going on with a run whose harness was killed: what its folder still tells, and a stage that does nothing twice.

Finished cases stay as they are. An unfinished case starts again from the top, but every step that stands in its
evidence is answered from there: nothing is sent a second time and nobody is asked a second time. The axis goes on with
the data that it kept in the run folder.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from conformance.config import BadConfig
from conformance.evidence import Record, Sent
from conformance.lanes import Flight
from conformance.live import LiveStage
from conformance.runfolder import SCHEMA
from conformance.stage import Condition, Reply
from conformance.sut.prompts import key_of
from simulator.words import Text

__all__ = ["AXIS", "CALL", "Earlier", "ResumedStage", "earlier", "remember", "remembered"]

AXIS = "axis"
"""Where in the run folder the axis keeps its data until the run is finished."""
CALL = "resume.json"
"""How the run was called, without secrets."""

_NO_RUN = Text(
    en="{folder} holds no run that could go on: {why}", vi="{folder} không có lần chạy nào để tiếp tục: {why}"
)
_COMPLETE = Text(en="it is complete", vi="lần chạy đã hoàn tất")
_OTHER_PLAN = Text(
    en="{folder} was planned otherwise (another version, topology or SUT file): start a new run",
    vi="{folder} được lập kế hoạch khác (khác phiên bản, topology hoặc tệp SUT): hãy chạy mới",
)


def remember(folder: Path, call: Mapping[str, Any]) -> None:
    """Write down how the run was called."""
    (folder / CALL).write_text(json.dumps(call, ensure_ascii=False, indent=1) + "\n", "utf-8")


def remembered(folder: Path) -> dict[str, Any]:
    """How it was called. Raises BadConfig."""
    try:
        call: dict[str, Any] = json.loads((folder / CALL).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadConfig(_NO_RUN.filled(folder=folder, why=error)) from None
    return call


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier process wrote. ``size``: bytes of whole lines; ``ended``: the keys of finished cases."""

    folder: Path
    header: Mapping[str, Any]
    records: tuple[Record, ...]
    size: int
    ended: frozenset[str]

    @property
    def used(self) -> list[str]:
        """The prompt keys of the acts that the evidence holds."""
        return [
            key_of(record.case or "", record["call"], record["request"] or {})
            for record in self.records
            if record.kind == "act"
        ]

    def left(self, flights: Sequence[Flight]) -> tuple[Flight, ...]:
        """The flights with their unfinished cases only."""
        kept = (
            replace(flight, cases=tuple(case for case in flight.cases if flight.key(case) not in self.ended))
            for flight in flights
        )
        return tuple(flight for flight in kept if flight.cases)

    def same_plan(self, header: Mapping[str, Any]) -> None:
        """Raises BadConfig where this process would plan other cases or lanes."""
        if json.loads(json.dumps([header["cases"], header["seed"]])) != [self.header["cases"], self.header["seed"]]:
            raise BadConfig(_OTHER_PLAN.filled(folder=self.folder))

    def stages(self) -> Callable[..., LiveStage]:
        """Makes the stage of a case, with what it did before."""
        return partial(ResumedStage, earlier=self)

    def of(self, key: str) -> list[Record]:
        """The records of that case."""
        return [record for record in self.records if record.case == key]


def earlier(folder: Path) -> Earlier:
    """Read a run that has no end yet; a line that was being written is left out. Raises BadConfig."""
    try:
        data = (folder / "evidence" / "records.jsonl").read_bytes()
    except OSError as error:
        raise BadConfig(_NO_RUN.filled(folder=folder, why=error.strerror)) from None
    size = data.rfind(b"\n") + 1
    rows = [json.loads(line) for line in data[:size].splitlines()]
    if not rows or rows[0].get("schema") != SCHEMA:
        raise BadConfig(_NO_RUN.filled(folder=folder, why=SCHEMA))
    if rows[-1].get("record") == "footer":
        raise BadConfig(
            Text(
                en=_NO_RUN.en.format(folder=folder, why=_COMPLETE.en),
                vi=_NO_RUN.vi.format(folder=folder, why=_COMPLETE.vi),
            )
        )
    records = tuple(_record(row) for row in rows[1:])
    ended = frozenset(
        str(record.case) for record in records if record.kind == "note" and record["name"] == "ended" and record.case
    )
    return Earlier(folder, rows[0], records, size, ended)


def _record(row: Mapping[str, Any]) -> Record:
    members = {name: value for name, value in row.items() if name not in ("n", "at", "case", "kind")}
    return Record(int(row["n"]), str(row["at"]), row["case"], row["kind"], members)


class ResumedStage(LiveStage):
    """A stage whose first steps are answered from the evidence of the process before."""

    def __init__(self, case: str, *, earlier: Earlier, **rest: Any) -> None:
        super().__init__(case, **rest)
        self._notes: dict[str, list[Record]] = defaultdict(list)
        self._acts: dict[str, list[Record]] = defaultdict(list)
        self._waits: dict[str, list[Record]] = defaultdict(list)
        for record in earlier.of(case):
            if record.kind == "note":
                label = f"sent:{record['values']['label']}" if record["name"] == "sent" else record["name"]
                self._notes[label].append(record)
            elif record.kind == "act":
                self._acts[_act(record["call"], record["request"] or {})].append(record)
            elif record.kind == "wait":
                self._waits[record["for"]["en"]].append(record)

    async def send(self, packet: Any, *, label: str = "document", **rest: Any) -> Sent:
        """What was sent is not sent again."""
        return self._before(label) or await super().send(packet, label=label, **rest)

    async def plant(self, data: bytes, *, label: str = "document", **rest: Any) -> Sent:
        """What was planted is not planted again."""
        return self._before(label) or await super().plant(data, label=label, **rest)

    def _before(self, label: str) -> Sent | None:
        if not (records := self._notes[f"sent:{label}"]):
            return None
        record = records.pop(0)
        return Sent(n=record.n, at=record.at, **record["values"])

    def note(self, name: str, /, **values: Any) -> None:
        """What was noted stays as it was noted."""
        if self._notes[name]:
            self._notes[name].pop(0)
        else:
            super().note(name, **values)

    async def _call(self, method: str, path: str, request: Mapping[str, Any], **rest: Any) -> Reply:
        shown = {**request, "label": rest["label"]} if rest.get("label") is not None else request
        if records := self._acts[_act(f"{method} {path}", shown)]:
            record = records.pop(0)
            return Reply(record["status"], record["answer"])
        return await super()._call(method, path, request, **rest)

    async def _wait(self, condition: Condition, *, for_: Text, **rest: Any) -> bool:
        if records := self._waits[for_.en]:
            return bool(records.pop(0)["met"])
        return await super()._wait(condition, for_=for_, **rest)

    async def pause(self, seconds: float, *, for_: Text) -> None:
        """Time that passed has passed."""
        if self._waits[for_.en]:
            self._waits[for_.en].pop(0)
        else:
            await super().pause(seconds, for_=for_)


def _act(call: str, request: Mapping[str, Any]) -> str:
    """What makes two acts the same step: times and numbers drawn from the clock may differ."""
    return " ".join(
        [call, *(str(request.get(name) or "") for name in ("action", "document_id", "box", "label", "kind"))]
    )
