"""Multipart uploads, through boto3, over http and https."""

import pytest

from checksums import multipart_etag
from clients import body_of, fresh_name, refusal, status_of

MIB = 1024 * 1024
PARTS = [b"1" * (5 * MIB), b"2" * (5 * MIB + 17), b"3" * 1000]
GONE = ("NoSuchUpload", 404)


@pytest.fixture
def upload(s3, bucket):
    """Words that name a new upload in every call about it."""
    answer = s3.create_multipart_upload(Bucket=bucket, Key="film", ContentType="video/mp4", Metadata={"a": "b"})
    return {"Bucket": bucket, "Key": "film", "UploadId": answer["UploadId"]}


def send(s3, upload, parts, first=1):
    """Uploads parts under numbers from `first` on, and returns them as CompleteMultipartUpload wants them."""
    numbered = enumerate(parts, first)
    return [{"PartNumber": n, "ETag": s3.upload_part(PartNumber=n, Body=body, **upload)["ETag"]} for n, body in numbered]


def complete(s3, upload, named):
    return s3.complete_multipart_upload(MultipartUpload={"Parts": named}, **upload)


def test_parts_become_one_object_when_completed_and_not_before(s3, bucket, upload):
    named = send(s3, upload, PARTS)
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)
    answer = complete(s3, upload, named)
    assert (answer["ETag"], answer["Bucket"], answer["Key"]) == (multipart_etag(PARTS), bucket, "film")
    assert answer["Location"].endswith("/film")
    got = s3.get_object(Bucket=bucket, Key="film")
    assert body_of(got) == b"".join(PARTS)
    assert (got["ETag"], got["ContentType"], got["Metadata"]) == (answer["ETag"], "video/mp4", {"a": "b"})
    assert s3.list_objects_v2(Bucket=bucket)["Contents"][0]["Size"] == sum(map(len, PARTS))


def test_a_range_across_parts_is_exact(s3, bucket, upload):
    complete(s3, upload, send(s3, upload, PARTS))
    whole, edge = b"".join(PARTS), len(PARTS[0])
    for first, last in [(edge - 3, edge + 3), (0, len(whole) - 1), (edge * 2, len(whole) - 5)]:
        got = s3.get_object(Bucket=bucket, Key="film", Range=f"bytes={first}-{last}")
        assert body_of(got) == whole[first : last + 1]


def test_a_part_number_reads_one_part(s3, bucket, upload):
    complete(s3, upload, send(s3, upload, PARTS))
    got = s3.get_object(Bucket=bucket, Key="film", PartNumber=2)
    assert body_of(got) == PARTS[1]
    assert (status_of(got), got["PartsCount"]) == (206, 3)
    first, total = len(PARTS[0]), sum(map(len, PARTS))
    assert got["ContentRange"] == f"bytes {first}-{first + len(PARTS[1]) - 1}/{total}"
    head = s3.head_object(Bucket=bucket, Key="film", PartNumber=3)
    assert (status_of(head), head["ContentLength"], head["PartsCount"]) == (206, 1000, 3)
    assert refusal(s3.get_object, Bucket=bucket, Key="film", PartNumber=4) == ("InvalidPartNumber", 416)


def test_an_object_put_in_one_piece_is_its_own_first_part(s3, bucket):
    s3.put_object(Bucket=bucket, Key="object", Body=b"whole")
    got = s3.get_object(Bucket=bucket, Key="object", PartNumber=1)
    assert (body_of(got), status_of(got)) == (b"whole", 206)
    assert refusal(s3.get_object, Bucket=bucket, Key="object", PartNumber=2) == ("InvalidPartNumber", 416)


def test_part_numbers_may_leave_gaps_and_come_in_any_order(s3, bucket, upload):
    last = send(s3, upload, [b"end"], first=10_000)
    first = send(s3, upload, [PARTS[0]], first=7)
    complete(s3, upload, first + last)
    assert body_of(s3.get_object(Bucket=bucket, Key="film")) == PARTS[0] + b"end"


@pytest.mark.parametrize("number", [0, 10_001, -1])
def test_a_part_number_outside_1_to_10000_is_an_invalid_argument(s3, upload, number):
    assert refusal(s3.upload_part, PartNumber=number, Body=b"x", **upload) == ("InvalidArgument", 400)


def test_a_part_sent_again_replaces_the_first(s3, bucket, upload):
    old = send(s3, upload, [b"old"])
    new = send(s3, upload, [b"new"])
    assert refusal(complete, s3=s3, upload=upload, named=old) == ("InvalidPart", 400)
    complete(s3, upload, new)
    assert body_of(s3.get_object(Bucket=bucket, Key="film")) == b"new"


def test_parts_that_were_not_named_are_left_out(s3, bucket, upload):
    named = send(s3, upload, [PARTS[0], PARTS[1], b"end"])
    complete(s3, upload, [named[0], named[2]])
    assert body_of(s3.get_object(Bucket=bucket, Key="film")) == PARTS[0] + b"end"


