"""The AWS CLI, as the README's pasted lines use it, over http and https."""

import hashlib
import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

import pail
from clients import fresh_name
from pail import MEDIA, ROOT_KEY

MIB = 1024 * 1024
AWS = Path(sys.executable).with_name("aws")


@pytest.fixture
def aws(endpoint, tmp_path):
    """Runs `aws` against the endpoint by environment variables alone, and gives what it printed."""
    trust = {"AWS_CA_BUNDLE": endpoint.certificate} if endpoint.certificate else {}
    environment = pail.clean_environment(
        **ROOT_KEY.environment, **trust, AWS_ENDPOINT_URL_S3=endpoint.url, AWS_DEFAULT_REGION="us-east-1", AWS_MAX_ATTEMPTS="1"
    )

    def run(*arguments, refused=False) -> str:
        command = [AWS, *map(str, arguments)]
        done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=170, check=False)
        assert (done.returncode != 0) == refused, done.stderr
        return done.stderr if refused else done.stdout

    return run


@pytest.fixture(scope="session")
def large(tmp_path_factory) -> Path:
    """200 MiB of which no MiB is like another."""
    file = tmp_path_factory.mktemp("large") / "large.bin"
    with file.open("wb") as out:
        for number in range(200):
            out.write(random.Random(number).randbytes(MIB))
    return file


def sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def tree(folder: Path) -> dict[str, str]:
    return {str(f.relative_to(folder)): sha256(f) for f in folder.rglob("*") if f.is_file()}


def test_two_hundred_mebibytes_go_up_and_come_back_the_same(aws, large, tmp_path):
    bucket = fresh_name()
    assert f"make_bucket: {bucket}" in aws("s3", "mb", f"s3://{bucket}")
    aws("s3", "cp", large, f"s3://{bucket}/large.bin", "--no-progress")
    back = tmp_path / "back.bin"
    aws("s3", "cp", f"s3://{bucket}/large.bin", back, "--no-progress")
    assert sha256(back) == sha256(large)
    back.unlink()
    assert re.search(rf"{200 * MIB} large\.bin", aws("s3", "ls", f"s3://{bucket}/"))
    aws("s3", "rm", f"s3://{bucket}/large.bin")
    aws("s3", "rb", f"s3://{bucket}")
    assert bucket not in aws("s3", "ls")


def test_a_folder_is_synchronised_listed_presigned_and_removed(aws, endpoint, tmp_path):
    bucket = fresh_name()
    aws("s3", "mb", f"s3://{bucket}")
    assert aws("s3", "sync", MEDIA, f"s3://{bucket}/media").count("upload:") == len(tree(MEDIA))
    assert aws("s3", "sync", MEDIA, f"s3://{bucket}/media") == "", "a second sync has nothing to do"
    listed = aws("s3", "ls", f"s3://{bucket}", "--recursive", "--summarize")
    assert f"Total Objects: {len(tree(MEDIA))}" in listed
    assert "PRE media/" in aws("s3", "ls", f"s3://{bucket}")
    aws("s3", "sync", f"s3://{bucket}/media", tmp_path / "down")
    assert tree(tmp_path / "down") == tree(MEDIA)
    link = aws("s3", "presign", f"s3://{bucket}/media/cat.jpg", "--expires-in", "60").strip()
    trust = ["--cacert", endpoint.certificate] if endpoint.certificate else []
    fetched = subprocess.run(["curl", "--fail", "-sS", "--max-time", "30", *trust, link], capture_output=True, check=True)
    assert fetched.stdout == (MEDIA / "cat.jpg").read_bytes()
    assert "BucketNotEmpty" in aws("s3", "rb", f"s3://{bucket}", refused=True)
    aws("s3", "rm", f"s3://{bucket}", "--recursive")
    assert aws("s3", "ls", f"s3://{bucket}", "--recursive") == ""
    aws("s3", "rb", f"s3://{bucket}")


