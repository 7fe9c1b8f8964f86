"""Settings: the shipped files as they are, and what a wrong file is answered with."""

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from trackstack_infra.errors import SettingsError
from trackstack_infra.settings.load import load_settings
from trackstack_infra.settings.models import (
    EnterpriseSettings,
    FoundationSettings,
    Power,
    PragmaticSettings,
    ServiceSettings,
)

ROOT = Path(__file__).parents[3]
HEAD = "config:\n  aws:region: us-east-1\n"
ID = "20261128T020000Z-0123456789ab"


@pytest.fixture
def loaded(tmp_path: Path) -> Callable[..., Any]:
    """Loads the settings of a stack from a text."""

    def load(text: str | bytes, stack: str = "enterprise", **by_hand: object) -> Any:
        data = text.encode() if isinstance(text, str) else text
        (tmp_path / f"Pulumi.{stack}.yaml").write_bytes(data)
        return load_settings(stack, tmp_path, **by_hand)

    return load


@pytest.fixture
def refused(loaded: Callable[..., Any]) -> Callable[..., SettingsError]:
    """The error that a text is answered with: it always has a next step, and exit code 2."""

    def load(text: str | bytes, stack: str = "enterprise", **by_hand: object) -> SettingsError:
        with pytest.raises(SettingsError) as caught:
            loaded(text, stack, **by_hand)
        assert caught.value.exit_code == 2
        assert caught.value.hint
        return caught.value

    return load


def test_foundation_as_shipped() -> None:
    """Foundation has a region and nothing to choose."""
    assert load_settings("foundation", ROOT) == FoundationSettings(root=ROOT, region="us-east-1")


def test_pragmatic_as_shipped() -> None:
    """Pragmatic: one quarter of a vCPU on ARM Spot, two zones, rollback journal, two weeks of logs."""
    settings = load_settings("pragmatic", ROOT)
    assert isinstance(settings, PragmaticSettings)
    assert settings.power is Power.ON
    assert settings.azs == 2
    assert settings.cidr == IPv4Network("10.20.0.0/16")
    assert settings.journal == "truncate"
    assert settings.log_days == 14
    assert (settings.throttle.rate_per_s, settings.throttle.burst) == (20, 40)
    assert settings.registry == "localhost"
    assert settings.services.monolith == ServiceSettings(
        cpu=256, memory_mib=512, architecture="arm64", spot_share=Decimal("0.95")
    )


def test_enterprise_as_shipped() -> None:
    """Enterprise: three services of the same size on demand, in a network that does not overlap pragmatic's."""
    settings = load_settings("enterprise", ROOT)
    assert isinstance(settings, EnterpriseSettings)
    assert settings.cidr == IPv4Network("10.30.0.0/16")
    for name in ("expenses", "gym", "heating"):
        assert settings.service(name) == ServiceSettings(cpu=256, memory_mib=512, architecture="arm64")
    assert (settings.bridge.memory_mib, settings.bridge.architecture) == (1769, "arm64")
    assert settings.backup == "sample"


@pytest.mark.parametrize("stack", ["foundation", "pragmatic", "enterprise"])
def test_the_files_say_what_the_defaults_are(stack: str, loaded: Callable[..., Any]) -> None:
    """Every value in a shipped file is also what one gets without the line: the files show, they do not surprise."""
    shipped = load_settings(stack, ROOT).model_dump(exclude={"root"})
    assert loaded(HEAD, stack).model_dump(exclude={"root"}) == shipped


def test_settings_do_not_change_while_in_use() -> None:
    """Settings are frozen."""
    settings = load_settings("enterprise", ROOT)
    with pytest.raises(ValidationError):
        settings.region = "eu-central-1"


def test_a_value_by_hand_goes_over_the_file(loaded: Callable[..., Any]) -> None:
    """`trackstack down` deploys the same settings with the power off; `up` names a backup."""
    text = HEAD + '  trackstack:power: "on"\n  trackstack:azs: 3\n'
    assert loaded(text, power=Power.OFF, backup=ID).power is Power.OFF
    assert loaded(text, power=Power.OFF, backup=ID).backup == ID
    assert loaded(text, power="off").azs == 3


@pytest.mark.parametrize(
    ("written", "power"),
    [
        ("on", Power.ON),
        ("off", Power.OFF),
        ('"on"', Power.ON),
        ("'off'", Power.OFF),
        ("true", Power.ON),
        ("no", Power.OFF),
    ],
)
def test_power_may_be_written_without_quotes(written: str, power: Power, loaded: Callable[..., Any]) -> None:
    """YAML reads a bare on or off as true or false; both mean what they say."""
    assert loaded(f"{HEAD}  trackstack:power: {written}\n").power is power


