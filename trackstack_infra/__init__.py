"""TrackStack's infrastructure: stacks' components, the engines that run them, and the command line."""

import time

# What was edited since may not be what this process runs: every module of the toolkit is imported after this one.
LOADED_AT_S = time.time()
