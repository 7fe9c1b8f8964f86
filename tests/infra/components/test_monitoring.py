"""What of the monitoring host can be reached, and what it costs."""

from functools import partial

import pytest

from trackstack_infra.components.monitoring import MonitoringHost
from trackstack_infra.graph import Graph, record


@pytest.fixture(scope="module")
def graph() -> Graph:
    program = partial(MonitoringHost, "monitoring", region="eu-central-1")
    return record(program, stack="enterprise", outputs="fabricated")


def test_only_https_is_open(graph: Graph) -> None:
    """No login and no metrics from the net: 443 is the only opening of the host's firewall."""
    ports = graph.one("aws:lightsail/instancePublicPorts:InstancePublicPorts", "monitoring-ports").inputs
    assert ports["instanceName"] == "ts-enterprise-monitoring"
    assert [(each["protocol"], each["fromPort"], each["toPort"]) for each in ports["portInfos"]] == [("tcp", 443, 443)]


def test_the_host_is_the_smallest_that_holds_prometheus_and_grafana(graph: Graph) -> None:
    """2 GiB at $12 a month, which is billed by the hour, so it goes with the power."""
    host = graph.one("aws:lightsail/instance:Instance", "monitoring-host").inputs
    assert (host["bundleId"], host["blueprintId"]) == ("small_3_0", "amazon_linux_2023")
    assert host["availabilityZone"] == "eu-central-1a"
    assert "keyPairName" not in host
    assert host["tags"]["layer"] == "runtime"


def test_the_host_keeps_itself_up_to_date(graph: Graph) -> None:
    """It begins by switching on its security updates, and by nothing else."""
    script = graph.one("aws:lightsail/instance:Instance", "monitoring-host").inputs["userData"]
    assert "upgrade_type = security" in script
    assert "apply_updates = yes" in script
    assert "http" not in script
