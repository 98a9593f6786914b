"""What can keep a hub from opening or doing its own part; never the fault of a peer.

HubError
├── OtherVersion      the data folder was written by another version
├── UnusableData      the data folder cannot be written, is no folder, or is damaged
├── DataInUse         another process has the data folder open
├── WorkersGone       the processes that carry the wire cannot be started, or keep dying
├── CannotListen      a port is taken or may not be used
├── StoreTrouble      a write failed while running (full disk): nothing of it was acknowledged
└── NotAdmitted       the control API asked for something that the hub will not do
"""

from simulator.words import Text

__all__ = [
    "CannotListen",
    "DataInUse",
    "HubError",
    "NotAdmitted",
    "OtherVersion",
    "StoreTrouble",
    "UnusableData",
    "WorkersGone",
]


class HubError(Exception):
    """Our own trouble. ``because`` says it to people in both languages, with what to do."""

    def __init__(self, because: Text) -> None:
        super().__init__(because.en)
        self.because = because


class OtherVersion(HubError):
    """The data folder was written by another version."""


class UnusableData(HubError):
    """The data folder cannot be used."""


class DataInUse(HubError):
    """Another process holds the data folder."""


class WorkersGone(HubError):
    """No process carries the wire, and starting others does not help."""


class CannotListen(HubError):
    """A port cannot be listened on."""


class StoreTrouble(HubError):
    """A write failed while running."""


class NotAdmitted(HubError):
    """A wish of the control API that cannot be granted."""
