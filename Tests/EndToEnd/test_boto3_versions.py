"""Versions, delete markers, tags and attributes, as boto3 sees them."""

import pytest

from clients import refusal


@pytest.fixture
def versioned(s3, bucket):
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    return bucket


def test_every_version_is_kept_and_read_by_its_identifier(s3, versioned):
    ids = [s3.put_object(Bucket=versioned, Key="k", Body=body)["VersionId"] for body in (b"one", b"two")]
    assert s3.get_object(Bucket=versioned, Key="k")["Body"].read() == b"two"
    for version, body in zip(ids, (b"one", b"two")):
        got = s3.get_object(Bucket=versioned, Key="k", VersionId=version)
        assert (got["Body"].read(), got["VersionId"]) == (body, version)
    listed = s3.list_object_versions(Bucket=versioned)["Versions"]
    assert [(v["VersionId"], v["IsLatest"], v["Size"]) for v in listed] == [(ids[1], True, 3), (ids[0], False, 3)]


def test_a_deleted_object_comes_back_with_its_marker_gone(s3, versioned):
    s3.put_object(Bucket=versioned, Key="k", Body=b"one")
    deleted = s3.delete_object(Bucket=versioned, Key="k")
    assert deleted["DeleteMarker"] is True
    assert refusal(s3.get_object, Bucket=versioned, Key="k") == ("NoSuchKey", 404)
    marker = s3.list_object_versions(Bucket=versioned)["DeleteMarkers"]
    assert [m["VersionId"] for m in marker] == [deleted["VersionId"]]
    s3.delete_object(Bucket=versioned, Key="k", VersionId=deleted["VersionId"])
    assert s3.get_object(Bucket=versioned, Key="k")["Body"].read() == b"one"


def test_a_bucket_is_emptied_page_by_page(s3, versioned):
    """What `aws s3 rb` scripts and boto3's `object_versions.delete()` do: list, delete, list after what is gone."""
    for number in range(7):
        s3.put_object(Bucket=versioned, Key="one key", Body=str(number).encode())
        s3.put_object(Bucket=versioned, Key=f"key {number}", Body=b"x")
    s3.delete_object(Bucket=versioned, Key="one key")
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=versioned, PaginationConfig={"PageSize": 4})
    for page in pages:
        found = page.get("Versions", []) + page.get("DeleteMarkers", [])
        objects = [{"Key": v["Key"], "VersionId": v["VersionId"]} for v in found]
        assert "Errors" not in s3.delete_objects(Bucket=versioned, Delete={"Objects": objects})
    s3.delete_bucket(Bucket=versioned)


def test_tags_travel_with_the_object(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"x", Tagging="colour=dark%20red&size=XL")
    tags = [{"Key": "colour", "Value": "dark red"}, {"Key": "size", "Value": "XL"}]
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == tags
    assert s3.head_object(Bucket=bucket, Key="k")["TagCount"] == 2
    s3.copy_object(Bucket=bucket, Key="c", CopySource={"Bucket": bucket, "Key": "k"})
    assert s3.get_object_tagging(Bucket=bucket, Key="c")["TagSet"] == tags
    s3.put_object_tagging(Bucket=bucket, Key="k", Tagging={"TagSet": tags[:1]})
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == tags[:1]
    s3.delete_object_tagging(Bucket=bucket, Key="k")
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == []


def test_a_bucket_has_tags_of_its_own(s3, bucket):
    assert refusal(s3.get_bucket_tagging, Bucket=bucket) == ("NoSuchTagSet", 404)
    tags = [{"Key": "team", "Value": "web"}]
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": tags})
    assert s3.get_bucket_tagging(Bucket=bucket)["TagSet"] == tags
    s3.delete_bucket_tagging(Bucket=bucket)
    assert refusal(s3.get_bucket_tagging, Bucket=bucket) == ("NoSuchTagSet", 404)


def test_attributes_are_told_without_the_content(s3, bucket):
    etag = s3.put_object(Bucket=bucket, Key="k", Body=b"123456789", ChecksumAlgorithm="CRC32")["ETag"]
    told = s3.get_object_attributes(
        Bucket=bucket, Key="k", ObjectAttributes=["ETag", "Checksum", "ObjectSize", "StorageClass"]
    )
    assert told["ETag"] == etag.strip('"')
    assert told["Checksum"] == {"ChecksumCRC32": "y/Q5Jg==", "ChecksumType": "FULL_OBJECT"}
    assert (told["ObjectSize"], told["StorageClass"]) == (9, "STANDARD")
