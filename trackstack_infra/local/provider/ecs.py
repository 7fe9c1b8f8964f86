"""ECS: clusters, what tasks run, and services."""

import json
import time
from typing import Any

from trackstack_infra.local.provider.clients import Client
from trackstack_infra.local.provider.handler import Outputs
from trackstack_infra.local.provider.recipe import Found, Recipe
from trackstack_infra.local.provider.shapes import Inputs, call, text
from trackstack_infra.local.provider.tagging import TagResource, tags

_TAGGING = TagResource("resourceArn", "tags", "tagKeys", "key")

# ECS kills a task 120 s after it asked it to stop, at most (stopTimeout); then there is nothing left to wait for.
LONGEST_STOP_S = 125
_ASK_AGAIN_S = 0.1


def _cluster(client: Client, ref: str, inputs: Inputs) -> Found | None:
    found = client.describe_clusters(clusters=[ref])["clusters"]
    return found[0] if found and found[0]["status"] != "INACTIVE" else None


CLUSTER = Recipe(
    "aws:ecs/cluster:Cluster",
    service="ecs",
    fixed="name",
    changes="settings configuration serviceConnectDefaults",
    name_property="name",
    make=lambda client, inputs: call(
        client, "CreateCluster", inputs, clusterName=inputs["name"], tags=tags(inputs, "key")
    )["cluster"],
    look=_cluster,
    identify="clusterArn",
    shown={"arn": "clusterArn"},
    change=lambda client, ref, old, new: call(client, "UpdateCluster", new, cluster=ref),
    remove=lambda client, ref, outputs: client.delete_cluster(cluster=ref),
    search=lambda client, inputs: _cluster(client, inputs["name"], inputs),
    tagging=_TAGGING,
)


def _put_capacity(client: Client, inputs: Inputs) -> Found:
    cluster = inputs["clusterName"]
    strategy = inputs.get("defaultCapacityProviderStrategies") or []
    given = {"capacityProviders": inputs.get("capacityProviders") or [], "defaultCapacityProviderStrategy": strategy}
    found: Found = call(client, "PutClusterCapacityProviders", given, cluster=cluster)["cluster"]
    return found


def _capacity(client: Client, ref: str, inputs: Inputs) -> Found | None:
    found = _cluster(client, ref, inputs)
    return found if found and found.get("capacityProviders") else None


CLUSTER_CAPACITY_PROVIDERS = Recipe(
    "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
    service="ecs",
    fixed="clusterName",
    changes="capacityProviders defaultCapacityProviderStrategies",
    make=_put_capacity,
    look=_capacity,
    identify="clusterName",
    shown={},
    change=lambda client, ref, old, new: _put_capacity(client, new),
    remove=lambda client, ref, outputs: _put_capacity(client, {"clusterName": ref}),
    search=lambda client, inputs: _capacity(client, inputs["clusterName"], inputs),
)


def _register(client: Client, inputs: Inputs) -> Found:
    given = {**inputs, "containerDefinitions": json.loads(inputs["containerDefinitions"])}
    answer = call(client, "RegisterTaskDefinition", given, tags=tags(inputs, "key"))
    return _with_family_arn(answer["taskDefinition"])


def _with_family_arn(found: Found) -> Found:
    return {**found, "familyArn": str(found["taskDefinitionArn"]).rpartition(":")[0]}


def _definition(client: Client, ref: str, inputs: Inputs) -> Found | None:
    found: Found = client.describe_task_definition(taskDefinition=ref)["taskDefinition"]
    return _with_family_arn(found) if found["status"] == "ACTIVE" else None


TASK_DEFINITION = Recipe(
    "aws:ecs/taskDefinition:TaskDefinition",
    service="ecs",
    fixed=(
        "family containerDefinitions cpu memory networkMode requiresCompatibilities runtimePlatform volumes "
        "executionRoleArn taskRoleArn ephemeralStorage placementConstraints proxyConfiguration ipcMode pidMode"
    ),
    changes="skipDestroy trackLatest",
    make=_register,
    look=_definition,
    identify="taskDefinitionArn",
    shown={"arn": "taskDefinitionArn", "arnWithoutRevision": "familyArn", "revision": "revision"},
    remove=lambda client, ref, outputs: client.deregister_task_definition(taskDefinition=ref),
    # A revision that an interrupted run left behind is never run and costs nothing: the next one is simply the next.
    search=lambda client, inputs: None,
    tagging=_TAGGING,
    deletes_first=False,  # revisions of a family live side by side
)


