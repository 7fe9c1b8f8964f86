"""Certificates, DNS records, parameters and what CloudFront adds to a site: each type goes once through its life."""

from collections.abc import Callable
from typing import Any

import pytest

from trackstack_infra.local.provider import Clients, Inputs, invoke

TAGS = {"Name": "ts-test-thing", "stack": "test"}
RETAGGED = {"tags": {"Name": "ts-test-thing", "domain": "gym"}}
SECURITY = {
    "strictTransportSecurity": {"accessControlMaxAgeSec": 31536000.0, "includeSubdomains": True, "override": True},
    "contentSecurityPolicy": {"contentSecurityPolicy": "default-src 'none'", "override": True},
    "contentTypeOptions": {"override": True},
    "frameOptions": {"frameOption": "DENY", "override": True},
    "referrerPolicy": {"referrerPolicy": "no-referrer", "override": True},
}
CODE = "function handler(event) { return event.request; }"


def certificate(world: Any) -> str:
    token = "aws:acm/certificate:Certificate"
    return str(world.have("certificate", token, domainName="shared.test", validationMethod="DNS", tags=TAGS)["arn"])


CASES: list[Any] = [
    (
        "aws:acm/certificate:Certificate",
        lambda w: {"domainName": "track.test", "validationMethod": "DNS", "region": "us-east-1", "tags": TAGS},
        RETAGGED,
        "arn domainValidationOptions",
    ),
    (
        "aws:acm/certificateValidation:CertificateValidation",
        lambda w: {"certificateArn": certificate(w), "validationRecordFqdns": ["_x.shared.test"]},
        None,
        "certificateArn",
    ),
    (
        "aws:route53/record:Record",
        lambda w: {"zoneId": "Z1", "name": "track.test", "type": "CNAME", "ttl": 60.0, "records": ["a.test"]},
        {"records": ["b.test"]},
        "fqdn",
    ),
    (
        "aws:ssm/parameter:Parameter",
        lambda w: {"name": "/ts/test/origin-secret", "type": "SecureString", "value": "public", "tags": TAGS},
        RETAGGED | {"value": "other"},
        "arn value version",
    ),
    (
        "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
        lambda w: {"name": "ts-test-site", "securityHeadersConfig": SECURITY},
        {"securityHeadersConfig": SECURITY | {"frameOptions": {"frameOption": "SAMEORIGIN", "override": True}}},
        "arn etag",
    ),
    (
        "aws:cloudfront/function:Function",
        lambda w: {
            "name": "ts-test-pages",
            "runtime": "cloudfront-js-2.0",
            "comment": "pages",
            "code": CODE,
            "publish": True,
            "tags": TAGS,
        },
        RETAGGED | {"code": CODE + " "},
        "arn etag",
    ),
]


@pytest.mark.parametrize(("token", "inputs", "changes", "gives"), CASES, ids=[case[0] for case in CASES])
def test_names_live_and_end(
    token: str,
    inputs: Callable[[Any], Inputs],
    changes: Inputs | Callable[[Any], Inputs] | None,
    gives: str,
    live: Callable[..., None],
) -> None:
    """Each type can be created, read, found again, changed in place and deleted, twice if need be."""
    live(token, inputs, changes, gives)


def test_an_own_zone_is_always_there(aws: Clients) -> None:
    """A zone that is looked up by name has the same id each time, and none is made by asking."""
    token = "aws:route53/getZone:getZone"
    first, second = (invoke(aws, token, {"name": name}) for name in ("example.org", "example.org."))
    assert first["zoneId"] == second["zoneId"]
    assert len(first["nameServers"]) == 2
    assert aws.client("route53").list_hosted_zones()["HostedZones"] == []


def test_a_local_secret_is_no_secret(aws: Clients) -> None:
    """What AWS would draw by lot is here the same on every computer, and says so."""
    answer = invoke(aws, "aws:secretsmanager/getRandomPassword:getRandomPassword", {"passwordLength": 40.0})
    assert answer["randomPassword"] == "public-and-the-same-on-every-computer-pu"
