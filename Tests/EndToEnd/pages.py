"""Pages on another origin: a web server of a test's own."""

import contextlib
import http.server
import threading
from urllib.parse import urlsplit


@contextlib.contextmanager
def served(pages: dict[str, str], port: int = 0):
    """Pages by their paths, on a port and so an origin of their own; gives the origin."""

    class Pages(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            text = pages.get(urlsplit(self.path).path)
            self.send_response(404 if text is None else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write((text or "").encode())

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
