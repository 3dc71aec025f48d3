"""Planning of breakout rooms, apart from the hall: who sits where is computed in a process of its own."""
