"""What surrounds one changing command: its lock, its overrides, what it refuses and what it does to data."""
