"""Lawful habits of the clerk's desk and its screens: who decides, what is told on the way, what a row shows."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from conformance.honest.variant import Honest
from simulator.agency.dms import DOCUMENTS, Dms, NotOffered
from simulator.agency.kit.inspection import Examined
from simulator.agency.kit.store import Incoming
from simulator.protocol import codec
from simulator.protocol.business import BusinessType
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["HONEST"]


class ClerkDecides(Dms):
    """Recalls, updates and take-backs wait until a clerk agrees or declines."""

    honest = Honest(
        "clerk-decides",
        Text("recalls, updates and 13 wait for a clerk", "thu hồi, cập nhật và 13 đều chờ văn thư quyết định"),
        Text(
            "'agree' and 'decline' answer a recall or update that waits for a clerk",
            "'agree' và 'decline' trả lời yêu cầu thu hồi hoặc cập nhật đang chờ văn thư",
        ),
        source="contract",
    )

    def needs_a_clerk(self, row: Incoming) -> bool:
        """Always, as long as there is something to give back."""
        return row.state not in ("refused", "recalled")

    def receive_order(self, package: Package, found: Examined) -> None:
        """What cannot be carried out is answered by itself; what can waits."""
        row, targets = self.new_row(package, found), self.targets_of(package)
        if self.objection(found, targets, is_recall=package.business_type == BusinessType.RECALL):
            super().receive_order(package, found)
            return
        reason = package.business.reason if package.business else ""
        self.announce(replace(row, refers_to=targets[0].document_id, asked=reason), (), "")
        self.store.keep_package("in", row.seq, found.data)

    def answer_request(self, rows: Sequence[Incoming], *, agreed: bool, reason: str) -> None:
        """The newest that waits: an order is carried out now, or declined; a 13 goes the reference's way."""
        waiting = next((row for row in reversed(rows) if row.asked is not None), None)
        if waiting is None or waiting.kind in DOCUMENTS:
            super().answer_request(rows, agreed=agreed, reason=reason)
        elif agreed:
            self.carry_out_waiting(waiting)
        else:
            self.announce(replace(waiting, asked=None, state="refused", reason=reason), ("16",), reason)

    def carry_out_waiting(self, order: Incoming) -> None:
        """The document may have gone meanwhile; then the answer says so."""
        data = self.store.package("in", order.seq) or b""
        package = codec.decode(data).packet
        targets = self.targets_of(package) if isinstance(package, Package) else ()
        objection = self.objection(self.examine(data), targets, is_recall=order.kind == "recall")
        if objection:
            self.announce(replace(order, asked=None, state="refused", reason=objection.vi), ("16",), objection.vi)
            return
        self.carry_out(order, targets, data, order.asked or "")
        done = replace(order, asked=None, state="finished", reason=order.asked)
        self.announce(done, self.codes_for_done(), "")

    def rows_of(self, document_id: str, organ: str) -> tuple[Incoming, ...]:
        """A clerk may answer an update on the line of the document that it changes, too."""
        rows = super().rows_of(document_id, organ)
        about = [row for row in self.store.incoming() if row.refers_to == document_id and row.asked is not None]
        return (*rows, *(row for row in about if row not in rows and self.same_unit(row.sender, rows[-1].sender)))


class TakesBackByClerk(Dms):
    """A 13 waits for a clerk even while nobody has accepted the document."""

    honest = Honest(
        "takes-back-by-clerk",
        Text("every 13 waits for a clerk", "mọi 13 đều chờ văn thư"),
        Text("15 or 16 by agree or decline, or by itself", "15 hoặc 16 do agree/decline, hoặc tự động"),
        source="contract",
    )

    def needs_a_clerk(self, row: Incoming) -> bool:
        """Always, as long as there is something to give back."""
        return row.state not in ("refused", "recalled")


