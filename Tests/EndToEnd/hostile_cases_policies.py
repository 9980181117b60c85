"""Policies that are none, of buckets and of upload forms, and forms that do not hold to theirs."""

import base64
import json
from collections.abc import Callable

from hostile import Case, Stage
from hostile_cases_documents import ARGUMENT, TOO_LONG, document
from pail import ROOT_KEY
from wire import Signer

POLICY = (400, "MalformedPolicy")
FORM = (400, "MalformedPOSTRequest")


def policy(name: str, body: bytes | str, answer: tuple = POLICY) -> Case:
    return document(name, "policy", body, answer)


def statement(**altered: object) -> str:
    one = {
        "Effect": "Allow",
        "Principal": {"AWS": "000000000000"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::scratch-bucket/*",
    } | altered
    return json.dumps({"Version": "2012-10-17", "Statement": [one]})


POLICIES = [
    policy("policy of nothing", ""),
    policy("policy of an empty object", "{}"),
    policy("policy of a list", "[]"),
    policy("policy of a number", "1e999"),
    policy("policy of XML", "<Policy/>"),
    policy("policy of bytes that are no UTF-8", b'{"Version": "\xff\xfe"}'),
    policy("policy that does not end", statement()[:-5]),
    policy("policy a hundred thousand lists deep", "[" * 100_000),
    policy("policy a hundred thousand objects deep", '{"a":' * 4000),
    policy("policy beyond twenty kilobytes", statement(Sid="a" * 30_000)),
    policy("policy of three megabytes", " " * 3_000_000, TOO_LONG),
    policy("policy with a key twice", '{"Version":"2012-10-17","Version":"2012-10-17","Statement":[]}'),
    policy("policy with half a surrogate", statement(Sid="\ud800")),
    policy("policy of an effect that does not exist", statement(Effect="Perhaps")),
    policy("policy of an action of another service", statement(Action="ec2:RunInstances")),
    policy("policy of another bucket", statement(Resource="arn:aws:s3:::canary-bucket/*")),
    policy("policy of a principal that does not exist", statement(Principal={"AWS": "arn:aws:iam::123456789012:user/nobody"})),
    policy("policy of a condition that does not exist", statement(Condition={"StringPerhaps": {"aws:x": "y"}})),
    policy("policy with an element of nobody", statement(Evil="x")),
    policy("policy of another version", statement().replace("2012-10-17", "2050-01-01")),
]


def form(
    name: str,
    answer: tuple,
    fields: list[tuple[str, str]] | None = None,
    body: Callable[[Stage], bytes] | bytes | None = None,
    kind: str = "multipart/form-data; boundary=b",
    signed: bool = True,
    text: object = None,
    rule: list | None = None,
) -> Case:
    """A form for the scratch bucket: signed over `text`, or else over a policy that allows the key."""

    def make(stage: Stage) -> bytes:
        sent = body(stage) if callable(body) else body
        if sent is None:
            named = [("key", "form"), *(permission(stage, text, rule) if signed else []), *(fields or [])]
            sent = multipart(named)
        return stage.raw(f"POST /{stage.scratch} HTTP/1.1", f"Content-Type: {kind}", f"Content-Length: {len(sent)}", body=sent)

    return Case(name, make, *answer)


def permission(stage: Stage, text: object = None, rule: list | None = None) -> list[tuple[str, str]]:
    """The fields that sign a policy."""
    signer = Signer(ROOT_KEY)
    named = [
        ("x-amz-algorithm", "AWS4-HMAC-SHA256"),
        ("x-amz-credential", f"{ROOT_KEY.access}/{signer.scope}"),
        ("x-amz-date", signer.date),
    ]
    allowed = {
        "expiration": "2099-01-01T00:00:00Z",
        "conditions": [{"bucket": stage.scratch}, {"key": "form"}, *({k: v} for k, v in named), *([rule] if rule else [])],
    }
    written = text if isinstance(text, str) else json.dumps(allowed | (text if isinstance(text, dict) else {}))
    encoded = base64.b64encode(written.encode()).decode()
    return [*named, ("policy", encoded), ("x-amz-signature", signer.signature(encoded))]


def multipart(fields: list[tuple[str, str]], file: bytes = b"hello") -> bytes:
    written = "".join(f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields)
    return (
        written.encode() + b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n' + file + b"\r\n--b--\r\n"
    )


DENIED = (403, "AccessDenied")
DOCUMENT = (400, "InvalidPolicyDocument")
FORMS = [
    form("form that its policy allows", (204, None)),
    form("form of another type", (412, "PreconditionFailed"), kind="application/x-www-form-urlencoded"),
    form("form without a boundary", FORM, kind="multipart/form-data"),
    form("form with a boundary of a thousand letters", FORM, kind="multipart/form-data; boundary=" + "b" * 1000),
    form("form of nothing", FORM, body=b""),
    form("form that is no form", FORM, body=b"hello"),
    form("form that ends in the middle", FORM, body=lambda s: multipart([("key", "form"), *permission(s)])[:-20]),
    form("form with a field without a name", FORM, body=b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n"),
    form("form without a key", ARGUMENT, body=multipart([])),
    form("form without a file", ARGUMENT, body=b'--b\r\nContent-Disposition: form-data; name="key"\r\n\r\nx\r\n--b--\r\n'),
    form(
        "form with two files",
        ARGUMENT,
        body=lambda s: (
            multipart([("key", "form"), *permission(s)])[:-7]
            + b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n--b--\r\n'
        ),
    ),
    form("form of a thousand fields", FORM, [(f"x-ignore-{n}", "y") for n in range(1000)]),
    form("form with a field of a hundred thousand bytes", (400, "MaxPostPreDataLengthExceeded"), [("x-ignore-a", "y" * 100_000)]),
    form("form with head lines of a hundred thousand bytes", FORM, body=b"--b\r\n" + b"x: y\r\n" * 20_000 + b"\r\n"),
    form("form without a signature", DENIED, signed=False),
    form("form with a field that its policy does not name", DENIED, [("x-amz-meta-a", "b")]),
    form("form with another ACL than its policy says", DENIED, [("acl", "public-read")]),
    form("form whose policy is past its end", DENIED, text={"expiration": "2020-01-01T00:00:00Z"}),
    form("form whose policy has no end", DOCUMENT, text='{"conditions": []}'),
    form("form whose policy has no conditions", DOCUMENT, text='{"expiration": "2099-01-01T00:00:00Z"}'),
    form("form whose policy is no JSON", DOCUMENT, text="hello"),
    form("form whose policy is a hundred thousand lists deep", DOCUMENT, text="[" * 10_000),
    form("form whose policy has a condition that does not exist", DOCUMENT, rule=["perhaps", "$key", "x"]),
    form("form whose policy has a range of words, which nothing is in", DENIED, rule=["content-length-range", "a", "b"]),
    form("form whose policy is for another key", DENIED, text={"conditions": [{"key": "other"}]}),
    form("form whose policy is for another bucket", DENIED, text={"conditions": [{"bucket": "canary-bucket"}, {"key": "form"}]}),
    form(
        "form whose policy was altered after it was signed",
        (403, "SignatureDoesNotMatch"),
        body=lambda s: multipart([("key", "form"), *((n, v + "IA==" if n == "policy" else v) for n, v in permission(s))]),
    ),
    form(
        "form with its signature of another form",
        (403, "SignatureDoesNotMatch"),
        body=lambda s: multipart([("key", "form"), *((n, "0" * 64 if n == "x-amz-signature" else v) for n, v in permission(s))]),
    ),
    form("form that names the canary's bucket as a field writes to its own", (204, None), [("bucket", "canary-bucket")]),
]

CASES = POLICIES + FORMS
