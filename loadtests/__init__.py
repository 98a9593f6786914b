"""Load: benchmarks now; scenarios with a correctness oracle when they have their issue."""
