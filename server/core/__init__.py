"""The pure core: a session is one ordered log of commands, folded into a state, seen through views.

Nothing here does I/O, reads a clock, draws a random number or logs. Time and seeds stand in the entries, so a session replays
byte for byte on any worker, years later.
"""
