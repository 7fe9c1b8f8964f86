"""Load balancers over real sockets."""

import http.client
import socket
import threading
import time
from email.utils import parsedate
from typing import Any
from urllib.parse import urlsplit

import pytest


@pytest.fixture(scope="module")
def gym(local: Any) -> Any:
    """A service behind /api/v1/gym/*."""
    return local.service()


@pytest.fixture(scope="module")
def url(local: Any, gym: Any) -> str:
    """The balancer's address: gym, two more that take turns at /turns/*, one without targets, one that is gone."""
    closed = socket.create_server(("127.0.0.1", 0))
    gone = closed.getsockname()[1]
    closed.close()
    local.balancer(
        "ts-rules",
        ("/api/v1/gym/*", [gym.port]),
        ("/turns/*", [gym.port, local.service().port]),
        ("/empty/*", []),
        ("/gone/*", [gone]),
    )
    address: str = local.edge("alb", "ts-rules")
    return address


def test_a_request_reaches_its_service_as_it_was_sent(local: Any, url: str) -> None:
    """Method, path, query, body and headers arrive; who asked, and for which AWS name, is said."""
    answer = local.ask(
        url, "/api/v1/gym/a%2Fb?x=%20y&x=2", "POST", b"12345", x_mine="1", x_forwarded_host="evil.example"
    )
    seen = answer.json()
    assert answer.status == 200
    assert (seen["method"], seen["target"], seen["body"]) == ("POST", "/api/v1/gym/a%2Fb?x=%20y&x=2", 5)
    headers = seen["headers"]
    assert headers["x-mine"] == "1"
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["x-forwarded-proto"] == "http"
    assert headers["x-forwarded-port"] == str(urlsplit(url).port)
    assert headers["x-forwarded-host"].startswith("ts-rules")
    assert headers["host"] == urlsplit(url).netloc
    assert len(parsedate(answer.headers["date"]) or ()) == 9


def test_what_no_rule_takes_gets_the_default(local: Any, url: str) -> None:
    """The listener's own fixed response."""
    answer = local.ask(url, "/nothing")
    assert (answer.status, answer.body, answer.headers["content-type"]) == (
        404,
        b'{"title":"Not Found"}',
        "application/json",
    )


def test_targets_take_turns(local: Any, url: str) -> None:
    """Two targets get every other request each."""
    first, second, third, fourth = (local.ask(url, "/turns/x").json()["port"] for _ in range(4))
    assert first != second
    assert (first, second) == (third, fourth)


def test_without_targets_it_is_503(local: Any, url: str) -> None:
    """A page of the balancer's, as on AWS."""
    answer = local.ask(url, "/empty/x")
    assert answer.status == 503
    assert b"503 Service Temporarily Unavailable" in answer.body
    assert answer.headers["content-type"] == "text/html"


def test_a_target_that_does_not_answer_is_502(local: Any, url: str) -> None:
    """Nobody listens, or the connection closes without an answer."""
    assert local.ask(url, "/gone/x").status == 502
    assert local.ask(url, "/api/v1/gym/broken").status == 502


def test_a_head_request_has_a_length_and_no_body(local: Any, url: str) -> None:
    """As the service answered it, and for the balancer's own pages too."""
    answer = local.ask(url, "/api/v1/gym/x", "HEAD")
    assert (answer.status, answer.body) == (200, b"")
    assert int(answer.headers["content-length"]) > 0
    assert local.ask(url, "/nothing", "HEAD").body == b""


def test_a_body_of_unknown_length_is_passed_on_piece_by_piece(local: Any, url: str) -> None:
    """Chunked in, chunked out: nothing is gathered on the way."""
    pieces = (b"x" * 1000 for _ in range(300))
    answer = local.ask(url, "/api/v1/gym/x", "POST", pieces)
    assert answer.json()["body"] == 300_000


def test_an_answer_is_passed_on_while_it_comes(url: str, gym: Any) -> None:
    """The first piece arrives while the service still works on the second."""
    gym.may_go_on.clear()
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    connection.request("GET", "/api/v1/gym/stream")
    response = connection.getresponse()
    assert response.read(6) == b"first "
    gym.may_go_on.set()
    assert response.read() == b"second"
    connection.close()


def test_a_client_that_goes_away_frees_the_service(url: str, gym: Any) -> None:
    """The service's connection is closed, so that it need not work for nobody."""
    gym.may_go_on.clear()
    gym.broke_off.clear()
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    connection.request("GET", "/api/v1/gym/stream/endless")
    assert connection.getresponse().read(6) == b"first "
    connection.close()
    time.sleep(0.1)
    gym.may_go_on.set()
    assert gym.broke_off.wait(60)


def test_only_this_computers_names_are_answered(local: Any, url: str) -> None:
    """A web page that points its own host name at 127.0.0.1 (DNS rebinding) gets nothing."""
    port = urlsplit(url).port
    for host in (
        "evil.example",
        f"evil.example:{port}",
        "127.0.0.1",
        f"127.0.0.1:{port + 1}",
        f"localhost.evil.example:{port}",
    ):
        answer = local.ask(url, "/api/v1/gym/x", Host=host)
        assert (answer.status, "this port answers to" in answer.json()["message"]) == (421, True)
    for host in (f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}"):
        assert local.ask(url, "/api/v1/gym/x", Host=host).status == 200


def test_edges_listen_on_loopback_only(url: str) -> None:
    """No other computer can reach them."""
    addresses = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for address in addresses - {"127.0.0.1", "127.0.1.1"}:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((address, urlsplit(url).port), timeout=2)


def test_a_deregistered_target_gets_no_more_requests(local: Any) -> None:
    """Rules and targets are in use as soon as the emulator has them."""
    service = local.service()
    _, (group,) = local.balancer("ts-moves", ("/*", [service.port]))
    url = local.edge("alb", "ts-moves")
    assert local.ask(url).status == 200
    elb = local.aws.client("elbv2")
    elb.deregister_targets(TargetGroupArn=group, Targets=[{"Id": "127.0.0.1", "Port": service.port}])
    assert local.ask(url).status == 503
    elb.register_targets(TargetGroupArn=group, Targets=[{"Id": "127.0.0.1", "Port": service.port}])
    assert local.ask(url).status == 200


def test_an_edge_goes_with_its_balancer_and_comes_back_on_its_port(local: Any) -> None:
    """A bookmark outlives a weekend."""
    local.balancer("ts-comes-and-goes")
    url = local.edge("alb", "ts-comes-and-goes")
    elb = local.aws.client("elbv2")
    (found,) = elb.describe_load_balancers(Names=["ts-comes-and-goes"])["LoadBalancers"]
    elb.delete_load_balancer(LoadBalancerArn=found["LoadBalancerArn"])
    assert "ts-comes-and-goes" not in {edge["name"] for edge in local.supervisor.edges()}
    with pytest.raises(ConnectionRefusedError):
        local.ask(url)
    local.balancer("ts-comes-and-goes")
    assert local.edge("alb", "ts-comes-and-goes") == url


def test_many_clients_at_once(local: Any, url: str) -> None:
    """Fifty in parallel, each gets its own answer."""
    found: dict[int, str] = {}

    def client(number: int) -> None:
        found[number] = local.ask(url, f"/api/v1/gym/{number}").json()["target"]

    threads = [threading.Thread(target=client, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: f"/api/v1/gym/{number}" for number in range(50)}
