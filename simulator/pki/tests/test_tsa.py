"""The time-stamp authority on its socket: queries only, in whatever mood it is."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import httpx
import pytest
from asn1crypto import algos, core, tsp

from simulator.clock import VIETNAM
from simulator.pki.authorities import Pki
from simulator.pki.tsa import Asked, Mood, Tsa

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=VIETNAM)
NONCE = 4711
QUERY = {"content-type": "application/timestamp-query"}


class StoppedClock:
    def now(self) -> datetime:
        return NOW

    async def sleep(self, seconds: float) -> None: ...


def query(nonce: int | None = NONCE) -> bytes:
    imprint = tsp.MessageImprint(
        {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "hashed_message": hashlib.sha256(b"x").digest(),
        }
    )
    members: dict[str, Any] = {"version": 1, "message_imprint": imprint, "cert_req": True}
    if nonce is not None:
        members["nonce"] = core.Integer(nonce)
    return bytes(tsp.TimeStampReq(members).dump())


def stamp(reply: bytes) -> Any:
    answer = tsp.TimeStampResp.load(reply, strict=True)
    assert answer["status"]["status"].native == "granted"
    return answer["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki.at(tmp_path_factory.mktemp("pki") / "axisproof-pki", NOW)


@pytest.fixture
async def tsa(pki: Pki) -> AsyncIterator[Tsa]:
    identity = pki.issue("TSA THU NGHIEM", purpose="time-stamp", key=pki.agency.key)
    async with Tsa(identity, StoppedClock()) as tsa:
        yield tsa


@pytest.fixture
async def wire() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, timeout=60.0) as client:
        yield client


async def test_a_query_is_answered_with_its_nonce_its_digest_and_the_time(tsa: Tsa, wire: httpx.AsyncClient) -> None:
    heard: list[tuple[str, Asked]] = []
    tsa.heard = lambda word, asked: heard.append((word, asked))
    answer = await wire.post(tsa.url, content=query(), headers=QUERY)
    info = stamp(answer.content)

    assert answer.headers["content-type"] == "application/timestamp-reply"
    assert info["nonce"].native == NONCE
    assert info["message_imprint"]["hashed_message"].native == hashlib.sha256(b"x").digest()
    assert info["gen_time"].native == NOW
    assert heard == [("asked", Asked(Mood.RIGHT)), ("stamped", Asked(Mood.RIGHT, NONCE))]


@pytest.mark.parametrize(
    ("method", "kind", "body", "status"),
    [
        ("GET", "", b"", 403),
        ("POST", "text/plain", query(), 400),
        ("POST", QUERY["content-type"], b"hello", 400),
        ("POST", QUERY["content-type"], query()[:20], 400),
        ("PUT", QUERY["content-type"], query(), 400),
    ],
)
async def test_it_answers_nothing_else(
    tsa: Tsa, wire: httpx.AsyncClient, method: str, kind: str, body: bytes, status: int
) -> None:
    answer = await wire.request(method, tsa.url, content=body, headers={"content-type": kind})

    assert answer.status_code == status


async def test_it_refuses_while_it_is_told_to(tsa: Tsa, wire: httpx.AsyncClient) -> None:
    tsa.mood = Mood.REFUSING
    refused = await wire.post(tsa.url, content=query(), headers=QUERY)
    tsa.mood = Mood.RIGHT
    granted = await wire.post(tsa.url, content=query(), headers=QUERY)

    assert (refused.status_code, granted.status_code) == (403, 200)


@pytest.mark.parametrize("nonce", [NONCE, None])
async def test_a_wrong_stamp_bears_another_nonce(tsa: Tsa, wire: httpx.AsyncClient, nonce: int | None) -> None:
    tsa.mood = Mood.WRONG_NONCE
    answer = await wire.post(tsa.url, content=query(nonce), headers=QUERY)

    assert stamp(answer.content)["nonce"].native not in (nonce, None)


async def test_a_held_query_is_answered_when_the_mood_changes(tsa: Tsa, wire: httpx.AsyncClient) -> None:
    came = asyncio.Event()
    tsa.heard = lambda word, asked: came.set()
    tsa.mood = Mood.HELD
    waiting = asyncio.create_task(wire.post(tsa.url, content=query(), headers=QUERY))
    await asyncio.wait_for(came.wait(), 120)

    assert not waiting.done()
    tsa.mood = Mood.RIGHT
    assert stamp((await asyncio.wait_for(waiting, 120)).content)["nonce"].native == NONCE


async def test_its_patience_ends(pki: Pki, wire: httpx.AsyncClient) -> None:
    identity = pki.issue("TSA THU NGHIEM", purpose="time-stamp", key=pki.agency.key)
    async with Tsa(identity, StoppedClock(), patience=lambda: 0.0) as tsa:
        tsa.mood = Mood.HELD
        answer = await wire.post(tsa.url, content=query(), headers=QUERY)

    assert answer.status_code == 200
