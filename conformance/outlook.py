"""What a run says of itself before it starts: how many cases fly together, and by when it must be over.

Waits are counted in polls of the SUT. Whoever writes a case keeps the chain of its waits short: all that fly together
are through after ``POLLS_TOGETHER`` polls, one that flies alone after ``POLLS_ALONE``, as long as nothing fails.
"""

from collections.abc import Sequence

from conformance.case import Wave
from conformance.lanes import Flight
from simulator.words import Text

__all__ = ["POLLS_ALONE", "POLLS_TOGETHER", "WORK_SECONDS", "bound", "outlook"]

POLLS_TOGETHER, POLLS_ALONE = 5, 3
WORK_SECONDS = 60.0
"""For what is no waiting: some hundred documents are written, sent, handled and judged."""

_PLAN = Text(
    en="The plan: {company} cases at once, {late} later, {alone} alone; with a SUT that polls every {period:g} s at "
    "most {seconds:.0f} s if nothing fails, sooner where it polls on request.",
    vi="Kế hoạch: {company} ca cùng lúc, {late} ca sau đó, {alone} ca chạy riêng; nếu SUT hỏi trục mỗi {period:g} giây "
    "và không ca nào sai thì lâu nhất {seconds:.0f} giây, nhanh hơn nếu SUT hỏi theo yêu cầu.",
)

_PLAN_ON_REQUEST = Text(
    en="The plan: {company} cases at once, {late} later, {alone} alone; as fast as the SUT polls on request.",
    vi="Kế hoạch: {company} ca cùng lúc, {late} ca sau đó, {alone} ca chạy riêng; nhanh theo tốc độ SUT hỏi trục.",
)


def bound(flights: Sequence[Flight], period: float) -> float:
    """The most seconds that these flights take with a SUT that polls every ``period`` seconds, if nothing fails."""
    alone = sum(flight.wave is Wave.ALONE for flight in flights)
    polls = POLLS_TOGETHER * (len(flights) - alone) + POLLS_ALONE * alone
    return WORK_SECONDS + polls * period


def outlook(flights: Sequence[Flight], period: float) -> Text:
    """The sentence; without seconds where ``period`` is 0, that is, not known."""
    cases = {wave: sum(len(flight.cases) for flight in flights if flight.wave is wave) for wave in Wave}
    return (_PLAN if period else _PLAN_ON_REQUEST).filled(
        company=cases[Wave.COMPANY],
        late=cases[Wave.HAZARD],
        alone=cases[Wave.ALONE],
        period=period,
        seconds=bound(flights, period),
    )
