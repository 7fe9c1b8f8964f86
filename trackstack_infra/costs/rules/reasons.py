"""Reasons that several types share: why an input moves no price, or moves one that no rule follows."""

from typing import Final

PLACE: Final = "where it stands, and who reaches it"
CHANGES: Final = "how it is changed and deleted"
BEHAVIOUR: Final = "what it does, not how much of it is billed"
RIGHTS: Final = "who may use it"
BY_USE: Final = "counted in the stated use"

KEY_CALLS: Final = "calls a key, and such calls are billed by number"
LOGS: Final = "writes logs, and their size is not stated"
ELSEWHERE: Final = "takes it from elsewhere, where it may differ"
COPIES: Final = "makes copies, which are billed as well"
OTHER_PRICE: Final = "has a price of its own"
"""Which no snapshot has."""
