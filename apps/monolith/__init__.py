"""The three domains in one process."""
