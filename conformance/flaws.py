"""What a breach of lint's rules costs whoever sent the message: each rests on the first requirement of its own rule.

One check gathers them ("no rule is broken"); none of them costs more because another one, or the check itself, would.
"""

from collections.abc import Iterable

from conformance.finding import Check
from simulator.protocol.lint import Finding as Flaw
from simulator.protocol.rules import Level

__all__ = ["resting"]


def resting(check: Check, flaws: Iterable[Flaw]) -> tuple[str, ...]:
    """What the finding of ``check`` about ``flaws`` rests on, each once, in the order in which lint names them.

    A rule that says why it only warns, although its requirement would do more, rests on what the check cites itself.
    """
    found = (check if _lowered(flaw) else flaw.rule for flaw in flaws)
    return tuple(dict.fromkeys(each.requirements[0] for each in found))


def _lowered(flaw: Flaw) -> bool:
    return flaw.rule.level is not Level.ERROR and flaw.rule.reason is not None
