"""The wire: frames, limits, close codes and the machine of one connection. No sockets in it."""

from server.protocol.closes import CloseCode
from server.protocol.machine import parse_hello

__all__ = ["CloseCode", "parse_hello"]
