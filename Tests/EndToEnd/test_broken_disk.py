"""A disk that fails the daemon's system calls, by strace: nothing that was acknowledged is lost, and nothing is left half."""

import itertools
import os
import re
import shutil
import subprocess

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from clients import body_of, client_for
from pail import PATIENCE, pail
from test_durability import staged

BUCKET = "broken"
pytestmark = [
    pytest.mark.extended,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(not shutil.which("strace"), reason="needs Debian's package strace"),
]
# Each thread counts its own calls.
FAULTS = [
    ("fsync,fdatasync", "fsync,fdatasync:error=EIO"),
    ("fdatasync", "fdatasync:error=ENOSPC"),
    ("pwrite64", "pwrite64:error=ENOSPC"),
    ("pwrite64", "pwrite64:error=EIO"),
    ("renameat2", "renameat2:error=EIO"),
    ("openat", "openat:error=EMFILE"),
]


class Strace:
    """Lets one call of each of the daemon's threads fail, from now on and for as long as this lives."""

    def __init__(self, daemon, trace, injection, number, folder):
        self.log = folder / "strace.log"
        command = ["strace", "-f", "-o", str(self.log), "-e", f"trace={trace}", "-e", f"inject={injection}:when={number}"]
        self.process = subprocess.Popen([*command, "-p", str(daemon.process.pid)], stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if "attached" in line:
                return
            raise RuntimeError(f"strace: {line}")

    def end(self) -> int:
        """Lets go, and answers how many calls failed."""
        self.process.terminate()
        self.process.communicate(timeout=PATIENCE)
        return len(re.findall("INJECTED", self.log.read_text()))


def changes(s3, kept, number):
    """Changes of every kind, one at a time; `kept` says what each key may hold."""
    for turn in itertools.count():
        body = f"{number} {turn} ".encode()
        for key, size in (("small", 1), ("large", 20_000)):
            yield key, body * size, lambda key=key, body=body * size: s3.put_object(Bucket=BUCKET, Key=key, Body=body)
        yield "parts", b"p" * 200 + body, lambda body=body: in_parts(s3, b"p" * 200 + body)
        source = f"{BUCKET}/large"
        yield "copy", max(kept["large"]), lambda: s3.copy_object(Bucket=BUCKET, Key="copy", CopySource=source)
        yield "gone", b"", lambda: s3.put_object(Bucket=BUCKET, Key="gone", Body=b"")
        yield "gone", None, lambda: s3.delete_object(Bucket=BUCKET, Key="gone")


def in_parts(s3, body):
    upload = {"Bucket": BUCKET, "Key": "parts", "UploadId": s3.create_multipart_upload(Bucket=BUCKET, Key="parts")["UploadId"]}
    part = s3.upload_part(PartNumber=1, Body=body, **upload)
    s3.complete_multipart_upload(MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}, **upload)


def found(s3, key):
    try:
        return body_of(s3.get_object(Bucket=BUCKET, Key=key))
    except ClientError as refused:
        assert refused.response["Error"]["Code"] == "NoSuchKey", refused
        return None


@pytest.mark.parametrize("trace, injection", FAULTS)
def test_a_call_that_fails_loses_nothing_acknowledged(new_daemon, tmp_path, trace, injection):
    daemon = new_daemon("--bucket", BUCKET).start()
    s3 = client_for(daemon.http)
    kept = {"small": {b"s"}, "large": {b"l" * 60_000}, "parts": {b"p"}, "copy": {b"c"}, "gone": {None}}
    for key, values in kept.items():
        for value in values - {None}:
            s3.put_object(Bucket=BUCKET, Key=key, Body=value)
    acknowledged = refused = failed = 0
    for number in range(1, int(os.environ.get("PAIL_E2E_FAULTS", "8")) + 1):
        strace = Strace(daemon, trace, injection, number, tmp_path)
        for key, body, change in itertools.islice(changes(s3, kept, number), 24):
            if key == "copy" and len(kept["large"]) > 1:
                continue
            try:
                change()
                kept[key] = {body}
                acknowledged += 1
            except (ClientError, BotoCoreError) as error:
                status = getattr(error, "response", {}).get("ResponseMetadata", {}).get("HTTPStatusCode")
                assert status in (None, 500, 503), error
                kept[key].add(body)
                refused += 1
        failed += strace.end()
        assert daemon.running, daemon.tail()
        daemon.kill()
        s3 = client_for(daemon.start().http)
        for key, permitted in kept.items():
            value = found(s3, key)
            assert value in permitted, f"{injection}:when={number}: {key} is neither what it was nor what it was to be"
            # What is there now stays: who looked has seen it.
            kept[key] = {value}
        assert staged(daemon) == []
        # The sweep after a start may still be at it.
        reports = (pail("check", "--data", daemon.data) for _ in range(20))
        assert any(report.returncode == 0 for report in reports), pail("check", "--data", daemon.data).stdout
    print(f"{injection}: {acknowledged} acknowledged, {refused} refused, {failed} calls failed, 0 lost")
    assert failed > 0 and refused > 0, "nothing failed: the test tests nothing"
    assert daemon.stop() == 0


def test_a_daemon_whose_sync_failed_only_reads_until_it_has_verified_itself(new_daemon, tmp_path):
    daemon = new_daemon("--bucket", BUCKET).start()
    s3 = client_for(daemon.http)
    s3.put_object(Bucket=BUCKET, Key="old", Body=b"o" * 20_000)
    strace = Strace(daemon, "fdatasync", "fdatasync:error=EIO", "1+", tmp_path)
    with pytest.raises(ClientError):
        s3.put_object(Bucket=BUCKET, Key="new", Body=b"n" * 20_000)
    with pytest.raises(ClientError) as refused:
        s3.put_object(Bucket=BUCKET, Key="small", Body=b"s")
    assert refused.value.response["Error"]["Code"] == "ServiceUnavailable"
    assert "Writable  no" in pail("status", "--data", daemon.data).stdout
    assert found(s3, "old") == b"o" * 20_000
    assert strace.end() > 0
    for _ in range(10_000):
        if "Writable  yes" in pail("status", "--data", daemon.data).stdout:
            break
    s3.put_object(Bucket=BUCKET, Key="new", Body=b"n" * 20_000)
    assert "verified itself" in daemon.tail()
    daemon.kill()
    assert found(client_for(daemon.start().http), "new") == b"n" * 20_000
    assert daemon.stop() == 0
