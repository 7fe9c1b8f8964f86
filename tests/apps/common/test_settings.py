"""Settings: read once, checked in words."""

from pathlib import Path

import pytest

from apps.common.location import locate
from apps.common.settings import SettingsRefused, is_loopback, settings_of

BASE = {"DATA_DIR": "/data", "AUTH": "off"}
TOKENS = {"JWT_ISSUER": "https://issuer", "JWT_CLIENT_ID": "app", "JWT_JWKS_URL": "https://issuer/jwks"}


def test_little_is_needed_on_ones_own_machine() -> None:
    """With AUTH=off on loopback only the data's place must be named; variables of others are none of our business."""
    settings = settings_of({**BASE, "PATH": "/bin", "AWS_REGION": "eu-central-1", "QUEUE_URL": ""})
    assert (settings.host, settings.port, settings.database, settings.journal) == ("127.0.0.1", 8000, "own", "truncate")
    assert settings.queue_url is None
    assert not settings.uses_aws
    assert settings_of({**BASE, "QUEUE_URL": "http://q"}).uses_aws


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({"AUTH": "off"}, "DATA_DIR: must be set"),
        ({**BASE, "PORT": "eighty"}, "PORT: "),
        ({**BASE, "PORT": "65536"}, "PORT: "),
        ({**BASE, "JOURNAL": "delete"}, "JOURNAL: "),
        ({**BASE, "DATABASE": "postgres"}, "DATABASE: "),
        ({**BASE, "AUTH": "maybe"}, "AUTH: "),
        ({**BASE, "HOST": "10.0.0.1"}, "AUTH=off is accepted on a loopback address only, but HOST is 10.0.0.1"),
        ({"DATA_DIR": "/data"}, "JWT_ISSUER, JWT_JWKS_URL, JWT_CLIENT_ID must be set"),
        ({"DATA_DIR": "/data", **TOKENS, "JWT_CLIENT_ID": ""}, "JWT_CLIENT_ID must be set"),
        ({"DATA_DIR": "/data", **TOKENS, "JWT_JWKS_URL": "http://issuer/jwks"}, "JWT_JWKS_URL must be https"),
        ({"DATA_DIR": "/data", **TOKENS, "JWT_JWKS_URL": "file:///etc/passwd"}, "JWT_JWKS_URL must be https"),
        ({**BASE, "EVENTS_TOPIC_ARN": "a", "EVENTS_QUEUE_URL": "b"}, "are both set; choose where events are published"),
    ],
)
def test_a_wrong_variable_is_named(environment: dict[str, str], reason: str) -> None:
    """The error names the variable and says what it should be."""
    with pytest.raises(SettingsRefused) as refused:
        settings_of(environment)
    assert reason in str(refused.value)


def test_keys_may_come_from_this_machine_without_tls() -> None:
    """The emulator's keys are fetched over plain HTTP, which is fine on loopback."""
    assert settings_of({"DATA_DIR": "/d", **TOKENS, "JWT_JWKS_URL": "http://127.0.0.1:8600/p/jwks.json"}).auth == "on"


def test_what_counts_as_this_machine() -> None:
    """Loopback addresses and localhost do; names that merely look so do not."""
    assert all(is_loopback(host) for host in ("127.0.0.1", "127.8.8.8", "::1", "localhost"))
    for host in ("0.0.0.0", "127.0.0.1.evil.test", "localhost.evil.test", "::", "", None):
        assert not is_loopback(host)


def test_the_data_directory_is_made(tmp_path: Path) -> None:
    """An own database lies in DATA_DIR as app.db; a directory that cannot be created is refused in a sentence."""
    settings = settings_of({**BASE, "DATA_DIR": str(tmp_path / "new" / "data")})
    assert locate(settings, ["expenses", "gym"]).path == tmp_path / "new" / "data" / "app.db"
    assert (tmp_path / "new" / "data").is_dir()
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsRefused, match="cannot be created"):
        locate(settings_of({**BASE, "DATA_DIR": str(tmp_path / "file" / "data")}), ["gym"])


def test_only_what_the_bridge_published_is_served(tmp_path: Path) -> None:
    """CURRENT must be there and name a backup whose file is there: else the sentence says which is not."""
    settings = settings_of({**BASE, "DATA_DIR": str(tmp_path), "DATABASE": "bridge"})
    with pytest.raises(SettingsRefused, match="CURRENT cannot be read, so there is no data to serve"):
        locate(settings, ["gym"])
    current = tmp_path / "CURRENT"
    for wrong in ("", "\n", "../../etc/passwd", "a b", "x" * 200, "two\nlines"):
        current.write_text(wrong)
        with pytest.raises(SettingsRefused, match="does not name a backup"):
            locate(settings, ["gym"])
    current.write_bytes(b"\xff")
    with pytest.raises(SettingsRefused, match="cannot be read"):
        locate(settings, ["gym"])
    current.write_text("20261124T020000Z-0123456789ab\n")
    with pytest.raises(
        SettingsRefused, match=r"gym\.20261124T020000Z-0123456789ab\.db is missing; run the data bridge"
    ):
        locate(settings, ["gym"])
    (tmp_path / "gym.20261124T020000Z-0123456789ab.db").write_bytes(b"")
    found = locate(settings, ["gym"])
    assert found.path == tmp_path / "gym.20261124T020000Z-0123456789ab.db"
    assert found.backup == "20261124T020000Z-0123456789ab"
    with pytest.raises(SettingsRefused, match="is for one domain a process; this one has gym, heating"):
        locate(settings, ["gym", "heating"])
