"""Load: many small requests by wrk, few large ones by threads of our own, and the server's processor time beside both."""

import hashlib
import http.client
import json
import os
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from .figures import Outcome
from .servers import HOST, Server

SCRIPT = Path(__file__).with_name("wrk.lua")
PIECE = 1 << 20


class Spoilt(Exception):
    """A run with an answer that was not of success: its figures would say nothing."""


def parse_wrk(output: str) -> dict[str, int]:
    """What wrk.lua wrote as wrk's last line."""
    lines = [line for line in output.splitlines() if line.startswith("{")]
    if not lines:
        raise Spoilt(f"wrk said no figures: {output[-500:]!r}")
    counted = json.loads(lines[-1])
    if counted["refused"] or counted["broken"] or not counted["requests"]:
        raise Spoilt(f"{counted['refused']} refused, {counted['broken']} broken of {counted['requests']} requests")
    return counted


def wrk(server: Server, requests: list[bytes], connections: int, seconds: float) -> Outcome:
    """Sends requests in turn over connections that stay open, each as soon as the one before it was answered."""
    with tempfile.NamedTemporaryFile(dir=server.folder) as file:
        for request in requests:
            file.write(b"%08d" % len(request) + request)
        file.flush()
        command = ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{max(1, round(seconds))}s"]
        command += ["--timeout", "30s", "--script", str(SCRIPT), server.url]
        before = server.cpu()
        done = subprocess.run(command, env=os.environ | {"REQUESTS": file.name}, capture_output=True, text=True, check=False)
        spent = server.cpu() - before
    counted = parse_wrk(done.stdout + done.stderr)
    elapsed = counted["microseconds"] / 1e6
    return Outcome(
        rate=counted["requests"] / elapsed,
        seconds=counted["p50"] / 1e6,
        slow=counted["p99"] / 1e6,
        cpu=spent / counted["requests"],
        bytes_rate=counted["bytes"] / elapsed,
    )


class Connection:
    """One kept connection that sends bytes as they stand and reads answers by their Content-Length."""

    def __init__(self, server: Server):
        plain = socket.create_connection((HOST, server.port), timeout=300)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if server.certificate:
            plain = ssl.create_default_context(cafile=server.certificate).wrap_socket(plain, server_hostname=HOST)
        self.socket = plain
        self.buffer = memoryview(bytearray(PIECE))

    def ask(self, request: bytes, body: bytes | memoryview = b"", keep: bool = False) -> tuple[dict[str, str], bytes, int]:
        """Sends, reads the answer, and returns its headers, its body where that is kept, and the body's length."""
        self.socket.sendall(request)
        if body:
            self.socket.sendall(body)
        received = b""
        while b"\r\n\r\n" not in received:
            piece = self.socket.recv(PIECE)
            if not piece:
                raise Spoilt(f"the connection ended after {received[:200]!r}")
            received += piece
        top, _, rest = received.partition(b"\r\n\r\n")
        status, *lines = top.decode("latin-1").split("\r\n")
        if status.split(" ")[1][0] != "2":
            raise Spoilt(f"{request.split(b' HTTP')[0]!r} was answered {status}: {rest[:300]!r}")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if "chunked" in headers.get("transfer-encoding", ""):
            raise Spoilt("an answer of unknown length; ask with `fetch`")
        length = int(headers.get("content-length", 0))
        missing = length - len(rest)
        kept = [rest] if keep else []
        while missing > 0:
            got = self.socket.recv_into(self.buffer, min(missing, PIECE))
            if not got:
                raise Spoilt(f"the connection ended {missing} bytes before the end")
            if keep:
                kept.append(bytes(self.buffer[:got]))
            missing -= got
        return headers, b"".join(kept), length

    def close(self) -> None:
        self.socket.close()


def fetch(server: Server, method: str, path: str, query=None, body: bytes = b"", headers=None) -> http.client.HTTPResponse:
    """One request on a connection of its own, for what is prepared and not measured; any server, any framing."""
    payload = hashlib.sha256(body).hexdigest()
    lines = server.request(method, path, query, headers, payload).decode().split("\r\n")[:-2]
    connection = http.client.HTTPConnection(HOST, server.port, timeout=300)
    if server.certificate:
        connection = http.client.HTTPSConnection(HOST, server.port, context=ssl._create_unverified_context(), timeout=300)
    connection.putrequest(method, lines[0].split(" ")[1], skip_host=True, skip_accept_encoding=True)
    for line in lines[1:]:
        name, _, value = line.partition(": ")
        connection.putheader(name, value)
    if method in ("PUT", "POST"):
        connection.putheader("content-length", str(len(body)))
    connection.endheaders(body or None)
    response = connection.getresponse()
    response.body = response.read()
    connection.close()
    if response.status >= 300:
        raise Spoilt(f"{method} {path} at {server.name} was answered {response.status}: {response.body[:300]!r}")
    return response


Step = Callable[[Connection], int]


def in_parallel(server: Server, connections: int, rounds: int, step: Step) -> Outcome:
    """Carries out `step` so many times on each of so many connections; it returns the bytes that it moved."""
    open_connections = [Connection(server) for _ in range(connections)]
    times: list[float] = []
    moved: list[int] = []
    failures: list[Exception] = []

    def work(connection: Connection) -> None:
        try:
            for _ in range(rounds):
                begun = time.perf_counter()
                moved.append(step(connection))
                times.append(time.perf_counter() - begun)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(connection,)) for connection in open_connections]
    before, begun = server.cpu(), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed, spent = time.perf_counter() - begun, server.cpu() - before
    for connection in open_connections:
        connection.close()
    if failures:
        raise failures[0]
    times.sort()
    return Outcome(
        rate=len(times) / elapsed,
        seconds=times[len(times) // 2],
        slow=times[len(times) * 99 // 100],
        cpu=spent / len(times),
        bytes_rate=sum(moved) / elapsed,
    )
