"""Documents that are none: XML bombs and malformed XML, lists of parts and keys, tags, lifecycles, access lists, locks."""

from checksums import content_md5
from hostile import Case, Stage

XML = (400, "MalformedXML")
ARGUMENT = (400, "InvalidArgument")
TOO_LONG = (400, "MaxMessageLengthExceeded")


def document(name: str, query: str, body: bytes | str, answer: tuple = XML, method: str = "PUT", path: str = "") -> Case:
    """A document for a sub-resource of the scratch bucket, or of a key of it."""
    content = body.encode() if isinstance(body, str) else body

    def make(stage: Stage) -> bytes:
        target = f"/{stage.scratch}{path}?{query.replace('UPLOAD', stage.upload)}"
        return stage.signed(method, target, content, content_md5=content_md5(content))

    return Case(name, make, *answer)


TAG = "<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>"


def xml(name: str, body: bytes | str, answer: tuple = XML) -> Case:
    return document(name, "tagging", body, answer)


LOLS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMBS = [
    xml("XML of a billion laughs", f'<!DOCTYPE t [<!ENTITY l0 "lol">{LOLS}]><Tagging>&l9;</Tagging>'),
    xml("XML of quadratic growth", '<!DOCTYPE t [<!ENTITY a "' + "a" * 50_000 + '">]><Tagging>' + "&a;" * 5000 + "</Tagging>"),
    xml("XML that reads a file", '<!DOCTYPE t [<!ENTITY x SYSTEM "file:///etc/passwd">]><Tagging>&x;</Tagging>'),
    xml("XML that asks another server", '<!DOCTYPE t [<!ENTITY x SYSTEM "http://127.0.0.1:1/">]><Tagging>&x;</Tagging>'),
    xml("XML with a document type alone", f"<!DOCTYPE Tagging>{TAG}"),
    xml("XML with parameter entities", '<!DOCTYPE t [<!ENTITY % p SYSTEM "file:///etc/passwd">%p;]>' + TAG),
    xml("XML a hundred thousand deep", "<a>" * 100_000 + "</a>" * 100_000),
    xml("XML a hundred thousand deep that never closes", "<a>" * 100_000),
    xml("XML of seventeen levels", "<Tagging>" + "<a>" * 16 + "</a>" * 16 + "</Tagging>"),
    xml("XML of a hundred thousand attributes", "<Tagging " + " ".join(f'a{n}="b"' for n in range(100_000)) + "/>"),
    xml("XML of three megabytes", "<Tagging>" + " " * 3_000_000 + "</Tagging>", TOO_LONG),
    xml("XML with a name of a hundred thousand letters", "<" + "a" * 100_000 + "/>"),
    xml("XML with an entity that nobody declared", TAG.replace("v", "&nbsp;")),
    xml("XML with a character that is none", TAG.replace("v", "&#xD800;")),
    xml("XML with a character beyond Unicode", TAG.replace("v", "&#x110000;")),
    xml("XML with a reference of a thousand digits", TAG.replace("v", "&#" + "9" * 1000 + ";")),
    xml("XML with a reference of NUL", TAG.replace("v", "&#0;")),
]
MALFORMED = [
    xml("XML of nothing", "", (400, "MissingRequestBodyError")),
    xml("XML of blanks", "   "),
    xml("XML of JSON", "{}"),
    xml("XML of NULs", bytes(100)),
    xml("XML of bytes that are no UTF-8", b"<Tagging>\xff\xfe</Tagging>"),
    xml("XML in UTF-16", TAG.encode("utf-16")),
    xml("XML with a NUL within", TAG.encode().replace(b"v", b"\0")),
    xml("XML that does not close", TAG[:-10]),
    xml("XML that closes another", TAG.replace("</Tag>", "</Tug>")),
    xml("XML with two roots", TAG + TAG),
    xml("XML with text behind its end", TAG + "x"),
    xml("XML with text before its beginning", "x" + TAG),
    xml("XML with an attribute twice", TAG.replace("<Tag>", '<Tag a="1" a="2">')),
    xml("XML with an attribute without quotation marks", TAG.replace("<Tag>", "<Tag a=1>")),
    xml("XML with a comment that does not end", "<!-- " + TAG),
    xml("XML with a CDATA that does not end", "<Tagging><![CDATA[" + TAG),
    xml("XML with an ampersand alone", TAG.replace("v", "a & b")),
    xml("XML of another document", "<Delete/>"),
    xml("XML with an element of nobody", "<Tagging><Evil/></Tagging>"),
]
TAGS = [
    xml("tags of the same name", TAG.replace("<TagSet>", "<TagSet><Tag><Key>k</Key><Value>v</Value></Tag>"), (400, "InvalidTag")),
    xml("tag without a name", "<Tagging><TagSet><Tag><Key></Key><Value>v</Value></Tag></TagSet></Tagging>", (400, "InvalidTag")),
    xml("tag with a name of two hundred letters", TAG.replace("k", "k" * 200), (400, "InvalidTag")),
    xml("tag with a value of a thousand letters", TAG.replace(">v<", f">{'v' * 1000}<"), (400, "InvalidTag")),
    xml("tag that is Amazon's own", TAG.replace(">k<", ">aws:k<"), (400, "InvalidTag")),
    document(
        "tags by the dozen on an object",
        "tagging",
        "<Tagging><TagSet>" + "".join(f"<Tag><Key>k{n}</Key><Value/></Tag>" for n in range(11)) + "</TagSet></Tagging>",
        (400, "BadRequest"),
        path="/object",
    ),
]


