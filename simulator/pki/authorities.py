"""The authorities of the test PKI, in a folder: what a vendor installs, and what the harness signs with.

    trust/root-g1.pem, root-g2.pem         two generations of roots; the self-signature of G1 is sha1WithRSA, as in life
    trust/sub-ca-g1.pem, sub-ca-g2.pem     the authorities that issue to signers: real files embed the leaf only, so
                                           whoever verifies brings these
    trust/tls-ca.pem                       issues the certificate of the axis's https address
    sut/signer.pem, signer-key.pem         a clerk of the system under test, for its own signing
    keys/*.pem                             the private keys of the authorities (0600)
    keys/agency.pem, agency-key.pem        a clerk of the other agencies: with this the harness signs

Every name is a look-alike marked THU NGHIEM; every key is made on the spot and proves nothing to anybody else.
"""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from simulator.pki.certificates import YEAR, Identity, Key, certified, subject_of
from simulator.words import Text

__all__ = ["ORGAN", "Identity", "Pki", "PkiTrouble"]

ORGAN = "Ban Co yeu Chinh phu THU NGHIEM"
"""The organisation in the names of the authorities."""

_LOCAL = ("localhost", "127.0.0.1")


class PkiTrouble(Exception):
    """A folder that cannot be used as a test PKI; ``because`` says why."""

    def __init__(self, because: Text) -> None:
        super().__init__(because.en)
        self.because = because


@dataclass(frozen=True, slots=True)
class _Authority:
    """How one authority is made: years of validity before and after the making."""

    name: str
    common_name: str
    issuer: str = ""
    purpose: str = "authority"
    digest: str = "sha256"
    years: tuple[int, int] = (1, 20)


_AUTHORITIES = (
    _Authority("root-g1", "Co quan chung thuc so chuyen dung Chinh phu THU NGHIEM (RootCA)", digest="sha1",
               years=(16, 19)),
    _Authority("root-g2", "RootCA chuyen dung Chinh phu THU NGHIEM G2", years=(8, 22)),
    _Authority("sub-ca-g1", "Co quan chung thuc so Bo THU NGHIEM", issuer="root-g1", years=(10, 18)),
    _Authority("sub-ca-g2", "CA co quan nha nuoc THU NGHIEM G2", issuer="root-g2", years=(8, 20)),
    _Authority("tls-ca", "CA dich vu phan mem THU NGHIEM", purpose="tls-authority"),
)  # fmt: skip

_ISSUERS = {"sign": "sub-ca-g2", "time-stamp": "sub-ca-g2", "tls-server": "tls-ca"}
_SIGNER, _AGENCY = "Van thu SUT THU NGHIEM", "Van thu co quan THU NGHIEM"


