"""Words that several addresses of heating answer with."""

from typing import Final

HOW_TO_MAKE: Final = "; to make it, send If-None-Match: *"
"""What a PUT to an unknown id says besides."""
