"""Wrong readers: they read the form of one writer, and refuse or misread whoever writes the same otherwise."""

import codecs
from dataclasses import replace

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.inspection import Examined
from simulator.agency.kit.store import Incoming
from simulator.protocol import layout
from simulator.protocol.codec import Reading
from simulator.protocol.errors import Damage, Malformed
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["MUTANTS"]

_BUILDERS_ORDER = tuple(item.inside or item.wire for item in layout.MESSAGE.fields)


def _not_well_formed(en: str, vi: str) -> Malformed:
    return Malformed(Damage.NOT_WELL_FORMED, Text(en, vi), "byte 0")


class ReadsOnePrefix(Dms):
    """Looks for its elements by the text ``edXML:``, not by their namespace."""

    mutant = Mutant(
        "reads-one-prefix",
        Text("reads only what bears the prefix edXML", "chỉ đọc được phần tử có tiền tố edXML"),
        source="pitfalls 21",
        caught_by=("default-namespace-read", "other-prefix-read"),
    )

    def read(self, data: bytes) -> Reading:
        """No such text, no packet."""
        if b"<edXML:MessageHeader>" not in data:
            raise _not_well_formed("there is no edXML:MessageHeader", "không có edXML:MessageHeader")
        return super().read(data)


class ChokesOnByteOrderMark(Dms):
    """Hands the bytes to its parser without looking for a byte order mark."""

    mutant = Mutant(
        "chokes-on-byte-order-mark",
        Text("cannot read a packet that begins with a BOM", "không đọc được gói tin bắt đầu bằng BOM"),
        source="pitfalls 36",
        caught_by=("byte-order-mark-read",),
    )

    def read(self, data: bytes) -> Reading:
        """Content is not allowed in prolog."""
        if data.startswith(codecs.BOM_UTF8):
            raise _not_well_formed("content is not allowed in prolog", "có nội dung trước phần khai báo XML")
        return super().read(data)


class ReadsInBuildersOrder(Dms):
    """Walks through MessageHeader in the order of the vendor's builder, and gives up at the first surprise."""

    mutant = Mutant(
        "reads-in-builders-order",
        Text("reads MessageHeader only in the builder's order", "chỉ đọc MessageHeader theo đúng thứ tự của SDK"),
        source="pitfalls 21",
        caught_by=("any-order-read",),
    )

    def read(self, data: bytes) -> Reading:
        """Places that go backwards are an error."""
        reading = super().read(data)
        names = [leaf.path.split("/")[1].partition("[")[0] for leaf in reading.leaves if "MessageHeader/" in leaf.path]
        places = [_BUILDERS_ORDER.index(name) for name in names if name in _BUILDERS_ORDER]
        if places != sorted(places):
            raise _not_well_formed("an element stands where another was expected", "phần tử không đúng vị trí")
        return reading


class WantsBoundPrefixes(Dms):
    """Reads with a parser that knows namespaces and has no mercy: the vendor's own sample is refused."""

    mutant = Mutant(
        "wants-bound-prefixes",
        Text("refuses a packet with an unbound prefix", "từ chối gói tin có tiền tố chưa khai báo"),
        source="pitfalls 91",
        caught_by=("unbound-prefix-read",),
    )

    def read(self, data: bytes) -> Reading:
        """One attribute is enough."""
        reading = super().read(data)
        if reading.traits.unbound_prefixes:
            raise _not_well_formed("unbound prefix", "tiền tố chưa khai báo")
        return reading


class RefusesTheUnknown(Dms):
    """Validates against its own schema and returns every packet with an element that is not in it."""

    mutant = Mutant(
        "refuses-the-unknown",
        Text("returns packets with elements that it does not know", "trả lại gói tin có phần tử chưa biết"),
        source="pitfalls 21",
        caught_by=("extensions-tolerated",),
    )

    def defect_of_form(self, reading: Reading) -> Text | None:
        """Unknown is wrong."""
        if reading.packet and reading.packet.unknown:
            return Text("an element that the schema does not have", "có phần tử không thuộc lược đồ")
        return super().defect_of_form(reading)


class NeedsBusiness(Dms):
    """Returns a document whose packet has no Bussiness element."""

    mutant = Mutant(
        "needs-business",
        Text("returns documents without a Bussiness element", "trả lại văn bản không có phần tử Bussiness"),
        source="derived from BZ-01",
        caught_by=("missing-business-read",),
    )

    def defect_of_content(self, package: Package) -> Text | None:
        """Absent is not 0 for it."""
        if package.business is None:
            return Text("Bussiness is missing", "thiếu phần tử Bussiness")
        return super().defect_of_content(package)


class GuessesUpdate(Dms):
    """Takes a document whose packet has no Bussiness element for an update."""

    mutant = Mutant(
        "guesses-update",
        Text("shows a document without Bussiness as an update", "hiển thị văn bản thiếu Bussiness là cập nhật"),
        source="derived from BZ-01",
        caught_by=("missing-business-is-new",),
    )

    def new_row(self, package: Package, found: Examined) -> Incoming:
        """Not 0, but the 2 that stood in the row before."""
        row = super().new_row(package, found)
        return row if package.business else replace(row, kind="update")


MUTANTS: tuple[type[Dms], ...] = (
    ReadsOnePrefix, ChokesOnByteOrderMark, ReadsInBuildersOrder, WantsBoundPrefixes, RefusesTheUnknown, NeedsBusiness,
    GuessesUpdate,
)  # fmt: skip
