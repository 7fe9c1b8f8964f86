"""Pictures of a recorded graph: what the parts of an architecture are, and what flows between them.

The picture is derived from resource types, references and IAM statements; no part is known by its name.
"""
