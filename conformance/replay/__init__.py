"""``axisproof replay``: what one case of a stored run sent, sent again byte for byte.

stimuli.py reads them out of the evidence (pure), sending.py signs and sends them, command.py is the door.
"""

from conformance.replay.command import replay

__all__ = ["replay"]
