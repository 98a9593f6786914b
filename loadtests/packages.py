"""Packages made ready before the clock starts: encoded, signed, spooled into one file (pitfall 170).

Every package has its own DocumentId and its own bytes (pitfall 171). The attached PDF opens; what makes it large is a
stream of seeded noise inside it: one block of a megabyte per seed, turned to another place for each document, beside a
token that no other document has. Contents come from fixtures/phrases.py: made up, and marked as load tests.
"""

import contextlib
import hashlib
import mmap
import random
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import pybase64

from fixtures import phrases
from loadtests.paper import Paper
from loadtests.plan import Arrival, Plan
from simulator.clock import VIETNAM
from simulator.protocol import codec
from simulator.protocol import package as p
from simulator.protocol.business import BusinessType
from simulator.protocol.request_signing import header_timestamp, sign
from simulator.words import Text

__all__ = ["NoSecret", "Spool", "prepare", "signed_headers", "status_packet"]

OCTETS = "application/octet-stream"
_MARK = b"+++HERE+++"
_CHUNK = 3 << 18
_NO_SECRET = Text(
    en="the system {system} is to send, but no secret of it is known",
    vi="hệ thống {system} phải gửi nhưng không có khóa",
)
_SIGNERS = ("Nguyễn Văn Thử", "Trần Thị Tải", "Lê Văn Mẫu", "Phạm Thị Giả Định")
_DISCLAIMER = "Văn bản thử tải do chương trình tạo ra, không có giá trị pháp lý."


class NoSecret(ValueError):
    """A system is to send whose secret is unknown. ``because`` says so to people."""

    def __init__(self, system_id: str) -> None:
        self.because = _NO_SECRET.filled(system=system_id)
        super().__init__(self.because.en)


@dataclass(frozen=True, slots=True)
class _Place:
    offset: int
    length: int
    headers: dict[str, str] = field(repr=False)


class Spool:
    """All prepared sends of some systems: bodies in one file, read through a memory map. Close it, or use ``with``.

    ``manifest``: number -> {"document_id", "sha256" (of the package), "files" (SHA-256 of each attached file),
    "sender", "receivers", "bytes"}; ready to be written as JSON.
    """

    def __init__(self, path: Path, places: Mapping[int, _Place], manifest: dict[int, dict[str, Any]]) -> None:
        self.path = path
        self.manifest = manifest
        self._places = places
        self._map: mmap.mmap | None = None
        with path.open("rb") as file:
            if path.stat().st_size:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)  # keeps the file by itself
        self._view = memoryview(self._map if self._map is not None else b"")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, number: int) -> bool:
        return number in self._places

    def request(self, number: int) -> tuple[dict[str, str], memoryview]:
        """Headers and body of the sendEdoc of document ``number``. Raises KeyError for one that is not spooled here.

        The view reads the file as it is sent: no copy in memory.
        """
        place = self._places[number]
        return place.headers, self._view[place.offset : place.offset + place.length]

    def close(self) -> None:
        """Let go of the file; a body that is still in use keeps its hold until it is gone."""
        self._view.release()
        if self._map is not None:
            with contextlib.suppress(BufferError):
                self._map.close()


def prepare(
    plan: Plan,
    *,
    credentials: Mapping[str, str],
    folder: Path,
    only_systems: Collection[str] | None = None,
    at: datetime | None = None,
) -> Spool:
    """Encode and sign every document of ``plan`` (of ``only_systems``, where given) into ``folder``/spool.bin.

    ``credentials``: system id -> secret. ``at``: the header timestamp, which the SDK makes once and keeps (default:
    8 o'clock on the day of the plan). Raises NoSecret, and OSError where the folder cannot hold it all.
    """
    mine = [arrival for arrival in plan.arrivals if only_systems is None or arrival.sender in only_systems]
    for system_id in sorted({arrival.sender for arrival in mine} - set(credentials)):
        raise NoSecret(system_id)
    stamp = header_timestamp(at or datetime.combine(plan.issued, time(8), VIETNAM))
    writer = _Writer(plan)
    places: dict[int, _Place] = {}
    manifest: dict[int, dict[str, Any]] = {}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "spool.bin"
    with path.open("wb") as out:
        for arrival in mine:
            offset = out.tell()
            package, file = writer.write(arrival, out)
            length = out.tell() - offset
            headers = signed_headers(
                _unpadded(package),
                system_id=arrival.sender,
                secret=credentials[arrival.sender],
                unit=arrival.sender_unit,
                message_type="edoc",
                timestamp=stamp,
            )
            places[arrival.number] = _Place(offset, length, headers)
            manifest[arrival.number] = {
                "document_id": arrival.document_id,
                "sha256": package.hex(),
                "files": [file.hex()],
                "sender": arrival.sender_unit,
                "receivers": list(arrival.receivers),
                "bytes": length,
            }
    return Spool(path, places, manifest)


def signed_headers(
    file_digest: str, *, system_id: str, secret: str, unit: str, message_type: str, timestamp: str
) -> dict[str, str]:
    """The headers of one sendEdoc as the SDK signs them. ``file_digest``: ``file_hash`` of the package."""
    arguments = {"servicetype": "eDoc", "messagetype": message_type, "hash-file": file_digest, "from": unit}
    signed = sign(arguments, system_id=system_id, secret=secret, timestamp=timestamp, content_type=OCTETS)
    return {name: value.decode() for name, value in signed}


