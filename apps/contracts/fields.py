"""The kinds of values events are made of."""

from typing import Annotated

from pydantic import Field

Identifier = Annotated[str, Field(min_length=1, max_length=64)]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$", description="ISO 4217 code")]
MinorUnits = Annotated[int, Field(description="Money in the currency's smallest unit: 4990 EUR is 49.90 €")]
Version = Annotated[int, Field(ge=1, description="Version of the aggregate: grows with every change, removal included")]
