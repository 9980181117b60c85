"""ListObjectsV2 and ListObjects, through boto3, over http and https."""

import hashlib

import pytest

from clients import headers_of, refusal

KEYS = ["a.txt", "photos/2020/a.jpg", "photos/2020/b.jpg", "photos/2021/c.jpg", "photos/index", "videos/x.mp4", "z.txt"]


@pytest.fixture
def filled(s3, bucket):
    for key in KEYS:
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    return bucket


def keys_of(answer) -> list[str]:
    return [entry["Key"] for entry in answer.get("Contents", [])]


def prefixes_of(answer) -> list[str]:
    return [entry["Prefix"] for entry in answer.get("CommonPrefixes", [])]


def test_a_listing_tells_of_each_object(s3, filled):
    answer = s3.list_objects_v2(Bucket=filled)
    assert keys_of(answer) == KEYS
    assert (answer["KeyCount"], answer["MaxKeys"], answer["IsTruncated"]) == (len(KEYS), 1000, False)
    first = answer["Contents"][0]
    assert first["Size"] == 5
    assert first["ETag"] == f'"{hashlib.md5(b"a.txt").hexdigest()}"'
    assert first["StorageClass"] == "STANDARD"
    assert first["LastModified"] == s3.head_object(Bucket=filled, Key="a.txt")["LastModified"]
    assert "Owner" not in first


def test_the_owner_is_listed_for_who_asks(s3, filled):
    owner = s3.list_buckets()["Owner"]["ID"]
    asked = s3.list_objects_v2(Bucket=filled, FetchOwner=True)
    assert {entry["Owner"]["ID"] for entry in asked["Contents"]} == {owner}
    assert {entry["Owner"]["ID"] for entry in s3.list_objects(Bucket=filled)["Contents"]} == {owner}


@pytest.mark.parametrize("method", ["list_objects_v2", "list_objects"])
@pytest.mark.parametrize(
    ("asked", "keys", "prefixes"),
    [
        ({"Prefix": "photos/"}, KEYS[1:5], []),
        ({"Prefix": "photos/2020/a.jpg"}, KEYS[1:2], []),
        ({"Prefix": "nothing"}, [], []),
        ({"Prefix": "", "Delimiter": ""}, KEYS, []),
        ({"Delimiter": "/"}, ["a.txt", "z.txt"], ["photos/", "videos/"]),
        ({"Delimiter": "/", "Prefix": "photos/"}, ["photos/index"], ["photos/2020/", "photos/2021/"]),
        ({"Delimiter": "/", "Prefix": "photos"}, [], ["photos/"]),
        ({"Delimiter": "/20", "Prefix": "photos"}, ["photos/index"], ["photos/20"]),
        ({"Delimiter": ".jpg"}, ["a.txt", "photos/index", "videos/x.mp4", "z.txt"], [k for k in KEYS if k.endswith("jpg")]),
    ],
    ids=str,
)
def test_prefix_and_delimiter_make_folders(s3, filled, method, asked, keys, prefixes):
    answer = getattr(s3, method)(Bucket=filled, **asked)
    assert (keys_of(answer), prefixes_of(answer)) == (keys, prefixes)
    if method == "list_objects_v2":
        assert answer["KeyCount"] == len(keys) + len(prefixes)


