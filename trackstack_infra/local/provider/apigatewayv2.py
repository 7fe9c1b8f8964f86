"""API Gateway: HTTP APIs, what they check, and where they send calls."""

from typing import Any

from trackstack_infra.local.provider.clients import ACCOUNT, Client
from trackstack_infra.local.provider.handler import Outputs
from trackstack_infra.local.provider.recipe import Found, Recipe
from trackstack_infra.local.provider.shapes import Inputs, call
from trackstack_infra.local.provider.tagging import TagResource, tags

_TAGGING = TagResource("ResourceArn", "Tags", "TagKeys", "map")


def _with_arns(client: Client, found: Found) -> Found:
    region, api = client.meta.region_name, found["ApiId"]
    arns = {
        "Arn": f"arn:aws:apigateway:{region}::/apis/{api}",
        "ExecutionArn": f"arn:aws:execute-api:{region}:{ACCOUNT}:{api}",
    }
    return {**found, **arns}


def _api_by_name(client: Client, inputs: Inputs) -> Found | None:
    same = [api for api in client.get_apis()["Items"] if api["Name"] == inputs["name"]]
    return _with_arns(client, same[0]) if same else None


API = Recipe(
    "aws:apigatewayv2/api:Api",
    service="apigatewayv2",
    fixed="protocolType ipAddressType",
    changes="name description corsConfiguration disableExecuteApiEndpoint version",
    name_property="name",
    make=lambda client, inputs: _with_arns(client, call(client, "CreateApi", inputs, Tags=tags(inputs, "map"))),
    look=lambda client, ref, inputs: _with_arns(client, client.get_api(ApiId=ref)),
    identify="ApiId",
    shown={"arn": "Arn", "executionArn": "ExecutionArn", "apiEndpoint": "ApiEndpoint"},
    change=lambda client, ref, old, new: call(client, "UpdateApi", new, ApiId=ref),
    remove=lambda client, ref, outputs: client.delete_api(ApiId=ref),
    search=_api_by_name,
    tagging=_TAGGING,
)


def _with_stage_arns(client: Client, found: Found, inputs: Inputs) -> Found:
    region, api, name = client.meta.region_name, inputs["apiId"], found["StageName"]
    path = "" if name == "$default" else name
    return {
        **found,
        "Arn": f"arn:aws:apigateway:{region}::/apis/{api}/stages/{name}",
        "ExecutionArn": f"arn:aws:execute-api:{region}:{ACCOUNT}:{api}/{name}",
        "InvokeUrl": f"https://{api}.execute-api.{region}.amazonaws.com/{path}",
    }


def _stage(client: Client, ref: str, inputs: Inputs) -> Found:
    return _with_stage_arns(client, client.get_stage(ApiId=inputs["apiId"], StageName=ref), inputs)


STAGE = Recipe(
    "aws:apigatewayv2/stage:Stage",
    service="apigatewayv2",
    fixed="apiId name",
    changes="autoDeploy defaultRouteSettings accessLogSettings description stageVariables",
    name_property="name",
    make=lambda client, inputs: _with_stage_arns(
        client, call(client, "CreateStage", inputs, StageName=inputs["name"], Tags=tags(inputs, "map")), inputs
    ),
    look=_stage,
    identify="StageName",
    shown={"arn": "Arn", "executionArn": "ExecutionArn", "invokeUrl": "InvokeUrl"},
    change=lambda client, ref, old, new: call(client, "UpdateStage", new, StageName=ref),
    remove=lambda client, ref, outputs: client.delete_stage(ApiId=outputs["apiId"], StageName=ref),
    search=lambda client, inputs: _stage(client, inputs["name"], inputs),
    tagging=_TAGGING,
)


def _with_link_arn(client: Client, found: Found) -> Found:
    return {**found, "Arn": f"arn:aws:apigateway:{client.meta.region_name}::/vpclinks/{found['VpcLinkId']}"}


def _link_by_name(client: Client, inputs: Inputs) -> Found | None:
    same = [link for link in client.get_vpc_links()["Items"] if link["Name"] == inputs["name"]]
    return _with_link_arn(client, same[0]) if same else None