def part(number: str, answer: tuple, name: str) -> Case:
    return Case(name, lambda s: s.signed("PUT", f"/{s.scratch}/parts?partNumber={number}&uploadId={s.upload}", b"x"), *answer)


def complete(name: str, body: str, answer: tuple = XML) -> Case:
    return document(name, "uploadId=UPLOAD", body, answer, "POST", "/parts")


def listed(*parts: tuple) -> str:
    return f"<CompleteMultipartUpload>{''.join(f'<Part><PartNumber>{n}</PartNumber><ETag>{t}</ETag></Part>' for n, t in parts)}</CompleteMultipartUpload>"


NO_UPLOAD = (404, "NoSuchUpload")
PART = (400, "InvalidPart")
MULTIPART = [
    part("0", ARGUMENT, "part number nought"),
    part("-1", ARGUMENT, "part number below zero"),
    part("10001", ARGUMENT, "part number beyond ten thousand"),
    part("18446744073709551617", ARGUMENT, "part number of 2 to the 64 and one"),
    part("one", ARGUMENT, "part number of a word"),
    part("1.5", ARGUMENT, "part number of a fraction"),
    part("", ARGUMENT, "part number that is empty"),
    Case(
        "part of an upload that does not exist",
        lambda s: s.signed("PUT", f"/{s.scratch}/parts?partNumber=1&uploadId=nonsense", b"x"),
        *NO_UPLOAD,
    ),
    Case(
        "part of an upload that climbs",
        lambda s: s.signed("PUT", f"/{s.scratch}/parts?partNumber=1&uploadId=..%2F..%2Fetc", b"x"),
        *NO_UPLOAD,
    ),
    Case(
        "part of an upload with a NUL",
        lambda s: s.signed("PUT", f"/{s.scratch}/parts?partNumber=1&uploadId=%00", b"x"),
        *NO_UPLOAD,
    ),
    Case(
        "part of an upload of another key",
        lambda s: s.signed("PUT", f"/{s.scratch}/other?partNumber=1&uploadId={s.upload}", b"x"),
        *NO_UPLOAD,
    ),
    Case(
        "part of an upload of another bucket",
        lambda s: s.signed("PUT", f"/{s.bucket}/parts?partNumber=1&uploadId={s.upload}", b"x"),
        *NO_UPLOAD,
    ),
    Case("part of no upload", lambda s: s.signed("PUT", f"/{s.bucket}/canary?partNumber=1", b"x"), 405, "MethodNotAllowed"),
    Case(
        "upload without a part number on the canary",
        lambda s: s.signed("PUT", f"/{s.bucket}/canary?uploadId={s.upload}", b"x"),
        405,
        "MethodNotAllowed",
    ),
    Case(
        "parts listed from a word",
        lambda s: s.signed("GET", f"/{s.scratch}/parts?uploadId={s.upload}&part-number-marker=x"),
        *ARGUMENT,
    ),
    Case(
        "parts listed below zero at a time",
        lambda s: s.signed("GET", f"/{s.scratch}/parts?uploadId={s.upload}&max-parts=-1"),
        *ARGUMENT,
    ),
    complete("complete with no parts", listed()),
    complete("complete with an empty body", "", (400, "InvalidRequest")),
    complete("complete with a part that did not come", listed((1, '"x"')), PART),
    complete("complete with parts out of order", listed((2, '"x"'), (1, '"x"')), (400, "InvalidPartOrder")),
    complete("complete with a part twice", listed((1, '"x"'), (1, '"x"')), (400, "InvalidPartOrder")),
    complete("complete with part nought", listed((0, '"x"')), ARGUMENT),
    complete("complete with a part number of a word", listed(("one", '"x"'))),
    complete("complete with a part number of 2 to the 64", listed((2**64, '"x"'))),
    complete("complete with ten thousand and one parts", listed(*((n, '"x"') for n in range(1, 10_002)))),
    complete(
        "complete with a part without a tag",
        "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>",
    ),
    Case(
        "abort of an upload that does not exist",
        lambda s: s.signed("DELETE", f"/{s.scratch}/parts?uploadId=nonsense"),
        *NO_UPLOAD,
    ),
    Case(
        "abort of the upload of another bucket",
        lambda s: s.signed("DELETE", f"/{s.bucket}/canary?uploadId={s.upload}"),
        *NO_UPLOAD,
    ),
]


