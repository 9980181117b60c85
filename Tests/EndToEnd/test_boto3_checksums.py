"""Checksums, through boto3: as a header over http, as a trailer over https; wrong ones refused, right ones kept."""

import hashlib

import pytest

from checksums import COMPUTE, checksum, composite, content_md5
from clients import body_of, client_for, refusal

BODY = b"What the wire did to these bytes shall not go unnoticed.\n" * 500
ALGORITHMS = list(COMPUTE)
# boto3 computes no MD5 of its own since it has others; it sends one that is given to it.
COMPUTED = [algorithm for algorithm in ALGORITHMS if algorithm != "MD5"]


@pytest.mark.parametrize("algorithm", COMPUTED)
def test_a_checksum_is_verified_kept_and_returned_to_who_asks(s3, bucket, algorithm):
    expected = checksum(algorithm, BODY)
    put = s3.put_object(Bucket=bucket, Key="object", Body=BODY, ChecksumAlgorithm=algorithm)
    assert put[f"Checksum{algorithm}"] == expected
    assert put["ChecksumType"] == "FULL_OBJECT"
    for call in (s3.head_object, s3.get_object):
        answer = call(Bucket=bucket, Key="object", ChecksumMode="ENABLED")
        assert answer[f"Checksum{algorithm}"] == expected
        assert answer["ChecksumType"] == "FULL_OBJECT"
    assert body_of(answer) == BODY


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_value_that_the_client_computed_itself_is_taken(s3, bucket, algorithm):
    value = {f"Checksum{algorithm}": checksum(algorithm, BODY)}
    assert s3.put_object(Bucket=bucket, Key="object", Body=BODY, **value).items() >= value.items()


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_wrong_checksum_is_refused_and_the_old_object_stays(s3, bucket, algorithm):
    s3.put_object(Bucket=bucket, Key="object", Body=b"old")
    wrong = {f"Checksum{algorithm}": checksum(algorithm, b"other bytes")}
    assert refusal(s3.put_object, Bucket=bucket, Key="object", Body=BODY, **wrong) == ("BadDigest", 400)
    assert body_of(s3.get_object(Bucket=bucket, Key="object")) == b"old"


@pytest.mark.parametrize("value", ["not base64!", "AAAA", "AAAAAAAAAAA="])
def test_a_checksum_that_cannot_be_one_is_an_invalid_request(s3, bucket, value):
    asked = {"Bucket": bucket, "Key": "object", "Body": BODY, "ChecksumCRC32": value}
    assert refusal(s3.put_object, **asked) == ("InvalidRequest", 400)


def test_checksums_are_not_returned_unasked_nor_for_a_range(endpoint, bucket):
    client = client_for(endpoint, response_checksum_validation="when_required")
    client.put_object(Bucket=bucket, Key="object", Body=BODY, ChecksumAlgorithm="SHA256")
    assert "ChecksumSHA256" not in client.head_object(Bucket=bucket, Key="object")
    part = client.get_object(Bucket=bucket, Key="object", Range="bytes=0-9", ChecksumMode="ENABLED")
    assert body_of(part) == BODY[:10]
    assert "ChecksumSHA256" not in part


def test_an_object_put_without_a_checksum_gets_crc64nvme(endpoint, bucket):
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
    client = client_for(endpoint, request_checksum_calculation="when_required")
    client.put_object(Bucket=bucket, Key="object", Body=BODY)
    head = client.head_object(Bucket=bucket, Key="object", ChecksumMode="ENABLED")
    assert head["ChecksumCRC64NVME"] == checksum("CRC64NVME", BODY)


def test_a_right_content_md5_is_taken_and_a_wrong_one_refused(s3, bucket):
    s3.put_object(Bucket=bucket, Key="object", Body=BODY, ContentMD5=content_md5(BODY))
    wrong = {"Bucket": bucket, "Key": "object", "Body": b"new"}
    assert refusal(s3.put_object, ContentMD5=content_md5(BODY), **wrong) == ("BadDigest", 400)
    assert refusal(s3.put_object, ContentMD5="not an md5", **wrong) == ("InvalidDigest", 400)
    assert body_of(s3.get_object(Bucket=bucket, Key="object")) == BODY


