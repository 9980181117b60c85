"""Conditional reads, writes and deletions, through boto3, over http and https."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from clients import body_of, refusal, status_of

HOUR = datetime.timedelta(hours=1)
FAILED = ("PreconditionFailed", 412)
OTHER = '"00000000000000000000000000000000"'


@pytest.fixture
def put(s3, bucket):
    """One object, its ETag and the moments around its birth."""
    answer = s3.put_object(Bucket=bucket, Key="object", Body=b"original")
    modified = s3.head_object(Bucket=bucket, Key="object")["LastModified"]
    return {"etag": answer["ETag"], "before": modified - HOUR, "at": modified, "after": modified + HOUR}


def conditions(put, names):
    """Fills "etag", "other", "before", "at" and "after" with this object's own values."""
    return {name: OTHER if value == "other" else put.get(value, value) for name, value in names.items()}


READABLE = [
    {"IfMatch": "etag"},
    {"IfMatch": "*"},
    {"IfNoneMatch": "other"},
    {"IfModifiedSince": "before"},
    # A time to come says nothing.
    {"IfModifiedSince": "after"},
    {"IfUnmodifiedSince": "at"},
    {"IfUnmodifiedSince": "after"},
    {"IfMatch": "etag", "IfUnmodifiedSince": "before"},
]


@pytest.mark.parametrize("names", READABLE, ids=str)
def test_a_condition_that_holds_lets_the_reader_read(s3, bucket, put, names):
    got = s3.get_object(Bucket=bucket, Key="object", **conditions(put, names))
    assert (body_of(got), status_of(got)) == (b"original", 200)
    assert status_of(s3.head_object(Bucket=bucket, Key="object", **conditions(put, names))) == 200


NOT_MODIFIED = [
    {"IfNoneMatch": "etag"},
    {"IfNoneMatch": "*"},
    {"IfModifiedSince": "at"},
    {"IfNoneMatch": "etag", "IfModifiedSince": "before"},
]


@pytest.mark.parametrize("names", NOT_MODIFIED, ids=str)
def test_a_reader_who_has_the_bytes_is_told_not_modified(s3, bucket, put, names):
    asked = conditions(put, names)
    assert refusal(s3.get_object, Bucket=bucket, Key="object", **asked) == ("304", 304)
    assert refusal(s3.head_object, Bucket=bucket, Key="object", **asked) == ("304", 304)


FAILING = [{"IfMatch": "other"}, {"IfUnmodifiedSince": "before"}, {"IfMatch": "other", "IfUnmodifiedSince": "after"}]


@pytest.mark.parametrize("names", FAILING, ids=str)
def test_a_condition_that_does_not_hold_fails_the_read(s3, bucket, put, names):
    asked = conditions(put, names)
    assert refusal(s3.get_object, Bucket=bucket, Key="object", **asked) == FAILED
    assert refusal(s3.head_object, Bucket=bucket, Key="object", **asked) == ("412", 412)


def test_an_etag_without_quotes_is_the_same_etag(s3, bucket, put):
    bare = put["etag"].strip('"')
    assert body_of(s3.get_object(Bucket=bucket, Key="object", IfMatch=bare)) == b"original"
    assert refusal(s3.get_object, Bucket=bucket, Key="object", IfNoneMatch=bare) == ("304", 304)


def test_if_none_match_star_writes_only_a_new_key(s3, bucket):
    assert status_of(s3.put_object(Bucket=bucket, Key="new", Body=b"1", IfNoneMatch="*")) == 200
    assert refusal(s3.put_object, Bucket=bucket, Key="new", Body=b"2", IfNoneMatch="*") == FAILED
    assert body_of(s3.get_object(Bucket=bucket, Key="new")) == b"1"


def test_if_match_writes_only_over_the_etag_that_it_names(s3, bucket, put):
    assert refusal(s3.put_object, Bucket=bucket, Key="object", Body=b"2", IfMatch=OTHER) == FAILED
    assert body_of(s3.get_object(Bucket=bucket, Key="object")) == b"original"
    assert status_of(s3.put_object(Bucket=bucket, Key="object", Body=b"2", IfMatch=put["etag"])) == 200
    assert body_of(s3.get_object(Bucket=bucket, Key="object")) == b"2"


def test_if_match_on_a_key_that_is_not_there_is_no_such_key(s3, bucket):
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
    assert refusal(s3.put_object, Bucket=bucket, Key="none", Body=b"x", IfMatch=OTHER) == ("NoSuchKey", 404)
    assert refusal(s3.get_object, Bucket=bucket, Key="none") == ("NoSuchKey", 404)


def test_if_none_match_with_an_etag_is_not_implemented_for_writes(s3, bucket, put):
    asked = {"Bucket": bucket, "Key": "object", "Body": b"x", "IfNoneMatch": put["etag"]}
    assert refusal(s3.put_object, **asked) == ("NotImplemented", 501)


