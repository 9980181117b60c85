#!/usr/bin/env python3
"""Makes Fixtures/client/*.json: what botocore resolves and signs, for the tests of the target S3Client.

    pip install botocore
    python3 Fixtures/client/make-client-vectors.py

endpoints.json holds, for regions, endpoints, addressing styles and bucket names, the URL that botocore's client sends a
GetObject to. requests.json holds requests that botocore's client made and signed, and URLs that it presigned, each with
the operation's own arguments. Nothing is sent. The output is the same on every run.
"""

import datetime
import functools
import itertools
import json
import pathlib
from unittest import mock

import botocore.config
import botocore.session
from botocore.awsrequest import AWSResponse

FOLDER = pathlib.Path(__file__).parent
NOW = datetime.datetime(2026, 3, 14, 15, 9, 26)
KEY, SECRET, TOKEN = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "FwoGZXIvYXdzE+/=="

REGIONS = [
    "us-east-1", "us-east-2", "us-west-2", "eu-north-1", "ap-southeast-3", "me-central-1", "sa-east-1", "mx-central-1",
    "cn-north-1", "cn-northwest-1", "us-gov-west-1", "us-gov-east-1", "us-iso-east-1", "us-isob-east-1",
    "eu-isoe-west-1", "us-isof-south-1", "eusc-de-east-1", "aws-global",
]
BUCKETS = ["photos", "my-photos-2026", "with.dots", "ab-", "UPPER", "under_score", "x" * 63, "x" * 64]
ENDPOINTS = [
    "http://127.0.0.1:9000", "http://localhost:9000", "https://s3.localhost:9443", "http://[::1]:9000",
    "https://storage.example.com", "http://storage.example.com", "https://storage.example.com:443",
    "http://storage.example.com:80", "https://example.com/base", "https://example.com/base/deep/",
]
STYLES = ["auto", "virtual", "path"]

KEYS = [
    "cat.jpg", "a b.jpg", "a+b.jpg", "a%20b", "a%2Fb", "100%", "%zz", "ä/ö/ü.png", "日本語.txt", "🐈.gif", "a//b", "/lead",
    "a/", "a/./b", "a/../b", "~tilde", "'quotes'\"", "(paren)[brackets]", "semi;colon,comma", "a=b&c=d", "q?uestion",
    "h#ash", "at@sign:colon", "star*bang!", "dollar$", "back\\slash", "pipe|caret^", "curly{}", "<angle>", "back`tick",
    "a\u0301", " leading", "trailing ", "a  b", "x" * 200, "_-.", "%41", "+", "é%C3%A9", "...", "a/..b",
]


@functools.cache
def client(region, url=None, style="auto", token=None):
    """A client, and the requests it would have sent; made once, since making one takes longest."""
    config = botocore.config.Config(
        s3={"addressing_style": style},
        signature_version="s3v4",
        request_checksum_calculation="when_required",
        retries={"max_attempts": 0},
    )
    session = botocore.session.Session()
    # Nothing but what stands here decides: no files, no environment.
    session.set_config_variable("profile", None)
    made = session.create_client(
        "s3", region_name=region, endpoint_url=url, config=config, aws_access_key_id=KEY, aws_secret_access_key=SECRET,
        aws_session_token=token,
    )
    caught = []

    def catch(request, **_):
        caught.append(request)
        return AWSResponse(request.url, 200, {"ETag": '"e"'}, mock.Mock(stream=lambda: [b""]))

    made.meta.events.register("before-send.s3", catch)
    return made, caught


def endpoints():
    for region, bucket, style in itertools.product(REGIONS, BUCKETS, STYLES):
        yield resolved(region, None, bucket, style)
    for url, bucket, style in itertools.product(ENDPOINTS, BUCKETS, STYLES):
        yield resolved("us-east-2", url, bucket, style)


def resolved(region, url, bucket, style):
    made, caught = client(region, url, style)
    caught.clear()
    case = {"region": region, "bucket": bucket, "style": style}
    if url:
        case["endpoint"] = url
    try:
        made.head_object(Bucket=bucket, Key="a b/ü")
    except Exception as error:  # what botocore refuses, the client need not resolve
        return {**case, "refused": type(error).__name__}
    return {**case, "url": caught[0].url}


def places():
    """Endpoints and styles by turns: (region, endpoint, style)."""
    return itertools.cycle([
        # Not "auto": botocore then presigns for the endpoint without a region, which redirects.
        ("us-east-2", None, "virtual"), ("us-east-2", "http://127.0.0.1:9000", "auto"), ("us-east-1", None, "virtual"),
        ("eu-north-1", "https://s3.localhost:9443", "virtual"), ("cn-north-1", None, "path"),
        ("us-east-2", "https://storage.example.com/base", "path"),
    ])


