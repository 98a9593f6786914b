"""The world around a system under test: the axis, its agencies, and the protocol they speak."""
