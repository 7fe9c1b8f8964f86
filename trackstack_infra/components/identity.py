"""Who may call: one user pool for both architectures, with a scope for each domain."""

from collections.abc import Sequence
from typing import Final

import pulumi
import pulumi_aws as aws

from trackstack_infra.components.account import account_id
from trackstack_infra.components.base import Component, Opts

CALLBACK_URL: Final = "http://localhost:8765/callback"  # `trackstack token` listens there
RESOURCE_SERVER: Final = "trackstack"


class Identity(Component):
    """A Cognito pool of people an administrator invited, and one public client: code with PKCE, no secret to keep."""

    def __init__(self, name: str, *, region: str, domains: Sequence[str], opts: Opts = None) -> None:
        super().__init__(name, opts)
        self.pool = self._pool()
        scopes = self._scopes(domains)
        self.client = self._client(scopes, domains)
        self.domain = aws.cognito.UserPoolDomain(
            self.child("domain"),
            domain=pulumi.Output.concat(
                "trackstack-", account_id()
            ),  # one namespace for a whole region: ours is the account's
            user_pool_id=self.pool.id,
            opts=self.owned(),
        )
        self.issuer = pulumi.Output.concat("https://cognito-idp.", region, ".amazonaws.com/", self.pool.id)
        self.register_outputs({"issuer": self.issuer})

    def _pool(self) -> aws.cognito.UserPool:
        return aws.cognito.UserPool(
            self.child("pool"),
            name=self.physical("users"),
            admin_create_user_config=aws.cognito.UserPoolAdminCreateUserConfigArgs(allow_admin_create_user_only=True),
            mfa_configuration="OPTIONAL",
            software_token_mfa_configuration=aws.cognito.UserPoolSoftwareTokenMfaConfigurationArgs(enabled=True),
            password_policy=aws.cognito.UserPoolPasswordPolicyArgs(
                minimum_length=14,
                require_lowercase=False,
                require_uppercase=False,
                require_numbers=False,
                require_symbols=False,
                temporary_password_validity_days=7,
            ),
            deletion_protection="ACTIVE",
            tags=self.tags(),
            opts=self.owned(protect=True),
        )

    def _scopes(self, domains: Sequence[str]) -> aws.cognito.ResourceServer:
        return aws.cognito.ResourceServer(
            self.child("scopes"),
            identifier=RESOURCE_SERVER,
            name="TrackStack",
            user_pool_id=self.pool.id,
            scopes=[
                aws.cognito.ResourceServerScopeArgs(scope_name=domain, scope_description=f"Read and write {domain}")
                for domain in domains
            ],
            opts=self.owned(),
        )

    def _client(self, scopes: aws.cognito.ResourceServer, domains: Sequence[str]) -> aws.cognito.UserPoolClient:
        return aws.cognito.UserPoolClient(
            self.child("client"),
            user_pool_id=self.pool.id,
            generate_secret=False,
            allowed_oauth_flows_user_pool_client=True,
            allowed_oauth_flows=["code"],
            allowed_oauth_scopes=["openid", *(f"{RESOURCE_SERVER}/{domain}" for domain in domains)],
            callback_urls=[CALLBACK_URL],
            supported_identity_providers=["COGNITO"],
            explicit_auth_flows=["ALLOW_REFRESH_TOKEN_AUTH"],
            prevent_user_existence_errors="ENABLED",
            enable_token_revocation=True,
            access_token_validity=60,
            id_token_validity=60,
            refresh_token_validity=30,
            token_validity_units=aws.cognito.UserPoolClientTokenValidityUnitsArgs(
                access_token="minutes",  # noqa: S106 (a unit)
                id_token="minutes",  # noqa: S106
                refresh_token="days",  # noqa: S106
            ),
            opts=self.owned(after=[scopes]),
        )
