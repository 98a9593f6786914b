"""Systems that do not do the work at all: each does one senseless thing, for every document, without looking.

A mutant shows that a check can fail; a null system shows that it cannot be passed by accident (pitfalls 105, 111).
None is ever ``conformant``. What a null really does (it does fetch, it does report 02) may be seen to be done: those
checks stand in earned.toml, with the reason; any other pass is one that silence or noise has earned.
Each says yes to whatever the control API asks, so that a case goes on, and has nothing to show for it.
"""

import asyncio
import functools
import itertools
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from simulator.agency.client import AxisClient, AxisUnreachable, Refusal
from simulator.agency.dms import DmsConfig
from simulator.clock import VIETNAM, Clock
from simulator.protocol import codec
from simulator.protocol.errors import Malformed
from simulator.protocol.package import Package, Packet, Party, ResponseFor, StaffInfo, StatusPacket
from simulator.words import Text

__all__ = ["NULLS", "Earned", "Null", "NullSystem", "UnknownNull", "earned", "null_named"]

Answer = tuple[int, bytes]
"""HTTP status and body of one control call."""


@dataclass(frozen=True, slots=True)
class Null:
    """What a null system says of itself."""

    id: str
    title: Text

    @property
    def earns(self) -> frozenset[str]:
        """The checks of what it really does."""
        return frozenset(check for group in earned() if self.id in group.nulls for check in group.checks)


@dataclass(frozen=True, slots=True)
class Earned:
    """Passes that these null systems deserve, and why."""

    nulls: tuple[str, ...]
    checks: tuple[str, ...]
    because: Text


@functools.cache
def earned() -> tuple[Earned, ...]:
    """The lines of earned.toml."""
    data = tomllib.loads((Path(__file__).parent / "earned.toml").read_text(encoding="utf-8"))
    return tuple(Earned(tuple(row["nulls"]), tuple(row["checks"]), Text(**row["because"])) for row in data["earned"])


class NullSystem:
    """Says yes and does nothing; the others override what happens on a poll, or the answer."""

    null: ClassVar[Null]
    reachable: ClassVar[bool] = True

    def __init__(self, config: DmsConfig, clock: Clock) -> None:
        self.config = config
        self.clock = clock
        self.client = AxisClient(config.endpoint, config.system_id, config.secret, clock=clock, verify=config.tls())
        self.rows: list[dict[str, Any]] = []
        self.made_up = itertools.count(1)
        self.polling = asyncio.Lock()

    async def start(self) -> None:
        """Nothing."""

    async def stop(self) -> None:
        """Close the connection."""
        await self.client.aclose()

    async def poll(self) -> None:
        """Told to poll."""

    async def answer(self, call: str, request: Mapping[str, Any]) -> Answer:
        """One control call, ``POST /control/act``."""
        if call == "POST /control/poll":
            try:
                async with self.polling:
                    await self.poll()
            except (AxisUnreachable, Refusal) as error:
                return _json({"error": str(error)})
        return self.say(call, request)

    def say(self, call: str, request: Mapping[str, Any]) -> Answer:
        """Yes to everything."""
        match call:
            case "POST /control/send":
                return _json({"document_id": f"{self.config.organ},2026/11/21,{next(self.made_up)}/NULL"})
            case "GET /control/documents":
                return _json({"documents": self.rows if request.get("box", "in") == "in" else []})
            case "GET /control/statistics":
                return _json({"sent": 0, "received": 0, "by_status": {}})
            case _:
                return _json({})

    # ------------------------------------------------------------ what some of them do

    async def waiting(self) -> tuple[tuple[str, str], ...]:
        """(delivery, message type) of all that is listed."""
        found = []
        for message_type in ("edoc", "status"):
            answer = await self.client.received(message_type)
            found += [(str(item.get("docId")), message_type) for item in answer.items]
        return tuple(found)

    async def tell(self, data: bytes, *codes: str, reason: str = "") -> Packet | None:
        """Send these statuses to whoever sent the package ``data``, as far as it can be read."""
        packet = _read(data)
        if packet is None or packet.sender is None:
            return None
        now = self.clock.now().astimezone(VIETNAM).replace(microsecond=0)
        for code in codes:
            status = StatusPacket(
                response_for=_about(packet, packet.sender.organ_id),
                sender=Party(organ_id=self.config.organ, name=self.config.organ_name),
                code=code,
                description=reason,
                timestamp=now,
                staff=StaffInfo(staff="Null"),
            )
            await self.client.send(codec.encode(status), sender=self.config.organ, message_type="status")
        return packet

    def remember(self, packet: Packet | None, state: str) -> None:
        """A line in the box that it shows."""
        if isinstance(packet, Package):
            sender = packet.sender.organ_id if packet.sender else ""
            row = {"document_id": packet.document_id, "from": sender, "subject": packet.subject, "kind": "new"}
            self.rows.append({**row, "state": state, "attachments": [], "warnings": [], "receivers": []})


class Dead(NullSystem):
    """Nobody listens at its control API, nobody polls."""

    null = Null("dead", Text("is not running", "không chạy"))
    reachable = False


class Silent(NullSystem):
    """Signs on once, says yes to every order, and is never heard of by the axis again."""

    null = Null("silent", Text("is connected and never polls", "đã kết nối nhưng không bao giờ hỏi trục"))

    async def start(self) -> None:
        """One signed call, to be seen."""
        await self.client.count_documents()


class PollsOnly(NullSystem):
    """Asks what waits, and takes nothing."""

    null = Null("polls-only", Text("polls and takes nothing", "chỉ hỏi trục, không nhận gì"))

    async def poll(self) -> None:
        """Ask, and go away."""
        await self.waiting()


