"""CopyObject, through boto3, over http and https."""

import random

import pytest

from checksums import checksum
from clients import body_of, fresh_name, refusal, status_of

BODY = b"copied byte for byte " * 1000


@pytest.fixture
def source(s3, bucket):
    s3.put_object(Bucket=bucket, Key="source", Body=BODY, Metadata={"a": "b"}, ContentType="image/png", CacheControl="no-cache")
    return {"Bucket": bucket, "Key": "source"}


def test_a_copy_has_the_bytes_metadata_and_headers_of_its_source(s3, bucket, source):
    answer = s3.copy_object(Bucket=bucket, Key="copy", CopySource=source)
    got = s3.get_object(Bucket=bucket, Key="copy")
    assert body_of(got) == BODY
    assert (got["Metadata"], got["ContentType"], got["CacheControl"]) == ({"a": "b"}, "image/png", "no-cache")
    assert answer["CopyObjectResult"]["ETag"] == got["ETag"]
    assert answer["CopyObjectResult"]["LastModified"] == got["LastModified"]


def test_a_copy_outlives_its_source(s3, bucket, source):
    s3.copy_object(Bucket=bucket, Key="copy", CopySource=source)
    s3.put_object(Bucket=bucket, Key="source", Body=b"changed")
    s3.delete_object(Bucket=bucket, Key="source")
    assert body_of(s3.get_object(Bucket=bucket, Key="copy")) == BODY


def test_a_copy_goes_to_another_bucket(s3, source):
    other = fresh_name()
    s3.create_bucket(Bucket=other)
    s3.copy_object(Bucket=other, Key="folder/copy", CopySource=source)
    assert body_of(s3.get_object(Bucket=other, Key="folder/copy")) == BODY


def test_replaced_metadata_replaces_everything_said_about_the_source(s3, bucket, source):
    new = {"Metadata": {"new": "words"}, "ContentType": "text/plain", "MetadataDirective": "REPLACE"}
    s3.copy_object(Bucket=bucket, Key="copy", CopySource=source, **new)
    head = s3.head_object(Bucket=bucket, Key="copy")
    assert (head["Metadata"], head["ContentType"]) == ({"new": "words"}, "text/plain")
    assert "CacheControl" not in head


def test_an_object_copied_to_itself_must_change_something(s3, bucket, source):
    assert refusal(s3.copy_object, Bucket=bucket, Key="source", CopySource=source) == ("InvalidRequest", 400)
    new = {"Metadata": {"new": "words"}, "MetadataDirective": "REPLACE"}
    s3.copy_object(Bucket=bucket, Key="source", CopySource=source, **new)
    got = s3.get_object(Bucket=bucket, Key="source")
    assert (body_of(got), got["Metadata"]) == (BODY, {"new": "words"})


@pytest.mark.parametrize("key", ["a b+c", "ü/ñ", "100%/x", "a//b", "../up", "q?x=1&y#z"])
def test_a_source_with_a_difficult_key_is_found(s3, bucket, key):
    s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": key})
    assert body_of(s3.get_object(Bucket=bucket, Key="copy")) == key.encode()


def test_a_source_may_begin_with_a_slash(s3, bucket, source):
    s3.copy_object(Bucket=bucket, Key="copy", CopySource=f"/{bucket}/source")
    assert body_of(s3.get_object(Bucket=bucket, Key="copy")) == BODY


def test_a_missing_source_is_named_by_what_is_missing(s3, bucket):
    assert refusal(s3.copy_object, Bucket=bucket, Key="x", CopySource=f"{bucket}/none") == ("NoSuchKey", 404)
    assert refusal(s3.copy_object, Bucket=bucket, Key="x", CopySource=f"{fresh_name()}/none") == ("NoSuchBucket", 404)
    assert refusal(s3.copy_object, Bucket=bucket, Key="x", CopySource="no-key-here") == ("InvalidArgument", 400)


def test_an_unknown_directive_is_an_invalid_argument(s3, bucket, source):
    asked = {"Bucket": bucket, "Key": "x", "CopySource": source, "MetadataDirective": "SHRED"}
    assert refusal(s3.copy_object, **asked) == ("InvalidArgument", 400)


def test_a_copy_can_be_given_another_checksum(s3, bucket, source):
    answer = s3.copy_object(Bucket=bucket, Key="copy", CopySource=source, ChecksumAlgorithm="SHA256")
    assert answer["CopyObjectResult"]["ChecksumSHA256"] == checksum("SHA256", BODY)
    head = s3.head_object(Bucket=bucket, Key="copy", ChecksumMode="ENABLED")
    assert head["ChecksumSHA256"] == checksum("SHA256", BODY)


