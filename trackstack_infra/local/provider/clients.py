"""The boto3 clients of the local provider, bound to the emulator on this computer and to nothing else."""

import os
import re
from threading import Lock
from typing import Any

import boto3
from botocore.config import Config
from botocore.session import Session

# 127.0.0.1 and [::1] as literals: `localhost` is whatever a hosts file says, and anything else may be AWS.
LOOPBACK = re.compile(r"http://(127\.0\.0\.1|\[::1\]):\d{1,5}")

# The Invocation handler waits for the bridge Lambda, which AWS ends after 15 minutes; the rest answers in milliseconds.
LONGEST_CALL_S = 15 * 60 + 10

ACCOUNT = "123456789012"  # the emulator's only one

Client = Any


def _session_that_reads_nothing() -> Session:
    """A session of defaults only: a profile that does not exist would be an error, one that does might name an
    endpoint, and so might any of botocore's variables."""
    defaults = {name: (None, None, default, how) for name, (_, _, default, how) in Session.SESSION_VARIABLES.items()}
    nowhere = (None, None, os.devnull, None)
    return Session(session_vars={**defaults, "config_file": nowhere, "credentials_file": nowhere})


class Clients:
    """Clients of one emulator, each made once, with made-up credentials: none of the user's is read."""

    def __init__(self, endpoint: str, region: str) -> None:
        if LOOPBACK.fullmatch(endpoint) is None:
            raise ValueError(
                f"the local provider accepts only http://127.0.0.1:PORT or http://[::1]:PORT, not {endpoint!r}: "
                "it creates and deletes without confirmation, which only the emulator allows"
            )
        self.endpoint = endpoint
        self.region = region
        made_up = "local"
        self._session = boto3.Session(
            made_up, made_up, made_up, region_name=region, botocore_session=_session_that_reads_nothing()
        )
        self._config = Config(
            # The emulator answers at once or is broken: waiting longer or asking twice only hides which.
            retries={"total_max_attempts": 1},
            connect_timeout=5,
            read_timeout=LONGEST_CALL_S,
            max_pool_connections=32,
            proxies={},
            s3={"addressing_style": "path"},
            inject_host_prefix=False,
            parameter_validation=True,
        )
        self._made: dict[str, Client] = {}
        self._lock = Lock()  # boto3 sessions are not thread-safe, clients are

    def client(self, name: str) -> Client:
        """The client of the service boto3 calls NAME."""
        made = self._made.get(name)
        if made is None:
            with self._lock:
                made = self._made.get(name)
                if made is None:
                    made = self._session.client(name, endpoint_url=self.endpoint, config=self._config)
                    self._made[name] = made
        return made
