"""Bodies that are not what they were said to be: pieces, digests, checksums, ranges, copies, parts, keys of the client's own."""

import base64

from checksums import checksum, content_md5
from hostile import ANY, Case, Stage
from pail import ROOT_KEY
from wire import EMPTY_HASH, STREAMING, STREAMING_TRAILER, UNSIGNED, UNSIGNED_TRAILER, Signer, seed_of

ARGUMENT = (400, "InvalidArgument")
INCOMPLETE = (400, "IncompleteBody")
INVALID = (400, "InvalidRequest")
MISMATCH = (403, "SignatureDoesNotMatch")
TRAILER = (400, "MalformedTrailerError")
OK = b"hello"
CRC = ("x-amz-checksum-crc32", checksum("CRC32", OK))


def pieces(
    name: str, kind: str, body, answer: tuple = INCOMPLETE, length: str | None = "5", trailer: str = CRC[0], **options
) -> Case:
    """A put in pieces; `body` is what is sent, or makes it from a signer and the signature before the first piece."""

    def make(stage: Stage) -> bytes:
        signer = Signer(ROOT_KEY)
        more = {"content_encoding": "aws-chunked"} | ({"x_amz_decoded_content_length": length} if length is not None else {})
        if kind != STREAMING and trailer:
            more["x_amz_trailer"] = trailer
        headers = signer.headers("PUT", stage.object, stage.host, kind, **more)
        sent = body(signer, seed_of(headers)) if callable(body) else body
        lines = [f"{name}: {value}" for name, value in headers.items()]
        return stage.raw(f"PUT {stage.object} HTTP/1.1", *lines, f"content-length: {len(sent)}", body=sent, host=None)

    return Case(name, make, *answer, **options)


END = b"0\r\n" + f"{CRC[0]}:{CRC[1]}\r\n\r\n".encode()
GOOD = b"5\r\nhello\r\n" + END


def plain(name: str, body: bytes, answer: tuple = INCOMPLETE, **options) -> Case:
    return pieces(name, UNSIGNED_TRAILER, body, answer, **options)


def signed(name: str, bend, answer: tuple = MISMATCH, **options) -> Case:
    """Signed pieces, bent after they were signed."""
    return pieces(name, STREAMING, lambda signer, seed: bend(signer.chunks(seed, [OK])), answer, **options)


