#!/usr/bin/env python3
"""Makes Fixtures/signing/*.json: requests and forms signed by botocore, for the tests of the target Signing.

    pip install botocore
    python3 Fixtures/make-signing-vectors.py

Each case holds the request as it goes over the wire (method, target, headers), the moment at which it was
signed, and whatever else its verifier must know. A form's case holds the conditions of its policy, each as
[operator, field, value], and the fields that sign it. The output is the same on every run.
"""

import datetime
import hashlib
import itertools
import json
import pathlib
import time
from unittest import mock
from urllib.parse import quote, urlsplit

import botocore.auth
import botocore.session
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

FOLDER = pathlib.Path(__file__).parent / "signing"
NOW = datetime.datetime(2026, 3, 14, 15, 9, 26)
KEY, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
TOKEN = "FwoGZXIvYXdzE+/=="
REGION = "us-east-2"

KEYS = [
    "cat.jpg", "a b.jpg", "a+b.jpg", "a%20b", "a%2Fb", "100%", "%", "%zz", "ä/ö/ü.png", "日本語.txt", "🐈.gif",
    "a//b", "//a", "/", "a/", ".", "..", "../x", "a/./b", "a/../b", "~tilde", "'quotes'\"", "(paren)[brackets]",
    "semi;colon,comma", "a=b&c=d", "q?uestion", "h#ash", "at@sign:colon", "star*bang!", "dollar$", "back\\slash",
    "pipe|caret^", "curly{}", "<angle>", "back`tick", "tab\there", "line\nfeed", "null\x00no", "\x7f", "a\u0301",
    " leading", "trailing ", "a  b", "x" * 200, "_-.", "%41", "+", "é%C3%A9",
]

QUERIES = [
    "", "acl", "acl=", "uploads", "uploads=", "versionId=abc.DEF_-~", "partNumber=2&uploadId=a%2Bb%2Fc%3D%3D",
    "list-type=2&prefix=a%20b&delimiter=%2F&max-keys=7&encoding-type=url", "prefix=%C3%A4&list-type=2",
    "max-keys=0&delimiter=&prefix=", "b=2&a=1&a=0&A=9&a-b=3", "tagging&versionId=null", "x-id=GetObject",
    "response-content-disposition=attachment%3B%20filename%3D%22a%20b.jpg%22&response-content-type=image%2Fpng",
    "marker=%2B%2B", "prefix=~tilde%2A%27%28%29", "continuation-token=1%2Fabc%3D%3D&list-type=2&fetch-owner=true",
]

HEADERS = [
    {},
    {"Content-Type": "image/jpeg"},
    {"Range": "bytes=0-9", "If-None-Match": '"abc"'},
    {"x-amz-meta-title": "two  spaces   inside", "x-amz-meta-lead": "   led and trailed  "},
    {"X-Amz-Meta-Mixed": "Case", "x-amz-acl": "public-read", "Cache-Control": "max-age=60"},
    {"Content-MD5": "1B2M2Y8AsgTpgAmY7PhCfg==", "Content-Type": ""},
    {"x-amz-copy-source": "/bucket/a%20b%2Bc"},
]


def hosts(index):
    """Path style and virtual host, by turns: (host, what the path begins with, the bucket in the host)."""
    return [
        ("localhost:9000", "/photos", None),
        ("photos.s3.localhost:9000", "", "photos"),
        ("127.0.0.1:9000", "/photos", None),
        ("photos.s3.us-east-2.amazonaws.com", "", "photos"),
    ][index % 4]


def credentials(token):
    return Credentials(KEY, SECRET, TOKEN if token else None)


def requests():
    """Every key, every query and every set of headers, over the methods, hosts and tokens in turn."""
    methods = itertools.cycle(["GET", "PUT", "HEAD", "DELETE", "POST"])
    index = 0
    for key in KEYS:
        yield index, next(methods), key, "", {}
        index += 1
    for query in QUERIES:
        for key in ("", "cat.jpg"):
            yield index, next(methods), key, query, {}
            index += 1
    for headers in HEADERS:
        yield index, next(methods), "a b/ü+.jpg", "", headers
        index += 1


def build(index, method, key, query, headers, presigned=False):
    host, prefix, bucket = hosts(index)
    body = b"hello" if method in ("PUT", "POST") and not presigned else b""
    # As botocore's own serializer encodes a key.
    path = prefix + "/" + quote(key.encode(), safe="/~")
    request = AWSRequest(
        method=method, url=f"http://{host}{path}" + (f"?{query}" if query else ""), headers=headers, data=body
    )
    request.auth_path = ("/photos" if bucket else "") + path
    request.context["client_config"] = None
    return request, host, bucket, body


def case(request, host, bucket, body, token, **more):
    parts = urlsplit(request.url)
    # Not `parts.path`: urlsplit drops tabs and line feeds, but none travel unencoded.
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    headers = [["Host", host]] + [[name, value] for name, value in request.headers.items()]
    found = {"method": request.method, "target": target, "headers": headers}
    if bucket:
        found["bucket"] = bucket
    if token:
        found["token"] = TOKEN
    if body:
        found["body"] = hashlib.sha256(body).hexdigest()
    return {**found, **more}


