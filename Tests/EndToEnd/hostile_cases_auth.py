"""Requests whose signature, clock or key is none: in headers, in URLs, in both versions."""

from datetime import UTC, datetime, timedelta

from checksums import content_md5
from hostile import ANY, Case, Stage
from pail import ROOT_KEY, Key
from wire import Signer, v2_headers, v2_presign

MALFORMED = (400, "AuthorizationHeaderMalformed")
QUERY = (400, "AuthorizationQueryParametersError")
MISMATCH = (403, "SignatureDoesNotMatch")
DENIED = (403, "AccessDenied")
ARGUMENT = (400, "InvalidArgument")


def at(**offset: float) -> Signer:
    return Signer(ROOT_KEY, datetime.now(UTC) + timedelta(**offset))


def authorization(value: str, **more):
    """A get of the canary, right but for its Authorization."""
    return lambda stage: stage.signed("GET", stage.canary, alter={"authorization": value}, **more)


def replaced(old: str, new: str):
    """A get of the canary in whose Authorization something stands for something else."""

    def make(stage: Stage) -> bytes:
        signer = Signer(ROOT_KEY)
        words = signer.headers("GET", stage.canary, stage.host)["authorization"]
        swapped = words.replace(
            old.replace("SCOPE", signer.scope).replace("DAY", signer.date[:8]), new.replace("SCOPE", signer.scope)
        )
        assert swapped != words
        return stage.signed("GET", stage.canary, signer=signer, alter={"authorization": swapped})

    return make


def unsigned_delete(stage: Stage) -> bytes:
    body = "<Delete><Object><Key>canary</Key></Object></Delete>"
    line = f"POST /{stage.bucket}?delete HTTP/1.1"
    return stage.raw(line, f"Content-MD5: {content_md5(body.encode())}", f"Content-Length: {len(body)}", body=body)


