"""One playground as plain Python: what runs, how long it trains for an answer, and its conversation with the board."""