def test_a_copy_keeps_the_checksum_of_its_source(s3, bucket):
    s3.put_object(Bucket=bucket, Key="source", Body=BODY, ChecksumAlgorithm="CRC32C")
    assert status_of(s3.copy_object(Bucket=bucket, Key="copy", CopySource=f"{bucket}/source")) == 200
    head = s3.head_object(Bucket=bucket, Key="copy", ChecksumMode="ENABLED")
    assert head["ChecksumCRC32C"] == checksum("CRC32C", BODY)


LARGE = random.Random(3).randbytes(300_000)


def files(daemon) -> dict[str, int]:
    """The daemon's blob files and their sizes."""
    return {entry.name: entry.stat().st_size for entry in (daemon.data / "blobs").iterdir()}


@pytest.mark.parametrize("algorithm", [None, "CRC64NVME", "MD5"])
def test_what_is_copied_whole_shares_the_file_of_its_source(s3, bucket, daemon, algorithm):
    s3.put_object(Bucket=bucket, Key="source", Body=LARGE)
    before = files(daemon)
    source = {"CopySource": f"{bucket}/source"}
    asked = {"ChecksumAlgorithm": algorithm} if algorithm else {}
    copied = s3.copy_object(Bucket=bucket, Key="copy", **source, **asked)["CopyObjectResult"]
    assert copied[f"Checksum{algorithm or 'CRC32'}"] == checksum(algorithm or "CRC32", LARGE)

    upload = s3.create_multipart_upload(Bucket=bucket, Key="parts", **asked)["UploadId"]
    target = {"Bucket": bucket, "Key": "parts", "UploadId": upload}
    part = s3.upload_part_copy(PartNumber=1, **target, **source)["CopyPartResult"]
    assert part["ETag"] == copied["ETag"]
    part.pop("LastModified")
    s3.complete_multipart_upload(MultipartUpload={"Parts": [{"PartNumber": 1} | part]}, **target)

    assert sum(size for name, size in files(daemon).items() if name not in before) < 2_000
    s3.delete_object(Bucket=bucket, Key="source")
    for key in ("copy", "parts"):
        assert body_of(s3.get_object(Bucket=bucket, Key=key)) == LARGE


def parts_copied(s3, bucket, key, sources):
    """Makes an object of parts that are copies: of a whole source, or of a range of one."""
    upload = s3.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"]
    target, parts = {"Bucket": bucket, "Key": key, "UploadId": upload}, []
    for number, (source, span) in enumerate(sources, 1):
        asked = {"CopySource": f"{bucket}/{source}"} | ({"CopySourceRange": span} if span else {})
        answer = s3.upload_part_copy(PartNumber=number, **target, **asked)
        parts.append({"PartNumber": number, "ETag": answer["CopyPartResult"]["ETag"]})
    return s3.complete_multipart_upload(MultipartUpload={"Parts": parts}, **target)


def test_more_than_five_gibibytes_are_copied_in_parts_and_not_at_once(s3, bucket, daemon):
    block = random.Random(4).randbytes(64 << 20)
    s3.put_object(Bucket=bucket, Key="block", Body=block)
    before = files(daemon)
    parts_copied(s3, bucket, "whole", [("block", None)] * 81)
    assert s3.head_object(Bucket=bucket, Key="whole")["ContentLength"] == 81 * len(block) > 5 << 30
    whole = f"{bucket}/whole"
    assert refusal(s3.copy_object, Bucket=bucket, Key="copy", CopySource=whole) == ("InvalidRequest", 400)
    upload = s3.create_multipart_upload(Bucket=bucket, Key="copy")["UploadId"]
    part = {"Bucket": bucket, "Key": "copy", "UploadId": upload, "PartNumber": 1}
    assert refusal(s3.upload_part_copy, CopySource=whole, **part) == ("InvalidRequest", 400)

    # A range that is one of its parts is shared as well, and one across two is read.
    last = 5 * len(block)
    spans = [f"bytes={last - len(block)}-{last - 1}", f"bytes={last - 3}-{last + 2}"]
    parts_copied(s3, bucket, "copy", [("whole", span) for span in spans])
    assert body_of(s3.get_object(Bucket=bucket, Key="copy")) == block + block[-3:] + block[:3]
    assert sum(size for name, size in files(daemon).items() if name not in before) < 20_000