KEY = ROOT_KEY.access
HEADER = [
    Case("Authorization of the algorithm alone", authorization("AWS4-HMAC-SHA256"), *MALFORMED),
    Case("Authorization of the algorithm and a comma", authorization("AWS4-HMAC-SHA256 ,"), *MALFORMED),
    Case("Authorization of five hundred empty pairs", authorization("AWS4-HMAC-SHA256 " + "=," * 500), *MALFORMED),
    Case("Authorization with a word that is no pair", authorization("AWS4-HMAC-SHA256 Credential"), *MALFORMED),
    Case(
        "Authorization without SignedHeaders",
        authorization(f"AWS4-HMAC-SHA256 Credential={KEY}/20250101/us-east-1/s3/aws4_request,Signature=00"),
        *MALFORMED,
    ),
    Case("Authorization without Credential", authorization("AWS4-HMAC-SHA256 SignedHeaders=host,Signature=00"), *MALFORMED),
    Case("Authorization without Signature", replaced(",Signature=", ",Signatur="), *MALFORMED),
    Case("credential without a scope", replaced(f"{KEY}/SCOPE", KEY), *MALFORMED),
    Case("credential without a key", replaced(f"{KEY}/SCOPE", "/SCOPE"), *MALFORMED),
    Case("credential of nothing", replaced(f"{KEY}/SCOPE", ""), *MALFORMED),
    Case("credential of slashes", replaced(f"{KEY}/SCOPE", "/////"), *MALFORMED),
    Case("scope of another service", replaced("/s3/", "/ec2/"), *MALFORMED),
    Case("scope of another end", replaced("/aws4_request", "/aws5_request"), *MALFORMED),
    Case("scope of another day", replaced("DAY", "20200101"), *MALFORMED),
    Case("scope of a day that is no date", replaced("DAY", "2020-01-01"), *MALFORMED),
    Case("scope of a day in other digits", replaced("DAY", "٢٠٢٠٠١٠١"), *MALFORMED),
    Case("signature of other digits than hex", replaced("Signature=", "Signature=zz"), *MISMATCH),
    Case("signature of nothing", authorization(""), *DENIED),
    Case(
        "signature cut off by one digit", lambda s: s.signed("GET", s.canary).replace(b"Signature=", b"Signature=0", 1), *MISMATCH
    ),
    Case(
        "signature of a hundred thousand digits is a head too large",
        replaced("Signature=", "Signature=" + "0" * 100_000),
        400,
        "RequestHeaderSectionTooLarge",
    ),
    Case("signature by another secret", lambda s: s.signed("GET", s.canary, signer=Signer(Key(KEY, "wrong"))), *MISMATCH),
    Case("signature by the empty secret", lambda s: s.signed("GET", s.canary, signer=Signer(Key(KEY, ""))), *MISMATCH),
    Case(
        "key that nobody has",
        lambda s: s.signed("GET", s.canary, signer=Signer(Key("AKIANOBODY", "x"))),
        403,
        "InvalidAccessKeyId",
    ),
    Case(
        "key in lower case",
        lambda s: s.signed("GET", s.canary, signer=Signer(Key(KEY.lower(), ROOT_KEY.secret))),
        403,
        "InvalidAccessKeyId",
    ),
    Case(
        "key of a quotation mark and SQL",
        lambda s: s.signed("GET", s.canary, signer=Signer(Key("' OR 1=1 --", "x"))),
        403,
        "InvalidAccessKeyId",
    ),
    Case(
        "key of ten thousand letters",
        lambda s: s.signed("GET", s.canary, signer=Signer(Key("A" * 10_000, "x"))),
        403,
        "InvalidAccessKeyId",
    ),
    Case(
        "token for a key that has none",
        lambda s: s.signed("GET", s.canary, signer=Signer(Key(KEY, ROOT_KEY.secret, "token"))),
        400,
        "InvalidToken",
    ),
    Case("algorithm in lower case", replaced("AWS4-HMAC-SHA256", "aws4-hmac-sha256"), *ARGUMENT),
    Case("algorithm of another hash", replaced("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1"), *ARGUMENT),
    Case("algorithm for many regions", replaced("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"), 501, "NotImplemented"),
    Case("Basic authorization", authorization("Basic dXNlcjpwYXNz"), *ARGUMENT),
    Case("Bearer authorization", authorization("Bearer x"), *ARGUMENT),
    Case("Negotiate authorization", authorization("Negotiate " + "A" * 4000), *ARGUMENT),
    Case("Authorization of bytes that are no UTF-8", authorization("AWS4-HMAC-SHA256 \udcff\udcfe"), *MALFORMED),
    Case("Authorization twice", lambda s: s.signed("GET", s.canary, extra=("Authorization: AWS4-HMAC-SHA256 x",)), *ARGUMENT),
    Case(
        "Authorization twice, the second of version 2",
        lambda s: s.signed("GET", s.canary, extra=(f"Authorization: AWS {KEY}:x",)),
        *ARGUMENT,
    ),
    Case("Authorization beside a signature in the query", lambda s: s.signed("GET", s.canary + "?X-Amz-Signature=0"), *ARGUMENT),
    Case(
        "Authorization beside a version 2 signature in the query",
        lambda s: s.signed("GET", s.canary + "?Signature=0&AWSAccessKeyId=x"),
        *ARGUMENT,
    ),
    Case(
        "Host that was not signed",
        lambda s: s.signed("GET", s.canary).replace(b"SignedHeaders=host;", b"SignedHeaders="),
        *DENIED,
    ),
    Case("header of Amazon's that was not signed", lambda s: s.signed("GET", s.canary, extra=("x-amz-meta-a: b",)), *DENIED),
    Case(
        "signed header that did not come",
        lambda s: s.signed("GET", s.canary, x_amz_meta_a="b", drop=("x-amz-meta-a",)),
        *MISMATCH,
    ),
    Case(
        "signed headers of two thousand names",
        replaced("SignedHeaders=", "SignedHeaders=" + "a;" * 2000),
        400,
        "RequestHeaderSectionTooLarge",
    ),
    Case(
        "signed header that came twice",
        lambda s: s.signed("GET", s.canary, x_amz_meta_a="b", extra=("x-amz-meta-a: c",)),
        *MISMATCH,
    ),
    Case("another method than was signed", lambda s: s.signed("GET", s.canary).replace(b"GET ", b"DELETE ", 1), *MISMATCH),
    Case("another path than was signed", lambda s: s.signed("GET", s.canary).replace(b"/canary ", b"/canary2 ", 1), *MISMATCH),
    Case(
        "another path with a dot than was signed",
        lambda s: s.signed("DELETE", s.canary).replace(b"/canary ", b"/./canary ", 1),
        *MISMATCH,
    ),
    Case("a query that was not signed", lambda s: s.signed("GET", s.canary).replace(b"/canary ", b"/canary?acl ", 1), *MISMATCH),
    Case("another Host than was signed", lambda s: s.signed("GET", s.canary, alter={"host": "s3.localhost"}), *MISMATCH),
    Case("payload hash that is none", lambda s: s.signed("GET", s.canary, payload="zz"), *ARGUMENT),
    Case(
        "payload hash in capitals that is not the body's",
        lambda s: s.signed("PUT", s.canary, b"x", payload="A" * 64),
        400,
        "XAmzContentSHA256Mismatch",
    ),
    Case(
        "payload hash of another body",
        lambda s: s.signed("PUT", s.canary, b"x", payload="a" * 64),
        400,
        "XAmzContentSHA256Mismatch",
    ),
    Case(
        "payload hash of a streaming kind that does not exist",
        lambda s: s.signed("PUT", s.canary, b"x", payload="STREAMING-AWS4-HMAC-SHA256"),
        *ARGUMENT,
    ),
    Case("no signature", lambda s: s.raw(f"GET {s.canary} HTTP/1.1"), *DENIED),
    Case("no signature on a delete", lambda s: s.raw(f"DELETE {s.canary} HTTP/1.1"), *DENIED),
    Case("no signature on an overwrite", lambda s: s.raw(f"PUT {s.canary} HTTP/1.1", "Content-Length: 1", body=b"x"), *DENIED),
    Case("no signature on a list of buckets", lambda s: s.raw("GET / HTTP/1.1"), *DENIED),
    Case("no signature on a delete of many: each of them is denied", unsigned_delete, 200, "AccessDenied"),
    Case("no signature on a head", lambda s: s.raw(f"HEAD {s.canary} HTTP/1.1"), 403, ANY),
]

