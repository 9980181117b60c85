"""What is no HTTP, or could be read in two ways (RFC 9110, RFC 9112): heads, framing, smuggling, targets, hosts, upgrades."""

from checksums import checksum
from hostile import ANY, SILENCE, Case, Stage
from pail import ROOT_KEY
from wire import UNSIGNED, UNSIGNED_TRAILER, Signer, unsigned_chunks

BAD = (400, "BadRequest")
INCOMPLETE = (400, "IncompleteBody")
TOO_LARGE = (400, "RequestHeaderSectionTooLarge")
NO_VERSION = (501, "NotImplemented")
DENIED = (403, "AccessDenied")


def framed(name: str, lines: list[str], body: bytes, answer: tuple = BAD) -> Case:
    """A rightly signed put of the scratch object whose length is told by `lines`; what follows must never be a request."""

    def make(stage: Stage) -> bytes:
        headers = Signer(ROOT_KEY).headers("PUT", stage.object, stage.host, UNSIGNED)
        fields = [f"{name}: {value}" for name, value in headers.items()] + lines
        return stage.raw(f"PUT {stage.object} HTTP/1.1", *fields, body=body, host=None)

    return Case(name, make, *answer, alone=True)


CHUNKED = "Transfer-Encoding: chunked"
SMUGGLING = [
    framed("a length before chunks", ["Content-Length: 5", CHUNKED], b"0\r\n\r\n"),
    framed("a length behind chunks", [CHUNKED, "Content-Length: 5"], b"0\r\n\r\n"),
    framed("a length of nothing beside chunks", ["Content-Length: 0", CHUNKED], b"0\r\n\r\n"),
    framed("two lengths that differ", ["Content-Length: 5", "Content-Length: 6"], b"hello"),
    framed("two lengths that agree", ["Content-Length: 5", "Content-Length: 5"], b"hello"),
    framed("two lengths in one line", ["Content-Length: 5, 5"], b"hello"),
    framed("a length with a plus", ["Content-Length: +5"], b"hello"),
    framed("a length below zero", ["Content-Length: -5"], b"hello"),
    framed("a length in hex", ["Content-Length: 0x5"], b"hello"),
    framed("a length with a fraction", ["Content-Length: 5.0"], b"hello"),
    framed("a length of words", ["Content-Length: five"], b"hello"),
    framed("a length with a blank within", ["Content-Length: 5 5"], b"hello"),
    framed("a length of nothing at all", ["Content-Length:"], b"hello"),
    framed("a length of 2 to the 63", ["Content-Length: 9223372036854775808"], b"hello"),
    framed("a length of 2 to the 64 and five", ["Content-Length: 18446744073709551621"], b"hello"),
    framed("a length of a hundred digits", ["Content-Length: " + "9" * 100], b"hello"),
    framed("a length in other digits", ["Content-Length: ٥"], b"hello"),
    framed("a blank before the colon of the length", ["Content-Length : 5"], b"hello"),
    framed("a tab before the colon of the length", ["Content-Length\t: 5"], b"hello"),
    framed("a length on a folded line", ["Content-Length:", " 5"], b"hello"),
    framed("a length behind a bare carriage return", ["X: y\rContent-Length: 5"], b"hello"),
    framed("a length behind a NUL", ["Content-Length: 5\0"], b"hello"),
    framed("chunks of two codings", ["Transfer-Encoding: gzip, chunked"], b"0\r\n\r\n"),
    framed("chunks that are not the last coding", ["Transfer-Encoding: chunked, gzip"], b"0\r\n\r\n"),
    framed("chunks in chunks", ["Transfer-Encoding: chunked, chunked"], b"0\r\n\r\n"),
    framed("chunks twice", [CHUNKED, CHUNKED], b"0\r\n\r\n"),
    framed("a coding that is nearly chunked", ["Transfer-Encoding: xchunked"], b"0\r\n\r\n"),
    framed("a coding with a parameter", ["Transfer-Encoding: chunked;q=1"], b"0\r\n\r\n"),
    framed("a coding in quotation marks", ['Transfer-Encoding: "chunked"'], b"0\r\n\r\n"),
    framed("the coding identity", ["Transfer-Encoding: identity"], b"0\r\n\r\n"),
    framed("a coding of nothing", ["Transfer-Encoding:"], b"0\r\n\r\n"),
    framed("a coding behind a vertical tab", ["Transfer-Encoding: \x0bchunked"], b"0\r\n\r\n"),
    framed("a coding before a NUL", ["Transfer-Encoding: chunked\0"], b"0\r\n\r\n"),
    framed("a coding on a folded line", ["Transfer-Encoding:", " chunked"], b"0\r\n\r\n"),
    framed("a blank before the colon of the coding", ["Transfer-Encoding : chunked"], b"0\r\n\r\n"),
    framed(
        "a coding hidden in another field by a line feed", ["X: y\nTransfer-Encoding: chunked\nContent-Length: 5"], b"0\r\n\r\n"
    ),
    framed("chunk size that is no number", [CHUNKED], b"zz\r\nhello\r\n0\r\n\r\n", INCOMPLETE),
    framed("chunk size below zero", [CHUNKED], b"-5\r\nhello\r\n0\r\n\r\n", INCOMPLETE),
    framed("chunk size with a prefix", [CHUNKED], b"0x5\r\nhello\r\n0\r\n\r\n", INCOMPLETE),
    framed("chunk size of 2 to the 64 and five", [CHUNKED], b"10000000000000005\r\nhello\r\n0\r\n\r\n", INCOMPLETE),
    framed("chunk size of nothing", [CHUNKED], b"\r\nhello\r\n0\r\n\r\n", INCOMPLETE),
    framed("chunk longer than its size", [CHUNKED], b"5\r\nhello world\r\n0\r\n\r\n", INCOMPLETE),
    framed("chunk shorter than its size", [CHUNKED], b"6\r\nhello\r\n0\r\n\r\n", INCOMPLETE),
    framed("chunk without the end of its line", [CHUNKED], b"5\r\nhello0\r\n\r\n", INCOMPLETE),
    framed("chunk extension with a bare line feed", [CHUNKED], b"5;a\nb\r\nhello\r\n0\r\n\r\n", INCOMPLETE),
    framed("HTTP trailer that is no field", [CHUNKED], b"0\r\nno field\r\n\r\n", INCOMPLETE),
    framed("HTTP trailers of a hundred thousand bytes", [CHUNKED], b"0\r\n" + b"a: b\r\n" * 20_000 + b"\r\n", INCOMPLETE),
]


