"""Wrong address lists: cut, doubled, one packet for each, back to the sender."""

from collections.abc import Sequence
from dataclasses import replace

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.orders import Order
from simulator.protocol.package import Package, Party
from simulator.words import Text

__all__ = ["MUTANTS"]


class FirstReceiver(Dms):
    """Sends to the first receiver only."""

    mutant = Mutant(
        "sends-to-first-receiver-only",
        Text("sends to the first of several receivers", "chỉ gửi đến nơi nhận đầu tiên"),
        source="pitfalls 13",
        caught_by=("every-receiver-reached", "five-receivers-reached", "both-forms-reached"),
    )

    def receiver_parties(self, codes: Sequence[str]) -> tuple[Party, ...]:
        """The list is a single field."""
        return super().receiver_parties(codes)[:1]


class FourReceivers(Dms):
    """Its list has four lines."""

    mutant = Mutant(
        "four-receivers-at-most",
        Text("sends to four receivers at most", "chỉ gửi tối đa bốn nơi nhận"),
        source="pitfalls 33",
        caught_by=("five-receivers-reached",),
    )

    def receiver_parties(self, codes: Sequence[str]) -> tuple[Party, ...]:
        """The fifth falls off."""
        return super().receiver_parties(codes)[:4]


class DoubledReceiver(Dms):
    """Writes every receiver twice."""

    mutant = Mutant(
        "doubled-receiver",
        Text("lists every receiver twice", "ghi mỗi nơi nhận hai lần"),
        source="pitfalls 28",
        caught_by=("one-line-per-receiver", "receiver-not-doubled"),
    )

    def receiver_parties(self, codes: Sequence[str]) -> tuple[Party, ...]:
        """To and again To."""
        return super().receiver_parties(codes) * 2


class NamelessReceivers(Dms):
    """Writes codes without names."""

    mutant = Mutant(
        "sends-without-receiver-names",
        Text("leaves the names of receivers out", "không ghi tên nơi nhận"),
        source="regulation 5, row 1.2",
        caught_by=("receivers-named-in-words",),
    )

    def receiver_parties(self, codes: Sequence[str]) -> tuple[Party, ...]:
        """OrganId alone."""
        return tuple(replace(each, name="") for each in super().receiver_parties(codes))


class PacketEach(Dms):
    """Sends one packet for each receiver, each addressed to all."""

    mutant = Mutant(
        "packet-each-to-all",
        Text(
            "sends as many packets as receivers, each to all",
            "gửi mỗi nơi nhận một gói nhưng gói nào cũng ghi đủ nơi nhận",
        ),
        source="pitfalls 13",
        caught_by=("every-receiver-once",),
    )

    def envelopes(self, package: Package) -> tuple[Package, ...]:
        """Everybody gets everybody's."""
        organs = package.receivers
        return tuple(replace(package, receivers=organs[at:] + organs[:at]) for at in range(len(organs)))


class IdEach(Dms):
    """Sends one packet for each receiver, each with an id of its own."""

    mutant = Mutant(
        "id-per-receiver",
        Text("gives one document another id at each receiver", "đặt mã văn bản khác nhau cho từng nơi nhận"),
        source="pitfalls 26",
        caught_by=("one-id-for-all-receivers",),
    )

    def envelopes(self, package: Package) -> tuple[Package, ...]:
        """``…-1``, ``…-2``."""
        return tuple(
            replace(package, receivers=(each,), document_id=f"{package.document_id}-{number}")
            for number, each in enumerate(package.receivers, 1)
        )


class SendsToItself(Dms):
    """Does not look whom it sends to."""

    mutant = Mutant(
        "sends-to-itself",
        Text("addresses documents to its own unit", "gửi văn bản cho chính đơn vị mình"),
        source="pitfalls 28",
        caught_by=("not-addressed-to-itself",),
    )

    async def check_receivers(self, order: Order) -> None:
        """Any code will do."""


MUTANTS: tuple[type[Dms], ...] = (
    FirstReceiver,
    FourReceivers,
    DoubledReceiver,
    NamelessReceivers,
    PacketEach,
    IdEach,
    SendsToItself,
)
