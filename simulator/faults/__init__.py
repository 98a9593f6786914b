"""Faults of the axis: what goes wrong between its answers and the socket, one row or small class for each.

The hub's mutants: a fault disturbs a system under test in the resilience chapter; the same fault makes a wrong hub.
"""
