"""Lawful habits of time: slow at every step, in batches, late with the confirm or with the 01, at a period of its own.

Nothing here leaves a step out or changes its content. Only the moment differs, and the company that it is done in.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta

from conformance.honest.variant import Honest
from simulator.agency.dms import Dms, DmsConfig, NotOffered
from simulator.agency.kit.inspection import Examined
from simulator.agency.kit.store import Letter
from simulator.clock import Clock
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["HONEST"]

_POST = "post"


class InPhases(Dms):
    """Fetches all that it takes of the list, then stores all, then confirms all; no habit of its own, others use it."""

    size: int | None = None

    def __init__(self, config: DmsConfig, clock: Clock | None = None) -> None:
        super().__init__(config, clock)
        self._put_off: set[str] = set()

    async def listed(self, message_type: str) -> tuple[str, ...]:
        """So many of the list, from its head; what could not be had lets the others pass."""
        waiting = await super().listed(message_type)
        return tuple(sorted(waiting, key=self._put_off.__contains__))[: self.size]

    async def take_all(self, message_type: str) -> None:
        """The order inside each phase is the reference's: documents first, then what speaks of others."""
        self._misses = 0
        fetched: list[tuple[str, Examined]] = []
        for delivery_id in await self.listed(message_type):
            self._put_off.add(delivery_id)
            if (found := await self.guarded(self.collect(delivery_id))) is not None:
                fetched.append((delivery_id, found))
                self._put_off.discard(delivery_id)
        documents = [each for each in fetched if not self.can_wait(each[1])]
        others = sorted((each for each in fetched if self.can_wait(each[1])), key=lambda each: self.order_of(each[1]))
        stored = [each for each, found in (*documents, *others) if await self.guarded(self.file(each, found))]
        for delivery_id in stored:
            if (words := self.store.taken(delivery_id)) is not None:
                await self.guarded(self.confirm(delivery_id, *words))

    async def file(self, delivery_id: str, found: Examined) -> bool:
        """Into the books, with what is to be confirmed; durable before anything is said (ST-13)."""
        with self.store.transaction():
            word, description = self.receive(found)
            self.store.note_delivery(delivery_id, word, description)
        return True


class Slow(InPhases):
    """Takes long at each step: between list and fetch, for each fetch, each confirm, each status, each screen."""

    longest = 0.12
    honest = Honest(
        "slow",
        Text("takes long at every step of every document", "chậm ở mọi bước của mọi văn bản"),
        Text(
            "no sentence gives a step fewer seconds; 01 leaves by itself, on the same day",
            "không quy định nào hạn chế số giây của một bước; 01 vẫn tự gửi trong ngày",
        ),
        source="ST-07",
    )

    def __init__(self, config: DmsConfig, clock: Clock | None = None) -> None:
        super().__init__(config, clock)
        self._draw = random.Random("slow")  # noqa: S311  # repeatable on purpose

    async def rest(self, times: float = 1.0) -> None:
        """A while, drawn from the seed."""
        await self.clock.sleep(self._draw.uniform(0, times * self.longest))

    def desk(self) -> AbstractAsyncContextManager[None]:
        """The screens are slow, too."""

        @asynccontextmanager
        async def wait() -> AsyncIterator[None]:
            await self.rest()
            yield

        return wait()

    async def listed(self, message_type: str) -> tuple[str, ...]:
        """Long before the first fetch."""
        found = await super().listed(message_type)
        await self.rest(10)
        return found

    async def collect(self, delivery_id: str) -> Examined | None:
        """Each fetch."""
        await self.rest()
        return await super().collect(delivery_id)

    async def confirm(self, delivery_id: str, word: str, description: str) -> None:
        """Each confirm."""
        await self.rest()
        await super().confirm(delivery_id, word, description)

    async def send_letter(self, letter: Letter) -> bool:
        """Each letter and each status."""
        await self.rest()
        return await super().send_letter(letter)


class Batching(InPhases):
    """Takes twenty documents a poll: fetches all, confirms all, reports all."""

    size = 20
    honest = Honest(
        "batching",
        Text(
            "takes 20 a poll: fetches all, then confirms all, then reports all",
            "mỗi lần hỏi lấy 20 gói: tải hết, rồi xác nhận hết, rồi báo hết",
        ),
        Text(
            "what is not taken stays listed; the confirm is only ordered after the storing",
            "gói chưa lấy vẫn còn trong danh sách; xác nhận chỉ phải sau khi đã lưu",
        ),
        source="ST-13",
    )