def delete(name: str, body: str, answer: tuple = XML) -> Case:
    return document(name, "delete", body, answer, "POST")


DELETES = [
    delete("delete of no keys", "<Delete/>"),
    delete("delete of a thousand and one keys", "<Delete>" + "<Object><Key>k</Key></Object>" * 1001 + "</Delete>"),
    delete("delete of an empty key", "<Delete><Object><Key></Key></Object></Delete>"),
    delete(
        "delete of a key of two thousand bytes",
        f"<Delete><Object><Key>{'k' * 2000}</Key></Object></Delete>",
        (200, "KeyTooLongError"),
    ),
    delete(
        "delete of a version that is none",
        "<Delete><Object><Key>k</Key><VersionId>nonsense</VersionId></Object></Delete>",
        (200, "InvalidArgument"),
    ),
    delete(
        "delete of a key that climbs deletes a key of that name",
        "<Delete><Object><Key>../canary-bucket/canary</Key></Object></Delete>",
        (200, None),
    ),
    Case(
        "delete of many without a digest", lambda s: s.signed("POST", f"/{s.scratch}?delete", b"<Delete/>"), 400, "InvalidRequest"
    ),
    Case(
        "delete of many with another's digest",
        lambda s: s.signed("POST", f"/{s.scratch}?delete", b"<Delete/>", content_md5=content_md5(b"x")),
        400,
        "BadDigest",
    ),
]


def rules(inner: str) -> str:
    return f"<LifecycleConfiguration><Rule><ID>x</ID><Filter/><Status>Enabled</Status>{inner}</Rule></LifecycleConfiguration>"


def lifecycle(name: str, body: str, answer: tuple = XML) -> Case:
    return document(name, "lifecycle", body, answer)


