"""What a test plays on: a daemon's faults, clock and record of calls, by its administration API."""

import json
import urllib.error
import urllib.request
from contextlib import contextmanager

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

import pail


class Refused(Exception):
    """The API's own error: its status, and the document it came with."""

    def __init__(self, status: int, document: str):
        super().__init__(f"{status} {document}")
        self.status, self.document = status, document


class Instruments:
    """The instruments of one daemon, asked with a key."""

    def __init__(self, endpoint, key=pail.ROOT_KEY):
        self.endpoint, self.key = endpoint, key

    def ask(self, method: str, path: str, body=None):
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} if data else {}
        url = f"http://127.0.0.1:{self.endpoint.port}/_pail/{path}"
        request = AWSRequest(method=method, url=url, data=data, headers=headers)
        S3SigV4Auth(Credentials(self.key.access, self.key.secret), "s3", "us-east-1").add_auth(request)
        plain = urllib.request.Request(request.url, data=data, headers=dict(request.headers), method=method)
        try:
            with urllib.request.urlopen(plain, timeout=pail.PATIENCE) as reply:
                text = reply.read()
                return json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            raise Refused(error.code, error.read().decode()) from None

    def add(self, kind: str, effect=None, **rule) -> dict:
        return self.ask("POST", "faults", rule | {"effect": {"kind": kind} | (effect or {})})

    def faults(self) -> list[dict]:
        return self.ask("GET", "faults")["faults"]

    def clear(self, seed: int | None = None) -> None:
        self.ask("DELETE", "faults" + (f"?seed={seed}" if seed is not None else ""))

    @contextmanager
    def fault(self, kind: str, effect=None, **rule):
        """A fault for as long as a block runs; none is left behind."""
        added = self.add(kind, effect, **rule)
        try:
            yield added
        finally:
            self.ask("DELETE", f"faults/{added['id']}")

    def clock(self, how: str | None = None, **fields) -> dict:
        return self.ask("POST", f"clock/{how}", fields) if how else self.ask("GET", "clock")

    def record(self, on: bool = True, **fields) -> dict:
        return self.ask("PUT", "recorder", {"on": on} | fields)

    def calls(self, count: int, query: str = "") -> list[dict]:
        """So many calls and no more: a call is on record when its reply is sent, which its client may know before we do."""
        waited = self.ask("GET", "calls/wait?" + "&".join(filter(None, [query, f"count={count}"])))
        assert waited["met"], waited
        return waited["calls"]
