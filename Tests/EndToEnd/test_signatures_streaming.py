"""Bodies that are signed or checked piece by piece: aws-chunked in its three forms, over http and https."""

import pytest

from checksums import checksum
from clients import body_of, client_for
from pail import ROOT_KEY
from wire import STREAMING, STREAMING_TRAILER, UNSIGNED_TRAILER, Signer, seed_of, send, unsigned_chunks

PARTS = [b"a" * 8192, b"b" * 8192, b"the rest"]
BODY = b"".join(PARTS)
TRAILER = ("x-amz-checksum-crc32", checksum("CRC32", BODY))


@pytest.fixture
def path(s3, bucket):
    s3.put_object(Bucket=bucket, Key="object", Body=b"old")
    return f"/{bucket}/object"


@pytest.fixture
def stored(s3, bucket):
    return lambda: body_of(s3.get_object(Bucket=bucket, Key="object"))


def signed_headers(endpoint, path, payload, length=len(BODY), **more):
    more = {"content_encoding": "aws-chunked", "x_amz_decoded_content_length": str(length)} | more
    if payload != STREAMING:
        more |= {"x_amz_trailer": TRAILER[0]}
    signer = Signer(ROOT_KEY)
    return signer, signer.headers("PUT", path, endpoint.host, payload, **more)


def framed(kind, signer, headers, parts=PARTS, trailer=TRAILER):
    if kind == UNSIGNED_TRAILER:
        return unsigned_chunks(parts, trailer)
    return signer.chunks(seed_of(headers), parts, trailer if kind == STREAMING_TRAILER else None)


KINDS = [STREAMING, STREAMING_TRAILER, UNSIGNED_TRAILER]


@pytest.mark.parametrize("kind", KINDS)
def test_the_pieces_become_the_body_and_nothing_of_their_frames_stays(endpoint, path, s3, bucket, stored, kind):
    signer, headers = signed_headers(endpoint, path, kind)
    reply = send(endpoint, "PUT", path, headers, framed(kind, signer, headers))
    assert reply.status == 200, reply.body
    assert stored() == BODY
    assert "ContentEncoding" not in s3.head_object(Bucket=bucket, Key="object")


@pytest.mark.parametrize("kind", KINDS)
def test_pieces_may_travel_in_http_chunks_without_a_length(endpoint, path, stored, kind):
    signer, headers = signed_headers(endpoint, path, kind)
    body = framed(kind, signer, headers)
    wrapped = b"".join(f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in (body[:5000], body[5000:]))
    reply = send(endpoint, "PUT", path, headers | {"transfer-encoding": "chunked"}, wrapped + b"0\r\n\r\n")
    assert reply.status == 200, reply.body
    assert stored() == BODY


def test_signed_pieces_need_no_content_encoding(endpoint, path, stored):
    # minio-go and restic send none.
    signer = Signer(ROOT_KEY)
    headers = signer.headers("PUT", path, endpoint.host, STREAMING, x_amz_decoded_content_length=str(len(BODY)))
    assert send(endpoint, "PUT", path, headers, framed(STREAMING, signer, headers)).status == 200
    assert stored() == BODY


def test_another_content_encoding_is_kept(endpoint, path, s3, bucket):
    signer, headers = signed_headers(endpoint, path, STREAMING, content_encoding="aws-chunked,gzip")
    assert send(endpoint, "PUT", path, headers, framed(STREAMING, signer, headers)).status == 200
    assert s3.head_object(Bucket=bucket, Key="object")["ContentEncoding"] == "gzip"


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_body_in_pieces_is_an_empty_object(endpoint, path, stored, kind):
    signer, headers = signed_headers(endpoint, path, kind, length=0)
    trailer = (TRAILER[0], checksum("CRC32", b""))
    reply = send(endpoint, "PUT", path, headers, framed(kind, signer, headers, [], trailer))
    assert reply.status == 200, reply.body
    assert stored() == b""


@pytest.mark.parametrize("kind", [STREAMING, STREAMING_TRAILER])
@pytest.mark.parametrize("place", [100, 9000, -200])
def test_an_altered_piece_is_a_signature_mismatch(endpoint, path, stored, kind, place):
    signer, headers = signed_headers(endpoint, path, kind)
    body = bytearray(framed(kind, signer, headers))
    place = place if place > 0 else body.index(b"the rest")
    body[place] ^= 1
    reply = send(endpoint, "PUT", path, headers, bytes(body))
    assert (reply.status, reply.code) == (403, "SignatureDoesNotMatch")
    assert stored() == b"old"


def test_a_replayed_piece_is_a_signature_mismatch(endpoint, path, stored):
    signer, headers = signed_headers(endpoint, path, STREAMING, length=len(BODY) + 8192)
    body = framed(STREAMING, signer, headers)
    first = body[: body.index(b"\r\n") + 2 + 8192 + 2]
    reply = send(endpoint, "PUT", path, headers, first + body)
    assert (reply.status, reply.code) == (403, "SignatureDoesNotMatch")
    assert stored() == b"old"