def field(name: str, *lines: str, answer: tuple = BAD, **options) -> Case:
    """A rightly signed get of the canary with lines more."""
    return Case(name, lambda s: s.signed("GET", s.canary, extra=lines), *answer, **({"alone": True} | options))


def first(name: str, line: str, answer: tuple = BAD, *lines: str, host: str | None = "", alone: bool = True) -> Case:
    """A request line, CANARY standing for the canary's path."""
    return Case(name, lambda s: s.raw(line.replace("CANARY", s.canary), *lines, host=host), *answer, alone=alone)


HEADS = [
    field("field with a blank in its name", "X Y: z"),
    field("field with a NUL in its name", "X\0: z"),
    field("field with a NUL in its value", "X: a\0b"),
    field("field with a bare carriage return in its value", "X: a\rb"),
    field("field without a colon", "X"),
    field("field without a name", ": x"),
    field("folded line", "X: a", " b"),
    field("folded line of a tab", "X: a", "\tb"),
    field("blank before the first field", " X: a"),
    field("field whose name is not ASCII", "Ü: x"),
    field("field with a delete character", "X: a\x7fb"),
    field("second Host", "Host: elsewhere"),
    field("second Host that agrees", "Host: localhost"),
    field("two hundred fields and more", *["X: y"] * 250, answer=TOO_LARGE),
    field("field of forty thousand bytes", "X: " + "y" * 40_000, answer=TOO_LARGE),
    field("field name of forty thousand bytes", "X" * 40_000 + ": y", answer=TOO_LARGE),
    field("forty fields of a thousand bytes", *["X: " + "y" * 1000] * 40, answer=TOO_LARGE),
    field("metadata beyond two kilobytes, unsigned", "x-amz-meta-a: " + "y" * 3000, answer=DENIED, alone=False),
    first("target of forty thousand bytes", "GET /" + "a" * 40_000 + " HTTP/1.1", TOO_LARGE),
    first("query of forty thousand bytes", "GET /?" + "a" * 40_000 + " HTTP/1.1", TOO_LARGE),
    first("method of forty thousand letters", "G" * 40_000 + " / HTTP/1.1"),
    first("no Host", "GET / HTTP/1.1", host=None),
    first("method in lower case", "get / HTTP/1.1"),
    first("method that does not exist", "FROBNICATE CANARY HTTP/1.1"),
    first("method with a NUL", "G\0T / HTTP/1.1"),
    first("method of nothing", " / HTTP/1.1"),
    first("method TRACE", "TRACE CANARY HTTP/1.1", (405, "MethodNotAllowed"), alone=False),
    first("method PATCH", "PATCH CANARY HTTP/1.1", (405, "MethodNotAllowed"), alone=False),
    first("method PROPFIND", "PROPFIND CANARY HTTP/1.1", (405, "MethodNotAllowed"), alone=False),
    first("method CONNECT", "CONNECT localhost:80 HTTP/1.1", (400, "InvalidURI")),
    first("target of a star", "OPTIONS * HTTP/1.1", (400, "InvalidURI")),
    first("target without a slash", "GET canary HTTP/1.1"),
    first("target of nothing", "GET  HTTP/1.1"),
    first("target with a blank", "GET /a b HTTP/1.1"),
    first("target with a tab", "GET /a\tb HTTP/1.1"),
    first("target with a NUL", "GET /a\0b HTTP/1.1"),
    first("target with a delete character", "GET /a\x7fb HTTP/1.1"),
    first("target of bytes that are no UTF-8", "GET /\udcff\udcfe HTTP/1.1"),
    first("version 0.9", "GET /", NO_VERSION),
    first("version 1.2", "GET / HTTP/1.2", NO_VERSION),
    first("version 2.0", "GET / HTTP/2.0", NO_VERSION),
    first("version 11", "GET / HTTP/11", NO_VERSION),
    first("version 1.10", "GET / HTTP/1.10", NO_VERSION),
    first("version of another protocol", "GET / ICY/1.0"),
    first("version in lower case", "GET / http/1.1"),
    first("HTTP version of nothing", "GET / "),
    Case("preface of HTTP/2", lambda s: b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", *BAD, alone=True),
    Case("mail", lambda s: b"EHLO example.org\r\nMAIL FROM:<a@b>\r\n\r\n", *BAD, alone=True),
    Case("commands of Redis", lambda s: b"*1\r\n$7\r\nFLUSHDB\r\n\r\n", *BAD, alone=True),
    Case("a kilobyte of zeros", lambda s: bytes(1024) + b"\r\n\r\n", *BAD, alone=True),
    Case("a kilobyte of every byte", lambda s: bytes(range(256)) * 4, *BAD, alone=True),
    Case("a handshake of TLS in clear", lambda s: b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500), *BAD, alone=True),
    Case(
        "chunks in a request of HTTP/1.0",
        lambda s: s.raw(f"PUT {s.object} HTTP/1.0", CHUNKED, body=b"0\r\n\r\n"),
        *BAD,
        alone=True,
    ),
    Case("a head that ends in the middle", lambda s: b"GET / HTTP/1.1\r\nHost: loc", SILENCE, half_closed=True),
    Case("a request line alone, and the end", lambda s: b"GET / HTTP/1.1\r\n", SILENCE, half_closed=True),
]


