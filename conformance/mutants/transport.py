"""Wrong https: clients that check nothing, half of it, or give up for good."""

import ssl
from collections.abc import Sequence

from conformance.mutants.mutant import Mutant
from simulator.agency.client import Answer, AxisClient, AxisUnreachable
from simulator.agency.dms import Dms
from simulator.clock import SystemClock
from simulator.words import Text

__all__ = ["MUTANTS"]

_NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME, which the ssl module has no name for


def _unchecked() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


class SkipsTls(Dms):
    """The trust manager that trusts everybody, as it stands in public configurations."""

    mutant = Mutant(
        "skips-tls",
        Text("checks no certificate at all", "không kiểm tra chứng thư"),
        source="pitfalls 46",
        caught_by=(
            "expired-certificate-refused",
            "wrong-host-refused",
            "self-made-certificate-refused",
            "stranger-authority-refused",
            "nothing-sent-behind-bad-certificate",
        ),
    )

    def tls(self) -> ssl.SSLContext | None:
        """Anybody is the axis."""
        return _unchecked()


class SkipsHostName(Dms):
    """The host name verifier that always says yes."""

    mutant = Mutant(
        "skips-host-name",
        Text("does not look whose certificate it is", "không đối chiếu tên máy chủ trên chứng thư"),
        source="pitfalls 46",
        caught_by=("wrong-host-refused", "nothing-sent-behind-bad-certificate"),
    )

    def tls(self) -> ssl.SSLContext | None:
        """Any certificate of the authority will do."""
        context = super().tls()
        if context is not None:
            context.check_hostname = False
        return context


class TakesExpired(Dms):
    """Looks at the chain only."""

    mutant = Mutant(
        "takes-expired",
        Text("does not look at the dates of a certificate", "không xem thời hạn của chứng thư"),
        source="pitfalls 46",
        caught_by=("expired-certificate-refused",),
    )

    def tls(self) -> ssl.SSLContext | None:
        """Whatever the date."""
        context = super().tls()
        if context is not None:
            context.verify_flags = ssl.VerifyFlags(context.verify_flags | _NO_CHECK_TIME)
        return context


class _TwoStacks(AxisClient):
    """Sends by another stack than it polls with, as the SDK does; that one trusts everybody."""

    async def send(self, data: bytes, *, sender: str, message_type: str, to: Sequence[str] | None = None) -> Answer:
        """By the careless stack."""
        careless = AxisClient(self.endpoint, self.system_id, self._secret, clock=SystemClock(), verify=_unchecked())
        async with careless as other:
            return await other.send(data, sender=sender, message_type=message_type, to=to)


class SkipsTlsWhenSending(Dms):
    """Polls with care and sends without."""

    mutant = Mutant(
        "skips-tls-when-sending",
        Text("checks the certificate when polling, not when sending", "chỉ kiểm tra chứng thư khi hỏi, không khi gửi"),
        source="pitfalls 46, wire.md A.0",
        caught_by=("nothing-sent-behind-bad-certificate",),
    )

    def make_client(self, timeout: float | None = None) -> AxisClient:
        """Two stacks in one client."""
        own = self.config
        return _TwoStacks(own.endpoint, own.system_id, own.secret, clock=self.clock, verify=self.tls())


class FallsBackToHttp(Dms):
    """Where https does not work, http will."""

    mutant = Mutant(
        "falls-back-to-http",
        Text("goes on by plain http where https fails", "chuyển sang http thường khi https không được"),
        source="pitfalls 46",
        caught_by=("no-plain-http",),
    )

    async def listed(self, message_type: str) -> tuple[str, ...]:
        """Once more, in the open."""
        try:
            return await super().listed(message_type)
        except AxisUnreachable:
            own = self.config
            endpoint = own.endpoint.replace("https:", "http:", 1)
            async with AxisClient(endpoint, own.system_id, own.secret, clock=self.clock) as plain:
                await plain.received(message_type)
            raise


class SticksAfterRefusal(Dms):
    """One bad certificate, and it never asks again."""

    mutant = Mutant(
        "sticks-after-bad-certificate",
        Text("one bad certificate ends the polling", "một lần gặp chứng thư lỗi là ngừng hỏi trục"),
        source="pitfalls 46, 52",
        caught_by=("polling-survives-bad-certificate",),
    )

    stuck = False

    async def listed(self, message_type: str) -> tuple[str, ...]:
        """Nothing, once it is stuck."""
        if self.stuck:
            return ()
        try:
            return await super().listed(message_type)
        except AxisUnreachable as error:
            self.stuck = "certificate verify failed" in str(error)
            raise


MUTANTS: tuple[type[Dms], ...] = (
    SkipsTls,
    SkipsHostName,
    TakesExpired,
    SkipsTlsWhenSending,
    FallsBackToHttp,
    SticksAfterRefusal,
)
