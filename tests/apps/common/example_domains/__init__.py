"""Two tiny domains to try the common ground with: what is in the pantry, and what must be bought."""
