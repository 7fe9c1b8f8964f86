"""CloudFront distributions over real sockets."""

import json
from typing import Any

import pytest

SECURITY_HEADERS = "67f7725c-6f97-4210-82d7-5512b31e9d03"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-38738e2966ac"
INDEX = b"<h1>TrackStack</h1>"


def distribution(local: Any, name: str, origins: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """Make a distribution; its first origin is the default behaviour's."""
    made: dict[str, Any] = local.aws.client("cloudfront").create_distribution(
        DistributionConfig={
            "CallerReference": name,
            "Comment": name,
            "Enabled": True,
            "Origins": {"Quantity": len(origins), "Items": origins},
            "DefaultCacheBehavior": {
                "TargetOriginId": origins[0]["Id"],
                "ViewerProtocolPolicy": "redirect-to-https",
                "AllowedMethods": {"Quantity": 2, "Items": ["GET", "HEAD"]},
                "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
                "ResponseHeadersPolicyId": SECURITY_HEADERS,
            },
            **more,
        }
    )["Distribution"]
    return made


def bucket_origin(local: Any, bucket: str, *, access_control: bool) -> dict[str, Any]:
    """Make a bucket with a page in it; return it as an origin."""
    s3 = local.aws.client("s3")
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="index.html", Body=INDEX, ContentType="text/html", CacheControl="no-cache")
    s3.put_object(Bucket=bucket, Key="app/main page.js", Body=b"0123456789", ContentType="text/javascript")
    s3.put_object(Bucket=bucket, Key="404.html", Body=b"<h1>not here</h1>", ContentType="text/html")
    origin = {
        "Id": bucket,
        "DomainName": f"{bucket}.s3.us-east-1.amazonaws.com",
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }
    if access_control:
        made = local.aws.client("cloudfront").create_origin_access_control(
            OriginAccessControlConfig={
                "Name": bucket,
                "SigningProtocol": "sigv4",
                "SigningBehavior": "always",
                "OriginAccessControlOriginType": "s3",
            }
        )
        origin["OriginAccessControlId"] = made["OriginAccessControl"]["Id"]
    return origin


def let_in(local: Any, bucket: str, arn: str, *actions: str) -> None:
    """Let a distribution read the bucket."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": list(actions) or ["s3:GetObject"],
        "Resource": [f"arn:aws:s3:::{bucket}/*", f"arn:aws:s3:::{bucket}"],
        "Condition": {"StringEquals": {"AWS:SourceArn": arn}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    local.aws.client("s3").put_bucket_policy(Bucket=bucket, Policy=policy)


@pytest.fixture(scope="module")
def url(local: Any) -> str:
    """A site: a private bucket, read by its distribution only."""
    made = distribution(
        local, "ts-site", [bucket_origin(local, "ts-site-bucket", access_control=True)], DefaultRootObject="index.html"
    )
    let_in(local, "ts-site-bucket", made["ARN"])
    address: str = local.edge("cloudfront", "ts-site")
    return address


def test_a_site_is_served_from_its_private_bucket(local: Any, url: str) -> None:
    """The root object at /, every file by its name, with its type; nobody else may read the bucket."""
    answer = local.ask(url, "/")
    assert (answer.status, answer.body) == (200, INDEX)
    assert answer.headers["content-type"] == "text/html"
    assert answer.headers["cache-control"] == "no-cache"
    assert local.ask(url, "/index.html").body == INDEX
    assert local.ask(url, "/app/main%20page.js?v=2").body == b"0123456789"
    assert local.ask(local.supervisor.endpoint, "/ts-site-bucket/index.html").status == 403


def test_the_managed_security_headers_are_added(local: Any, url: str) -> None:
    """AWS's SecurityHeadersPolicy, which the distribution names by its id."""
    headers = local.ask(url, "/").headers
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"


def test_only_the_behaviours_methods_are_allowed(local: Any, url: str) -> None:
    """GET and HEAD here."""
    assert local.ask(url, "/", "HEAD").headers["content-length"] == str(len(INDEX))
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert local.ask(url, "/index.html", method).status == 403


def test_part_of_a_file_may_be_asked(local: Any, url: str) -> None:
    """Ranges, and answers that say that nothing changed."""
    answer = local.ask(url, "/app/main%20page.js", Range="bytes=2-4")
    assert (answer.status, answer.body) == (206, b"234")
    assert answer.headers["content-range"] == "bytes 2-4/10"
    etag = local.ask(url, "/index.html").headers["etag"]
    assert local.ask(url, "/index.html", If_None_Match=etag).status == 304


