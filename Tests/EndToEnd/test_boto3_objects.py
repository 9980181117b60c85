"""Single objects, through boto3, over http and https: bytes, headers, ranges, deletion."""

import datetime
import hashlib

import pytest

from clients import body_of, headers_of, refusal, status_of

SYSTEM = {
    "CacheControl": "max-age=31536000, immutable",
    "ContentDisposition": "attachment; filename*=UTF-8''na%C3%AFve.txt",
    "ContentEncoding": "gzip",
    "ContentLanguage": "en, de",
    "ContentType": "text/plain; charset=utf-8",
}


@pytest.mark.parametrize("size", [0, 1, 8191, 8192, 8193, 65_536, 1_000_003, 6 * 1024 * 1024])
def test_what_goes_in_comes_out(s3, bucket, size):
    body = bytes(range(256)) * (size // 256) + bytes(size % 256)
    put = s3.put_object(Bucket=bucket, Key="object", Body=body)
    assert put["ETag"] == f'"{hashlib.md5(body).hexdigest()}"'
    got = s3.get_object(Bucket=bucket, Key="object")
    assert body_of(got) == body
    assert (status_of(got), got["ContentLength"], got["ETag"]) == (200, size, put["ETag"])


def test_an_object_carries_the_headers_that_every_client_reads(s3, bucket):
    s3.put_object(Bucket=bucket, Key="object", Body=b"0123456789")
    got = s3.get_object(Bucket=bucket, Key="object")
    names = headers_of(got)
    assert body_of(got) == b"0123456789"
    assert got["ContentType"] == "binary/octet-stream"
    assert got["AcceptRanges"] == "bytes"
    assert got["Metadata"] == {}
    assert abs(datetime.datetime.now(datetime.UTC) - got["LastModified"]) < datetime.timedelta(minutes=5)
    assert names["x-amz-request-id"] and names["x-amz-id-2"] and names["date"] and names["server"]
    assert "x-amz-version-id" not in names, "absent, not null, while a bucket has no versioning"
    assert "content-encoding" not in names, "aws-chunked is a transport's word and is not kept"


def test_head_tells_what_get_tells_without_the_body(s3, bucket):
    s3.put_object(Bucket=bucket, Key="object", Body=b"0123456789", Metadata={"a": "b"}, **SYSTEM)
    head, got = s3.head_object(Bucket=bucket, Key="object"), s3.get_object(Bucket=bucket, Key="object")
    body_of(got)
    for name in ["ETag", "ContentLength", "LastModified", "Metadata", "AcceptRanges", *SYSTEM]:
        assert head[name] == got[name], name


def test_system_headers_are_kept_as_given(s3, bucket):
    s3.put_object(Bucket=bucket, Key="object", Body=b"x", Expires=datetime.datetime(2031, 1, 2, 3, 4, 5), **SYSTEM)
    head = s3.head_object(Bucket=bucket, Key="object")
    assert {name: head[name] for name in SYSTEM} == SYSTEM
    assert head["ExpiresString"] == "Thu, 02 Jan 2031 03:04:05 GMT"


def test_metadata_is_kept_and_its_names_come_back_in_lower_case(s3, bucket):
    s3.put_object(Bucket=bucket, Key="object", Body=b"x", Metadata={"Camera-Model": "  EOS 5 ", "empty": "", "plus": "a+b%20c"})
    kept = s3.head_object(Bucket=bucket, Key="object")["Metadata"]
    assert kept == {"camera-model": "EOS 5", "empty": "", "plus": "a+b%20c"}


def test_putting_again_replaces_bytes_metadata_and_headers(s3, bucket):
    s3.put_object(Bucket=bucket, Key="object", Body=b"first", Metadata={"a": "b"}, ContentType="text/plain")
    s3.put_object(Bucket=bucket, Key="object", Body=b"second!")
    got = s3.get_object(Bucket=bucket, Key="object")
    assert (body_of(got), got["Metadata"], got["ContentType"]) == (b"second!", {}, "binary/octet-stream")


def test_two_kibibytes_of_metadata_fit_and_more_do_not(s3, bucket):
    s3.put_object(Bucket=bucket, Key="object", Body=b"x", Metadata={"m": "v" * 2000})
    assert len(s3.head_object(Bucket=bucket, Key="object")["Metadata"]["m"]) == 2000
    too_large = {"m": "v" * 2100}
    assert refusal(s3.put_object, Bucket=bucket, Key="object", Body=b"y", Metadata=too_large) == ("MetadataTooLarge", 400)
    assert body_of(s3.get_object(Bucket=bucket, Key="object")) == b"x"


@pytest.mark.parametrize(
    ("asked", "sent", "of"),
    [
        ("bytes=0-0", b"0", "bytes 0-0/10"),
        ("bytes=2-5", b"2345", "bytes 2-5/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=-3", b"789", "bytes 7-9/10"),
        ("bytes=-99", b"0123456789", "bytes 0-9/10"),
        ("bytes=5-999", b"56789", "bytes 5-9/10"),
        ("bytes=0-9", b"0123456789", "bytes 0-9/10"),
    ],
)
def test_a_range_is_answered_in_part(s3, bucket, asked, sent, of):
    s3.put_object(Bucket=bucket, Key="object", Body=b"0123456789")
    got = s3.get_object(Bucket=bucket, Key="object", Range=asked)
    assert (body_of(got), status_of(got), got["ContentRange"]) == (sent, 206, of)
    head = s3.head_object(Bucket=bucket, Key="object", Range=asked)
    assert (status_of(head), head["ContentLength"]) == (206, len(sent))


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=10-20", "bytes=-0"])
def test_a_range_past_the_end_cannot_be_satisfied(s3, bucket, asked):
    s3.put_object(Bucket=bucket, Key="object", Body=b"0123456789")
    assert refusal(s3.get_object, Bucket=bucket, Key="object", Range=asked) == ("InvalidRange", 416)


def test_an_empty_object_has_no_range(s3, bucket):
    s3.put_object(Bucket=bucket, Key="object", Body=b"")
    assert refusal(s3.get_object, Bucket=bucket, Key="object", Range="bytes=0-0") == ("InvalidRange", 416)


@pytest.mark.parametrize("asked", ["bytes=5-2", "bytes=a-b", "lines=1-2", "bytes=0-1,4-5"])
def test_a_range_that_s3_does_not_know_is_ignored(s3, bucket, asked):
    s3.put_object(Bucket=bucket, Key="object", Body=b"0123456789")
    got = s3.get_object(Bucket=bucket, Key="object", Range=asked)
    assert (body_of(got), status_of(got)) == (b"0123456789", 200)


def test_a_range_of_a_large_object_is_exact(s3, bucket):
    body = b"".join(n.to_bytes(4, "big") for n in range(400_000))
    s3.put_object(Bucket=bucket, Key="object", Body=body)
    for first, last in [(0, 0), (65_535, 65_537), (1_000_001, 1_234_567), (1_599_999, 1_599_999)]:
        got = s3.get_object(Bucket=bucket, Key="object", Range=f"bytes={first}-{last}")
        assert body_of(got) == body[first : last + 1]


def test_a_reader_may_choose_the_headers_of_its_reply(s3, bucket):
    s3.put_object(Bucket=bucket, Key="object", Body=b"x", **SYSTEM)
    wanted = {
        "ResponseCacheControl": "no-store",
        "ResponseContentDisposition": 'attachment; filename="x.bin"',
        "ResponseContentEncoding": "identity",
        "ResponseContentLanguage": "fr",
        "ResponseContentType": "application/x-test",
    }
    got = s3.get_object(Bucket=bucket, Key="object", **wanted)
    body_of(got)
    assert {f"Response{name}": got[name] for name in SYSTEM} == wanted
    again = s3.head_object(Bucket=bucket, Key="object")
    assert {name: again[name] for name in SYSTEM} == SYSTEM


def test_a_missing_object_is_not_found(s3, bucket):
    assert refusal(s3.get_object, Bucket=bucket, Key="none") == ("NoSuchKey", 404)
    assert refusal(s3.head_object, Bucket=bucket, Key="none") == ("404", 404)


def test_a_deleted_object_is_gone_and_deleting_it_again_is_no_error(s3, bucket):
    s3.put_object(Bucket=bucket, Key="object", Body=b"x")
    assert status_of(s3.delete_object(Bucket=bucket, Key="object")) == 204
    assert refusal(s3.get_object, Bucket=bucket, Key="object") == ("NoSuchKey", 404)
    assert status_of(s3.delete_object(Bucket=bucket, Key="object")) == 204


def test_many_objects_are_deleted_at_once_and_missing_ones_count_as_deleted(s3, bucket):
    keys = ["a", "folder/b", "with space", "ünïcode", "a&b<c>\"'", "missing"]
    for key in keys[:-1]:
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": k} for k in keys]})
    assert sorted(d["Key"] for d in answer["Deleted"]) == sorted(keys)
    assert "Errors" not in answer
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


def test_a_quiet_deletion_of_many_names_only_failures(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a", Body=b"x")
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "a"}], "Quiet": True})
    assert "Deleted" not in answer and "Errors" not in answer


@pytest.mark.parametrize("count", [0, 1001])
def test_a_deletion_of_none_or_of_over_a_thousand_is_malformed(s3, bucket, count):
    objects = [{"Key": str(n)} for n in range(count)]
    assert refusal(s3.delete_objects, Bucket=bucket, Delete={"Objects": objects}) == ("MalformedXML", 400)


def test_a_thousand_objects_are_deleted_at_once(s3, bucket):
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": f"k{n}"} for n in range(1000)]})
    assert len(answer["Deleted"]) == 1000
