"""`pail check`, `pail backup` and `pail status`, with the daemon running and stopped."""

import json
import random
import threading

from botocore.exceptions import ClientError

from clients import body_of, client_for, refusal
from pail import pail

BUCKET = "cared-for"
LARGE = random.Random(1).randbytes(300_000)


def started(new_daemon, *flags):
    daemon = new_daemon("--bucket", BUCKET, *flags).start()
    return daemon, client_for(daemon.http)


def check(data, *flags):
    """The exit code and the report of a check; where nobody looks at a terminal, nothing is drawn on one."""
    done = pail("check", "--data", data, "--json", *flags)
    assert done.stderr == "", done.stderr
    return done.returncode, json.loads(done.stdout)


def the_blob(data):
    (blob,) = (data / "blobs").iterdir()
    return blob


def test_a_store_in_which_all_is_well_is_checked_running_and_stopped(new_daemon):
    daemon, s3 = started(new_daemon)
    s3.put_object(Bucket=BUCKET, Key="large", Body=LARGE)
    s3.put_object(Bucket=BUCKET, Key="small", Body=b"small")
    s3.put_object(Bucket=BUCKET, Key="secret", Body=LARGE, ServerSideEncryption="AES256")
    running = check(daemon.data)
    assert daemon.stop() == 0
    assert running == check(daemon.data)
    code, report = running
    assert (code, report["findings"], report["blobs"], report["bytes"]) == (0, [], 3, 600_005)


def test_a_changed_byte_is_found_set_aside_and_never_served(new_daemon):
    daemon, s3 = started(new_daemon, "--scrub-bytes-per-second", "off")
    s3.put_object(Bucket=BUCKET, Key="large", Body=LARGE)
    blob = the_blob(daemon.data)
    bytes_ = bytearray(blob.read_bytes())
    bytes_[1234] ^= 1
    blob.write_bytes(bytes_)
    code, report = check(daemon.data)
    assert (code, [f["kind"] for f in report["findings"]]) == (1, ["damaged"])
    assert report["findings"][0]["objects"] == [f"{BUCKET}/large"]
    assert blob.exists()
    assert check(daemon.data, "--repair")[0] == 1
    assert (daemon.data / "quarantine" / blob.name).read_bytes() == bytes_
    assert refusal(s3.get_object, Bucket=BUCKET, Key="large") == ("InternalError", 500)
    assert refusal(s3.copy_object, Bucket=BUCKET, Key="copy", CopySource=f"{BUCKET}/large") == ("InternalError", 500)
    s3.put_object(Bucket=BUCKET, Key="large", Body=b"new")
    assert check(daemon.data) == (0, {"blobs": 1, "bytes": 3, "locked": 0, "findingCount": 0, "findings": []})
    assert daemon.stop() == 0


def test_a_copy_of_a_running_store_is_whole_amid_writers(new_daemon, tmp_path):
    daemon, s3 = started(new_daemon)
    over, rounds = threading.Event(), {}

    def write(name):
        for number in range(100_000):
            if over.is_set():
                return
            s3.put_object(Bucket=BUCKET, Key=name, Body=f"{name} {number} ".encode() * 3000)
            rounds[name] = number

    writers = [threading.Thread(target=write, args=(f"writer-{n}",)) for n in range(4)]
    for writer in writers:
        writer.start()
    while len(rounds) < 4:
        s3.list_buckets()
    before = dict(rounds)
    done = pail("backup", tmp_path / "copy", "--data", daemon.data)
    over.set()
    for writer in writers:
        writer.join()
    assert (done.returncode, done.stderr) == (0, "")
    assert pail("backup", tmp_path / "copy", "--data", daemon.data).returncode == 1, "it is not empty any more"
    assert daemon.stop() == 0

    assert check(tmp_path / "copy")[0] == 0
    copy = new_daemon(data=tmp_path / "copy").start()
    s3 = client_for(copy.http)
    for name, number in before.items():
        words = body_of(s3.get_object(Bucket=BUCKET, Key=name)).decode().split(" ")
        assert words[0] == name and int(words[1]) >= number
        assert " ".join(words) == f"{name} {words[1]} " * 3000
    assert copy.stop() == 0


def test_a_lost_index_is_no_empty_store_and_is_made_anew(new_daemon):
    daemon, s3 = started(new_daemon)
    s3.put_object(Bucket=BUCKET, Key="large", Body=LARGE, ContentType="image/png", Metadata={"a": "b"})
    s3.put_object(Bucket=BUCKET, Key="small", Body=b"small")
    assert pail("check", "--rebuild-index", "--data", daemon.data).returncode == 1, "the daemon runs"
    assert daemon.stop() == 0
    (daemon.data / "index.db").unlink()

    refused = pail("serve", "--port", "0", "--data", daemon.data)
    assert refused.returncode == 1 and "pail check --rebuild-index" in refused.stderr
    code, report = check(daemon.data, "--rebuild-index")
    assert (code, report["findings"], report["rebuilt"]["rebuiltVersions"]) == (1, [], 1)
    assert any("8 KiB" in lost for lost in report["rebuilt"]["lost"])

    s3 = client_for(daemon.start().http)
    got = s3.get_object(Bucket=BUCKET, Key="large")
    assert (got["ContentType"], got["Metadata"], body_of(got)) == ("image/png", {"a": "b"}, LARGE)
    assert refusal(s3.get_object, Bucket=BUCKET, Key="small") == ("NoSuchKey", 404)
    assert s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"]["BlockPublicAcls"]
    assert check(daemon.data)[0] == 0
    assert daemon.stop() == 0


def test_a_damaged_index_keeps_what_can_be_read(new_daemon):
    daemon, s3 = started(new_daemon)
    bodies = {f"small {n}": f"body {n}".encode() * 100 for n in range(200)} | {"large": LARGE}
    for key, body in bodies.items():
        s3.put_object(Bucket=BUCKET, Key=key, Body=body)
    assert daemon.stop() == 0
    index = daemon.data / "index.db"
    pages = bytearray(index.read_bytes())
    middle = len(pages) // 4096 // 2 * 4096
    pages[middle : middle + 4096] = b"\xaa" * 4096
    index.write_bytes(pages)
    assert pail("check", "--data", daemon.data).returncode == 1

    code, report = check(daemon.data, "--rebuild-index")
    assert code == 1 and report["findings"] == []
    assert (daemon.data / report["rebuilt"]["oldIndex"]).stat().st_size == len(pages)
    s3 = client_for(daemon.start().http)
    found = 0
    for key, body in bodies.items():
        try:
            assert body_of(s3.get_object(Bucket=BUCKET, Key=key)) == body
            found += 1
        except ClientError as refused:
            assert refused.response["Error"]["Code"] == "NoSuchKey"
    assert found > 150 and body_of(s3.get_object(Bucket=BUCKET, Key="large")) == LARGE
    assert daemon.stop() == 0


def test_status_says_where_the_daemon_is_and_what_scrubbing_found(new_daemon):
    daemon, _ = started(new_daemon)
    status = json.loads(pail("status", "--json", "--data", daemon.data).stdout)
    assert status["endpoints"][0]["port"] == daemon.http.port
    assert status["scrub"] == {"passes": 0, "verified": 0, "bytes": 0, "bad": 0, "locked": 0}
    assert "Writable  yes" in pail("status", "--data", daemon.data).stdout
    assert daemon.stop() == 0
    gone = pail("status", "--data", daemon.data)
    assert gone.returncode == 1 and gone.stderr