def test_what_pulumi_writes_is_read(loaded: Callable[..., Any]) -> None:
    """`pulumi config set` writes numbers as text, and keeps its salt beside our settings."""
    text = (
        "encryptionsalt: v1:abc=\nconfig:\n  aws:region: eu-central-1\n  aws:profile: home\n"
        '  trackstack:azs: "3"\n  pulumi:tags: {a: b}\n'
    )
    settings = loaded(text)
    assert (settings.region, settings.azs) == ("eu-central-1", 3)


def test_one_service_is_changed_without_repeating_the_others(loaded: Callable[..., Any]) -> None:
    """What a file does not say about a service stays at its default, Spot for the monolith included."""
    services = loaded(HEAD + "  trackstack:services: {gym: {cpu: 512, memory_mib: 1024}}\n").services
    assert services.gym == ServiceSettings(cpu=512, memory_mib=1024)
    assert services.expenses == ServiceSettings()
    monolith = loaded(HEAD + "  trackstack:services: {monolith: {cpu: 512, memory_mib: 1024}}\n", "pragmatic")
    assert monolith.services.monolith.spot_share == Decimal("0.95")


def test_an_image_is_named_by_registry_and_content() -> None:
    """`<registry>/ts-<image>@sha256:<64 hex>`."""
    image = load_settings("enterprise", ROOT, registry="example.org/team").image("gym")
    name, _, digest = image.partition("@sha256:")
    assert name == "example.org/team/ts-gym"
    assert len(digest) == 64


def test_an_unknown_stack_names_the_three(tmp_path: Path) -> None:
    """A mistyped stack is answered with the stacks there are, and the one that was probably meant."""
    with pytest.raises(SettingsError) as caught:
        load_settings("enterprize", tmp_path)
    assert caught.value.message == "there is no stack 'enterprize'; did you mean enterprise?"
    assert caught.value.hint == "the stacks are foundation, pragmatic, enterprise"


def test_a_missing_file_says_where_and_how_to_get_it_back(tmp_path: Path) -> None:
    """The file is named, and the folder it should be in."""
    with pytest.raises(SettingsError) as caught:
        load_settings("pragmatic", tmp_path)
    assert caught.value.message == f"Pulumi.pragmatic.yaml is missing in {tmp_path}"
    assert caught.value.hint == "restore it with `git checkout -- Pulumi.pragmatic.yaml`"


def test_an_unknown_key_is_answered_with_key_value_and_the_one_meant(refused: Callable[..., SettingsError]) -> None:
    """A typo is an error, never ignored."""
    error = refused(HEAD + "  trackstack:azz: 3\n")
    assert error.message == (
        "Pulumi.enterprise.yaml: unknown key trackstack:azz (value 3); did you mean trackstack:azs?"
    )
    assert error.hint == (
        "rename or remove it; this stack has "
        "azs, backup, bridge, cidr, database, domain, egress, journal, log_days, observability, power, registry, "
        "schedule, services, throttle"
    )


def test_a_key_of_the_other_stack_is_unknown_here(refused: Callable[..., SettingsError]) -> None:
    """Pragmatic is seeded from no backup, and foundation has no power to switch."""
    assert (
        "unknown key trackstack:backup (value 'sample')"
        in refused(HEAD + "  trackstack:backup: sample\n", "pragmatic").message
    )
    assert (
        "unknown key trackstack:power (value True)" in refused(HEAD + "  trackstack:power: on\n", "foundation").message
    )


