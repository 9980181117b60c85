"""What goes wrong on purpose, as boto3 sees it: each fault, that nothing stored is harmed, and that chance repeats itself."""

import json
import socket
import ssl
import time
from email.utils import parsedate_to_datetime

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    FlexibleChecksumError,
    HTTPClientError,
    IncompleteReadError,
    ReadTimeoutError,
    ResponseStreamingError,
)

import pail
from clients import client_for, fresh_name, refusal, status_of
from instruments import Instruments, Refused

# What botocore makes of a body that breaks off.
BROKEN = (IncompleteReadError, ResponseStreamingError)
CAT = bytes(range(256)) * 1024  # 256 KiB: more than one piece, and on disk a file


@pytest.fixture(scope="module")
def faulty(tmp_path_factory, certificate):
    """A daemon of this module's own: its faults are nobody else's."""
    running = pail.Daemon(tmp_path_factory.mktemp("faulty") / "data", certificate=certificate)
    with running.start():
        yield running
        assert running.stop() == 0, running.tail()


@pytest.fixture
def play(faulty):
    instruments = Instruments(faulty.http)
    yield instruments
    instruments.clear(seed=0)


@pytest.fixture(params=["http", "https"])
def endpoint(request, faulty):
    return faulty.listeners[request.param]


@pytest.fixture
def bucket(s3):
    name = fresh_name()
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="cat.jpg", Body=CAT)
    return name


def body_of(answer) -> bytes:
    """The body as botocore reads it, which checks its checksum."""
    return answer["Body"].read()


def test_an_error_is_what_the_client_sees_and_nothing_is_stored(s3, bucket, play):
    with play.fault("error", {"code": "SlowDown"}, operation="PutObject", bucket=bucket):
        assert refusal(s3.put_object, Bucket=bucket, Key="dog.jpg", Body=b"wow") == ("SlowDown", 503)
        assert body_of(s3.get_object(Bucket=bucket, Key="cat.jpg")) == CAT
    assert refusal(s3.get_object, Bucket=bucket, Key="dog.jpg") == ("NoSuchKey", 404)


def test_an_error_has_the_fields_of_amazon_s_document(s3, bucket, play):
    with play.fault("error", {"code": "InternalError"}, bucket=bucket):
        with pytest.raises(ClientError) as caught:
            s3.get_object(Bucket=bucket, Key="cat.jpg")
    answer = caught.value.response
    assert answer["Error"]["Message"] == "We encountered an internal error. Please try again."
    assert answer["Error"]["Resource"] == f"/{bucket}/cat.jpg"
    metadata = answer["ResponseMetadata"]
    assert metadata["RequestId"] == metadata["HTTPHeaders"]["x-amz-request-id"] and len(metadata["RequestId"]) == 16


def test_an_error_may_have_a_status_a_code_and_words_of_one_s_own(s3, bucket, play):
    effect = {"code": "Teapot", "status": 418, "message": "Short and stout."}
    with play.fault("error", effect, operation="GetObject", bucket=bucket):
        with pytest.raises(ClientError) as caught:
            s3.get_object(Bucket=bucket, Key="cat.jpg")
    error, metadata = caught.value.response["Error"], caught.value.response["ResponseMetadata"]
    assert (error["Code"], error["Message"], metadata["HTTPStatusCode"]) == ("Teapot", "Short and stout.", 418)


def test_an_operation_that_fails_after_the_fact_is_done(s3, bucket, play):
    with play.fault("error", {"code": "ServiceUnavailable", "carriedOut": True}, operation="PutObject", bucket=bucket):
        assert refusal(s3.put_object, Bucket=bucket, Key="dog.jpg", Body=b"wow") == ("ServiceUnavailable", 503)
    assert body_of(s3.get_object(Bucket=bucket, Key="dog.jpg")) == b"wow"


def test_a_client_that_retries_gets_through(endpoint, bucket, play):
    patient = client_for(endpoint, retries={"total_max_attempts": 3, "mode": "standard"})
    with play.fault("error", {"code": "SlowDown"}, operation="GetObject", bucket=bucket, times=2):
        answer = patient.get_object(Bucket=bucket, Key="cat.jpg")
    assert answer["ResponseMetadata"]["RetryAttempts"] == 2 and body_of(answer) == CAT


