"""What was acknowledged is there: after a stop, and after `kill -9` in the middle of uploads."""

import hashlib
import http.client
import itertools
import os
import random
import threading
from dataclasses import dataclass, field

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from clients import body_of, client_for, refusal
from pail import ROOT_KEY
from wire import UNSIGNED, Signer, send

ROUNDS = int(os.environ.get("PAIL_E2E_CRASH_ROUNDS", "3"))
WRITERS = 6
SIZES = [0, 900, 7_000, 60_000, 300_000, 6_000_000]
BUCKET = "durable"


@dataclass
class Ledger:
    """What the writers tried and what Pail acknowledged. A key has one writer, so that its history is in order."""

    tried: dict[str, list[str | None]] = field(default_factory=dict)
    acknowledged: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    count: int = 0

    def begin(self, key: str, digest: str | None) -> int:
        """Notes that a key is about to become this digest, or nothing at all."""
        with self.lock:
            self.tried.setdefault(key, []).append(digest)
            return len(self.tried[key]) - 1

    def end(self, key: str, attempt: int) -> int:
        with self.lock:
            self.acknowledged[key] = attempt
            self.count += 1
            return self.count

    def permitted(self, key: str) -> set[str | None]:
        """The last acknowledged state, or one that was tried after it."""
        last = self.acknowledged.get(key)
        return {None, *self.tried[key]} if last is None else set(self.tried[key][last:])


def write(s3, ledger, name, enough, limit):
    """One writer: puts, overwrites, copies, deletes and multipart uploads of its own keys, until the daemon is gone."""
    dice = random.Random(name)
    for number in itertools.count():
        key = f"{name}/{dice.randrange(1 + number // 3)}"
        body = dice.randbytes(dice.choice(SIZES))
        removal = dice.random() < 0.15
        attempt = ledger.begin(key, None if removal else hashlib.sha256(body).hexdigest())
        try:
            if removal:
                s3.delete_object(Bucket=BUCKET, Key=key)
            elif len(body) > 5_500_000:
                upload_in_parts(s3, key, body)
            else:
                s3.put_object(Bucket=BUCKET, Key=key, Body=body)
        except (BotoCoreError, ClientError):
            enough.set()
            return
        if ledger.end(key, attempt) >= limit:
            enough.set()


def upload_in_parts(s3, key, body):
    upload = {"Bucket": BUCKET, "Key": key, "UploadId": s3.create_multipart_upload(Bucket=BUCKET, Key=key)["UploadId"]}
    cut = 5 * 1024 * 1024
    tags = [s3.upload_part(PartNumber=n, Body=part, **upload)["ETag"] for n, part in enumerate((body[:cut], body[cut:]), 1)]
    parts = [{"PartNumber": n, "ETag": tag} for n, tag in enumerate(tags, 1)]
    s3.complete_multipart_upload(MultipartUpload={"Parts": parts}, **upload)


def digest_of(s3, key) -> str | None:
    try:
        return hashlib.sha256(body_of(s3.get_object(Bucket=BUCKET, Key=key))).hexdigest()
    except ClientError as refused:
        assert refused.response["Error"]["Code"] == "NoSuchKey", refused
        return None


def listing(s3) -> dict[str, int]:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
    return {entry["Key"]: entry["Size"] for page in pages for entry in page.get("Contents", [])}


@pytest.mark.timeout(120 * ROUNDS)
@pytest.mark.parametrize("durability", ["full", "relaxed"])
def test_kill_9_amid_uploads_loses_nothing_acknowledged_and_leaves_nothing_half(new_daemon, durability):
    daemon, ledger = new_daemon("--durability", durability, "--bucket", BUCKET), Ledger()
    dice = random.Random(9)
    for number in range(ROUNDS):
        daemon.start()
        s3, enough = client_for(daemon.http, max_pool_connections=WRITERS), threading.Event()
        limit = ledger.count + dice.randrange(40, 160)
        names = [f"round-{number}-writer-{n}" for n in range(WRITERS)]
        writers = [threading.Thread(target=write, args=(s3, ledger, name, enough, limit)) for name in names]
        for writer in writers:
            writer.start()
        assert enough.wait(timeout=90), "the writers came to a stop"
        daemon.kill()
        for writer in writers:
            writer.join(timeout=60)
        assert ledger.count >= limit, "the daemon refused a write before it was killed"
        assert_kept(daemon.start(), ledger)
        daemon.kill()


