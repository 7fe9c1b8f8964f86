"""Reports: what meters used each month, what that cost, and what was paid in advance."""