def test_a_completion_must_name_parts_in_order_that_exist_and_are_large_enough(s3, bucket, upload):
    named = send(s3, upload, [b"small", b"last"])
    asked = {"s3": s3, "upload": upload}
    assert refusal(complete, named=named[::-1], **asked) == ("InvalidPartOrder", 400)
    assert refusal(complete, named=[*named, {"PartNumber": 3, "ETag": named[0]["ETag"]}], **asked) == ("InvalidPart", 400)
    assert refusal(complete, named=[{"PartNumber": 1, "ETag": named[1]["ETag"]}], **asked) == ("InvalidPart", 400)
    assert refusal(complete, named=named, **asked) == ("EntityTooSmall", 400)
    assert refusal(complete, named=[], **asked) == ("MalformedXML", 400)
    complete(s3, upload, named[:1])
    assert body_of(s3.get_object(Bucket=bucket, Key="film")) == b"small"


def test_a_completion_asked_twice_answers_the_same(s3, upload):
    named = send(s3, upload, [b"only"])
    first, second = complete(s3, upload, named), complete(s3, upload, named)
    assert first["ETag"] == second["ETag"]


def test_an_aborted_upload_is_gone(s3, bucket, upload):
    named = send(s3, upload, [b"x"])
    assert status_of(s3.abort_multipart_upload(**upload)) == 204
    assert refusal(s3.list_parts, **upload) == GONE
    assert refusal(s3.upload_part, PartNumber=1, Body=b"x", **upload) == GONE
    assert refusal(complete, s3=s3, upload=upload, named=named) == GONE
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=bucket)
    assert refusal(s3.head_object, Bucket=bucket, Key="film") == ("404", 404)


def test_an_upload_is_known_only_under_its_own_key(s3, upload):
    other = upload | {"Key": "another"}
    assert refusal(s3.upload_part, PartNumber=1, Body=b"x", **other) == GONE
    assert refusal(s3.list_parts, **(upload | {"UploadId": "made-up"})) == GONE


def test_the_parts_of_an_upload_are_listed_in_pages(s3, bucket, upload):
    named = send(s3, upload, [b"a", b"bb", b"ccc"])
    first = s3.list_parts(MaxParts=2, **upload)
    assert (first["Bucket"], first["Key"], first["UploadId"]) == tuple(upload.values())
    assert [(p["PartNumber"], p["Size"], p["ETag"]) for p in first["Parts"]] == [
        (n, n, named[n - 1]["ETag"]) for n in (1, 2)
    ]
    assert (first["IsTruncated"], first["NextPartNumberMarker"], first["StorageClass"]) == (True, 2, "STANDARD")
    assert first["Initiator"]["ID"] and first["Owner"]["ID"]
    rest = s3.list_parts(PartNumberMarker=2, **upload)
    assert ([p["PartNumber"] for p in rest["Parts"]], rest["IsTruncated"]) == ([3], False)


def test_uploads_are_listed_by_key_prefix_and_folder_and_in_pages(s3):
    bucket = fresh_name()
    s3.create_bucket(Bucket=bucket)
    keys = ["a", "b/1", "b/2", "c"]
    made = {key: s3.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"] for key in keys}
    every = s3.list_multipart_uploads(Bucket=bucket)
    assert {u["Key"]: u["UploadId"] for u in every["Uploads"]} == made
    assert [u["Key"] for u in s3.list_multipart_uploads(Bucket=bucket, Prefix="b/")["Uploads"]] == ["b/1", "b/2"]
    folders = s3.list_multipart_uploads(Bucket=bucket, Delimiter="/")
    assert [u["Key"] for u in folders["Uploads"]] == ["a", "c"]
    assert [p["Prefix"] for p in folders["CommonPrefixes"]] == ["b/"]
    pages = s3.get_paginator("list_multipart_uploads").paginate(Bucket=bucket, PaginationConfig={"PageSize": 1})
    assert [u["Key"] for page in pages for u in page.get("Uploads", [])] == keys


def test_two_uploads_of_one_key_live_side_by_side(s3, bucket, upload):
    second = upload | {"UploadId": s3.create_multipart_upload(Bucket=bucket, Key="film")["UploadId"]}
    one, two = send(s3, upload, [b"one"]), send(s3, second, [b"two"])
    complete(s3, upload, one)
    complete(s3, second, two)
    assert body_of(s3.get_object(Bucket=bucket, Key="film")) == b"two"


def test_parts_are_copied_from_objects_whole_or_by_range(s3, bucket, upload):
    source = b"".join(n.to_bytes(4, "big") for n in range(6 * MIB // 4))
    s3.put_object(Bucket=bucket, Key="a source+", Body=source)
    where = {"CopySource": {"Bucket": bucket, "Key": "a source+"}}
    whole = s3.upload_part_copy(PartNumber=1, **where, **upload)["CopyPartResult"]
    some = s3.upload_part_copy(PartNumber=2, CopySourceRange="bytes=100-199", **where, **upload)["CopyPartResult"]
    complete(s3, upload, [{"PartNumber": 1, "ETag": whole["ETag"]}, {"PartNumber": 2, "ETag": some["ETag"]}])
    assert body_of(s3.get_object(Bucket=bucket, Key="film")) == source + source[100:200]
    assert s3.head_object(Bucket=bucket, Key="film")["ETag"] == multipart_etag([source, source[100:200]])


@pytest.mark.parametrize("asked", ["bytes=5-", "bytes=-5", "bytes=0-99", "0-3"])
def test_a_part_is_copied_only_by_a_range_within_its_source(s3, bucket, upload, asked):
    s3.put_object(Bucket=bucket, Key="source", Body=b"0123456789")
    copy = {"CopySource": f"{bucket}/source", "CopySourceRange": asked, "PartNumber": 1}
    assert refusal(s3.upload_part_copy, **copy, **upload) == ("InvalidArgument", 400)
