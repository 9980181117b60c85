"""Encryption at rest, through boto3, over http and https: what is answered, and what lies in the data folder."""

import base64
import hashlib
import io
import os

import pytest

import pail
from clients import body_of, client_for, fresh_name, headers_of, refusal, status_of

BLOCK = 64 << 10
KEY, OTHER_KEY = bytes(range(100, 132)), bytes(range(32))
CUSTOMER = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": KEY}
SOURCE = {"CopySourceSSECustomerAlgorithm": "AES256", "CopySourceSSECustomerKey": KEY}
MANAGED = {"ServerSideEncryption": "AES256"}
NAMED = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "holiday"}
WAYS = {"clear": {}, "AES256": MANAGED, "aws:kms": NAMED, "SSE-C": CUSTOMER}
ENCRYPTED = {name: way for name, way in WAYS.items() if way}


def reading(way: dict) -> dict:
    """What a read must bring for an object that was written so."""
    return CUSTOMER if way is CUSTOMER else {}


def rule(**words) -> dict:
    return {"Rules": [words]}


def sizes():
    return [0, 1, 8 * 1024 - 1, 8 * 1024 + 1, BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK + 3]


@pytest.mark.parametrize("name", ENCRYPTED)
def test_an_encrypted_object_is_read_as_it_was_written(s3, bucket, name):
    way = ENCRYPTED[name]
    for size in sizes():
        body = os.urandom(size)
        put = s3.put_object(Bucket=bucket, Key="k", Body=body, **way)
        got = s3.get_object(Bucket=bucket, Key="k", **reading(way))
        head = s3.head_object(Bucket=bucket, Key="k", **reading(way))
        assert body_of(got) == body
        assert got["ContentLength"] == head["ContentLength"] == size
        assert put["ETag"] == got["ETag"] == head["ETag"]
        assert (put["ETag"] == f'"{hashlib.md5(body).hexdigest()}"') == (name == "AES256")
        for answer in (put, got, head):
            if name == "SSE-C":
                digest = base64.b64encode(hashlib.md5(KEY).digest()).decode()
                assert (answer["SSECustomerAlgorithm"], answer["SSECustomerKeyMD5"]) == ("AES256", digest)
                assert "ServerSideEncryption" not in answer
            else:
                assert answer["ServerSideEncryption"] == name
            if name == "aws:kms":
                assert answer["SSEKMSKeyId"] == "arn:aws:kms:us-east-1:000000000000:key/holiday"


@pytest.mark.parametrize("name", ENCRYPTED)
def test_a_range_over_the_borders_of_blocks_is_those_bytes(s3, bucket, name):
    way, body = ENCRYPTED[name], os.urandom(6 * BLOCK + 100)
    s3.put_object(Bucket=bucket, Key="k", Body=body, **way)
    ends = [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 4 * BLOCK - 1, 4 * BLOCK, 6 * BLOCK, len(body) - 1]
    for first in ends:
        for last in [end for end in ends if end >= first]:
            got = s3.get_object(Bucket=bucket, Key="k", Range=f"bytes={first}-{last}", **reading(way))
            assert body_of(got) == body[first : last + 1]
            assert got["ContentRange"] == f"bytes {first}-{last}/{len(body)}"
    got = s3.get_object(Bucket=bucket, Key="k", Range="bytes=-70000", **reading(way))
    assert body_of(got) == body[-70000:]


