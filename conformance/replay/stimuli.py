"""What a case sent, read out of its evidence: bodies from the blobs, headers as they went over the wire. Pure."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance.evidence import CaseEvidence, Record
from conformance.recorder import MASK
from conformance.runfolder import RunEvidence
from simulator.protocol import request_signing
from simulator.words import Text

__all__ = ["NotReplayable", "Stimulus", "left_out", "stimuli"]

_NOT_OURS = frozenset({"host", "content-length", "transfer-encoding"})
_SIGN = f"{request_signing.PREFIX}sign-header".lower()


class NotReplayable(Exception):
    """The case cannot be replayed; ``because`` says why."""

    def __init__(self, because: Text) -> None:
        super().__init__(because.en)
        self.because = because


@dataclass(frozen=True, slots=True)
class Stimulus:
    """One package that went to the axis, or (``planted``) past its admission into the SUT's queue.

    ``headers``: as they were sent, without those that the connection makes; ``signed``: the raw signed JSON; ``body``:
    with the line end that the SDK appends (planted: the package alone); ``then``: what the axis answered.
    """

    n: int
    label: str
    system_id: str
    planted: bool
    message_type: str
    to: tuple[str, ...]
    body: bytes = field(repr=False)
    sha256: str
    headers: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)
    signed: bytes = field(default=b"", repr=False)
    then: Mapping[str, Any] = field(default_factory=dict)


def stimuli(run: RunEvidence, case_id: str) -> tuple[Stimulus, ...]:
    """Everything that the lanes of that case sent, in order. Raises NotReplayable: no such case, or nothing sent."""
    if case_id not in run.case_ids:
        raise NotReplayable(_NO_CASE.filled(case=case_id, cases=", ".join(run.case_ids)))
    evidence = run.of(case_id)
    found = sorted((*_sent(evidence), *_planted(evidence)), key=lambda each: each.n)
    if not found:
        raise NotReplayable(_NOTHING.filled(case=case_id))
    return tuple(found)


def left_out(run: RunEvidence, case_id: str) -> tuple[str, ...]:
    """What else the case did, which a replay does not: the steps of the SUT's clerk."""
    return tuple(
        " ".join(filter(None, (str(record["call"]), str((record["request"] or {}).get("action") or ""))))
        for record in run.of(case_id).records
        if record.kind == "act" and record["call"] in ("POST /control/act", "POST /control/send")
    )


def _sent(evidence: CaseEvidence) -> Iterator[Stimulus]:
    lanes = {lane.system_id for lane in evidence.lanes}
    labels = {record["values"]["sha256"]: record["values"]["label"] for record in evidence.notes("sent")}
    for record in evidence.records:
        if record.kind == "exchange" and record["operation"] == "sendEdoc" and record["system_id"] in lanes:
            yield _exchange(record, evidence, labels)


def _exchange(record: Record, evidence: CaseEvidence, labels: Mapping[str, str]) -> Stimulus:
    request = record["request"]
    body = _blob(evidence, request["body_sha256"], record)
    package = hashlib.sha256(body.removesuffix(b"\r\n")).hexdigest()
    headers = tuple((name, value.encode("latin-1")) for name, value in request["headers"])
    signed = next((value for name, value in headers if name.lower() == _SIGN), b"")
    if "body" in (record.get("masked") or ()) or MASK.encode() in signed:
        raise NotReplayable(_MASKED.filled(n=record.n))
    arguments = request_signing.read(signed)
    return Stimulus(
        n=record.n,
        label=labels.get(package, ""),
        system_id=record["system_id"],
        planted=False,
        message_type=arguments.get("messagetype") or "edoc",
        to=(),
        body=body,
        sha256=package,
        headers=tuple((name, value) for name, value in headers if name.lower() not in _NOT_OURS),
        signed=signed,
        then=_answer(evidence, record),
    )


def _answer(evidence: CaseEvidence, record: Record) -> Mapping[str, Any]:
    try:
        members = json.loads(evidence.blob(record["response"]["body_sha256"]))
    except (KeyError, ValueError):
        return {}
    return members if isinstance(members, dict) else {}


def _planted(evidence: CaseEvidence) -> Iterator[Stimulus]:
    for record in evidence.notes("sent"):
        values = record["values"]
        if (values.get("answer") or {}).get("planted"):
            yield Stimulus(
                n=record.n,
                label=values["label"],
                system_id=values["system_id"],
                planted=True,
                message_type=_kind_of_plant(evidence, values["doc_id"]),
                to=(evidence.sut.organ,),
                body=_blob(evidence, values["sha256"], record),
                sha256=values["sha256"],
                then={"status": "OK", "DocId": values["doc_id"]},
            )


def _kind_of_plant(evidence: CaseEvidence, doc_id: str) -> str:
    accepted = evidence.facts("accepted", doc_id=doc_id)
    return str(accepted[0]["message_type"]) if accepted else "edoc"


def _blob(evidence: CaseEvidence, digest: str, record: Record) -> bytes:
    try:
        return evidence.blob(digest)
    except KeyError:
        raise NotReplayable(_NO_BLOB.filled(n=record.n, digest=digest or "–")) from None


_NO_CASE = Text(
    en="that run has no case {case!r}; it has {cases}", vi="lần chạy không có ca {case!r}; các ca là {cases}"
)
_NOTHING = Text(
    en="{case} sent nothing to the axis in that run: there is nothing to replay",
    vi="{case} không gửi gì đến trục trong lần chạy đó: không có gì để gửi lại",
)
_NO_BLOB = Text(en="record {n}: the blob {digest} is not there", vi="bản ghi {n}: thiếu tệp {digest}")
_MASKED = Text(
    en="record {n}: a secret inside was masked when it was recorded, so its bytes are not what was sent",
    vi="bản ghi {n}: có khóa bí mật đã bị che khi ghi lại nên không còn đúng các byte đã gửi",
)
