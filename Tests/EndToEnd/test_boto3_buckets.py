"""Buckets, through boto3, over http and https."""

import datetime

import pytest

from clients import client_for, fresh_name, headers_of, refusal, status_of


def test_a_new_bucket_is_listed_with_its_date(s3, bucket):
    found = {b["Name"]: b for b in s3.list_buckets()["Buckets"]}
    age = datetime.datetime.now(datetime.UTC) - found[bucket]["CreationDate"]
    assert abs(age) < datetime.timedelta(minutes=5)


def test_buckets_are_listed_in_order_with_their_owner(s3, bucket):
    answer = s3.list_buckets()
    names = [b["Name"] for b in answer["Buckets"]]
    assert names == sorted(names)
    assert len(answer["Owner"]["ID"]) == 64


def test_buckets_are_listed_by_prefix_and_in_pages(s3):
    base = fresh_name()
    names = [f"{base}-{n}" for n in range(3)]
    for name in names:
        s3.create_bucket(Bucket=name)
    first = s3.list_buckets(Prefix=base, MaxBuckets=2)
    assert [b["Name"] for b in first["Buckets"]] == names[:2]
    second = s3.list_buckets(Prefix=base, MaxBuckets=2, ContinuationToken=first["ContinuationToken"])
    assert [b["Name"] for b in second["Buckets"]] == names[2:]
    assert "ContinuationToken" not in second


def test_creating_a_bucket_answers_its_location(s3):
    name = fresh_name()
    answer = s3.create_bucket(Bucket=name)
    assert status_of(answer) == 200
    assert answer["Location"] == f"/{name}"


def test_a_bucket_may_be_made_with_tags(s3):
    name, tags = fresh_name(), [{"Key": "team", "Value": "web"}]
    made = s3.create_bucket(Bucket=name, CreateBucketConfiguration={"Tags": tags})
    assert made["BucketArn"] == s3.head_bucket(Bucket=name)["BucketArn"] == f"arn:aws:s3:::{name}"
    assert s3.get_bucket_tagging(Bucket=name)["TagSet"] == tags
    s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": []})
    assert refusal(s3.get_bucket_tagging, Bucket=name) == ("NoSuchTagSet", 404)


def test_a_bucket_exists_once_made_and_not_before(s3):
    name = fresh_name()
    assert refusal(s3.head_bucket, Bucket=name) == ("404", 404)
    s3.create_bucket(Bucket=name)
    answer = s3.head_bucket(Bucket=name)
    assert status_of(answer) == 200
    assert headers_of(answer)["x-amz-bucket-region"] == "us-east-1"


def test_making_ones_own_bucket_again_in_us_east_1_succeeds_and_keeps_its_objects(s3, bucket):
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html: "for legacy compatibility ... 200 OK"
    s3.put_object(Bucket=bucket, Key="kept", Body=b"kept")
    assert status_of(s3.create_bucket(Bucket=bucket)) == 200
    assert s3.get_object(Bucket=bucket, Key="kept")["Body"].read() == b"kept"


def test_the_location_of_a_us_east_1_bucket_is_empty(s3, bucket):
    assert s3.get_bucket_location(Bucket=bucket)["LocationConstraint"] is None


def test_a_bucket_made_in_another_region_says_so(s3):
    name = fresh_name()
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "us-east-2"})
    assert s3.get_bucket_location(Bucket=name)["LocationConstraint"] == "us-east-2"
    assert s3.head_bucket(Bucket=name)["BucketRegion"] == "us-east-2"


@pytest.mark.parametrize("name", ["Upper-Case", "under_score", "ab", "192.168.5.4", "-begins", "ends-", "two..dots", "x" * 64])
def test_a_name_against_the_rules_is_refused(s3, name):
    assert refusal(s3.create_bucket, Bucket=name) == ("InvalidBucketName", 400)