PIECES = [
    plain("piece whose size is no number", b"zz\r\nhello\r\n" + END),
    plain("piece whose size is below zero", b"-5\r\nhello\r\n" + END),
    plain("piece whose size has a plus", b"+5\r\nhello\r\n" + END),
    plain("piece whose size has a prefix", b"0x5\r\nhello\r\n" + END),
    plain("piece whose size has a blank", b" 5\r\nhello\r\n" + END),
    plain("piece whose size is empty", b"\r\nhello\r\n" + END),
    plain("piece whose size has sixteen digits", b"0000000000000005\r\nhello\r\n" + END),
    plain("piece whose size overflows 64 bits", b"10000000000000005\r\nhello\r\n" + END),
    plain("piece whose size is as large as can be", b"7fffffffffffffff\r\nhello\r\n" + END),
    plain("piece larger than what was announced", b"6\r\nhello!\r\n" + END),
    plain("piece longer than its size", b"4\r\nhello\r\n" + END),
    plain("piece with bytes where its line should end", b"5\r\nhelloXX" + END),
    plain("piece with bare line feeds", GOOD.replace(b"\r\n", b"\n")),
    plain("piece whose line has no end", b"5" * 5000),
    plain("piece with an extension of five thousand letters", b"5;" + b"a" * 5000 + b"\r\nhello\r\n" + END),
    plain("pieces that never end", b"5\r\nhello\r\n"),
    plain("pieces that go on after their end", GOOD + b"5\r\nhello\r\n"),
    plain("pieces with a request behind them", GOOD + b"DELETE /canary-bucket/canary HTTP/1.1\r\n\r\n"),
    plain("pieces that are NULs", bytes(100)),
    plain("fewer bytes in pieces than announced", b"4\r\nhell\r\n" + END),
    plain("no bytes at all where pieces were announced", b""),
    plain("pieces of a length that is no number", GOOD, (411, "MissingContentLength"), length="five"),
    plain("pieces of a length below zero", GOOD, (411, "MissingContentLength"), length="-5"),
    plain("pieces of a length of 2 to the 64 and five", GOOD, (411, "MissingContentLength"), length="18446744073709551621"),
    plain("pieces of more than an object may have", GOOD, (400, "EntityTooLarge"), length=str(5 * 1024**3 + 1)),
    plain("pieces of no announced length", GOOD, (411, "MissingContentLength"), length=None),
    plain("trailer that is no field", GOOD.replace(b":", b" "), TRAILER),
    plain("trailer without a name", b"5\r\nhello\r\n0\r\n: x\r\n\r\n", TRAILER),
    plain("trailer of bytes that are no UTF-8", b"5\r\nhello\r\n0\r\n\xff\xfe: x\r\n\r\n", TRAILER),
    plain("trailer with a line of five thousand letters", b"5\r\nhello\r\n0\r\nx:" + b"a" * 5000 + b"\r\n\r\n"),
    plain("trailers by the hundred", b"5\r\nhello\r\n0\r\n" + b"a: b\r\n" * 100 + b"\r\n", TRAILER),
    plain("trailer that was announced and did not come", b"5\r\nhello\r\n0\r\n\r\n", TRAILER),
    plain("trailer that was not the one announced", b"5\r\nhello\r\n0\r\nx-amz-checksum-sha1: AAAA\r\n\r\n", TRAILER),
    plain("trailer of a checksum that is none", GOOD.replace(CRC[1].encode(), b"%%%"), INVALID),
    plain("trailer of a checksum that is too long", GOOD.replace(CRC[1].encode(), b"A" * 400), INVALID),
    plain("trailer of another body's checksum", GOOD.replace(CRC[1].encode(), b"AAAAAA=="), (400, "BadDigest")),
    plain("trailer announced of an algorithm that does not exist", GOOD, INVALID, trailer="x-amz-checksum-crc99"),
    plain("trailer announced twice in one", GOOD, INVALID, trailer="x-amz-checksum-crc32,x-amz-checksum-sha1"),
    signed("signed piece without its signature", lambda b: b.replace(b";chunk-signature=", b";chunk=", 1), INCOMPLETE),
    signed("signed piece with a signature of nothing", lambda b: b[:18] + b[82:]),
    signed("signed piece with a signature that is no hex", lambda b: b[:18] + b"z" * 64 + b[82:]),
    signed("signed piece with a longer signature", lambda b: b[:82] + b"0" + b[82:]),
    signed("signed piece with a signature of two thousand digits", lambda b: b[:82] + b"0" * 2000 + b[82:], INCOMPLETE),
    signed("signed piece with another byte", lambda b: b.replace(b"hello", b"hallo")),
    signed(
        "signed pieces whose last one has another's signature",
        lambda b: b[:-68] + b"0" * 64 + b[-4:],
        (403, "SignatureDoesNotMatch"),
    ),
    signed("signed pieces without the last one", lambda b: b[: b.index(b"hello") + 7], INCOMPLETE),
    signed("signed pieces with a trailer that was not announced", lambda b: b[:-2] + b"x-amz-meta-a: b\r\n\r\n", TRAILER),
    pieces(
        "signed trailer without its signature",
        STREAMING_TRAILER,
        lambda s, seed: s.chunks(seed, [OK], CRC).partition(b"x-amz-trailer-s")[0] + b"\r\n",
        INCOMPLETE,
    ),
    pieces(
        "signed trailer with another signature",
        STREAMING_TRAILER,
        lambda s, seed: s.chunks(seed, [OK], CRC)[:-8] + b"0000\r\n\r\n",
        MISMATCH,
    ),
    pieces(
        "signed trailer behind its signature",
        STREAMING_TRAILER,
        lambda s, seed: s.chunks(seed, [OK], CRC)[:-2] + b"x-amz-meta-a: b\r\n\r\n",
        TRAILER,
    ),
    pieces("signed pieces that begin from nothing", STREAMING, lambda s, seed: s.chunks("", [OK]), MISMATCH),
]


