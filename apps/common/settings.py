"""Settings of an app process: read once from the environment, checked in words, frozen."""

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

EXIT_CONFIGURATION = 78
"""Exit code when the settings or the database's place are wrong: starting again cannot help."""


class SettingsRefused(Exception):  # noqa: N818 -- a sentence reads better than a suffix
    """The environment does not make sense; the message says which variable, and what it should be."""


def is_loopback(host: str | None) -> bool:
    """Whether only this machine is reached under the name or address."""
    if host is None:
        return False
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _empty_is_unset(value: object) -> object:
    return None if value == "" else value


Text = Annotated[str | None, BeforeValidator(_empty_is_unset)]


class Settings(BaseModel):
    """The environment variables of an app process, by their names in lower case."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    data_dir: Path
    database: Literal["own", "bridge"] = "own"
    journal: Literal["truncate", "wal"] = "truncate"
    events_topic_arn: Text = None
    events_queue_url: Text = None
    queue_url: Text = None
    auth: Literal["on", "off"] = "on"
    jwt_issuer: Text = None
    jwt_jwks_url: Text = None
    jwt_client_id: Text = None
    metrics_token: Text = None
    origin_secret: Text = None
    backup_bucket: Text = None
    backup_prefix: Text = None
    app_version: str = "dev"

    @model_validator(mode="after")
    def _callers_can_be_checked(self) -> Self:
        if self.auth == "off" and not is_loopback(self.host):
            raise ValueError(f"AUTH=off is accepted on a loopback address only, but HOST is {self.host}")
        if self.auth == "on":
            names = ("jwt_issuer", "jwt_jwks_url", "jwt_client_id")
            missing = [name.upper() for name in names if getattr(self, name) is None]
            if missing:
                raise ValueError(f"{', '.join(missing)} must be set: every call needs a token that can be checked")
            address = urlsplit(self.jwt_jwks_url or "")
            if address.scheme != "https" and not (address.scheme == "http" and is_loopback(address.hostname)):
                raise ValueError(f"JWT_JWKS_URL must be https, or http on loopback; it is {self.jwt_jwks_url}")
        return self

    @model_validator(mode="after")
    def _events_go_one_way(self) -> Self:
        if self.events_topic_arn and self.events_queue_url:
            raise ValueError("EVENTS_TOPIC_ARN and EVENTS_QUEUE_URL are both set; choose where events are published")
        return self

    @property
    def uses_aws(self) -> bool:
        """Whether this process talks to queues or topics at all."""
        return any((self.events_topic_arn, self.events_queue_url, self.queue_url))


def settings_of(environment: Mapping[str, str]) -> Settings:
    """Read the settings; raises SettingsRefused naming the first variable that is wrong."""
    known = {name: environment[name.upper()] for name in Settings.model_fields if name.upper() in environment}
    try:
        return Settings.model_validate(known)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        variable = str(first["loc"][0]).upper() if first["loc"] else "settings"
        message = first["msg"].removeprefix("Value error, ")
        if first["type"] == "missing":
            message = "must be set: the directory of the database" if variable == "DATA_DIR" else "must be set"
        raise SettingsRefused(f"{variable}: {message}") from error
