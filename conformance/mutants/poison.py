"""Wrong readers of poison: they open it, choke on it, swallow it, or keep it."""

import re
import urllib.request
from dataclasses import replace

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.inspection import Examined
from simulator.protocol import codec
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["MUTANTS"]

_DOCTYPE = re.compile(rb"<!DOCTYPE[^\[>]*(\[.*?\])?\s*>", re.DOTALL)
_ENTITY = re.compile(rb'<!ENTITY\s+(\w+)\s+SYSTEM\s+"([^"]+)">')
_HUGE = 1024 * 1024


class OpenParser(Dms):
    """Follows document types: fetches what they name and puts it in."""

    mutant = Mutant(
        "open-parser",
        Text("expands external entities", "mở rộng thực thể lấy từ bên ngoài"),
        source="pitfalls 39",
        caught_by=("xxe-refused", "canary-not-fetched", "canary-not-shown"),
    )

    def read(self, data: bytes) -> codec.Reading:
        """As an unhardened parser does."""
        doctype = _DOCTYPE.search(data)
        for name, address in _ENTITY.findall(doctype.group()) if doctype else ():
            with urllib.request.urlopen(address.decode(), timeout=5.0) as answer:  # noqa: S310  # what the mutant is for
                data = data.replace(b"&" + name + b";", answer.read())
        return super().read(_DOCTYPE.sub(b"", data, count=1))


class IgnoresDoctypes(Dms):
    """Cuts document types out and leaves the entities as text."""

    mutant = Mutant(
        "ignores-doctypes",
        Text("accepts packages with a DTD", "chấp nhận gói tin có DTD"),
        source="pitfalls 39",
        caught_by=("laughs-refused", "xxe-refused"),
    )

    def read(self, data: bytes) -> codec.Reading:
        """Without what it does not like."""
        if _DOCTYPE.search(data):
            data = re.sub(rb"&\w+;", b"?", _DOCTYPE.sub(b"", data, count=1))
        return super().read(data)


class ChokesOnGarbage(Dms):
    """A package that cannot be read ends the round, at every poll: nothing behind it is ever taken."""

    mutant = Mutant(
        "chokes-on-garbage",
        Text("one unreadable package blocks the queue", "một gói không đọc được làm tắc hàng nhận"),
        source="pitfalls 36",
        caught_by=(
            "queue-goes-on-after-xxe",
            "queue-goes-on-after-laughs",
            "queue-goes-on-after-nesting",
            "queue-goes-on-after-cut-attachment",
            "queue-goes-on-after-empty",
            "queue-goes-on-after-1212",
        ),
    )

    async def take_all(self, message_type: str) -> None:
        """In order, up to the first that cannot be read."""
        for delivery_id in await self.listed(message_type):
            found = await self.collect(delivery_id)
            if found and self.stops_at(found):
                return
            if found:
                await self.take_in(delivery_id, found)

    def stops_at(self, found: Examined) -> bool:
        """Whether this one is too much."""
        return found.packet is None


class ChokesOnDefects(ChokesOnGarbage):
    """A package that can be read but is wrong in itself ends the round."""

    mutant = Mutant(
        "chokes-on-defects",
        Text("one defective package blocks the queue", "một gói có lỗi làm tắc hàng nhận"),
        source="pitfalls 36",
        caught_by=(
            "queue-goes-on-after-wrong-root",
            "queue-goes-on-after-null-organ",
            "queue-goes-on-after-zip-bomb",
            "queue-goes-on-after-bad-base64",
            "queue-goes-on-after-impossible-date",
        ),
    )

    def stops_at(self, found: Examined) -> bool:
        """Anything wrong with it."""
        nobody = isinstance(found.packet, Package) and not self.answerable(found.packet)
        return found.defect is not None or nobody


class ChokesOnHugeText(ChokesOnGarbage):
    """A package of more than a megabyte ends the round."""

    mutant = Mutant(
        "chokes-on-huge-text",
        Text("one very large package blocks the queue", "một gói quá lớn làm tắc hàng nhận"),
        source="pitfalls 92",
        caught_by=("queue-goes-on-after-huge-text", "huge-text-answered"),
    )

    def stops_at(self, found: Examined) -> bool:
        """By weight."""
        return len(found.data) > _HUGE


class SwallowsPoison(Dms):
    """What it cannot read it confirms with 'done' and forgets."""

    mutant = Mutant(
        "swallows-poison",
        Text("confirms 'done' for what it cannot read", "không đọc được mà vẫn xác nhận 'done'"),
        source="requirement PK-07",
        caught_by=(
            "xxe-refused",
            "nesting-refused",
            "cut-attachment-refused",
            "empty-package-refused",
            "bytes-before-prolog-refused",
        ),
    )

    def receive(self, found: Examined) -> tuple[str, str]:
        """Done, whatever it was."""
        return super().receive(found) if found.packet is not None else ("done", "")


class KeepsWhateverComes(Dms):
    """Registers what it should refuse."""

    mutant = Mutant(
        "keeps-whatever-comes",
        Text("registers defective packages as documents", "đăng ký cả gói tin có lỗi"),
        source="pitfalls 96",
        caught_by=("wrong-root-refused", "zip-bomb-refused", "broken-base64-refused", "impossible-date-refused"),
    )

    def receive_document(self, package: Package, found: Examined) -> None:
        """No defect is one."""
        super().receive_document(package, replace(found, defect=None))


class AnswersNull(Dms):
    """Takes 'null' for the code of a unit."""

    mutant = Mutant(
        "answers-null",
        Text("takes 'null' for a sender", "coi 'null' là một đơn vị gửi"),
        source="wire.md C.6",
        caught_by=("null-organ-refused",),
    )

    def answerable(self, package: Package) -> bool:
        """Always."""
        return True


MUTANTS: tuple[type[Dms], ...] = (
    OpenParser,
    IgnoresDoctypes,
    ChokesOnGarbage,
    ChokesOnDefects,
    ChokesOnHugeText,
    SwallowsPoison,
    KeepsWhateverComes,
    AnswersNull,
)