def assert_kept(daemon, ledger):
    s3 = client_for(daemon.http)
    found = {key: digest_of(s3, key) for key in ledger.tried}
    wrong = [key for key, digest in found.items() if digest not in ledger.permitted(key)]
    assert not wrong, f"lost, torn or risen again: {wrong}"
    listed = listing(s3)
    assert set(listed) == {key for key, digest in found.items() if digest is not None}
    assert staged(daemon) == [], "left over from uploads that were cut off"


def staged(daemon) -> list[str]:
    """What lies in the staging folder once the sweep after a start is over; each look costs a request, not a sleep."""
    folder = daemon.data / "staging"
    assert folder.is_dir()
    for _ in range(3000):
        left = [path.name for path in folder.iterdir()]
        if not left:
            return []
        send(daemon.http, "GET", "/_pail/health", {"Host": daemon.http.host})
    return left


def test_everything_is_still_there_after_stop_and_start(new_daemon):
    daemon = new_daemon("--bucket", BUCKET).start()
    s3 = client_for(daemon.http)
    bodies = {f"key {size}": random.Random(size).randbytes(size) for size in SIZES}
    for key, body in bodies.items():
        s3.put_object(Bucket=BUCKET, Key=key, Body=body, Metadata={"size": str(len(body))}, ContentType="image/png")
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key="half done", Metadata={"a": "b"})["UploadId"]
    asked = {"Bucket": BUCKET, "Key": "half done", "UploadId": upload}
    part = s3.upload_part(PartNumber=1, Body=b"p" * 5_300_000, **asked)
    heads = {key: s3.head_object(Bucket=BUCKET, Key=key) for key in bodies}
    assert daemon.stop() == 0

    s3 = client_for(daemon.start().http)
    for key, body in bodies.items():
        got = s3.get_object(Bucket=BUCKET, Key=key)
        assert body_of(got) == body
        for name in ("ETag", "LastModified", "Metadata", "ContentType", "ContentLength"):
            assert got[name] == heads[key][name], (key, name)
    assert [p["ETag"] for p in s3.list_parts(**asked)["Parts"]] == [part["ETag"]]
    s3.complete_multipart_upload(MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}, **asked)
    assert body_of(s3.get_object(Bucket=BUCKET, Key="half done")) == b"p" * 5_300_000
    assert daemon.stop() == 0


def test_a_deleted_object_stays_deleted_after_kill_9(new_daemon):
    daemon = new_daemon("--bucket", BUCKET).start()
    s3 = client_for(daemon.http)
    for size in SIZES:
        s3.put_object(Bucket=BUCKET, Key=str(size), Body=bytes(size))
        s3.delete_object(Bucket=BUCKET, Key=str(size))
    daemon.kill()
    s3 = client_for(daemon.start().http)
    assert listing(s3) == {}
    assert refusal(s3.get_object, Bucket=BUCKET, Key=str(SIZES[-1])) == ("NoSuchKey", 404)


def test_an_upload_that_is_cut_off_leaves_the_old_object_and_no_bytes(new_daemon):
    daemon = new_daemon("--bucket", BUCKET).start()
    s3 = client_for(daemon.http)
    s3.put_object(Bucket=BUCKET, Key="object", Body=b"old")

    class CutOff:
        """A body that breaks after its first megabytes, as a laptop's lid does."""

        left = 4

        def read(self, size=-1):
            self.left -= 1
            if self.left < 0:
                raise ConnectionError("the lid is shut")
            return b"x" * 1_000_000

        def __len__(self):
            return 10_000_000

    target = f"/{BUCKET}/object"
    headers = Signer(ROOT_KEY).headers("PUT", target, daemon.http.host, UNSIGNED) | {"content-length": "10000000"}
    connection = http.client.HTTPConnection("localhost", daemon.http.port, timeout=30)
    with pytest.raises(ConnectionError):
        connection.request("PUT", target, body=CutOff(), headers=headers)
    connection.close()
    assert body_of(s3.get_object(Bucket=BUCKET, Key="object")) == b"old"
    assert staged(daemon) == []