@dataclass(frozen=True, slots=True)
class Pki:
    """A test PKI in ``folder``. ``now``: the moment that validities are counted from where none is given.

    ``signer``: a clerk of the system under test; ``agency``: one of the agencies that write to it.
    """

    folder: Path
    now: datetime
    authorities: Mapping[str, Identity]
    signer: Identity
    agency: Identity

    @classmethod
    def at(cls, folder: Path, now: datetime) -> "Pki":
        """The one that stands there; a new one where there is none. Raises PkiTrouble."""
        if (folder / "trust").is_dir():
            return cls.load(folder, now)
        try:
            return cls.make(folder, now)
        except PkiTrouble:
            if (folder / "trust").is_dir():  # another process was faster
                return cls.load(folder, now)
            raise

    @classmethod
    def make(cls, folder: Path, now: datetime) -> "Pki":
        """Make all keys and certificates, and the folder (new or empty), whole or not at all. Raises PkiTrouble."""
        made: dict[str, Identity] = {}
        for each in _AUTHORITIES:
            made[each.name] = certified(
                subject_of(each.common_name, ORGAN),
                made.get(each.issuer),
                purpose=each.purpose,
                validity=(now - each.years[0] * YEAR, now + each.years[1] * YEAR),
                digest=each.digest,
            )
        pki = cls(folder, now, MappingProxyType(made), made["sub-ca-g2"], made["sub-ca-g2"])
        signer = pki.issue(_SIGNER, organ="SUT THU NGHIEM", not_after=now + 10 * YEAR)
        agency = pki.issue(_AGENCY, organ="Co quan THU NGHIEM", not_after=now + 10 * YEAR)
        pki = replace(pki, signer=signer, agency=agency)
        pki._write()
        return pki

    @classmethod
    def load(cls, folder: Path, now: datetime) -> "Pki":
        """Read what ``make`` wrote. Raises PkiTrouble."""
        names = [each.name for each in _AUTHORITIES]
        try:
            authorities = {
                name: _identity(folder / "trust" / f"{name}.pem", folder / "keys" / f"{name}.pem") for name in names
            }
            signer = _identity(folder / "sut" / "signer.pem", folder / "sut" / "signer-key.pem")
            agency = _identity(folder / "keys" / "agency.pem", folder / "keys" / "agency-key.pem")
        except (OSError, ValueError, TypeError) as error:
            raise PkiTrouble(_UNREADABLE.filled(folder=folder, why=error)) from error
        return cls(folder, now, MappingProxyType(authorities), signer, agency)

    @property
    def trust(self) -> Path:
        """The folder of certificates that a system installs."""
        return self.folder / "trust"

    def issue(
        self,
        common_name: str,
        *,
        issuer: str = "",
        purpose: str = "sign",
        organ: str = "Don vi THU NGHIEM",
        not_before: datetime | None = None,
        not_after: datetime | None = None,
        hosts: tuple[str, ...] = (),
        digest: str = "sha256",
        key: Key | None = None,
    ) -> Identity:
        """A leaf for ``purpose``: sign, time-stamp (RSA-2048, by sub-ca-g2) or tls-server (P-256, by tls-ca).

        ``issuer``: another authority by its name, or ``self``. Valid from a year ago for two years to come where
        nothing is given. ``hosts``: of a server; localhost where none are given. ``key``: one to be used again.
        """
        above = None if issuer == "self" else self.authorities[issuer or _ISSUERS[purpose]]
        return self._leaf(common_name, above, purpose, organ, (not_before, not_after), hosts, digest, key)

    def stranger(
        self,
        common_name: str,
        *,
        purpose: str = "sign",
        organ: str = "Don vi THU NGHIEM",
        not_before: datetime | None = None,
        not_after: datetime | None = None,
        hosts: tuple[str, ...] = (),
        key: Key | None = None,
    ) -> Identity:
        """A leaf of an authority that nobody trusts; its certificates stand in no folder."""
        nobody = certified(
            subject_of("CA la THU NGHIEM", "Khong ai tin THU NGHIEM"),
            None,
            purpose="tls-authority" if purpose.startswith("tls-") else "authority",
            validity=(self.now - YEAR, self.now + 3 * YEAR),
        )
        return self._leaf(common_name, nobody, purpose, organ, (not_before, not_after), hosts, "sha256", key)

    def _leaf(
        self,
        common_name: str,
        above: Identity | None,
        purpose: str,
        organ: str,
        validity: tuple[datetime | None, datetime | None],
        hosts: tuple[str, ...],
        digest: str,
        key: Key | None,
    ) -> Identity:
        first, last = validity
        return certified(
            subject_of(common_name, organ),
            above,
            purpose=purpose,
            validity=(first or self.now - YEAR, last or self.now + 2 * YEAR),
            hosts=(hosts or _LOCAL) if purpose == "tls-server" else (),
            digest=digest,
            key=key,
        )

    def _write(self) -> None:
        draft = self.folder.with_name(f".{self.folder.name}.{os.getpid()}")
        try:
            for name, identity in self.authorities.items():
                _put(draft / "keys" / f"{name}.pem", identity.key_pem, secret=True)
                _put(draft / "trust" / f"{name}.pem", identity.certificate_pem)
            _put(draft / "sut" / "signer-key.pem", self.signer.key_pem, secret=True)
            _put(draft / "sut" / "signer.pem", self.signer.certificate_pem)
            _put(draft / "keys" / "agency-key.pem", self.agency.key_pem, secret=True)
            _put(draft / "keys" / "agency.pem", self.agency.certificate_pem, secret=True)
            if self.folder.is_dir():
                self.folder.rmdir()
            draft.rename(self.folder)
        except OSError as error:
            raise PkiTrouble(_UNWRITABLE.filled(folder=self.folder, why=error.strerror or error)) from error
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def _identity(certificate: Path, key: Path) -> Identity:
    private = serialization.load_pem_private_key(key.read_bytes(), None)
    if not isinstance(private, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise TypeError(f"{key.name}: neither RSA nor EC")
    return Identity(x509.load_pem_x509_certificate(certificate.read_bytes()), private)


def _put(path: Path, data: bytes, *, secret: bool = False) -> None:
    folder_mode, file_mode = (0o700, 0o600) if secret else (0o755, 0o644)
    path.parent.parent.mkdir(parents=True, exist_ok=True)
    path.parent.mkdir(mode=folder_mode, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, file_mode), "wb") as file:
        file.write(data)


_UNREADABLE = Text(
    en="{folder} is no complete test PKI ({why}); take another folder, or remove it and it is made anew",
    vi="{folder} không phải bộ PKI thử nghiệm đầy đủ ({why}); hãy chọn thư mục khác, hoặc xóa đi để tạo lại",
)
_UNWRITABLE = Text(
    en="the test PKI cannot be made in {folder}: {why}", vi="không tạo được PKI thử nghiệm trong {folder}: {why}"
)
