"""What lies in the state directory besides the stacks' state: run file, locks, kept overrides."""
