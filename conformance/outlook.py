"""What a run says of itself before it starts: how many cases fly together, and by when it must be over.

Waits are counted in polls of the SUT. Whoever writes a case keeps the chain of its waits short: all that fly together
are through after ``POLLS_TOGETHER`` polls, one that flies alone after ``POLLS_ALONE``, as long as nothing fails.
Whatever happens, the run ends within its ``limit``.
"""

from collections.abc import Sequence

from conformance.boarding import Boarding
from conformance.case import Wave
from conformance.config import Timing
from conformance.lanes import Flight
from simulator.words import Text

__all__ = ["POLLS_ALONE", "POLLS_TOGETHER", "RETRY_POLLS", "RETRY_SHARE", "WORK_SECONDS", "bound", "limit", "outlook"]

POLLS_TOGETHER, POLLS_ALONE = 5, 3
WORK_SECONDS = 60.0
"""For what is no waiting: some hundred documents are written, sent, handled and judged."""
RETRY_POLLS = 72
"""What is spent on trying again, alone, what failed in company: ``POLLS_ALONE`` for each case."""
RETRY_SHARE = 0.25
"""Of the limit, what is kept for them."""
_LEAST_LIMIT = 600.0
_MARGIN = 4
_LOOK_UPS = 12
"""One after the other: three in a case that flies in company, as many in each of the others that wait for one."""

_PLAN = Text(
    en="The plan: {company} cases at once, {late} later, {alone} alone; with a SUT that polls every {period:g} s at "
    "most {seconds:.0f} s if nothing fails, sooner where it polls on request. {bounds}",
    vi="Kế hoạch: {company} ca cùng lúc, {late} ca sau đó, {alone} ca chạy riêng; nếu SUT hỏi trục mỗi {period:g} giây "
    "và không ca nào sai thì lâu nhất {seconds:.0f} giây, nhanh hơn nếu SUT hỏi theo yêu cầu. {bounds}",
)
_PLAN_ON_REQUEST = Text(
    en="The plan: {company} cases at once, {late} later, {alone} alone; as fast as the SUT polls on request. {bounds}",
    vi="Kế hoạch: {company} ca cùng lúc, {late} ca sau đó, {alone} ca chạy riêng; nhanh theo tốc độ SUT hỏi trục. "
    "{bounds}",
)
_BOUNDS = Text(
    en="What fails in company is tried again alone, up to {retries} cases ({polls} polls). After {limit:.0f} s the run "
    "ends in any case.",
    vi="Ca nào sai khi chạy cùng ca khác sẽ được chạy lại một mình, nhiều nhất {retries} ca ({polls} lần hỏi trục). "
    "Sau {limit:.0f} giây thì lần chạy kết thúc trong mọi trường hợp.",
)


def bound(flights: Sequence[Flight], period: float) -> float:
    """The most seconds that these flights take with a SUT that polls every ``period`` seconds, if nothing fails."""
    alone = sum(flight.wave is Wave.ALONE for flight in flights)
    polls = POLLS_TOGETHER * (len(flights) - alone) + POLLS_ALONE * alone
    polls += sum(Boarding.portions(len(flight.cases)) for flight in flights if flight.wave is Wave.COMPANY)
    return WORK_SECONDS + polls * period


def limit(flights: Sequence[Flight], period: float, deadline: float, directory: float = 0.0) -> float:
    """The seconds after which a run ends, whatever the SUT does: what is open then is inconclusive.

    Four times what it takes where nothing fails (slow systems, a busy machine), the second tries, some silence of
    ``deadline`` seconds, and twice the SUT's own period of reading the ``directory`` for each look-up waited for.
    """
    good = _MARGIN * bound(flights, period) + RETRY_POLLS * period
    return max(_LEAST_LIMIT, good + 6 * deadline) + 2 * _LOOK_UPS * directory


def outlook(flights: Sequence[Flight], timing: Timing, retry_polls: int = RETRY_POLLS) -> Text:
    """The sentence; without the seconds of a good run where the SUT's period is 0, that is, not known."""
    period = timing.poll_seconds
    ends = limit(flights, period, timing.deadline_seconds, timing.directory_seconds)
    cases = {wave: sum(len(flight.cases) for flight in flights if flight.wave is wave) for wave in Wave}
    bounds = _BOUNDS.filled(retries=retry_polls // POLLS_ALONE, polls=retry_polls, limit=ends)
    numbers: dict[str, float] = {
        "company": cases[Wave.COMPANY],
        "late": cases[Wave.HAZARD],
        "alone": cases[Wave.ALONE],
        "period": period,
        "seconds": bound(flights, period),
    }
    plan = _PLAN if period else _PLAN_ON_REQUEST
    return Text(en=plan.en.format(bounds=bounds.en, **numbers), vi=plan.vi.format(bounds=bounds.vi, **numbers))