def test_sync_with_delete_follows_what_changed(aws, tmp_path):
    bucket, folder = fresh_name(), tmp_path / "folder"
    aws("s3", "mb", f"s3://{bucket}")
    (folder / "sub").mkdir(parents=True)
    for name in ("a", "sub/b c", "sub/d+é"):
        (folder / name).write_text(name)
        # S3 tells times in whole seconds: a file of this very second would count as newer than its upload.
        os.utime(folder / name, (1_700_000_000, 1_700_000_000))
    aws("s3", "sync", folder, f"s3://{bucket}")
    (folder / "a").unlink()
    (folder / "sub/b c").write_text("changed, and longer")
    said = aws("s3", "sync", folder, f"s3://{bucket}", "--delete")
    assert (said.count("upload:"), said.count("delete:")) == (1, 1)
    assert aws("s3", "cp", f"s3://{bucket}/sub/b c", "-") == "changed, and longer"
    aws("s3", "mv", f"s3://{bucket}/sub/d+é", f"s3://{bucket}/moved")
    assert aws("s3", "cp", f"s3://{bucket}/moved", "-") == "sub/d+é"
    aws("s3", "rb", f"s3://{bucket}", "--force")


def test_the_low_level_commands_say_what_the_api_says(aws, tmp_path):
    bucket, body = fresh_name(), tmp_path / "body"
    body.write_bytes(b"low level")
    aws("s3api", "create-bucket", "--bucket", bucket)
    where = ["--bucket", bucket, "--key", "a/b"]
    put = json.loads(aws("s3api", "put-object", *where, "--body", body, "--metadata", "one=1", "--checksum-algorithm", "SHA256"))
    assert put["ETag"] == f'"{hashlib.md5(b"low level").hexdigest()}"'
    head = json.loads(aws("s3api", "head-object", *where))
    assert (head["ContentLength"], head["Metadata"]) == (9, {"one": "1"})
    aws("s3api", "get-object", *where, "--range", "bytes=4-", tmp_path / "part")
    assert (tmp_path / "part").read_bytes() == b"level"
    aws("s3api", "copy-object", "--bucket", bucket, "--key", "copy", "--copy-source", f"{bucket}/a/b")
    listed = json.loads(aws("s3api", "list-objects-v2", "--bucket", bucket, "--prefix", "a/"))
    assert [entry["Key"] for entry in listed["Contents"]] == ["a/b"]
    assert json.loads(aws("s3api", "get-bucket-location", "--bucket", bucket))["LocationConstraint"] is None
    assert "PreconditionFailed" in aws("s3api", "put-object", *where, "--body", body, "--if-none-match", "*", refused=True)
    assert "(NoSuchKey)" in aws("s3api", "get-object", "--bucket", bucket, "--key", "none", os.devnull, refused=True)
    assert "Not Found" in aws("s3api", "head-object", "--bucket", bucket, "--key", "none", refused=True)
    objects = json.dumps({"Objects": [{"Key": "a/b"}, {"Key": "copy"}]})
    gone = json.loads(aws("s3api", "delete-objects", "--bucket", bucket, "--delete", objects))
    assert len(gone["Deleted"]) == 2
    aws("s3api", "delete-bucket", "--bucket", bucket)


def test_a_multipart_upload_by_hand(aws, tmp_path):
    bucket, body = fresh_name(), tmp_path / "body"
    body.write_bytes(b"only part")
    aws("s3api", "create-bucket", "--bucket", bucket)
    where = ["--bucket", bucket, "--key", "film"]
    upload = json.loads(aws("s3api", "create-multipart-upload", *where))["UploadId"]
    where += ["--upload-id", upload]
    tag = json.loads(aws("s3api", "upload-part", *where, "--part-number", "1", "--body", body))["ETag"]
    assert json.loads(aws("s3api", "list-parts", *where))["Parts"][0]["ETag"] == tag
    assert json.loads(aws("s3api", "list-multipart-uploads", "--bucket", bucket))["Uploads"][0]["UploadId"] == upload
    named = json.dumps({"Parts": [{"PartNumber": 1, "ETag": tag}]})
    done = json.loads(aws("s3api", "complete-multipart-upload", *where, "--multipart-upload", named))
    assert done["ETag"].endswith('-1"')
    assert aws("s3", "cp", f"s3://{bucket}/film", "-") == "only part"
    assert "(NoSuchUpload)" in aws("s3api", "abort-multipart-upload", *where[:4], "--upload-id", "none", refused=True)
