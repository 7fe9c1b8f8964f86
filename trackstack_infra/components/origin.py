"""Where a site's `/api/*` leads, and the secret by which a task knows that a call came through the site."""

from dataclasses import dataclass
from typing import Final, Literal

import pulumi
import pulumi_aws as aws

from trackstack_infra.components.base import Component, Opts

SECRET_HEADER: Final = "x-origin-secret"  # noqa: S105 (a header's name)
SECRET_LENGTH: Final = 40


@dataclass(frozen=True)
class ApiOrigin:
    """A host that CloudFront asks, over HTTPS or, inside a fence of addresses and a secret, over HTTP."""

    domain_name: pulumi.Input[str]
    protocol: Literal["https", "http"] = "https"
    port: int = 443
    secret: pulumi.Input[str] | None = None  # sent as SECRET_HEADER; CloudFront replaces what a caller sends under it
    ipv6: bool = False  # whether the host has no IPv4 address


def gateway_origin(url: pulumi.Output[str]) -> ApiOrigin:
    """The origin behind an HTTP API's endpoint, `https://<id>.execute-api.…`."""
    return ApiOrigin(url.apply(lambda text: text.removeprefix("https://")))


class OriginSecret(Component):
    """A secret that CloudFront sends and the task compares. It is drawn once, by AWS, and then kept in SSM.

    A run draws another one each time, which `ignore_changes` throws away: only what was stored first counts. It lies
    in Pulumi's state as a secret, encrypted, and in no task definition. To change it, replace the parameter.
    """

    def __init__(self, name: str, opts: Opts = None) -> None:
        super().__init__(name, opts)
        drawn = aws.secretsmanager.get_random_password_output(password_length=SECRET_LENGTH, exclude_punctuation=True)
        parameter = aws.ssm.Parameter(
            self.child("parameter"),
            name=f"/ts/{self.stack}/{name}",
            description="What CloudFront sends with each call to the task",
            type="SecureString",
            value=pulumi.Output.secret(drawn.random_password),
            tags=self.tags(),
            opts=pulumi.ResourceOptions.merge(
                self.owned(delete_first=True), pulumi.ResourceOptions(ignore_changes=["value"])
            ),
        )
        value: pulumi.Output[str] = pulumi.Output.secret(parameter.value)
        self.value = value
        self.arn = parameter.arn
        self.register_outputs({"arn": self.arn})
