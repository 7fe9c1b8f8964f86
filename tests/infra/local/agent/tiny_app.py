"""A service small enough to start in a tenth of a second; its environment says how it behaves."""

import http.server
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

behaviour = os.environ.get("BEHAVIOUR", "")
data = Path(os.environ.get("DATA_DIR", os.devnull))


def note(word: str) -> None:
    """Write down when something happened, in a file that outlives the process."""
    if data.is_dir():
        with (data / "notes").open("a") as file:
            file.write(f"{word} {os.environ.get('VERSION', '')}\n")


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers with what it was asked and who it is; /slow takes its time."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path.startswith("/slow"):
            note("slow begins")
            time.sleep(1.0)
        answer = {"path": self.path, "pid": os.getpid(), "environment": dict(os.environ), "headers": dict(self.headers)}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


def stop(*_: object) -> None:
    """Drain as an app does: what is under way is answered first."""
    if behaviour == "stubborn":
        return
    threading.Thread(target=server.shutdown).start()


note("starts")
print("hello from the tiny app")
print("a warning of it", file=sys.stderr)
if behaviour == "broken":
    sys.exit("cannot open the database: no such file")
server = http.server.ThreadingHTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Handler)
server.daemon_threads = False
signal.signal(signal.SIGTERM, stop)
server.serve_forever(poll_interval=0.02)
server.server_close()  # waits for the requests under way
note("ends")
print("good bye")
