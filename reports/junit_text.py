"""Text that XML can carry."""

import re

__all__ = ["plain"]

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def plain(text: str) -> str:
    """``text`` without the characters that XML cannot carry."""
    return _NOT_XML.sub("\ufffd", text)
