"""Wrong receivers: what they make of a list or a package that did not come as it should."""

from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any

from conformance.mutants.mutant import Mutant
from simulator.agency.client import AxisClient, AxisUnreachable, Refusal
from simulator.agency.dms import Dms
from simulator.agency.kit.inspection import Examined
from simulator.agency.kit.store import Incoming
from simulator.protocol import codec
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["MUTANTS"]


class TrustsEmptyInbox(Dms):
    """No usable list is an empty list, as in the SDK 2.0.1."""

    mutant = Mutant(
        "trusts-empty-inbox",
        Text("takes an outage for an empty inbox", "tưởng trục lỗi là hộp đến rỗng"),
        source="pitfalls 49",
        caught_by=("outage-is-no-empty-inbox",),
    )

    async def listed(self, message_type: str) -> tuple[str, ...]:
        """Nothing there, then."""
        try:
            return await super().listed(message_type)
        except AxisUnreachable:
            return ()


class SkipsTheGap(Dms):
    """After a failed poll it asks only for what is newer: what came before the failure is forgotten."""

    mutant = Mutant(
        "skips-the-gap",
        Text("forgets what waited during an outage", "bỏ sót văn bản chờ trong lúc trục lỗi"),
        source="pitfalls 54",
        caught_by=(
            "document-arrives-after-fail",
            "document-arrives-after-list-page",
            "document-arrives-after-odd-lists",
            "document-arrives-after-broken-lists",
            "document-arrives-after-outage",
            "document-arrives-after-bad-secret",
            "document-arrives-after-bad-certificate",
        ),
    )
    _since = ""

    async def listed(self, message_type: str) -> tuple[str, ...]:
        """Only what is younger than the last failure."""
        try:
            answer = await self.client.received(message_type)
        except AxisUnreachable:
            self._since = codec.timestamp_text(self.now())
            raise
        if not answer.ok:
            self._since = codec.timestamp_text(self.now())
            raise Refusal(answer.code, answer.desc)
        return tuple(
            str(item["docId"])
            for item in answer.items
            if item.get("docId") and str(item.get("created_time")) > self._since
        )


class TrustsListTimes(Dms):
    """Remembers the newest time on the list and takes nothing older."""

    mutant = Mutant(
        "trusts-list-times",
        Text("skips what the list dates before the last one", "bỏ qua mục có giờ sớm hơn mục cuối đã nhận"),
        source="pitfalls 54",
        caught_by=("document-arrives-after-clock",),
    )

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._newest: dict[str, str] = {}

    async def listed(self, message_type: str) -> tuple[str, ...]:
        """Only what is not older than the newest ever seen."""
        answer = await self.client.received(message_type)
        if not answer.ok:
            raise Refusal(answer.code, answer.desc)
        before = self._newest.get(message_type, "")
        fresh = [item for item in answer.items if str(item.get("created_time")) >= before]
        self._newest[message_type] = max([before, *(str(item.get("created_time")) for item in fresh)])
        return tuple(str(item["docId"]) for item in fresh if item.get("docId"))


class WaitsForTheFuture(Dms):
    """What the list dates later than now is left for later."""

    mutant = Mutant(
        "waits-for-the-future",
        Text("leaves what the list dates in the future", "để lại mục có giờ ở tương lai"),
        source="requirement TR-05",
        caught_by=("document-arrives-under-fast-clock",),
    )

    async def listed(self, message_type: str) -> tuple[str, ...]:
        """Nothing that has not happened yet."""
        answer = await self.client.received(message_type)
        if not answer.ok:
            raise Refusal(answer.code, answer.desc)
        now = codec.timestamp_text(self.now())
        return tuple(str(item["docId"]) for item in answer.items if str(item.get("created_time")) <= now)


class HangsWithHub(Dms):
    """One lock for everything: while a poll waits for the axis, the clerk waits for the poll."""

    mutant = Mutant(
        "hangs-with-hub",
        Text("the clerk waits while the axis is silent", "trục im thì văn thư cũng phải chờ"),
        source="pitfalls 52",
        caught_by=("clerk-works-while-axis-is-silent",),
    )

    def desk(self) -> AbstractAsyncContextManager[Any]:
        """The poll's own lock."""
        return self._polling


class FailsWhatItCouldNotFetch(Dms):
    """A fetch that went wrong is a bad package: confirmed with 'fail', and gone."""

    mutant = Mutant(
        "fails-what-it-could-not-fetch",
        Text("confirms 'fail' after a broken fetch", "tải lỗi thì xác nhận 'fail' luôn"),
        source="wire.md A.3",
        caught_by=("package-arrives-after-half", "package-arrives-after-page", "package-arrives-after-fail"),
    )

    async def collect(self, delivery_id: str) -> Examined | None:
        """No second try."""
        try:
            return await super().collect(delivery_id)
        except (AxisUnreachable, Refusal) as error:
            await self.confirm(delivery_id, "fail", str(error))
            return None


