"""A site as the stacks make it: headers of its own, a function, and an API under the same name, over real sockets."""

from typing import Any

import pytest

from trackstack_infra.components.site import PAGES

ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-38738e2966ac"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
METHODS = {"Quantity": 7, "Items": ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"]}
SAYS = {
    "StrictTransportSecurity": {"AccessControlMaxAgeSec": 31536000, "IncludeSubdomains": True, "Override": True},
    "ContentTypeOptions": {"Override": True},
    "FrameOptions": {"FrameOption": "DENY", "Override": True},
    "ReferrerPolicy": {"ReferrerPolicy": "no-referrer", "Override": False},
    "ContentSecurityPolicy": {
        "ContentSecurityPolicy": "connect-src 'self' https://trackstack-1.auth.us-east-1.amazoncognito.com; x",
        "Override": True,
    },
}


def headers_policy(local: Any, name: str) -> str:
    made = local.aws.client("cloudfront").create_response_headers_policy(
        ResponseHeadersPolicyConfig={"Name": name, "SecurityHeadersConfig": SAYS}
    )
    return str(made["ResponseHeadersPolicy"]["Id"])


def function(local: Any, name: str, code: str) -> dict[str, Any]:
    """A published function, as a behaviour's associations name it."""
    cloudfront = local.aws.client("cloudfront")
    config = {"Comment": "", "Runtime": "cloudfront-js-2.0"}
    made = cloudfront.create_function(Name=name, FunctionConfig=config, FunctionCode=code.encode())
    cloudfront.publish_function(Name=name, IfMatch=made["ETag"])
    arn = made["FunctionSummary"]["FunctionMetadata"]["FunctionARN"]
    return {"Quantity": 1, "Items": [{"EventType": "viewer-request", "FunctionARN": arn}]}


def origin(host: str, **headers: str) -> dict[str, Any]:
    pairs = [{"HeaderName": name.replace("_", "-"), "HeaderValue": value} for name, value in headers.items()]
    return {
        "Id": "api",
        "DomainName": host,
        "CustomOriginConfig": {"HTTPPort": 8000, "HTTPSPort": 443, "OriginProtocolPolicy": "http-only"},
        "CustomHeaders": {"Quantity": len(pairs), "Items": pairs},
    }


def site(local: Any, name: str, api: dict[str, Any], **default: Any) -> str:
    """A distribution whose every path leads to the API; `/plain/*` without a policy that passes everything on."""
    api_behaviour = {
        "TargetOriginId": "api",
        "ViewerProtocolPolicy": "https-only",
        "AllowedMethods": METHODS,
        "CachePolicyId": CACHING_DISABLED,
    }
    passing = {**api_behaviour, "OriginRequestPolicyId": ALL_BUT_HOST}
    local.aws.client("cloudfront").create_distribution(
        DistributionConfig={
            "CallerReference": name,
            "Comment": name,
            "Enabled": True,
            "Origins": {"Quantity": 1, "Items": [api]},
            "DefaultCacheBehavior": {**passing, "ResponseHeadersPolicyId": headers_policy(local, name), **default},
            "CacheBehaviors": {"Quantity": 1, "Items": [{"PathPattern": "/plain/*", **api_behaviour}]},
        }
    )
    url: str = local.edge("cloudfront", name)
    return url


def named_task(local: Any, name: str, *ports: int) -> str:
    """A public Cloud Map name with instances on these ports; returns the name."""
    map_ = local.aws.client("servicediscovery")
    operation = map_.create_public_dns_namespace(Name=f"{name}.example.org")["OperationId"]
    namespace = map_.get_operation(OperationId=operation)["Operation"]["Targets"]["NAMESPACE"]
    records = {"DnsRecords": [{"Type": "AAAA", "TTL": 10}], "RoutingPolicy": "MULTIVALUE"}
    service = map_.create_service(Name="monolith", NamespaceId=namespace, DnsConfig=records)["Service"]["Id"]
    for port in ports:
        attributes = {"AWS_INSTANCE_IPV4": "127.0.0.1", "AWS_INSTANCE_PORT": str(port)}
        map_.register_instance(ServiceId=service, InstanceId=str(port), Attributes=attributes)
    return f"monolith.{name}.example.org"


@pytest.fixture(scope="module")
def url(local: Any) -> str:
    host = named_task(local, "ts-named", local.service().port)
    return site(local, "ts-own-site", origin(host, x_origin_secret="secret"))


def test_a_task_is_found_by_its_public_name(local: Any, url: str) -> None:
    """CloudFront resolves the name Cloud Map keeps; here the router looks the task up. Method, query, body and token
    arrive, and the secret of the origin, whatever the caller sent under its name."""
    seen = local.ask(url, "/api/v1/gym?x=1", "POST", b"123", Authorization="Bearer t", X_Origin_Secret="forged").json()
    assert (seen["method"], seen["target"], seen["body"]) == ("POST", "/api/v1/gym?x=1", 3)
    assert seen["headers"]["authorization"] == "Bearer t"
    assert seen["headers"]["x-origin-secret"] == "secret"


def test_the_sites_own_headers_are_added(local: Any, url: str) -> None:
    """Every header the policy has; where people sign in is, on this computer, the emulator."""
    headers = local.ask(url, "/api/x").headers
    assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"] == f"connect-src 'self' {local.supervisor.endpoint}; x"


def test_without_a_request_policy_the_origin_sees_no_token(local: Any, url: str) -> None:
    """CloudFront passes on neither query, nor cookies, nor Authorization by itself: forgetting it shows here too."""
    seen = local.ask(url, "/plain/x?a=1", Authorization="Bearer t", Cookie="a=b").json()
    assert seen["target"] == "/plain/x"
    assert not {"authorization", "cookie"} & set(seen["headers"])


def test_a_name_without_a_task_is_a_502(local: Any) -> None:
    """While a task is replaced nobody answers."""
    nobody = site(local, "ts-nobody", origin(named_task(local, "ts-nobody")))
    assert local.ask(nobody, "/api/x").status == 502
    elsewhere = site(local, "ts-elsewhere", origin("monolith.elsewhere.example.org"))
    assert local.ask(elsewhere, "/api/x").status == 502


def test_the_function_that_is_deployed_runs(local: Any) -> None:
    """The JavaScript itself decides which page a path is; the query stays."""
    host = named_task(local, "ts-paged", local.service().port)
    associations = function(local, "ts-pages", PAGES.read_text())
    paged = site(local, "ts-paged", origin(host), FunctionAssociations=associations)
    for asked, arrived in (("/x", "/x/index.html"), ("/x/?q=1", "/x/index.html?q=1"), ("/a.css", "/a.css")):
        assert local.ask(paged, asked).json()["target"] == arrived
    assert local.ask(paged, "/plain/x").json()["target"] == "/plain/x"


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("raises", "throw new Error('no')"),
        ("hangs", "while (true) {}"),
        ("odd", "event.request.headers = {}; return event.request;"),
        ("nothing", "return null;"),
    ],
)
def test_a_function_that_fails_is_a_503(local: Any, name: str, body: str) -> None:
    """It raises, does not end, or does what is not done here: never is its request let through as if it had run."""
    code = f"function handler(event) {{ {body} }}"
    host = named_task(local, f"ts-{name}", local.service().port)
    failing = site(local, f"ts-{name}", origin(host), FunctionAssociations=function(local, f"ts-f-{name}", code))
    assert local.ask(failing, "/x").status == 503