def _service_request(inputs: Inputs) -> dict[str, Any]:
    """The parts of a service that Terraform spells otherwise."""
    breaker = inputs.get("deploymentCircuitBreaker")
    deployment = {
        "maximumPercent": _number(inputs.get("deploymentMaximumPercent")),
        "minimumHealthyPercent": _number(inputs.get("deploymentMinimumHealthyPercent")),
        "deploymentCircuitBreaker": {"enable": breaker["enable"], "rollback": breaker["rollback"]} if breaker else None,
    }
    network = inputs.get("networkConfiguration")
    awsvpc = network and {
        "subnets": list(network["subnets"]),
        "securityGroups": list(network.get("securityGroups") or []),
        "assignPublicIp": "ENABLED" if network.get("assignPublicIp") else "DISABLED",
    }
    return {
        "deploymentConfiguration": {key: value for key, value in deployment.items() if value is not None} or None,
        "networkConfiguration": {"awsvpcConfiguration": awsvpc} if awsvpc else None,
    }


def _number(value: Any) -> int | None:
    return None if value is None else int(text(value))


def _service_inputs(inputs: Inputs) -> Inputs:
    by_hand = ("networkConfiguration", "deploymentConfiguration")
    return {key: value for key, value in inputs.items() if key not in by_hand}


def _make_service(client: Client, inputs: Inputs) -> Found:
    request = {"serviceName": inputs["name"], "tags": tags(inputs, "key"), **_service_request(inputs)}
    found: Found = call(client, "CreateService", _service_inputs(inputs), **request)["service"]
    return found


def _service(client: Client, ref: str, inputs: Inputs) -> Found | None:
    found = client.describe_services(cluster=inputs["cluster"], services=[ref])["services"]
    return found[0] if found and found[0]["status"] == "ACTIVE" else None


def _change_service(client: Client, ref: str, old: Inputs, new: Inputs) -> None:
    call(client, "UpdateService", _service_inputs(new), service=ref, **_service_request(new))


def _drain(client: Client, ref: str, outputs: Outputs) -> None:
    """Ask for no tasks, wait until they have stopped, and only then delete: what is deleted next, they still use."""
    cluster = outputs["cluster"]
    client.update_service(cluster=cluster, service=ref, desiredCount=0)
    end = time.monotonic() + LONGEST_STOP_S
    while time.monotonic() < end and client.list_tasks(cluster=cluster, serviceName=ref)["taskArns"]:
        time.sleep(_ASK_AGAIN_S)
    client.delete_service(cluster=cluster, service=ref, force=True)


SERVICE = Recipe(
    "aws:ecs/service:Service",
    service="ecs",
    fixed="name cluster launchType schedulingStrategy",
    changes=(
        "taskDefinition desiredCount capacityProviderStrategies deploymentMaximumPercent "
        "deploymentMinimumHealthyPercent deploymentCircuitBreaker networkConfiguration loadBalancers serviceRegistries "
        "healthCheckGracePeriodSeconds enableEcsManagedTags enableExecuteCommand propagateTags platformVersion "
        "availabilityZoneRebalancing waitForSteadyState forceDelete forceNewDeployment triggers"
    ),
    name_property="name",
    make=_make_service,
    look=_service,
    identify="serviceArn",
    shown={"arn": "serviceArn"},
    change=_change_service,
    remove=_drain,
    search=lambda client, inputs: _service(client, inputs["name"], inputs),
    tagging=_TAGGING,
)


def _put_setting(client: Client, inputs: Inputs) -> Found:
    found: Found = call(client, "PutAccountSettingDefault", inputs)["setting"]
    return found


def _setting(client: Client, ref: str, inputs: Inputs) -> Found | None:
    found = client.list_account_settings(name=ref, effectiveSettings=True)["settings"]
    return found[0] if found else None


ACCOUNT_SETTING = Recipe(
    "aws:ecs/accountSettingDefault:AccountSettingDefault",
    service="ecs",
    fixed="name",
    changes="value",
    make=_put_setting,
    look=_setting,
    identify="name",
    shown={},
    change=lambda client, ref, old, new: _put_setting(client, new),
    remove=lambda client, ref, outputs: client.delete_account_setting(name=ref),
    search=lambda client, inputs: _setting(client, inputs["name"], inputs),
    deletes_first=True,  # an account has one setting of a name
)

RECIPES = (CLUSTER, CLUSTER_CAPACITY_PROVIDERS, TASK_DEFINITION, SERVICE, ACCOUNT_SETTING)