def test_an_unknown_key_below_a_setting_is_found_too(refused: Callable[..., SettingsError]) -> None:
    """Also inside a service, with the names that stand there."""
    error = refused(HEAD + "  trackstack:services: {gym: {cpus: 256}}\n")
    assert error.message == (
        "Pulumi.enterprise.yaml: unknown key trackstack:services.gym.cpus (value 256); "
        "did you mean trackstack:services.gym.cpu?"
    )
    assert error.hint == "rename or remove it; trackstack:services.gym has architecture, cpu, memory_mib, spot_share"


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("power: on", "power has no namespace (value True)", "write it as trackstack:power"),
        (
            "trackstak:power: on",
            "unknown key trackstak:power (value True); trackstak: is not a known namespace; did you mean trackstack?",
            "settings of this project begin with trackstack:",
        ),
        (
            "trackstack:region: us-east-1",
            "unknown key trackstack:region (value 'us-east-1'); did you mean aws:region?",
            "rename it to aws:region",
        ),
        (
            "trackstack:backup: {secure: v1abc}",
            "trackstack:backup is encrypted, but no setting of this project is a secret",
            "write its value in plain text",
        ),
    ],
)
def test_a_key_in_the_wrong_place_is_told_the_right_one(
    line: str, message: str, hint: str, refused: Callable[..., SettingsError]
) -> None:
    """Namespaces are part of a key, and `aws:region` is the one that is not ours."""
    error = refused(f"{HEAD}  {line}\n")
    assert (error.message, error.hint) == (f"Pulumi.enterprise.yaml: {message}", hint)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("azs: 0", "trackstack:azs is 0: must be greater than or equal to 1"),
        ("azs: 4", "trackstack:azs is 4: must be less than or equal to 3"),
        ("azs: true", "trackstack:azs is True: must be a number, not true or false"),
        ("azs: 1.5", "trackstack:azs is 1.5: must be a valid integer, got a number with a fractional part"),
        ("azs: two", "trackstack:azs is 'two': must be a valid integer, unable to parse string as an integer"),
        ("azs:", "trackstack:azs is None: must be a valid integer"),
        ("azs: [1, 2]", "trackstack:azs is [1, 2]: must be a valid integer"),
        ("power: maybe", "trackstack:power is 'maybe': must be 'on' or 'off'"),
        ("power: 1", "trackstack:power is 1: must be 'on' or 'off'"),
        ("journal: delete", "trackstack:journal is 'delete': must be 'truncate' or 'wal'"),
        ("cidr: 8.8.0.0/16", "trackstack:cidr is '8.8.0.0/16': must be in a private range"),
        ("cidr: 10.0.0.0/8", "trackstack:cidr is '10.0.0.0/8': must be a /16 to a /24, not a /8"),
        ("cidr: 10.0.0.0/25", "trackstack:cidr is '10.0.0.0/25': must be a /16 to a /24, not a /25"),
        ("cidr: 10.0.0.1/16", "must be a network, such as 10.30.0.0/16: 10.0.0.1/16 has host bits set"),
        ("cidr: 127.0.0.0/16", "trackstack:cidr is '127.0.0.0/16': must be in a private range"),
        ("cidr: 10", "trackstack:cidr is 10: must be a network, such as 10.30.0.0/16"),
        ("log_days: 10", "trackstack:log_days is 10: must be one of CloudWatch's retentions: 1, 3, 5, 7, 14, 30"),
        ("log_days: 2026-11-24", "trackstack:log_days is datetime.date(2026, 11, 24): must be a valid integer"),
        ("registry: https://example.org", "must be a host, an optional port and a path, without scheme"),
        ("registry: example.org/", "trackstack:registry is 'example.org/': must be a host"),
        ("backup: yesterday", "trackstack:backup is 'yesterday': must be 'sample' or a backup's id"),
        ("backup: 20261128", "trackstack:backup is 20261128: must be a valid string"),
        ("throttle: {rate_per_s: 0}", "trackstack:throttle.rate_per_s is 0: must be greater than or equal to 1"),
        ("throttle: 20", "trackstack:throttle is 20: must be a mapping"),
        ("bridge: {memory_mib: 100}", "trackstack:bridge.memory_mib is 100: must be greater than or equal to 512"),
        ("services: {gym: {architecture: arm}}", "trackstack:services.gym.architecture is 'arm': must be 'arm64' or"),
        (
            "services: {gym: {spot_share: often}}",
            "trackstack:services.gym.spot_share is 'often': must be a valid decimal",
        ),
        (
            "services: {gym: {spot_share: 1.5}}",
            "trackstack:services.gym.spot_share is 1.5: must be less than or equal to 1",
        ),
        ("egress: vpn", "trackstack:egress is 'vpn': must be 'nat', 'nat-per-az', 'nat-instance' or 'ipv6'"),
        (
            "domain: {name: Track.example.org, zone: example.org}",
            "trackstack:domain.name is 'Track.example.org': must be a",
        ),
        ("domain: {name: a.example.com, zone: example.org}", "name a.example.com is not in zone example.org"),
        ("schedule: {stop: 22:00}", "trackstack:schedule.stop is 1320: must be a time of day in quotes"),
        (
            "schedule: {timezone: Mars/Phobos}",
            "trackstack:schedule.timezone is 'Mars/Phobos': must be an IANA time zone",
        ),
        ('schedule: {stop: "08:00"}', "stops at 08:00 but starts at 08:00 the same day"),
        ("schedule: {days: [sat, sat]}", "must list at least one day, each once"),
        ("services: {gym: {cpu: 300}}", "Fargate has no task with cpu 300; it has 256, 512, 1024, 2048, 4096"),
        (
            "services: {gym: {cpu: 256, memory_mib: 4096}}",
            "Fargate has no task with cpu 256 and memory_mib 4096; it has memory_mib 512, 1024, 2048",
        ),
    ],
)
def test_a_wrong_value_is_told_what_it_must_be(line: str, problem: str, refused: Callable[..., SettingsError]) -> None:
    """File, key, value, and what would be right."""
    error = refused(f"{HEAD}  trackstack:{line}\n")
    assert error.message.startswith("Pulumi.enterprise.yaml: trackstack:")
    assert problem in error.message