CLOCK = [
    Case("clock sixteen minutes slow", lambda s: s.signed("GET", s.canary, signer=at(minutes=-16)), 403, "RequestTimeTooSkewed"),
    Case("clock sixteen minutes fast", lambda s: s.signed("GET", s.canary, signer=at(minutes=16)), 403, "RequestTimeTooSkewed"),
    Case(
        "clock in the year 1970",
        lambda s: s.signed("GET", s.canary, signer=Signer(ROOT_KEY, datetime(1970, 1, 1, tzinfo=UTC))),
        403,
        "RequestTimeTooSkewed",
    ),
    Case(
        "clock in the year 9999",
        lambda s: s.signed("GET", s.canary, signer=Signer(ROOT_KEY, datetime(9999, 12, 31, tzinfo=UTC))),
        403,
        "RequestTimeTooSkewed",
    ),
    Case("no date at all", lambda s: s.signed("GET", s.canary, drop=("x-amz-date",)), *DENIED),
    *(
        Case(f"date {what}", lambda s, text=text: s.signed("GET", s.canary, alter={"x-amz-date": text}), *DENIED)
        for what, text in [
            ("of nothing", ""),
            ("of a word", "yesterday"),
            ("of month 13", "20251301T000000Z"),
            ("of second 61", "20250101T000061Z"),
            ("with a zone", "20250101T000000+0100"),
            ("of twenty digits", "20250101T00000000000000000000Z"),
            ("below zero", "-0250101T000000Z"),
        ]
    ),
]