def elsewhere(host: str, target: str = "CANARY"):
    return lambda s: s.raw(f"GET {target.replace('CANARY', s.canary)} HTTP/1.1", host=host)


HOSTS = [
    Case("a page's own name pointed here (rebinding)", elsewhere("evil.example"), *DENIED),
    Case(
        "a page's own name with our port (rebinding)",
        lambda s: s.raw(f"GET {s.canary} HTTP/1.1", host=f"evil.example:{s.endpoint.port}"),
        *DENIED,
    ),
    Case("a name that ends like ours (rebinding)", elsewhere("evil-s3.localhost.example"), *DENIED),
    Case("a name that only begins like ours (rebinding)", elsewhere("localhost.evil.example"), *DENIED),
    Case("a bucket under a page's own name (rebinding)", elsewhere("canary-bucket.evil.example", "/canary"), *DENIED),
    Case("an address with a fifth number", elsewhere("127.0.0.1.5"), *DENIED),
    Case("an address with a number too large", elsewhere("127.0.0.256"), *DENIED),
    Case("a host of dots", elsewhere("..."), *DENIED),
    Case("a host of a colon", elsewhere(":"), *DENIED),
    Case("a host with a port that is none", elsewhere("localhost:notaport"), *DENIED),
    Case("a host of brackets", elsewhere("[]"), *DENIED),
    Case("a host that opens a bracket", elsewhere("[::1"), *DENIED),
    Case("a host with a slash", elsewhere("localhost/canary-bucket"), *DENIED),
    Case("a host with a user", elsewhere("user@localhost"), *DENIED),
    Case("a host of ten thousand letters", elsewhere("a" * 10_000), *DENIED),
    Case("a host of a thousand labels", elsewhere("a." * 1000 + "s3.localhost", "/canary"), 404, "NoSuchBucket"),
    Case("a host that climbs", elsewhere("../../etc.s3.localhost", "/passwd"), 404, "NoSuchBucket"),
    Case("a host in capitals is the bucket", elsewhere("CANARY-BUCKET.S3.LOCALHOST", "/canary"), *DENIED),
    Case("own pages under a page's own name", elsewhere("evil.example", "/_pail/metrics"), *DENIED),
    Case("own pages that do not exist", elsewhere("localhost", "/_pail/../canary-bucket"), *DENIED),
    Case("health asked for with a delete", lambda s: s.raw("DELETE /_pail/health HTTP/1.1"), 405, "MethodNotAllowed"),
    Case("health with a query is not health", lambda s: s.raw("GET /_pail/health?x HTTP/1.1"), *DENIED),
    Case(
        "a target with another host than Host",
        lambda s: s.signed("GET", s.canary).replace(b"GET /", b"GET http://elsewhere/", 1),
        403,
        "SignatureDoesNotMatch",
    ),
    Case(
        "a target with a scheme that is not HTTP",
        lambda s: s.raw("GET ftp://localhost/x HTTP/1.1"),
        400,
        "InvalidURI",
        alone=True,
    ),
    Case("a target with a file's scheme", lambda s: s.raw("GET file:///etc/passwd HTTP/1.1"), 400, "InvalidURI", alone=True),
    Case("a target with a user", lambda s: s.raw("GET http://u:p@localhost/x HTTP/1.1"), *BAD, alone=True),
    Case("a target with no host", lambda s: s.raw("GET http:///x HTTP/1.1"), *BAD, alone=True),
    Case(
        "a target with another server's host, unsigned",
        lambda s: s.raw("GET http://169.254.169.254.evil.example/latest/meta-data HTTP/1.1"),
        *DENIED,
    ),
    Case(
        "a forwarded address is not believed",
        lambda s: s.raw(
            f"GET {s.canary} HTTP/1.1", "X-Forwarded-For: 127.0.0.1", "X-Forwarded-Host: localhost", "Forwarded: for=127.0.0.1"
        ),
        *DENIED,
    ),
    Case(
        "a method in another header is not believed",
        lambda s: s.signed("GET", s.canary + "-not-there", extra=("X-HTTP-Method-Override: DELETE",)),
        404,
        "NoSuchKey",
    ),
]


