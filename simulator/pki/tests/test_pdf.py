"""Signed PDFs of the harness: the shape of real ones, any time that is wanted, and read again by their bytes alone."""

import hashlib
import random
import re
from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives import serialization

from simulator.clock import VIETNAM
from simulator.pki.authorities import Pki
from simulator.pki.certificates import Identity
from simulator.pki.pdf import Seal, changed, paged_over, signatures_of, signed_pdf

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=VIETNAM)
PLAIN = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>\nendobj\n"
    b"4 0 obj<</Length 22>>stream\nBT (Van ban thu) Tj ET\nendstream\nendobj\n"
)


def plain() -> bytes:
    places = [match.start() for match in re.finditer(rb"\d 0 obj", PLAIN)]
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(PLAIN)
    return PLAIN + b"xref\n0 5\n0000000000 65535 f \n" + table + end


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki.at(tmp_path_factory.mktemp("pki") / "axisproof-pki", NOW)


@pytest.fixture(scope="module")
def tsa(pki: Pki) -> Identity:
    return pki.issue("TSA THU NGHIEM", purpose="time-stamp", key=pki.agency.key)


@pytest.mark.parametrize("subfilter", ["adbe.pkcs7.detached", "ETSI.CAdES.detached"])
def test_a_signature_has_its_form_the_leaf_alone_and_the_chosen_times(pki: Pki, tsa: Identity, subfilter: str) -> None:
    seal = Seal(pki.signer, NOW + timedelta(hours=7), subfilter, tsa, NOW)  # type: ignore[arg-type]
    data = signed_pdf(plain(), seal)
    [found] = signatures_of(data)

    assert found.subfilter == subfilter
    assert (found.intact, found.whole) == (True, True)
    assert found.gen_time == NOW
    assert found.stamped_by == hashlib.sha256(tsa.certificate.public_bytes(serialization.Encoding.DER)).hexdigest()
    assert data.startswith(plain())
    assert b"20261122160000" in data.replace(b"\\072", b":")  # /M: what the tool's clock said
    above = pki.authorities["sub-ca-g2"].certificate
    assert above.public_bytes(serialization.Encoding.DER).hex().encode() not in data.lower()


def test_without_an_authority_there_is_no_stamp(pki: Pki) -> None:
    [found] = signatures_of(signed_pdf(plain(), Seal(pki.signer, NOW)))

    assert (found.stamped_by, found.nonce, found.gen_time) == ("", None, None)


def test_a_second_signature_leaves_the_first_in_place(pki: Pki) -> None:
    once = signed_pdf(plain(), Seal(pki.signer, NOW))
    twice = signed_pdf(once, Seal(pki.agency, NOW, field="ChuKy2"))

    assert twice.startswith(once)
    assert [each.intact and each.whole for each in signatures_of(twice)] == [True, True]


def test_a_changed_word_breaks_the_signature_and_a_page_laid_over_does_not(pki: Pki) -> None:
    good = signed_pdf(plain(), Seal(pki.signer, NOW))
    over = paged_over(good, "Noi dung khac")

    assert [each.intact for each in signatures_of(changed(good, b"Van ban thu", b"Van ban gia"))] == [False]
    assert over.startswith(good)
    assert [each.intact for each in signatures_of(over)] == [True]


@pytest.mark.parametrize(("old", "new"), [(b"Van ban thu", b"khac"), (b"khong co day", b"khong co dau")])
def test_only_words_that_stand_there_are_changed_for_as_many_others(old: bytes, new: bytes) -> None:
    with pytest.raises(ValueError, match="one length"):
        changed(plain(), old, new)


@pytest.mark.parametrize("data", [b"", b"hello", plain(), b"%PDF-1.4\n/ByteRange [0 1 2 3]", b"PK\x03\x04/ByteRange"])
def test_what_bears_no_signature_has_none(data: bytes) -> None:
    assert signatures_of(data) == ()


def test_a_damaged_file_is_read_as_far_as_it_goes_and_never_raises(pki: Pki, tsa: Identity) -> None:
    good, draw = signed_pdf(plain(), Seal(pki.signer, NOW, "adbe.pkcs7.detached", tsa, NOW)), random.Random(7)
    cms = good.index(b"/Contents <")
    whole = next(each for each in signatures_of(good))

    for start, end in ((0, cms), (cms, cms + 6000), (cms + 6000, len(good))):
        for place in draw.sample(range(start, end), 12):
            damaged = bytearray(good)
            damaged[place] ^= 1 << draw.randrange(7)
            assert len(signatures_of(bytes(damaged))) <= 1
    assert all(each != whole for length in draw.sample(range(len(plain())), 6) for each in signatures_of(good[:length]))