@pytest.mark.parametrize("size", [1, 2, 3, 6, 7, 8])
def test_pages_of_any_size_make_the_whole_list(s3, filled, size):
    pages = list(s3.get_paginator("list_objects_v2").paginate(Bucket=filled, PaginationConfig={"PageSize": size}))
    assert [key for page in pages for key in keys_of(page)] == KEYS
    assert all(page["KeyCount"] <= size for page in pages)
    assert len(pages) == -(-len(KEYS) // size)


@pytest.mark.parametrize("method", ["list_objects_v2", "list_objects"])
@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_pages_with_folders_name_each_folder_once(s3, filled, method, size):
    pages = s3.get_paginator(method).paginate(Bucket=filled, Delimiter="/", PaginationConfig={"PageSize": size})
    seen = [name for page in pages for name in sorted(keys_of(page) + prefixes_of(page))]
    assert seen == ["a.txt", "photos/", "videos/", "z.txt"]


def test_start_after_begins_behind_a_key_that_need_not_exist(s3, filled):
    assert keys_of(s3.list_objects_v2(Bucket=filled, StartAfter="photos/index")) == KEYS[5:]
    answer = s3.list_objects_v2(Bucket=filled, StartAfter="photos/2020/aaa")
    assert keys_of(answer) == KEYS[2:]
    assert answer["StartAfter"] == "photos/2020/aaa"


def test_start_after_within_a_folder_still_names_the_folder(s3, filled):
    answer = s3.list_objects_v2(Bucket=filled, Delimiter="/", StartAfter="photos/2020/a.jpg")
    assert prefixes_of(answer) == ["photos/", "videos/"]


def test_a_continuation_token_wins_over_start_after(s3, filled):
    first = s3.list_objects_v2(Bucket=filled, MaxKeys=2)
    assert first["IsTruncated"] and first["NextContinuationToken"]
    second = s3.list_objects_v2(Bucket=filled, ContinuationToken=first["NextContinuationToken"], StartAfter="z")
    assert keys_of(second) == KEYS[2:]
    assert second["ContinuationToken"] == first["NextContinuationToken"]


def test_a_token_that_was_never_given_is_refused(s3, filled):
    assert refusal(s3.list_objects_v2, Bucket=filled, ContinuationToken="made up") == ("InvalidArgument", 400)


def test_the_old_listing_continues_behind_its_marker(s3, filled):
    answer = s3.list_objects(Bucket=filled, Marker="photos/2020/b.jpg", MaxKeys=2)
    assert (keys_of(answer), answer["Marker"], answer["IsTruncated"]) == (KEYS[3:5], "photos/2020/b.jpg", True)
    assert "NextMarker" not in answer, "only a listing with a delimiter has one"


def test_the_old_listing_with_a_delimiter_says_where_to_go_on(s3, filled):
    answer = s3.list_objects(Bucket=filled, Delimiter="/", MaxKeys=2)
    assert (keys_of(answer), prefixes_of(answer), answer["NextMarker"]) == (["a.txt"], ["photos/"], "photos/")
    rest = s3.list_objects(Bucket=filled, Delimiter="/", Marker=answer["NextMarker"])
    assert (keys_of(rest), prefixes_of(rest)) == (["z.txt"], ["videos/"])


@pytest.mark.parametrize("method", ["list_objects_v2", "list_objects"])
def test_max_keys_may_be_none_at_all_and_is_never_over_a_thousand(s3, filled, method):
    none = getattr(s3, method)(Bucket=filled, MaxKeys=0)
    assert (keys_of(none), none["IsTruncated"], none["MaxKeys"]) == ([], False, 0)
    assert getattr(s3, method)(Bucket=filled, MaxKeys=5000)["MaxKeys"] == 1000
    assert refusal(getattr(s3, method), Bucket=filled, MaxKeys=-1) == ("InvalidArgument", 400)


def test_keys_are_in_the_order_of_their_utf8_bytes(s3, bucket):
    keys = ["Z", "a", "a!", "a/b", "a0", "é", "ﬀ", "😀", "~"]
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=b"")
    assert keys_of(s3.list_objects_v2(Bucket=bucket)) == sorted(keys, key=lambda key: key.encode())


def test_encoding_type_url_is_said_and_undone_only_if_asked(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a b+c/ü&<", Body=b"")
    plain = s3.list_objects_v2(Bucket=bucket, EncodingType="url", Delimiter="/", Prefix="a b+")
    assert plain["EncodingType"] == "url"
    assert prefixes_of(plain) in (["a+b%2Bc/"], ["a%20b%2Bc/"])
    assert refusal(s3.list_objects_v2, Bucket=bucket, EncodingType="morse") == ("InvalidArgument", 400)


def test_a_listing_of_1100_keys_stops_at_a_thousand(s3, bucket):
    # Copies of one object: they are made over one connection, and the test is about the count.
    s3.put_object(Bucket=bucket, Key="k0000", Body=b"x")
    for number in range(1, 1100):
        s3.copy_object(Bucket=bucket, Key=f"k{number:04}", CopySource=f"{bucket}/k0000")
    first = s3.list_objects_v2(Bucket=bucket)
    assert (len(first["Contents"]), first["IsTruncated"], first["KeyCount"]) == (1000, True, 1000)
    rest = s3.list_objects_v2(Bucket=bucket, ContinuationToken=first["NextContinuationToken"])
    assert (len(rest["Contents"]), rest["IsTruncated"]) == (100, False)
    assert headers_of(rest)["content-type"] == "application/xml"
