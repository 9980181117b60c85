"""The record of calls: off by default, told in full and without a secret, waited for, and written as HAR."""

import json

import pytest

import pail
from clients import body_of, client_for, fresh_name
from instruments import Instruments


@pytest.fixture
def running(new_daemon, certificate):
    return new_daemon(certificate=certificate).start()


@pytest.fixture
def play(running):
    return Instruments(running.http)


@pytest.fixture(params=["http", "https"])
def s3(request, running):
    return client_for(running.listeners[request.param])


def test_nothing_is_recorded_until_it_is_asked_for(s3, play):
    s3.list_buckets()
    assert play.ask("GET", "recorder") == {"on": False, "limit": 10_000, "count": 0}
    play.record()
    s3.list_buckets()
    assert [call["operation"] for call in play.calls(1)] == ["ListBuckets"]
    play.record(on=False)
    s3.list_buckets()
    assert play.ask("GET", "recorder")["count"] == 1


def test_a_call_is_told_in_full_and_without_a_secret(s3, play):
    bucket = fresh_name()
    s3.create_bucket(Bucket=bucket)
    play.record()
    is_secure = s3.meta.endpoint_url.startswith("https")
    secret = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": "k" * 32} if is_secure else {}
    s3.put_object(Bucket=bucket, Key="a b.jpg", Body=b"meow", ChecksumAlgorithm="CRC32", **secret)
    (call,) = play.calls(1)
    assert (call["operation"], call["bucket"], call["key"], call["status"]) == ("PutObject", bucket, "a b.jpg", 200)
    assert call["accessKey"] == pail.ROOT_KEY.access and call["complete"] and call["number"] == 1
    assert call["secure"] == is_secure and call["signature"] == ("v4-streaming" if is_secure else "v4-header")
    assert "x-amz-checksum-crc32" in [field["name"] for field in call["checksums"]]
    told = json.dumps(call)
    assert not pail.told(told) and "Signature=REDACTED" in told and "a2tra2tr" not in told  # the key in base 64


def test_calls_are_found_waited_for_and_forgotten(s3, play):
    bucket = fresh_name()
    play.record()
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="cat.jpg", Body=b"meow")
    assert body_of(s3.get_object(Bucket=bucket, Key="cat.jpg")) == b"meow"
    with play.fault("error", {"code": "SlowDown"}, bucket=bucket):
        with pytest.raises(Exception, match="SlowDown"):
            s3.get_object(Bucket=bucket, Key="dog.jpg")
    assert [c["key"] for c in play.calls(3, "operation=*Object")] == ["cat.jpg", "cat.jpg", "dog.jpg"]
    (failed,) = play.calls(1, "error=SlowDown")
    assert failed["faults"] == ["error"] and failed["status"] == 503 and failed["operation"] == "GetObject"
    assert play.ask("GET", "calls/wait?operation=PutObject&count=1")["met"]
    assert not play.ask("GET", "calls/wait?operation=PutObject&count=2&timeoutMilliseconds=10")["met"]
    last = play.calls(4)[-1]["number"]
    play.ask("DELETE", "calls")
    assert play.ask("GET", "calls") == {"calls": []}
    s3.list_buckets()
    assert [call["number"] for call in play.calls(1)] == [last + 1]


def test_the_oldest_call_goes_for_the_newest(s3, play):
    play.record(limit=2)
    for name in ("a", "b", "c"):
        with pytest.raises(Exception, match="404"):
            s3.head_bucket(Bucket=f"nobody-{name}")
    assert [call["bucket"] for call in play.calls(1, "bucket=nobody-c")] == ["nobody-c"]
    assert [call["bucket"] for call in play.calls(2)] == ["nobody-b", "nobody-c"]


def test_the_command_line_records_lists_and_writes_har(running, s3):
    def run(*arguments: str) -> str:
        done = pail.pail("calls", *arguments, "--data", running.data, key=pail.ROOT_KEY)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert json.loads(run("on", "--limit", "100")) == {"on": True, "limit": 100, "count": 0}
    s3.list_buckets()
    assert run("wait", "--operation", "ListBuckets").count("\n") == 1
    assert [json.loads(line)["operation"] for line in run("list").splitlines()] == ["ListBuckets"]
    har = json.loads(run("har"))["log"]
    assert har["version"] == "1.2" and har["creator"]["name"] == "Pail"
    (entry,) = har["entries"]
    assert entry["request"]["method"] == "GET" and entry["response"]["status"] == 200
    assert entry["request"]["url"].startswith(s3.meta.endpoint_url)
    late = pail.pail("calls", "wait", "--operation", "PutObject", "--timeout-milliseconds", "10", "--data", running.data, key=pail.ROOT_KEY)
    assert late.returncode != 0 and "Not enough calls came" in late.stderr
    run("clear")
    assert run("list") == ""
    assert json.loads(run("off"))["on"] is False
