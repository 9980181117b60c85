"""boto3's own transfer manager: parallel parts up, parallel ranges down, over http and https."""

import hashlib
import io
import random

import pytest
from boto3.s3.transfer import TransferConfig

from checksums import multipart_etag
from clients import body_of, client_for
from pail import MEDIA

MIB = 1024 * 1024
PARALLEL = TransferConfig(multipart_threshold=8 * MIB, multipart_chunksize=8 * MIB, max_concurrency=4)


@pytest.fixture(scope="module")
def film() -> bytes:
    return random.Random(40).randbytes(40 * MIB)


def test_forty_mebibytes_go_up_and_down_in_parallel_parts(s3, bucket, film):
    s3.upload_fileobj(io.BytesIO(film), bucket, "film.bin", Config=PARALLEL)
    head = s3.head_object(Bucket=bucket, Key="film.bin")
    assert head["ETag"] == multipart_etag([film[n : n + 8 * MIB] for n in range(0, len(film), 8 * MIB)])
    down = io.BytesIO()
    s3.download_fileobj(bucket, "film.bin", down, Config=PARALLEL)
    assert hashlib.sha256(down.getbuffer()).digest() == hashlib.sha256(film).digest()


def test_a_large_copy_is_made_of_copied_parts(s3, bucket, film):
    s3.upload_fileobj(io.BytesIO(film), bucket, "film.bin", Config=PARALLEL)
    s3.copy({"Bucket": bucket, "Key": "film.bin"}, bucket, "copy.bin", Config=PARALLEL)
    got = s3.get_object(Bucket=bucket, Key="copy.bin")
    assert hashlib.sha256(body_of(got)).digest() == hashlib.sha256(film).digest()


def test_a_stream_of_unknown_length_goes_up(s3, bucket, film):
    class Stream(io.RawIOBase):
        def __init__(self, body):
            self.inner = io.BytesIO(body)

        def readable(self):
            return True

        def readinto(self, buffer):
            return self.inner.readinto(buffer)

    s3.upload_fileobj(io.BufferedReader(Stream(film[: 9 * MIB + 5])), bucket, "stream.bin", Config=PARALLEL)
    assert body_of(s3.get_object(Bucket=bucket, Key="stream.bin")) == film[: 9 * MIB + 5]


@pytest.mark.parametrize("name", sorted(path.name for path in MEDIA.iterdir()))
def test_real_media_are_served_as_they_are(endpoint, bucket, name):
    s3 = client_for(endpoint, url=endpoint.virtual_url, addressing="virtual")
    s3.upload_file(str(MEDIA / name), bucket, f"media/{name}", ExtraArgs={"ContentType": "image/jpeg"})
    got = s3.get_object(Bucket=bucket, Key=f"media/{name}")
    assert body_of(got) == (MEDIA / name).read_bytes()
    assert got["ContentType"] == "image/jpeg"