def put(name: str, answer: tuple, body: bytes = OK, **more) -> Case:
    return Case(name, lambda s: s.signed("PUT", s.object, body, **more), *answer)


DIGEST = (400, "InvalidDigest")
DIGESTS = [
    put("MD5 of another body", (400, "BadDigest"), content_md5=content_md5(b"other")),
    put("MD5 that is no base64", DIGEST, content_md5="%%%"),
    put("MD5 in hex", DIGEST, content_md5="5d41402abc4b2a76b9719d911017c592"),
    put("MD5 that is too short", DIGEST, content_md5="AAAA"),
    put("MD5 of ten thousand letters", DIGEST, content_md5="A" * 10_000),
    put("CRC32 of another body", (400, "BadDigest"), x_amz_checksum_crc32=checksum("CRC32", b"other")),
    put("CRC32 that is no base64", INVALID, x_amz_checksum_crc32="%%%"),
    put("CRC32 that is too long", INVALID, x_amz_checksum_crc32="A" * 4000),
    put(
        "two checksums at once", INVALID, x_amz_checksum_crc32=CRC[1], x_amz_checksum_sha256=base64.b64encode(bytes(32)).decode()
    ),
    put("checksum of an algorithm that does not exist", INVALID, x_amz_sdk_checksum_algorithm="CRC99"),
    put("checksum of another algorithm than it names", INVALID, x_amz_sdk_checksum_algorithm="SHA1", x_amz_checksum_crc32=CRC[1]),
    Case(
        "a put without a length",
        lambda s: s.signed("PUT", s.object, payload=UNSIGNED).replace(b"content-length: 0\r\n", b""),
        411,
        "MissingContentLength",
    ),
    Case(
        "a put that ends before its length",
        lambda s: s.signed("PUT", s.object, b"hello", payload=UNSIGNED, length="10"),
        *INCOMPLETE,
        half_closed=True,
    ),
    Case(
        "a put of a length beyond what an object may have",
        lambda s: s.signed("PUT", s.object, payload=UNSIGNED, length=str(5 * 1024**3 + 1)),
        400,
        "EntityTooLarge",
        alone=True,
    ),
    Case(
        "a put of a length near 2 to the 63",
        lambda s: s.signed("PUT", s.object, payload=UNSIGNED, length="9223372036854775807"),
        400,
        "EntityTooLarge",
        alone=True,
    ),
    Case(
        "a put of a signed empty body that has one",
        lambda s: s.signed("PUT", s.object, b"hello", payload=EMPTY_HASH),
        400,
        "XAmzContentSHA256Mismatch",
    ),
    put("metadata beyond two kilobytes", (400, "MetadataTooLarge"), x_amz_meta_a="x" * 2100),
    put("a storage class that does not exist", (400, "InvalidStorageClass"), x_amz_storage_class="FROZEN"),
    put("an ACL that does not exist", ARGUMENT, x_amz_acl="everybody"),
    put("a grant where a bucket takes none", (400, "AccessControlListNotSupported"), x_amz_grant_read="everybody"),
    put("tags that are no query", ARGUMENT, x_amz_tagging="%zz"),
    put("tags by the dozen", (400, "BadRequest"), x_amz_tagging="&".join(f"k{n}=v" for n in range(12))),
    put("a condition on a tag that is none", (412, "PreconditionFailed"), if_match='"'),
    put(
        "a lock in a bucket that has none",
        INVALID,
        x_amz_object_lock_mode="GOVERNANCE",
        x_amz_object_lock_retain_until_date="2099-01-01T00:00:00Z",
    ),
    put("an encryption that does not exist", ARGUMENT, x_amz_server_side_encryption="ROT13"),
    put("a write behind the end", (501, "NotImplemented"), x_amz_write_offset_bytes="5"),
]


