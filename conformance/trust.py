"""The run's test PKI: made, or read from where a vendor installed it, when it is first needed.

Its folder is never part of the run folder: keys do not go into evidence.
"""

from collections.abc import Iterable
from pathlib import Path

from cryptography import x509

from conformance.case import Case
from conformance.config import BadConfig, Config
from simulator.clock import Clock
from simulator.pki.authorities import Pki, PkiTrouble
from simulator.trust import authorities_in

__all__ = ["Vault", "pki_folder", "wants_pki"]

_NEEDING = frozenset({"signature_packet", "signature_pdf", "time_stamp", "tls"})


def pki_folder(config: Config, scratch: Path) -> Path:
    """Where the test PKI of this run stands: as configured, else in the scratch place."""
    return Path(config.trust.folder) if config.trust.folder else scratch / "pki"


def wants_pki(cases: Iterable[Case]) -> bool:
    """Whether one of these cases needs certificates."""
    return any(case.capability in _NEEDING for case in cases)


class Vault:
    """Opens the test PKI in ``folder`` at the first use, and keeps it."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder = folder
        self._clock = clock
        self._pki: Pki | None = None

    @property
    def pki(self) -> Pki:
        """The test PKI, made now where there is none. Raises BadConfig where the folder cannot be used."""
        if self._pki is None:
            try:
                self._pki = Pki.at(self.folder, self._clock.now())
            except PkiTrouble as trouble:
                raise BadConfig(trouble.because) from trouble
        return self._pki

    @property
    def installed(self) -> tuple[x509.Certificate, ...]:
        """The authorities of the test PKI, as the axis has them too; () where none was made yet."""
        return authorities_in(self.folder / "trust")
