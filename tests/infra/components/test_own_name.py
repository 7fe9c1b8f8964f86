"""A site with its API, its secret and a name of its own, as a graph."""

import json
from datetime import time
from pathlib import Path
from typing import Any

import pulumi
import pytest

from trackstack_infra.components.certificate import Certificate
from trackstack_infra.components.origin import ApiOrigin, OriginSecret, gateway_origin
from trackstack_infra.components.site import Site
from trackstack_infra.components.status import status_document
from trackstack_infra.graph import Graph, is_secret, record
from trackstack_infra.graph.values import revealed
from trackstack_infra.settings.groups import DomainSettings, ScheduleSettings, Weekday
from trackstack_infra.settings.models import Power

WEB = Path(__file__).parents[3] / "apps" / "web"
DOMAIN = DomainSettings(name="track.example.org", zone="example.org")
WEEKEND = ScheduleSettings(days=(Weekday.SAT,), start=time(8), stop=time(22), timezone="UTC")
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
CERTIFICATE = "aws:acm/certificate:Certificate"
RECORD = "aws:route53/record:Record"
PARAMETER = "aws:ssm/parameter:Parameter"


def plain() -> None:
    api = gateway_origin(pulumi.Output.from_input("https://a1.execute-api.us-east-1.amazonaws.com"))
    status = status_document("enterprise", Power.OFF, WEEKEND)
    site = Site("site", folder=WEB, api=api, login_url="https://t.auth.test", status=status)
    pulumi.export("url", site.url)


def named() -> None:
    secret = OriginSecret("origin-secret")
    api = ApiOrigin("monolith.origin.track.example.org", protocol="http", port=8000, secret=secret.value, ipv6=True)
    site = Site("site", folder=WEB, api=api, login_url="https://t.auth.test", domain=DOMAIN)
    Certificate("balancer-certificate", domain=DOMAIN, host="origin.track.example.org", region="eu-central-1")
    pulumi.export("url", site.url)


@pytest.fixture(scope="module")
def with_gateway() -> Graph:
    return record(plain, stack="enterprise", outputs="fabricated")


@pytest.fixture(scope="module")
def with_name() -> Graph:
    return record(named, stack="pragmatic", outputs="fabricated")


def origin(graph: Graph, name: str) -> Any:
    (distribution,) = graph.all(DISTRIBUTION)
    return next(each for each in distribution.inputs["origins"] if each["originId"] == name)