def test_an_error_behind_a_200_fails_a_copy(s3, bucket, play):
    source = {"Bucket": bucket, "Key": "cat.jpg"}
    with play.fault("error-in-200", {"code": "InternalError"}, operation="CopyObject", bucket=bucket):
        code, status = refusal(s3.copy_object, Bucket=bucket, Key="copy.jpg", CopySource=source)
    # botocore takes a 200 that holds an error for a 500.
    assert code == "InternalError" and status in (200, 500)
    assert refusal(s3.get_object, Bucket=bucket, Key="copy.jpg") == ("NoSuchKey", 404)


def test_an_error_behind_a_200_fails_a_completion_and_the_upload_stays(s3, bucket, play):
    upload = s3.create_multipart_upload(Bucket=bucket, Key="big.jpg")["UploadId"]
    named = {"Bucket": bucket, "Key": "big.jpg", "UploadId": upload}
    part = s3.upload_part(**named, PartNumber=1, Body=CAT)
    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    with play.fault("error-in-200", {"code": "InternalError"}, operation="CompleteMultipartUpload", bucket=bucket):
        code, status = refusal(s3.complete_multipart_upload, **named, MultipartUpload=parts)
    assert code == "InternalError" and status in (200, 500)
    s3.complete_multipart_upload(**named, MultipartUpload=parts)
    assert body_of(s3.get_object(Bucket=bucket, Key="big.jpg")) == CAT


def test_who_asks_too_often_is_told_to_slow_down(s3, bucket, play):
    play.clock("freeze")
    try:
        with play.fault("throttle", {"perSecond": 2, "burst": 3}, operation="GetObject", bucket=bucket) as rule:

            def run(count: int) -> list[str]:
                return [outcome(s3.get_object, Bucket=bucket, Key="cat.jpg") for _ in range(count)]

            assert run(5) == ["ok", "ok", "ok", "SlowDown", "SlowDown"]
            play.clock("move", seconds=1)
            assert run(3) == ["ok", "ok", "SlowDown"]
            counts = next(f for f in play.faults() if f["id"] == rule["id"])
            assert (counts["met"], counts["applied"]) == (8, 3)
    finally:
        play.clock("real")


def outcome(call, **parameters) -> str:
    """`ok`, or the error's name."""
    try:
        answer = call(**parameters)
        if "Body" in answer:
            body_of(answer)
        return "ok"
    except ClientError as error:
        return error.response["Error"]["Code"]
    except (HTTPClientError, *BROKEN) as error:
        return type(error).__name__


def test_a_delay_is_waited_for_and_the_answer_is_right(s3, bucket, play):
    with play.fault("delay", {"milliseconds": 300}, operation="HeadObject", bucket=bucket):
        began = time.monotonic()
        assert status_of(s3.head_object(Bucket=bucket, Key="cat.jpg")) == 200
        assert time.monotonic() - began >= 0.3


def test_a_client_with_less_patience_than_the_delay_times_out(endpoint, bucket, play):
    hasty = client_for(endpoint, read_timeout=0.2)
    with play.fault("delay", {"milliseconds": 3000}, operation="HeadObject", bucket=bucket):
        with pytest.raises(ReadTimeoutError):
            hasty.head_object(Bucket=bucket, Key="cat.jpg")


def test_a_bandwidth_is_kept_both_ways(s3, bucket, play):
    with play.fault("bandwidth", {"bytesPerSecond": 1 << 20}, bucket=bucket):
        began = time.monotonic()
        assert body_of(s3.get_object(Bucket=bucket, Key="cat.jpg")) == CAT
        down = time.monotonic() - began
        s3.put_object(Bucket=bucket, Key="dog.jpg", Body=CAT)
        up = time.monotonic() - began - down
    # A quarter of a mebibyte takes a quarter of a second; what is cut off by whole milliseconds is forgiven.
    assert down >= 0.2 and up >= 0.2
    assert body_of(s3.get_object(Bucket=bucket, Key="dog.jpg")) == CAT


