"""The run folder on disk: ``evidence/records.jsonl`` between a header and a footer line, ``evidence/blobs/<sha256>``.

Written as the run goes (a crash leaves a readable folder without a footer); read back only after the footer's
count and every blob's digest were found right, so that a judgement rests on what was recorded.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from heapq import merge
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Self, TextIO

from conformance.evidence import CaseEvidence, Lane, Record, Sut
from simulator.words import Text

__all__ = ["SCHEMA", "BadEvidence", "Blobs", "EvidenceWriter", "RunEvidence", "lane_row", "load"]

SCHEMA = "axisproof/evidence/1"


class BadEvidence(Exception):
    """A run folder that cannot be judged; ``because`` says why, in both languages."""

    def __init__(self, because: Text) -> None:
        super().__init__(because.en)
        self.because = because


class Blobs(Mapping[str, bytes]):
    """The blobs of one folder by digest, each read when it is asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __getitem__(self, sha256: str) -> bytes:
        if len(sha256) != 64 or not sha256.isalnum():
            raise KeyError(sha256)
        try:
            return (self._folder / sha256).read_bytes()
        except FileNotFoundError:
            raise KeyError(sha256) from None

    def __iter__(self) -> Iterator[str]:
        return (path.name for path in sorted(self._folder.iterdir()))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, sha256: object) -> bool:
        return isinstance(sha256, str) and (self._folder / sha256).is_file()

    def put(self, data: bytes) -> str:
        """Store ``data`` once; its digest."""
        digest = hashlib.sha256(data).hexdigest()
        path = self._folder / digest
        if not path.exists():
            path.write_bytes(data)
        return digest


class EvidenceWriter:
    """Writes one run's records, each line as it comes. Close with ``finish``; without it there is no footer."""

    def __init__(self, run_dir: Path, header: Mapping[str, Any]) -> None:
        folder = run_dir / "evidence"
        (folder / "blobs").mkdir(parents=True, exist_ok=True)
        self.blobs = Blobs(folder / "blobs")
        self.count = 0
        self._file: TextIO = (folder / "records.jsonl").open("w", encoding="utf-8", newline="\n")
        self._write({"record": "header", "schema": SCHEMA, **header})

    @classmethod
    def going_on(cls, run_dir: Path, *, count: int, size: int) -> Self:
        """Write on behind ``count`` records; the file is cut to its first ``size`` bytes, which are whole lines."""
        writer = cls.__new__(cls)
        folder = run_dir / "evidence"
        writer.blobs = Blobs(folder / "blobs")
        writer.count = count
        path = folder / "records.jsonl"
        with path.open("r+b") as file:
            file.truncate(size)
        writer._file = path.open("a", encoding="utf-8", newline="\n")
        return writer

    def append(self, *, at: str, case: str | None, kind: str, members: Mapping[str, Any]) -> Record:
        """Write one record; it has its number from then on."""
        self.count += 1
        self._write({"n": self.count, "at": at, "case": case, "kind": kind, **members})
        return Record(self.count, at, case, kind, members)

    def finish(self, *, finished_at: str) -> None:
        """Write the footer and close."""
        footer = {"record": "footer", "records": self.count, "finished_at": finished_at, "complete": True}
        self._write(footer)
        self.close()

    def close(self) -> None:
        """Close the file; what was not finished stays without a footer."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _write(self, line: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":"), default=str) + "\n")
        self._file.flush()


@dataclass(frozen=True)
class RunEvidence:
    """One stored run: its header, all records, its blobs."""

    header: Mapping[str, Any]
    records: tuple[Record, ...]
    blobs: Mapping[str, bytes]
    finished_at: str

    @property
    def sut(self) -> Sut:
        """Who was tested."""
        sut = self.header["sut"]
        return Sut(sut["system_id"], sut["organ"], tuple(sut["organs"]), sut.get("name", ""), sut.get("organ_name", ""))

    @property
    def case_ids(self) -> tuple[str, ...]:
        """The cases that were selected, in order."""
        return tuple(row["id"] for row in self.header["cases"])

    @property
    def _rows(self) -> tuple[Mapping[str, Any], ...]:
        return (*self.header["cases"], *self.header.get("vendor_cases", ()))

    def lanes(self, case_id: str) -> tuple[Lane, ...]:
        """The fake agencies of that case; those of a second try stand in its first note."""
        rows = next((row["lanes"] for row in self._rows if row["id"] == case_id), None)
        if rows is None:
            begun = (each["values"] for each in self.own(case_id) if each.kind == "note" and each["name"] == "started")
            rows = next(begun, {"lanes": ()}).get("lanes", ())
        return tuple(Lane(lane["system_id"], lane["unit"], tuple(lane["codes"]), lane.get("name", "")) for lane in rows)

    def tried(self, case_id: str) -> bool:
        """Whether there is any evidence under that name."""
        return case_id in self._by_case

    def own(self, case_id: str | None) -> tuple[Record, ...]:
        """The records that bear that name, without the polls, which belong to all; None: those of the run itself."""
        return self._by_case.get(case_id, ())

    def of(self, case_id: str) -> CaseEvidence:
        """What that case's judge may see: its own records, and the polls of the SUT, which belong to all."""
        own = merge(self.own(case_id), self._polls, key=lambda record: record.n)
        return CaseEvidence(case_id, self.sut, self.lanes(case_id), tuple(own), self.blobs)

    @cached_property
    def _by_case(self) -> Mapping[str | None, tuple[Record, ...]]:
        """The records of each case, without the polls, which belong to all."""
        found: dict[str | None, list[Record]] = {}
        for record in self.records:
            if not _is_poll(record):
                found.setdefault(record.case, []).append(record)
        return {case: tuple(records) for case, records in found.items()}

    @cached_property
    def _polls(self) -> tuple[Record, ...]:
        return tuple(record for record in self.records if _is_poll(record))


