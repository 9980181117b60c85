"""A disk that fails the daemon's system calls, by strace: nothing that was acknowledged is lost, and nothing is left half."""

import errno
import itertools
import os
import re
import shutil
import subprocess

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from clients import body_of, client_for
from pail import PATIENCE, pail
from reliability.sabotage import early_acknowledgement, library
from test_durability import staged

BUCKET = "broken"
FIRST = {"small": b"s", "large": b"l" * 60_000, "parts": b"p", "copy": b"c"}
ROUNDS = int(os.environ.get("PAIL_E2E_FAULTS", "8"))
pytestmark = [
    pytest.mark.extended,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(not shutil.which("strace"), reason="needs Debian's package strace"),
]
# Each thread counts its own calls. A `+` is for all calls from there on: a disk that is full once is tried again. The index is written by pwrite64, bodies by write: see `BadWrite`.
CALLS = [
    "fsync,fdatasync:error=EIO",
    "fdatasync:error=ENOSPC",
    "pwrite64:error=EIO",
    "pwrite64:error=ENOSPC+",
    "pwrite64:error=EDQUOT+",
    "renameat2:error=EIO",
    "openat:error=EMFILE",
]
WRITES = [(errno.EIO, 0), (errno.ENOSPC, 0), (errno.EDQUOT, 0), (errno.ENOSPC, 1)]


class Strace:
    """Lets one call of each of the daemon's threads fail, from now on and for as long as this lives."""

    def __init__(self, daemon, injection, when, folder):
        self.log = folder / "strace.log"
        trace = injection.split(":")[0]
        command = ["strace", "-f", "-o", str(self.log), "-e", f"trace={trace}", "-e", f"inject={injection}:when={when}"]
        self.process = subprocess.Popen([*command, "-p", str(daemon.process.pid)], stderr=subprocess.PIPE, text=True)
        line = self.process.stderr.readline()
        assert "attached" in line, line

    def end(self) -> int:
        """Lets go, and answers how many calls failed."""
        self.process.terminate()
        self.process.communicate(timeout=PATIENCE)
        return len(re.findall("INJECTED", self.log.read_text()))


class Changes:
    """Changes of every kind, one at a time, and what each key may hold after them."""

    def __init__(self, s3):
        self.s3, self.kept = s3, {key: {body} for key, body in FIRST.items()} | {"gone": {None}}
        self.acknowledged = self.refused = 0
        for key, body in FIRST.items():
            s3.put_object(Bucket=BUCKET, Key=key, Body=body)

    def make(self, number):
        for key, body, change in itertools.islice(self.all(number), 24):
            try:
                change()
                self.kept[key] = {body}
                self.acknowledged += 1
            except (ClientError, BotoCoreError) as error:
                status = getattr(error, "response", {}).get("ResponseMetadata", {}).get("HTTPStatusCode")
                assert status in (None, 500, 503), error
                self.kept[key].add(body)
                self.refused += 1

    def all(self, number):
        for turn in itertools.count():
            body = f"{number} {turn} ".encode()
            for key, size in (("small", 1), ("large", 20_000)):
                yield key, body * size, lambda key=key, body=body * size: self.s3.put_object(Bucket=BUCKET, Key=key, Body=body)
            yield "parts", b"p" * 200 + body, lambda body=body: self.in_parts(b"p" * 200 + body)
            if len(self.kept["large"]) == 1:
                source = f"{BUCKET}/large"
                yield "copy", max(self.kept["large"]), lambda: self.s3.copy_object(Bucket=BUCKET, Key="copy", CopySource=source)
            yield "gone", b"", lambda: self.s3.put_object(Bucket=BUCKET, Key="gone", Body=b"")
            yield "gone", None, lambda: self.s3.delete_object(Bucket=BUCKET, Key="gone")

    def in_parts(self, body):
        upload = {"Bucket": BUCKET, "Key": "parts"}
        upload |= {"UploadId": self.s3.create_multipart_upload(**upload)["UploadId"]}
        part = self.s3.upload_part(PartNumber=1, Body=body, **upload)
        self.s3.complete_multipart_upload(MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}, **upload)

    def wrong(self, s3):
        """The keys that hold neither what they held nor what they were to hold; what is there now stays, for it was seen."""
        self.s3 = s3
        values = {key: found(s3, key) for key in self.kept}
        wrong = [key for key, value in values.items() if value not in self.kept[key]]
        self.kept = {key: {value} for key, value in values.items()}
        return wrong


