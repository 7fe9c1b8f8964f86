"""Settings: models of what a stack may be set to, the file they come from, and the words for what is wrong."""
