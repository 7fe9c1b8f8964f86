"""Who may call the emulator, and how it answers what it cannot do."""

import http.client
import json
import socket
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from trackstack_infra.local.cloud.server import Server


def ask(bench: Any, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """One raw request, with the right Host unless HEADERS say otherwise."""
    address = urlsplit(bench.cloud.endpoint)
    connection = http.client.HTTPConnection(address.hostname or "", address.port)
    connection.putrequest(method, path, skip_host=True)
    for name, value in {
        "Host": address.netloc,
        **{key.replace("_", "-"): text for key, text in headers.items()},
    }.items():
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    answer = response.status, {key.lower(): value for key, value in response.getheaders()}, response.read()
    connection.close()
    return answer


def test_listens_on_this_computer_only(bench: Any) -> None:
    """The emulator is reachable from this computer and from no other."""
    assert bench.cloud.endpoint.startswith("http://127.0.0.1:")


@pytest.mark.parametrize("host", ["evil.test", "evil.test:80", "127.0.0.1", "127.0.0.1:1", "localhost.evil.test"])
def test_a_foreign_host_name_is_refused(bench: Any, host: str) -> None:
    """A web page cannot reach the emulator by pointing a name of its own at 127.0.0.1."""
    status, _, body = ask(bench, "/", Host=host)
    assert status == 403
    assert "answers to 127.0.0.1" in json.loads(body)["message"]


def test_localhost_is_let_in(bench: Any) -> None:
    """localhost is the same computer."""
    port = urlsplit(bench.cloud.endpoint).port
    assert ask(bench, "/_trackstack/health", Host=f"localhost:{port}")[0] == 200
    assert ask(bench, "/_trackstack/health", Host=f"[::1]:{port}")[0] == 200


@pytest.mark.parametrize(
    "head",
    ["Content-Length: 40", "Transfer-Encoding: chunked"],
    ids=["a length", "chunks"],
)
def test_half_a_request_is_not_carried_out(bench: Any, head: str) -> None:
    """A caller that dies while it sends a bucket's policy leaves the policy as it was; the emulator goes on."""
    s3 = bench.client("s3")
    s3.create_bucket(Bucket="half")
    whole = '{"Version":"2012-10-17","Statement":[]}'
    s3.put_bucket_policy(Bucket="half", Policy=whole)
    address = urlsplit(bench.cloud.endpoint)
    signed = "AWS4-HMAC-SHA256 Credential=test/20261201/us-east-1/s3/aws4_request"
    with socket.create_connection((address.hostname or "", address.port or 0)) as dying:
        lines = ["PUT /half?policy HTTP/1.1", f"Host: {address.netloc}", f"Authorization: {signed}", head, "", ""]
        dying.sendall("\r\n".join(lines).encode())
    for _ in range(3):
        assert s3.get_bucket_policy(Bucket="half")["Policy"] == whole


def test_a_foreign_page_is_refused(bench: Any) -> None:
    """A page of another site may neither read nor change anything, whatever request its browser sends."""
    assert ask(bench, "/", "POST", Origin="https://evil.test")[0] == 403
    assert ask(bench, "/", "POST", Origin="null")[0] == 403
    assert ask(bench, "/?Action=DeleteQueue", Sec_Fetch_Site="cross-site")[0] == 403
    assert ask(bench, "/_trackstack/health", Origin="http://127.0.0.1:8602")[0] == 200


def test_a_page_gets_no_permission_to_read(bench: Any) -> None:
    """Answers carry no CORS headers by which any page could read them."""
    _, headers, _ = ask(bench, "/_trackstack/health")
    assert [name for name in headers if name.startswith("access-control")] == []
    _, headers, _ = ask(bench, "/some-bucket/key")
    assert [name for name in headers if name.startswith("access-control")] == []


def test_control_answers_below_its_path(bench: Any) -> None:
    """What is below /_trackstack/ is the supervisor's."""
    status, _, body = ask(bench, "/_trackstack/services?after=3")
    assert (status, json.loads(body)) == (200, {"path": "/_trackstack/services", "query": "after=3"})


def test_a_connection_is_used_again(bench: Any) -> None:
    """Clients keep one connection open, which is what makes a stack of 100 resources quick."""
    address = urlsplit(bench.cloud.endpoint)
    connection = http.client.HTTPConnection(address.hostname or "", address.port)
    connection.request("GET", "/_trackstack/health")
    connection.getresponse().read()
    first = connection.sock
    connection.request("GET", "/_trackstack/health")
    assert connection.getresponse().status == 200
    assert connection.sock is first
    connection.close()


def test_an_unknown_service_says_so(bench: Any) -> None:
    """A service that the emulator does not have is an error in words, at once."""
    with pytest.raises(ClientError, match="the local emulator has no service lightsail") as caught:
        bench.client("lightsail").get_instances()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501


@pytest.mark.parametrize(
    ("service", "operation", "request_"),
    [
        ("iam", "simulate_custom_policy", {"PolicyInputList": ["{}"], "ActionNames": ["a:b"]}),
        ("ecs", "list_services_by_namespace", {"namespace": "shop"}),
        ("efs", "describe_replication_configurations", {}),
        ("apigatewayv2", "get_deployments", {"ApiId": "abc"}),
    ],
)
def test_an_unknown_operation_says_so(bench: Any, service: str, operation: str, request_: dict[str, Any]) -> None:
    """An operation that the emulator does not have never looks like "not found", in whatever protocol."""
    with pytest.raises(ClientError, match=r"the local emulator (cannot do this|has no operation)") as caught:
        getattr(bench.client(service), operation)(**request_)
    assert caught.value.response["Error"]["Code"] == "NotImplemented"


def test_others_hear_of_changes_only(bench: Any) -> None:
    """Agent and router hear of each call that changed something, under boto3's name of the service, and of no reads."""
    bench.changes.clear()
    balancers = bench.client("elbv2")
    balancers.describe_load_balancers()
    bench.client("apigatewayv2").get_apis()
    bench.client("s3").list_buckets()
    with pytest.raises(ClientError):
        bench.client("ecs").delete_cluster(cluster="none")
    assert bench.changes == []
    bench.client("ecs").create_cluster(clusterName="c")
    bench.client("efs").create_file_system(CreationToken="f")
    bench.client("apigatewayv2").create_api(Name="a", ProtocolType="HTTP")
    bench.client("servicediscovery").create_http_namespace(Name="n")
    assert bench.changes == ["ecs", "efs", "apigatewayv2", "servicediscovery"]


def test_a_listener_that_breaks_breaks_nothing(bench: Any) -> None:
    """A call succeeds even when somebody who hears of it fails."""

    def broken(service: str) -> None:
        raise RuntimeError(service)

    bench.cloud.changed(broken)
    assert bench.client("sqs").create_queue(QueueName="after-all")["QueueUrl"].endswith("/after-all")


def test_only_one_cloud_runs(bench: Any, new_bench: Any, tmp_path: Any) -> None:
    """A second cloud in the same process says why it cannot be."""
    with pytest.raises(RuntimeError, match="another Cloud runs in this process"):
        new_bench(tmp_path).cloud.start()


def test_a_taken_port_is_an_error_not_an_exit(bench: Any, tmp_path: Any) -> None:
    """The supervisor can try the next port."""
    with pytest.raises(OSError, match="in use"):
        Server(lambda environ, start_response: [], urlsplit(bench.cloud.endpoint).port or 0)


def test_keys_of_a_pool_are_served(bench: Any) -> None:
    """Apps verify tokens with the keys at the pool's own path."""
    pool = bench.client("cognito-idp").create_user_pool(PoolName="p")["UserPool"]["Id"]
    status, _, body = ask(bench, f"/{pool}/.well-known/jwks.json")
    assert status == 200
    assert [key["kid"] for key in json.loads(body)["keys"]] == ["dummy"]


def test_a_request_that_breaks_us_is_answered(bench: Any, caplog: pytest.LogCaptureFixture) -> None:
    """A bug costs one request, not the connection, and is in the log."""
    status, _, body = ask(
        bench,
        "/",
        "POST",
        X_Amz_Target="AmazonSQS.ReceiveMessage",
        Authorization="AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/sqs/aws4_request",
        Content_Length="0",
        Content_Type="application/x-amz-json-1.0",
    )
    assert status == 400
    status, _, body = ask(bench, "/_trackstack/broken")
    assert (status, body) == (500, b"the local emulator broke on this request; its log says where")
    assert "ZeroDivisionError" in caplog.text