@pytest.mark.parametrize("name", ENCRYPTED)
def test_twenty_mebibytes_in_parts_are_one_encrypted_object(s3, bucket, name):
    way, body = ENCRYPTED[name], os.urandom(20 << 20)
    extra = dict(way) if way is not CUSTOMER else {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": KEY}
    s3.upload_fileobj(io.BytesIO(body), bucket, "big", ExtraArgs=extra)
    head = s3.head_object(Bucket=bucket, Key="big", **reading(way))
    assert head["ETag"].endswith('-3"')
    got = s3.get_object(Bucket=bucket, Key="big", **reading(way))
    assert hashlib.sha256(body_of(got)).digest() == hashlib.sha256(body).digest()
    part = s3.get_object(Bucket=bucket, Key="big", PartNumber=2, **reading(way))
    assert body_of(part) == body[8 << 20 : 16 << 20]
    across = s3.get_object(Bucket=bucket, Key="big", Range=f"bytes={(8 << 20) - 5}-{(8 << 20) + 5}", **reading(way))
    assert body_of(across) == body[(8 << 20) - 5 : (8 << 20) + 6]
    target = io.BytesIO()
    s3.download_fileobj(bucket, "big", target, ExtraArgs=reading(way))
    assert target.getvalue() == body


def test_a_part_has_its_uploads_encryption_and_key(s3, bucket):
    upload = s3.create_multipart_upload(Bucket=bucket, Key="k", **CUSTOMER)
    assert upload["SSECustomerAlgorithm"] == "AES256"
    part = {"Bucket": bucket, "Key": "k", "UploadId": upload["UploadId"], "PartNumber": 1, "Body": b"x"}
    assert refusal(s3.upload_part, **part) == ("InvalidRequest", 400)
    other = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": OTHER_KEY}
    assert refusal(s3.upload_part, **part, **other) == ("InvalidRequest", 400)
    first = s3.upload_part(**part, **CUSTOMER)
    again = s3.upload_part(**part, **CUSTOMER)
    assert first["ETag"] == again["ETag"] != f'"{hashlib.md5(b"x").hexdigest()}"'
    parts = {"Parts": [{"PartNumber": 1, "ETag": first["ETag"]}]}
    done = {"Bucket": bucket, "Key": "k", "UploadId": upload["UploadId"], "MultipartUpload": parts}
    s3.complete_multipart_upload(**done, **CUSTOMER)
    assert body_of(s3.get_object(Bucket=bucket, Key="k", **CUSTOMER)) == b"x"


@pytest.mark.parametrize("target", WAYS)
@pytest.mark.parametrize("source", WAYS)
def test_a_copy_goes_from_any_encryption_to_any_other(s3, bucket, source, target):
    body = os.urandom(3 * BLOCK + 7)
    other = fresh_name()
    s3.create_bucket(Bucket=other)
    s3.put_object(Bucket=bucket, Key="source", Body=body, Metadata={"a": "b"}, **WAYS[source])
    place = {"CopySource": {"Bucket": bucket, "Key": "source"}} | (SOURCE if source == "SSE-C" else {})
    answer = s3.copy_object(Bucket=other, Key="copy", **place, **WAYS[target])
    assert answer.get("ServerSideEncryption") == WAYS[target].get("ServerSideEncryption")
    upload = s3.create_multipart_upload(Bucket=other, Key="parts", **WAYS[target])
    name = {"Bucket": other, "Key": "parts", "UploadId": upload["UploadId"]}
    ranged = {"CopySourceRange": f"bytes=10-{2 * BLOCK}"}
    part = s3.upload_part_copy(**name, PartNumber=1, **place, **ranged, **reading(WAYS[target]))
    parts = [{"PartNumber": 1} | {k: v for k, v in part["CopyPartResult"].items() if k != "LastModified"}]
    s3.complete_multipart_upload(**name, MultipartUpload={"Parts": parts}, **reading(WAYS[target]))
    s3.delete_object(Bucket=bucket, Key="source")
    got = s3.get_object(Bucket=other, Key="copy", **reading(WAYS[target]))
    assert (body_of(got), got["Metadata"]) == (body, {"a": "b"})
    got = s3.get_object(Bucket=other, Key="parts", **reading(WAYS[target]))
    assert body_of(got) == body[10 : 2 * BLOCK + 1]


def test_reads_need_the_clients_key_and_no_other(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"x", **CUSTOMER)
    s3.put_object(Bucket=bucket, Key="clear", Body=b"x")
    name = {"Bucket": bucket, "Key": "k"}
    other = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": OTHER_KEY}
    assert refusal(s3.get_object, **name) == ("InvalidRequest", 400)
    assert refusal(s3.head_object, **name) == ("400", 400)
    assert refusal(s3.get_object, **name, **other) == ("AccessDenied", 403)
    assert refusal(s3.get_object, Bucket=bucket, Key="clear", **CUSTOMER) == ("InvalidRequest", 400)
    assert refusal(s3.copy_object, Bucket=bucket, Key="copy", CopySource=name) == ("InvalidRequest", 400)
    short = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": b"short"}
    assert refusal(s3.put_object, **name, Body=b"x", **short) == ("InvalidArgument", 400)
    assert refusal(s3.put_object, **name, Body=b"x", **CUSTOMER, **MANAGED) == ("InvalidArgument", 400)
    # botocore completes this operation's key neither with base64 nor with an MD5.
    whole = CUSTOMER | {
        "SSECustomerKey": base64.b64encode(KEY).decode(),
        "SSECustomerKeyMD5": base64.b64encode(hashlib.md5(KEY).digest()).decode(),
    }
    wanted = {"ObjectAttributes": ["ETag", "ObjectSize"]}
    assert refusal(s3.get_object_attributes, **name, **wanted) == ("InvalidRequest", 400)
    assert s3.get_object_attributes(**name, **wanted, **whole)["ObjectSize"] == 1
    assert [item["Size"] for item in s3.list_objects_v2(Bucket=bucket)["Contents"]] == [1, 1]
    s3.delete_object(**name)


def test_a_presigned_url_needs_the_keys_headers(s3, bucket, endpoint):
    import requests

    s3.put_object(Bucket=bucket, Key="k", Body=b"meow", **CUSTOMER)
    parameters = {"Bucket": bucket, "Key": "k", "SSECustomerAlgorithm": "AES256", "SSECustomerKey": KEY}
    url = client_for(endpoint, signature_version="s3v4").generate_presigned_url("get_object", parameters)
    prefix = "x-amz-server-side-encryption-customer-"
    headers = {
        f"{prefix}algorithm": "AES256",
        f"{prefix}key": base64.b64encode(KEY).decode(),
        f"{prefix}key-MD5": base64.b64encode(hashlib.md5(KEY).digest()).decode(),
    }
    answer = requests.get(url, headers=headers, verify=endpoint.certificate, timeout=pail.PATIENCE)
    assert (answer.status_code, answer.content) == (200, b"meow")
    assert requests.get(url, verify=endpoint.certificate, timeout=pail.PATIENCE).status_code == 403


def test_a_bucket_encrypts_by_default_what_says_nothing(s3, bucket):
    missing = ("ServerSideEncryptionConfigurationNotFoundError", 404)
    assert refusal(s3.get_bucket_encryption, Bucket=bucket) == missing
    assert "ServerSideEncryption" not in s3.put_object(Bucket=bucket, Key="before", Body=b"x")
    managed = rule(ApplyServerSideEncryptionByDefault={"SSEAlgorithm": "AES256"})
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=managed)
    told = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert told == [managed["Rules"][0] | {"BucketKeyEnabled": False}]
    assert s3.put_object(Bucket=bucket, Key="after", Body=b"x")["ServerSideEncryption"] == "AES256"
    assert s3.head_object(Bucket=bucket, Key="after")["ServerSideEncryption"] == "AES256"
    assert "ServerSideEncryption" not in s3.head_object(Bucket=bucket, Key="before")
    upload = s3.create_multipart_upload(Bucket=bucket, Key="big")
    part = s3.upload_part(Bucket=bucket, Key="big", UploadId=upload["UploadId"], PartNumber=1, Body=b"x")
    copy = s3.copy_object(Bucket=bucket, Key="copy", CopySource=f"{bucket}/before")
    assert {answer["ServerSideEncryption"] for answer in (upload, part, copy)} == {"AES256"}
    named = rule(
        ApplyServerSideEncryptionByDefault={"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/mine"}, BucketKeyEnabled=True
    )
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=named)
    answer = s3.put_object(Bucket=bucket, Key="after", Body=b"x")
    assert (answer["ServerSideEncryption"], answer["BucketKeyEnabled"]) == ("aws:kms", True)
    assert answer["SSEKMSKeyId"] == "arn:aws:kms:us-east-1:000000000000:alias/mine"
    blocking = rule(BlockedEncryptionTypes={"EncryptionType": ["SSE-C"]})
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=blocking)
    assert refusal(s3.put_object, Bucket=bucket, Key="k", Body=b"x", **CUSTOMER) == ("AccessDenied", 403)
    s3.delete_bucket_encryption(Bucket=bucket)
    assert refusal(s3.get_bucket_encryption, Bucket=bucket) == missing


