"""The clock of a daemon: stopped, moved and sped up, with everything that follows it, and no test that sleeps."""

import datetime
import json
import urllib.error
import urllib.request

import pytest

import pail
from clients import client_for, fresh_name, refusal, status_of
from instruments import Instruments


@pytest.fixture
def running(new_daemon):
    return new_daemon().start()


@pytest.fixture
def play(running):
    return Instruments(running.http)


@pytest.fixture
def s3(running):
    return client_for(running.http)


@pytest.fixture
def bucket(s3):
    name = fresh_name()
    s3.create_bucket(Bucket=name)
    return name


def status(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=pail.PATIENCE) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def keys(s3, bucket) -> list[str]:
    return [found["Key"] for found in s3.list_objects_v2(Bucket=bucket).get("Contents", [])]


@pytest.mark.parametrize("version", ["s3v4", "s3"])
def test_a_presigned_url_expires_by_moving_the_clock(running, s3, bucket, play, version):
    s3.put_object(Bucket=bucket, Key="cat.jpg", Body=b"meow")
    signer = client_for(running.http, signature_version=version)
    url = signer.generate_presigned_url("get_object", {"Bucket": bucket, "Key": "cat.jpg"}, ExpiresIn=3600)
    assert status(url) == (200, "meow")
    play.clock("move", minutes=59)
    assert status(url) == (200, "meow")
    play.clock("move", minutes=2)
    code, document = status(url)
    assert code == 403 and "Request has expired" in document
    play.clock("real")
    assert status(url) == (200, "meow")


def test_a_year_of_lifecycle_passes_in_one_test(s3, bucket, play):
    start = play.clock("freeze", at="2026-01-01T12:00:00Z")
    assert start["mode"] == "frozen"
    rules = [
        {
            "ID": "logs",
            "Filter": {"Prefix": "logs/"},
            "Status": "Enabled",
            "Expiration": {"Days": 90},
        },
        {
            "ID": "photos",
            "Filter": {"Prefix": "photos/"},
            "Status": "Enabled",
            "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}, {"Days": 180, "StorageClass": "GLACIER"}],
            "Expiration": {"Days": 365},
        },
        {
            "ID": "uploads",
            "Filter": {"Prefix": ""},
            "Status": "Enabled",
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
        },
    ]
    s3.put_bucket_lifecycle_configuration(
        Bucket=bucket,
        LifecycleConfiguration={"Rules": rules},
        TransitionDefaultMinimumObjectSize="varies_by_storage_class",
    )
    s3.put_object(Bucket=bucket, Key="photos/cat.jpg", Body=b"x" * 200_000)
    s3.create_multipart_upload(Bucket=bucket, Key="never")
    seen = []
    for month in range(12):
        s3.put_object(Bucket=bucket, Key=f"logs/{month:02}", Body=b"x")
        play.clock("move", days=30)
        uploads = len(s3.list_multipart_uploads(Bucket=bucket).get("Uploads", []))
        storage = s3.head_object(Bucket=bucket, Key="photos/cat.jpg").get("StorageClass", "STANDARD")
        logs = [key for key in keys(s3, bucket) if key.startswith("logs/")]
        seen.append((uploads, storage, len(logs)))
    # Days end at midnight, so what was put at noon is due a little later than its days say.
    classes = [storage for _, storage, _ in seen]
    assert [uploads for uploads, _, _ in seen] == [0] * 12
    assert classes == ["STANDARD"] + ["STANDARD_IA"] * 5 + ["GLACIER"] * 6
    assert [count for _, _, count in seen] == [1, 2, 3] + [3] * 9
    play.clock("move", days=5)
    assert keys(s3, bucket) == ["logs/10", "logs/11", "photos/cat.jpg"]
    play.clock("move", days=1)
    assert keys(s3, bucket) == ["logs/10", "logs/11"]


def test_dates_follow_the_clock_and_clients_with_the_real_time_are_believed(s3, bucket, play):
    play.clock("freeze", at="2031-05-06T07:08:09Z")
    put = s3.put_object(Bucket=bucket, Key="cat.jpg", Body=b"meow")
    assert put["ResponseMetadata"]["HTTPHeaders"]["date"] == "Tue, 06 May 2031 07:08:09 GMT"
    head = s3.head_object(Bucket=bucket, Key="cat.jpg")
    assert head["LastModified"] == datetime.datetime(2031, 5, 6, 7, 8, 9, tzinfo=datetime.timezone.utc)
    made = fresh_name()
    s3.create_bucket(Bucket=made)
    assert next(b for b in s3.list_buckets()["Buckets"] if b["Name"] == made)["CreationDate"].year == 2031


def test_retention_ends_when_the_clock_says_so(s3, play):
    bucket = fresh_name()
    s3.create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=True)
    until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=400)
    lock = {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": until}
    version = s3.put_object(Bucket=bucket, Key="deed.pdf", Body=b"x", **lock)["VersionId"]
    named = {"Bucket": bucket, "Key": "deed.pdf", "VersionId": version}
    assert refusal(s3.delete_object, **named) == ("AccessDenied", 403)
    play.clock("move", days=399)
    assert refusal(s3.delete_object, **named) == ("AccessDenied", 403)
    play.clock("move", days=2)
    assert status_of(s3.delete_object(**named)) == 204


def test_a_session_ends_when_the_clock_says_so(running, play):
    sts = client_for(running.http, service="sts")
    made = sts.get_session_token(DurationSeconds=3600)["Credentials"]
    key = pail.Key(made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])
    temporary = client_for(running.http, key)
    assert status_of(temporary.list_buckets()) == 200
    play.clock("move", minutes=61)
    assert refusal(temporary.list_buckets)[0] in ("ExpiredToken", "InvalidAccessKeyId")


def test_the_clock_runs_faster(play):
    play.clock("freeze", at="2026-01-01T00:00:00Z")
    play.clock("speed", factor=100_000)
    first = play.clock()["now"]
    second = play.clock()["now"]
    assert "2026-01-01T00:00:00" < first < second
    assert play.clock("freeze")["mode"] == "frozen"
    assert play.clock()["now"] == play.clock()["now"]


def test_the_command_line_sets_the_clock(running):
    def run(*arguments: str) -> dict:
        done = pail.pail("clock", *arguments, "--data", running.data, key=pail.ROOT_KEY)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    assert run("show")["mode"] == "real"
    assert run("freeze", "2026-01-31T12:00:00Z")["now"] == "2026-01-31T12:00:00.000Z"
    assert run("move", "--days", "1", "--hours=-1")["now"] == "2026-02-01T11:00:00.000Z"
    assert run("speed", "60")["factor"] == 60
    assert run("real")["offsetMilliseconds"] == 0
    wrong = pail.pail("clock", "freeze", "noon", "--data", running.data, key=pail.ROOT_KEY)
    assert wrong.returncode != 0 and "at must be a moment" in wrong.stderr


def test_a_daemon_with_a_key_of_its_own_is_set_by_its_folder(new_daemon):
    own = new_daemon(key=None).start()
    done = pail.pail("clock", "move", "--days=1", "--data", own.data)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["offsetMilliseconds"] == 86_400_000
