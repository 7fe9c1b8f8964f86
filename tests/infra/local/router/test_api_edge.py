"""HTTP APIs over real sockets."""

import time
from typing import Any

import pytest

SITE = "https://site.example"
SCOPE = "aws.cognito.signin.user.admin"  # the one that every access token of the emulator's own sign-in has
BROWSER = {"origin": SITE, "access_control_request_method": "POST", "access_control_request_headers": "authorization"}


@pytest.fixture(scope="module")
def pool(local: Any) -> tuple[str, str]:
    """A user pool's id and its client's."""
    cognito = local.aws.client("cognito-idp")
    pool: str = cognito.create_user_pool(PoolName="router")["UserPool"]["Id"]
    client: str = cognito.create_user_pool_client(
        UserPoolId=pool, ClientName="router", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
    )["UserPoolClient"]["ClientId"]
    cognito.admin_create_user(UserPoolId=pool, Username="ada")
    cognito.admin_set_user_password(UserPoolId=pool, Username="ada", Password="Secret-123", Permanent=True)
    return pool, client


@pytest.fixture(scope="module")
def bearer(local: Any, pool: tuple[str, str]) -> str:
    """An access token of the pool's user."""
    answer = local.aws.client("cognito-idp").initiate_auth(
        ClientId=pool[1],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ada", "PASSWORD": "Secret-123"},
    )
    return f"Bearer {answer['AuthenticationResult']['AccessToken']}"


@pytest.fixture(scope="module")
def url(local: Any, pool: tuple[str, str]) -> str:
    """An API in front of a load balancer: gym by token, heating by another scope, any other method of gym refused."""
    service = local.service()
    listener, _ = local.balancer("ts-behind-api", ("/api/v1/*", [service.port]))
    cors = {
        "AllowOrigins": [SITE],
        "AllowMethods": ["GET", "POST"],
        "AllowHeaders": ["authorization"],
        "ExposeHeaders": ["etag"],
        "MaxAge": 600,
    }
    id_ = local.api("ts-api", listener, CorsConfiguration=cors)
    gateway = local.aws.client("apigatewayv2")
    authorizer = gateway.create_authorizer(
        ApiId=id_,
        Name="tokens",
        AuthorizerType="JWT",
        IdentitySource=["$request.header.Authorization"],
        JwtConfiguration={"Issuer": f"https://cognito-idp.us-east-1.amazonaws.com/{pool[0]}", "Audience": [pool[1]]},
    )["AuthorizerId"]
    (integration,) = gateway.get_integrations(ApiId=id_)["Items"]
    target = f"integrations/{integration['IntegrationId']}"
    for key, scope in (
        ("GET /api/v1/gym/{proxy+}", SCOPE),
        ("POST /api/v1/gym/{proxy+}", SCOPE),
        ("GET /api/v1/heating/{proxy+}", "trackstack/heating"),
        ("ANY /api/v1/any/{proxy+}", SCOPE),
    ):
        gateway.create_route(
            ApiId=id_,
            RouteKey=key,
            Target=target,
            AuthorizationType="JWT",
            AuthorizerId=authorizer,
            AuthorizationScopes=[scope],
        )
    gateway.create_route(ApiId=id_, RouteKey="GET /open", Target=target)
    gateway.create_route(ApiId=id_, RouteKey="GET /api/v1/hang", Target=target)
    address: str = local.edge("http-api", "ts-api")
    return address


def test_a_call_with_a_token_reaches_the_service(local: Any, url: str, bearer: str) -> None:
    """API, VPC link, listener, rule, target: and the token goes with it, for the service checks it as well."""
    answer = local.ask(url, "/api/v1/gym/workouts?limit=5", authorization=bearer)
    assert answer.status == 200
    seen = answer.json()
    assert seen["target"] == "/api/v1/gym/workouts?limit=5"
    assert seen["headers"]["authorization"] == bearer
    assert seen["headers"]["x-forwarded-host"].endswith(".execute-api.us-east-1.amazonaws.com")
    assert seen["headers"]["x-forwarded-for"] == "127.0.0.1"


def test_a_call_without_a_good_token_does_not(local: Any, url: str, bearer: str) -> None:
    """401 with API Gateway's words; the challenge says why."""
    for token, challenge in (
        (None, "Bearer"),
        ("Bearer nonsense", 'error="invalid_token"'),
        (bearer[:-9] + ("A" if bearer[-9] != "A" else "B") + bearer[-8:], "signature is invalid"),
    ):
        answer = local.ask(url, "/api/v1/gym/workouts", **({"authorization": token} if token else {}))
        assert (answer.status, answer.body) == (401, b'{"message":"Unauthorized"}')
        assert challenge in answer.headers["www-authenticate"]


def test_a_token_without_the_scope_is_forbidden(local: Any, url: str, bearer: str) -> None:
    """403: each domain asks for its own scope."""
    answer = local.ask(url, "/api/v1/heating/meters", authorization=bearer)
    assert (answer.status, answer.body) == (403, b'{"message":"Forbidden"}')


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("GET", "/api/v1/gym"), ("DELETE", "/api/v1/gym/x"), ("GET", "/metrics")]
)
def test_what_has_no_route_is_not_found(local: Any, url: str, bearer: str, method: str, path: str) -> None:
    """404 {"message":"Not Found"}, with or without a token."""
    answer = local.ask(url, path, method, authorization=bearer)
    assert (answer.status, answer.body) == (404, b'{"message":"Not Found"}')


