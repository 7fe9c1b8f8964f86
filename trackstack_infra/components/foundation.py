"""What the foundation stack hands to the other two: read by reference, so that neither can change it."""

from dataclasses import dataclass

import pulumi

from trackstack_infra.components.storage import Backups


@dataclass(frozen=True)
class TokenIssuer:
    """Who issues the callers' tokens, and to which client."""

    issuer: pulumi.Output[str]
    client_id: pulumi.Output[str]

    @property
    def environment(self) -> dict[str, pulumi.Input[str]]:
        """What a process needs to verify tokens by itself."""
        return {
            "JWT_ISSUER": self.issuer,
            "JWT_JWKS_URL": pulumi.Output.concat(self.issuer, "/.well-known/jwks.json"),
            "JWT_CLIENT_ID": self.client_id,
        }


class Foundation:
    """The outputs of the stack that outlives the others."""

    def __init__(self) -> None:
        # In a self-managed backend every stack belongs to an organisation of that name.
        stack = pulumi.StackReference("organization/trackstack/foundation")
        self.tokens = TokenIssuer(stack.require_output("user_pool_issuer"), stack.require_output("user_pool_client_id"))
        self._login_domain = stack.require_output("user_pool_domain")
        self.backups = Backups(stack.require_output("backup_bucket"))
        self.alerts_topic = stack.require_output("alerts_topic_arn")

    def login_url(self, region: str) -> pulumi.Output[str]:
        """Where a browser signs in and gets its tokens."""
        return pulumi.Output.concat("https://", self._login_domain, f".auth.{region}.amazoncognito.com")
