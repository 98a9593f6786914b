"""The printing house: reads a finished run from its folder and prints it. It never judges."""