class ConfirmsUnread(NullSystem):
    """Confirms everything as done without fetching it."""

    null = Null(
        "confirms-unread",
        Text("confirms everything without fetching it", "xác nhận mọi gói tin mà không tải"),
    )

    async def poll(self) -> None:
        """Done, done, done."""
        for delivery_id, _ in await self.waiting():
            await self.client.confirm(delivery_id, "done")


class AcceptsAll(NullSystem):
    """Reports the whole chain for everything at once."""

    null = Null(
        "accepts-all",
        Text("reports 01, 03, 05 and 06 for everything at once", "báo 01, 03, 05 và 06 cho mọi gói tin cùng lúc"),
    )

    async def poll(self) -> None:
        """Fetch, confirm, tell everything."""
        for delivery_id, _ in await self.waiting():
            data = await self.client.fetch(delivery_id)
            await self.client.confirm(delivery_id, "done")
            self.remember(await self.tell(data, "01", "03", "05", "06"), "finished")


class RejectsAll(NullSystem):
    """Refuses everything: 02 with a reason to the sender, 422 to its own clerk."""

    null = Null(
        "rejects-all",
        Text("rejects everything by 02 and sends nothing", "từ chối mọi gói tin bằng 02 và không gửi gì"),
    )

    async def poll(self) -> None:
        """Fetch, confirm, reject."""
        for delivery_id, _ in await self.waiting():
            data = await self.client.fetch(delivery_id)
            packet = await self.tell(data, "02", reason="Khong tiep nhan")
            await self.client.confirm(delivery_id, "done" if packet else "fail", "" if packet else "not accepted")
            self.remember(packet, "refused")

    def say(self, call: str, request: Mapping[str, Any]) -> Answer:
        """No to every order."""
        if call in ("POST /control/send", "POST /control/act"):
            return _json({"error": "no"}, 422 if call.endswith("send") else 409)
        return super().say(call, request)


class Garbage(NullSystem):
    """Answers nonsense on the control API, and sends rubbish for every package."""

    null = Null("garbage", Text("answers and sends rubbish", "trả lời và gửi dữ liệu rác"))
    NONSENSE: ClassVar[tuple[Answer, ...]] = (
        (200, b"\x00\xff\xfe"),
        (200, b"[]"),
        (200, b'{"documents": "none", "document_id": 7, "sent": "x", "by_status": []}'),
        (200, b'{"documents": [null, 3, {"document_id": null, "receivers": 5, "attachments": [1], "warnings": 1}]}'),
        (500, b"<html>error</html>"),
        (200, b'{"document_id": ["a"], "documents": {"a": 1}, "sent": -1, "received": null, "by_status": {"01": "x"}}'),
    )

    def __init__(self, config: DmsConfig, clock: Clock) -> None:
        super().__init__(config, clock)
        self.turn = itertools.count()
        self.met: set[str] = set()

    async def poll(self) -> None:
        """Whatever is listed: rubbish to the axis as document and as status, and a confirmation in no known word.

        Each once: nothing of it ever leaves the list, and a poll would grow slower and slower.
        """
        for delivery_id, message_type in await self.waiting():
            if delivery_id in self.met:
                continue
            self.met.add(delivery_id)
            await self.client.send(b"\x00rubbish<edXML>", sender=self.config.organ, message_type=message_type)
            await self.client.send(b"<status/>", sender=self.config.organ, message_type="status", to=["", "???"])
            await self.client.confirm(delivery_id, "perhaps")

    def say(self, call: str, request: Mapping[str, Any]) -> Answer:
        """The next piece of nonsense; a poll is answered at once, or the run would wait and wait."""
        if call == "POST /control/poll":
            return _json({"polled": [None]})
        return self.NONSENSE[next(self.turn) % len(self.NONSENSE)]


class Echo(NullSystem):
    """Sends every package back as it came."""

    null = Null("echo", Text("sends every package back as it came", "gửi trả nguyên vẹn mọi gói tin"))

    async def poll(self) -> None:
        """Fetch, confirm, send the same bytes to whoever they came from."""
        for delivery_id, message_type in await self.waiting():
            data = await self.client.fetch(delivery_id)
            packet = _read(data)
            back = [packet.sender.organ_id] if packet and packet.sender else []
            await self.client.send(data, sender=self.config.organ, message_type=message_type, to=back)
            await self.client.confirm(delivery_id, "done")
            self.remember(packet, "arrived")


NULLS: tuple[type[NullSystem], ...] = (
    Dead, Silent, PollsOnly, ConfirmsUnread, AcceptsAll, RejectsAll, Garbage, Echo,
)  # fmt: skip
"""All of them."""


class UnknownNull(LookupError):
    """There is no null system of that id."""


def null_named(null_id: str) -> type[NullSystem]:
    """The null system of that id. Raises UnknownNull."""
    for kind in NULLS:
        if kind.null.id == null_id:
            return kind
    raise UnknownNull(null_id)


def _json(members: Mapping[str, Any], status: int = 200) -> Answer:
    return status, json.dumps(members, ensure_ascii=False).encode()


def _read(data: bytes) -> Packet | None:
    try:
        return codec.examine(data).packet
    except Malformed:
        return None


def _about(packet: Packet, sender: str) -> ResponseFor:
    if isinstance(packet, StatusPacket):
        about = packet.response_for
        if about is None:
            return ResponseFor(sender, "", "", None)
        return ResponseFor(sender, about.code, about.document_id, about.promulgation_date)
    issued = packet.promulgation.issued if packet.promulgation else None
    return ResponseFor(sender, packet.code.text if packet.code else "", packet.document_id, issued)
