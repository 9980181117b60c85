"""Pail's administration API, as far as tests need it: docs/testing.md of Pail tells it whole."""

import json
import urllib.error
import urllib.request
from urllib.parse import quote, urlencode

from .daemon import Address
from .signing import signed_headers

PATIENCE = 90  # seconds: waiting for calls may take 60


class PailError(Exception):
    """What the daemon refused, with its status and code."""

    def __init__(self, status: int, code: str, message: str):
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code = status, code


def ask(address: Address, method: str, path: str, body: "dict | None" = None, query: "dict | None" = None):
    """Asks the daemon for something below `/_pail/`, and returns its answer."""
    data = b"" if body is None else json.dumps(body).encode()
    url = f"{address.url}/_pail/{quote(path)}"
    words = urlencode(sorted((name, str(value)) for name, value in (query or {}).items()), quote_via=quote)
    headers = signed_headers(method, url, words, data, address.access_key, address.secret_key, address.region)
    request = urllib.request.Request(f"{url}?{words}" if words else url, data=data or None, headers=headers, method=method)
    # A proxy of the environment is for other machines.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=PATIENCE) as reply:
            text = reply.read()
    except urllib.error.HTTPError as error:
        raise refusal(error.code, error.read()) from None
    return json.loads(text) if text else None


def refusal(status: int, body: bytes) -> PailError:
    """What a refusal says: in JSON, or in S3's XML where the signature or the key was refused."""
    try:
        error = json.loads(body)["error"]
        return PailError(status, error["code"], error["message"])
    except (ValueError, KeyError, TypeError):
        return PailError(status, "Refused", body.decode(errors="replace"))
