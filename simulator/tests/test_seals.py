"""What the axis says of packets' signatures: four words in the fact, and what a profile that requires one refuses."""

import base64
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
from cryptography import x509

from simulator.hub.admission import Refusal
from simulator.hub.bodies import LARGE
from simulator.hub.hub import Hub
from simulator.hub.seals import UNCHECKED, sealed
from simulator.hub.tests.axis import (
    NOON,
    OTHER,
    SYSTEM,
    HandClock,
    a_hub,
    an_axis,
    ask,
    edoc,
    package,
    sending,
    with_files,
)
from simulator.hub.trouble import NotAdmitted
from simulator.pki.authorities import Identity, Pki
from simulator.protocol import codec, names
from simulator.protocol.package import Element
from simulator.protocol.packet_signing import sign, verify
from simulator.protocol.profile import Profile, Transit
from simulator.trust import authorities_in, packed, unpacked

REQUIRES = Profile(packet_signature="require")
EMPTY = (Element("DigitalSignature"), Element("Signature", names.XMLDSIG))
_PKI: list[Pki] = []


@pytest.fixture(scope="module", autouse=True)
def pki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pki]:
    _PKI[:] = [Pki.at(tmp_path_factory.mktemp("pki") / "axisproof-pki", NOON)]
    yield _PKI[0]
    _PKI.clear()


def trusted() -> tuple[x509.Certificate, ...]:
    return authorities_in(_PKI[0].trust)


def signed(data: bytes = b"", *, by: Identity | None = None) -> bytes:
    own = by or _PKI[0].agency
    return sign(data or edoc(), key=own.key, certificate=own.certificate)


def changed(data: bytes) -> bytes:
    assert data.count("Về việc".encode()) == 1
    return data.replace("Về việc".encode(), "Về viêc".encode())


def with_nothing_in_it(block: Element) -> bytes:
    return codec.encode(package(signature=block))


async def taken_in(hub: Hub, data: bytes) -> dict[str, Any]:
    """The fact that the package was accepted."""
    receipt = await hub.submit(data, system_id=SYSTEM, sender=SYSTEM, message_type="edoc")
    assert not isinstance(receipt, Refusal), receipt.desc
    return [fact for fact in hub.facts() if fact["fact"] == "accepted"][-1]


async def said(folder: Path, data: bytes, profile: Profile | None = None, *, installed: bool = True) -> object:
    async with a_hub(folder, profile=profile, authorities=trusted() if installed else ()) as hub:
        return (await taken_in(hub, data))["signature"]


async def refused(folder: Path, data: bytes, *, installed: bool = True) -> str:
    async with a_hub(folder, profile=REQUIRES, authorities=trusted() if installed else ()) as hub:
        refusal = await hub.submit(data, system_id=SYSTEM, sender=SYSTEM, message_type="edoc")
        assert isinstance(refusal, Refusal)
        assert refusal.error.id == "bad-format"
        assert [fact["fact"] for fact in hub.facts()] == ["refused"]
        return refusal.desc


# ---------------------------------------------------------------- the four words


async def test_a_good_signature_is_valid_and_the_last_thing_that_is_said(tmp_path: Path) -> None:
    async with a_hub(tmp_path, authorities=trusted()) as hub:
        fact = await taken_in(hub, signed())

    assert list(fact.items())[-2:] == [("signature", "valid"), ("signature_flaw", None)]


async def test_one_changed_letter_makes_it_invalid_and_the_fact_says_why(tmp_path: Path) -> None:
    async with a_hub(tmp_path, authorities=trusted()) as hub:
        fact = await taken_in(hub, changed(signed()))

    assert fact["signature"] == "invalid"
    assert fact["signature_flaw"] == "the content was changed after signing"


async def test_a_signer_of_an_authority_that_is_not_installed_is_invalid(tmp_path: Path, pki: Pki) -> None:
    stranger = pki.stranger("Người lạ THU NGHIEM", key=pki.agency.key)
    async with a_hub(tmp_path, authorities=trusted()) as hub:
        fact = await taken_in(hub, signed(by=stranger))

    assert fact["signature"] == "invalid"
    assert "Nguoi la THU NGHIEM" in str(fact["signature_flaw"])


