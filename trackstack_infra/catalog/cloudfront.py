"""CloudFront: the sites."""

from typing import Final

from trackstack_infra.catalog.fidelity import ROUTING
from trackstack_infra.catalog.resource_type import Drawn, Family, Name, ResourceType

_ARN: Final = "arn:aws:cloudfront::{account}:"
_OF_A_DISTRIBUTION: Final = "a setting of the distribution"

TYPES: Final = (
    ResourceType(
        "aws:cloudfront/distribution:Distribution",
        drawn=Drawn("CloudFront", Family.EDGE, rank=10),
        fidelity=ROUTING,
        outputs={
            "id": "E{hex}",
            "arn": _ARN + "distribution/{id}",
            "domainName": "d{hex}.cloudfront.net",
            "hostedZoneId": "Z2FDTNDATAQYW2",
        },
        shown=("priceClass", "httpVersion"),
    ),
    ResourceType(
        "aws:cloudfront/function:Function",
        name=Name("name", r"[\w-]{1,64}"),
        fidelity=ROUTING,
        outputs={"id": "{name}", "arn": _ARN + "function/{name}"},
    ),
    ResourceType(
        "aws:cloudfront/originAccessControl:OriginAccessControl",
        name=Name("name", r".{1,64}"),
        tags=False,
        fidelity=ROUTING,
        outputs={"id": "E{hex}", "arn": _ARN + "origin-access-control/{id}"},
        free=_OF_A_DISTRIBUTION,
    ),
    ResourceType(
        "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
        name=Name("name", r"[\w-]{1,128}"),
        tags=False,
        fidelity=ROUTING,
        outputs={"id": "{hex}", "arn": _ARN + "response-headers-policy/{id}"},
        free=_OF_A_DISTRIBUTION,
    ),
)