def test_versions_keep_each_its_own_encryption(s3, bucket):
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    written = {name: s3.put_object(Bucket=bucket, Key="k", Body=name.encode(), **way) for name, way in WAYS.items()}
    for name, answer in written.items():
        got = s3.get_object(Bucket=bucket, Key="k", VersionId=answer["VersionId"], **reading(WAYS[name]))
        assert body_of(got) == name.encode()


def test_a_checksum_is_that_of_the_plain_bytes(s3, bucket):
    for way in WAYS.values():
        s3.put_object(Bucket=bucket, Key="k", Body=b"meow", ChecksumAlgorithm="SHA256", **way)
        head = s3.head_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED", **reading(way))
        assert head["ChecksumSHA256"] == base64.b64encode(hashlib.sha256(b"meow").digest()).decode()


def files_of(daemon):
    """Everything that the daemon left: its data folder and its log."""
    for path in [path for path in daemon.data.rglob("*") if path.is_file()] + [daemon.log]:
        yield path, path.read_bytes()


def test_a_restart_finds_all_of_it_and_nobody_else_does(new_daemon, certificate):
    daemon = new_daemon(certificate=certificate)
    small, large = b"a small sentence that is nowhere else", b"a sentence of a large body " * 40_000
    with daemon.start():
        s3 = client_for(daemon.http)
        s3.create_bucket(Bucket="safe")
        for name, way in ENCRYPTED.items():
            s3.put_object(Bucket="safe", Key=f"{name}/small", Body=small, **way)
            s3.put_object(Bucket="safe", Key=f"{name}/large", Body=large, **way)
            s3.upload_fileobj(io.BytesIO(large * 10), "safe", f"{name}/parts", ExtraArgs=dict(way))
        # Refusals must not tell the key to the log either.
        assert refusal(s3.get_object, Bucket="safe", Key="AES256/small", **CUSTOMER) == ("InvalidRequest", 400)
        assert refusal(client_for(daemon.http, key=pail.Key(pail.ROOT_KEY.access, "wrong")).get_object, Bucket="safe", Key="k", **CUSTOMER)
        daemon.kill()
        master = daemon.data / "master.key"
        assert master.stat().st_mode & 0o777 == 0o600
        secrets = [KEY, base64.b64encode(KEY), KEY.hex().encode(), small, large[:27]]
        for path, content in files_of(daemon):
            assert not [secret for secret in secrets if secret in content], path
            if path != master:
                assert master.read_bytes().strip() not in content, path
                assert bytes.fromhex(master.read_text().strip()) not in content, path
    with daemon.start():
        s3 = client_for(daemon.https)
        for name, way in ENCRYPTED.items():
            for key, body in [("small", small), ("large", large), ("parts", large * 10)]:
                assert body_of(s3.get_object(Bucket="safe", Key=f"{name}/{key}", **reading(way))) == body
        s3.put_object(Bucket="safe", Key="new", Body=small, **MANAGED)
        assert body_of(s3.get_object(Bucket="safe", Key="new")) == small
        assert status_of(s3.delete_object(Bucket="safe", Key="new")) == 204
        assert daemon.stop() == 0