VPC_LINK = Recipe(
    "aws:apigatewayv2/vpcLink:VpcLink",
    service="apigatewayv2",
    fixed="subnetIds securityGroupIds",
    changes="name",
    name_property="name",
    make=lambda client, inputs: _with_link_arn(client, call(client, "CreateVpcLink", inputs, Tags=tags(inputs, "map"))),
    look=lambda client, ref, inputs: _with_link_arn(client, client.get_vpc_link(VpcLinkId=ref)),
    identify="VpcLinkId",
    shown={"arn": "Arn"},
    change=lambda client, ref, old, new: client.update_vpc_link(VpcLinkId=ref, Name=new["name"]),
    remove=lambda client, ref, outputs: client.delete_vpc_link(VpcLinkId=ref),
    search=_link_by_name,
    tagging=_TAGGING,
    deletes_first=False,  # links may share a name
)


def _integration_request(inputs: Inputs) -> dict[str, Any]:
    timeout = inputs.get("timeoutMilliseconds")
    return {} if timeout is None else {"TimeoutInMillis": int(timeout)}


def _same_integration(client: Client, inputs: Inputs) -> Found | None:
    for found in client.get_integrations(ApiId=inputs["apiId"])["Items"]:
        if found.get("IntegrationUri") == inputs.get("integrationUri"):
            return dict(found)
    return None


INTEGRATION = Recipe(
    "aws:apigatewayv2/integration:Integration",
    service="apigatewayv2",
    fixed="apiId integrationType",
    changes=(
        "integrationMethod integrationUri connectionType connectionId payloadFormatVersion timeoutMilliseconds "
        "requestParameters description tlsConfig"
    ),
    make=lambda client, inputs: call(client, "CreateIntegration", inputs, **_integration_request(inputs)),
    look=lambda client, ref, inputs: client.get_integration(ApiId=inputs["apiId"], IntegrationId=ref),
    identify="IntegrationId",
    shown={},
    change=lambda client, ref, old, new: call(
        client, "UpdateIntegration", new, IntegrationId=ref, **_integration_request(new)
    ),
    remove=lambda client, ref, outputs: client.delete_integration(ApiId=outputs["apiId"], IntegrationId=ref),
    search=_same_integration,
)


def _same_route(client: Client, inputs: Inputs) -> Found | None:
    routes = client.get_routes(ApiId=inputs["apiId"])["Items"]
    return next((found for found in routes if found["RouteKey"] == inputs["routeKey"]), None)


ROUTE = Recipe(
    "aws:apigatewayv2/route:Route",
    service="apigatewayv2",
    fixed="apiId",
    changes="routeKey target authorizationType authorizerId authorizationScopes operationName",
    make=lambda client, inputs: call(client, "CreateRoute", inputs),
    look=lambda client, ref, inputs: client.get_route(ApiId=inputs["apiId"], RouteId=ref),
    identify="RouteId",
    shown={},
    change=lambda client, ref, old, new: call(client, "UpdateRoute", new, RouteId=ref),
    remove=lambda client, ref, outputs: client.delete_route(ApiId=outputs["apiId"], RouteId=ref),
    search=_same_route,
    deletes_first=True,  # an API has one route of a key
)


def _same_authorizer(client: Client, inputs: Inputs) -> Found | None:
    every = client.get_authorizers(ApiId=inputs["apiId"])["Items"]
    return next((found for found in every if found["Name"] == inputs["name"]), None)


def _delete_authorizer(client: Client, ref: str, outputs: Outputs) -> None:
    client.delete_authorizer(ApiId=outputs["apiId"], AuthorizerId=ref)


AUTHORIZER = Recipe(
    "aws:apigatewayv2/authorizer:Authorizer",
    service="apigatewayv2",
    fixed="apiId authorizerType",
    changes="name identitySources jwtConfiguration",
    name_property="name",
    make=lambda client, inputs: call(client, "CreateAuthorizer", inputs),
    look=lambda client, ref, inputs: client.get_authorizer(ApiId=inputs["apiId"], AuthorizerId=ref),
    identify="AuthorizerId",
    shown={},
    change=lambda client, ref, old, new: call(client, "UpdateAuthorizer", new, AuthorizerId=ref),
    remove=_delete_authorizer,
    search=_same_authorizer,
)

RECIPES = (API, STAGE, VPC_LINK, INTEGRATION, ROUTE, AUTHORIZER)
