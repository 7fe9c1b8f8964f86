"""The programs themselves: short, alike where the architectures are alike, and cheap to name."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from stacks import PROGRAMS
from trackstack_infra.graph import Graph, record

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("stack", ["foundation", "pragmatic", "enterprise"])
def test_a_program_is_read_on_one_page(stack: str) -> None:
    """A stack's whole architecture fits into fewer than 90 lines; beside them stand imports and outputs."""
    lines = (ROOT / "stacks" / f"{stack}.py").read_text().splitlines()
    begin = next(number for number, line in enumerate(lines) if line.startswith("def program"))
    assert len([line for line in lines[begin:] if not line.lstrip().startswith("pulumi.export(")]) < 90


def test_there_are_three_stacks() -> None:
    """foundation, pragmatic, enterprise; a fourth is not guessed."""
    assert list(PROGRAMS) == ["foundation", "pragmatic", "enterprise"]
    with pytest.raises(KeyError):
        PROGRAMS["production"]


def test_naming_the_stacks_does_not_load_pulumi() -> None:
    """The command line knows the stacks without paying for Pulumi."""
    code = "import sys, stacks; list(stacks.PROGRAMS); sys.exit('pulumi' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_settings_do_not_load_pulumi() -> None:
    """Settings are checked before anything heavy is loaded."""
    code = (
        "import sys; from pathlib import Path; from trackstack_infra.settings.load import load_settings;"
        "load_settings('enterprise', Path()); sys.exit('pulumi' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def kinds(graph: Graph) -> set[str]:
    """The components: one that is new belongs in a set below, where it is in one architecture only."""
    return {each.type for each in graph.resources if not each.custom}


def test_the_architectures_are_made_of_the_same_parts(pragmatic: Graph, enterprise: Graph) -> None:
    """What is only in one of them is the trade-off.

    Pragmatic, always on and on Spot, has a service registry, a way off Spot, a nightly backup, alarms and a dashboard;
    enterprise has a topic, NAT, a load balancer, the bridge, a flow log and a machine that watches.
    """
    assert kinds(pragmatic) - kinds(enterprise) == {
        "trackstack:alarms:Alarms",
        "trackstack:dashboard:Dashboard",
        "trackstack:discovery:Discovery",
        "trackstack:fallback:SpotFallback",
        "trackstack:nightly:NightlyBackup",
        "trackstack:schedule:Schedule",
    }
    assert kinds(enterprise) - kinds(pragmatic) == {
        "trackstack:balancer:LoadBalancer",
        "trackstack:data_bridge:BridgeRun",
        "trackstack:data_bridge:DataBridge",
        "trackstack:flowlog:FlowLog",
        "trackstack:messaging:EventBus",
        "trackstack:messaging:Subscription",
        "trackstack:monitoring:MonitoringHost",
        "trackstack:network:NatGateway",
    }


def test_pulumi_by_hand_runs_the_same_program(pragmatic: Graph) -> None:
    """`pulumi up -s pragmatic` starts stacks/ and gets the program that `trackstack up pragmatic` runs."""
    graph = record(
        lambda: runpy.run_path(str(ROOT / "stacks"), run_name="__main__") and None,
        stack="pragmatic",
        outputs="fabricated",
    )
    assert [each.urn for each in graph.resources] == [each.urn for each in pragmatic.resources]
    assert graph.outputs == pragmatic.outputs
