"""What a browser is told about every answer of a site: HTTPS only, nobody's frame, and no code but its own."""

from collections.abc import Sequence
from typing import Final

import pulumi
import pulumi_aws as aws

from trackstack_infra.components.base import Component, Opts

YEAR_S: Final = 365 * 24 * 3600


def content_security_policy(connects_to: Sequence[pulumi.Input[str]]) -> pulumi.Output[str]:
    """Everything comes from the site itself, and nothing written into a page runs; `connects_to` may be called too."""
    return pulumi.Output.concat(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; ",
        "manifest-src 'self'; worker-src 'self'; connect-src 'self'",
        *(pulumi.Output.concat(" ", origin) for origin in connects_to),
        "; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    )


class SecurityHeaders(Component):
    """A response-headers policy that wins over whatever an origin says."""

    def __init__(self, name: str, *, connects_to: Sequence[pulumi.Input[str]], opts: Opts = None) -> None:
        super().__init__(name, opts)
        policy = aws.cloudfront.ResponseHeadersPolicy(
            self.child("policy"),
            name=self.physical(self.name),
            security_headers_config=aws.cloudfront.ResponseHeadersPolicySecurityHeadersConfigArgs(
                strict_transport_security=aws.cloudfront.ResponseHeadersPolicySecurityHeadersConfigStrictTransportSecurityArgs(
                    access_control_max_age_sec=YEAR_S, include_subdomains=True, override=True
                ),
                content_security_policy=aws.cloudfront.ResponseHeadersPolicySecurityHeadersConfigContentSecurityPolicyArgs(
                    content_security_policy=content_security_policy(connects_to), override=True
                ),
                content_type_options=aws.cloudfront.ResponseHeadersPolicySecurityHeadersConfigContentTypeOptionsArgs(
                    override=True
                ),
                frame_options=aws.cloudfront.ResponseHeadersPolicySecurityHeadersConfigFrameOptionsArgs(
                    frame_option="DENY", override=True
                ),
                referrer_policy=aws.cloudfront.ResponseHeadersPolicySecurityHeadersConfigReferrerPolicyArgs(
                    referrer_policy="no-referrer", override=True
                ),
            ),
            opts=self.owned(delete_first=True),
        )
        self.id = policy.id
        self.register_outputs({"id": self.id})