async def test_a_packet_without_a_block_is_absent(tmp_path: Path) -> None:
    assert await said(tmp_path, edoc()) == "absent"


@pytest.mark.parametrize("block", EMPTY, ids=lambda each: each.name)
async def test_an_empty_element_is_absent(tmp_path: Path, block: Element) -> None:
    assert await said(tmp_path, with_nothing_in_it(block)) == "absent"


async def test_whose_it_is_cannot_be_told_where_no_authority_is_installed(tmp_path: Path) -> None:
    assert await said(tmp_path, signed(), installed=False) == "unchecked"


async def test_a_broken_one_is_invalid_whoever_is_installed(tmp_path: Path) -> None:
    assert await said(tmp_path, changed(signed()), installed=False) == "invalid"


async def test_an_axis_that_does_not_look_says_so_of_every_packet(tmp_path: Path) -> None:
    off = Profile(packet_signature="off")

    for number, data in enumerate((signed(), changed(signed()), edoc())):
        assert await said(tmp_path / str(number), data, off) == "unchecked"


async def test_a_large_packet_is_unchecked_and_an_unsigned_one_is_absent_all_the_same(tmp_path: Path) -> None:
    large = with_files(("a.pdf", b"%PDF" + Random(1).randbytes(2 * LARGE)), form="raw")
    async with an_axis(tmp_path, authorities=trusted()) as server:
        for data in (large.replace(b"/TN", b"/KHONG"), signed(large)):
            assert (await ask(server.url, sending(data))).json["ErrorCode"] in ("", "0")
        found = [fact["signature"] for fact in server.hub.facts() if fact["fact"] == "accepted"]

    assert found == ["absent", "unchecked"]


async def test_a_large_packet_that_is_rebuilt_as_a_whole_is_unchecked_too(tmp_path: Path) -> None:
    large = signed(with_files(("a.pdf", b"%PDF" + Random(2).randbytes(LARGE)), form="raw"))

    assert await said(tmp_path, large, Profile(transit=Transit.REBUILD)) == "unchecked"


async def test_what_is_rebuilt_is_judged_as_it_came(tmp_path: Path) -> None:
    assert await said(tmp_path, signed(), Profile(transit=Transit.REBUILD)) == "valid"


