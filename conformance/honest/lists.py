"""Lawful habits of taking: which list first, how often, in which order, by which operation, how many at a time."""

import asyncio
import random

from conformance.honest.variant import Honest
from simulator.agency.client import AxisClient, AxisUnreachable, Refusal
from simulator.agency.dms import Dms, DmsConfig
from simulator.agency.kit.inspection import Examined
from simulator.clock import Clock
from simulator.protocol.package import Kind, StatusPacket
from simulator.protocol.status import Direction, known
from simulator.words import Text

__all__ = ["HONEST"]


class LooksTwice(Dms):
    """Asks for the list twice and takes what stands in both."""

    honest = Honest(
        "looks-twice",
        Text("asks for each list twice before it acts", "hỏi mỗi danh sách hai lần rồi mới xử lý"),
        Text(
            "how often the list is asked for is free; what is listed is taken in the same round",
            "hỏi danh sách bao nhiêu lần là tùy hệ thống; mọi gói vẫn được lấy trong cùng lượt",
        ),
        source="TR-05",
    )

    async def listed(self, message_type: str) -> tuple[str, ...]:
        """The second answer has to agree."""
        first = set(await super().listed(message_type))
        return tuple(each for each in await super().listed(message_type) if each in first)


class StatusesFirst(Dms):
    """Asks for the statuses before it asks for the documents."""

    honest = Honest(
        "statuses-first",
        Text("asks for statuses before documents", "hỏi trạng thái trước, văn bản sau"),
        Text(
            "the two lists are apart and have no order; a 13 is handled after the documents of the round",
            "hai danh sách độc lập, không có thứ tự; 13 được xử lý sau các văn bản của lượt đó",
        ),
        source="ST-13",
    )

    def __init__(self, config: DmsConfig, clock: Clock | None = None) -> None:
        super().__init__(config, clock)
        self._thirteens: dict[str, Examined] = {}
        self._no_list: AxisUnreachable | Refusal | None = None

    async def listed(self, message_type: str) -> tuple[str, ...]:
        """The statuses are fetched when the documents are asked for; those of a 13 wait for the documents."""
        if message_type == Kind.EDOC:
            self._thirteens = await self.take_statuses()
            return await super().listed(message_type)
        if self._no_list is not None:
            raise self._no_list
        return tuple(self._thirteens)

    async def collect(self, delivery_id: str) -> Examined | None:
        """A 13 that waits was fetched before."""
        return self._thirteens.pop(delivery_id, None) or await super().collect(delivery_id)

    async def take_statuses(self) -> dict[str, Examined]:
        """Handle every status about documents of ours; gives the others. No answer is told by the later list."""
        others: dict[str, Examined] = {}
        self._no_list = None
        try:
            waiting = await super().listed(Kind.STATUS)
        except (AxisUnreachable, Refusal) as error:
            self._no_list = error
            return others
        found = [(each, await self.guarded(self.collect(each))) for each in waiting]
        for delivery_id, examined in sorted(found, key=lambda pair: self.order_of(pair[1]) if pair[1] else ""):
            if examined is not None and self.asks_back(examined):
                others[delivery_id] = examined
            elif examined is not None:
                await self.guarded(self.take_in(delivery_id, examined))
        return others

    def asks_back(self, found: Examined) -> bool:
        """Whether it is the sender's word about a document that may just be coming."""
        line = known(found.packet.code) if isinstance(found.packet, StatusPacket) else None
        return line is not None and line.direction is Direction.BY_SENDER


class CountsFirst(Dms):
    """Asks how many wait, and for the list where the number is not 0; every fifth time in any case."""

    in_any_case = 5

    honest = Honest(
        "counts-first",
        Text(
            "asks for a list where the count is not 0, else rarely", "hỏi danh sách khi số đếm khác 0, còn lại ít khi"
        ),
        Text(
            "countReceiveEdoc and countReceiveStatus are operations of the SDK",
            "countReceiveEdoc và countReceiveStatus là thao tác có trong SDK",
        ),
        source="TR-05",
    )

    async def listed(self, message_type: str) -> tuple[str, ...]:
        """No list for an empty box; FAIL is no 0, and no number is believed for ever."""
        count = self.client.count_documents if message_type == Kind.EDOC else self.client.count_statuses
        answer = await count()
        if not answer.ok:
            raise Refusal(answer.code, answer.desc)
        if answer.count or self.polls % self.in_any_case == 0:
            return await super().listed(message_type)
        return ()


