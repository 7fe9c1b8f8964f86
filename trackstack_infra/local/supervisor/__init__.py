"""One process per state directory, which holds the emulator, the agent and the router."""
