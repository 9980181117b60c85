"""A server of a few lines that does one thing wrong, for the judges of hostile requests and of floods to find.

As a program, `hostile_double.py MOOD`, it is a process of its own, whose memory and descriptors can be looked at.
"""

import contextlib
import hashlib
import socket
import sys
import threading

CONTENTS = b"alive and well"
ERROR = b"<Error><Code>AccessDenied</Code></Error>"


def answer(status: int, body: bytes, *lines: bytes, length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    return b"\r\n".join([b"HTTP/1.1 %d X" % status, b"Content-Length: %d" % size, *lines, b"", body])


class Double:
    """A server of a few lines that reads a request at a time and answers by its mood."""

    def __init__(self, mood: str):
        self.mood, self.is_alive, self.contents, self.listing = mood, True, CONTENTS, b"<list/>"
        self.kept: list = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while self.is_alive:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.kept += [connection] if self.mood == "leak" else []
            self.kept += [b"x" * (8 << 20)] if self.mood == "hoard" else []
            if self.mood == "queue":
                self.converse(connection)
            else:
                threading.Thread(target=self.converse, args=(connection,), daemon=True).start()

    def converse(self, connection: socket.socket) -> None:
        unread = b""
        with connection if self.mood != "leak" else contextlib.nullcontext():
            connection.settimeout(5)
            while True:
                while b"\r\n\r\n" not in unread:
                    try:
                        came = connection.recv(65536)
                    except OSError:
                        return
                    if not came:
                        return
                    unread += came
                head, _, unread = unread.partition(b"\r\n\r\n")
                if not self.respond(connection, head):
                    return

    def respond(self, connection: socket.socket, head: bytes) -> bool:
        """Answers one request; whether another may follow."""
        line = head.partition(b"\r\n")[0]
        etag = hashlib.md5(self.contents).hexdigest().encode()
        known = {b"/canary-bucket/canary": self.contents, b"/": b"<buckets/>", b"/_pail/health": b"ok\n"}
        known[b"/canary-bucket?list-type=2"] = self.listing
        method, target, _ = line.split(b" ")
        if method == b"GET" and target in known and not (self.mood == "confused" and b"health" in target):
            connection.sendall(answer(200, known[target], b'ETag: "%s"' % etag))
            return b"Connection: close" not in head
        if method == b"PUT":
            connection.sendall(answer(200, b"", b"Connection: close"))
            return False
        if method == b"DELETE":
            self.contents = b""
            connection.sendall(answer(204, b""))
            return True
        return self.misbehave(connection)

    def misbehave(self, connection: socket.socket) -> bool:
        closing = b"Connection: close"
        match self.mood:
            case "a fault":
                connection.sendall(answer(500, b"<Error><Code>InternalError</Code></Error>", closing))
            case "another status":
                connection.sendall(answer(200, b"", closing))
            case "another code":
                connection.sendall(answer(403, b"<Error><Code>SignatureDoesNotMatch</Code></Error>", closing))
            case "no answer":
                connection.recv(1 << 20)
                threading.Event().wait(2)
            case "half an answer":
                connection.sendall(answer(403, ERROR, length=1000))
                threading.Event().wait(2)
            case "nothing":
                pass
            case "two answers":
                connection.sendall(answer(403, ERROR, closing) * 2)
            case "no close":
                connection.sendall(answer(403, ERROR, closing))
                threading.Event().wait(2)
            case "death":
                self.end()
            case "another canary":
                self.contents = CONTENTS[::-1]
                connection.sendall(answer(403, ERROR, closing))
            case "another listing":
                self.listing = b"<list><canary2/></list>"
                connection.sendall(answer(403, ERROR, closing))
            case "good":
                connection.sendall(answer(403, ERROR, closing))
            case "keep-alive" | "confused":
                connection.sendall(answer(403, ERROR))
                return True
        return False

    def end(self) -> None:
        self.is_alive = False
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


if __name__ == "__main__":
    double = Double(sys.argv[1])
    print(double.listener.getsockname()[1], flush=True)
    sys.stdin.read()
