"""`make crash`: kill -9 at random moments under load, again and again; then the oracle: nothing acknowledged is lost,
nothing doubled, nothing resurrected. The moments come from a seed; what the kills meet does not.

A killed process leaves the operating system alive: this says nothing about a power cut.
"""
