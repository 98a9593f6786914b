"""Vocabulary and codec of the axis. Pure: bytes and values only."""
