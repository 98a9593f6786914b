"""What can be wrong with a run folder, said in both languages. One tree:

ReportError
└── RunUnreadable      result.json is missing, is not JSON, or has another schema
"""

from simulator.words import Text

__all__ = ["ReportError", "RunUnreadable"]


class ReportError(Exception):
    """A report cannot be printed; ``text`` says why, to people."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class RunUnreadable(ReportError):
    """The folder holds no run that this version can read."""
