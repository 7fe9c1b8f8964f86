"""What keeps a service on Spot while there is Spot, and on demand while there is none."""