HEADERS = [
    {},
    {"ContentType": "image/jpeg", "CacheControl": "max-age=60"},
    {"Metadata": {"title": "two  words", "Mixed": "Case"}, "ACL": "public-read"},
    {"ContentDisposition": 'attachment; filename="a b.jpg"', "ContentEncoding": "gzip", "IfNoneMatch": "*"},
]
LISTINGS = [
    {}, {"Prefix": "a b/", "Delimiter": "/"}, {"Prefix": "ä+&=", "MaxKeys": 7}, {"ContinuationToken": "1/abc==", "Prefix": "~*'()"},
]


def calls():
    """Operations with their arguments: what each sends is the operation's own matter, not the signature's."""
    for key in KEYS:
        yield "head_object", {"Key": key}
        yield "get_object", {"Key": key, "Range": "bytes=0-9", "IfMatch": '"abc"'}
        yield "delete_object", {"Key": key}
        yield "copy_object", {"Key": key, "CopySource": {"Bucket": "other", "Key": key}}
        yield "upload_part", {"Key": key, "PartNumber": 2, "UploadId": "a+b/c==", "Body": b"part"}
        for headers in HEADERS:
            yield "put_object", {"Key": key, "Body": b"hello", **headers}
    for listing in LISTINGS:
        for _ in range(6):
            yield "list_objects_v2", listing


URLS = [
    ("get_object", {}), ("put_object", {"ContentType": "image/png"}), ("head_object", {}), ("delete_object", {}),
    (
        "get_object",
        {"ResponseContentDisposition": 'attachment; filename="a b+ü.jpg"', "ResponseContentType": "image/png"},
    ),
]


def requests():
    for number, ((region, url, style), (operation, arguments)) in enumerate(zip(places(), calls())):
        token = TOKEN if number % 5 == 4 else None
        made, caught = client(region, url, style, token)
        caught.clear()
        try:
            getattr(made, operation)(Bucket="photos", **arguments)
        except Exception:
            if not caught:
                raise
        sent = caught[0]
        yield {
            "kind": "header", "region": region, "style": style, "key": arguments.get("Key"), "method": sent.method,
            "url": sent.url, "headers": signed_headers(sent),
            **({"endpoint": url} if url else {}), **({"token": token} if token else {}),
        }


def urls():
    for number, ((region, url, style), (key, (operation, arguments))) in enumerate(
        zip(places(), itertools.product(KEYS, URLS))
    ):
        token = TOKEN if number % 7 == 6 else None
        made, _ = client(region, url, style, token)
        query = [
            [name, arguments[argument]]
            for argument, name in (
                ("ResponseContentDisposition", "response-content-disposition"),
                ("ResponseContentType", "response-content-type"),
            )
            if argument in arguments
        ]
        headers = [["Content-Type", arguments["ContentType"]]] if "ContentType" in arguments else []
        method = operation.split("_", maxsplit=1)[0].upper()
        signed = made.generate_presigned_url(operation, {"Bucket": "photos", "Key": key, **arguments}, ExpiresIn=900)
        yield {
            "kind": "url", "region": region, "style": style, "key": key, "method": method, "url": signed, "query": query,
            "headers": headers, **({"endpoint": url} if url else {}), **({"token": token} if token else {}),
        }


def signed_headers(request):
    """The headers that the signature covers, and the signature: what else is sent differs from run to run."""
    headers = {name: text(value) for name, value in request.headers.items()}
    covered = headers["Authorization"].split("SignedHeaders=")[1].split(",")[0].split(";") + ["authorization"]
    return [[name, value] for name, value in headers.items() if name.lower() in covered]


def text(value):
    return value.decode() if isinstance(value, bytes) else value


def write(name, document):
    lines = json.dumps(document, ensure_ascii=True, separators=(",", ":"))
    lines = lines.replace('{"kind"', '\n{"kind"').replace('{"region"', '\n{"region"')
    (FOLDER / name).write_text(lines + "\n")
    print(name, len(document["cases"]), "cases,", len(lines), "bytes")


def main():
    with (
        mock.patch.dict("os.environ", {"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"}, clear=True),
        mock.patch("botocore.auth.get_current_datetime", lambda: NOW),
    ):
        write("endpoints.json", {"cases": list(endpoints())})
        seconds = int(NOW.replace(tzinfo=datetime.timezone.utc).timestamp())
        head = {"accessKey": KEY, "secret": SECRET, "seconds": seconds}
        write("requests.json", {**head, "cases": [*requests(), *urls()]})


if __name__ == "__main__":
    main()
