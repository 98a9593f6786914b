"""`make bench`: what the axis costs, as ratios within one run on one machine. It prints and never asserts.

Each row compares two things that were measured in turn, several rounds long, so the machine's mood cancels out. Servers
run as processes of their own on one core, their load comes from this process on another. A file per comparison:
``COMPARISONS`` in comparisons.py is the table. The goals are those of issue 4; what each part costs elsewhere and which
choices got there stands in the performance notes of the specification.
"""
