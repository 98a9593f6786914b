"""Load: scenarios with a correctness oracle, what things cost here, and what survives kill -9."""