def test_all_wrong_values_are_told_at_once(refused: Callable[..., SettingsError]) -> None:
    """One run names every mistake, not one after the other."""
    error = refused(HEAD + "  trackstack:azs: 9\n  trackstack:journal: none\n  trackstack:pwer: on\n")
    assert len(error.message.splitlines()) == 3


def test_a_wrong_region_is_told_what_one_looks_like(refused: Callable[..., SettingsError]) -> None:
    """The region is checked as well, and must be there."""
    assert refused("config:\n  aws:region: useast\n").message == (
        "Pulumi.enterprise.yaml: aws:region is 'useast': must be an AWS region, such as us-east-1 or eu-central-1"
    )
    missing = refused("config: {}\n")
    assert missing.message == "Pulumi.enterprise.yaml: aws:region is missing"
    assert missing.hint == "add a line `aws:region: …`"


def test_a_wrong_value_by_hand_is_not_blamed_on_the_file(refused: Callable[..., SettingsError]) -> None:
    """What came from the command line is said to have come from there."""
    error = refused(HEAD, backup="yesterday")
    assert error.message.startswith("override: trackstack:backup is 'yesterday'")
    assert error.hint == "give another value"


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (b"\xef\xbb\xbfconfig:\n", "begins with a byte order mark", "save the file as UTF-8 without BOM"),
        ("config:\n".encode("utf-16"), "begins with a byte order mark", "save the file as UTF-8 without BOM"),
        (b"config:\n  a: \xff\n", "line 2, is not UTF-8", "save the file as UTF-8"),
        ("config:\n\taws:region: us-east-1\n", "line 2, has a tab", "indent with two spaces; YAML allows no tabs"),
        (
            HEAD + "  trackstack:azs: 1\n  trackstack:azs: 2\n",
            "line 4: duplicate key trackstack:azs",
            "correct that line",
        ),
        (HEAD + "  trackstack:services: {gym: {cpu: 1, cpu: 2}}\n", "line 3: duplicate key cpu", "correct that line"),
        ("config:\n  ? [a]\n  : 1\n", "line 2: a key must be text", "correct that line"),
        ("config: {a: [}\n", "line 1: expected", "correct that line"),
        ("a: *b\n", "line 1: found undefined alias 'b'", "correct that line"),
        (HEAD + "---\nconfig: {}\n", "line 3: but found another document", "correct that line"),
        ("a: !!python/object:os.system b\n", "line 1: could not determine a constructor", "correct that line"),
        (
            "config:\n  trackstack:backup: 2026-13-45\n",
            "holds an invalid value: month",
            "put text in quotes",
        ),
        ("[" * 3000, "holds an invalid value", "put text in quotes"),
        ("\0", "is not YAML", "save it as plain UTF-8 text"),
        ("- config\n", "holds a list, not a mapping", "begin it with `config:`"),
        ("settings\n", "holds text, not a mapping", "begin it with `config:`"),
        ("config: 3\n", "config is a number, not a mapping", "such as `trackstack:azs: 2`"),
        ("conf: {}\n", "unknown key conf at the top; did you mean config?", "put settings below `config:`"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_sentence(
    text: str | bytes, message: str, hint: str, refused: Callable[..., SettingsError]
) -> None:
    """Marks, tabs, doubled keys, broken YAML: the file, the line and the fix, never a traceback."""
    error = refused(text)
    assert error.message.startswith("Pulumi.enterprise.yaml")
    assert message in error.message
    assert hint in (error.hint or "")


def test_windows_line_ends_are_fine(loaded: Callable[..., Any]) -> None:
    """A file saved on Windows reads the same."""
    assert loaded((HEAD + "  trackstack:azs: 3\n").replace("\n", "\r\n")).azs == 3


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "config:\n"])
def test_an_empty_file_misses_its_region(text: str, refused: Callable[..., SettingsError]) -> None:
    """Everything else has a default."""
    assert refused(text).message == "Pulumi.enterprise.yaml: aws:region is missing"