def extended(stage: Stage) -> bytes:
    """A put in one chunk whose size has a long extension, which a reader must ignore (RFC 9112, 7.1.1)."""
    headers = Signer(ROOT_KEY).headers(
        "PUT", stage.object, stage.host, UNSIGNED_TRAILER, x_amz_decoded_content_length="5", x_amz_trailer="x-amz-checksum-crc32"
    )
    fields = [f"{name}: {value}" for name, value in headers.items()]
    pieces = unsigned_chunks([b"hello"], ("x-amz-checksum-crc32", checksum("CRC32", b"hello")))
    body = f"{len(pieces):x};".encode() + b"x" * 100_000 + b"\r\n" + pieces + b"\r\n0\r\n\r\n"
    return stage.raw(f"PUT {stage.object} HTTP/1.1", *fields, CHUNKED, body=body, host=None)


UPGRADES = [
    Case(
        "upgrade to a web socket, unsigned",
        lambda s: s.raw(
            f"GET {s.canary} HTTP/1.1",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ),
        *DENIED,
        alone=True,
    ),
    Case(
        "upgrade to a web socket",
        lambda s: s.signed("GET", s.canary + "-not-there", extra=("Upgrade: websocket", "Connection: Upgrade")),
        404,
        "NoSuchKey",
        alone=True,
    ),
    Case(
        "upgrade to h2c",
        lambda s: s.signed(
            "GET",
            s.canary + "-not-there",
            extra=("Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA", "Connection: Upgrade, HTTP2-Settings"),
        ),
        404,
        "NoSuchKey",
        alone=True,
    ),
    Case(
        "upgrade to TLS",
        lambda s: s.signed("GET", s.canary + "-not-there", extra=("Upgrade: TLS/1.3", "Connection: Upgrade")),
        404,
        "NoSuchKey",
        alone=True,
    ),
    Case(
        "an expectation that nobody knows",
        lambda s: s.signed("GET", s.canary + "-not-there", extra=("Expect: the-impossible",)),
        404,
        "NoSuchKey",
    ),
    Case(
        "an invitation asked for and not waited for",
        lambda s: s.signed("PUT", s.object, b"hello", extra=("Expect: 100-continue",)),
        200,
    ),
    Case(
        "a connection header that names Host",
        lambda s: s.signed("GET", s.canary + "-not-there", extra=("Connection: keep-alive, Host",)),
        404,
        "NoSuchKey",
    ),
    Case("a body on a get", lambda s: s.signed("GET", s.canary + "-not-there", b"hello"), 404, "NoSuchKey"),
    Case("a body on a head", lambda s: s.signed("HEAD", s.canary + "-not-there", b"hello"), 404, ANY),
    Case("a body on a delete of nothing", lambda s: s.signed("DELETE", s.object + "-not-there", b"hello"), 204),
    Case(
        "a body on a get in chunks",
        lambda s: s.signed("GET", s.canary + "-not-there", payload=UNSIGNED, extra=(CHUNKED,)) + b"5\r\nhello\r\n0\r\n\r\n",
        404,
        "NoSuchKey",
    ),
    Case("a chunk extension of a hundred thousand letters is passed over", extended, 200),
    Case(
        "a refused body that looks like a request",
        lambda s: s.raw(f"PUT {s.canary} HTTP/1.1", f"Content-Length: {len(s.smuggled())}", body=s.smuggled()),
        *DENIED,
    ),
    Case("an accepted body that looks like a request", lambda s: s.signed("PUT", s.object, s.smuggled()), 200),
    Case(
        "an upgrade with a body that looks like a request",
        lambda s: s.raw(
            f"PUT {s.canary} HTTP/1.1",
            "Upgrade: h2c",
            "Connection: Upgrade",
            f"Content-Length: {len(s.smuggled())}",
            body=s.smuggled(),
        ),
        *DENIED,
        alone=True,
    ),
]

CASES = SMUGGLING + HEADS + HOSTS + UPGRADES
