"""``axisproof doctor``: what keeps a system from being tested, each with what shows it and what to do.

watch.py distils what the axis saw, adapter.py asks the control API, reaching.py and doing.py name what is wrong (pure),
visit.py brings them together over a real axis.
"""

from conformance.doctor.command import doctor

__all__ = ["doctor"]
