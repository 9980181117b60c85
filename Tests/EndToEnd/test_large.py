"""Five gibibytes in and out, with the daemon small all the while. Extended: minutes of time, gigabytes of disk."""

import hashlib
import io
import random

import pytest
from boto3.s3.transfer import TransferConfig

import pail
from clients import client_for
from pail import ROOT_KEY
from wire import UNSIGNED, Signer, send

MIB, GIB = 1024**2, 1024**3
SIZE = 5 * GIB
MOST_MEMORY = 100 * MIB

pytestmark = [pytest.mark.extended, pytest.mark.timeout(3600)]


class Generated(io.RawIOBase):
    """A stream that is made as it is read: each MiB begins with its own number, the rest is one block of noise."""

    noise = random.Random(5).randbytes(MIB)

    def __init__(self, size: int = SIZE):
        self.size, self.place, self.digest = size, 0, hashlib.sha256()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        left = self.size - self.place
        wanted, parts = left if size is None or size < 0 else min(size, left), []
        while wanted > 0:
            number, within = divmod(self.place, MIB)
            block = number.to_bytes(8, "big") + self.noise[8:]
            parts.append(block[within : within + wanted])
            self.place += len(parts[-1])
            wanted -= len(parts[-1])
        body = b"".join(parts)
        self.digest.update(body)
        return body

    def __len__(self) -> int:
        return self.size


class Digest(io.RawIOBase):
    """A file that keeps nothing of what is written to it but its hash."""

    def __init__(self):
        self.digest, self.size = hashlib.sha256(), 0

    def writable(self) -> bool:
        return True

    def write(self, body) -> int:
        self.digest.update(body)
        self.size += len(body)
        return len(body)


@pytest.fixture(scope="module")
def roomy(tmp_path_factory, certificate):
    """A daemon with the disk space for one object and its parts, or no test."""
    folder = tmp_path_factory.mktemp("large")
    if pail.free_space(folder) < 3 * SIZE:
        pytest.skip("needs 15 GiB of free disk")
    with pail.Daemon(folder / "data", "--bucket", "large", certificate=certificate).start() as daemon:
        yield daemon
        assert daemon.stop() == 0


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_five_gibibytes_by_multipart_stay_under_a_hundred_mebibytes_of_memory(roomy, scheme):
    s3 = client_for(roomy.listeners[scheme])
    parts = TransferConfig(multipart_threshold=64 * MIB, multipart_chunksize=64 * MIB, max_concurrency=4)
    body, back = Generated(), Digest()
    s3.upload_fileobj(body, "large", "parts.bin", Config=parts)
    got = s3.get_object(Bucket="large", Key="parts.bin")
    for piece in got["Body"].iter_chunks(4 * MIB):
        back.write(piece)
    assert (back.size, back.digest.digest()) == (SIZE, body.digest.digest())
    assert roomy.resident_peak() < MOST_MEMORY
    s3.delete_object(Bucket="large", Key="parts.bin")


def test_five_gibibytes_in_one_put_stay_under_a_hundred_mebibytes_of_memory(roomy):
    headers = Signer(ROOT_KEY).headers("PUT", "/large/one.bin", roomy.http.host, UNSIGNED, content_length=str(SIZE))
    body, back = Generated(), Digest()
    reply = send(roomy.http, "PUT", "/large/one.bin", headers, body)
    assert reply.status == 200, reply.body
    s3 = client_for(roomy.http)
    for piece in s3.get_object(Bucket="large", Key="one.bin")["Body"].iter_chunks(4 * MIB):
        back.write(piece)
    assert (back.size, back.digest.digest()) == (SIZE, body.digest.digest())
    assert roomy.resident_peak() < MOST_MEMORY
    s3.delete_object(Bucket="large", Key="one.bin")