def test_of_six_racing_writers_of_a_new_key_exactly_one_wins(s3, bucket):
    def write(number):
        try:
            s3.put_object(Bucket=bucket, Key="race", Body=f"writer {number}".encode() * 2000, IfNoneMatch="*")
            return number
        except ClientError as refused:
            assert refused.response["Error"]["Code"] in ("PreconditionFailed", "ConditionalRequestConflict")
            return None

    with ThreadPoolExecutor(6) as writers:
        winners = [n for n in writers.map(write, range(6)) if n is not None]
    assert len(winners) == 1
    assert body_of(s3.get_object(Bucket=bucket, Key="race")) == f"writer {winners[0]}".encode() * 2000


def test_a_conditional_deletion_deletes_only_the_etag_that_it_names(s3, bucket, put):
    assert refusal(s3.delete_object, Bucket=bucket, Key="object", IfMatch=OTHER) == FAILED
    assert status_of(s3.delete_object(Bucket=bucket, Key="object", IfMatch=put["etag"])) == 204
    assert refusal(s3.get_object, Bucket=bucket, Key="object") == ("NoSuchKey", 404)


def multipart(s3, bucket, key):
    upload = s3.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"]
    part = s3.upload_part(Bucket=bucket, Key=key, UploadId=upload, PartNumber=1, Body=b"assembled")
    named = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    return {"Bucket": bucket, "Key": key, "UploadId": upload, "MultipartUpload": named}


def test_completing_an_upload_obeys_if_none_match(s3, bucket, put):
    asked = multipart(s3, bucket, "object")
    assert refusal(s3.complete_multipart_upload, IfNoneMatch="*", **asked) == FAILED
    assert body_of(s3.get_object(Bucket=bucket, Key="object")) == b"original"


def test_completing_an_upload_obeys_if_match(s3, bucket, put):
    asked = multipart(s3, bucket, "object")
    assert refusal(s3.complete_multipart_upload, IfMatch=OTHER, **asked) == FAILED
    asked = multipart(s3, bucket, "object")
    s3.complete_multipart_upload(IfMatch=put["etag"], **asked)
    assert body_of(s3.get_object(Bucket=bucket, Key="object")) == b"assembled"


def test_a_copy_obeys_conditions_on_its_source(s3, bucket, put):
    asked = {"Bucket": bucket, "Key": "copy", "CopySource": f"{bucket}/object"}
    for names in [{"IfMatch": "other"}, {"IfNoneMatch": "etag"}, {"IfModifiedSince": "at"}, {"IfUnmodifiedSince": "before"}]:
        named = {f"CopySource{name}": value for name, value in conditions(put, names).items()}
        assert refusal(s3.copy_object, **asked, **named) == FAILED, names
    s3.copy_object(**asked, CopySourceIfMatch=put["etag"], CopySourceIfUnmodifiedSince=put["before"])
    assert body_of(s3.get_object(Bucket=bucket, Key="copy")) == b"original"


def test_a_copy_obeys_conditions_on_its_destination(s3, bucket, put):
    s3.put_object(Bucket=bucket, Key="there", Body=b"there")
    asked = {"Bucket": bucket, "Key": "there", "CopySource": f"{bucket}/object"}
    assert refusal(s3.copy_object, **asked, IfNoneMatch="*") == FAILED
    assert refusal(s3.copy_object, **asked, IfMatch=OTHER) == FAILED
    assert body_of(s3.get_object(Bucket=bucket, Key="there")) == b"there"


def test_a_delete_of_a_version_takes_no_condition(s3, bucket):
    # Measured on AWS: https://github.com/localstack/localstack/issues/13894
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    put = s3.put_object(Bucket=bucket, Key="object", Body=b"kept")
    named = {"Bucket": bucket, "Key": "object", "VersionId": put["VersionId"]}
    assert refusal(s3.delete_object, IfMatch=put["ETag"], **named) == ("NotImplemented", 501)
    assert status_of(s3.delete_object(Bucket=bucket, Key="object", IfMatch=put["ETag"])) == 204
    assert refusal(s3.delete_object, Bucket=bucket, Key="object", IfMatch="*") == ("NoSuchKey", 404)
    assert body_of(s3.get_object(**named)) == b"kept"


def test_each_key_of_many_is_deleted_on_its_own_condition(s3, bucket, put):
    s3.put_object(Bucket=bucket, Key="other", Body=b"x")
    keys = [{"Key": "object", "ETag": put["etag"]}, {"Key": "other", "ETag": OTHER}, {"Key": "other", "Size": 1}]
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": keys})
    assert [deleted["Key"] for deleted in answer["Deleted"]] == ["object"]
    assert [error["Code"] for error in answer["Errors"]] == ["PreconditionFailed", "NotImplemented"]
