"""Wrong guards of secrecy and of dates."""

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.orders import REFUSALS, Order, Refused
from simulator.words import Text

__all__ = ["MUTANTS"]


class IgnoresSecrecy(Dms):
    """Has no field for the secrecy mark."""

    mutant = Mutant(
        "ignores-secrecy",
        Text("sends secret documents like any other", "gửi văn bản mật như văn bản thường"),
        source="regulation 2, art. 1.2",
        caught_by=(
            "mat-kept-back",
            "toi-mat-kept-back",
            "tuyet-mat-kept-back",
            "urgent-secret-kept-back",
            "secret-update-kept-back",
        ),
    )

    def check_secrecy(self, order: Order) -> None:
        """Nobody looks."""


class TopSecretOnly(Dms):
    """Takes only the highest mark for secret."""

    mutant = Mutant(
        "knows-only-tuyet-mat",
        Text("keeps back only what is top secret", "chỉ chặn văn bản tuyệt mật"),
        source="regulation 2, art. 1.2",
        caught_by=("mat-kept-back", "toi-mat-kept-back"),
    )

    def check_secrecy(self, order: Order) -> None:
        """Mật and tối mật pass."""
        if order.secrecy == "tuyet-mat":
            super().check_secrecy(order)


class UrgentPasses(Dms):
    """Lets everything pass that is urgent."""

    mutant = Mutant(
        "urgent-passes-unchecked",
        Text(
            "lets urgent documents pass without looking at their mark", "văn bản hỏa tốc được gửi mà không xét độ mật"
        ),
        source="regulation 2, art. 1.2",
        caught_by=("urgent-secret-kept-back",),
    )

    def check_secrecy(self, order: Order) -> None:
        """Hỏa tốc has a way of its own."""
        if order.priority < 3:
            super().check_secrecy(order)


class UpdatesPass(Dms):
    """Looks at the mark of new documents only."""

    mutant = Mutant(
        "updates-pass-unchecked",
        Text("lets secret updates pass", "không xét độ mật của bản cập nhật"),
        source="regulation 2, art. 1.2",
        caught_by=("secret-update-kept-back",),
    )

    def check_secrecy(self, order: Order) -> None:
        """An update was looked at when it was new."""
        if order.kind == "new":
            super().check_secrecy(order)


class NoUpdates(Dms):
    """Claims updates and has none."""

    mutant = Mutant(
        "claims-updates-has-none",
        Text("refuses every update although it claims them", "nhận có chức năng cập nhật nhưng luôn từ chối"),
        source="pitfalls 19",
        caught_by=("ordinary-update-leaves",),
    )

    def check_missing(self, order: Order) -> None:
        """A button without a function."""
        if order.kind == "update":
            raise Refused(REFUSALS["kind"].filled(kind=order.kind))
        super().check_missing(order)


class LocksAfterSecret(Dms):
    """Sends nothing more once it has refused a secret document."""

    mutant = Mutant(
        "locks-after-secret",
        Text("sends nothing more after a secret document", "không gửi gì nữa sau khi gặp văn bản mật"),
        source="pitfalls 36",
        caught_by=("document-after-secret-leaves",),
    )

    _locked = False

    def check_secrecy(self, order: Order) -> None:
        """The lock has no key."""
        self._locked = self._locked or bool(order.secrecy)
        if self._locked:
            raise Refused(REFUSALS["secrecy"].filled(mark=order.secrecy))


class FutureDates(Dms):
    """Takes any date of issue."""

    mutant = Mutant(
        "dates-in-the-future",
        Text("sends documents that bear a future date", "gửi văn bản ghi ngày trong tương lai"),
        source="pitfalls 45",
        caught_by=("future-date-kept-back",),
    )

    def check_dates(self, order: Order) -> None:
        """A day of the calendar is enough."""
        _ = order.issued, order.due


MUTANTS: tuple[type[Dms], ...] = (
    IgnoresSecrecy,
    TopSecretOnly,
    UrgentPasses,
    UpdatesPass,
    NoUpdates,
    LocksAfterSecret,
    FutureDates,
)
