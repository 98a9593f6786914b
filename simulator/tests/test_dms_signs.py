"""Signing what is sent: beside all other work, never without its time-stamp, given up only where it can never be."""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from simulator.agency.dms import Dms, Refused
from simulator.clock import VIETNAM
from simulator.pki.authorities import Pki
from simulator.pki.pdf import Signed, signatures_of
from simulator.pki.tests.test_pdf import plain
from simulator.pki.tsa import Mood, Tsa
from simulator.protocol import codec
from simulator.protocol.package import Package
from simulator.protocol.profile import PROFILES
from simulator.tests.test_dms_on_the_axis import Axis

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=VIETNAM)


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki.at(tmp_path_factory.mktemp("pki") / "axisproof-pki", NOW)


@pytest.fixture
async def axis(tmp_path: Path) -> AsyncIterator[Axis]:
    axis = Axis(tmp_path, PROFILES[0])
    await axis.open()
    yield axis
    for system in axis.systems:
        await system.stop()
    await axis.close()


@pytest.fixture
async def tsa(pki: Pki, axis: Axis) -> AsyncIterator[Tsa]:
    identity = pki.issue("TSA THU NGHIEM", purpose="time-stamp", key=pki.agency.key)
    async with Tsa(identity, axis.clock) as tsa:
        yield tsa


@pytest.fixture
def sender(axis: Axis, pki: Pki, tsa: Tsa) -> Dms:
    dms = axis.system(1, "H98")
    dms.config = replace(dms.config, signer=pki.folder / "sut", tsa=tsa.url)
    return dms


def order(number: int, data: bytes = b"", *, name: str = "a.pdf", sign: bool = True) -> dict[str, Any]:
    content = base64.b64encode(data or plain()).decode()
    return {
        "kind": "new", "to": ["H99"], "code_number": str(number), "code_notation": "UBND-VP",
        "promulgation_date": "2026-11-20", "subject": "Về việc ký số", "sign": sign,
        "signer": {"position": "Chủ tịch", "full_name": "Trần Thị Thử"},
        "attachments": [{"name": name, "content_base64": content}, {"name": "b.txt", "content_base64": "eA=="}],
    }  # fmt: skip


def states(dms: Dms) -> list[str]:
    return [row["state"] for row in dms.documents("out")]


def asked(tsa: Tsa) -> Callable[[], Any]:
    came = asyncio.Event()
    tsa.heard = lambda word, _: came.set()
    return lambda: asyncio.wait_for(came.wait(), 120)


async def settle(dms: Dms) -> None:
    """Let a round of signing and one of sending end."""
    await asyncio.wait_for(asyncio.wait({dms.sign_soon()}), 120)
    await asyncio.wait_for(asyncio.wait({dms.kick()}), 120)


async def sent(axis: Axis) -> list[Package]:
    bodies = [await axis.hub.package(each["package"]) for each in axis.facts("accepted")]
    packets = [codec.decode(body or b"").packet for body in bodies]
    return [each for each in packets if isinstance(each, Package)]


def signatures(package: Package) -> tuple[Signed, ...]:
    return signatures_of(package.attachments[0].file())


async def test_what_leaves_is_signed_and_stamped_and_shown_as_it_left(axis: Axis, sender: Dms) -> None:
    await sender.send(order(1))
    await settle(sender)
    [package] = await sent(axis)
    [found] = signatures(package)

    assert (found.subfilter, found.intact, found.whole) == ("ETSI.CAdES.detached", True, True)
    assert found.stamped_by
    assert package.attachments[1].file() == b"x"
    assert states(sender) == ["sent"]
    assert sender.documents("out")[0]["attachments"][0]["size"] == len(package.attachments[0].file())


async def test_the_clerk_and_the_other_documents_do_not_wait_for_the_authority(
    axis: Axis, sender: Dms, tsa: Tsa
) -> None:
    came = asked(tsa)
    tsa.mood = Mood.HELD
    await sender.send(order(1))
    await came()
    await sender.send(order(2, sign=False))
    trouble = await sender.poll_once()

    assert trouble is None
    assert states(sender) == ["queued", "sent"]
    assert [package.code.text if package.code else "" for package in await sent(axis)] == ["02/UBND-VP"]
    tsa.mood = Mood.RIGHT
    await settle(sender)
    assert states(sender) == ["sent", "sent"]
    assert len(signatures((await sent(axis))[-1])) == 1


@pytest.mark.parametrize("mood", [Mood.REFUSING, Mood.WRONG_NONCE])
async def test_without_a_right_stamp_it_waits_and_is_tried_again_with_each_poll(
    axis: Axis, sender: Dms, tsa: Tsa, mood: Mood
) -> None:
    tsa.mood = mood
    await sender.send(order(1))
    await settle(sender)
    await settle(sender)

    assert states(sender) == ["queued"]
    assert await sent(axis) == []
    tsa.mood = Mood.RIGHT
    await settle(sender)
    assert states(sender) == ["sent"]


async def test_a_later_letter_of_the_same_document_waits_behind_the_unsigned_one(
    axis: Axis, sender: Dms, tsa: Tsa
) -> None:
    tsa.mood = Mood.REFUSING
    document_id = await sender.send(order(1))
    await settle(sender)
    await sender.send({"kind": "recall", "to": ["H99"], "refers_to": document_id, "reason": "Sai nội dung"})

    assert await sent(axis) == []
    tsa.mood = Mood.RIGHT
    await settle(sender)
    assert [package.business_type for package in await sent(axis)] == [0, 1]


async def test_it_waits_through_a_restart(axis: Axis, sender: Dms, tsa: Tsa) -> None:
    tsa.mood = Mood.REFUSING
    await sender.send(order(1))
    await settle(sender)
    await sender.stop()
    axis.systems.remove(sender)
    tsa.mood = Mood.RIGHT
    again = Dms(sender.config, axis.clock)
    axis.systems.append(again)
    await settle(again)

    assert states(again) == ["sent"]


async def test_what_can_never_be_signed_fails_with_the_reason(axis: Axis, sender: Dms) -> None:
    await sender.send(order(1, b"no PDF at all"))
    await settle(sender)
    [row] = sender.documents("out")

    assert row["state"] == "failed"
    assert "không ký số được" in row["reason"]
    assert await sent(axis) == []


async def test_an_order_that_cannot_be_signed_is_refused_at_once(axis: Axis, sender: Dms) -> None:
    with pytest.raises(Refused, match="no PDF"):
        await sender.send(order(1, name="a.docx"))
    with pytest.raises(Refused, match="sign"):
        await sender.send(order(1) | {"sign": "yes"})
    sender.config = replace(sender.config, tsa="")
    with pytest.raises(Refused, match="nothing to sign with"):
        await sender.send(order(1))
