"""`make bench`: what an accepted document costs, as ratios within one run on this machine.

Prints, never asserts: timings are no tests. Each ratio compares two loops that were measured in turn, so the
machine's mood cancels out. The full set of comparisons belongs to the load part.
"""

import hashlib
import os
import platform
import statistics
import time
from collections.abc import Callable
from datetime import date

import click

from simulator.protocol.codec import decode, encode
from simulator.protocol.lint import lint
from simulator.protocol.package import Attachment, Code, Package, Party, Promulgation, Reference, Signer
from simulator.protocol.request_signing import file_hash, sign, verify
from simulator.wire import Request

__all__ = ["main"]

_ROUNDS = 7


def _letter(size: int) -> bytes:
    pdf = b"%PDF-1.4\n" + hashlib.sha256(b"bench").digest() * (size // 32)
    return encode(
        Package(
            sender=Party("000.00.00.H98", name="UBND tỉnh Thử Nghiệm"),
            receivers=(Party("G22", name="Văn phòng Chính phủ"),),
            document_id="000.00.00.H98,2026/11/20,12/UBND-VP",
            code=Code("12", "UBND-VP"),
            promulgation=Promulgation("Nghệ An", date(2026, 11, 20)),
            subject="V/v đo chi phí của một văn bản",
            signer=Signer(position="Chủ tịch", full_name="Nguyễn Văn Thử"),
            manifest=(Reference("cid:1", "application/pdf", "", "a.pdf"),),
            attachments=(Attachment.of_file("a.pdf", pdf, content_id="cid:1"),),
        )
    )


def _pair(ours: Callable[[], object], against: Callable[[], object], times: int) -> tuple[float, float, float]:
    """Median microseconds of both, measured in turn, and the median of the ratios."""
    rows = []
    for _ in range(_ROUNDS):
        spent = []
        for loop in (ours, against):
            begin = time.process_time()
            for _ in range(times):
                loop()
            spent.append((time.process_time() - begin) / times * 1e6)
        rows.append((spent[0], spent[1], spent[0] / spent[1]))
    return tuple(statistics.median(column) for column in zip(*rows, strict=True))


def main() -> None:
    """Run every pair and print its row."""
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    click.echo(f"{machine}; CPU time, median of {_ROUNDS}")
    click.echo(f"{'pair':<58}{'ours':>10}{'against':>10}{'ratio':>8}")
    headers = sign({"docId": "1"}, system_id="a", secret="b" * 32, timestamp="21112026T195740+0133", content_type="x")
    request = Request("POST", "/getEdoc", headers)
    for size, times in ((6_000, 300), (1_000_000, 20)):
        data = _letter(size)
        label = f"{len(data) // 1024} KB package"
        rows = (
            (
                f"{label}: decode : SHA-256 of the same bytes",
                lambda d=data: decode(d),
                lambda d=data: hashlib.sha256(d),
            ),
            (f"{label}: lint : decode", lambda d=data: lint(d), lambda d=data: decode(d)),
            (f"{label}: hash-file : SHA-256", lambda d=data: file_hash(d), lambda d=data: hashlib.sha256(d)),
        )
        for name, ours, against in rows:
            mine, theirs, ratio = _pair(ours, against, times)
            click.echo(f"{name:<58}{mine:>8.0f}us{theirs:>8.0f}us{ratio:>8.2f}")
    mine, theirs, ratio = _pair(lambda: verify(request, "b" * 32), lambda: hashlib.sha256(b"x" * 300), 2_000)
    click.echo(f"{'header signature checked : SHA-256 of 300 bytes':<58}{mine:>8.1f}us{theirs:>8.1f}us{ratio:>8.2f}")


if __name__ == "__main__":
    main()
