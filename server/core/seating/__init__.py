"""Who sits where in breakout rooms: one plan for all rounds, a pure function of the request."""

from server.core.seating.measure import Counts, judge, measure
from server.core.seating.plan import plan
from server.core.seating.request import Assign, Quality, Request
from server.core.seating.sizes import rooms_for

__all__ = ["Assign", "Counts", "Quality", "Request", "judge", "measure", "plan", "rooms_for"]