def got(name: str, value: str, status: int, code: str | None = None, target: str = "", **headers) -> Case:
    """A range of the scratch object's ten bytes, or of the canary's 76,800; what is no range is ignored (RFC 9110, 14.2)."""
    return Case(name, lambda s: s.signed("GET", target or s.canary, extra=(f"Range: {value}",)), status, code)


RANGE = (416, "InvalidRange")
RANGES = [
    got("range beyond the end", "bytes=76800-", *RANGE),
    got("range beyond every end", "bytes=9223372036854775807-", *RANGE),
    got("range of the last nothing", "bytes=-0", *RANGE),
    got("range of more at the end than there is", "bytes=-9223372036854775807", 206),
    got("range to the end of all numbers", "bytes=0-9223372036854775807", 206),
    got("range of numbers past all numbers", "bytes=99999999999999999999-", *RANGE),
    got("range backwards", "bytes=5-2", 200),
    got("range below zero", "bytes=--5", 200),
    got("range of words", "bytes=first-last", 200),
    got("range of nothing", "bytes=", 200),
    got("range of a dash", "bytes=-", 200),
    got("range of another unit", "lines=0-5", 200),
    got("range in hex", "bytes=0x0-0x5", 200),
    got("ranges that overlap by the thousand", "bytes=" + ",".join(["0-"] * 1000), 200),
    got("ranges two at once", "bytes=0-1,3-4", 200),
    Case(
        "range with a part number", lambda s: s.signed("GET", s.canary + "?partNumber=1", extra=("Range: bytes=0-1",)), *INVALID
    ),
    Case("part number of nothing", lambda s: s.signed("GET", s.canary + "?partNumber=0"), *ARGUMENT),
    Case("part number beyond the last", lambda s: s.signed("GET", s.canary + "?partNumber=2"), 416, "InvalidPartNumber"),
    Case("part number of words", lambda s: s.signed("GET", s.canary + "?partNumber=one"), *ARGUMENT),
    Case(
        "response header with a line break",
        lambda s: s.signed("GET", s.canary + "?response-content-type=a%0D%0Ab%3A%20c"),
        *ARGUMENT,
    ),
    Case("response header with a NUL", lambda s: s.signed("GET", s.canary + "?response-content-disposition=a%00b"), *ARGUMENT),
    Case(
        "response header without a signature",
        lambda s: s.raw(f"GET {s.canary}?response-content-type=text/html HTTP/1.1"),
        403,
        "AccessDenied",
    ),
    Case("version that is none", lambda s: s.signed("GET", s.canary + "?versionId=nonsense"), *ARGUMENT),
    Case("version of nothing", lambda s: s.signed("GET", s.canary + "?versionId="), *ARGUMENT),
    Case("version of ten thousand letters", lambda s: s.signed("GET", s.canary + "?versionId=" + "a" * 10_000), *ARGUMENT),
]


def copy(name: str, source: str, status: int, code: str, **more) -> Case:
    def make(stage: Stage) -> bytes:
        header = source.replace("CANARY", stage.canary)
        return stage.signed("PUT", stage.object, x_amz_copy_source=header, **more)

    return Case(name, make, status, code)


