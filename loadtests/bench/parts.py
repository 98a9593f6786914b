"""The bare parts of an accepted document, each measured alone in this process: CPU seconds a document.

Nothing of ours around them: a parser object that is used again, what routes and admits a packet read out of its tree,
the check of the request's signature, one digest, and an append log with 64 callers whose groups are synced together.
Where the packet is signed itself, also the canonical form of its tree, that one's digest, the canonical form of
SignedInfo, and RSA with a key that is there already.
"""

import asyncio
import base64
import contextlib
import hashlib
import os
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree

from simulator.hub.admission import admit
from simulator.protocol import names
from simulator.protocol.codec import skim
from simulator.protocol.profile import Profile
from simulator.protocol.request_signing import sign, verify
from simulator.wire import Request

__all__ = ["GROUP", "PARTS", "SIGNED_PARTS", "append_in_flight", "append_log", "spent"]

GROUP = 64
"""How many documents an append log syncs together: as many as are in flight."""
_SYNC = getattr(os, "fdatasync", os.fsync)
_AT_ONCE = 100  # trees that are made ready beside each other


def spent(loop: Callable[[], object], times: int) -> float:
    """CPU seconds of one turn, over ``times`` turns."""
    begin = time.process_time()
    for _ in range(times):
        loop()
    return (time.process_time() - begin) / times


def _parse(packages: Sequence[bytes], folder: Path) -> float:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_comments=False
    )
    feed = iter(packages)
    return spent(lambda: etree.fromstring(next(feed), parser), len(packages))  # our own packages


def _rules(packages: Sequence[bytes], folder: Path) -> float:
    """What the axis asks of a tree: who, to whom, what, and whether it can be routed; without making the tree."""
    feed, profile = iter(packages), Profile()
    both = spent(lambda: admit(skim(next(feed)), "edoc", profile), len(packages))
    return max(0.0, both - _parse(packages, folder))


def _signature(packages: Sequence[bytes], folder: Path) -> float:
    arguments = {"servicetype": "eDoc", "messagetype": "edoc", "hash-file": "0" * 64, "from": "000.00.00.H98"}
    secret = "b" * 32
    headers = sign(
        arguments,
        system_id="sut.test.01",
        secret=secret,
        timestamp="21112026T195740+0133",
        content_type="application/octet-stream",
    )
    asked = Request("POST", "/sendEdoc", headers)
    return spent(lambda: verify(asked, secret), len(packages))


def _packet_signature(packages: Sequence[bytes], folder: Path) -> float:
    """Of packets in the layout of the vendor's sample, by one signer; their trees are made ready beforehand."""
    used = 0.0
    for start in range(0, len(packages), _AT_ONCE):
        ready = [_ready(package) for package in packages[start : start + _AT_ONCE]]
        used += len(ready) * spent(partial(_next_verified, iter(ready)), len(ready))
    return used / len(packages)


_Ready = tuple[etree._ElementTree, bytes, etree._Element, bytes, rsa.RSAPublicKey]


def _next_verified(feed: "Iterator[_Ready]") -> None:
    _verified(*next(feed))


def _ready(package: bytes) -> _Ready:
    """The tree without the block and its claimed digest; SignedInfo, what was signed of it, and the signer's key."""

    def within(path: str) -> etree._Element:
        return next(block.iter(f"{{{names.XMLDSIG}}}{path}"))

    def value(path: str) -> bytes:
        return base64.b64decode(within(path).text or "")

    root = etree.fromstring(package)  # our own packages
    block = next(root.iter(f"{{{names.XMLDSIG}}}{names.SIGNATURE}"))
    signed = within("SignedInfo")
    info = etree.Element(signed.tag, nsmap=signed.nsmap)
    info.text = signed.text
    info.extend([*signed])
    key = x509.load_der_x509_certificate(value("X509Certificate")).public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise TypeError("the bench signs with RSA")
    digest = base64.b64decode(next(info.iter(f"{{{names.XMLDSIG}}}DigestValue")).text or "")
    signature = value("SignatureValue")
    before = block.getprevious()
    before.tail = (before.tail or "") + (block.tail or "")
    block.getparent().remove(block)
    return root.getroottree(), digest, info, signature, key


