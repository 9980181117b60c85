"""`GET /_pail/metrics`: what Prometheus reads, with the root key, over http and https."""

import json
import re

import pytest

import pail
from clients import client_for, fresh_name, refusal
from pail import ROOT_KEY, Key
from wire import Signer, send

TARGET = "/_pail/metrics"
# https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
COMMENT = re.compile(r"# (?:HELP [a-z0-9_]+ \S.*|TYPE [a-z0-9_]+ (?:counter|gauge))")
SAMPLE = re.compile(r'([a-z_][a-z0-9_]*)(?:\{operation="((?:[^"\\\n]|\\.)*)",status="(\d{3})"\})? (\d+(?:\.\d{6})?)')


def read(endpoint, key=ROOT_KEY, method: str = "GET"):
    return send(endpoint, method, TARGET, Signer(key).headers(method, TARGET, endpoint.host))


def samples(endpoint) -> dict[tuple, float]:
    """All samples by name, operation and status; each line must be of the format, and each name told what it is first."""
    reply = read(endpoint)
    assert reply.status == 200
    assert reply.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    text = reply.body.decode()
    assert text.endswith("\n")
    found, typed = {}, set()
    for line in text.splitlines():
        if line.startswith("#"):
            assert COMMENT.fullmatch(line), line
            typed |= {line.split()[2]} if line.split()[1] == "TYPE" else set()
            continue
        sample = SAMPLE.fullmatch(line)
        assert sample, line
        name, operation, status, value = sample.groups()
        assert name in typed and (name, operation, status) not in found, line
        found[name, operation, status] = float(value)
    return found


@pytest.fixture(params=["http", "https"])
def alone(request, new_daemon, certificate):
    """A daemon that nobody else asks anything, by one of its listeners."""
    return new_daemon(certificate=certificate).start().listeners[request.param]


def test_puts_and_gets_move_their_counters_and_nothing_else_moves(alone):
    s3, bucket = client_for(alone), fresh_name()
    s3.create_bucket(Bucket=bucket)
    before = samples(alone)
    s3.put_object(Bucket=bucket, Key="k", Body=b"x" * 70_000)
    s3.put_object(Bucket=bucket, Key="k", Body=b"x" * 70_000)
    assert len(s3.get_object(Bucket=bucket, Key="k")["Body"].read()) == 70_000
    assert refusal(s3.get_object, Bucket=bucket, Key="none") == ("NoSuchKey", 404)
    after = samples(alone)

    moved = {at: after[at] - before.get(at, 0) for at in after if after[at] != before.get(at, 0)}
    requests = {at[1:]: by for at, by in moved.items() if at[0] == "pail_requests_total"}
    assert requests == {
        ("PutObject", "200"): 2,
        ("GetObject", "200"): 1,
        ("GetObject", "404"): 1,
        (TARGET, "200"): 1,
    }
    assert moved["pail_response_bytes_total", "GetObject", "200"] == 70_000
    assert ("pail_response_bytes_total", "PutObject", "200") not in moved
    for operation in ("PutObject", "GetObject"):
        assert 0 < moved["pail_request_seconds_total", operation, "200"] < pail.PATIENCE
    assert after["pail_writable", None, None] == 1


def test_the_counters_of_scrubbing_begin_at_zero(alone):
    found = samples(alone)
    names = ["passes", "blobs_verified", "bytes", "blobs_bad", "blobs_locked"]
    assert [found[f"pail_scrub_{name}_total", None, None] for name in names] == [0] * len(names)


def test_only_the_root_key_reads_them_and_nobody_writes_them(new_daemon):
    daemon = new_daemon().start()
    made = json.loads(pail.pail("user", "create", "ann", "--data", daemon.data, "--json").stdout)
    refused = read(daemon.http, Key(made["AccessKeyId"], made["SecretAccessKey"]))
    assert (refused.status, refused.code) == (403, "AccessDenied")
    assert read(daemon.http, Key(ROOT_KEY.access, "not/the/secret/of/this/key")).code == "SignatureDoesNotMatch"
    unsigned = send(daemon.http, "GET", TARGET, {"Host": daemon.http.host})
    assert (unsigned.status, unsigned.code) == (403, "AccessDenied")
    for reply in (refused, unsigned):
        assert b"pail_requests_total" not in reply.body
    assert read(daemon.http, method="PUT").status == 405
    head = read(daemon.http, method="HEAD")
    assert (head.status, head.body) == (200, b"")
