"""The certificates that the axis can show to whoever comes by https: one that is in order, and four that are not."""

import ssl
import tempfile
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

from simulator.pki.authorities import Pki
from simulator.pki.certificates import Identity

__all__ = ["BAD", "GOOD", "contexts"]

GOOD = "good"
BAD = ("expired", "wrong-host", "self-made", "stranger-ca")
"""What a client must not accept: out of date · of another host · signed by itself · of an authority that it does not
know. Each is wrong in this one thing only."""

_NAME = "Truc lien thong THU NGHIEM"
_ALWAYS = ("localhost", "127.0.0.1", "::1")
_ELSEWHERE = ("truc-khac.invalid",)
_DAY = timedelta(days=1)


def contexts(pki: Pki, hosts: Iterable[str] = ()) -> Mapping[str, ssl.SSLContext]:
    """A server's context for each of them, TLS 1.2 at least, without tickets: each handshake is a whole one.

    ``hosts``: names and addresses by which clients reach the axis, beside those of this machine.
    """
    names = tuple(dict.fromkeys((*_ALWAYS, *(host for host in hosts if host and host.isascii()))))
    identities = {
        GOOD: pki.issue(_NAME, purpose="tls-server", hosts=names),
        "expired": pki.issue(_NAME, purpose="tls-server", hosts=names, not_after=pki.now - _DAY),
        "wrong-host": pki.issue(_NAME, purpose="tls-server", hosts=_ELSEWHERE),
        "self-made": pki.issue(_NAME, purpose="tls-server", hosts=names, issuer="self"),
        "stranger-ca": pki.stranger(_NAME, purpose="tls-server", hosts=names),
    }
    return MappingProxyType({name: _context(identity) for name, identity in identities.items()})


def _context(identity: Identity) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_TICKET
    context.num_tickets = 0
    with tempfile.TemporaryDirectory(prefix="axisproof-tls-") as folder:  # 0700; the library reads files only
        chain = Path(folder) / "chain.pem"
        chain.write_bytes(identity.certificate_pem + identity.key_pem)
        context.load_cert_chain(chain)
    return context
