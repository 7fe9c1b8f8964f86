"""The provider creates and deletes without asking, so it must be unable to reach AWS."""

from pathlib import Path

import pytest

from trackstack_infra.local.provider import Clients


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "https://127.0.0.1:8600",
        "http://127.0.0.1",
        "http://localhost:8600",
        "http://127.0.0.2:8600",
        "http://0.0.0.0:8600",
        "http://127.0.0.1:8600.evil.test",
        "http://127.0.0.1:8600@evil.test",
        "http://evil.test/?http://127.0.0.1:8600",
        "http://192.168.1.10:8600",
        "https://sqs.us-east-1.amazonaws.com",
    ],
)
def test_only_a_loopback_address_is_accepted(endpoint: str) -> None:
    """No endpoint but a port of this computer is accepted, whatever it looks like."""
    with pytest.raises(ValueError, match=r"accepts only http://127\.0\.0\.1:PORT or http://\[::1\]:PORT, not"):
        Clients(endpoint, "us-east-1")


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:8600", "http://[::1]:8600"])
def test_a_loopback_address_is_accepted(endpoint: str) -> None:
    """Both loopback addresses are."""
    assert Clients(endpoint, "us-east-1").client("sqs").meta.endpoint_url == endpoint


def test_the_users_own_settings_are_not_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Credentials, profiles and endpoints of the user's environment change nothing."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAREAL")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "real")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://sqs.eu-west-1.amazonaws.com")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.test:3128")
    monkeypatch.setenv("AWS_PROFILE", "a-profile-that-does-not-exist")
    monkeypatch.setenv("AWS_DEFAULTS_MODE", "auto")
    monkeypatch.setenv("AWS_USE_FIPS_ENDPOINT", "true")
    monkeypatch.setenv("AWS_USE_DUALSTACK_ENDPOINT", "true")
    config = tmp_path / "config"
    config.write_text("[default]\nendpoint_url = https://evil.test\nregion = eu-west-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    client = Clients("http://127.0.0.1:8600", "us-east-1").client("sqs")
    assert client.meta.endpoint_url == "http://127.0.0.1:8600"
    assert client.meta.region_name == "us-east-1"
    assert client._request_signer._credentials.access_key == "local"
    assert client.meta.config.proxies == {}
    assert client.meta.config.use_fips_endpoint is not True


def test_a_client_is_made_once() -> None:
    """All handlers share one client, and its connections, of a service."""
    aws = Clients("http://127.0.0.1:8600", "us-east-1")
    assert aws.client("sqs") is aws.client("sqs")
