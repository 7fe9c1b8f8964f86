"""The command line: one verb a file, each parses, calls and prints. Pulumi and boto3 are imported inside the verbs."""
