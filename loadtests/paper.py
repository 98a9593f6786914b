"""PDFs of any size that open: one page with a line of text, and a stream of seeded noise that nothing refers to. Pure.

About a thousand times cheaper than a typeset letter (fixtures/documents.py), which a load run cannot afford.
"""

import random
from collections.abc import Iterator

__all__ = ["SMALLEST", "Paper"]

_BLOCK = 3 << 18
_CATALOG = b"1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
_PAGES = b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
_PAGE = (
    b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
    b"/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>\nendobj\n"
)
_LINE = 80
SMALLEST = 1_000
"""Bytes; a smaller size gives a PDF of its smallest size, which is less than this."""


class Paper:
    """The paper of one seed. ``pieces`` of the same number, text and size are the same bytes."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._noise = random.Random(f"{seed}/paper").randbytes(_BLOCK)  # noqa: S311  # a play, no secret

    def pieces(self, number: int, text: str, size: int) -> Iterator[bytes | memoryview]:
        """A PDF of ``size`` bytes that shows ``text`` (ASCII, at most 80 characters), in pieces of up to 786,432 bytes.

        No two numbers have the same bytes.
        """
        line = text.encode("ascii", "replace")[:_LINE].translate(_NO_BRACKETS).ljust(_LINE)
        drawing = b"BT /F 12 Tf 60 760 Td (" + line + b") Tj ET"
        content = b"4 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n" % (len(drawing), drawing)
        header = b"%%PDF-1.4\n%%%016x%016x\n" % (self._seed & 0xFFFFFFFFFFFFFFFF, number)
        objects = [header, _CATALOG, _PAGES, _PAGE, content]
        opening, closing = b"5 0 obj\n<</Length %010d>>\nstream\n", b"\nendstream\nendobj\n"
        front = b"".join(objects)
        bare = len(front) + len(opening % 0) + len(closing) + len(_tail([0] * 5, 0))
        noise = max(0, size - bare)
        starts, position = [], len(header)
        for each in objects[1:]:
            starts.append(position)
            position += len(each)
        table = len(front) + len(opening % 0) + noise + len(closing)
        yield front + opening % noise
        yield from self._noisy(number, noise)
        yield closing + _tail([*starts, len(front)], table)

    def _noisy(self, number: int, size: int) -> Iterator[memoryview]:
        view, begin = memoryview(self._noise), number * 7919 % _BLOCK
        while size > 0:
            piece = view[begin : begin + size]
            yield piece
            size -= len(piece)
            begin = 0


_NO_BRACKETS = bytes.maketrans(b"()\\", b"[]/")


def _tail(starts: list[int], table: int) -> bytes:
    rows = b"".join(b"%010d 00000 n \n" % start for start in starts)
    return (
        b"xref\n0 6\n0000000000 65535 f \n"
        + rows
        + b"trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n%010d\n%%%%EOF\n" % table
    )
