"""Pail's own paths, asked with the root key as `curl --aws-sigv4` would ask them."""

import json
import urllib.error
import urllib.request

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

import pail


def ask(endpoint, method: str, path: str, key=pail.ROOT_KEY) -> tuple[int, bytes]:
    """The status and the body of a signed request."""
    request = AWSRequest(method=method, url=f"http://127.0.0.1:{endpoint.port}{path}")
    S3SigV4Auth(Credentials(key.access, key.secret), "s3", "us-east-1").add_auth(request)
    plain = urllib.request.Request(request.url, headers=dict(request.headers), method=method)
    try:
        with urllib.request.urlopen(plain, timeout=pail.PATIENCE) as reply:
            return reply.status, reply.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def messages(endpoint, queue: str, wait: int = 0, most: int = 10) -> list[dict]:
    """Reads a queue; a reader may wait as long as SQS lets it."""
    status, body = ask(endpoint, "GET", f"/_pail/queues/{queue}/messages?max={most}&wait={wait}")
    assert status == 200, body
    return json.loads(body)["messages"]


def acknowledge(endpoint, queue: str, message: dict) -> None:
    status, body = ask(endpoint, "DELETE", f"/_pail/queues/{queue}/messages?receipt={message['receipt']}")
    assert status == 204, body


def deliver_logs(endpoint) -> None:
    status, body = ask(endpoint, "POST", "/_pail/logs/deliver")
    assert status == 204, body
