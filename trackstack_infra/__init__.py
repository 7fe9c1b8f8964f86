"""TrackStack's infrastructure: stacks' components, the engines that run them, and the command line."""