def found(s3, key):
    try:
        return body_of(s3.get_object(Bucket=BUCKET, Key=key))
    except ClientError as refused:
        assert refused.response["Error"]["Code"] == "NoSuchKey", refused
        return None


def hold_to_promises(daemon, changes, when):
    """After `kill -9` and a start: what clients see, and what lies in the folder."""
    daemon.kill()
    wrong = changes.wrong(client_for(daemon.start().http))
    assert wrong == [], f"{when}: {wrong} are neither what they were nor what they were to be"
    assert staged(daemon) == []
    # The sweep after a start may still be at it.
    reports = (pail("check", "--data", daemon.data) for _ in range(20))
    assert any(report.returncode == 0 for report in reports), pail("check", "--data", daemon.data).stdout


def tell(what, changes, failed):
    print(f"\n{what}: {changes.acknowledged} acknowledged, {changes.refused} refused, {failed} calls failed, 0 lost, 0 left behind")
    assert failed > 0 and changes.refused > 0, "nothing failed: the test tests nothing"


@pytest.mark.parametrize("injection", CALLS)
def test_a_call_that_fails_loses_nothing_acknowledged(new_daemon, tmp_path, injection):
    daemon = new_daemon("--bucket", BUCKET).start()
    changes, failed = Changes(client_for(daemon.http)), 0
    for number in range(1, ROUNDS + 1):
        call, forever, _ = injection.partition("+")
        strace = Strace(daemon, call, f"{number}{forever}", tmp_path)
        changes.make(number)
        failed += strace.end()
        assert daemon.running, daemon.tail()
        # A full disk, or a quota, is no reason to write nothing when there is room again.
        assert not forever or "Writable  yes" in pail("status", "--data", daemon.data).stdout
        hold_to_promises(daemon, changes, f"{injection}:when={number}")
    tell(injection, changes, failed)
    assert daemon.stop() == 0


@pytest.mark.parametrize("reason, half", WRITES)
def test_a_write_of_a_body_that_fails_loses_nothing_acknowledged(new_daemon, tmp_path, reason, half):
    preload, log = library("bad_write", tmp_path), tmp_path / "failed"
    daemon = new_daemon("--bucket", BUCKET).start()
    changes = Changes(client_for(daemon.http))
    for number in range(1, ROUNDS + 1):
        assert daemon.stop() == 0
        bad = {"LD_PRELOAD": str(preload), "PAIL_BAD_WRITE": f"{number} {reason} {half} {log}"}
        broken = new_daemon(data=daemon.data, **bad).start()
        changes.s3 = client_for(broken.http)
        changes.make(number)
        assert broken.running, broken.tail()
        broken.kill()
        daemon.start()
        hold_to_promises(daemon, changes, f"write {number}")
    failed = len(log.read_text().splitlines()) if log.exists() else 0
    tell(f"write:error={errno.errorcode[reason]}{' after half of the bytes' * half}", changes, failed)
    assert daemon.stop() == 0


def test_a_daemon_that_answers_before_it_has_written_is_found_out(new_daemon, tmp_path):
    daemon = new_daemon("--bucket", BUCKET).start()
    changes = Changes(client_for(daemon.http))
    with early_acknowledgement(daemon.http) as front:
        strace = Strace(daemon, "pwrite64:error=EIO", "1+", tmp_path)
        client_for(front).put_object(Bucket=BUCKET, Key="small", Body=b"acknowledged")
        changes.kept["small"] = {b"acknowledged"}
        daemon.kill()
        strace.end()
    assert changes.wrong(client_for(daemon.start().http)) == ["small"]
    assert daemon.stop() == 0


def test_a_daemon_that_never_syncs_has_no_sync_that_fails(new_daemon, tmp_path):
    daemon = new_daemon("--bucket", BUCKET, LD_PRELOAD=str(library("no_sync", tmp_path))).start()
    changes = Changes(client_for(daemon.http))
    strace = Strace(daemon, "fsync,fdatasync:error=EIO", 1, tmp_path)
    changes.make(1)
    failed = strace.end()
    with pytest.raises(AssertionError, match="nothing failed"):
        tell("no syncs", changes, failed)
    assert daemon.stop() == 0


def test_a_daemon_whose_sync_failed_only_reads_until_it_has_verified_itself(new_daemon, tmp_path):
    daemon = new_daemon("--bucket", BUCKET).start()
    s3 = client_for(daemon.http)
    s3.put_object(Bucket=BUCKET, Key="old", Body=b"o" * 20_000)
    strace = Strace(daemon, "fdatasync:error=EIO", "1+", tmp_path)
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