def test_the_api_is_asked_over_https_and_never_kept(with_gateway: Graph) -> None:
    """`/api/*` goes to the API with everything the page sent but the host name, all methods, and nothing is cached."""
    api = origin(with_gateway, "api")
    assert api["domainName"] == "a1.execute-api.us-east-1.amazonaws.com"
    assert api["customOriginConfig"]["originProtocolPolicy"] == "https-only"
    assert api["customOriginConfig"]["originSslProtocols"] == ["TLSv1.2"]
    (behaviour,) = with_gateway.all(DISTRIBUTION)[0].inputs["orderedCacheBehaviors"]
    assert (behaviour["pathPattern"], behaviour["targetOriginId"]) == ("/api/*", "api")
    assert behaviour["viewerProtocolPolicy"] == "https-only"
    assert behaviour["cachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert behaviour["originRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-38738e2966ac"
    assert set(behaviour["allowedMethods"]) == {"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"}


def test_without_a_domain_the_site_has_cloudfronts_name(with_gateway: Graph) -> None:
    """The default certificate, no record, no alias."""
    (distribution,) = with_gateway.all(DISTRIBUTION)
    assert distribution.inputs["viewerCertificate"] == {"cloudfrontDefaultCertificate": True}
    assert "aliases" not in distribution.inputs
    assert with_gateway.all(RECORD) == with_gateway.all(CERTIFICATE) == ()
    assert with_gateway.outputs["url"].endswith(".cloudfront.net")


def test_the_page_may_call_where_people_sign_in(with_gateway: Graph) -> None:
    """Besides itself, which the API is part of, and nowhere else."""
    (headers,) = with_gateway.all("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy")
    policy = headers.inputs["securityHeadersConfig"]["contentSecurityPolicy"]["contentSecurityPolicy"]
    assert "connect-src 'self' https://t.auth.test;" in policy


def test_the_page_is_told_the_hours(with_gateway: Graph) -> None:
    """status.json is written by the program, and no cache keeps it."""
    status = with_gateway.one("aws:s3/bucketObjectv2:BucketObjectv2", "site-status.json").inputs
    assert json.loads(status["content"])["schedule"]["days"] == ["sat"]
    assert (status["contentType"], status["cacheControl"]) == ("application/json", "no-store")


def test_a_task_is_asked_over_ipv6_with_a_secret(with_name: Graph) -> None:
    """CloudFront has no certificate to ask a task for: a secret and the fence of its addresses stand in for it."""
    api = origin(with_name, "api")
    config = api["customOriginConfig"]
    assert (config["originProtocolPolicy"], config["httpPort"], config["ipAddressType"]) == ("http-only", 8000, "ipv6")
    (header,) = api["customHeaders"]
    assert header["name"] == "x-origin-secret"
    assert is_secret(header["value"])


def test_the_secret_is_drawn_once_and_is_one_everywhere(with_name: Graph) -> None:
    """It is a secure parameter, marked secret in the state, and a later draw does not replace it."""
    (parameter,) = with_name.all(PARAMETER)
    assert (parameter.inputs["name"], parameter.inputs["type"]) == ("/ts/pragmatic/origin-secret", "SecureString")
    assert is_secret(parameter.inputs["value"])
    assert parameter.options.ignore_changes == ("value",)
    (header,) = origin(with_name, "api")["customHeaders"]
    assert revealed(header["value"]) == revealed(parameter.inputs["value"])


def test_the_name_is_certified_where_cloudfront_looks(with_name: Graph) -> None:
    """us-east-1 for the site, the stack's region for the load balancer; TLS 1.2 of 2021 at least."""
    assert {(each.inputs["domainName"], each.inputs["region"]) for each in with_name.all(CERTIFICATE)} == {
        ("track.example.org", "us-east-1"),
        ("origin.track.example.org", "eu-central-1"),
    }
    (distribution,) = with_name.all(DISTRIBUTION)
    certificate = distribution.inputs["viewerCertificate"]
    assert (certificate["minimumProtocolVersion"], certificate["sslSupportMethod"]) == ("TLSv1.2_2021", "sni-only")
    issued = with_name.one("aws:acm/certificateValidation:CertificateValidation", "site-certificate-issued")
    assert with_name.path(distribution, issued)
    assert distribution.inputs["aliases"] == ["track.example.org"]
    assert with_name.outputs["url"] == "https://track.example.org"


def test_the_name_leads_to_the_site(with_name: Graph) -> None:
    """An A and an AAAA record follow CloudFront's addresses; a CNAME each proves the names."""
    kinds = sorted((each.inputs["type"], each.name) for each in with_name.all(RECORD))
    assert kinds == [
        ("A", "site-name-a"),
        ("AAAA", "site-name-aaaa"),
        ("CNAME", "balancer-certificate-proof"),
        ("CNAME", "site-certificate-proof"),
    ]
    (alias,) = with_name.one(RECORD, "site-name-aaaa").inputs["aliases"]
    assert alias["zoneId"] == "Z2FDTNDATAQYW2"


def test_a_preview_knows_every_resource_of_a_name() -> None:
    """Before anything exists, the same resources are known."""
    unknown = record(named, stack="pragmatic", outputs="unknown")
    known = record(named, stack="pragmatic", outputs="fabricated")
    assert {each.urn for each in unknown.resources} == {each.urn for each in known.resources}