def status_packet(
    *, unit: str, code: str, about_unit: str, document_id: str, document_code: str, issued: date, at: datetime
) -> bytes:
    """The status ``code`` that ``unit`` sends to ``about_unit`` about its document (made in run time: it is small).

    ``at`` must have a zone; the wire has whole seconds. Send it with ``b"\\r\\n"`` behind it, as any package.
    """
    return codec.encode(
        p.StatusPacket(
            sender=p.Party(organ_id=unit, name=f"Đơn vị {unit}"),
            response_for=p.ResponseFor(
                organ_id=about_unit, code=document_code, document_id=document_id, promulgation_date=issued
            ),
            staff=p.StaffInfo(department="Văn thư", staff=_SIGNERS[0]),
            code=code,
            description=_DESCRIPTIONS.get(code, ""),
            timestamp=at.astimezone(VIETNAM).replace(microsecond=0),
        )
    )


_DESCRIPTIONS = {
    "01": "Đã đến, văn thư chưa xử lý",
    "02": "Văn bản thử tải: từ chối theo kịch bản",
    "03": "Đã tiếp nhận",
    "04": "Phân công xử lý",
    "05": "Đang xử lý",
    "06": "Hoàn thành",
    "13": "Văn bản thử tải: xin lấy lại theo kịch bản",
    "15": "Đồng ý lấy lại",
    "16": "Văn bản thử tải: không đồng ý lấy lại, theo kịch bản",
}


def _unpadded(digest: bytes) -> str:
    """The digest as ``file_hash`` prints it, for packages that were hashed piece by piece."""
    return "".join(format(byte, "x") for byte in digest)


class _Writer:
    """Writes packages of one plan, piece by piece, so that a large one never stands in memory as a whole."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._paper = Paper(plan.seed)

    def write(self, arrival: Arrival, out: BinaryIO) -> tuple[bytes, bytes]:
        """Package and CRLF to ``out``; gives SHA-256 of the package (without CRLF) and of the attached file."""
        head, tail = codec.encode(self._package(arrival)).split(_MARK)
        package, file = hashlib.sha256(head), hashlib.sha256()
        out.write(head)
        for piece in _base64(self._paper.pieces(arrival.number, arrival.document_id, arrival.size), file):
            package.update(piece)
            out.write(piece)
        package.update(tail)
        out.write(tail + b"\r\n")
        return package.digest(), file.digest()

    def _package(self, arrival: Arrival) -> p.Package:
        plan = self._plan
        chance = random.Random(f"{plan.seed}/package/{arrival.number}")  # noqa: S311  # a play, no secret
        topic = chance.choice(_TOPICS)
        year = plan.issued.year
        subject = chance.choice(_LETTER.subjects).format(topic=topic, year=year, period=f"năm {year}")
        issued_at = datetime.combine(plan.issued, time(8), VIETNAM)
        name = f"{arrival.code_number}_{plan.code_notation}.pdf"
        content_id = f"cid:{arrival.number}@{plan.code_notation}"
        return p.Package(
            sender=p.Party(organ_id=arrival.sender_unit, name=f"Đơn vị {arrival.sender_unit}"),
            receivers=tuple(p.Party(organ_id=unit, name=f"Đơn vị {unit}") for unit in arrival.receivers),
            document_id=arrival.document_id,
            code=p.Code(arrival.code_number, plan.code_notation),
            promulgation=p.Promulgation(place="Hà Nội", issued=plan.issued),
            document_type=p.DocumentType(type=_OFFICIAL_LETTER, name=_LETTER.name),
            subject=subject,
            content=f"{subject}. {_DISCLAIMER}",
            signer=p.Signer(position="Chánh Văn phòng", full_name=chance.choice(_SIGNERS)),
            other=p.OtherInfo(
                priority=arrival.urgency,
                page_amount=1,
                promulgation_amount=len(arrival.receivers),
                direction=False,
            ),
            steering_type=0,
            to_places=("Như trên", "Lưu: VT"),
            trace=p.TraceHeaderList(
                id=f"{plan.code_notation}-{arrival.number}",
                version="1.0",
                business=p.Business(
                    doc_type=int(BusinessType.NEW),
                    paper=0,
                    staff=(p.StaffInfo(department="Văn thư", staff=_SIGNERS[0]),),
                ),
                headers=(p.TraceHeader(organ_id=arrival.sender_unit, timestamp=issued_at),),
            ),
            manifest=(p.Reference(content_id=content_id, content_type="application/pdf", name=name),),
            attachments=(
                p.Attachment(content_id=content_id, name=name, content_type="application/pdf", encoded=_MARK),
            ),
        )


_LETTER = next(kind for kind in phrases.TYPES if kind.name == "Công văn")
"""All are official letters: the one type whose notation bears no abbreviation of a type, so one notation serves all."""
_OFFICIAL_LETTER = 18  # Decree 30/2020, Annex III
_TOPICS = [topic for topics in phrases.SECTORS.values() for topic in topics]


def _base64(pieces: Iterator[bytes | memoryview], digest: Any) -> Iterator[bytes]:
    """The base64 text of all pieces together, piece by piece; each piece also goes into ``digest``."""
    carried = b""
    for piece in pieces:
        digest.update(piece)
        whole = carried + bytes(piece)
        cut = len(whole) - len(whole) % 3
        carried = whole[cut:]
        if cut:
            yield pybase64.b64encode(whole[:cut])
    if carried:
        yield pybase64.b64encode(carried)
