"""The proof that verdicts can be trusted: ``python -m conformance.proof`` (``make proof``).

Every mutant is run against the cases whose checks it names, the reference with many seeds and random delays, honest
variants and null systems against everything. What comes out: ``matrix.json`` (which mutant broke which check, and why),
``summary.json`` and ``PROOF.md``.
"""
