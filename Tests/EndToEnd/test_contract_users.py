"""`pail user`: the tutorial's IAM step, on a command line, with the daemon running or stopped."""

import json
import re

import pytest

import pail
from clients import body_of, client_for, refusal
from pail import Key

DENIED = ("AccessDenied", 403)


def create(daemon, name, *flags) -> tuple[Key, str]:
    done = pail.pail("user", "create", name, "--data", daemon.data, *flags)
    assert done.returncode == 0, done.stderr
    return key_in(done.stdout), done.stdout


def key_in(text: str) -> Key:
    access = re.search(r"access key id[:=]?\s+(\S+)", text, re.IGNORECASE)
    secret = re.search(r"secret access key[:=]?\s+(\S+)", text, re.IGNORECASE)
    assert access and secret, text
    return Key(access[1], secret[1])


def listed(daemon) -> str:
    done = pail.pail("user", "list", "--data", daemon.data)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def running(new_daemon):
    """A daemon with one bucket and one object of the root account."""
    daemon = new_daemon("--bucket", "shared").start()
    client_for(daemon.http).put_object(Bucket="shared", Key="object", Body=b"for readers")
    return daemon


def test_a_new_users_key_works_at_once(running):
    key, said = create(running, "django", "--policy", "AmazonS3FullAccess")
    assert re.search(r"\b[0-9a-f]{64}\b", said), "the account's canonical ID"
    s3 = client_for(running.http, key)
    s3.put_object(Bucket="shared", Key="new", Body=b"by django")
    assert body_of(s3.get_object(Bucket="shared", Key="new")) == b"by django"
    s3.create_bucket(Bucket="djangos-own")
    assert "django" in listed(running)


def test_a_user_made_while_the_daemon_is_stopped_works_once_it_runs(running):
    assert running.stop() == 0
    key, _ = create(running, "early")
    assert "early" in listed(running)
    running.start()
    assert body_of(client_for(running.http, key).get_object(Bucket="shared", Key="object")) == b"for readers"


def test_a_reader_may_read_and_is_denied_every_write(running):
    key, _ = create(running, "reader", "--policy", "AmazonS3ReadOnlyAccess")
    s3 = client_for(running.http, key)
    assert body_of(s3.get_object(Bucket="shared", Key="object")) == b"for readers"
    assert [o["Key"] for o in s3.list_objects_v2(Bucket="shared")["Contents"]] == ["object"]
    assert "shared" in [b["Name"] for b in s3.list_buckets()["Buckets"]]
    assert refusal(s3.put_object, Bucket="shared", Key="object", Body=b"mine now") == DENIED
    assert refusal(s3.delete_object, Bucket="shared", Key="object") == DENIED
    assert refusal(s3.create_bucket, Bucket="readers-own") == DENIED
    assert refusal(s3.delete_bucket, Bucket="shared") == DENIED
    assert refusal(s3.create_multipart_upload, Bucket="shared", Key="x") == DENIED
    assert refusal(s3.copy_object, Bucket="shared", Key="x", CopySource="shared/object") == DENIED
    gone = s3.delete_objects(Bucket="shared", Delete={"Objects": [{"Key": "object"}]})
    assert [e["Code"] for e in gone["Errors"]] == ["AccessDenied"]
    assert body_of(s3.get_object(Bucket="shared", Key="object")) == b"for readers"


def test_a_policy_of_ones_own_is_obeyed(running, tmp_path):
    statements = [
        {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::shared/inbox/*"},
        {"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::shared/inbox/locked*"},
    ]
    file = tmp_path / "policy.json"
    file.write_text(json.dumps({"Version": "2012-10-17", "Statement": statements}))
    key, _ = create(running, "dropper", "--policy", file)
    s3 = client_for(running.http, key)
    s3.put_object(Bucket="shared", Key="inbox/a", Body=b"a")
    assert body_of(s3.get_object(Bucket="shared", Key="inbox/a")) == b"a"
    assert refusal(s3.put_object, Bucket="shared", Key="inbox/locked-1", Body=b"x") == DENIED
    assert refusal(s3.put_object, Bucket="shared", Key="outbox/a", Body=b"x") == DENIED
    assert refusal(s3.get_object, Bucket="shared", Key="object") == DENIED
    assert refusal(s3.list_objects_v2, Bucket="shared") == DENIED


def test_a_source_that_may_not_be_read_may_not_be_copied(running, tmp_path):
    statement = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}
    file = tmp_path / "policy.json"
    file.write_text(json.dumps({"Version": "2012-10-17", "Statement": statement}))
    key, _ = create(running, "writer", "--policy", file)
    s3 = client_for(running.http, key)
    s3.put_object(Bucket="shared", Key="written", Body=b"x")
    assert refusal(s3.copy_object, Bucket="shared", Key="stolen", CopySource="shared/object") == DENIED
    upload = s3.create_multipart_upload(Bucket="shared", Key="stolen")["UploadId"]
    asked = {"Bucket": "shared", "Key": "stolen", "UploadId": upload, "PartNumber": 1}
    assert refusal(s3.upload_part_copy, CopySource="shared/object", **asked) == DENIED


def test_a_policy_that_is_not_understood_is_refused_not_half_applied(running, tmp_path):
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"BoolIs": {"aws:SecureTransport": "true"}}}
    file = tmp_path / "policy.json"
    file.write_text(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    done = pail.pail("user", "create", "half", "--data", running.data, "--policy", file)
    assert done.returncode > 0 and "BoolIs" in done.stderr
    assert "half" not in listed(running)


def test_a_key_may_be_chosen(running):
    chosen = Key("mainaccesskey0000001", "mainsecretkey00000000000000000000000001")
    made, _ = create(running, "main", "--access-key", chosen.access, "--secret-key", chosen.secret)
    assert made == chosen
    client_for(running.http, chosen).list_buckets()


def test_a_deleted_users_key_opens_nothing_any_more(running):
    key, _ = create(running, "leaver")
    s3 = client_for(running.http, key)
    s3.list_buckets()
    done = pail.pail("user", "delete", "leaver", "--data", running.data)
    assert done.returncode == 0, done.stderr
    assert refusal(s3.list_buckets) == ("InvalidAccessKeyId", 403)
    assert "leaver" not in listed(running)
    assert pail.pail("user", "delete", "leaver", "--data", running.data).returncode > 0


def test_a_name_is_given_once(running):
    key, _ = create(running, "only")
    again = pail.pail("user", "create", "only", "--data", running.data)
    assert again.returncode > 0 and "only" in again.stderr
    client_for(running.http, key).list_buckets()


def test_another_account_owns_buckets_of_its_own(running):
    key, said = create(running, "stranger", "--account", "elsewhere")
    s3 = client_for(running.http, key)
    assert s3.list_buckets()["Buckets"] == []
    assert s3.list_buckets()["Owner"]["ID"] in said
    assert refusal(s3.get_object, Bucket="shared", Key="object") == DENIED
    assert refusal(s3.put_object, Bucket="shared", Key="x", Body=b"x") == DENIED
    assert refusal(s3.create_bucket, Bucket="shared") == ("BucketAlreadyExists", 409)
    assert refusal(s3.head_bucket, Bucket="shared") == ("403", 403)
    s3.create_bucket(Bucket="strangers-own")
    assert refusal(client_for(running.http).head_bucket, Bucket="strangers-own") == ("403", 403)


def test_a_secret_is_shown_once_and_never_listed(running):
    key, _ = create(running, "quiet")
    assert key.access in listed(running)
    assert key.secret not in listed(running)