def test_a_function_may_answer_by_itself(local: Any) -> None:
    """A redirect, for example; the site's headers are on it too."""
    code = "function handler(event) { return {statusCode: 302, headers: {location: {value: '/y'}}}; }"
    host = named_task(local, "ts-answers", local.service().port)
    url = site(local, "ts-answers", origin(host), FunctionAssociations=function(local, "ts-f-answers", code))
    answer = local.ask(url, "/x")
    assert (answer.status, answer.headers["location"], answer.headers["x-frame-options"]) == (302, "/y", "DENY")


def test_a_site_is_known_by_its_own_name(local: Any) -> None:
    """With an alias, the stack's site URL on AWS is that name: what stands for it here is found by it."""
    host = named_task(local, "ts-aliased", local.service().port)
    site(local, "ts-aliased", origin(host))
    cloudfront = local.aws.client("cloudfront")
    listed = cloudfront.list_distributions()["DistributionList"]["Items"]
    (ref,) = [each["Id"] for each in listed if each["Comment"] == "ts-aliased"]
    found = cloudfront.get_distribution_config(Id=ref)
    aliases = {"Quantity": 1, "Items": ["track.example.org"]}
    config = {**found["DistributionConfig"], "Aliases": aliases}
    cloudfront.update_distribution(Id=ref, IfMatch=found["ETag"], DistributionConfig=config)
    local.ask(local.edge("cloudfront", "ts-aliased"), "/x")
    (edge,) = [each for each in local.supervisor.edges() if each["name"] == "ts-aliased"]
    assert edge["aws_url"] == "https://track.example.org"
