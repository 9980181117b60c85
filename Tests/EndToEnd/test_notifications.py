"""Events: sent to webhooks, signed, also after `kill -9`; read from Pail's own queues; never sent anywhere else."""

import contextlib
import json
import threading
import urllib.parse

import pytest
from botocore.exceptions import ClientError

import pail
from clients import client_for, fresh_name, refusal
from own_paths import acknowledge, ask, messages
from webhook_server import SECRET, WebhookServer

QUEUE = "arn:aws:sqs:us-east-1:000000000000:"
TOPIC = "arn:aws:sns:us-east-1:000000000000:"


def notify(s3, bucket: str, kind: str, arn: str, *events: str, **filters: str) -> None:
    rule = {kind + "Arn": arn, "Events": list(events)}
    if filters:
        rule["Filter"] = {"Key": {"FilterRules": [{"Name": name, "Value": value} for name, value in filters.items()]}}
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={kind + "Configurations": [rule]})


def summary(event: dict) -> tuple[str, str]:
    record = event["Records"][0]
    return record["eventName"], urllib.parse.unquote_plus(record["s3"]["object"]["key"])


@pytest.fixture
def hooked(new_daemon, unused_port, certificate):
    """A daemon that may send events to one port, where nobody listens yet."""
    url = f"http://127.0.0.1:{unused_port}/events"
    return new_daemon("--webhook", f"hook={url}", certificate=certificate, PAIL_WEBHOOK_SECRET=SECRET).start()


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_events_arrive_at_a_webhook_in_order_and_signed(hooked, unused_port, scheme):
    s3, bucket = client_for(hooked.listeners[scheme]), fresh_name()
    s3.create_bucket(Bucket=bucket)
    with WebhookServer(unused_port) as server:
        notify(s3, bucket, "Topic", TOPIC + "hook", "s3:ObjectCreated:*", "s3:ObjectRemoved:*", prefix="in/")
        test, _ = server.next()
        assert (test["Service"], test["Event"], test["Bucket"]) == ("Amazon S3", "s3:TestEvent", bucket)
        s3.put_object(Bucket=bucket, Key="out/a", Body=b"not told")
        put = s3.put_object(Bucket=bucket, Key="in/é +%.txt", Body=b"hello")
        s3.copy_object(Bucket=bucket, Key="in/copy", CopySource={"Bucket": bucket, "Key": "in/é +%.txt"})
        s3.delete_object(Bucket=bucket, Key="in/é +%.txt")
        events = [server.next() for _ in range(3)]
    assert [summary(event) for event, _ in events] == [
        ("ObjectCreated:Put", "in/é +%.txt"),
        ("ObjectCreated:Copy", "in/copy"),
        ("ObjectRemoved:Delete", "in/é +%.txt"),
    ]
    record = events[0][0]["Records"][0]
    assert record["s3"]["object"]["eTag"] == put["ETag"].strip('"') and record["s3"]["object"]["size"] == 5
    assert record["s3"]["bucket"]["name"] == bucket and record["eventSource"] == "aws:s3"
    assert record["responseElements"]["x-amz-request-id"] == put["ResponseMetadata"]["RequestId"]
    assert events[0][1]["Pail-Attempt"] == "1"


def test_an_event_survives_kill_9_between_the_write_and_the_delivery(hooked, unused_port):
    """Nobody listens until the daemon has been killed, so no event can have been delivered before."""
    s3, bucket = client_for(hooked.http), fresh_name()
    s3.create_bucket(Bucket=bucket)
    notify(s3, bucket, "Topic", TOPIC + "hook", "s3:ObjectCreated:*")
    keys = [f"key-{number}" for number in range(10)]
    for size in (1, 2, 3):
        for key in keys:
            s3.put_object(Bucket=bucket, Key=key, Body=b"x" * size)
    hooked.kill()
    hooked.start()
    with WebhookServer(unused_port) as server:
        told = [server.next()[0] for _ in range(1 + 3 * len(keys))]
    assert [event["Event"] for event in told if "Event" in event] == ["s3:TestEvent"]
    sizes: dict[str, list[int]] = {key: [] for key in keys}
    for event in told:
        if "Records" in event:
            sizes[summary(event)[1]].append(event["Records"][0]["s3"]["object"]["size"])
    # Each key's events come in the order of its writes, whatever happens between keys.
    assert sizes == {key: [1, 2, 3] for key in keys}


def test_an_event_that_is_not_taken_is_sent_again_and_nothing_about_its_key_overtakes_it(hooked, unused_port):
    s3, bucket = client_for(hooked.http), fresh_name()
    s3.create_bucket(Bucket=bucket)
    with WebhookServer(unused_port) as server:
        notify(s3, bucket, "Topic", TOPIC + "hook", "s3:ObjectCreated:*", "s3:ObjectRemoved:*")
        server.next()
        server.statuses = [500]
        s3.put_object(Bucket=bucket, Key="a", Body=b"1")
        s3.delete_object(Bucket=bucket, Key="a")
        told = [server.next() for _ in range(3)]
    names = [event["Records"][0]["eventName"] for event, _ in told]
    assert names == ["ObjectCreated:Put", "ObjectCreated:Put", "ObjectRemoved:Delete"]
    assert [headers["Pail-Attempt"] for _, headers in told] == ["1", "2", "1"]
    assert told[0][1]["Pail-Event-Id"] == told[1][1]["Pail-Event-Id"]
    order = [event["Records"][0]["s3"]["object"]["sequencer"] for event, _ in told]
    assert order[0] == order[1] < order[2]