COPIES = [
    copy("copy of nothing", "/", *ARGUMENT),
    copy("copy of a bucket", "/canary-bucket", *ARGUMENT),
    copy("copy of a bucket and a slash", "/canary-bucket/", *ARGUMENT),
    copy("copy of slashes", "//", *ARGUMENT),
    copy("copy of a source that cannot be decoded", "/canary-bucket/%zz", *ARGUMENT),
    copy("copy of a source that is no UTF-8", "/canary-bucket/%ff%fe", *ARGUMENT),
    copy("copy of a bucket that does not exist", "/no-such-bucket-here/canary", 404, "NoSuchBucket"),
    copy("copy of a bucket that climbs", "/../canary-bucket/canary", 404, "NoSuchBucket"),
    copy("copy of an encoded climb", "/canary-bucket%2F..%2F..%2Fetc/passwd", 404, "NoSuchKey"),
    copy("copy of a key that does not exist", "/canary-bucket/nothing", 404, "NoSuchKey"),
    copy("copy of a path of this machine", "file:///etc/passwd", 404, "NoSuchBucket"),
    copy("copy of a version that is none", "CANARY?versionId=nonsense", *ARGUMENT),
    copy("copy of an access point", "arn:aws:s3:us-east-1:1:accesspoint/x/object/y", 501, "NotImplemented"),
    copy("copy with a directive that does not exist", "CANARY", *ARGUMENT, x_amz_metadata_directive="SHRED"),
    copy("copy with a condition on a date that is none", "CANARY", 200, ANY, x_amz_copy_source_if_modified_since="yesterday"),
    copy("copy with a condition that does not hold", "CANARY", 412, "PreconditionFailed", x_amz_copy_source_if_match='"x"'),
    Case(
        "copy of an object onto itself without a change",
        lambda s: s.signed("PUT", s.canary, x_amz_copy_source=s.canary),
        *INVALID,
    ),
    Case(
        "copy of a range that is none into a part",
        lambda s: s.signed(
            "PUT",
            f"/{s.scratch}/parts?partNumber=1&uploadId={s.upload}",
            x_amz_copy_source=s.canary,
            x_amz_copy_source_range="bytes=zz",
        ),
        *ARGUMENT,
    ),
    Case(
        "copy of a range beyond the end into a part",
        lambda s: s.signed(
            "PUT",
            f"/{s.scratch}/parts?partNumber=1&uploadId={s.upload}",
            x_amz_copy_source=s.canary,
            x_amz_copy_source_range="bytes=0-99999999",
        ),
        *ARGUMENT,
    ),
    Case(
        "copy of a range backwards into a part",
        lambda s: s.signed(
            "PUT",
            f"/{s.scratch}/parts?partNumber=1&uploadId={s.upload}",
            x_amz_copy_source=s.canary,
            x_amz_copy_source_range="bytes=5-2",
        ),
        *ARGUMENT,
    ),
]


def own_key(name: str, answer: tuple, algorithm: str | None = "AES256", key: str | None = None, md5: str | None = None) -> Case:
    given = {"algorithm": algorithm, "key": key, "key_md5": md5}
    more = {f"x_amz_server_side_encryption_customer_{name}": value for name, value in given.items() if value is not None}
    return put(name, answer, **more)


KEY = base64.b64encode(bytes(32)).decode()
MD5 = content_md5(bytes(32))
OWN_KEYS = [
    own_key("own key of another algorithm", (400, "InvalidEncryptionAlgorithmError"), "ROT13", KEY, MD5),
    own_key("own key without an algorithm", ARGUMENT, None, KEY, MD5),
    own_key("own key without a key", ARGUMENT, key=None, md5=MD5),
    own_key("own key without its MD5", ARGUMENT, key=KEY),
    own_key("own key with another's MD5", ARGUMENT, key=KEY, md5=content_md5(b"x")),
    own_key("own key that is no base64", ARGUMENT, key="%%%", md5=MD5),
    own_key("own key that is too short", ARGUMENT, key=base64.b64encode(bytes(16)).decode(), md5=content_md5(bytes(16))),
    own_key("own key of ten thousand letters", ARGUMENT, key="A" * 10_000, md5=MD5),
    Case(
        "own key for an object that needs none",
        lambda s: s.signed(
            "GET",
            s.canary,
            x_amz_server_side_encryption_customer_algorithm="AES256",
            x_amz_server_side_encryption_customer_key=KEY,
            x_amz_server_side_encryption_customer_key_MD5=MD5,
        ),
        *INVALID,
    ),
    put(
        "own key beside a key of the service",
        ARGUMENT,
        x_amz_server_side_encryption="AES256",
        x_amz_server_side_encryption_customer_algorithm="AES256",
        x_amz_server_side_encryption_customer_key=KEY,
        x_amz_server_side_encryption_customer_key_MD5=MD5,
    ),
]

CASES = PIECES + DIGESTS + RANGES + COPIES + OWN_KEYS