@pytest.mark.parametrize("name", ["abc", "with.dots.in.it", "x" * 63, "9digits9"])
def test_a_name_within_the_rules_is_accepted(s3, name):
    assert status_of(s3.create_bucket(Bucket=name)) == 200
    s3.delete_bucket(Bucket=name)


def test_a_deleted_bucket_is_gone(s3, bucket):
    assert status_of(s3.delete_bucket(Bucket=bucket)) == 204
    assert bucket not in [b["Name"] for b in s3.list_buckets()["Buckets"]]
    assert refusal(s3.delete_bucket, Bucket=bucket) == ("NoSuchBucket", 404)


def test_a_bucket_with_an_object_in_it_is_not_deleted(s3, bucket):
    s3.put_object(Bucket=bucket, Key="one", Body=b"1")
    assert refusal(s3.delete_bucket, Bucket=bucket) == ("BucketNotEmpty", 409)
    s3.delete_object(Bucket=bucket, Key="one")
    assert status_of(s3.delete_bucket(Bucket=bucket)) == 204


def test_nothing_can_be_done_in_a_bucket_that_does_not_exist(s3):
    name = fresh_name()
    missing = ("NoSuchBucket", 404)
    assert refusal(s3.list_objects_v2, Bucket=name) == missing
    assert refusal(s3.list_objects, Bucket=name) == missing
    assert refusal(s3.get_bucket_location, Bucket=name) == missing
    assert refusal(s3.put_object, Bucket=name, Key="k", Body=b"x") == missing
    assert refusal(s3.get_object, Bucket=name, Key="k") == missing
    assert refusal(s3.delete_object, Bucket=name, Key="k") == missing
    assert refusal(s3.create_multipart_upload, Bucket=name, Key="k") == missing
    assert refusal(s3.head_object, Bucket=name, Key="k") == ("404", 404)


def test_a_bucket_is_reached_as_a_host_name_too(endpoint):
    client = client_for(endpoint, url=endpoint.virtual_url, addressing="virtual")
    name = fresh_name()
    client.create_bucket(Bucket=name)
    client.put_object(Bucket=name, Key="folder/a b+c.txt", Body=b"virtual")
    assert client.get_object(Bucket=name, Key="folder/a b+c.txt")["Body"].read() == b"virtual"
    assert [o["Key"] for o in client.list_objects_v2(Bucket=name)["Contents"]] == ["folder/a b+c.txt"]
    by_path = client_for(endpoint)
    assert by_path.get_object(Bucket=name, Key="folder/a b+c.txt")["Body"].read() == b"virtual"


@pytest.mark.parametrize("method", ["get_bucket_abac", "get_bucket_metadata_configuration"])
def test_what_is_not_there_yet_says_so_and_never_pretends(s3, bucket, method):
    assert refusal(getattr(s3, method), Bucket=bucket) == ("NotImplemented", 501)


def test_a_sub_resource_that_nobody_serves_never_overwrites_the_object(s3, bucket):
    s3.put_object(Bucket=bucket, Key="safe", Body=b"original")
    assert refusal(s3.get_object_torrent, Bucket=bucket, Key="safe") == ("NotImplemented", 501)
    acl = "public-read"
    assert refusal(s3.put_object_acl, Bucket=bucket, Key="safe", ACL=acl) == ("AccessControlListNotSupported", 400)
    assert s3.get_object(Bucket=bucket, Key="safe")["Body"].read() == b"original"


def test_a_bucket_lives_with_signatures_of_version_2_too(endpoint):
    client = client_for(endpoint, signature_version="s3")
    name = fresh_name()
    client.create_bucket(Bucket=name)
    client.head_bucket(Bucket=name)
    client.put_object(Bucket=name, Key="k", Body=b"x")
    assert [o["Key"] for o in client.list_objects_v2(Bucket=name)["Contents"]] == ["k"]
    assert client.get_bucket_location(Bucket=name)["LocationConstraint"] is None
    client.delete_object(Bucket=name, Key="k")
    client.delete_bucket(Bucket=name)
