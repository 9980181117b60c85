"""Requests byte by byte, signed by an implementation of SigV4 that shares no line with the daemon's or with botocore's.

Every part of a signature can be bent here, which no SDK allows: the clock, the host, the headers, each chunk.
"""

import base64
import hashlib
import hmac
import http.client
import ssl
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlsplit

from pail import Endpoint, Key

UNSIGNED = "UNSIGNED-PAYLOAD"
STREAMING = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
STREAMING_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
EMPTY_HASH = hashlib.sha256(b"").hexdigest()


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def code(self) -> str | None:
        return self.element("Code")

    def element(self, name: str) -> str | None:
        """What the error's XML says under a name; nothing where the body is no XML."""
        try:
            return ElementTree.fromstring(self.body).findtext(name)
        except ElementTree.ParseError:
            return None


def send(endpoint: Endpoint, method: str, target: str, headers: dict[str, str], body=b"") -> Reply:
    """Sends exactly this, `body` being bytes or a stream: no header is added but a Content-Length where bytes have none."""
    if endpoint.certificate:
        trust = ssl.create_default_context(cafile=endpoint.certificate)
        connection = http.client.HTTPSConnection("localhost", endpoint.port, context=trust, timeout=30)
    else:
        connection = http.client.HTTPConnection("localhost", endpoint.port, timeout=30)
    try:
        connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        if body and not {"content-length", "transfer-encoding"} & {name.lower() for name in headers}:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body or None)
        answer = connection.getresponse()
        received = {name.lower(): value for name, value in answer.getheaders()}
        return Reply(answer.status, received, answer.read())
    finally:
        connection.close()


def fetch(endpoint: Endpoint, url: str, method: str = "GET", **headers: str) -> Reply:
    """Opens a URL as a browser would: its host in the Host header, its path and query as they stand."""
    parts = urlsplit(url)
    return send(endpoint, method, f"{parts.path}?{parts.query}", {"Host": parts.netloc, **headers})


def digest(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


@dataclass
class Signer:
    """Signs as one key, at one moment, for one region. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html"""

    key: Key
    when: datetime = field(default_factory=lambda: datetime.now(UTC))
    region: str = "us-east-1"

    @property
    def date(self) -> str:
        return self.when.strftime("%Y%m%dT%H%M%SZ")

    @property
    def scope(self) -> str:
        return f"{self.date[:8]}/{self.region}/s3/aws4_request"

    def signature(self, text: str) -> str:
        derived = b"AWS4" + self.key.secret.encode()
        for step in self.scope.split("/"):
            derived = digest(derived, step)
        return digest(derived, text).hex()

    def request_signature(self, method: str, target: str, headers: dict[str, str], payload: str) -> tuple[str, str]:
        """The signature over all of `headers`, and their names."""
        path, _, query = target.partition("?")
        parameters = sorted(p if "=" in p else f"{p}=" for p in query.split("&") if p)
        lines = sorted((name.lower(), " ".join(value.split())) for name, value in headers.items())
        names = ";".join(name for name, _ in lines)
        listed = "".join(f"{name}:{value}\n" for name, value in lines)
        canonical = "\n".join([method, path, "&".join(parameters), listed, names, payload])
        return self.signature("\n".join(["AWS4-HMAC-SHA256", self.date, self.scope, sha256(canonical.encode())])), names

    def headers(self, method: str, target: str, host: str, payload: str | None = None, **more: str) -> dict[str, str]:
        """Everything that a signed request carries. `payload` is what x-amz-content-sha256 says."""
        payload = EMPTY_HASH if payload is None else payload
        signed = {"host": host, "x-amz-date": self.date, "x-amz-content-sha256": payload}
        signed |= {name.replace("_", "-"): value for name, value in more.items()}
        if self.key.token:
            signed["x-amz-security-token"] = self.key.token
        signature, names = self.request_signature(method, target, signed, payload)
        credential = f"{self.key.access}/{self.scope}"
        words = f"AWS4-HMAC-SHA256 Credential={credential},SignedHeaders={names},Signature={signature}"
        return signed | {"authorization": words}

    def presign(self, method: str, target: str, host: str, expires: int = 300, **more: str) -> str:
        """The target with everything in its query."""
        query = {
            "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
            "X-Amz-Credential": f"{self.key.access}/{self.scope}",
            "X-Amz-Date": self.date,
            "X-Amz-Expires": str(expires),
            "X-Amz-SignedHeaders": "host",
        } | more
        if self.key.token:
            query["X-Amz-Security-Token"] = self.key.token
        written = "&".join(f"{name}={quote(value, safe='-_.~')}" for name, value in query.items())
        signature, _ = self.request_signature(method, f"{target}?{written}", {"host": host}, UNSIGNED)
        return f"{target}?{written}&X-Amz-Signature={signature}"

    def chunks(self, seed: str, parts: list[bytes], trailer: tuple[str, str] | None = None) -> bytes:
        """An aws-chunked body in which each chunk is signed over the signature before it."""
        previous, framed = seed, b""
        for part in [*parts, b""]:
            words = ["AWS4-HMAC-SHA256-PAYLOAD", self.date, self.scope, previous, EMPTY_HASH, sha256(part)]
            previous = self.signature("\n".join(words))
            framed += f"{len(part):x};chunk-signature={previous}\r\n".encode() + part + (b"\r\n" if part else b"")
        if not trailer:
            return framed + b"\r\n"
        line = f"{trailer[0]}:{trailer[1]}"
        words = ["AWS4-HMAC-SHA256-TRAILER", self.date, self.scope, previous, sha256(f"{line}\n".encode())]
        return framed + f"{line}\r\nx-amz-trailer-signature:{self.signature(chr(10).join(words))}\r\n\r\n".encode()


def unsigned_chunks(parts: list[bytes], trailer: tuple[str, str]) -> bytes:
    """An aws-chunked body whose only protection is the checksum behind it, as the AWS C++ SDK writes it: upper-case sizes."""
    framed = b"".join(f"{len(part):X}\r\n".encode() + part + b"\r\n" for part in parts)
    return framed + f"0\r\n{trailer[0]}:{trailer[1]}\r\n\r\n".encode()


def seed_of(headers: dict[str, str]) -> str:
    return headers["authorization"].rpartition("Signature=")[2]


def v2_headers(key: Key, method: str, path: str, host: str, when: datetime | None = None) -> dict[str, str]:
    """The signature of 2006, which 8 of 66 clients that were watched still send in a header."""
    date = (when or datetime.now(UTC)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    return {"host": host, "date": date, "authorization": f"AWS {key.access}:{v2_signature(key, method, date, path)}"}


def v2_presign(key: Key, method: str, path: str, lifetime: timedelta = timedelta(minutes=5)) -> str:
    expires = str(int((datetime.now(UTC) + lifetime).timestamp()))
    signature = quote(v2_signature(key, method, expires, path), safe="")
    return f"{path}?AWSAccessKeyId={key.access}&Signature={signature}&Expires={expires}"


def v2_signature(key: Key, method: str, date: str, path: str) -> str:
    text = f"{method}\n\n\n{date}\n{path}"
    return base64.b64encode(hmac.new(key.secret.encode(), text.encode(), hashlib.sha1).digest()).decode()
