"""Hostile requests, byte by byte, and the judge of what comes back.

A case is a name, the bytes that are sent, and the answer that S3 gives. After each, the judge wants more than that answer: exactly
one of it, whole, within five seconds; a connection that is closed, or on which the next request is understood; a daemon
that lives; and a canary, an object and the listings around it, that is byte for byte what it was.
"""

import hashlib
import re
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from pail import ROOT_KEY, Endpoint
from wire import Signer, sha256

PATIENCE = 5  # seconds until an answer, or the close that was promised, counts as a hang
REFUSALS = {501, 505}  # "not implemented" and "not this version of HTTP" are answers; every other 5xx is a fault
SILENCE = 0  # in place of a status: the connection is closed, and there is nobody to answer
ANY = "any"  # the code of an answer that has no body to say one, or that is no error


@dataclass(frozen=True)
class Case:
    """What is sent, made from the stage it is sent on, and what S3 answers: a status and a code, or several that are both right."""

    name: str
    bytes_of: Callable[["Stage"], bytes]
    status: int
    code: str | None = None
    half_closed: bool = False  # the client has no more to say, and says so; over http alone
    alone: bool = False  # nothing that follows it on the connection may be understood

    def __str__(self) -> str:
        return re.sub(r"[^a-zA-Z0-9]+", "-", self.name).strip("-")


@dataclass
class Stage:
    """Where a case is sent: an endpoint, the bucket of the canary, and one that cases may write to."""

    endpoint: Endpoint
    bucket: str = "canary-bucket"
    scratch: str = "scratch-bucket"
    upload: str = ""  # a multipart upload of the key `parts` in the scratch bucket
    patience: float = PATIENCE

    @property
    def host(self) -> str:
        return self.endpoint.host

    @property
    def canary(self) -> str:
        return f"/{self.bucket}/canary"

    @property
    def object(self) -> str:
        return f"/{self.scratch}/object"

    def raw(self, line: str, *fields: str, body: bytes | str = b"", host: str | None = "") -> bytes:
        """A request head of these lines, with this endpoint's Host unless it is None or another."""
        named = [f"Host: {host or self.host}"] if host is not None else []
        head = "\r\n".join([line, *named, *fields]) + "\r\n\r\n"
        return head.encode("utf-8", "surrogateescape") + (body.encode() if isinstance(body, str) else body)

    def signed(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        payload: str | None = None,
        signer: Signer | None = None,
        drop: tuple[str, ...] = (),
        alter: dict[str, str] | None = None,
        extra: tuple[str, ...] = (),
        length: str | None = None,
        host: str | None = None,
        version: str = "HTTP/1.1",
        **more: str,
    ) -> bytes:
        """A rightly signed request, of which fields are then dropped, altered and added; `length` stands in for the body's own."""
        signer = signer or Signer(ROOT_KEY)
        headers = signer.headers(method, target, host or self.host, sha256(body) if payload is None else payload, **more)
        headers = {name: value for name, value in headers.items() if name not in drop} | (alter or {})
        if body or length or method in ("PUT", "POST"):
            headers["content-length"] = length or str(len(body))
        lines = [f"{name}: {value}" for name, value in headers.items()]
        return self.raw(f"{method} {target} {version}", *lines, *extra, body=body, host=None)

    def smuggled(self) -> bytes:
        """A request that would delete the canary, if anybody took it for one."""
        return self.signed("DELETE", self.canary)


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def code(self) -> str | None:
        found = re.search(rb"<Code>([^<]*)</Code>", self.body)
        return found[1].decode() if found else None

    @property
    def closes(self) -> bool:
        return self.headers.get("connection", "").lower() == "close"

    def __str__(self) -> str:
        return f"{self.status} {self.code or self.body[:60]}"


@cache
def trusting(certificate: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certificate)


class Hung(Exception):
    """Nothing came for longer than anybody may be kept waiting."""


class Wire:
    """One connection of which every byte that comes is seen; reading ends by itself after `PATIENCE` seconds."""

    def __init__(self, endpoint: Endpoint, patience: float = PATIENCE):
        self.patience, self.unread = patience, b""
        self.start()
        self.socket = socket.create_connection(("127.0.0.1", endpoint.port), timeout=patience)
        if endpoint.certificate:
            self.socket = trusting(endpoint.certificate).wrap_socket(
                self.socket, server_hostname="localhost", suppress_ragged_eofs=True
            )

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def start(self) -> None:
        """From now on the patience is counted."""
        self.due = time.monotonic() + self.patience

    def send(self, data: bytes) -> None:
        """Sends all that is taken: who refuses a request need not read it to its end."""
        try:
            self.socket.sendall(data)
        except TimeoutError:
            raise Hung("the request was not read") from None
        except (ConnectionError, ssl.SSLError):
            pass

    def end(self) -> None:
        """Says that no more will come, as a client does that closes its half (Python cannot say so in TLS and listen on)."""
        self.socket.shutdown(socket.SHUT_WR)

    def more(self) -> bool:
        """Reads on; whether anything came before the end."""
        left = self.due - time.monotonic()
        if left <= 0:
            raise Hung(f"after {self.unread[:80]!r}")
        self.socket.settimeout(left)
        try:
            came = self.socket.recv(65536)
        except TimeoutError:
            raise Hung(f"after {self.unread[:80]!r}") from None
        except (ConnectionError, ssl.SSLError, ValueError):
            came = b""
        self.unread += came
        return bool(came)

    def answer(self, to_head: bool = False) -> Answer | None:
        """The next answer, passing over invitations to go on; nothing where the connection ends before one."""
        while b"\r\n\r\n" not in self.unread:
            if not self.more():
                return None
        head, _, self.unread = self.unread.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        status = int(first.split(" ")[1])
        if status == 100:
            return self.answer(to_head)
        length = 0 if to_head or status in (204, 304) else int(headers.get("content-length", 0))
        while len(self.unread) < length:
            if not self.more():
                return None
        body, self.unread = self.unread[:length], self.unread[length:]
        return Answer(status, headers, body)

    def rest(self) -> bytes:
        """Everything up to the end of the connection."""
        while self.more():
            pass
        return self.unread