def test_a_truncated_body_is_noticed(s3, bucket, play):
    with play.fault("truncate", {"afterBytes": 100_000}, operation="GetObject", bucket=bucket):
        answer = s3.get_object(Bucket=bucket, Key="cat.jpg")
        assert answer["ContentLength"] == len(CAT)
        with pytest.raises(BROKEN):
            body_of(answer)
    assert body_of(s3.get_object(Bucket=bucket, Key="cat.jpg")) == CAT


def test_a_flipped_bit_is_found_by_the_checksum_and_is_in_the_reply_alone(s3, bucket, play):
    s3.put_object(Bucket=bucket, Key="sum.jpg", Body=CAT, ChecksumAlgorithm="CRC32")
    with play.fault("flip", {"atByte": 100_000}, operation="GetObject", bucket=bucket):
        with pytest.raises(FlexibleChecksumError):
            body_of(s3.get_object(Bucket=bucket, Key="sum.jpg", ChecksumMode="ENABLED"))
        wrong = body_of(s3.get_object(Bucket=bucket, Key="sum.jpg", Range="bytes=0-200000"))
    different = [n for n, byte in enumerate(wrong) if byte != CAT[n]]
    assert different == [100_000] and (wrong[100_000] ^ CAT[100_000]).bit_count() == 1
    assert body_of(s3.get_object(Bucket=bucket, Key="sum.jpg", ChecksumMode="ENABLED")) == CAT


@pytest.mark.parametrize("after", [0, 100_000])
def test_a_reset_in_the_body_is_an_error_of_the_stream(s3, bucket, play, after):
    with play.fault("reset", {"afterBytes": after}, operation="GetObject", bucket=bucket):
        answer = s3.get_object(Bucket=bucket, Key="cat.jpg")
        assert answer["ContentLength"] == len(CAT)
        with pytest.raises(BROKEN):
            body_of(answer)


def test_a_reset_before_the_head_is_an_error_of_the_connection_and_the_operation_is_done(s3, bucket, play):
    with play.fault("reset", operation="PutObject", bucket=bucket):
        with pytest.raises((ConnectionClosedError, EndpointConnectionError)):
            s3.put_object(Bucket=bucket, Key="dog.jpg", Body=b"wow")
    assert body_of(s3.get_object(Bucket=bucket, Key="dog.jpg")) == b"wow"


def test_silence_is_a_time_out_and_the_operation_is_done(endpoint, s3, bucket, play):
    hasty = client_for(endpoint, read_timeout=0.5)
    with play.fault("silence", operation="PutObject", bucket=bucket):
        with pytest.raises(ReadTimeoutError):
            hasty.put_object(Bucket=bucket, Key="dog.jpg", Body=b"wow")
    assert body_of(s3.get_object(Bucket=bucket, Key="dog.jpg")) == b"wow"


def test_silence_ends_by_itself(s3, bucket, play):
    with play.fault("silence", {"milliseconds": 50}, operation="HeadObject", bucket=bucket):
        with pytest.raises(ConnectionClosedError):
            s3.head_object(Bucket=bucket, Key="cat.jpg")


def test_a_stale_invitation_is_passed_over(s3, bucket, play):
    with play.fault("stale-continue", bucket=bucket) as rule:
        s3.put_object(Bucket=bucket, Key="dog.jpg", Body=b"wow")
        assert body_of(s3.get_object(Bucket=bucket, Key="dog.jpg")) == b"wow"
        assert next(f for f in play.faults() if f["id"] == rule["id"])["applied"] == 2


def test_a_stale_invitation_is_on_the_wire(endpoint, bucket, play):
    with play.fault("stale-continue", key="nobody*"):
        with socket.create_connection(("127.0.0.1", endpoint.port), timeout=pail.PATIENCE) as plain:
            wire = plain
            if endpoint.certificate:
                trusted = ssl.create_default_context(cafile=endpoint.certificate)
                wire = trusted.wrap_socket(plain, server_hostname="localhost")
            wire.sendall(f"GET /{bucket}/nobody HTTP/1.1\r\nHost: {endpoint.host}\r\nConnection: close\r\n\r\n".encode())
            answer = b""
            while piece := wire.recv(65_536):
                answer += piece
    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 403 ")


