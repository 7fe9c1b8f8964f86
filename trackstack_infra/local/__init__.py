"""The local target: everything of AWS that the stacks use, stood in for on this computer."""
