"""Who reaches the database, as whom, and what becomes of its data."""

import json
from pathlib import Path
from typing import Any

import pytest

from trackstack_infra.components.foundation import Foundation
from trackstack_infra.components.messaging import Queue
from trackstack_infra.components.postgres import Postgres
from trackstack_infra.components.task import ServiceTask
from trackstack_infra.components.volume import Volume
from trackstack_infra.graph import Graph, record
from trackstack_infra.names import DOMAINS
from trackstack_infra.settings.load import load_settings
from trackstack_infra.settings.models import EnterpriseSettings

ROOT = Path(__file__).parents[3]
GROUP = "aws:ec2/securityGroup:SecurityGroup"
INSTANCE = "aws:rds/instance:Instance"
POLICY = "aws:iam/rolePolicy:RolePolicy"


@pytest.fixture(scope="module")
def graph(private_network: Any) -> Graph:
    settings = load_settings("enterprise", ROOT)
    assert isinstance(settings, EnterpriseSettings)

    def program() -> None:
        network = private_network("nat")
        foundation, volume = Foundation(), Volume("data", network=network)
        queues = {domain: Queue(domain) for domain in DOMAINS}
        services = {
            domain: ServiceTask(
                domain,
                settings=settings,
                database="bridge",
                volume=volume,
                path=f"/services/{domain}",
                queue=queues[domain],
                publishes_to=queues[domain],
                tokens=foundation.tokens,
            )
            for domain in DOMAINS
        }
        Postgres("database", region="us-east-1", network=network, services=services)

    return record(program, stack="enterprise", outputs="fabricated")


def layer(graph: Graph, type_: str, name: str) -> str:
    found: str = graph.one(type_, name).inputs["tags"]["layer"]
    return found


def test_each_service_has_a_way_of_its_own(graph: Graph) -> None:
    """A security group of each service may call the database's on 5432; nothing else may, and it calls nobody."""
    names = {each.outputs["id"]: each.name for each in graph.all(GROUP)}
    into = {
        (names[each.inputs["referencedSecurityGroupId"]], names[each.inputs["securityGroupId"]], each.inputs["toPort"])
        for each in graph.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
        if names[each.inputs["securityGroupId"]] == "database-security-group"
    }
    assert into == {(f"{domain}-database-security-group", "database-security-group", 5432) for domain in DOMAINS}
    out = graph.all("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
    assert "database-security-group" not in {names[each.inputs["securityGroupId"]] for each in out}


def test_a_service_signs_in_as_its_own_role_only(graph: Graph) -> None:
    """Each service's role may sign in to this instance, as the domain's own user, and do nothing else there."""
    resource = graph.one(INSTANCE, "database-database").outputs["resourceId"]
    for domain in DOMAINS:
        policy = graph.one(POLICY, f"database-{domain}-signs-in").inputs
        assert policy["role"] == graph.one("aws:iam/role:Role", f"{domain}-task-role").inputs["name"]
        (statement,) = json.loads(policy["policy"])["Statement"]
        assert (statement["Effect"], statement["Action"]) == ("Allow", ["rds-db:connect"])
        assert statement["Resource"] == [f"arn:aws:rds-db:us-east-1:123456789012:dbuser:{resource}/{domain}"]


def test_the_ways_to_the_database_go_with_it(graph: Graph) -> None:
    """With the power off no service keeps a security group to a database that is not there."""
    for group in ("database-security-group", *(f"{domain}-database-security-group" for domain in DOMAINS)):
        assert layer(graph, GROUP, group) == "runtime"


def test_the_database_is_out_of_reach_and_encrypted(graph: Graph) -> None:
    """Private subnets, no public address, TLS or nothing, and a password that no state file holds."""
    instance = graph.one(INSTANCE, "database-database").inputs
    assert instance["publiclyAccessible"] is False
    assert instance["storageEncrypted"] is True
    assert instance["manageMasterUserPassword"] is True
    assert "password" not in instance
    assert instance["iamDatabaseAuthenticationEnabled"] is True
    parameters = graph.one("aws:rds/parameterGroup:ParameterGroup", "database-parameters").inputs["parameters"]
    assert [(each["name"], each["value"]) for each in parameters] == [("rds.force_ssl", "1")]
    private = {each.outputs["id"] for each in graph.all("aws:ec2/subnet:Subnet") if "private" in each.name}
    assert set(graph.one("aws:rds/subnetGroup:SubnetGroup", "database-subnets").inputs["subnetIds"]) == private


def test_the_database_goes_with_the_power(graph: Graph) -> None:
    """Its data comes from a backup each weekend, so nothing holds it back."""
    instance = graph.one(INSTANCE, "database-database")
    assert instance.inputs["tags"]["layer"] == "runtime"
    assert (instance.inputs["skipFinalSnapshot"], instance.inputs["deletionProtection"]) == (True, False)
    assert not instance.protect
    assert (instance.inputs["instanceClass"], instance.inputs["allocatedStorage"]) == ("db.t4g.micro", 20)