def test_the_date_of_a_reply_is_off(s3, bucket, play):
    right = s3.head_bucket(Bucket=bucket)["ResponseMetadata"]["HTTPHeaders"]["date"]
    with play.fault("skew", {"seconds": 86_400 * 400}, bucket=bucket):
        off = s3.head_bucket(Bucket=bucket)["ResponseMetadata"]["HTTPHeaders"]["date"]
    difference = parsedate_to_datetime(off) - parsedate_to_datetime(right)
    assert abs(difference.total_seconds() - 86_400 * 400) < pail.PATIENCE


def test_the_same_seed_gives_the_same_run(s3, bucket, play):
    def run(seed: int) -> list[str]:
        play.clear(seed=seed)
        play.add("error", {"code": "SlowDown"}, operation="GetObject", bucket=bucket, probability=0.3)
        play.add("truncate", {"afterBytes": 5}, operation="GetObject", bucket=bucket, every=4)
        play.add("reset", operation="GetObject", bucket=bucket, probability=0.2)
        outcomes = [outcome(s3.get_object, Bucket=bucket, Key="cat.jpg") for _ in range(40)]
        counted = [(f["met"], f["applied"]) for f in play.faults()]
        return [*outcomes, str(counted)]

    first = run(seed=11)
    assert len(set(first[:-1])) >= 3
    assert run(seed=11) == first
    assert run(seed=12) != first


def test_a_fault_is_for_one_client_and_nobody_else(endpoint, s3, bucket, play):
    other = client_for(endpoint, user_agent_extra="the-one-under-test")
    with play.fault("error", {"code": "SlowDown"}, bucket=bucket, client={"userAgent": "*the-one-under-test*"}):
        assert refusal(other.head_object, Bucket=bucket, Key="cat.jpg")[1] == 503
        assert status_of(s3.head_object(Bucket=bucket, Key="cat.jpg")) == 200


def test_only_the_root_key_may_have_things_go_wrong(faulty):
    created = pail.pail("user", "create", "mallory", "--data", faulty.data, "--json")
    assert created.returncode == 0, created.stderr
    user = json.loads(created.stdout)
    key = pail.Key(user["AccessKeyId"], user["SecretAccessKey"])
    for method, path in [("GET", "faults"), ("DELETE", "faults"), ("POST", "clock/freeze"), ("GET", "calls")]:
        with pytest.raises(Refused) as caught:
            Instruments(faulty.http, key).ask(method, path)
        assert caught.value.status == 403 and "<Code>AccessDenied</Code>" in caught.value.document


def test_the_command_line_adds_lists_and_clears(faulty, s3, bucket, play):
    def run(*arguments: str) -> str:
        done = pail.pail("fault", *arguments, "--data", faulty.data, key=pail.ROOT_KEY)
        assert done.returncode == 0, done.stderr
        return done.stdout

    added = json.loads(run("add", "error", "--code", "SlowDown", "--operation", "HeadObject", "--nth", "2"))
    assert added["effect"]["status"] == 503 and added["nth"] == 2
    assert [outcome(s3.head_object, Bucket=bucket, Key="cat.jpg") for _ in range(3)] == ["ok", "503", "ok"]
    listed = [json.loads(line) for line in run("list").splitlines()]
    assert [(f["id"], f["met"], f["applied"]) for f in listed] == [(added["id"], 3, 1)]
    run("clear", added["id"])
    assert run("list") == ""
    wrong = pail.pail("fault", "add", "error", "--endpoint", faulty.http.url, key=pail.ROOT_KEY)
    assert wrong.returncode != 0 and "code is missing" in wrong.stderr
    nobody = pail.pail("fault", "list", "--endpoint", faulty.http.url, key=pail.Key("AKIANOBODY", "a-secret-that-nobody-has"))
    assert nobody.returncode != 0 and "403" in nobody.stderr
