"""The data bridge: pragmatic's backup, split into one database for each service of enterprise."""
