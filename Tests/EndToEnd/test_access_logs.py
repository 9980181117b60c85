"""Access logs: delivered into their bucket by a real daemon, and read field by field as AWS documents them."""

import json
import re

import pytest
import requests

import pail
from clients import client_for, fresh_name, refusal
from own_paths import deliver_logs, messages

FIELDS = [
    "owner", "bucket", "time", "remote_ip", "requester", "request_id", "operation", "key", "request_uri", "status",
    "error_code", "bytes_sent", "object_size", "total_time", "turn_around_time", "referrer", "user_agent", "version_id",
    "host_id", "signature_version", "cipher_suite", "authentication", "host", "tls_version", "access_point", "acl_required",
    "source_region",
]  # fmt: skip
BRACKETED, QUOTED = {"time"}, {"request_uri", "referrer", "user_agent"}
RECORD = re.compile(
    " ".join(
        rf"\[(?P<{name}>[^\]]+)\]" if name in BRACKETED else rf'"(?P<{name}>[^"]*)"' if name in QUOTED else rf"(?P<{name}>\S+)"
        for name in FIELDS
    )
)
SIMPLE = re.compile(r"log/\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d-[0-9A-F]{16}")


def let_logs_in(s3, target: str, source: str) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{target}/*",
        "Condition": {
            "ArnLike": {"aws:SourceArn": f"arn:aws:s3:::{source}"},
            "StringEquals": {"aws:SourceAccount": "000000000000"},
        },
    }
    s3.put_bucket_policy(Bucket=target, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))


def log(s3, source: str, target: str, **more) -> None:
    enabled = {"TargetBucket": target, "TargetPrefix": "log/"} | more
    s3.put_bucket_logging(Bucket=source, BucketLoggingStatus={"LoggingEnabled": enabled})


def records(s3, target: str) -> list[dict]:
    keys = [entry["Key"] for entry in s3.list_objects_v2(Bucket=target, Prefix="log/").get("Contents", [])]
    lines = [line for key in keys for line in s3.get_object(Bucket=target, Key=key)["Body"].read().decode().splitlines()]
    found = [RECORD.fullmatch(line) for line in lines]
    assert all(found), lines
    return [match.groupdict() for match in found]


@pytest.fixture
def target(s3):
    name = fresh_name()
    s3.create_bucket(Bucket=name)
    return name


def test_every_field_is_as_documented(s3, bucket, target, daemon, endpoint):
    let_logs_in(s3, target, bucket)
    log(s3, bucket, target)
    put = s3.put_object(Bucket=bucket, Key="a b/é.txt", Body=b"hello")
    s3.get_object(Bucket=bucket, Key="a b/é.txt", Range="bytes=1-3")["Body"].read()
    refusal(s3.get_object, Bucket=bucket, Key="none")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "a b/é.txt"})
    reply = requests.get(url, headers={"Referer": 'http://a.example/"x"'}, verify=endpoint.certificate, timeout=pail.PATIENCE)
    assert reply.content == b"hello"
    deliver_logs(daemon.http)
    assert all(SIMPLE.fullmatch(e["Key"]) for e in s3.list_objects_v2(Bucket=target)["Contents"])
    told = records(s3, target)
    assert [record["operation"] for record in told] == ["REST.PUT.LOGGING_STATUS", "REST.PUT.OBJECT"] + ["REST.GET.OBJECT"] * 3
    _, write, read, missing, presigned = told
    owner = s3.list_buckets()["Owner"]["ID"]
    assert {record["owner"] for record in told} == {record["requester"] for record in told} == {owner}
    assert {record["bucket"] for record in told} == {bucket}
    assert write["request_id"] == put["ResponseMetadata"]["RequestId"] and write["host_id"] == put["ResponseMetadata"]["HostId"]
    assert write["key"] == "a%20b/%C3%A9.txt" and write["request_uri"] == f"PUT /{bucket}/a%20b/%C3%A9.txt HTTP/1.1"
    assert (write["status"], write["error_code"], write["bytes_sent"], write["object_size"]) == ("200", "-", "-", "5")
    assert (read["status"], read["bytes_sent"], read["object_size"]) == ("206", "3", "5")
    assert (missing["status"], missing["error_code"], missing["object_size"]) == ("404", "NoSuchKey", "-")
    assert write["user_agent"].startswith("Boto3/") and write["host"] == endpoint.host
    assert (write["signature_version"], write["authentication"]) == ("SigV4", "AuthHeader")
    assert presigned["authentication"] == "QueryString" and presigned["referrer"] == "http://a.example/%22x%22"
    assert int(write["total_time"]) >= int(write["turn_around_time"]) >= 0
    assert re.fullmatch(r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000", write["time"])
    assert write["remote_ip"] in ("127.0.0.1", "::1")


def test_a_partition_has_folders_for_the_account_the_region_the_bucket_and_the_day(s3, bucket, target, daemon):
    let_logs_in(s3, target, bucket)
    form = {"PartitionedPrefix": {"PartitionDateSource": "EventTime"}}
    log(s3, bucket, target, TargetObjectKeyFormat=form)
    assert s3.get_bucket_logging(Bucket=bucket)["LoggingEnabled"]["TargetObjectKeyFormat"] == form
    deliver_logs(daemon.http)
    (entry,) = s3.list_objects_v2(Bucket=target)["Contents"]
    pattern = rf"log/000000000000/us-east-1/{bucket}/(\d{{4}})/(\d\d)/(\d\d)/\1-\2-\3-00-00-00-[0-9A-F]{{16}}"
    assert re.fullmatch(pattern, entry["Key"])


def test_nothing_is_lost_at_a_clean_stop(new_daemon):
    daemon = new_daemon("--log-delivery-seconds", "86400").start()
    s3 = client_for(daemon.http)
    for name in ["photos", "logs"]:
        s3.create_bucket(Bucket=name)
    let_logs_in(s3, "logs", "photos")
    log(s3, "photos", "logs")
    for number in range(50):
        s3.put_object(Bucket="photos", Key=f"key-{number}", Body=b"x")
    assert daemon.stop() == 0
    daemon.start()
    told = records(client_for(daemon.http), "logs")
    assert [record["key"] for record in told if record["operation"] == "REST.PUT.OBJECT"] == [f"key-{n}" for n in range(50)]


def test_logs_come_by_themselves_after_a_while(new_daemon):
    daemon = new_daemon("--log-delivery-seconds", "1").start()
    s3 = client_for(daemon.http)
    for name in ["photos", "logs"]:
        s3.create_bucket(Bucket=name)
    notification = {"QueueConfigurations": [{"QueueArn": "arn:aws:sqs:us-east-1:000000000000:q", "Events": ["s3:ObjectCreated:*"]}]}
    s3.put_bucket_notification_configuration(Bucket="logs", NotificationConfiguration=notification)
    let_logs_in(s3, "logs", "photos")
    log(s3, "photos", "logs")
    # The queue says when: a delivery is an event like any other.
    read = []
    for _ in range(10):
        read += [m["body"] for m in messages(daemon.http, "q", wait=20)]
        if any("Records" in body for body in read):
            break
    (event,) = [body["Records"][0] for body in read if "Records" in body][:1]
    assert event["userIdentity"]["principalId"] == "logging.s3.amazonaws.com"
    assert SIMPLE.fullmatch(event["s3"]["object"]["key"])


def test_a_target_that_cannot_be_is_refused(s3, bucket):
    def put(target):
        return refusal(
            s3.put_bucket_logging,
            Bucket=bucket,
            BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": target, "TargetPrefix": ""}},
        )

    assert put(fresh_name()) == ("InvalidTargetBucketForLogging", 400)
    europe = fresh_name()
    s3.create_bucket(Bucket=europe, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    assert put(europe) == ("CrossLocationLoggingProhibitted", 403)
