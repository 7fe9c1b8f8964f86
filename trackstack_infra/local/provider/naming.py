"""Names for resources that the program left unnamed."""

import hashlib


def auto_name(urn: str, name: str) -> str:
    """NAME and 7 hex digits, as Pulumi's auto-naming looks; drawn from the URN, not by lot, so that a bucket
    created again after a restart of the emulator has the name under which its objects were kept."""
    return f"{name}-{hashlib.sha256(urn.encode()).hexdigest()[:7]}"
