"""The rehearsal: simulated people who take part in a session through the public contract, and the judge of what they saw.

It speaks to a server over sockets and HTTP only, and reads the protocol from its page, not from the server's code.
"""
