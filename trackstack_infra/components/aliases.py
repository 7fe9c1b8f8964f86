"""The owner's name as another name of a distribution, over IPv4 and IPv6."""

import pulumi_aws as aws

from trackstack_infra.components.base import Component, Opts
from trackstack_infra.settings.groups import DomainSettings


class Aliases(Component):
    """An A and an AAAA record that follow the distribution's addresses; Route 53 does not charge for asking them."""

    def __init__(
        self, name: str, *, domain: DomainSettings, distribution: aws.cloudfront.Distribution, opts: Opts = None
    ) -> None:
        super().__init__(name, opts)
        for kind in ("A", "AAAA"):
            aws.route53.Record(
                self.child(kind.lower()),
                zone_id=aws.route53.get_zone_output(name=domain.zone).zone_id,
                name=domain.name,
                type=kind,
                aliases=[
                    aws.route53.RecordAliasArgs(
                        name=distribution.domain_name,
                        zone_id=distribution.hosted_zone_id,
                        evaluate_target_health=False,
                    )
                ],
                opts=self.owned(),
            )
        self.register_outputs({})
