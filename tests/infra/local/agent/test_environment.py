"""The environment a task gets on this computer."""

from os import devnull
from pathlib import Path

import pytest

from trackstack_infra.local.agent.environment import local_environment, task_environment

ENDPOINT = "http://127.0.0.1:8600"


def environment(
    defined: dict[str, str], mounts: dict[str, Path] | None = None, inherited: dict[str, str] | None = None
) -> dict[str, str]:
    """Return what a task with this definition gets."""
    return task_environment(
        defined, port=41000, endpoint=ENDPOINT, region="eu-central-1", mounts=mounts or {}, inherited=inherited or {}
    )


def test_a_task_listens_on_loopback_whatever_its_definition_says() -> None:
    """A container listens on all addresses of its own network; a process on this computer only on loopback."""
    found = environment({"HOST": "0.0.0.0", "PORT": "8000"})
    assert (found["HOST"], found["PORT"]) == ("127.0.0.1", "41000")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("/data", "/home/me/efs/expenses"),
        ("/data/app.db", "/home/me/efs/expenses/app.db"),
        ("/data/", "/home/me/efs/expenses"),
        ("/database", "/database"),
        ("/data/cache/x", "/scratch/cache/x"),
        ("see /data", "see /data"),
        ("", ""),
    ],
)
def test_mount_paths_become_directories_of_this_computer(value: str, expected: str) -> None:
    """A value that lies in a mounted directory points to what stands for it, the innermost mount first."""
    mounts = {"/data": Path("/home/me/efs/expenses"), "/data/cache": Path("/scratch/cache")}
    assert environment({"X": value}, mounts)["X"] == expected


def test_a_mount_of_the_root_holds_every_path() -> None:
    """An EFS mounted at / stands for every absolute path."""
    assert environment({"X": "/a/b"}, {"/": Path("/efs")})["X"] == "/efs/a/b"


def test_aws_calls_go_to_the_emulator_with_made_up_credentials() -> None:
    """A task never sees the user's AWS keys, profile or endpoint, even when they are set where trackstack runs."""
    found = environment(
        {"AWS_REGION": "us-east-1"},
        inherited={"AWS_PROFILE": "work", "AWS_ACCESS_KEY_ID": "AKIAREAL", "PATH": "/usr/bin", "SECRET": "s"},
    )
    assert found["AWS_ENDPOINT_URL"] == ENDPOINT
    assert found["AWS_ACCESS_KEY_ID"] == "local"
    assert found["AWS_REGION"] == found["AWS_DEFAULT_REGION"] == "us-east-1"
    assert found["AWS_CONFIG_FILE"] == found["AWS_SHARED_CREDENTIALS_FILE"] == devnull
    assert found["PATH"] == "/usr/bin"
    assert not {"AWS_PROFILE", "SECRET"} & found.keys()


def test_a_task_without_a_region_gets_the_stacks() -> None:
    """On AWS a task knows its region without being told."""
    assert environment({})["AWS_REGION"] == "eu-central-1"


def test_token_keys_come_from_the_emulator_and_the_issuer_stays_awss() -> None:
    """Tokens of the local pool name AWS's issuer; their keys are fetched from the emulator."""
    issuer = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_abc"
    found = environment({"JWT_ISSUER": issuer, "JWT_JWKS_URL": f"{issuer}/.well-known/jwks.json"})
    assert found["JWT_ISSUER"] == issuer
    assert found["JWT_JWKS_URL"] == "http://127.0.0.1:8600/eu-central-1_abc/.well-known/jwks.json"


def test_a_function_gets_no_port() -> None:
    """Lambda functions do not listen."""
    found = local_environment({"A": "b"}, endpoint=ENDPOINT, region="eu-central-1", mounts={}, inherited={})
    assert found["A"] == "b"
    assert not {"HOST", "PORT", "JWT_JWKS_URL"} & found.keys()
