"""What the reference system makes of signed PDFs: the leaf comes alone, the time-stamp counts, changes are seen."""

import random
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from simulator.agency.dms import Dms, DmsConfig
from simulator.clock import VIETNAM
from simulator.pki.authorities import Pki
from simulator.pki.certificates import Identity
from simulator.pki.pdf import Seal, changed, paged_over, signed_pdf
from simulator.pki.tests.test_pdf import plain

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=VIETNAM)
DAY = timedelta(days=1)


class StoppedClock:
    def now(self) -> datetime:
        return NOW

    async def sleep(self, seconds: float) -> None: ...


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki.at(tmp_path_factory.mktemp("pki") / "axisproof-pki", NOW)


@pytest.fixture(scope="module")
def tsa(pki: Pki) -> Identity:
    since = NOW - 900 * DAY
    return pki.issue("TSA THU NGHIEM", purpose="time-stamp", key=pki.agency.key, not_before=since)


@pytest.fixture(scope="module")
def good(pki: Pki, tsa: Identity) -> bytes:
    return signed_pdf(plain(), Seal(pki.agency, NOW, "adbe.pkcs7.detached", tsa, NOW))


def system(folder: Path, trust: Path | None) -> Dms:
    return Dms(DmsConfig("http://127.0.0.1:9", "sut", "s", "H98", "H98", folder, trust=trust), StoppedClock())


@pytest.fixture
async def dms(tmp_path: Path, pki: Pki) -> AsyncIterator[Dms]:
    dms = system(tmp_path, pki.trust)
    yield dms
    await dms.stop()


async def test_old_and_new_forms_of_both_generations_are_valid(dms: Dms, pki: Pki, tsa: Identity) -> None:
    below_sha1 = pki.issue("Lanh dao THU NGHIEM", issuer="sub-ca-g1", key=pki.agency.key)

    assert dms.pdf_signature(signed_pdf(plain(), Seal(pki.agency, NOW, "adbe.pkcs7.detached", tsa, NOW))) == "valid"
    assert dms.pdf_signature(signed_pdf(plain(), Seal(below_sha1, NOW, "ETSI.CAdES.detached", tsa, NOW))) == "valid"
    assert dms.pdf_signature(signed_pdf(plain(), Seal(pki.agency, NOW))) == "valid"


async def test_the_time_stamp_counts_and_not_what_the_signer_wrote(dms: Dms, pki: Pki, tsa: Identity) -> None:
    ends_soon = pki.issue("Lanh dao THU NGHIEM", key=pki.agency.key, not_after=NOW + timedelta(hours=2))
    ended = pki.issue("Lanh dao THU NGHIEM", key=pki.agency.key, not_after=NOW - 10 * DAY)
    stranger, then = pki.stranger("TSA la THU NGHIEM", purpose="time-stamp"), NOW - 20 * DAY

    def word(by: Identity, claimed: datetime, by_tsa: Identity | None, stamped: datetime | None) -> str:
        return dms.pdf_signature(signed_pdf(plain(), Seal(by, claimed, "adbe.pkcs7.detached", by_tsa, stamped)))

    assert word(ends_soon, NOW + timedelta(hours=7), tsa, NOW) == "valid"
    assert word(ended, then, tsa, then) == "valid"
    assert word(ended, then, tsa, NOW - 5 * DAY) == "invalid"
    assert word(ended, then, stranger, then) == "invalid"
    assert word(ended, then, None, None) == "invalid"
    assert word(pki.agency, NOW, tsa, NOW + DAY) == "valid"  # a stamp from tomorrow is none; judged at arrival


async def test_a_second_signature_is_no_change_and_other_content_is(dms: Dms, pki: Pki, good: bytes) -> None:
    twice = signed_pdf(good, Seal(pki.signer, NOW, field="ChuKy2"))

    assert dms.pdf_signature(twice) == "valid"
    assert dms.pdf_signature(changed(good, b"Van ban thu", b"Van ban gia")) == "invalid"
    assert dms.pdf_signature(paged_over(good, "Noi dung khac")) == "invalid"
    assert dms.pdf_signature(paged_over(twice, "Noi dung khac")) == "invalid"


async def test_a_signer_of_an_unknown_authority_is_invalid(dms: Dms, pki: Pki, tsa: Identity) -> None:
    stranger = pki.stranger("Lanh dao THU NGHIEM")

    assert dms.pdf_signature(signed_pdf(plain(), Seal(stranger, NOW, "ETSI.CAdES.detached", tsa, NOW))) == "invalid"


async def test_without_a_signature_it_is_absent_and_without_certificates_unchecked(
    dms: Dms, tmp_path: Path, good: bytes
) -> None:
    blind = system(tmp_path / "blind", None)

    assert dms.pdf_signature(plain()) == "absent"
    assert dms.pdf_signature(b"PK\x03\x04 /ByteRange") == "absent"
    assert blind.pdf_signature(good) == "unchecked"
    await blind.stop()


async def test_any_damage_to_a_signed_file_is_an_answer_and_never_valid(dms: Dms, good: bytes) -> None:
    draw = random.Random(7)
    covered = [place for place in range(good.index(b"/Contents <")) if good[place] not in b"\r\n "]

    for place in draw.sample(covered, 12):
        damaged = bytearray(good)
        damaged[place] ^= 1 << draw.randrange(7)
        assert dms.pdf_signature(bytes(damaged)) in ("invalid", "absent")
    for end in draw.sample(range(len(good)), 6):
        assert dms.pdf_signature(good[:end]) in ("invalid", "absent", "valid" if end >= len(good) - 1 else "")
