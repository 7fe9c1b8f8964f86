"""A real supervisor with its edges, and a service behind them that tells what reached it."""

import http.client
import http.server
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest

from trackstack_infra.local.provider import Clients
from trackstack_infra.local.supervisor.client import Supervisor

REGION = "us-east-1"


class Echo(http.server.BaseHTTPRequestHandler):
    """Answers with the request it got. /slow takes a second, /hang for ever, /broken closes without a word."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if "/broken" in self.path:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if "/slow" in self.path:
            self.server.arrived.set()
            time.sleep(1.0)
        if "/hang" in self.path:
            self.server.arrived.set()
            self.server.left.wait(20)
        if "/stream" in self.path:
            self._stream()
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        seen = {"method": self.command, "target": self.path, "headers": headers, "body": self._body()}
        self._answer(seen | {"port": self.server.port})

    def __getattr__(self, name: str) -> Any:
        """Every method is answered the same way."""
        if name.startswith("do_"):
            return self.do_GET
        raise AttributeError(name)

    def _body(self) -> int:
        """The number of bytes of the body, whose length may not be known before."""
        if self.headers.get("Transfer-Encoding") != "chunked":
            return len(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        total = 0
        while size := int(self.rfile.readline(), 16):
            total += len(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return total

    def _answer(self, value: dict[str, Any]) -> None:
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _stream(self) -> None:
        """Two pieces, the second only when the test has seen the first; or until the client goes."""
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"6\r\nfirst \r\n")
        self.server.may_go_on.wait(60)
        try:
            for _ in range(200 if "/endless" in self.path else 1):
                self.wfile.write(b"6\r\nsecond\r\n")
                time.sleep(0.01)
            self.wfile.write(b"0\r\n\r\n")
        except OSError:
            self.server.broke_off.set()

    def log_message(self, *args: object) -> None:
        pass


class Service(http.server.ThreadingHTTPServer):
    """The echo, on a free port."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Echo)
        self.arrived = threading.Event()
        self.left = threading.Event()
        self.may_go_on = threading.Event()
        self.broke_off = threading.Event()
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def handle_error(self, *args: object) -> None:
        pass


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Local:
    """The local cloud as tests use it."""

    supervisor: Supervisor
    aws: Clients
    services: list[Service] = field(default_factory=list)

    def service(self) -> Service:
        """Start another echo."""
        self.services.append(Service())
        return self.services[-1]

    def edge(self, kind: str, name: str) -> str:
        """The address of an edge on this computer."""
        return next(edge["url"] for edge in self.supervisor.edges() if (edge["kind"], edge["name"]) == (kind, name))

    def ask(self, url: str, path: str = "/", method: str = "GET", body: Any = None, **headers: str) -> Answer:
        """Ask an edge; what was changed before is in use."""
        self.supervisor.edges()
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body=body, headers=sent)
            response = connection.getresponse()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    def balancer(self, name: str, *patterns_and_ports: tuple[str, list[int]]) -> tuple[str, list[str]]:
        """Make a load balancer with a rule for each path pattern, 404 for the rest; return its listener and groups."""
        elb, ec2 = self.aws.client("elbv2"), self.aws.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"{REGION}{zone}")["Subnet"][
                "SubnetId"
            ]
            for n, zone in enumerate("ab")
        ]
        made = elb.create_load_balancer(Name=name, Subnets=subnets, Scheme="internal", Type="application")
        not_found = {"StatusCode": "404", "ContentType": "application/json", "MessageBody": '{"title":"Not Found"}'}
        listener: str = elb.create_listener(
            LoadBalancerArn=made["LoadBalancers"][0]["LoadBalancerArn"],
            Protocol="HTTP",
            Port=80,
            DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": not_found}],
        )["Listeners"][0]["ListenerArn"]
        groups = []
        for priority, (pattern, ports) in enumerate(patterns_and_ports, start=1):
            group = elb.create_target_group(
                Name=f"{name}-{priority}", Protocol="HTTP", Port=8000, VpcId=vpc, TargetType="ip"
            )["TargetGroups"][0]["TargetGroupArn"]
            groups.append(group)
            if ports:
                elb.register_targets(
                    TargetGroupArn=group, Targets=[{"Id": "127.0.0.1", "Port": port} for port in ports]
                )
            elb.create_rule(
                ListenerArn=listener,
                Priority=priority,
                Conditions=[{"Field": "path-pattern", "PathPatternConfig": {"Values": [pattern]}}],
                Actions=[{"Type": "forward", "TargetGroupArn": group}],
            )
        return listener, groups

    def api(
        self, name: str, uri: str, *routes: dict[str, Any], stage: dict[str, Any] | None = None, **more: Any
    ) -> str:
        """Make an HTTP API with one integration behind a VPC link; return its id."""
        gateway = self.aws.client("apigatewayv2")
        id_: str = gateway.create_api(Name=name, ProtocolType="HTTP", **more)["ApiId"]
        integration = gateway.create_integration(
            ApiId=id_,
            IntegrationType="HTTP_PROXY",
            IntegrationMethod="ANY",
            IntegrationUri=uri,
            ConnectionType="VPC_LINK",
            ConnectionId="link",
            PayloadFormatVersion="1.0",
            TimeoutInMillis=1000,
        )["IntegrationId"]
        for route in routes:
            gateway.create_route(ApiId=id_, Target=f"integrations/{integration}", **route)
        gateway.create_stage(ApiId=id_, StageName="$default", AutoDeploy=True, **(stage or {}))
        return id_


@pytest.fixture(scope="session")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    """A supervisor without tasks: the services behind its edges are threads of the tests."""
    supervisor = Supervisor.start(tmp_path_factory.mktemp("home"), 18800, 60.0, "--region", REGION)
    local = Local(supervisor, Clients(supervisor.endpoint, REGION))
    yield local
    supervisor.stop()
    for service in local.services:
        service.left.set()
        service.shutdown()
        service.server_close()
