"""Live sessions of this worker: fold, views, patches, connections, ticks, presence."""

from server.hub.hub import Created, Hub, Stats
from server.hub.live import Joined, Live, Member, View

__all__ = ["Created", "Hub", "Joined", "Live", "Member", "Stats", "View"]
