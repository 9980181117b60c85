"""Requests as they go over the wire, with signatures of version 4 in their headers, made before the clock starts."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import quote

REGION = "us-east-1"
EMPTY_HASH = hashlib.sha256(b"").hexdigest()
UNSIGNED = "UNSIGNED-PAYLOAD"


@dataclass(frozen=True)
class Key:
    """An access key pair."""

    access: str
    secret: str


@lru_cache(maxsize=8)
def derived(secret: str, day: str) -> bytes:
    key = b"AWS4" + secret.encode()
    for step in (day, REGION, "s3", "aws4_request"):
        key = hmac.digest(key, step.encode(), "sha256")
    return key


def canonical_query(query: dict[str, str]) -> str:
    return "&".join(f"{quote(name, safe='-_.~')}={quote(query[name], safe='-_.~')}" for name in sorted(query))


def head(
    method: str,
    path: str,
    host: str,
    key: Key | None,
    query: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
    payload: str = EMPTY_HASH,
    length: int | None = None,
) -> bytes:
    """The head of a request: signed by `key`, or not at all where there is none, as nginx wants it."""
    words = canonical_query(query or {})
    sent = {"host": host} | (headers or {})
    if key:
        now = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        sent |= {"x-amz-content-sha256": payload, "x-amz-date": now}
        names = sorted(sent)
        listed = "".join(f"{name}:{sent[name]}\n" for name in names)
        canonical = "\n".join([method, path, words, listed, ";".join(names), payload])
        scope = f"{now[:8]}/{REGION}/s3/aws4_request"
        text = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        signature = hmac.digest(derived(key.secret, now[:8]), text.encode(), "sha256").hex()
        credential = f"Credential={key.access}/{scope}"
        sent["authorization"] = f"AWS4-HMAC-SHA256 {credential}, SignedHeaders={';'.join(names)}, Signature={signature}"
    if length is not None:
        sent["content-length"] = str(length)
    lines = [f"{method} {path}{'?' if words else ''}{words} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in sent.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
