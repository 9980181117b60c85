"""Lifecycles, storage classes and restores as boto3 sees them, and a daemon whose days are short."""

import datetime
import time

import pytest
from botocore.exceptions import ClientError

import pail
from clients import body_of, client_for, fresh_name, headers_of, refusal, status_of

RULES = [
    {
        "ID": "all of it",
        "Filter": {"And": {"Prefix": "log/", "Tags": [{"Key": "k", "Value": "v"}], "ObjectSizeGreaterThan": 5}},
        "Status": "Enabled",
        "Transitions": [
            {"Days": 0, "StorageClass": "INTELLIGENT_TIERING"},
            {"Days": 90, "StorageClass": "DEEP_ARCHIVE"},
        ],
        "Expiration": {"Days": 365},
        "NoncurrentVersionTransitions": [
            {"NoncurrentDays": 30, "StorageClass": "GLACIER_IR", "NewerNoncurrentVersions": 2}
        ],
        "NoncurrentVersionExpiration": {"NoncurrentDays": 60, "NewerNoncurrentVersions": 3},
    },
    {
        "ID": "tmp",
        "Filter": {"Prefix": "tmp/"},
        "Status": "Enabled",
        "Expiration": {"Days": 1},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 2},
    },
    {
        "ID": "date",
        "Filter": {"Prefix": "old/"},
        "Status": "Disabled",
        "Expiration": {"Date": datetime.datetime(2035, 1, 1, tzinfo=datetime.timezone.utc)},
    },
]


def midnight_after(days: int) -> datetime.datetime:
    """The midnight (UTC) that ends the day which comes some days from now."""
    then = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days + 1)
    return then.replace(hour=0, minute=0, second=0, microsecond=0)


def test_a_lifecycle_comes_back_as_it_was_put(s3, bucket):
    assert refusal(s3.get_bucket_lifecycle_configuration, Bucket=bucket) == ("NoSuchLifecycleConfiguration", 404)
    put = s3.put_bucket_lifecycle_configuration(
        Bucket=bucket,
        LifecycleConfiguration={"Rules": RULES},
        TransitionDefaultMinimumObjectSize="varies_by_storage_class",
    )
    assert put["TransitionDefaultMinimumObjectSize"] == "varies_by_storage_class"
    got = s3.get_bucket_lifecycle_configuration(Bucket=bucket)
    assert got["Rules"] == RULES
    assert got["TransitionDefaultMinimumObjectSize"] == "varies_by_storage_class"
    assert status_of(s3.delete_bucket_lifecycle(Bucket=bucket)) == 204
    assert refusal(s3.get_bucket_lifecycle_configuration, Bucket=bucket)[1] == 404


def test_the_older_operations_are_the_same(s3, bucket):
    rules = [{"ID": "old", "Prefix": "a", "Status": "Enabled", "Expiration": {"Days": 3}}]
    s3.put_bucket_lifecycle(Bucket=bucket, LifecycleConfiguration={"Rules": rules})
    assert s3.get_bucket_lifecycle(Bucket=bucket)["Rules"] == rules


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Status": "enabled"}, "MalformedXML"),
        ({"ID": "x" * 256}, "InvalidArgument"),
        ({"Expiration": {"Days": 0}}, "InvalidArgument"),
        ({"Expiration": {"Days": 1, "ExpiredObjectDeleteMarker": True}}, "MalformedXML"),
        ({"Expiration": {"Date": datetime.datetime(2030, 1, 1, 1)}}, "InvalidArgument"),
        ({"Transitions": [{"Days": 1, "StorageClass": "GLACIER"}], "Expiration": {"Days": 1}}, "InvalidArgument"),
        ({"Filter": {"Prefix": "a", "ObjectSizeGreaterThan": 1}}, "MalformedXML"),
    ],
)
def test_a_lifecycle_that_cannot_be_is_refused(s3, bucket, change, code):
    rule = {"ID": "r", "Filter": {"Prefix": ""}, "Status": "Enabled", "Expiration": {"Days": 1}} | change
    call = s3.put_bucket_lifecycle_configuration
    assert refusal(call, Bucket=bucket, LifecycleConfiguration={"Rules": [rule]}) == (code, 400)


def test_replies_tell_when_an_object_expires_and_an_upload_is_given_up(s3, bucket):
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": RULES})
    before = midnight_after(1)
    put = s3.put_object(Bucket=bucket, Key="tmp/a", Body=b"x")
    told = {f'expiry-date="{day:%a, %d %b %Y} 00:00:00 GMT", rule-id="tmp"' for day in (before, midnight_after(1))}
    assert put["Expiration"] in told
    assert s3.head_object(Bucket=bucket, Key="tmp/a")["Expiration"] == put["Expiration"]
    assert s3.get_object(Bucket=bucket, Key="tmp/a")["Expiration"] == put["Expiration"]
    assert "Expiration" not in s3.put_object(Bucket=bucket, Key="log/a", Body=b"not tagged")
    upload = s3.create_multipart_upload(Bucket=bucket, Key="tmp/b")
    assert upload["AbortRuleId"] == "tmp"
    assert upload["AbortDate"] in {midnight_after(2), before + datetime.timedelta(days=1)}
    parts = s3.list_parts(Bucket=bucket, Key="tmp/b", UploadId=upload["UploadId"])
    assert (parts["AbortDate"], parts["AbortRuleId"]) == (upload["AbortDate"], "tmp")
    part = s3.upload_part(Bucket=bucket, Key="tmp/b", UploadId=upload["UploadId"], PartNumber=1, Body=b"x")
    done = s3.complete_multipart_upload(
        Bucket=bucket,
        Key="tmp/b",
        UploadId=upload["UploadId"],
        MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]},
    )
    assert done["Expiration"] in told