class ReportsBeforeRefusing(Dms):
    """Reports 01 for what it then refuses by 02."""

    honest = Honest(
        "reports-before-refusing",
        Text("sends 01 before the 02 of a defective document", "gửi 01 trước 02 cho văn bản có lỗi"),
        Text("an unacceptable one gets 01 (or not) and 02", "văn bản không chấp nhận được thì có thể gửi 01 rồi 02"),
        source="contract",
    )

    def announce(self, row: Incoming, codes: tuple[str, ...], reason: str) -> Incoming:
        """First that it came."""
        with self.store.transaction():
            if codes == ("02",) and not row.status:
                super().announce(replace(row, state="arrived", reason=None), ("01",), "")
            return super().announce(row, codes, reason)


class BareRows(Dms):
    """Shows what the contract lists and nothing else; a member that has nothing to say is left out."""

    honest = Honest(
        "bare-rows",
        Text("rows without any optional or empty member", "các dòng không có thành phần tùy chọn hay rỗng"),
        Text("other members may be added, so they may be missing", "các thành phần khác chỉ là có thể thêm"),
        source="contract",
    )
    members = frozenset({
        "document_id", "from", "code_number", "code_notation", "subject", "kind", "state", "attachments", "refers_to",
        "warnings", "signature", "receivers",
    })  # fmt: skip

    def documents(self, box: str) -> list[dict[str, Any]]:
        """The reason of a failure stands among the warnings, where the contract has a place for it."""
        return [self.bare(row) for row in super().documents(box)]

    def bare(self, row: dict[str, Any]) -> dict[str, Any]:
        """One row."""
        if row["state"] == "failed" and row["reason"]:
            row = row | {"warnings": [*row["warnings"], row["reason"]]}
        return {name: value for name, value in row.items() if name in self.members and value not in (None, [])}


class MoreMembers(Dms):
    """Numbers its rows in its own way, and shows much that nobody asked for."""

    honest = Honest(
        "more-members",
        Text("rows with numbers and members of its own", "các dòng có số thứ tự và thành phần riêng"),
        Text(
            "members not listed may be added and are ignored", "có thể thêm thành phần ngoài danh sách; bên kia bỏ qua"
        ),
        source="contract",
    )

    def documents(self, box: str) -> list[dict[str, Any]]:
        """Numbered downwards, with a page, a flag, a nested object."""
        rows = super().documents(box)
        return [
            row
            | {"id": 10_000 - place, "no": f"{place + 1}/{len(rows)}", "read": place % 2 == 0, "folder": {"name": box}}
            for place, row in enumerate(rows)
        ]

    def statistics(self, first: Any, last: Any) -> dict[str, Any]:
        """With the period that it speaks of."""
        return super().statistics(first, last) | {"from": str(first), "to": str(last)}


class HidesRefusedOrders(Dms):
    """Shows no row for a recall or an update that it refused."""

    honest = Honest(
        "hides-refused-orders",
        Text("no row for a refused recall or update", "không hiện dòng cho thu hồi, cập nhật đã từ chối"),
        Text("a refused one may be missing", "yêu cầu bị từ chối có thể không hiện"),
        source="contract",
    )

    def documents(self, box: str) -> list[dict[str, Any]]:
        """The journal has them."""
        rows = super().documents(box)
        return [row for row in rows if not (box == "in" and row["kind"] not in DOCUMENTS and row["state"] == "refused")]


class ReceivesOnly(Dms):
    """A system of the receiving role: it has no way to send a document."""

    honest = Honest(
        "receives-only",
        Text("is a receiver only: POST /control/send answers 501", "chỉ nhận: POST /control/send trả 501"),
        Text("the SUT file tells its roles", "tệp SUT có khai roles"),
        source="contract",
        told={"sut": {"roles": ("receiver",)}},
    )

    async def send(self, members: Any) -> str:
        """Not offered."""
        raise NotOffered


HONEST: tuple[type[Dms], ...] = (
    ClerkDecides,
    TakesBackByClerk,
    ReportsBeforeRefusing,
    BareRows,
    MoreMembers,
    HidesRefusedOrders,
    ReceivesOnly,
)
