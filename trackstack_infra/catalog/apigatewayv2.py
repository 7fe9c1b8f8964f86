"""API Gateway: HTTP APIs."""

from typing import Final

from trackstack_infra.catalog.fidelity import ROUTING
from trackstack_infra.catalog.resource_type import Drawn, Family, Name, ResourceType, Terraform

_ARN: Final = "arn:aws:apigateway:{region}::/apis/"
_OF_AN_API: Final = "part of the API, which is billed by request"

TYPES: Final = (
    ResourceType(
        "aws:apigatewayv2/api:Api",
        drawn=Drawn("HTTP API", Family.EDGE, rank=20),
        name=Name("name", r".{1,128}"),
        fidelity=ROUTING,
        outputs={
            "id": "a{hex}",
            "arn": _ARN + "{id}",
            "apiEndpoint": "https://{id}.execute-api.{region}.amazonaws.com",
            "executionArn": "arn:aws:execute-api:{region}:{account}:{id}",
        },
        free="costs nothing while nobody calls it",
        shown=("name", "protocolType"),
    ),
    ResourceType(
        "aws:apigatewayv2/authorizer:Authorizer",
        tags=False,
        fidelity=ROUTING,
        terraform=Terraform(properties={"audiences": "audience"}),
        free=_OF_AN_API,
        shown=("authorizerType", "jwtConfiguration"),
    ),
    ResourceType(
        "aws:apigatewayv2/integration:Integration",
        tags=False,
        fidelity=ROUTING,
        free=_OF_AN_API,
        shown=("connectionType", "integrationUri"),
    ),
    ResourceType(
        "aws:apigatewayv2/route:Route",
        tags=False,
        fidelity=ROUTING,
        free=_OF_AN_API,
        shown=("routeKey", "authorizationType", "authorizationScopes"),
    ),
    ResourceType(
        "aws:apigatewayv2/stage:Stage",
        fidelity=ROUTING,
        outputs={
            "id": "{name}",
            "arn": _ARN + "{hex}/stages/{name}",
            "invokeUrl": "https://a{hex}.execute-api.{region}.amazonaws.com/{name}",
        },
        free=_OF_AN_API,
        costs_with={
            "writes metrics of each route, which are billed": "defaultRouteSettings.detailedMetricsEnabled"
            " routeSettings.detailedMetricsEnabled"
        },
        shown=("defaultRouteSettings",),
    ),
    ResourceType(
        "aws:apigatewayv2/vpcLink:VpcLink",
        drawn=Drawn("VPC link", Family.EDGE, rank=30),
        name=Name("name", r".{1,128}"),
        fidelity=ROUTING,
        free="AWS's price lists have no price for a VPC link of an HTTP API",
        shown=("name", "subnetIds"),
    ),
)
