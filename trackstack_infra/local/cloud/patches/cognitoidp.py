"""Cognito: moto makes resource servers but neither changes nor deletes them."""

from moto.cognitoidp.responses import CognitoIdpResponse
from moto.core.responses import ActionResult, EmptyResult

from trackstack_infra.local.cloud.patches.patching import add


def apply() -> None:
    add(CognitoIdpResponse, "update_resource_server", _update_resource_server)
    add(CognitoIdpResponse, "delete_resource_server", _delete_resource_server)


def _update_resource_server(self: CognitoIdpResponse) -> ActionResult:
    found = self.backend.describe_resource_server(self._get_param("UserPoolId"), self._get_param("Identifier"))
    found.name = self._get_param("Name")
    found.scopes = self._get_param("Scopes")
    return ActionResult({"ResourceServer": found.to_json()})


def _delete_resource_server(self: CognitoIdpResponse) -> ActionResult:
    pool, identifier = self._get_param("UserPoolId"), self._get_param("Identifier")
    self.backend.describe_resource_server(pool, identifier)  # raises when it is not there
    del self.backend.user_pools[pool].resource_servers[identifier]
    return EmptyResult()