def test_two_checksums_at_once_are_refused(s3, bucket):
    two = {"ChecksumSHA256": checksum("SHA256", BODY), "ChecksumSHA1": checksum("SHA1", BODY)}
    assert refusal(s3.put_object, Bucket=bucket, Key="object", Body=BODY, **two) == ("InvalidRequest", 400)


def test_a_wrong_checksum_of_a_part_is_refused(s3, bucket):
    upload = s3.create_multipart_upload(Bucket=bucket, Key="object", ChecksumAlgorithm="SHA256")["UploadId"]
    part = {"Bucket": bucket, "Key": "object", "UploadId": upload, "PartNumber": 1, "Body": BODY}
    assert refusal(s3.upload_part, ChecksumSHA256=checksum("SHA256", b"?"), **part) == ("BadDigest", 400)
    assert "Parts" not in s3.list_parts(Bucket=bucket, Key="object", UploadId=upload)


def assembled(s3, bucket, parts, algorithm, kind, **complete):
    """Uploads the parts with their checksums and completes with them, as an SDK does."""
    upload = s3.create_multipart_upload(Bucket=bucket, Key="object", ChecksumAlgorithm=algorithm, ChecksumType=kind)
    asked = {"Bucket": bucket, "Key": "object", "UploadId": upload["UploadId"]}
    field, named = f"Checksum{algorithm}", []
    for number, body in enumerate(parts, 1):
        answer = s3.upload_part(PartNumber=number, Body=body, ChecksumAlgorithm=algorithm, **asked)
        assert answer[field] == checksum(algorithm, body)
        named.append({"PartNumber": number, "ETag": answer["ETag"], field: answer[field]})
    return s3.complete_multipart_upload(MultipartUpload={"Parts": named}, **asked, **complete)


PARTS = [b"a" * (5 * 1024 * 1024), b"the last part may be short"]


@pytest.mark.parametrize("algorithm", ["CRC32", "CRC32C", "SHA1", "SHA256", "SHA512", "XXHASH64", "XXHASH3", "XXHASH128"])
def test_a_composite_checksum_is_a_checksum_of_checksums(s3, bucket, algorithm):
    answer = assembled(s3, bucket, PARTS, algorithm, "COMPOSITE")
    expected = composite(algorithm, PARTS)
    assert (answer[f"Checksum{algorithm}"], answer["ChecksumType"]) == (expected, "COMPOSITE")
    head = s3.head_object(Bucket=bucket, Key="object", ChecksumMode="ENABLED")
    assert (head[f"Checksum{algorithm}"], head["ChecksumType"]) == (expected, "COMPOSITE")


@pytest.mark.parametrize("algorithm", ["CRC32", "CRC32C", "CRC64NVME"])
def test_a_full_object_checksum_is_that_of_the_whole(s3, bucket, algorithm):
    answer = assembled(s3, bucket, PARTS, algorithm, "FULL_OBJECT")
    expected = checksum(algorithm, b"".join(PARTS))
    assert (answer[f"Checksum{algorithm}"], answer["ChecksumType"]) == (expected, "FULL_OBJECT")
    got = s3.get_object(Bucket=bucket, Key="object", ChecksumMode="ENABLED")
    assert got[f"Checksum{algorithm}"] == expected
    assert hashlib.sha256(body_of(got)).digest() == hashlib.sha256(b"".join(PARTS)).digest()


def test_a_wrong_full_object_checksum_at_completion_is_refused(s3, bucket):
    wrong = {"ChecksumCRC32": checksum("CRC32", b"other bytes"), "ChecksumType": "FULL_OBJECT"}
    asked = {"s3": s3, "bucket": bucket, "parts": PARTS, "algorithm": "CRC32", "kind": "FULL_OBJECT"}
    assert refusal(assembled, **asked, **wrong) == ("BadDigest", 400)
    assert refusal(s3.head_object, Bucket=bucket, Key="object") == ("404", 404)


@pytest.mark.parametrize("algorithm", ["SHA1", "SHA256"])
def test_a_sha_has_no_full_object_form_for_multipart(s3, bucket, algorithm):
    asked = {"Bucket": bucket, "Key": "object", "ChecksumAlgorithm": algorithm, "ChecksumType": "FULL_OBJECT"}
    assert refusal(s3.create_multipart_upload, **asked) == ("InvalidRequest", 400)
