"""Who reaches the database, as whom, and what becomes of its data."""

from typing import Any

import pytest

from trackstack_infra.components.gate import Gate
from trackstack_infra.components.policy import document
from trackstack_infra.components.postgres import Postgres
from trackstack_infra.graph import Graph, record

INSTANCE = "aws:rds/instance:Instance"
DOMAINS = ("expenses", "gym", "heating")
STATEMENTS: dict[str, Any] = {}


@pytest.fixture(scope="module")
def graph(private_network: Any) -> Graph:
    def program() -> None:
        network = private_network("nat")
        gates = {domain: Gate(domain, network=network, purpose=f"Tasks of {domain}") for domain in DOMAINS}
        postgres = Postgres("postgres", region="us-east-1", network=network, services=gates)
        document(postgres.may_connect("gym")).apply(lambda text: STATEMENTS.update(gym=text))

    return record(program, stack="enterprise", outputs="fabricated")


def test_each_service_has_a_way_of_its_own(graph: Graph) -> None:
    """Three gates may call the database's on 5432; nothing else may, and the database calls nobody."""
    database = graph.one("aws:ec2/securityGroup:SecurityGroup", "database-gate").outputs["id"]
    allowed = {
        each.inputs["description"]: (each.inputs["fromPort"], each.inputs["toPort"], each.inputs["securityGroupId"])
        for each in graph.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    }
    assert allowed == {f"{domain} to database": (5432, 5432, database) for domain in DOMAINS}
    out = graph.all("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
    assert database not in {each.inputs["securityGroupId"] for each in out}


def test_a_service_signs_in_as_its_own_role_only(graph: Graph) -> None:
    """The permission names this instance and the domain's own user."""
    resource = graph.one(INSTANCE, "postgres-database").outputs["resourceId"]
    user = f"arn:aws:rds-db:us-east-1:123456789012:dbuser:{resource}/gym"
    assert f'"Action": ["rds-db:connect"], "Resource": ["{user}"]' in STATEMENTS["gym"]


def test_the_database_is_out_of_reach_and_encrypted(graph: Graph) -> None:
    """Private subnets, no public address, TLS or nothing, and a password that no state file holds."""
    instance = graph.one(INSTANCE, "postgres-database").inputs
    assert instance["publiclyAccessible"] is False
    assert instance["storageEncrypted"] is True
    assert instance["manageMasterUserPassword"] is True
    assert "password" not in instance
    assert instance["iamDatabaseAuthenticationEnabled"] is True
    parameters = graph.one("aws:rds/parameterGroup:ParameterGroup", "postgres-parameters").inputs["parameters"]
    assert [(each["name"], each["value"]) for each in parameters] == [("rds.force_ssl", "1")]
    private = {each.outputs["id"] for each in graph.all("aws:ec2/subnet:Subnet") if "private" in each.name}
    assert set(graph.one("aws:rds/subnetGroup:SubnetGroup", "postgres-subnets").inputs["subnetIds"]) == private


def test_the_database_goes_with_the_power(graph: Graph) -> None:
    """Its data comes from a backup each weekend, so nothing holds it back."""
    instance = graph.one(INSTANCE, "postgres-database")
    assert instance.inputs["tags"]["layer"] == "runtime"
    assert (instance.inputs["skipFinalSnapshot"], instance.inputs["deletionProtection"]) == (True, False)
    assert not instance.protect
    assert (instance.inputs["instanceClass"], instance.inputs["allocatedStorage"]) == ("db.t4g.micro", 20)
