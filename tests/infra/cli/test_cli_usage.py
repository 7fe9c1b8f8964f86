"""What the command line says before anything runs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from trackstack_infra import errors
from trackstack_infra.cli.__main__ import main

CHECKOUT = Path(__file__).resolve().parents[3]


def test_help_names_every_verb_in_one_line(trackstack) -> None:
    """`trackstack --help` lists each verb with a whole sentence, within 80 columns."""
    shown = trackstack("--help")
    assert shown.returncode == 0
    verbs = shown.stdout.split("Commands:")[1].splitlines()[1:]
    assert [line.split()[0] for line in verbs if line.strip()] == [
        "up", "down", "destroy", "status", "outputs", "preview", "cost-report", "graph", "logs", "token", "import",
        "bridge", "policy", "cost", "local",
    ]  # fmt: skip
    assert all(len(line) <= 80 and line.endswith(".") and not line.endswith("...") for line in verbs if line.strip())


@pytest.mark.parametrize("group", ["bridge", "import", "policy", "cost", "cost prices", "local"])
def test_help_of_a_group_shows_whole_sentences(
    group: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each verb of a group has one sentence that fits its line, as in `trackstack --help`."""
    monkeypatch.setenv("COLUMNS", "80")
    assert main([*group.split(), "--help"]) == 0
    verbs = capsys.readouterr().out.split("Commands:")[1].splitlines()[1:]
    assert verbs
    assert all(len(line) <= 80 and line.endswith(".") and not line.endswith("...") for line in verbs)


