"""`pail explain`: whoever has the data folder is told why a request was refused."""

import json
import subprocess
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

import pail
from clients import client_for, fresh_name
from test_contract_users import create


def explain(daemon, request) -> subprocess.CompletedProcess:
    return pail.pail("explain", request, "--data", daemon.data)


def refused(call, **parameters) -> str:
    """The ID of a request that is refused."""
    with pytest.raises(ClientError) as error:
        call(**parameters)
    return error.value.response["ResponseMetadata"]["RequestId"]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_denial_is_explained_statement_by_statement(new_daemon, certificate, tmp_path, scheme):
    daemon = new_daemon(certificate=certificate).start()
    policy = tmp_path / "policy.json"
    public = {"Sid": "Public", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::*/public/*"}
    near = {"Sid": "Near", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}
    policy.write_text(json.dumps({"Version": "2012-10-17", "Statement": [public, near]}))
    key, _ = create(daemon, "ann", "--policy", policy)
    root, ann = client_for(daemon.listeners[scheme]), client_for(daemon.listeners[scheme], key)
    bucket = fresh_name()
    root.create_bucket(Bucket=bucket)
    root.put_object(Bucket=bucket, Key="private/cat", Body=b"meow")

    request = refused(ann.get_object, Bucket=bucket, Key="private/cat")
    lines = explain(daemon, request).stdout.splitlines()

    assert lines[0] == f"GetObject {bucket}/private/cat"
    assert "from 127.0.0.1" in lines[1] and key.access in lines[1]
    assert lines[2].startswith("answered 403 AccessDenied: User: arn:aws:iam::")
    assert lines[3].endswith("no identity-based policy allows it")
    assert lines[4:7] == [
        "  identity-based statement Public (Allow s3:GetObject): does not name the resource, but arn:aws:s3:::*/public/*",
        '  identity-based statement Near (Allow s3:GetObject): its condition IpAddress aws:sourceip is not met by "127.0.0.1"',
        "  the resource has no policy",
    ]


def test_a_wrong_signature_is_explained_by_what_was_signed_and_secrets_stay_out(new_daemon):
    daemon = new_daemon().start()
    key, _ = create(daemon, "ann")
    wrong = client_for(daemon.listeners["http"], replace(key, secret="not-the-secret"))

    text = explain(daemon, refused(wrong.list_buckets)).stdout

    assert "answered 403 SignatureDoesNotMatch" in text
    assert "StringToSign:\n  AWS4-HMAC-SHA256" in text
    assert "CanonicalRequest:\n  GET\n  /" in text
    assert key.secret not in text


def test_what_was_not_refused_or_is_not_known_has_no_explanation(new_daemon):
    daemon = new_daemon().start()
    answered = client_for(daemon.listeners["http"]).list_buckets()["ResponseMetadata"]["RequestId"]
    for request in [answered, "4442587FB7D0A2F9"]:
        ended = explain(daemon, request)
        assert ended.returncode == 1
        assert "is remembered" in ended.stderr
    daemon.stop()
    ended = explain(daemon, answered)
    assert ended.returncode == 1
    assert "No daemon runs on" in ended.stderr
