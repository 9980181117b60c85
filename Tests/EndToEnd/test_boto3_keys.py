"""Keys and metadata that trip servers up: kept byte for byte, never normalised, never a path on disk."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients import body_of, client_for, fresh_name, refusal
from pail import ROOT

NASTY = [
    *("a//b", "a///b", "../x", "../../../../etc/passwd", ".", "..", "./a", "a/.", "a/..", "a/../b", "/leading", "//two", "trailing/"),
    *("a b", "a+b", "a%20b", "a%2Fb", "%", "%%", "%zz", "a?b=c", "a#b", "a&b<c>\"'", "a=b", "a;b", "a:b", "a,b@c$d!e*f(g)", "~", "^{|}`\\"),
    *("ünïcödé", "e\u0301", "\u00e9", "日本語/ファイル.jpg", "😀", "\u202egpj.exe", "new\nline", "tab\tkey", "cr\rkey", "bell\x07", "\x7f", " ", " a "),
    *("_pail/health", "?acl", "index.html", "con", "a" * 1024, "é" * 512),
]


@pytest.mark.parametrize("addressing", ["path", "virtual"])
def test_every_nasty_key_is_one_object_of_its_own(endpoint, addressing):
    url = endpoint.url if addressing == "path" else endpoint.virtual_url
    s3, bucket = client_for(endpoint, url=url, addressing=addressing), fresh_name()
    s3.create_bucket(Bucket=bucket)
    for key in NASTY:
        s3.put_object(Bucket=bucket, Key=key, Body=b"the body of " + key.encode())
    for key in NASTY:
        assert body_of(s3.get_object(Bucket=bucket, Key=key)) == b"the body of " + key.encode(), key
    listed = [entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket)["Contents"]]
    assert listed == sorted(NASTY, key=lambda key: key.encode())
    removed = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": key} for key in NASTY[:-10] if in_xml(key)]})
    assert "Errors" not in removed
    for key in NASTY:
        s3.delete_object(Bucket=bucket, Key=key)
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


def in_xml(key: str) -> bool:
    """Whether XML 1.0 can say this key and boto3 does say it as it is."""
    return all(character >= " " for character in key)


def test_no_file_name_on_disk_is_made_from_a_key(s3, bucket, daemon):
    s3.put_object(Bucket=bucket, Key="a-telling-name", Body=b"x" * 100_000)
    names = [path.name for path in daemon.data.rglob("*")]
    assert names and not [name for name in names if "telling" in name or bucket in name]


@pytest.mark.parametrize("key", ["a" * 1025, "é" * 513], ids=["ascii", "utf8"])
def test_a_key_over_1024_bytes_is_too_long(s3, bucket, key):
    assert refusal(s3.put_object, Bucket=bucket, Key=key, Body=b"x") == ("KeyTooLongError", 400)
    assert refusal(s3.create_multipart_upload, Bucket=bucket, Key=key) == ("KeyTooLongError", 400)


FEW = settings(max_examples=40, deadline=None, derandomize=True, database=None)
text = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=60)


@pytest.fixture(scope="module")
def store(daemon):
    """One bucket for all the examples of a property."""
    client, bucket = client_for(daemon.http), fresh_name()
    client.create_bucket(Bucket=bucket)
    return client, bucket


@settings(FEW, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=text, body=st.binary(max_size=200))
def test_any_key_and_any_bytes_come_back(store, key, body):
    s3, bucket = store
    s3.put_object(Bucket=bucket, Key=key, Body=body)
    assert body_of(s3.get_object(Bucket=bucket, Key=key)) == body
    assert key in [entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket, Prefix=key)["Contents"]]
    s3.delete_object(Bucket=bucket, Key=key)


names = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_.", min_size=1, max_size=20)
values = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=40)


@settings(FEW, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(metadata=st.dictionaries(names, values, max_size=8))
def test_any_metadata_comes_back(store, metadata):
    s3, bucket = store
    s3.put_object(Bucket=bucket, Key="object", Body=b"x", Metadata=metadata)
    assert s3.head_object(Bucket=bucket, Key="object")["Metadata"] == metadata


def test_the_shared_list_of_keys_comes_back(s3, bucket):
    shared = ROOT / "Fixtures/keys.txt"
    for line in filter(None, shared.read_text().splitlines()):
        key = json.loads(line) if line.startswith('"') else line
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
        assert body_of(s3.get_object(Bucket=bucket, Key=key)) == key.encode()