def test_help_imports_neither_pulumi_nor_boto3() -> None:
    """`trackstack --help` answers at once, because nothing heavy is imported for it."""
    code = (
        "import sys; from trackstack_infra.cli.__main__ import main; main(['--help']);"
        "print([m for m in ('pulumi', 'pulumi_aws', 'boto3', 'moto', 'rich', 'pydantic') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert shown.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("verb", ["up", "down", "preview", "graph"])
def test_an_unknown_stack_is_a_usage_error_that_names_the_three(trackstack, verb: str) -> None:
    """A mistyped stack costs one sentence: exit code 2, and the names that exist."""
    shown = trackstack(verb, "enterprize")
    assert shown.returncode == 2
    assert shown.stdout == ""
    assert shown.stderr == (
        "error: there is no stack 'enterprize'\n  → the stacks are foundation, pragmatic, enterprise\n"
    )


def test_an_unknown_verb_and_a_missing_argument_are_usage_errors(trackstack) -> None:
    """Exit code 2 and the help that goes on, never a traceback."""
    unknown, missing = trackstack("upp"), trackstack("up")
    assert (unknown.returncode, missing.returncode) == (2, 2)
    assert unknown.stderr == "error: No such command 'upp'. Did you mean 'up'?\n  → run `trackstack --help`\n"
    assert missing.stderr == "error: Missing argument 'STACK'.\n  → run `trackstack up --help`\n"


@pytest.mark.parametrize("group", ["", "cost", "import"])
def test_a_command_without_a_verb_shows_its_help(trackstack, group: str) -> None:
    """It exits 2 like any unfinished command, but calls the help no error."""
    shown = trackstack(*group.split())
    assert (shown.returncode, shown.stdout) == (2, "")
    assert shown.stderr.startswith(f"Usage: trackstack {group}".rstrip())
    assert "error" not in shown.stderr.splitlines()[0]


def test_errors_are_json_for_those_who_asked_for_json(trackstack) -> None:
    """With --json an error is one document on stdout, with the same exit code as the process."""
    shown = trackstack("outputs", "enterprise", "--json")
    assert shown.returncode == 1
    assert json.loads(shown.stdout) == {
        "error": {"message": "enterprise is not up", "hint": "run `trackstack up enterprise`", "exit_code": 1}
    }
    assert shown.stderr == ""


@pytest.mark.parametrize(
    "command",
    [
        ("outputs", "pragmatic"),
        ("token", "pragmatic"),
        ("logs", "pragmatic"),
        ("bridge", "backup"),
    ],
)
def test_a_stack_that_is_not_up_is_named_with_the_command_that_brings_it_up(
    trackstack, command: tuple[str, ...]
) -> None:
    """Asking something of a stack that is not there exits 1 and says how to get it."""
    shown = trackstack(*command)
    assert shown.returncode == 1
    assert shown.stderr == "error: pragmatic is not up\n  → run `trackstack up pragmatic`\n"


def test_down_of_what_is_down_is_done(trackstack) -> None:
    """`down` may be repeated: where nothing runs there is nothing to take down, and that is success."""
    shown = trackstack("down", "pragmatic")
    assert (shown.returncode, shown.stdout) == (0, "pragmatic is already down: nothing is running.\n")


def test_destroy_wants_the_name_once_more(trackstack) -> None:
    """Without a terminal to ask, destroy does nothing until --confirm repeats the stack's name."""
    for arguments in (("destroy", "pragmatic"), ("destroy", "pragmatic", "--confirm", "enterprise")):
        shown = trackstack(*arguments)
        assert shown.returncode == 2
        assert "run `trackstack destroy pragmatic --confirm pragmatic`" in shown.stderr


def test_a_port_base_that_is_no_port_is_refused(trackstack) -> None:
    """TRACKSTACK_PORT_BASE is checked before anything starts."""
    for wrong in ("http", "80", "70000", "-1"):
        shown = trackstack("up", "foundation", TRACKSTACK_PORT_BASE=wrong)
        assert shown.returncode == 2
        assert f"TRACKSTACK_PORT_BASE is '{wrong}'" in shown.stderr


def test_status_of_nothing_says_so(trackstack) -> None:
    """On a fresh machine status shows three absent stacks and how to start one."""
    shown = trackstack("status")
    assert shown.returncode == 0
    assert [line.split()[:2] for line in shown.stdout.splitlines()[1:4]] == [
        ["foundation", "absent"],
        ["pragmatic", "absent"],
        ["enterprise", "absent"],
    ]
    assert "No stack is up. Start one: ./trackstack up STACK." in shown.stdout
    assert json.loads(trackstack("status", "--json").stdout)["local_cloud"] is None


def test_an_import_of_a_domain_that_does_not_exist_is_refused(trackstack, tmp_path: Path) -> None:
    """The three domains are named."""
    shown = trackstack("import", "pragmatic", "diet", str(tmp_path / "x.csv"))
    assert shown.returncode == 2
    assert "the domains are expenses, gym, heating" in shown.stderr


def test_output_in_a_pipe_has_no_colours(trackstack) -> None:
    """What is piped or read with NO_COLOR holds no escape codes."""
    assert "\x1b[" not in trackstack("status").stdout + trackstack("up", "nope").stderr


def test_the_documentation_names_every_verb_and_every_exit_code(trackstack) -> None:
    """docs/cli.md lists what `--help` lists, and the exit codes that errors carry."""
    text = (CHECKOUT / "docs" / "cli.md").read_text()
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    documented = {
        part.strip(" `").split()[0] for row in rows for part in row.split(",") if part.strip().startswith("`")
    }
    listed = {
        line.split()[0] for line in trackstack("--help").stdout.split("Commands:")[1].splitlines() if line.strip()
    }
    assert listed <= documented
    codes = {line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| ") and line[2].isdigit()}
    raised = {str(error.exit_code) for error in (errors.TrackStackError, *_below(errors.TrackStackError))}
    assert codes == {"0", *raised}


def _below(error: type[errors.TrackStackError]) -> list[type[errors.TrackStackError]]:
    return [found for child in error.__subclasses__() for found in (child, *_below(child))]


def test_up_refuses_postgres_before_it_starts_anything(trackstack, home: Path) -> None:
    """Exit 2, the setting, the reason and the way on; no cloud was started and nothing written. Drawing it works."""
    for arguments in (["up", "enterprise"], ["up", "enterprise", "--dry-run"]):
        refused = trackstack(*arguments, "--set", "database=postgres")
        assert refused.returncode == 2, refused.stderr
        assert "error: trackstack:database is 'postgres', but the services support only SQLite" in refused.stderr
        assert "set it to sqlite" in refused.stderr
    assert not home.exists()
    drawn = trackstack("graph", "enterprise", "--set", "database=postgres", "--format", "mermaid")
    assert drawn.returncode == 0, drawn.stderr
    assert "database" in drawn.stdout


def test_up_does_not_take_the_power_as_a_setting(trackstack) -> None:
    """`up` is power on; the error names the verb that switches off."""
    refused = trackstack("up", "pragmatic", "--set", "power=off")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "`trackstack down pragmatic`" in refused.stderr
