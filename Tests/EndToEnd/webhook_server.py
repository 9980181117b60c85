"""A server that takes events, as the documentation tells its reader to write one."""

import hashlib
import hmac
import http.server
import json
import queue
import threading
import time

import pail

SECRET = "end-to-end/webhook+secret"


def verify(headers, body: bytes, secret: str = SECRET) -> bool:
    """The example of docs/notifications.md."""
    timestamp = headers["Pail-Timestamp"]
    if abs(time.time() - int(timestamp)) > 300:
        return False
    expected = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest("v1=" + expected, headers["Pail-Signature"])


class WebhookServer:
    """Listens on a port, in threads of its own, until the block ends."""

    def __init__(self, port: int = 0, statuses: list[int] | None = None, location: str | None = None):
        self.received: queue.Queue = queue.Queue()
        self.statuses = list(statuses or [])
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = outer.statuses.pop(0) if outer.statuses else 200
                self.send_response(status)
                if location:
                    self.send_header("Location", location)
                self.send_header("Content-Length", "0")
                self.end_headers()
                outer.received.put((dict(self.headers), body, self.path))

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/events"

    def __enter__(self) -> "WebhookServer":
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_) -> None:
        self.server.shutdown()
        self.server.server_close()

    def next(self, patience: float = pail.PATIENCE) -> tuple[dict, dict]:
        """The next event, its signature verified, and its head."""
        headers, body, path = self.received.get(timeout=patience)
        assert verify(headers, body), headers
        assert not verify(headers, body + b" ") and not verify(headers, body, "another secret")
        assert path == "/events"
        return json.loads(body), headers

    def is_silent(self) -> bool:
        return self.received.empty()