@dataclass
class Canary:
    """What must never change: an object's bytes and ETag, the list of its bucket, the list of buckets."""

    stage: Stage
    contents: bytes
    expected: list = field(default_factory=list)
    wire: Wire | None = None

    def look(self) -> list:
        """Looks at it, on one connection as long as that holds: what a case does to its own must not touch this one."""
        wire = self.wire = self.wire or Wire(self.stage.endpoint, self.stage.patience)
        wire.start()
        seen = []
        for target in (self.stage.canary, f"/{self.stage.bucket}?list-type=2", "/"):
            wire.send(self.stage.signed("GET", target))
            answer = wire.answer()
            seen.append((answer.status, answer.headers.get("etag"), answer.body) if answer else None)
        return seen

    def remember(self) -> "Canary":
        self.expected = self.look()
        status, etag, body = self.expected[0]
        assert (status, etag, body) == (200, f'"{hashlib.md5(self.contents).hexdigest()}"', self.contents)
        return self

    def close(self) -> None:
        if self.wire:
            self.wire.socket.close()
        self.wire = None

    def put(self) -> None:
        """Puts it back, so that one case's harm is not counted as the next one's."""
        with Wire(self.stage.endpoint, self.stage.patience) as wire:
            wire.send(self.stage.signed("PUT", self.stage.canary, self.contents))
            wire.answer()

    def fault(self) -> str | None:
        try:
            if self.look() == self.expected:
                return None
            self.put()
            self.expected = self.look()
            return "the canary, or a listing of it, was not what it had been"
        except (Hung, OSError) as error:
            self.close()
            return f"the canary cannot be read: {error!r}"


KINDS = {
    "a fault of the server": "5xx",
    "hung": "hung",
    "the connection was not closed": "hung",
    "the daemon died": "deaths",
    "the canary": "canaries harmed",
}
OTHER = "other answers"


@dataclass
class Tally:
    """What was seen of many cases, for the line that is printed."""

    requests: int = 0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys([*KINDS.values(), OTHER], 0))

    def add(self, faults: list[str]) -> list[str]:
        """Counts a case by what was wrong with it, and gives that back."""
        self.requests += 1
        for fault in faults:
            self.counts[next((kind for words, kind in KINDS.items() if fault.startswith(words)), OTHER)] += 1
        return faults

    def line(self) -> str:
        return f"requests {self.requests}  " + "  ".join(f"{kind} {count}" for kind, count in self.counts.items())


def judge(case: Case, stage: Stage, canary: Canary, is_alive: Callable[[], bool]) -> list[str]:
    """Sends a case and says everything that is wrong with what happens then."""
    faults = []
    try:
        with Wire(stage.endpoint, stage.patience) as wire:
            faults += converse(case, stage, wire)
    except Hung as hung:
        faults.append(f"hung: {hung}")
    except OSError as error:
        faults.append(f"no connection: {error!r}")
    if not is_alive():
        return [*faults, "the daemon died"]
    return faults + [fault for fault in [canary.fault()] if fault]


def converse(case: Case, stage: Stage, wire: Wire) -> list[str]:
    sent = case.bytes_of(stage)
    wire.send(sent + stage.smuggled() if case.alone else sent)
    if case.half_closed:
        wire.end()
    answer = wire.answer(to_head=sent.startswith(b"HEAD "))
    if answer is None and case.status == SILENCE:
        return []
    if answer is None:
        return ["the connection was closed without an answer"]
    faults = wrong_with(answer, case)
    if answer.closes or case.half_closed or case.alone:
        return faults + ending(wire)
    return faults + following(wire, stage)


def following(wire: Wire, stage: Stage) -> list[str]:
    """Whether the next request on the connection is understood as one."""
    wire.send(stage.raw("GET /_pail/health HTTP/1.1", "Connection: close"))
    answer = wire.answer()
    if answer is None or (answer.status, answer.body) != (200, b"ok\n"):
        return [f"the next request on the connection got {answer}"]
    return ending(wire)


def ending(wire: Wire) -> list[str]:
    """Whether the connection ends, and nothing comes before its end."""
    faults = []
    try:
        wire.rest()
    except Hung:
        faults.append("the connection was not closed")
    return faults + ([f"more than one answer: {wire.unread[:60]!r}"] if wire.unread else [])


def wrong_with(answer: Answer, case: Case) -> list[str]:
    faults = []
    if answer.status >= 500 and answer.status not in REFUSALS:
        faults.append(f"a fault of the server: {answer}")
    if answer.status != case.status or (case.code != ANY and answer.code != case.code):
        faults.append(f"answered {answer} where S3 answers {case.status} {case.code or 'without an error'}")
    return faults
