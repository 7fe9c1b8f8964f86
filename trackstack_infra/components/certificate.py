"""A certificate for one name in the owner's own zone, issued when the zone shows that the name is theirs."""

from typing import Final

import pulumi_aws as aws

from trackstack_infra.components.base import Component, Opts
from trackstack_infra.settings.groups import DomainSettings

FOR_CLOUDFRONT: Final = "us-east-1"  # CloudFront takes certificates of this region only, wherever the rest is
TTL_S: Final = 300


class Certificate(Component):
    """An ACM certificate; `arn` is known when it is issued. ACM renews it as long as the record stays."""

    def __init__(
        self, name: str, *, domain: DomainSettings, host: str | None = None, region: str, opts: Opts = None
    ) -> None:
        super().__init__(name, opts)
        certificate = aws.acm.Certificate(
            self.child("certificate"),
            domain_name=host or domain.name,
            validation_method="DNS",
            region=region,
            tags=self.tags(),
            opts=self.owned(),
        )
        proof = certificate.domain_validation_options[0]
        record = aws.route53.Record(
            self.child("proof"),
            zone_id=aws.route53.get_zone_output(name=domain.zone).zone_id,
            name=proof.resource_record_name,
            type=proof.resource_record_type,
            records=[proof.resource_record_value],
            ttl=TTL_S,
            # One name has the same proof in every region of an account: the second certificate finds it there.
            allow_overwrite=True,
            opts=self.owned(),
        )
        issued = aws.acm.CertificateValidation(
            self.child("issued"),
            certificate_arn=certificate.arn,
            validation_record_fqdns=[record.fqdn],
            region=region,
            opts=self.owned(),
        )
        self.arn = issued.certificate_arn
        self.register_outputs({"arn": self.arn})