class Parallel(Dms):
    """Fetches everything listed at the same time, over ten connections."""

    at_once = 10
    honest = Honest(
        "parallel",
        Text("fetches everything listed in parallel", "tải song song mọi gói trong danh sách"),
        Text(
            "the SDK takes up to ten connections; no order is given",
            "SDK cho phép tới mười kết nối; không quy định thứ tự",
        ),
        source="TR-06",
    )

    def __init__(self, config: DmsConfig, clock: Clock | None = None) -> None:
        super().__init__(config, clock)
        self._fetched: dict[str, Examined | None] = {}
        self._order: tuple[str, ...] = ()

    async def take_all(self, message_type: str) -> None:
        """All fetches first, ten of them at a time, then the reference's order over what came."""
        self._misses = 0
        self._fetched = {}
        gate = asyncio.Semaphore(self.at_once)

        async def one(delivery_id: str) -> None:
            async with gate:
                self._fetched[delivery_id] = await self.guarded(super(Parallel, self).collect(delivery_id))

        waiting = await super().listed(message_type)
        tries = await asyncio.gather(*map(one, waiting), return_exceptions=True)
        self._order = waiting
        await super().take_all(message_type)
        if gone := next((each for each in tries if isinstance(each, AxisUnreachable)), None):
            raise gone

    async def listed(self, message_type: str) -> tuple[str, ...]:
        """What was fetched, in the order of the list."""
        return tuple(each for each in self._order if self._fetched.get(each) is not None)

    async def collect(self, delivery_id: str) -> Examined | None:
        """It is here already."""
        return self._fetched.pop(delivery_id, None)


class _Downloading(AxisClient):
    """``fetch`` by downloadEdoc; HTTP's own marks tell a package from a page of somebody on the way."""

    async def fetch(self, delivery_id: str, *, file_path: str = "") -> bytes:
        """The raw bytes. Raises Refusal for an empty body (its only way to say no), and for what is no file."""
        arguments = {"docId": delivery_id, "filePath": file_path}
        response = await self._exchange("GET", "downloadEdoc", arguments, None, "application/json")
        kind = response.headers.get("content-type", "")
        if not response.content or response.status_code != 200 or not kind.startswith("application/octet-stream"):
            raise Refusal("100", f"downloadEdoc answered no package: HTTP {response.status_code} {kind}")
        return response.content


class Downloads(Dms):
    """Fetches by GET downloadEdoc instead of getEdoc."""

    honest = Honest(
        "downloads",
        Text("fetches by downloadEdoc instead of getEdoc", "tải bằng downloadEdoc thay cho getEdoc"),
        Text("both are operations of SDK 2.0.1", "cả hai đều là thao tác của SDK 2.0.1"),
        source="TR-05",
    )

    def make_client(self, timeout: float | None = None) -> AxisClient:
        """The other operation."""
        return self.client_of(_Downloading, timeout=timeout)


class FiltersItsList(Dms):
    """Takes the lines of the list that bear a code of its own unit, as systems do that answer for several units."""

    honest = Honest(
        "filters-its-list",
        Text("takes the lines of the list that name its own unit", "chỉ lấy các dòng ghi đúng đơn vị mình"),
        Text(
            "a system finds itself by the codes that the directory pairs",
            "hệ thống nhận ra mình theo cặp mã trong danh bạ",
        ),
        source="ID-11",
    )

    async def listed(self, message_type: str) -> tuple[str, ...]:
        """A line without a receiver is ours, too: the list is."""
        answer = await self.client.received(message_type)
        if not answer.ok:
            raise Refusal(answer.code, answer.desc)
        ours = [item for item in answer.items if not item.get("to") or self.is_us(self.unit_code(str(item["to"])))]
        return tuple(str(item["docId"]) for item in ours if item.get("docId"))


class NewestFirst(Dms):
    """Lists the newest document at the top of the screen, and takes the newest of the list first."""

    honest = Honest(
        "newest-first",
        Text("lists and fetches the newest first", "hiển thị và tải văn bản mới nhất trước"),
        Text("the order of rows means nothing", "thứ tự các dòng không mang ý nghĩa gì"),
        source="contract",
    )

    async def listed(self, message_type: str) -> tuple[str, ...]:
        """From the end."""
        return tuple(reversed(await super().listed(message_type)))

    def documents(self, box: str) -> list[dict[str, object]]:
        """The screen of a mail program."""
        return list(reversed(super().documents(box)))


class RandomOrder(Dms):
    """Rows, receivers and fetches come in an order that nobody chose, as from a hash table."""

    honest = Honest(
        "random-order",
        Text("rows and fetches in random order", "dòng và lượt tải theo thứ tự ngẫu nhiên"),
        Text("the order of rows means nothing", "thứ tự các dòng không mang ý nghĩa gì"),
        source="contract",
    )

    def __init__(self, config: DmsConfig, clock: Clock | None = None) -> None:
        super().__init__(config, clock)
        self._draw = random.Random("random-order")  # noqa: S311  # repeatable on purpose

    async def listed(self, message_type: str) -> tuple[str, ...]:
        """Shuffled."""
        found = await super().listed(message_type)
        return tuple(self._draw.sample(found, len(found)))

    def documents(self, box: str) -> list[dict[str, object]]:
        """Shuffled anew each time."""
        rows = super().documents(box)
        self._draw.shuffle(rows)
        for row in rows:
            self._draw.shuffle(row["receivers"])
        return rows


HONEST: tuple[type[Dms], ...] = (
    LooksTwice,
    StatusesFirst,
    CountsFirst,
    Parallel,
    Downloads,
    FiltersItsList,
    NewestFirst,
    RandomOrder,
)