def test_a_browser_is_told_what_it_may(local: Any, url: str) -> None:
    """The preflight is answered by the API, without a token and whether or not there is such a path."""
    for path in ("/api/v1/gym/workouts", "/nowhere"):
        answer = local.ask(url, path, "OPTIONS", **BROWSER)
        assert answer.status == 204
        assert answer.headers["access-control-allow-origin"] == SITE
        assert answer.headers["access-control-allow-methods"] == "GET,POST"
        assert answer.headers["access-control-allow-headers"] == "authorization"
        assert answer.headers["access-control-max-age"] == "600"


def test_a_route_for_any_method_takes_the_preflight_too(local: Any, url: str) -> None:
    """So it asks the browser for a token it never sends, as on AWS: why the stacks have a route for each method."""
    assert local.ask(url, "/api/v1/any/x", "OPTIONS", **BROWSER).status == 401


def test_every_answer_has_the_apis_cors_headers(local: Any, url: str, bearer: str) -> None:
    """Also the refusals, or a page could not read them; what the service says about CORS is dropped."""
    answer = local.ask(url, "/api/v1/gym/workouts", authorization=bearer, origin=SITE)
    assert answer.headers["access-control-allow-origin"] == SITE
    assert answer.headers["access-control-expose-headers"] == "etag"
    assert local.ask(url, "/api/v1/gym/workouts", origin=SITE).headers["access-control-allow-origin"] == SITE
    foreign = local.ask(url, "/api/v1/gym/workouts", authorization=bearer, origin="https://evil.example")
    assert "access-control-allow-origin" not in foreign.headers


def test_a_service_that_takes_too_long_is_given_up(local: Any, url: str) -> None:
    """503 {"message":"Service Unavailable"} when the integration's time is over."""
    began = time.monotonic()
    answer = local.ask(url, "/api/v1/hang")
    assert (answer.status, answer.body) == (503, b'{"message":"Service Unavailable"}')
    assert 0.9 < time.monotonic() - began < 20  # when the service would have answered


def test_a_body_over_ten_mebibytes_is_refused(local: Any, url: str, bearer: str) -> None:
    """Whether its length is said before or not."""
    whole = b"x" * (10 * 1024 * 1024)
    assert local.ask(url, "/api/v1/gym/x", "POST", whole, authorization=bearer).json()["body"] == len(whole)
    answer = local.ask(url, "/api/v1/gym/x", "POST", iter([whole, b"x"]), authorization=bearer)
    assert (answer.status, answer.body) == (413, b'{"message":"Request Entity Too Large"}')


def test_an_api_finds_tasks_in_cloud_map(local: Any) -> None:
    """Pragmatic has no load balancer: the API asks Cloud Map, and says 503 when nobody is registered."""
    cloud_map = local.aws.client("servicediscovery")
    vpc = local.aws.client("ec2").create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    cloud_map.create_private_dns_namespace(Name="router.internal", Vpc=vpc)
    (namespace,) = [each for each in cloud_map.list_namespaces()["Namespaces"] if each["Name"] == "router.internal"]
    made = cloud_map.create_service(
        Name="monolith", DnsConfig={"NamespaceId": namespace["Id"], "DnsRecords": [{"Type": "SRV", "TTL": 10}]}
    )["Service"]
    local.api("ts-mapped", made["Arn"], {"RouteKey": "ANY /api/v1/{proxy+}"})
    url = local.edge("http-api", "ts-mapped")
    answer = local.ask(url, "/api/v1/x")
    assert (answer.status, answer.body) == (503, b'{"message":"Service Unavailable"}')

    service = local.service()
    cloud_map.register_instance(
        ServiceId=made["Id"],
        InstanceId="task-1",
        Attributes={"AWS_INSTANCE_IPV4": "127.0.0.1", "AWS_INSTANCE_PORT": str(service.port)},
    )
    assert local.ask(url, "/api/v1/x").json()["target"] == "/api/v1/x"
    cloud_map.deregister_instance(ServiceId=made["Id"], InstanceId="task-1")
    assert local.ask(url, "/api/v1/x").status == 503


def test_a_stage_lets_so_many_calls_through(local: Any) -> None:
    """429 {"message":"Too Many Requests"} when the burst is used up."""
    listener, _ = local.balancer("ts-throttled", ("/*", [local.service().port]))
    limit = {"DefaultRouteSettings": {"ThrottlingRateLimit": 0.5, "ThrottlingBurstLimit": 3}}
    local.api("ts-throttled", listener, {"RouteKey": "$default"}, stage=limit)
    url = local.edge("http-api", "ts-throttled")
    answers = [local.ask(url, "/x") for _ in range(5)]
    assert [answer.status for answer in answers] == [200, 200, 200, 429, 429]
    assert answers[-1].body == b'{"message":"Too Many Requests"}'


def test_an_api_without_routes_stays_and_says_not_found(local: Any) -> None:
    """With the power off the endpoint stays: 404, and the address is the same when the routes come back."""
    listener, _ = local.balancer("ts-power", ("/*", [local.service().port]))
    id_ = local.api("ts-power", listener, {"RouteKey": "GET /api/{proxy+}"})
    url = local.edge("http-api", "ts-power")
    assert local.ask(url, "/api/x").status == 200
    gateway = local.aws.client("apigatewayv2")
    (route,) = gateway.get_routes(ApiId=id_)["Items"]
    gateway.delete_route(ApiId=id_, RouteId=route["RouteId"])
    assert local.ask(url, "/api/x").status == 404
    gateway.create_route(ApiId=id_, RouteKey="GET /api/{proxy+}", Target=route["Target"])
    assert local.ask(url, "/api/x").status == 200