CONFIGURATIONS = [
    lifecycle("lifecycle without a rule", "<LifecycleConfiguration/>"),
    lifecycle("lifecycle without an action", rules(""), (400, "InvalidRequest")),
    lifecycle("lifecycle of nought days", rules("<Expiration><Days>0</Days></Expiration>"), ARGUMENT),
    lifecycle("lifecycle of days below zero", rules("<Expiration><Days>-1</Days></Expiration>"), ARGUMENT),
    lifecycle("lifecycle of 2 to the 64 days", rules("<Expiration><Days>18446744073709551616</Days></Expiration>")),
    lifecycle("lifecycle of a date that is none", rules("<Expiration><Date>2025-13-45</Date></Expiration>")),
    lifecycle("lifecycle of a date at noon", rules("<Expiration><Date>2030-01-01T12:00:00Z</Date></Expiration>"), ARGUMENT),
    lifecycle(
        "lifecycle of a class that does not exist",
        rules("<Transition><Days>1</Days><StorageClass>FROZEN</StorageClass></Transition>"),
    ),
    lifecycle(
        "lifecycle of a thousand and one rules",
        "<LifecycleConfiguration>"
        + rules("<Expiration><Days>1</Days></Expiration>")[24:-25] * 1001
        + "</LifecycleConfiguration>",
    ),
    document("CORS without a rule", "cors", "<CORSConfiguration/>"),
    document(
        "CORS of a method that does not exist",
        "cors",
        "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>PATCH</AllowedMethod></CORSRule></CORSConfiguration>",
        (400, "InvalidRequest"),
    ),
    document(
        "CORS of an origin with two stars",
        "cors",
        "<CORSConfiguration><CORSRule><AllowedOrigin>*.*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>",
        (400, "InvalidRequest"),
    ),
    document(
        "CORS of a header with a line break",
        "cors",
        "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><ExposeHeader>a&#13;&#10;b: c</ExposeHeader></CORSRule></CORSConfiguration>",
        (400, "InvalidRequest"),
    ),
    document(
        "versioning neither on nor off",
        "versioning",
        "<VersioningConfiguration><Status>Perhaps</Status></VersioningConfiguration>",
    ),
    document("an access list of nobody", "acl", "<AccessControlPolicy/>", (400, "MalformedACLError")),
    document(
        "encryption that does not exist",
        "encryption",
        "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>ROT13</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>",
    ),
    document(
        "a lock in a bucket that takes none",
        "retention",
        "<Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>2099-01-01T00:00:00Z</RetainUntilDate></Retention>",
        (400, "InvalidRequest"),
        path="/object",
    ),
    document(
        "a legal hold in a bucket that takes none",
        "legal-hold",
        "<LegalHold><Status>ON</Status></LegalHold>",
        (400, "InvalidRequest"),
        path="/object",
    ),
    document(
        "locks for a bucket without versions",
        "object-lock",
        "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>",
        (409, "InvalidBucketState"),
    ),
    document(
        "ownership of nobody",
        "ownershipControls",
        "<OwnershipControls><Rule><ObjectOwnership>Nobody</ObjectOwnership></Rule></OwnershipControls>",
    ),
    document(
        "a block of public access that is neither true nor false",
        "publicAccessBlock",
        "<PublicAccessBlockConfiguration><BlockPublicAcls>maybe</BlockPublicAcls></PublicAccessBlockConfiguration>",
    ),
    document("a website", "website", "<WebsiteConfiguration/>", (400, "InvalidArgument")),
    document("events of no queue", "notification", "<NotificationConfiguration><QueueConfiguration/></NotificationConfiguration>"),
    document("logs into no bucket", "logging", "<BucketLoggingStatus><LoggingEnabled/></BucketLoggingStatus>"),
    Case(
        "a bucket in a region that does not exist",
        lambda s: s.signed(
            "PUT",
            "/new-bucket-of-a-case",
            b"<CreateBucketConfiguration><LocationConstraint>mars-1</LocationConstraint></CreateBucketConfiguration>",
        ),
        400,
        "InvalidLocationConstraint",
    ),
    Case(
        "a bucket of a malformed document",
        lambda s: s.signed("PUT", "/new-bucket-of-a-case", b"<CreateBucketConfiguration>"),
        *XML,
    ),
]


CASES = BOMBS + MALFORMED + TAGS + MULTIPART + DELETES + CONFIGURATIONS
