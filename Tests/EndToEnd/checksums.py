"""The checksums of S3, computed apart from the daemon: awscrt's kernels and Python's hashlib."""

import base64
import hashlib

from awscrt import checksums


def xxhash(state, body: bytes) -> bytes:
    state.update(body)
    return state.finalize()


COMPUTE = {
    "CRC32": lambda body: checksums.crc32(body).to_bytes(4, "big"),
    "CRC32C": lambda body: checksums.crc32c(body).to_bytes(4, "big"),
    "CRC64NVME": lambda body: checksums.crc64nvme(body).to_bytes(8, "big"),
    "SHA1": lambda body: hashlib.sha1(body).digest(),
    "SHA256": lambda body: hashlib.sha256(body).digest(),
    "SHA512": lambda body: hashlib.sha512(body).digest(),
    "MD5": lambda body: hashlib.md5(body).digest(),
    "XXHASH64": lambda body: xxhash(checksums.XXHash.new_xxhash64(), body),
    "XXHASH3": lambda body: xxhash(checksums.XXHash.new_xxhash3_64(), body),
    "XXHASH128": lambda body: xxhash(checksums.XXHash.new_xxhash3_128(), body),
}


def checksum(algorithm: str, body: bytes) -> str:
    """The value as S3 writes it: base64 of the big-endian bytes."""
    return base64.b64encode(COMPUTE[algorithm](body)).decode()


def composite(algorithm: str, parts: list[bytes]) -> str:
    """A checksum of the parts' checksums, with their number."""
    return f"{checksum(algorithm, b''.join(COMPUTE[algorithm](part) for part in parts))}-{len(parts)}"


def content_md5(body: bytes) -> str:
    return base64.b64encode(hashlib.md5(body).digest()).decode()


def multipart_etag(parts: list[bytes]) -> str:
    inner = b"".join(hashlib.md5(part).digest() for part in parts)
    return f'"{hashlib.md5(inner).hexdigest()}-{len(parts)}"'