class SwallowsNoBase64(Dms):
    """A package whose base64 is broken is confirmed as if it had been read."""

    mutant = Mutant(
        "swallows-no-base64",
        Text("confirms 'done' for a package that it could not decode", "không giải mã được mà vẫn xác nhận 'done'"),
        source="wire.md A.2",
        caught_by=("no-base64-not-swallowed",),
    )

    async def collect(self, delivery_id: str) -> Examined | None:
        """Done with it."""
        try:
            return await super().collect(delivery_id)
        except Refusal as error:
            if error.code:
                raise
            await self.confirm(delivery_id, "done", "")
            return None


class Impatient(Dms):
    """Gives each answer of the axis a quarter of a second."""

    mutant = Mutant(
        "impatient",
        Text("breaks off every call after a quarter of a second", "ngắt mọi lệnh gọi sau một phần tư giây"),
        source="requirement TR-05",
        caught_by=("slow-axis-document-arrives",),
    )

    def make_client(self, timeout: float | None = None) -> AxisClient:
        """In a hurry."""
        return super().make_client(0.25)


class ConfirmsOnlyOnce(Dms):
    """What it has confirmed once it never confirms again, though it is listed still."""

    mutant = Mutant(
        "confirms-only-once",
        Text("does not repeat a confirm that was lost", "không xác nhận lại khi xác nhận bị mất"),
        source="pitfalls 16",
        caught_by=("unheard-confirm-repeated", "forgotten-confirm-repeated"),
    )

    async def collect(self, delivery_id: str) -> Examined | None:
        """Known, so nothing to do."""
        return None if self.store.taken(delivery_id) else await super().collect(delivery_id)


class RegistersAgain(Dms):
    """Has no memory of what it took: what is listed again is registered again."""

    mutant = Mutant(
        "registers-again",
        Text("registers and reports a package again when it is listed again", "gặp lại gói tin thì đăng ký và báo lại"),
        source="pitfalls 51",
        caught_by=("unheard-confirm-one-document", "forgotten-confirm-one-document"),
    )

    async def collect(self, delivery_id: str) -> Examined | None:
        """As if for the first time."""
        return self.examine(await self.client.fetch(delivery_id))

    def copy_of(self, found: Examined) -> Incoming | None:
        """There is none."""
        return None


class BlindToCopies(Dms):
    """Sees neither a copy nor a duplicate."""

    mutant = Mutant(
        "blind-to-copies",
        Text("makes a second document of a copy", "bản sao thành văn bản thứ hai"),
        source="pitfalls 51",
        caught_by=("second-delivery-no-document",),
    )

    def copy_of(self, found: Examined) -> Incoming | None:
        """There is none."""
        return None

    def looks_like_another(self, row: Incoming) -> bool:
        """It does not."""
        return False


class LeavesSecondDelivery(Dms):
    """A package that it has already is left on the list."""

    mutant = Mutant(
        "leaves-second-delivery",
        Text("never confirms a second delivery", "không xác nhận lần giao thứ hai"),
        source="wire.md A.2",
        caught_by=("second-delivery-confirmed",),
    )

    async def take_in(self, delivery_id: str, found: Examined) -> None:
        """Only what is new."""
        if self.copy_of(found) is None:
            await super().take_in(delivery_id, found)


class TrustsListSender(Dms):
    """Takes the sender from the list instead of the package."""

    mutant = Mutant(
        "trusts-list-sender",
        Text("takes the sender from the list", "lấy bên gửi từ danh sách thay vì từ gói tin"),
        source="wire.md A.2",
        caught_by=("status-goes-to-the-packages-sender", "sender-kept-from-package"),
    )

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._from: dict[str, str] = {}
        self._latest = ""

    async def listed(self, message_type: str) -> tuple[str, ...]:
        """Remember who is named."""
        answer = await self.client.received(message_type)
        self._from |= {str(item.get("docId")): str(item.get("from") or "") for item in answer.items}
        return tuple(str(item["docId"]) for item in answer.items if item.get("docId"))

    async def take_in(self, delivery_id: str, found: Examined) -> None:
        """Whose turn it is."""
        self._latest = self._from.get(delivery_id, "")
        await super().take_in(delivery_id, found)

    def new_row(self, package: Package, found: Examined) -> Incoming:
        """Under the name from the list."""
        if package.sender is not None and self._latest:
            package = replace(package, sender=replace(package.sender, organ_id=self._latest))
        return super().new_row(package, found)


MUTANTS: tuple[type[Dms], ...] = (
    TrustsEmptyInbox,
    SkipsTheGap,
    TrustsListTimes,
    WaitsForTheFuture,
    HangsWithHub,
    FailsWhatItCouldNotFetch,
    SwallowsNoBase64,
    Impatient,
    ConfirmsOnlyOnce,
    RegistersAgain,
    BlindToCopies,
    LeavesSecondDelivery,
    TrustsListSender,
)
