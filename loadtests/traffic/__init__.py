"""The national traffic model: published figures, what is derived from them and what is assumed, each marked so.

values.py      the frozen values that a scenario is made of
national.toml  the figures, with their marks; national.py reads them
curves.py      intensity over time: hours, weekdays, months, Tết, bursts within a minute
draws.py       who writes to whom, how large, how urgent: drawn from a seeded generator
units.py       the nodes of a topology; made-up units where a scenario wants more of them
"""