def test_a_file_that_may_not_be_read_is_a_sentence(tmp_path: Path) -> None:
    """A folder in the file's place, for one."""
    (tmp_path / "Pulumi.pragmatic.yaml").mkdir()
    with pytest.raises(SettingsError, match=r"cannot read .*Pulumi\.pragmatic\.yaml: Is a directory"):
        load_settings("pragmatic", tmp_path)


KEYS = [
    "config",
    "aws:region",
    "power",
    *(f"trackstack:{name}" for name in ("azs", "power", "cidr", "services", "gym")),
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates() | st.sampled_from(KEYS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=4), inner),
    max_leaves=8,
)


@given(document=VALUES)
@settings(max_examples=200, deadline=None)
def test_any_yaml_is_settings_or_a_sentence(document: object, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever YAML a file holds, at its top or as settings: it is read, or answered with a sentence."""
    folder = tmp_path_factory.mktemp("any")
    for content in (
        document,
        {"config": document},
        {"config": {"aws:region": "us-east-1", "trackstack:azs": document}},
    ):
        (folder / "Pulumi.enterprise.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        with suppress(SettingsError):
            load_settings("enterprise", folder)


@given(data=st.binary(max_size=80) | st.text(alphabet="ab:- []{}\t\n\"'#&*!|>%@`0", max_size=80).map(str.encode))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_settings_or_a_sentence(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever bytes a file holds, nobody sees a traceback."""
    folder = tmp_path_factory.mktemp("any")
    for content in (data, b"config:\n  aws:region: us-east-1\n  " + data):
        (folder / "Pulumi.enterprise.yaml").write_bytes(content)
        with suppress(SettingsError):
            load_settings("enterprise", folder)


def test_an_ipv6_task_needs_a_name_and_a_region_that_has_it(refused: Callable[..., SettingsError]) -> None:
    """CloudFront finds an IPv6-only task by name, and two regions run none."""
    line = "  trackstack:ingress: ipv6\n"
    assert refused(HEAD + line, "pragmatic").message == (
        "Pulumi.pragmatic.yaml: ingress ipv6 needs domain: {name: …, zone: …},"
        " because CloudFront resolves the task by name"
    )
    ireland = "config:\n  aws:region: eu-west-1\n"
    named = line + "  trackstack:domain: {name: track.example.org, zone: example.org}\n"
    assert "ingress ipv6 needs IPv6-only tasks, which Fargate does not offer in eu-west-1" in (
        refused(ireland + named, "pragmatic").message
    )
    assert "egress ipv6 needs IPv6-only tasks" in refused(ireland + "  trackstack:egress: ipv6\n").message


def test_postgres_is_called_over_ipv4(refused: Callable[..., SettingsError]) -> None:
    """RDS stands in subnets with IPv4, and tasks that have IPv6 only could not reach it."""
    error = refused(HEAD + "  trackstack:egress: ipv6\n  trackstack:database: postgres\n")
    assert error.message == (
        "Pulumi.enterprise.yaml: database postgres needs an egress other than ipv6: RDS has only IPv4 addresses"
    )


def test_nobody_is_trusted_and_nobody_gets_mail_until_named(loaded: Callable[..., Any]) -> None:
    """A fresh clone trusts no repository; naming one takes its numbers too, as names can change hands."""
    nobody = loaded(HEAD, "foundation")
    assert (nobody.github, nobody.budget.mail, nobody.budget.usd) == (None, None, 25)
    text = HEAD + "  trackstack:github: {owner: me, owner_id: 11, repository: track, repository_id: 22}\n"
    assert loaded(text, "foundation").github.branch == "main"


def test_a_group_given_by_hand_changes_only_what_it_names(loaded: Callable[..., Any]) -> None:
    """`--set services.gym.cpu=512` leaves the file's other services, and gym's memory, alone."""
    text = HEAD + "  trackstack:services: {gym: {cpu: 256, memory_mib: 1024}, heating: {spot_share: 0.5}}\n"
    services = loaded(text, services={"gym": {"cpu": 512}}).services
    assert services.gym == ServiceSettings(cpu=512, memory_mib=1024)
    assert services.heating == ServiceSettings(spot_share=Decimal("0.5"))