class SmallBatch(Batching):
    """Takes five documents a poll."""

    size = 5
    honest = Honest(
        "small-batch",
        Text("takes 5 a poll, in batches", "mỗi lần hỏi lấy 5 gói theo lô"),
        Text(
            "what is not taken stays listed, and its turn comes", "gói chưa lấy vẫn còn trong danh sách và sẽ đến lượt"
        ),
        source="ST-13",
    )


class SlowBatching(Slow):
    """Takes twenty documents a poll, and long for each step."""

    size = 20
    honest = Honest(
        "slow-batching",
        Text("takes 20 a poll, slowly", "mỗi lần hỏi lấy 20 gói, từng bước đều chậm"),
        Text(
            "what is not taken stays listed, and its turn comes", "gói chưa lấy vẫn còn trong danh sách và sẽ đến lượt"
        ),
        source="ST-07",
    )


class RestsOnce(Dms):
    """Rests for a minute, once, as a system does that is being backed up."""

    after_polls = 1
    seconds = 60.0
    honest = Honest(
        "rests-once",
        Text("does not poll for 60 seconds, once", "một lần nghỉ 60 giây không hỏi trục"),
        Text(
            "nothing says how often a system polls; what waited is taken afterwards",
            "không quy định nào ấn định nhịp hỏi trục; những gì đang chờ được lấy sau đó",
        ),
        source="ST-07",
    )

    def __init__(self, config: DmsConfig, clock: Clock | None = None) -> None:
        super().__init__(config, clock)
        self._rested = False
        self._resting = asyncio.Lock()

    async def poll_once(self) -> Text | None:
        """The minute comes before the second poll, while everybody waits; who asks meanwhile waits, too."""
        async with self._resting:
            if self.polls >= self.after_polls and not self._rested:
                self._rested = True
                await self.clock.sleep(self.seconds)
        return await super().poll_once()


class PollsByItself(Dms):
    """Polls at a period of its own and has no call to be asked for it."""

    period = 1.0
    honest = Honest(
        "polls-by-itself",
        Text(
            "polls every second by itself; no POST /control/poll", "tự hỏi trục mỗi giây; không có POST /control/poll"
        ),
        Text("every call of the control API may answer 501", "mọi lệnh của API điều khiển đều được phép trả 501"),
        source="contract",
    )

    def __init__(self, config: DmsConfig, clock: Clock | None = None) -> None:
        super().__init__(replace(config, poll_seconds=self.period), clock)

    async def poll_on_request(self) -> Text | None:
        """There is no such button."""
        raise NotOffered


class PollsRarely(PollsByItself):
    """Polls every four seconds, and says so in its SUT file."""

    period = 4.0
    honest = Honest(
        "polls-rarely",
        Text("polls every 4 seconds by itself", "tự hỏi trục 4 giây một lần"),
        Text("the SUT file tells the period: [timing] poll_seconds", "tệp SUT có khai [timing] poll_seconds"),
        source="contract",
        told={"timing": {"poll_seconds": 4.0}},
    )


class ConfirmsLate(Dms):
    """Reports 01 first and confirms to the axis afterwards."""

    honest = Honest(
        "confirms-late",
        Text("confirms to the axis only after its 01 has left", "chỉ xác nhận với trục sau khi 01 đã gửi đi"),
        Text(
            "the confirm is apart from the statuses; no sentence puts it first",
            "xác nhận vận chuyển tách khỏi trạng thái; không quy định nào buộc nó đi trước",
        ),
        source="ST-13",
    )

    async def take_in(self, delivery_id: str, found: Examined) -> None:
        """Stored, reported, confirmed. Where 01 cannot leave now, the confirm does not wait for it."""
        with self.store.transaction():
            word, description = self.receive(found)
            self.store.note_delivery(delivery_id, word, description)
        await asyncio.wait({self.kick()})
        await self.confirm(delivery_id, word, description)


class ReportsByWorker(Dms):
    """Nothing leaves with the act that it belongs to: a worker of its own sends what waits, once a second."""

    period = 1.0
    _worker: asyncio.Task[None] | None = None
    honest = Honest(
        "reports-by-worker",
        Text(
            "a separate loop sends statuses and letters later", "một tiến trình riêng gửi trạng thái và văn bản sau đó"
        ),
        Text("01 leaves without a person, within a poll's time", "01 tự gửi, không cần người, trong một nhịp hỏi trục"),
        source="ST-06",
    )

    async def start(self) -> None:
        """The worker starts with the system."""
        await super().start()
        self._worker = asyncio.create_task(self.work())

    async def stop(self) -> None:
        """And ends with it; what waits leaves at the next start."""
        if self._worker is not None:
            self._worker.cancel()
            with suppress(asyncio.CancelledError):
                await self._worker
        await super().stop()

    async def work(self) -> None:
        """Rest, send all that waits."""
        while True:
            await self.clock.sleep(self.period)
            await asyncio.wait({super().kick()})

    def kick(self) -> asyncio.Task[None]:
        """Nobody waits for the worker, and nobody wakes it."""
        return asyncio.create_task(asyncio.sleep(0))


