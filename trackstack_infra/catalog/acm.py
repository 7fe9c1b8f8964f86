"""ACM: certificates."""

from typing import Final

from trackstack_infra.catalog.fidelity import DNS
from trackstack_infra.catalog.resource_type import Drawn, Family, ResourceType

TYPES: Final = (
    ResourceType(
        "aws:acm/certificate:Certificate",
        drawn=Drawn("certificate", Family.EDGE, rank=190),
        fidelity=DNS,
        outputs={
            "id": "arn:aws:acm:{region}:{account}:certificate/{hex}",
            "arn": "{id}",
            "domainValidationOptions": (
                {
                    "domainName": "certified.example",
                    "resourceRecordName": "_{hex}.certified.example.",
                    "resourceRecordType": "CNAME",
                    "resourceRecordValue": "_{hex}.acm-validations.aws.",
                },
            ),
        },
        free="public certificates that stay in AWS cost nothing",
        costs_with={
            "may be exported, which is billed for each name": "options.export=DISABLED",
            "comes from an authority that is billed": "certificateAuthorityArn",
        },
    ),
    ResourceType(
        "aws:acm/certificateValidation:CertificateValidation",
        tags=False,
        fidelity=DNS,
        outputs={"id": "2026-01-05 00:00:00 +0000 UTC"},
        free="a step of the deployment, not a thing",
    ),
)
