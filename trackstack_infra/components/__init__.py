"""The parts both architectures are put together from: one idea a file, each a Pulumi component."""