def url(expires="300", signer=None, key=ROOT_KEY, swap=("", ""), more="", method="GET", **altered):
    """A presigned get of the canary, with parameters altered before it is signed or texts swapped after."""

    def make(stage: Stage) -> bytes:
        names = {name.replace("_", "-"): value for name, value in altered.items()}
        target = (signer or Signer(key)).presign("GET", stage.canary, stage.host, expires, **names)
        return stage.raw(f"{method} {target.replace(*swap)}{more} HTTP/1.1")

    return make


PRESIGNED = [
    Case("URL that lives for nothing", url("0"), *DENIED),
    Case("URL that lives for less than nothing", url("-1"), *QUERY),
    Case("URL that lives for a week and a second", url("604801"), *QUERY),
    Case("URL that lives for ever", url("99999999999999999999"), *QUERY),
    Case("URL that lives for a word", url("soon"), *QUERY),
    Case("URL that lives for a fraction", url("1.5"), *QUERY),
    Case("URL that lives for an empty time", url(""), *QUERY),
    Case("URL past its end", url("60", signer=at(minutes=-2)), *DENIED),
    Case("URL of a week past its end", url("604800", signer=at(days=-8)), *DENIED),
    Case("URL from tomorrow", url(signer=at(days=1)), *DENIED),
    Case("URL with a date that is none", url(X_Amz_Date="yesterday"), *QUERY),
    Case("URL with a date of another day than its scope", url(X_Amz_Date="20200101T000000Z"), *QUERY),
    Case("URL of another algorithm", url(X_Amz_Algorithm="AWS4-HMAC-MD5"), *QUERY),
    Case("URL with a credential of nothing", url(X_Amz_Credential=""), *QUERY),
    Case("URL with a credential of slashes", url(X_Amz_Credential="////"), *QUERY),
    Case("URL with a credential of another service", url(X_Amz_Credential=f"{KEY}/20250101/us-east-1/ec2/aws4_request"), *QUERY),
    Case("URL that signs no header", url(X_Amz_SignedHeaders=""), *DENIED),
    Case("URL that signs another header than Host", url(X_Amz_SignedHeaders="x-amz-date"), *DENIED),
    Case("URL without its expiry", url(swap=("X-Amz-Expires=300&", "")), *QUERY),
    Case("URL without its date", url(swap=("X-Amz-Date", "X-Amz-Dat")), *QUERY),
    Case("URL without its credential", url(swap=("X-Amz-Credential", "X-Amz-Credentia")), *QUERY),
    Case("URL without its algorithm", url(swap=("X-Amz-Algorithm", "X-Amz-Algorith")), *QUERY),
    Case("URL without its signed headers", url(swap=("X-Amz-SignedHeaders=host&", "")), *QUERY),
    Case("URL without its signature", url(swap=("X-Amz-Signature", "X-Amz-Signatur")), *QUERY),
    Case("URL whose expiry was stretched", url(swap=("Expires=300", "Expires=3000")), *MISMATCH),
    Case("URL with a parameter more", url(more="&versionId=null"), *MISMATCH),
    Case(
        "URL with its signature twice, a wrong one first",
        url(swap=("X-Amz-Signature=", "X-Amz-Signature=0&X-Amz-Signature=")),
        *MISMATCH,
    ),
    Case("URL of a get used to delete", url(method="DELETE"), *MISMATCH),
    Case("URL of a get used to put", url(method="PUT"), *MISMATCH),
    Case("URL with a token for a key that has none", url(key=Key(KEY, ROOT_KEY.secret, "t")), 400, "InvalidToken"),
    Case("URL of a key that nobody has", url(key=Key("AKIANOBODY", "x")), 403, "InvalidAccessKeyId"),
    Case("URL by another secret", url(key=Key(KEY, "wrong")), *MISMATCH),
    Case("URL with a signature that cannot be decoded", url(swap=("X-Amz-Signature=", "X-Amz-Signature=%zz")), 400, "InvalidURI"),
]