def _verified(
    tree: etree._ElementTree, digest: bytes, info: etree._Element, signature: bytes, key: rsa.RSAPublicKey
) -> None:
    """Raises InvalidSignature or ValueError where it does not hold."""
    content = etree.tostring(tree, method="c14n", exclusive=True, with_comments=False)
    if hashlib.sha256(content).digest() != digest:
        raise ValueError("the content is not what was signed")
    signed = etree.tostring(info, method="c14n", exclusive=False, with_comments=False)
    key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())


def _digest(packages: Sequence[bytes], folder: Path) -> float:
    feed = iter(packages)
    return spent(lambda: hashlib.sha256(next(feed)).hexdigest(), len(packages))


def _append(packages: Sequence[bytes], folder: Path) -> float:
    return asyncio.run(append_in_flight(packages, folder))[1] / len(packages)


def append_log(bodies: Sequence[bytes], folder: Path) -> tuple[float, float]:
    """Append every body to one file, ``GROUP`` of them before each sync: a loop in which nobody waits for an answer.

    Gives the seconds on the clock and the CPU seconds.
    """
    with _log(folder) as handle:
        begin, used = time.perf_counter(), time.process_time()
        for start in range(0, len(bodies), GROUP):
            os.writev(handle, bodies[start : start + GROUP])
            _SYNC(handle)
        return time.perf_counter() - begin, time.process_time() - used


async def append_in_flight(bodies: Sequence[bytes], folder: Path) -> tuple[float, float]:
    """The same log with ``GROUP`` callers, each of whom waits until its body is on the disk: a thread writes whatever
    has come meanwhile. What performance notes call an append log with 64 in flight."""
    loop = asyncio.get_running_loop()
    arriving: queue.SimpleQueue[tuple[bytes, asyncio.Future[None]] | None] = queue.SimpleQueue()
    feed = iter(bodies)

    async def keep() -> None:
        for body in feed:
            future = loop.create_future()
            arriving.put((body, future))
            await future

    with _log(folder) as handle:
        writer = threading.Thread(target=_write_groups, args=(handle, arriving, loop))
        begin, used = time.perf_counter(), time.process_time()
        writer.start()
        try:
            await asyncio.gather(*(keep() for _ in range(GROUP)))
        finally:
            arriving.put(None)
            await asyncio.to_thread(writer.join)
        return time.perf_counter() - begin, time.process_time() - used


def _write_groups(
    handle: int,
    arriving: "queue.SimpleQueue[tuple[bytes, asyncio.Future[None]] | None]",
    loop: asyncio.AbstractEventLoop,
) -> None:
    while (first := arriving.get()) is not None:
        group = [first]
        while len(group) < GROUP and not arriving.empty():
            if (more := arriving.get()) is None:
                return
            group.append(more)
        os.writev(handle, [body for body, _ in group])
        _SYNC(handle)
        loop.call_soon_threadsafe(_tell, [future for _, future in group])


def _tell(futures: Sequence["asyncio.Future[None]"]) -> None:
    for future in futures:
        future.set_result(None)


@contextlib.contextmanager
def _log(folder: Path) -> Iterator[int]:
    path = folder / "append.log"
    handle = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    try:
        yield handle
    finally:
        os.close(handle)
        path.unlink()


PARTS: tuple[tuple[str, Callable[[Sequence[bytes], Path], float]], ...] = (
    ("parse", _parse),
    ("rules", _rules),
    ("request signature", _signature),
    ("SHA-256", _digest),
    ("append log", _append),
)
"""Name and loop of every part but HTTP, which needs a server of its own (servers.py, ``raw``)."""
SIGNED_PARTS = (*PARTS, ("packet signature", _packet_signature))
"""The same for packets that are signed themselves."""
