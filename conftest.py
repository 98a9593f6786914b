"""For all tests: Hypothesis measures no time, for a slow machine would be a failing example."""

from hypothesis import settings

settings.register_profile("axisproof", deadline=None)
settings.load_profile("axisproof")