def v2(old: str = "", new: str = "", method: str = "GET", drop: tuple = (), when=None, key: Key = ROOT_KEY):
    """A get of the canary with a signature of 2006, bent."""

    def make(stage: Stage) -> bytes:
        headers = v2_headers(key, "GET", stage.canary, stage.host, when)
        lines = [f"{name}: {value.replace(old, new)}" for name, value in headers.items() if name not in drop]
        return stage.raw(f"{method} {stage.canary} HTTP/1.1", *lines, host=None)

    return make


def v2_url(old: str = "", new: str = "", lifetime: timedelta = timedelta(minutes=5), key: Key = ROOT_KEY):
    return lambda s: s.raw(f"GET {v2_presign(key, 'GET', s.canary, lifetime).replace(old, new)} HTTP/1.1")


VERSION_2 = [
    Case("version 2 without a colon", authorization("AWS x"), *ARGUMENT),
    Case("version 2 of nothing", authorization("AWS"), *ARGUMENT),
    Case("version 2 without a key", authorization("AWS :c2ln", drop=("x-amz-date",)), *ARGUMENT),
    Case("version 2 with a signature that is not base64", v2(f"AWS {KEY}:", f"AWS {KEY}:%%%"), *MISMATCH),
    Case(
        "version 2 with no signature",
        authorization(f"AWS {KEY}:", drop=("x-amz-date",), extra=("Date: Mon, 01 Jan 2024 00:00:00 GMT",)),
        403,
        "RequestTimeTooSkewed",
    ),
    Case("version 2 without a date", v2(drop=("date",)), *DENIED),
    Case("version 2 with a date that is none", v2(" GMT", " CEST?"), *DENIED),
    Case("version 2 of sixteen minutes ago", v2(when=datetime.now(UTC) - timedelta(minutes=116)), 403, "RequestTimeTooSkewed"),
    Case("version 2 by another secret", v2(key=Key(KEY, "wrong")), *MISMATCH),
    Case("version 2 of a key that nobody has", v2(key=Key("AKIANOBODY", "x")), 403, "InvalidAccessKeyId"),
    Case("version 2 of a get used to delete", v2(method="DELETE"), *MISMATCH),
    Case("version 2 URL past its end", v2_url(lifetime=timedelta(seconds=-1)), *DENIED),
    Case("version 2 URL that ends at a word", v2_url("Expires=", "Expires=x"), *DENIED),
    Case("version 2 URL that ends after 2 to the 70", v2_url("Expires=", "Expires=1180591620717411303424"), *DENIED),
    Case("version 2 URL that ends before 1970", v2_url("Expires=", "Expires=-"), *DENIED),
    Case("version 2 URL without its end", v2_url("&Expires=", "&Expire="), *DENIED),
    Case("version 2 URL without its key", v2_url("AWSAccessKeyId=", "AccessKey="), *DENIED),
    Case("version 2 URL without its signature", v2_url("&Signature=", "&Sig="), *DENIED),
    Case("version 2 URL stretched by a digit", v2_url("&Expires=", "&Expires=1"), *MISMATCH),
    Case("version 2 URL by another secret", v2_url(key=Key(KEY, "wrong")), *MISMATCH),
    Case(
        "version 2 URL beside one of version 4",
        lambda s: s.raw(f"GET {v2_presign(ROOT_KEY, 'GET', s.canary)}&X-Amz-Signature=0 HTTP/1.1"),
        *ARGUMENT,
    ),
    Case(
        "version 2 over signed chunks",
        lambda s: s.raw(
            f"PUT {s.canary} HTTP/1.1",
            *(f"{n}: {v}" for n, v in v2_headers(ROOT_KEY, "PUT", s.canary, s.host).items()),
            "x-amz-content-sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
            "Content-Length: 0",
            host=None,
        ),
        400,
        "InvalidRequest",
    ),
]

CASES = HEADER + CLOCK + PRESIGNED + VERSION_2