def test_every_class_of_the_model_is_stored_and_told(s3, bucket):
    # OUTPOSTS is the class of another service's buckets.
    classes = set(s3.meta.service_model.shape_for("StorageClass").enum) - {"OUTPOSTS"}
    for name in classes:
        s3.put_object(Bucket=bucket, Key=name, Body=b"x", StorageClass=name)
        told = s3.head_object(Bucket=bucket, Key=name).get("StorageClass")
        assert told == (None if name == "STANDARD" else name)
        attributes = s3.get_object_attributes(Bucket=bucket, Key=name, ObjectAttributes=["StorageClass"])
        assert attributes["StorageClass"] == name
    listed = s3.list_objects_v2(Bucket=bucket)["Contents"]
    assert {one["Key"]: one["StorageClass"] for one in listed} == {name: name for name in classes}
    for name in ("COLD", "OUTPOSTS"):
        assert refusal(s3.put_object, Bucket=bucket, Key="x", StorageClass=name) == ("InvalidStorageClass", 400)


def test_an_archived_object_is_restored_before_it_is_read(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"cold", StorageClass="GLACIER")
    with pytest.raises(ClientError) as caught:
        s3.get_object(Bucket=bucket, Key="k")
    error = caught.value.response["Error"]
    assert (error["Code"], error["StorageClass"]) == ("InvalidObjectState", "GLACIER")
    assert "Restore" not in s3.head_object(Bucket=bucket, Key="k")

    first = s3.restore_object(
        Bucket=bucket, Key="k", RestoreRequest={"Days": 1, "GlacierJobParameters": {"Tier": "Expedited"}}
    )
    again = s3.restore_object(Bucket=bucket, Key="k", RestoreRequest={"Days": 2})
    assert (status_of(first), status_of(again)) == (202, 200)
    got = s3.get_object(Bucket=bucket, Key="k")
    assert body_of(got) == b"cold"
    assert got["Restore"].startswith('ongoing-request="false", expiry-date="')
    assert headers_of(got)["x-amz-storage-class"] == "GLACIER"
    for listing in (s3.list_objects, s3.list_objects_v2):
        one = listing(Bucket=bucket, OptionalObjectAttributes=["RestoreStatus"])["Contents"][0]
        assert one["RestoreStatus"]["IsRestoreInProgress"] is False
        assert one["RestoreStatus"]["RestoreExpiryDate"] > datetime.datetime.now(datetime.timezone.utc)
    s3.copy_object(Bucket=bucket, Key="warm", CopySource={"Bucket": bucket, "Key": "k"})
    assert body_of(s3.get_object(Bucket=bucket, Key="warm")) == b"cold"
    refused = refusal(s3.restore_object, Bucket=bucket, Key="warm", RestoreRequest={"Days": 1})
    assert refused == ("InvalidObjectState", 403)


def until(holds, what):
    """Asks again and again until a daemon has done something by itself."""
    end = time.monotonic() + pail.PATIENCE
    while not holds():
        assert time.monotonic() < end, what


def test_a_daemon_whose_days_are_short_does_what_is_due_and_stops_cleanly(new_daemon):
    daemon = new_daemon("--lifecycle-day-seconds", "1")
    daemon.start()
    s3 = client_for(daemon.listeners["http"])
    bucket = fresh_name()
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for body in (b"1", b"2", b"3"):
        s3.put_object(Bucket=bucket, Key="tmp/a", Body=body)
    s3.put_object(Bucket=bucket, Key="keep", Body=b"x")
    s3.put_object(Bucket=bucket, Key="cool", Body=b"x" * (128 << 10))
    s3.create_multipart_upload(Bucket=bucket, Key="tmp/upload")
    noncurrent = {"NoncurrentVersionExpiration": {"NoncurrentDays": 1}}
    rules = [
        {"ID": "a", "Filter": {"Prefix": "tmp/"}, "Status": "Enabled", "Expiration": {"Days": 1}} | noncurrent,
        {
            "ID": "b",
            "Filter": {"Prefix": "tmp/"},
            "Status": "Enabled",
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
        },
        {
            "ID": "c",
            "Filter": {"Prefix": "cool"},
            "Status": "Enabled",
            "Transitions": [{"Days": 1, "StorageClass": "GLACIER"}],
        },
    ]
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})

    def versions():
        page = s3.list_object_versions(Bucket=bucket)
        return [one["Key"] for one in page.get("Versions", []) + page.get("DeleteMarkers", [])]

    until(lambda: sorted(versions()) == ["cool", "keep"], "the versions and their marker go")
    until(lambda: "Uploads" not in s3.list_multipart_uploads(Bucket=bucket), "the upload is given up")
    until(lambda: s3.head_object(Bucket=bucket, Key="cool").get("StorageClass") == "GLACIER", "it cools")
    assert body_of(s3.get_object(Bucket=bucket, Key="keep")) == b"x"
    assert daemon.stop() == 0, daemon.tail()
