"""The judge: requirements, cases, evidence, verdicts. Driving, recording and judging are kept apart (house.md)."""
