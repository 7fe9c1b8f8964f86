"""The environment of a local task or function: the one AWS would give it, with addresses and paths of this computer."""

from collections.abc import Mapping
from os import devnull
from pathlib import Path
from urllib.parse import urlsplit

# Nothing else of the user's environment reaches a task: on AWS it would not be there either. Above all no AWS profile.
INHERITED = ("PATH", "LANG", "LC_ALL", "TZ", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "SSL_CERT_FILE")


def local_environment(
    defined: Mapping[str, str],
    *,
    endpoint: str,
    region: str,
    mounts: Mapping[str, Path],
    inherited: Mapping[str, str],
) -> dict[str, str]:
    """Return what a process gets whose definition says `defined`.

    A value that is a mount path (a key of `mounts`) or lies below one becomes the directory that stands for it here;
    AWS calls go to `endpoint`, with made-up credentials.
    """
    environment = {name: inherited[name] for name in INHERITED if name in inherited}
    environment |= {name: _on_this_computer(value, mounts) for name, value in defined.items()}
    environment |= {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": defined.get("AWS_REGION", region),
        "AWS_DEFAULT_REGION": defined.get("AWS_REGION", region),
        "AWS_CONFIG_FILE": devnull,
        "AWS_SHARED_CREDENTIALS_FILE": devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1,localhost",
        "PYTHONUNBUFFERED": "1",  # a line that is printed is a line in the log, also when the process is killed next
    }
    if "JWT_JWKS_URL" in defined:
        # The keys come from the emulator's pool; the issuer in the tokens stays AWS's.
        environment["JWT_JWKS_URL"] = endpoint + urlsplit(defined["JWT_JWKS_URL"]).path
    return environment


def task_environment(
    defined: Mapping[str, str],
    *,
    port: int,
    endpoint: str,
    region: str,
    mounts: Mapping[str, Path],
    inherited: Mapping[str, str],
) -> dict[str, str]:
    """Return the environment of an ECS task that listens on `port` of the loopback address."""
    environment = local_environment(defined, endpoint=endpoint, region=region, mounts=mounts, inherited=inherited)
    return environment | {"HOST": "127.0.0.1", "PORT": str(port)}


def _on_this_computer(value: str, mounts: Mapping[str, Path]) -> str:
    # The longest mount first: /data/expenses may be mounted inside /data.
    for mount in sorted(mounts, key=len, reverse=True):
        if value == mount:
            return str(mounts[mount])
        if value.startswith(mount.rstrip("/") + "/"):
            return str(mounts[mount] / value[len(mount.rstrip("/")) + 1 :])
    return value
