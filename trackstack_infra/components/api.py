"""Ingress from the internet: an HTTP API whose address stays, and routes that come and go with the power."""

from collections.abc import Sequence
from typing import Final

import pulumi
import pulumi_aws as aws

from trackstack_infra import names
from trackstack_infra.components.base import Component, Opts
from trackstack_infra.components.foundation import TokenIssuer
from trackstack_infra.components.iam_policy import plain
from trackstack_infra.components.identity import RESOURCE_SERVER
from trackstack_infra.components.log import log_group
from trackstack_infra.components.network import Network
from trackstack_infra.components.security_group import SecurityGroup
from trackstack_infra.names import Layer
from trackstack_infra.settings.models import ArchitectureSettings

# One route a method, not ANY: what no domain has, such as OPTIONS, ends here. Only the site's own pages may call, so no
# other site's question by OPTIONS has to be answered.
METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
LOGGED: Final = {
    "time": "$context.requestTime",
    "route": "$context.routeKey",
    "status": "$context.status",
    "error": "$context.error.message",
    "ms": "$context.responseLatency",
    "request_id": "$context.requestId",
}


class HttpApi(Component):
    """The endpoint, its token check and its link into the VPC. Without routes it answers 404."""

    def __init__(
        self,
        name: str,
        *,
        settings: ArchitectureSettings,
        network: Network,
        tokens: TokenIssuer,
        opts: Opts = None,
    ) -> None:
        super().__init__(name, opts)
        self.api = self._api()
        self.authorizer = self._authorizer(tokens)
        self._stage(settings)
        self.security_group = SecurityGroup("link", network=network, purpose="VPC link of the API", opts=self.owned())
        self.link = self._link(network)
        self.url = self.api.api_endpoint
        self.register_outputs({"url": self.url})

    def _api(self) -> aws.apigatewayv2.Api:
        return aws.apigatewayv2.Api(
            self.child("api"),
            name=self.physical(),
            protocol_type="HTTP",
            tags=self.tags(),
            opts=self.owned(),
        )

    def _authorizer(self, tokens: TokenIssuer) -> aws.apigatewayv2.Authorizer:
        return aws.apigatewayv2.Authorizer(
            self.child("tokens"),
            name="tokens",
            api_id=self.api.id,
            authorizer_type="JWT",
            identity_sources=["$request.header.Authorization"],
            jwt_configuration=aws.apigatewayv2.AuthorizerJwtConfigurationArgs(
                issuer=tokens.issuer, audiences=[tokens.client_id]
            ),
            opts=self.owned(),
        )

    def _stage(self, settings: ArchitectureSettings) -> None:
        log = log_group(self, name=names.log_group(self.stack, self.name), days=settings.log_days)
        aws.apigatewayv2.Stage(
            self.child("stage"),
            name="$default",
            api_id=self.api.id,
            auto_deploy=True,
            default_route_settings=aws.apigatewayv2.StageDefaultRouteSettingsArgs(
                throttling_rate_limit=settings.throttle.rate_per_s, throttling_burst_limit=settings.throttle.burst
            ),
            access_log_settings=aws.apigatewayv2.StageAccessLogSettingsArgs(
                destination_arn=log.arn, format=plain(LOGGED)
            ),
            tags=self.tags(),
            opts=self.owned(),
        )

    def _link(self, network: Network) -> aws.apigatewayv2.VpcLink:
        return aws.apigatewayv2.VpcLink(
            self.child("link"),
            name=self.physical(),
            subnet_ids=[subnet.id for subnet in network.private_subnets or network.public_subnets],
            security_group_ids=[self.security_group.id],
            tags=self.tags(),
            opts=self.owned(),
        )


class ApiRoutes(Component):
    """Sends each domain's calls through the link to one target: a load balancer's listener, or a Cloud Map service.

    With a `server_name` the target is called over TLS, and has to show a certificate of that name.
    """

    layer = Layer.RUNTIME

    def __init__(
        self,
        name: str,
        *,
        api: HttpApi,
        target: pulumi.Input[str],
        domains: Sequence[str],
        server_name: str | None = None,
        opts: Opts = None,
    ) -> None:
        super().__init__(name, opts)
        integration = aws.apigatewayv2.Integration(
            self.child("integration"),
            api_id=api.api.id,
            integration_type="HTTP_PROXY",
            integration_method="ANY",
            integration_uri=target,
            connection_type="VPC_LINK",
            connection_id=api.link.id,
            payload_format_version="1.0",
            tls_config=aws.apigatewayv2.IntegrationTlsConfigArgs(server_name_to_verify=server_name)
            if server_name
            else None,
            opts=self.owned(),
        )
        target_path = pulumi.Output.concat("integrations/", integration.id)
        for domain in domains:
            for method in METHODS:
                aws.apigatewayv2.Route(
                    self.child(f"{domain}-{method.lower()}"),
                    api_id=api.api.id,
                    route_key=f"{method} /api/v1/{domain}/{{proxy+}}",
                    target=target_path,
                    authorization_type="JWT",
                    authorizer_id=api.authorizer.id,
                    authorization_scopes=[f"{RESOURCE_SERVER}/{domain}"],
                    opts=self.owned(),
                )
        self.register_outputs({})