def lane_row(lane: Lane) -> dict[str, Any]:
    """A lane as the header and the notes write it."""
    return {"system_id": lane.system_id, "unit": lane.unit, "codes": list(lane.codes), "name": lane.name}


def _is_poll(record: Record) -> bool:
    return record.kind == "fact" and record["fact"] == "polled"


def load(run_dir: Path) -> RunEvidence:
    """Read and verify a stored run. Raises BadEvidence: no such folder, another schema, cut short, altered."""
    folder = run_dir / "evidence"
    try:
        lines = (folder / "records.jsonl").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise BadEvidence(
            Text(
                en=f"{run_dir} is no run folder: no evidence/records.jsonl", vi=f"{run_dir} không phải thư mục lần chạy"
            )
        ) from None
    rows = [_line(line, number) for number, line in enumerate(lines, 1)]
    header = rows[0] if rows else {}
    if header.get("schema") != SCHEMA:
        raise _bad(
            "the evidence is of another schema than {schema}", "bằng chứng không theo lược đồ {schema}", schema=SCHEMA
        )
    footer = rows[-1]
    if footer.get("record") != "footer" or footer.get("records") != len(rows) - 2:
        raise _bad(
            "the evidence is cut short: the footer is missing or counts other records",
            "bằng chứng bị cắt cụt: thiếu dòng cuối hoặc số bản ghi không khớp",
        )
    records = tuple(_record(row, number) for number, row in enumerate(rows[1:-1], 1))
    _verify_blobs(folder / "blobs")
    frozen = MappingProxyType(header)
    return RunEvidence(frozen, records, Blobs(folder / "blobs"), str(footer.get("finished_at", "")))


def _line(line: str, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError:
        row = None
    if not isinstance(row, dict):
        raise _bad("line {number} of the evidence is damaged", "dòng {number} của bằng chứng bị hỏng", number=number)
    return row


def _record(row: dict[str, Any], number: int) -> Record:
    if row.get("n") != number or "kind" not in row:
        raise _bad("record {number} is missing or moved", "bản ghi {number} bị thiếu hoặc sai chỗ", number=number)
    members = {name: value for name, value in row.items() if name not in ("n", "at", "case", "kind")}
    return Record(number, str(row.get("at", "")), row.get("case"), row["kind"], MappingProxyType(members))


def _verify_blobs(folder: Path) -> None:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != path.name:
                raise _bad("the blob {name} was altered", "tệp {name} đã bị sửa", name=path.name)


def _bad(en: str, vi: str, **values: object) -> BadEvidence:
    return BadEvidence(Text(en=en, vi=vi).filled(**values))
