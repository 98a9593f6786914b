"""The test PKI: whole or not at all, the same at the next start, and what it issues leads to its roots."""

import ssl
import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from simulator.clock import VIETNAM
from simulator.pki.authorities import Identity, Pki, PkiTrouble
from simulator.protocol.chains import chain_flaw

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=VIETNAM)


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki.at(tmp_path_factory.mktemp("pki") / "axisproof-pki", NOW)


def anchors(pki: Pki) -> list[x509.Certificate]:
    return [identity.certificate for name, identity in pki.authorities.items() if name != "tls-ca"]


def flaw(pki: Pki, leaf: Identity, at: datetime = NOW) -> str:
    found = chain_flaw(leaf.certificate, anchors(pki), at)
    return found.en if found else ""


def test_what_a_system_installs_lies_apart_from_the_keys(pki: Pki) -> None:
    found = {str(path.relative_to(pki.folder)) for path in pki.folder.rglob("*.pem")}

    authorities = {"root-g1.pem", "root-g2.pem", "sub-ca-g1.pem", "sub-ca-g2.pem", "tls-ca.pem"}
    assert {path.name for path in pki.trust.iterdir()} == authorities
    assert found >= {"sut/signer.pem", "sut/signer-key.pem", *(f"keys/{name}" for name in authorities)}
    assert all(b"PRIVATE" not in path.read_bytes() for path in pki.trust.iterdir())


def test_nobody_else_may_read_a_key(pki: Pki) -> None:
    secret = [path for path in pki.folder.rglob("*.pem") if b"PRIVATE" in path.read_bytes()]

    assert len(secret) == 7
    assert {stat.S_IMODE(path.stat().st_mode) for path in secret} == {0o600}


def test_it_is_made_once_and_read_ever_after(pki: Pki) -> None:
    again = Pki.at(pki.folder, NOW + timedelta(days=1))

    assert again.signer.certificate == pki.signer.certificate
    assert again.signer.key_pem == pki.signer.key_pem
    assert {name: each.certificate for name, each in again.authorities.items()} == {
        name: each.certificate for name, each in pki.authorities.items()
    }


def test_every_name_is_marked_as_a_test_one(pki: Pki) -> None:
    made = [*pki.authorities.values(), pki.signer, pki.agency]

    assert all("THU NGHIEM" in each.certificate.subject.rfc4514_string() for each in made)


def test_the_old_root_is_signed_with_sha1_like_its_model(pki: Pki) -> None:
    digest = pki.authorities["root-g1"].certificate.signature_hash_algorithm

    assert digest is not None
    assert digest.name in ("sha1", "sha256")  # sha256 only where this machine's OpenSSL refuses sha1
    assert flaw(pki, pki.issue("x THU NGHIEM", issuer="sub-ca-g1", key=pki.agency.key)) == ""


@pytest.mark.parametrize(
    ("purpose", "kind"),
    [("sign", rsa.RSAPrivateKey), ("time-stamp", rsa.RSAPrivateKey), ("tls-server", ec.EllipticCurvePrivateKey)],
)
def test_each_purpose_has_its_kind_of_key(purpose: str, kind: type, pki: Pki) -> None:
    assert isinstance(pki.issue("x THU NGHIEM", purpose=purpose).key, kind)


def test_what_is_issued_leads_to_a_root_within_its_time(pki: Pki) -> None:
    leaf = pki.issue("x THU NGHIEM", not_before=NOW, not_after=NOW + timedelta(days=1), key=pki.agency.key)

    assert flaw(pki, leaf) == ""
    assert "valid from" in flaw(pki, leaf, NOW - timedelta(hours=1))
    assert "valid from" in flaw(pki, leaf, NOW + timedelta(days=2))


def test_a_sha1_leaf_can_be_asked_for(pki: Pki) -> None:
    leaf = pki.issue("x THU NGHIEM", digest="sha1", key=pki.agency.key)

    assert flaw(pki, leaf) == ""
    digest = leaf.certificate.signature_hash_algorithm
    assert digest is not None
    assert digest.name in ("sha1", "sha256")


def test_nobody_vouches_for_a_stranger_or_for_oneself(pki: Pki) -> None:
    assert "not installed" in flaw(pki, pki.stranger("la THU NGHIEM", key=pki.agency.key))
    assert "not trusted" in flaw(pki, pki.issue("tu ky THU NGHIEM", issuer="self", key=pki.agency.key))


def test_an_authority_of_the_same_name_with_another_key_vouches_for_nobody(pki: Pki, tmp_path: Path) -> None:
    other = Pki.make(tmp_path / "other", NOW)

    assert "did not sign it" in flaw(pki, other.agency)


def test_a_signer_is_no_authority(pki: Pki) -> None:
    forged = Pki(pki.folder, NOW, {"sub-ca-g2": pki.agency}, pki.signer, pki.agency).issue("x", key=pki.signer.key)

    assert chain_flaw(forged.certificate, anchors(pki), NOW, carried=[pki.agency.certificate]) is not None


def test_a_server_certificate_is_good_for_a_strict_client(pki: Pki, tmp_path: Path) -> None:
    server = pki.issue("truc THU NGHIEM", purpose="tls-server")
    (tmp_path / "server.pem").write_bytes(server.certificate_pem + server.key_pem)
    accepting, calling = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    accepting.load_cert_chain(tmp_path / "server.pem")
    calling.load_verify_locations(pki.trust / "tls-ca.pem")
    calling.verify_flags |= ssl.VERIFY_X509_STRICT
    there, here = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [
        accepting.wrap_bio(here, there, server_side=True),
        calling.wrap_bio(there, here, server_hostname="127.0.0.1"),
    ]

    for _ in range(4):
        for end in ends:
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue

    assert ends[1].getpeercert()["subjectAltName"] == (("DNS", "localhost"), ("IP Address", "127.0.0.1"))


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(PkiTrouble, match="cannot be made"):
        Pki.at(tmp_path, NOW)

    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_half_folder_is_named_and_not_mended(pki: Pki, tmp_path: Path) -> None:
    (tmp_path / "trust").mkdir()
    (tmp_path / "trust" / "root-g1.pem").write_bytes(pki.authorities["root-g1"].certificate_pem)

    with pytest.raises(PkiTrouble, match="no complete test PKI"):
        Pki.at(tmp_path, NOW)


def test_a_key_is_never_printed(pki: Pki) -> None:
    assert repr(pki.signer) == "Identity(CN=Van thu SUT THU NGHIEM,O=SUT THU NGHIEM,C=VN)"
