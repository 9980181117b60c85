"""CopyObject, through boto3, over http and https."""

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