class OwnTempo(Dms):
    """Sends 03 and 05 some time after the clerk's act."""

    hold = timedelta(seconds=1.5)
    honest = Honest(
        "own-tempo",
        Text("sends 03 and 05 one and a half seconds after the act", "gửi 03 và 05 sau thao tác 1,5 giây"),
        Text(
            "statuses leave by themselves and bear the moment of the act; no sentence counts the seconds",
            "trạng thái tự gửi và ghi đúng thời điểm thao tác; không quy định nào tính bằng giây",
        ),
        source="ST-04",
    )

    def __init__(self, config: DmsConfig, clock: Clock | None = None) -> None:
        super().__init__(config, clock)
        self._due: dict[int, datetime] = {}

    def may_try(self, letter: Letter) -> bool:
        """Each poll looks whether its time has come."""
        if letter.code not in ("03", "05"):
            return True
        return self.now() >= self._due.setdefault(letter.seq, self.now() + self.hold)


class SaysProcessingFirst(Dms):
    """Tells the axis ``processing`` before it fetches, and ``done`` when the package is stored."""

    honest = Honest(
        "says-processing-first",
        Text("confirms 'processing' first, then 'done'", "xác nhận 'processing' trước, rồi 'done'"),
        Text(
            "'processing' keeps the package listed; 'done' comes once",
            "'processing' giữ gói trong danh sách; 'done' chỉ một lần",
        ),
        source="contract",
    )

    async def collect(self, delivery_id: str) -> Examined | None:
        """The word for what is being worked at."""
        if self.store.taken(delivery_id) is None:
            await self.confirm(delivery_id, "processing", "")
        return await super().collect(delivery_id)


class FilesLater(Dms):
    """Confirms as soon as a package lies in its post-box, on disk; its books follow at the end of the poll."""

    honest = Honest(
        "files-later",
        Text(
            "stores and confirms first, enters into the books at the end of the poll",
            "lưu và xác nhận trước, cuối lần hỏi mới vào sổ",
        ),
        Text("'done' is for what could be read and stored", "'done' dành cho gói đã đọc được và đã lưu"),
        source="contract",
    )

    async def start(self) -> None:
        """What lay in the post-box when the system was stopped is entered first."""
        self.enter_all()
        await super().start()

    async def take_all(self, message_type: str) -> None:
        """The books after the post."""
        try:
            await super().take_all(message_type)
        finally:
            self.enter_all()
            self.kick()

    async def take_in(self, delivery_id: str, found: Examined) -> None:
        """Into the post-box, and confirmed; what cannot be read or answered needs no book."""
        packet = found.packet
        words = "done", ""
        with self.store.transaction():
            if packet is None or (isinstance(packet, Package) and not self.answerable(packet)):
                words = self.receive(found)
            else:
                self.store.keep_package(_POST, sum(1 for _ in self.post()) + 1, found.data)
            self.store.note_delivery(delivery_id, *words)
        await self.confirm(delivery_id, *words)

    def post(self) -> Iterator[bytes]:
        """What lies in the post-box, in order of arrival."""
        place = 1
        while (data := self.store.package(_POST, place)) is not None:
            yield data
            place += 1

    def enter_all(self) -> None:
        """All of it in one transaction: documents first, then what speaks of others."""
        found = [self.examine(data) for data in self.post()]
        documents = [each for each in found if not self.can_wait(each)]
        others = sorted((each for each in found if self.can_wait(each)), key=self.order_of)
        with self.store.transaction():
            for each in (*documents, *others):
                self.receive(each)
            for place in range(1, len(found) + 1):
                self.store.destroy_package(_POST, place)


HONEST: tuple[type[Dms], ...] = (
    Slow,
    Batching,
    SmallBatch,
    SlowBatching,
    RestsOnce,
    PollsByItself,
    PollsRarely,
    ConfirmsLate,
    ReportsByWorker,
    OwnTempo,
    SaysProcessingFirst,
    FilesLater,
)
