#!/usr/bin/env bash
# uvicorn on `::` refuses IPv4 callers with one worker and serves them with two.
#
# One would guess: `--host ::` listens alike whatever `--workers` says. The settings page does not connect the two
#   (https://www.uvicorn.org/settings/), and on Linux a socket bound to `::` takes IPv4 callers too unless it is told
#   otherwise (IPV6_V6ONLY in https://man7.org/linux/man-pages/man7/ipv6.7.html).
# What happens: one worker leaves the socket to asyncio's create_server, which makes every IPv6 socket IPv6-only. With
#   more workers, or --reload, uvicorn binds the socket itself and leaves that option as the system has it. Reported as
#   https://github.com/Kludex/uvicorn/issues/2945, open.
# Why it matters here: IPv6 tasks get HOST=:: (trackstack_infra/components/task.py) and run one worker. A container
#   health check that asks 127.0.0.1 then fails for ever, and ECS replaces a healthy task again and again. A trial with
#   two workers would not have shown it. Python's socket.create_server, which apps/common/serve.py uses, is IPv6-only
#   as well unless it gets dualstack_ipv6=True.
# Seen on 2026-11-30 with Python 3.11 on Linux, uvicorn 0.54.0:
#   --workers 1: [::1] answers, 127.0.0.1 refused
#   --workers 2: [::1] answers, 127.0.0.1 answers
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check uvicorn==0.54.0
cat > app.py <<'PY'
async def app(scope, receive, send):
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})
PY
cat > check.py <<'PY'
import contextlib
import http.client
import socket
import subprocess
import sys
import time


def answers(host, port):
    connection = http.client.HTTPConnection(host, port, timeout=10)
    with contextlib.closing(connection):
        try:
            connection.request("GET", "/")
            return connection.getresponse().status == 200
        except ConnectionRefusedError:
            return False


def reached(workers):
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "app:app", "--host", "::", "--port", str(port), "--lifespan", "off"]
    server = subprocess.Popen([*command, "--workers", str(workers), "--log-level", "error"])
    try:
        deadline = time.monotonic() + 60
        while not answers("::1", port):
            assert time.monotonic() < deadline and server.poll() is None, "uvicorn did not start"
            time.sleep(0.1)
        return answers("127.0.0.1", port)
    finally:
        server.terminate()
        server.wait()


try:
    socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    with socket.socket(socket.AF_INET6) as fresh:
        dual = fresh.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY) == 0
except OSError:
    dual = False
if not dual:
    sys.exit("cannot tell: this machine has no IPv6 loopback, or makes every IPv6 socket IPv6-only")
seen = {workers: reached(workers) for workers in (1, 2)}
for workers, ipv4 in seen.items():
    print(f"--workers {workers}: [::1] answers, 127.0.0.1 {'answers' if ipv4 else 'refused'}")
if seen != {1: False, 2: True}:
    sys.exit("CHANGED: the number of workers no longer decides who is served")
print("HOLDS: on `::`, one worker refuses IPv4 and two serve it")
PY
venv/bin/python check.py