async def test_a_packet_between_the_loop_and_a_file_is_verified_in_its_thread(tmp_path: Path) -> None:
    data = signed(with_files(("a.pdf", b"%PDF" + Random(3).randbytes(LARGE // 2)), form="raw"))

    assert await said(tmp_path, data) == "valid"


async def test_what_held_yesterday_does_not_hold_for_ever(tmp_path: Path) -> None:
    clock, data = HandClock(), signed()
    async with a_hub(tmp_path, clock=clock, authorities=trusted()) as hub:
        words = [(await taken_in(hub, data))["signature"]]
        clock.moment = NOON + timedelta(days=40 * 365)
        words.append((await taken_in(hub, signed(edoc(2))))["signature"])
        clock.moment = NOON
        words.append((await taken_in(hub, signed(edoc(3))))["signature"])

    assert words == ["valid", "invalid", "valid"]


def test_a_certificate_with_a_key_of_no_known_kind_is_a_flaw_and_no_accident() -> None:
    good = signed()
    begin, end = (good.index(each) for each in (b"<X509Certificate>", b"</X509Certificate>"))
    text = good[begin + len(b"<X509Certificate>") : end]
    rsa = bytes.fromhex("2a864886f70d010101")
    der = base64.b64decode(text)
    assert rsa in der
    odd = good.replace(text, base64.b64encode(der.replace(rsa, rsa[:-1] + b"\x63")))

    assert sealed(odd, authorities=trusted(), at=NOON).word == "invalid"
    assert sealed(good.replace(text, base64.b64encode(der * 20)), authorities=trusted(), at=NOON).word == "invalid"


def test_the_same_certificates_lead_to_the_same_end_however_often_they_are_asked() -> None:
    data = signed()

    for anchors in (trusted(), trusted(), [*reversed(trusted())]):
        assert verify(data, anchors=anchors, at=NOON).valid
    for anchors in ((), trusted()[:1], ()):
        assert not verify(data, anchors=anchors, at=NOON).valid
    assert sealed(data, authorities=(), at=NOON) == UNCHECKED


# ---------------------------------------------------------------- a profile that requires one


async def test_an_absent_one_is_refused_where_one_is_required(tmp_path: Path) -> None:
    for number, data in enumerate((edoc(), *map(with_nothing_in_it, EMPTY))):
        assert "has no Signature" in await refused(tmp_path / str(number), data)


async def test_an_invalid_one_is_refused_and_the_reason_goes_out(tmp_path: Path) -> None:
    for number, installed in enumerate((True, False)):
        said = await refused(tmp_path / str(number), changed(signed()), installed=installed)
        assert said.endswith("the packet's Signature does not hold: the content was changed after signing")


async def test_valid_and_unchecked_ones_are_let_in_where_one_is_required(tmp_path: Path) -> None:
    large = signed(with_files(("a.pdf", b"%PDF" + Random(4).randbytes(2 * LARGE)), form="raw"))

    assert await said(tmp_path / "1", signed(), REQUIRES) == "valid"
    assert await said(tmp_path / "2", signed(), REQUIRES, installed=False) == "unchecked"
    async with an_axis(tmp_path / "3", profile=REQUIRES, authorities=trusted()) as server:
        await ask(server.url, sending(large))
        assert [fact["signature"] for fact in server.hub.facts() if fact["fact"] == "accepted"] == ["unchecked"]


# ---------------------------------------------------------------- who else is told


async def test_the_control_api_tells_it_and_queues_by_the_same_rules(tmp_path: Path) -> None:
    options = {"sender_system": SYSTEM, "message_type": "edoc", "to": [OTHER], "admit": True}
    async with (
        an_axis(tmp_path, profile=REQUIRES, authorities=trusted(), control_port=0, token="t") as server,
        httpx.AsyncClient(base_url=server.control_url, headers={"Authorization": "Bearer t"}) as http,
    ):
        codes = []
        for data in (signed(), changed(signed(edoc(2)))):
            asked = options | {"package_base64": base64.b64encode(data).decode()}
            codes.append((await http.post("/packages", json=asked)).is_success)
        facts = (await http.get("/facts")).json()["facts"]
        with pytest.raises(NotAdmitted, match="does not hold"):
            await server.hub.queue(changed(signed()), sender_system=SYSTEM, message_type="edoc", to=[OTHER], admit=True)
        await server.hub.queue(changed(signed()), sender_system=SYSTEM, message_type="edoc", to=[OTHER])
        poison = [fact for fact in server.hub.facts() if fact["fact"] == "accepted"][-1]

    assert codes == [True, False]
    assert [fact["signature"] for fact in facts if fact["fact"] == "accepted"] == ["valid"]
    assert poison["signature"] == "unchecked"


async def test_what_is_queued_past_admission_is_looked_at_all_the_same(tmp_path: Path) -> None:
    async with a_hub(tmp_path, authorities=trusted()) as hub:
        for data in (signed(), changed(signed()), edoc(), b"no packet"):
            await hub.queue(data, sender_system=SYSTEM, message_type="edoc", to=[OTHER])
        words = [fact["signature"] for fact in hub.facts() if fact["fact"] == "accepted"]

    assert words == ["valid", "invalid", "absent", "unchecked"]


def test_another_process_is_told_of_the_same_authorities() -> None:
    assert unpacked(packed(trusted())) == trusted()
    assert len(trusted()) == 4


def test_an_axis_without_authorities_loads_nothing_that_reads_certificates() -> None:
    program = (
        "import sys, fixtures.serve, simulator.world; print([each for each in sys.modules if 'cryptography' in each])"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_the_profile_says_what_it_does_in_both_languages() -> None:
    text = next(item for item in Profile.__dataclass_fields__.values() if item.name == "packet_signature").metadata

    for sentence in text["text"]:
        assert all(word in sentence for word in ("off", "observe", "require", "unchecked"))
    assert replace(REQUIRES, packet_signature="observe") == Profile()