def test_swapped_pieces_are_a_signature_mismatch(endpoint, path, stored):
    signer, headers = signed_headers(endpoint, path, STREAMING)
    body = framed(STREAMING, signer, headers)
    size = body.index(b"\r\n") + 2 + 8192 + 2
    reply = send(endpoint, "PUT", path, headers, body[size : 2 * size] + body[:size] + body[2 * size :])
    assert (reply.status, reply.code) == (403, "SignatureDoesNotMatch")
    assert stored() == b"old"


def test_the_pieces_of_another_request_are_a_signature_mismatch(endpoint, path, stored):
    signer, headers = signed_headers(endpoint, path, STREAMING)
    _, other = signed_headers(endpoint, f"{path}-else", STREAMING)
    reply = send(endpoint, "PUT", path, headers, framed(STREAMING, signer, other))
    assert (reply.status, reply.code) == (403, "SignatureDoesNotMatch")
    assert stored() == b"old"


def test_an_altered_trailer_is_refused(endpoint, path, stored):
    for kind, answer in [(STREAMING_TRAILER, (403, "SignatureDoesNotMatch")), (UNSIGNED_TRAILER, (400, "BadDigest"))]:
        signer, headers = signed_headers(endpoint, path, kind)
        body = framed(kind, signer, headers).replace(TRAILER[1].encode(), checksum("CRC32", b"?").encode())
        reply = send(endpoint, "PUT", path, headers, body)
        assert (reply.status, reply.code) == answer
        assert stored() == b"old"


def test_a_rightly_signed_trailer_with_a_wrong_checksum_is_a_bad_digest(endpoint, path, stored):
    signer, headers = signed_headers(endpoint, path, STREAMING_TRAILER)
    body = framed(STREAMING_TRAILER, signer, headers, trailer=(TRAILER[0], checksum("CRC32", b"?")))
    reply = send(endpoint, "PUT", path, headers, body)
    assert (reply.status, reply.code) == (400, "BadDigest")
    assert stored() == b"old"


def test_an_altered_byte_without_signatures_is_a_bad_digest(endpoint, path, stored):
    signer, headers = signed_headers(endpoint, path, UNSIGNED_TRAILER)
    body = bytearray(framed(UNSIGNED_TRAILER, signer, headers))
    body[100] ^= 1
    reply = send(endpoint, "PUT", path, headers, bytes(body))
    assert (reply.status, reply.code) == (400, "BadDigest")
    assert stored() == b"old"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("length", [len(BODY) - 1, len(BODY) + 1])
def test_more_or_fewer_bytes_than_announced_are_refused(endpoint, path, stored, kind, length):
    signer, headers = signed_headers(endpoint, path, kind, length=length)
    reply = send(endpoint, "PUT", path, headers, framed(kind, signer, headers))
    assert reply.status == 400
    assert stored() == b"old"


@pytest.mark.parametrize("kind", KINDS)
def test_a_body_that_ends_within_its_pieces_is_incomplete(endpoint, path, stored, kind):
    signer, headers = signed_headers(endpoint, path, kind)
    reply = send(endpoint, "PUT", path, headers, framed(kind, signer, headers)[:9000])
    assert (reply.status, reply.code) == (400, "IncompleteBody")
    assert stored() == b"old"


def test_the_length_of_the_body_must_be_told(endpoint, path, stored):
    signer = Signer(ROOT_KEY)
    headers = signer.headers("PUT", path, endpoint.host, STREAMING, content_encoding="aws-chunked")
    reply = send(endpoint, "PUT", path, headers, framed(STREAMING, signer, headers))
    assert (reply.status, reply.code) == (411, "MissingContentLength")
    assert stored() == b"old"


@pytest.mark.parametrize("mess", [b"zz\r\n", b"-1\r\n", b"ffffffffffffffffffff\r\n", b"\r\n\r\n", b"10", b"8\n12345678\n"])
def test_frames_that_are_none_are_refused(endpoint, path, stored, mess):
    _, headers = signed_headers(endpoint, path, UNSIGNED_TRAILER)
    reply = send(endpoint, "PUT", path, headers, mess + b"x" * 100)
    assert reply.status == 400
    assert stored() == b"old"


def test_boto3_sends_signed_bodies_over_https_when_it_is_told_to(endpoint, bucket):
    client = client_for(endpoint, s3={"payload_signing_enabled": True, "addressing_style": "path"})
    client.put_object(Bucket=bucket, Key="signed", Body=BODY)
    assert body_of(client.get_object(Bucket=bucket, Key="signed")) == BODY
