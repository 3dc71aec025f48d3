"""HTTP and WebSocket: pages, the API, the socket endpoint, and the guards before them. It carries bytes and decides nothing."""