def v4_header():
    for arguments in requests():
        token = arguments[0] % 5 == 4
        request, host, bucket, body = build(*arguments)
        botocore.auth.S3SigV4Auth(credentials(token), "s3", REGION).add_auth(request)
        yield case(request, host, bucket, body, token)


def v4_query():
    for arguments in requests():
        if arguments[3].endswith("=") or "&a=" in arguments[3] or "acl" in arguments[3]:
            continue  # botocore's query signer rebuilds the query and drops what a dictionary cannot hold
        token = arguments[0] % 5 == 4
        request, host, bucket, _ = build(*arguments, presigned=True)
        botocore.auth.S3SigV4QueryAuth(credentials(token), "s3", REGION, expires=900).add_auth(request)
        yield case(request, host, bucket, b"", token)


def v2_header():
    for arguments in requests():
        token = arguments[0] % 5 == 4
        request, host, bucket, _ = build(*arguments)
        botocore.auth.HmacV1Auth(credentials(token)).add_auth(request)
        yield case(request, host, bucket, b"", token)


def v2_query():
    for arguments in requests():
        token = arguments[0] % 5 == 4
        request, host, bucket, _ = build(*arguments, presigned=True)
        botocore.auth.HmacV1QueryAuth(credentials(token), expires=900).add_auth(request)
        # What it puts into the query need not travel as headers too.
        for name in list(request.headers.keys()):
            if name.lower().startswith("x-amz-") or name.lower() in ("date", "content-md5", "content-type"):
                del request.headers[name]
        yield case(request, host, bucket, b"", token)


def forms():
    """Every key by itself and as the beginning of a key, with the fields that browsers' forms have."""
    extras = [
        [],
        [["eq", "Content-Type", "image/jpeg"], ["content-length-range", 1, 10485760]],
        [["starts-with", "Content-Type", "image/"], ["eq", "acl", "private"]],
        [["eq", "success_action_redirect", "http://localhost:8000/done?a=b&c=\u00e4"], ["starts-with", "x-amz-meta-who", ""]],
        [["eq", "success_action_status", "201"], ["eq", "x-amz-meta-quote", "\"a\\b\" \u65e5\u672c \U0001f408 \t\x7f"]],
    ]
    for index, key in enumerate(KEYS):
        yield index, key, extras[index % len(extras)]
        yield index, key + "${filename}", extras[(index + 1) % len(extras)]


def as_botocore_takes_it(condition):
    operator, field, value = condition
    if operator == "eq":
        return {field: value}
    return condition if operator == "content-length-range" else [operator, "$" + field, value]


def post(version, key, conditions, token):
    client = botocore.session.Session().create_client(
        "s3", region_name=REGION, aws_access_key_id=KEY, aws_secret_access_key=SECRET,
        aws_session_token=TOKEN if token else None, config=Config(signature_version=version),
    )
    given = [as_botocore_takes_it(condition) for condition in conditions]
    fields = client.generate_presigned_post("photos", key, Conditions=given, ExpiresIn=3600)["fields"]
    if key.endswith("${filename}"):
        named = ["starts-with", "key", key.removesuffix("${filename}")]
    else:
        named = ["eq", "key", key]
    del fields["key"]
    found = {"conditions": conditions + [["eq", "bucket", "photos"], named], "fields": fields}
    return {**found, "token": TOKEN} if token else found


def v4_post():
    for index, key, conditions in forms():
        yield post("s3v4", key, conditions, index % 5 == 4)


def v2_post():
    for index, key, conditions in forms():
        yield post("s3", key, conditions, index % 5 == 4)


def main():
    FOLDER.mkdir(exist_ok=True)
    moment = NOW.replace(tzinfo=datetime.timezone.utc).timestamp()
    date = NOW.strftime("%a, %d %b %Y %H:%M:%S GMT")
    with (
        mock.patch("botocore.auth.get_current_datetime", lambda: NOW),
        mock.patch("botocore.signers.get_current_datetime", lambda: NOW),
        mock.patch("botocore.auth.formatdate", lambda *_, **__: date),
        mock.patch.object(time, "time", lambda: moment),
    ):
        for make in (v4_header, v4_query, v2_header, v2_query, v4_post, v2_post):
            document = {
                "accessKey": KEY, "secret": SECRET, "region": REGION, "seconds": int(moment), "cases": list(make())
            }
            text = json.dumps(document, ensure_ascii=True, separators=(",", ":"))
            for first in ('{"method"', '{"conditions"'):
                text = text.replace(first, "\n" + first)
            path = FOLDER / f"{make.__name__.replace('_', '-')}.json"
            path.write_text(text + "\n")
            print(path.name, len(document["cases"]), "cases,", path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
