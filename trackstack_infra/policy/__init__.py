"""Policy: what every stack must hold, as pure functions over its recorded graph. Imports neither Pulumi nor boto3."""
