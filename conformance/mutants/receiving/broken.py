"""Wrong with broken packets: stuck on them, taking them in, saying nothing, or opening what should stay shut."""

import re
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.inspection import Examined
from simulator.protocol import codec
from simulator.protocol.codec import Reading
from simulator.protocol.errors import Malformed
from simulator.protocol.package import Package, ResponseFor, StatusPacket
from simulator.words import Text

__all__ = ["MUTANTS"]

_DTD = re.compile(rb"<!DOCTYPE[^\[>]*\[(.*?)\]\s*>", re.DOTALL)
_ENTITY = re.compile(rb"""<!ENTITY\s+(\w+)\s+["']([^"']*)["']\s*>""")


class StopsAtBadPacket(Dms):
    """Breaks off its round at the first package that it cannot use; the next round begins at the same one."""

    mutant = Mutant(
        "stops-at-bad-packet",
        Text("never gets past a package that it cannot use", "không vượt qua được gói tin lỗi trong hàng đợi"),
        source="pitfalls 36",
        caught_by=(
            "queue-goes-on-after-half-packet", "queue-goes-on-after-rubbish", "queue-goes-on-after-entity",
            "queue-goes-on-after-wrong-namespace", "queue-goes-on-after-misdelivery",
        ),
    )  # fmt: skip

    async def take_all(self, message_type: str) -> None:
        """No guard between neighbours."""
        for delivery_id in await self.listed(message_type):
            found = await self.collect(delivery_id)
            if found and (found.packet is None or found.defect):
                return
            if found:
                await self.take_in(delivery_id, found)


class ConfirmsAllWithDone(Dms):
    """Confirms 'done' for whatever it fetched, readable or not: to the axis nothing was ever wrong."""

    mutant = Mutant(
        "confirms-all-with-done",
        Text("confirms 'done' for packets that it could not read", "xác nhận 'done' cả gói tin không đọc được"),
        source="pitfalls 16",
        caught_by=("half-packet-refused", "rubbish-refused", "hostile-entity-refused"),
    )

    async def confirm(self, delivery_id: str, word: str, description: str) -> None:
        """One word for all."""
        await super().confirm(delivery_id, "done", "")


class RepairsHalfPackets(Dms):
    """Reads with a parser that mends what is broken, and registers a document of which half is missing."""

    mutant = Mutant(
        "repairs-half-packets",
        Text("registers what is left of a truncated packet", "vào sổ phần còn lại của gói tin bị cắt"),
        source="pitfalls 36",
        caught_by=("half-packet-refused",),
    )

    def examine(self, data: bytes) -> Examined:
        """As far as the bytes go; what is missing is not missed."""
        found = super().examine(data)
        with suppress(Malformed):
            packet = codec.examine(data, self.config.limits).packet
            return found if found.packet or packet is None else replace(found, packet=packet, unreadable=None)
        return found


class OpensEntities(Dms):
    """Lets its parser read the DTD and fill in the entities."""

    mutant = Mutant(
        "opens-entities",
        Text("expands the entities of a packet's DTD", "mở rộng thực thể trong DTD của gói tin"),
        source="pitfalls 39",
        caught_by=("hostile-entity-refused", "entity-not-expanded"),
    )

    def read(self, data: bytes) -> Reading:
        """As an unhardened parser does it."""
        dtd = _DTD.search(data)
        for name, value in _ENTITY.findall(dtd[1] if dtd else b""):
            data = data.replace(b"&" + name + b";", value)
        return super().read(_DTD.sub(b"", data))


class TakesEveryDialect(Dms):
    """Reads by local names alone and registers packets of another namespace as if they were of this standard."""

    mutant = Mutant(
        "takes-every-dialect",
        Text("registers packets of another namespace", "vào sổ gói tin thuộc namespace khác"),
        source="pitfalls 22",
        caught_by=("wrong-namespace-refused",),
    )

    def defect_of_form(self, reading: Reading) -> Text | None:
        """No form is wrong."""
        return None


class KeepsWhatIsNotOurs(Dms):
    """Registers whatever the axis delivers, and takes what is addressed to others for accepted: no clerk is asked."""

    mutant = Mutant(
        "keeps-what-is-not-ours",
        Text(
            "keeps documents that are addressed to others, and its clerk cannot return them",
            "giữ văn bản gửi cho đơn vị khác, văn thư không trả lại được",
        ),
        source="derived from RF-03",
        caught_by=("misdelivery-returned",),
    )

    def receive_document(self, package: Package, found: Examined) -> None:
        """It came here, so it is ours."""
        if self.defect_of_address(package) is None:
            return super().receive_document(package, found)
        super().receive_document(package, replace(found, defect=None))
        for row in self.store.incoming(package.document_id):
            self.store.put(replace(row, state="accepted"))
        return None


class ReturnsWithoutReason(Dms):
    """Returns documents with an empty Description: the sender's clerk sees 02 and nothing else."""

    mutant = Mutant(
        "returns-without-reason",
        Text("returns documents without a reason", "trả lại văn bản không nêu lý do"),
        source="pitfalls 20",
        caught_by=("misdelivery-reason-given",),
    )

    def status_packet(self, code: str, response_for: ResponseFor, stamp: datetime, reason: str) -> StatusPacket:
        """02 alone."""
        packet = super().status_packet(code, response_for, stamp, reason)
        return replace(packet, description="") if code == "02" else packet


MUTANTS: tuple[type[Dms], ...] = (
    StopsAtBadPacket, ConfirmsAllWithDone, RepairsHalfPackets, OpensEntities, TakesEveryDialect, KeepsWhatIsNotOurs,
    ReturnsWithoutReason,
)  # fmt: skip