def test_an_address_that_was_not_allowed_is_never_contacted(hooked, unused_port):
    s3, bucket = client_for(hooked.http), fresh_name()
    s3.create_bucket(Bucket=bucket)
    with WebhookServer() as stranger, WebhookServer(unused_port, [302], location=stranger.url) as server:
        for arn in [TOPIC + "stranger", stranger.url, f"arn:aws:sns:us-east-1:000000000000:127.0.0.1:{stranger.port}"]:
            with pytest.raises(ClientError) as caught:
                notify(s3, bucket, "Topic", arn, "s3:ObjectCreated:*")
            assert caught.value.response["Error"]["Code"] == "InvalidArgument"
        skipping = {"TopicConfigurations": [{"TopicArn": TOPIC + "stranger", "Events": ["s3:ObjectCreated:*"]}]}
        s3.put_bucket_notification_configuration(
            Bucket=bucket, NotificationConfiguration=skipping, SkipDestinationValidation=True
        )
        s3.put_object(Bucket=bucket, Key="a", Body=b"x")
        # What is allowed is reached, redirected to the stranger, and tried again where it was allowed.
        notify(s3, bucket, "Topic", TOPIC + "hook", "s3:ObjectCreated:*")
        assert server.next()[1]["Pail-Attempt"] == "1"
        assert server.next()[1]["Pail-Attempt"] == "2"
        assert stranger.is_silent()


def test_a_queue_is_read_by_a_reader_who_waits_and_acknowledges(s3, bucket, endpoint, daemon):
    queue = f"jobs-{bucket}"
    notify(s3, bucket, "Queue", QUEUE + queue, "s3:ObjectCreated:*", suffix=".jpg")
    (test,) = messages(daemon.http, queue)
    assert test["body"]["Event"] == "s3:TestEvent" and test["attempt"] == 1
    acknowledge(daemon.http, queue, test)
    read: list = []
    reader = threading.Thread(target=lambda: read.extend(messages(daemon.http, queue, wait=20)))
    reader.start()
    s3.put_object(Bucket=bucket, Key="a.png", Body=b"x")
    s3.put_object(Bucket=bucket, Key="a.jpg", Body=b"x")
    reader.join(timeout=pail.PATIENCE)
    assert [summary(message["body"]) for message in read] == [("ObjectCreated:Put", "a.jpg")]
    assert messages(daemon.http, queue) == []
    acknowledge(daemon.http, queue, read[0])
    status, _ = ask(daemon.http, "DELETE", f"/_pail/queues/{queue}/messages?receipt={read[0]['receipt']}")
    assert status == 404


def test_a_reader_who_waits_does_not_hold_the_end_of_the_daemon_up(new_daemon):
    daemon = new_daemon().start()
    got: list = []

    def read():
        # One who comes too late finds nobody.
        with contextlib.suppress(OSError):
            got.append(messages(daemon.http, "jobs", wait=20))

    reader = threading.Thread(target=read)
    reader.start()
    assert daemon.stop() == 0
    reader.join(timeout=pail.PATIENCE)
    assert got in ([[]], [])


def test_a_queue_keeps_its_messages_through_a_restart(new_daemon):
    daemon = new_daemon().start()
    s3 = client_for(daemon.http)
    s3.create_bucket(Bucket="photos")
    notify(s3, "photos", "Queue", QUEUE + "jobs", "s3:ObjectCreated:*")
    s3.put_object(Bucket="photos", Key="a", Body=b"x")
    daemon.kill()
    daemon.start()
    told = messages(daemon.http, "jobs")
    assert [summary(m["body"]) for m in told if "Records" in m["body"]] == [("ObjectCreated:Put", "a")]


def test_a_configuration_comes_back_as_it_was_put(s3, bucket):
    given = {
        "QueueConfigurations": [
            {
                "Id": "jpegs",
                "QueueArn": QUEUE + "jobs",
                "Events": ["s3:ObjectCreated:Put", "s3:ObjectRemoved:*"],
                "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "in/"}, {"Name": "suffix", "Value": ".jpg"}]}},
            }
        ],
        "EventBridgeConfiguration": {},
    }
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=given)
    answer = s3.get_bucket_notification_configuration(Bucket=bucket)
    answer.pop("ResponseMetadata")
    assert answer == given
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})
    assert set(s3.get_bucket_notification_configuration(Bucket=bucket)) == {"ResponseMetadata"}


def test_a_configuration_that_s3_refuses_is_refused(s3, bucket):
    def put(*rules):
        return refusal(
            s3.put_bucket_notification_configuration,
            Bucket=bucket,
            NotificationConfiguration={"QueueConfigurations": list(rules)},
        )

    rule = {"QueueArn": QUEUE + "jobs", "Events": ["s3:ObjectCreated:*"]}
    assert put(rule | {"Events": ["s3:ObjectCreated:Foo"]}) == ("InvalidArgument", 400)
    assert put(rule, rule | {"Events": ["s3:ObjectCreated:Put"]}) == ("InvalidArgument", 400)
    assert put(rule | {"QueueArn": QUEUE + "jobs.fifo"}) == ("InvalidArgument", 400)


def test_webhooks_want_a_secret(tmp_path):
    result = pail.pail("serve", "--port", "0", "--data", tmp_path / "data", "--webhook", "a=http://127.0.0.1:1/")
    assert result.returncode != 0 and "PAIL_WEBHOOK_SECRET" in result.stderr
    assert json.dumps(SECRET) not in result.stderr
