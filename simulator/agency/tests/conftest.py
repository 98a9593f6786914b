"""A reference system beside a stub axis, and packages as its peers would send them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from simulator.agency.dms import Dms, DmsConfig
from simulator.agency.tests.stub_axis import StubAxis
from simulator.clock import VIETNAM
from simulator.protocol.package import (
    Attachment,
    Business,
    Code,
    OtherInfo,
    Package,
    Party,
    Promulgation,
    Reference,
    Replacement,
    ReplacementList,
    ResponseFor,
    Signer,
    StatusPacket,
    TraceHeader,
    TraceHeaderList,
)

US, US_NEW = "000.00.00.H98", "H98"
PEER, PEER_OLD = "G22", "000.00.00.G22"
UNITS = (
    ("G22", "000.00.00.G22", "Văn phòng Chính phủ"),
    ("H41", "000.00.00.H41", "UBND tỉnh Nghệ An"),
    ("H37", "000.00.00.H37", "UBND tỉnh Lạng Sơn"),
    ("H98", "000.00.00.H98", "UBND tỉnh Thử Nghiệm"),
)


class HandClock:
    """A clock that moves only when a test moves it; to sleep on it is to wait for the test."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 20, 8, 0, tzinfo=VIETNAM)

    def now(self) -> datetime:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0.01)  # the machine's time: a loop on this clock must let others run
        self.moment += timedelta(seconds=seconds)

    def tick(self, seconds: float = 5) -> None:
        self.moment += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def axis() -> AsyncIterator[StubAxis]:
    async with StubAxis() as stub:
        stub.pairs = [{"id": new, "code": new, "code102": old, "name": name} for new, old, name in UNITS]
        stub.units = [{"id": new, "code": new, "name": name, "deleted": False} for new, old, name in UNITS]
        yield stub


Opener = Callable[..., Dms]


@pytest.fixture
async def opened(axis: StubAxis, clock: HandClock, tmp_path: Path) -> AsyncIterator[Opener]:
    """Opens systems on one data folder: the second is the first, after a kill."""
    systems: list[Dms] = []

    def opener(kind: type[Dms] = Dms, **changes: Any) -> Dms:
        config = DmsConfig(
            axis.url, "sut.test.01", "s3cr3t-for-test", US, "UBND tỉnh Thử Nghiệm", tmp_path / "dms",
            timeout=1.0, answer_seconds=1.0,
        )  # fmt: skip
        systems.append(kind(replace(config, **changes), clock))
        return systems[-1]

    yield opener
    for each in systems:
        await each.stop()


@pytest.fixture
def dms(opened: Opener) -> Dms:
    return opened()


def letter(**changes: Any) -> Package:
    """A sound document from G22 to us."""
    number = changes.pop("number", "12")
    file = Attachment.of_file("cong-van.pdf", b"%PDF-1.4 test", content_id="cid:1")
    package = Package(
        sender=Party(PEER, name="Văn phòng Chính phủ"),
        receivers=(Party(US, name="UBND tỉnh Thử Nghiệm"),),
        document_id=f"{PEER},2026/11/20,{number}/VPCP-TH",
        code=Code(number, "VPCP-TH"),
        promulgation=Promulgation("Hà Nội", date(2026, 11, 20)),
        subject="Về việc báo cáo tình hình",
        signer=Signer("", "Phó Chủ nhiệm", "Nguyễn Văn A"),
        other=OtherInfo(priority=0, direction=False),
        steering_type=0,
        trace=trace(Business(doc_type=0, paper=0)),
        manifest=(Reference("cid:1", "application/pdf", "", "cong-van.pdf"),),
        attachments=(file,),
    )
    return replace(package, **changes)


def trace(business: Business, at: datetime | None = None) -> TraceHeaderList:
    moment = at or datetime(2026, 11, 20, 8, 0, tzinfo=VIETNAM)
    return TraceHeaderList(version="1.0", business=business, headers=(TraceHeader(PEER, moment),))


def with_files(*files: Attachment, **changes: Any) -> Package:
    manifest = tuple(Reference(each.content_id, each.content_type, "", each.name) for each in files)
    return letter(attachments=files, manifest=manifest, **changes)


def recall_of(package: Package, reason: str = "Ban hành nhầm", **changes: Any) -> Package:
    about = ResponseFor(US, package.code.text, package.document_id, date(2026, 11, 20))
    business = trace(Business(doc_type=1, reason=reason, paper=0))
    plain = replace(package, trace=business, response_for=(about,), attachments=(), manifest=())
    return replace(plain, **changes)


def update_of(package: Package, **changes: Any) -> Package:
    values = {"document_id": "update-1", "subject": "Nội dung mới"} | changes
    return replace(
        package, trace=trace(Business(document_id=package.document_id, doc_type=2, reason="Sửa", paper=0)), **values
    )


def replacement_of(package: Package, organs: tuple[str, ...] = (US,), **changes: Any) -> Package:
    item = Replacement(package.document_id, organs)
    business = Business(doc_type=3, reason="Thay thế", replacements=(ReplacementList((item,)),))
    values = {"document_id": "replacement-1", "code": Code("99", "VPCP-TH")} | changes
    return replace(package, trace=trace(business), **values)


def status(
    code: str, document_id: str, *, sender: str = "H41", at: int = 0, reason: str = "", to: str = US
) -> StatusPacket:
    """A status from a receiver of ours; ``at``: seconds after 08:00."""
    moment = datetime(2026, 11, 20, 8, 0, tzinfo=VIETNAM) + timedelta(seconds=at)
    about = ResponseFor(to, "12/UBND-VP", document_id, date(2026, 11, 20))
    return StatusPacket(Party(sender), about, None, code, reason, moment)


def order(**changes: Any) -> dict[str, Any]:
    """A sound order to send, as the control API takes it."""
    members: dict[str, Any] = {
        "kind": "new",
        "to": ["H41"],
        "code_number": "12",
        "code_notation": "UBND-VP",
        "promulgation_date": "2026-11-20",
        "place": "Nghệ An",
        "type_name": "Công văn",
        "subject": "Về việc báo cáo",
        "priority": 0,
        "due_date": None,
        "signer": {"competence": "", "position": "Chủ tịch", "full_name": "Trần Thị B"},
        "attachments": [{"name": "a.pdf", "content_base64": "JVBERg=="}],
        "refers_to": None,
        "reason": None,
    }
    return members | changes


def only(rows: list[dict[str, Any]]) -> dict[str, Any]:
    assert len(rows) == 1, rows
    return rows[0]