def test_a_missing_file_is_forbidden_as_on_aws(local: Any, url: str) -> None:
    """S3 says 403 to who may not list the bucket: an error page for 404 only would never be shown."""
    assert local.ask(url, "/nothing.html").status == 403


def test_who_may_list_is_told_that_a_file_is_missing(local: Any) -> None:
    """With s3:ListBucket it is a 404; an error page shows instead, with the status it asks for."""
    origin = bucket_origin(local, "ts-pages-bucket", access_control=True)
    pages = {
        "Quantity": 1,
        "Items": [{"ErrorCode": 404, "ResponsePagePath": "/404.html", "ResponseCode": "404", "ErrorCachingMinTTL": 0}],
    }
    made = distribution(local, "ts-pages", [origin], CustomErrorResponses=pages)
    let_in(local, "ts-pages-bucket", made["ARN"], "s3:GetObject", "s3:ListBucket")
    answer = local.ask(local.edge("cloudfront", "ts-pages"), "/nothing")
    assert (answer.status, answer.body) == (404, b"<h1>not here</h1>")


def test_an_app_answers_every_path_with_its_page(local: Any) -> None:
    """The fallback of single-page apps: 403 becomes the index page and 200."""
    origin = bucket_origin(local, "ts-spa-bucket", access_control=True)
    pages = {
        "Quantity": 1,
        "Items": [
            {"ErrorCode": 403, "ResponsePagePath": "/index.html", "ResponseCode": "200", "ErrorCachingMinTTL": 0}
        ],
    }
    made = distribution(local, "ts-spa", [origin], DefaultRootObject="index.html", CustomErrorResponses=pages)
    let_in(local, "ts-spa-bucket", made["ARN"])
    answer = local.ask(local.edge("cloudfront", "ts-spa"), "/deep/link")
    assert (answer.status, answer.body) == (200, INDEX)


@pytest.mark.parametrize(("access_control", "policy"), [(False, True), (True, False)])
def test_a_bucket_that_was_not_opened_stays_closed(local: Any, access_control: bool, policy: bool) -> None:
    """Without the origin access control, or without the policy that lets it in: 403."""
    name = f"ts-closed-{access_control}".lower()
    made = distribution(local, name, [bucket_origin(local, name, access_control=access_control)])
    if policy:
        let_in(local, name, made["ARN"])
    assert local.ask(local.edge("cloudfront", name), "/index.html").status == 403


def test_a_path_may_lead_to_an_api(local: Any) -> None:
    """An origin that is another edge of this computer is asked there; any other host is not reached."""
    listener, _ = local.balancer("ts-behind-cdn", ("/*", [local.service().port]))
    id_ = local.api("ts-behind-cdn", listener, {"RouteKey": "$default"})
    host = local.aws.client("apigatewayv2").get_api(ApiId=id_)["ApiEndpoint"].removeprefix("https://")
    custom = {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"}
    methods = {"Quantity": 7, "Items": ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"]}
    behaviour = {
        "ViewerProtocolPolicy": "https-only",
        "AllowedMethods": methods,
        "CachePolicyId": CACHING_DISABLED,
        "OriginRequestPolicyId": ALL_BUT_HOST,
    }
    distribution(
        local,
        "ts-with-api",
        [
            {"Id": "elsewhere", "DomainName": "elsewhere.example", "CustomOriginConfig": custom},
            {"Id": "api", "DomainName": host, "CustomOriginConfig": custom},
        ],
        CacheBehaviors={"Quantity": 1, "Items": [{"PathPattern": "/api/*", "TargetOriginId": "api", **behaviour}]},
    )
    url = local.edge("cloudfront", "ts-with-api")
    seen = local.ask(url, "/api/v1/gym?x=1", "POST", b"123").json()
    assert (seen["method"], seen["target"], seen["body"]) == ("POST", "/api/v1/gym?x=1", 3)
    assert local.ask(url, "/").status == 502


def test_a_page_may_call_the_api_from_its_port(local: Any, url: str) -> None:
    """The API allows the site's AWS address; the page on this computer's port counts as that."""
    listener, _ = local.balancer("ts-cors", ("/*", [local.service().port]))
    (site,) = [edge for edge in local.supervisor.edges() if edge["name"] == "ts-site"]
    cors = {"AllowOrigins": [site["aws_url"]], "AllowMethods": ["GET"]}
    local.api("ts-cors", listener, {"RouteKey": "GET /{proxy+}"}, CorsConfiguration=cors)
    answer = local.ask(local.edge("http-api", "ts-cors"), "/x", origin=url)
    assert answer.headers["access-control-allow-origin"] == url
