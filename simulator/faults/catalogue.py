"""Every fault there is."""

from typing import Any

from simulator.faults import content, identity, moments, storage, transport
from simulator.faults.fault import Fault

__all__ = ["FAULTS", "fault_named", "faults_catalogue"]

FAULTS: tuple[Fault, ...] = (
    *transport.FAULTS,
    *content.FAULTS,
    *identity.FAULTS,
    *moments.FAULTS,
    *storage.FAULTS,
)
"""All of them, kind by kind."""

_BY_ID = {fault.id: fault for fault in FAULTS}


def fault_named(fault_id: str) -> Fault:
    """The fault of that id. Raises KeyError."""
    return _BY_ID[fault_id]


def faults_catalogue() -> list[dict[str, Any]]:
    """The rows of ``axisproof catalogue faults``."""
    return [fault.row() for fault in FAULTS]
