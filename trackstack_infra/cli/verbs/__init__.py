"""The verbs, a file each: parse, call, print."""