def test_an_altered_block_cuts_the_answer_before_it(new_daemon):
    daemon = new_daemon()
    body = os.urandom(20 * BLOCK)
    with daemon.start():
        s3 = client_for(daemon.http)
        s3.create_bucket(Bucket="safe")
        s3.put_object(Bucket="safe", Key="k", Body=body, **MANAGED)
        (blob,) = [path for path in (daemon.data / "blobs").iterdir()]
        content = bytearray(blob.read_bytes())
        content[15 * (BLOCK + 16) + 100] ^= 1
        blob.write_bytes(content)
        got = s3.get_object(Bucket="safe", Key="k")
        read = bytearray()
        with pytest.raises(Exception):
            for piece in got["Body"].iter_chunks(4096):
                read += piece
        assert len(read) <= 15 * BLOCK
        assert bytes(read) == body[: len(read)]
        # What is before it, and what is behind it, can be had.
        for first in (0, 16 * BLOCK):
            part = s3.get_object(Bucket="safe", Key="k", Range=f"bytes={first}-{first + 4 * BLOCK - 1}")
            assert body_of(part) == body[first : first + 4 * BLOCK]
        assert headers_of(s3.head_object(Bucket="safe", Key="k"))["content-length"] == str(len(body))


def test_in_memory_encryption_works_and_leaves_nothing(new_daemon):
    daemon = new_daemon("--memory")
    with daemon.start():
        s3 = client_for(daemon.http)
        s3.create_bucket(Bucket="safe")
        body = os.urandom(3 * BLOCK)
        for name, way in ENCRYPTED.items():
            s3.put_object(Bucket="safe", Key=name, Body=body, **way)
            assert body_of(s3.get_object(Bucket="safe", Key=name, **reading(way))) == body
        assert not (daemon.data / "master.key").exists()
