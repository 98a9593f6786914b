"""The rules that one message is judged by: no network, no clock, no other message.

Hub admission, ``axisproof lint`` and the judge share them. ``RULES`` is the whole list; a new rule is a block in the
module of its subject and a line in that module's tuple.
"""

from simulator.protocol.rules import (
    answered,
    archives,
    attachments,
    business,
    codes,
    damage,
    dates,
    filenames,
    form,
    header,
    identifiers,
    lengths,
    manifest,
    misplaced,
    parties,
    repeated,
    signature,
    status,
    text,
    trace,
    unseen,
)
from simulator.protocol.rules.rule import Basis, Breach, Level, Rule

__all__ = ["RULES", "Basis", "Breach", "Level", "Rule", "rule_named"]

RULES: tuple[Rule, ...] = (
    *damage.RULES,
    *form.RULES,
    *repeated.RULES,
    *parties.RULES,
    *identifiers.RULES,
    *codes.RULES,
    *header.RULES,
    *misplaced.RULES,
    *dates.RULES,
    *lengths.RULES,
    *trace.RULES,
    *answered.RULES,
    *business.RULES,
    *manifest.RULES,
    *attachments.RULES,
    *archives.RULES,
    *filenames.RULES,
    *text.RULES,
    *unseen.RULES,
    *signature.RULES,
    *status.RULES,
)
"""Every rule, in the order in which a packet is read."""


def rule_named(id: str) -> Rule:
    """The rule of that id. Raises KeyError for an unknown one."""
    for item in RULES:
        if item.id == id:
            return item
    raise KeyError(id)
