"""Lawful habits of the connection: sockets, left-over headers, the code that it goes by, how it reads the directory."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import httpx

from conformance.honest.variant import Honest
from simulator.agency.client import Answer, AxisClient
from simulator.agency.dms import Dms, NotOffered, Refused
from simulator.agency.kit.inspection import Examined
from simulator.agency.kit.orders import REFUSALS, Order
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["HONEST"]

_NO_CONNECTION_TWICE = httpx.Limits(max_connections=None, max_keepalive_connections=0)
_ONE_FOR_ALL = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=60.0)


class OneConnectionEach(Dms):
    """Opens a connection for each request and closes it after the answer."""

    honest = Honest(
        "one-connection-each",
        Text("opens a new connection for every request", "mở kết nối mới cho mỗi yêu cầu"),
        Text("the SDK itself makes a new client for every call", "chính SDK cũng tạo client mới cho mỗi lệnh gọi"),
        source="TR-06",
    )

    def make_client(self, timeout: float | None = None) -> AxisClient:
        """Nothing is kept."""
        return self.client_of(AxisClient, timeout=timeout, limits=_NO_CONNECTION_TWICE)


class OneConnection(Dms):
    """Sends everything over one connection, kept alive; where the axis closes it, it connects again."""

    honest = Honest(
        "one-connection",
        Text("keeps one connection for all its requests", "giữ một kết nối duy nhất cho mọi yêu cầu"),
        Text("the SDK takes from one connection on", "SDK cho phép từ một kết nối trở lên"),
        source="TR-06",
    )

    def make_client(self, timeout: float | None = None) -> AxisClient:
        """A request waits for the one before it."""
        return self.client_of(AxisClient, timeout=timeout, limits=_ONE_FOR_ALL)


class _Leaking(AxisClient):
    """Sends the arguments of earlier calls again, as the service object of the vendor's SDK does."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._left_over: dict[str, str] = {}

    async def _exchange(
        self, method: str, operation: str, arguments: Mapping[str, str], body: bytes | None, content_type: str
    ) -> httpx.Response:
        """What this call says itself goes over what was left; ``to`` is no left-over: it would address another."""
        self._left_over.update(arguments)
        mine = {**self._left_over}
        self._left_over.pop("to", None)
        return await super()._exchange(method, operation, mine, body, content_type)


class LeftOverHeaders(Dms):
    """Every call carries the headers of the calls before it."""

    honest = Honest(
        "left-over-headers",
        Text("repeats the headers of earlier calls", "lặp lại header của các lệnh gọi trước"),
        Text(
            "the vendor's SDK does: its headers are never cleared",
            "SDK của nhà cung cấp cũng vậy: header không bao giờ xóa",
        ),
        source="TR-04",
    )

    def make_client(self, timeout: float | None = None) -> AxisClient:
        """The SDK's habit."""
        return self.client_of(_Leaking, timeout=timeout)


class NewCode(Dms):
    """Is registered under its new code, writes itself so, and takes a directory only where it finds itself in it."""

    honest = Honest(
        "new-code",
        Text("registers, writes and finds itself as H98", "đăng ký, tự ghi và tìm thấy mình theo mã H98"),
        Text(
            "the code after QĐ 20/2020 is a code of the unit as the old one is",
            "mã theo QĐ 20/2020 cũng là mã của đơn vị như mã cũ",
        ),
        source="ID-05",
        told={"sut": {"organ": "H98"}},
    )

    def apply_directory(self, pairs: Answer, units: Answer) -> None:
        """By the text that it knows."""
        ours = self.config.organ
        if any(ours in (item.get("code"), item.get("code102")) for item in pairs.items):
            super().apply_directory(pairs, units)
        else:
            self.note("", f"the directory does not list {ours}: not taken over")


class _OldList(AxisClient):
    """Knows getAgenciesList only: getAgenciesListQD20 came with SDK 2.0.1."""

    async def agencies_qd20(self, level: str = "1") -> Answer:
        """The same rows under the names of the newer list."""
        answer = await self.agencies()
        return replace(answer, items=tuple({**each, "code102": each.get("oldCode", "")} for each in answer.items))


class AgenciesList(Dms):
    """Reads the pairs of codes from getAgenciesList, as systems do that were built on SDK 2.0.0."""

    honest = Honest(
        "agencies-list",
        Text("reads code and oldCode from getAgenciesList", "đọc code và oldCode từ getAgenciesList"),
        Text(
            "getAgenciesList (oldCode) is one of the two that pair the codes",
            "getAgenciesList (oldCode) là một trong hai nguồn ghép cặp mã",
        ),
        source="ID-11",
    )

    def make_client(self, timeout: float | None = None) -> AxisClient:
        """The older list."""
        return self.client_of(_OldList, timeout=timeout)


class CachedDirectory(Dms):
    """Reads the directory in its own period, whatever a clerk types meanwhile, and nobody can ask for it.

    The period is short, as the suite waits for it: twice for each change.
    """

    period = 12.0
    honest = Honest(
        "cached-directory",
        Text("reads the directory in its own period only", "chỉ đọc danh bạ theo chu kỳ riêng"),
        Text(
            "the SUT file tells the period; POST /control/sync is optional",
            "tệp SUT có khai nhịp; POST /control/sync là tùy chọn",
        ),
        source="contract",
        told={"timing": {"directory_seconds": 12.0}},
    )

    def canonical(self, code: str) -> str:
        """What the directory does not pair is no pair: a rule of thumb over an old directory would guess."""
        unit = self._units.get(code)
        return unit.code if unit else code

    def directory_is_stale(self) -> bool:
        """By its own period."""
        at = self._directory_at
        return at is None or (self.clock.now() - at).total_seconds() >= self.period

    async def read_directory(self) -> bool:
        """Not offered."""
        raise NotOffered

    async def synchronise(self) -> bool:
        """A clerk's unknown code is no reason."""
        return await super().synchronise() if self.directory_is_stale() else True


class SignsNothing(Dms):
    """Neither signs nor looks at signatures, and claims neither."""

    honest = Honest(
        "signs-nothing",
        Text("signs nothing, checks no signature", "không ký số, không kiểm tra chữ ký"),
        Text("not claimed in the SUT file: not applicable", "tệp SUT không khai nên không áp dụng"),
        source="contract",
        told={"capabilities": {"signature": "none", "time_stamp": False}},
    )

    def signature_word(self, package: Package, found: Examined) -> str:
        """One of the four words of the contract."""
        return "unchecked"

    def check_signing(self, order: Order) -> None:
        """There is no key."""
        if order.sign:
            raise Refused(REFUSALS["no-signer"])


HONEST: tuple[type[Dms], ...] = (
    OneConnectionEach,
    OneConnection,
    LeftOverHeaders,
    NewCode,
    AgenciesList,
    CachedDirectory,
    SignsNothing,
)
