"""From what was seen to everything that is wrong, what hinders most first. Pure."""

from collections.abc import Callable, Iterator

from conformance.doctor import doing, reaching, secure
from conformance.doctor.symptoms import Expected, Seen, Symptom

__all__ = ["diagnose"]

_Rule = Callable[[Seen, Expected], Iterator[Symptom]]


def diagnose(seen: Seen, expected: Expected) -> tuple[Symptom, ...]:
    """Everything that these observations show, what hinders most first."""
    return tuple(symptom for rule in _RULES for symptom in rule(seen, expected))


_RULES: tuple[_Rule, ...] = (
    secure.tls_refused,
    secure.plain_to_tls,
    reaching.tls,
    reaching.not_http,
    reaching.wrong_path,
    reaching.wrong_system,
    reaching.wrong_secret,
    reaching.altered,
    reaching.proxy,
    doing.wrong_unit,
    doing.hash,
    reaching.no_contact,
    doing.no_poll,
    doing.half_poll,
    doing.never_fetches,
    doing.never_confirms,
    doing.confirms_fail,
    doing.refused,
    reaching.clock,
)
