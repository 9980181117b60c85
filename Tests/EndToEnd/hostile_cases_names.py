"""Names and queries made to lead astray: climbing paths, odd keys and buckets, queries, preflights."""

from hostile import ANY, Case

ARGUMENT = (400, "InvalidArgument")
URI = (400, "InvalidURI")
NO_BUCKET = (404, "NoSuchBucket")
NO_KEY = (404, "NoSuchKey")


def path(name: str, target: str, answer: tuple, method: str = "GET", **options) -> Case:
    return Case(
        name, lambda s: s.signed(method, target.replace("SCRATCH", s.scratch).replace("BUCKET", s.bucket)), *answer, **options
    )


PATHS = [
    path("path that climbs out of its bucket", "/SCRATCH/../BUCKET/canary", NO_KEY),
    path("path that climbs out of everything", "/SCRATCH/../../../../../../etc/passwd", NO_KEY),
    path("path that climbs, encoded", "/SCRATCH/%2e%2e/BUCKET/canary", NO_KEY),
    path("path that climbs, encoded twice", "/SCRATCH/%252e%252e/BUCKET/canary", NO_KEY),
    path("path that climbs with encoded slashes", "/SCRATCH%2f..%2fBUCKET/canary", NO_BUCKET),
    path("path that climbs with backslashes", "/SCRATCH/..%5c..%5cBUCKET/canary", NO_KEY),
    path("path that climbs with an overlong slash", "/SCRATCH/..%c0%af..%c0%afetc/passwd", URI),
    path("path that climbs with a NUL", "/SCRATCH/canary%00/../../BUCKET", NO_KEY),
    path("path of a bucket of two dots", "/../BUCKET/canary", NO_BUCKET),
    path("path of a bucket of a dot", "/./BUCKET/canary", NO_BUCKET),
    path("path of an empty bucket", "//BUCKET/canary", URI),
    path("path with a slash too many", "/BUCKET//canary", NO_KEY),
    path("path with a slash at its end", "/BUCKET/canary/", NO_KEY),
    path("path with a semicolon", "/BUCKET/canary;x", NO_KEY),
    path("path with a fragment", "/BUCKET/canary#x", NO_KEY),
    path("path in capitals", "/BUCKET/CANARY", NO_KEY),
    path("path with half an encoding", "/BUCKET/canary%", URI),
    path("path with a quarter of an encoding", "/BUCKET/canary%2", URI),
    path("path with an encoding that is none", "/BUCKET/canary%zz", URI),
    path("path with an encoding in Unicode", "/BUCKET/canary%u0041", URI),
    path("path with an encoded byte that is no UTF-8", "/BUCKET/%ff", URI),
    path("path with an encoded half of a surrogate", "/BUCKET/%ed%a0%80", URI),
    path("path with an overlong encoding", "/BUCKET/%c1%a1", URI),
    path("path into the store's own folder", "/pail-data/index.sqlite", NO_BUCKET),
    path("path into the folder of processes", "/proc/self/environ", NO_BUCKET),
    path("path with SQL", "/BUCKET/'%20OR%20'1'='1", NO_KEY),
    path("delete with SQL", "/SCRATCH/x';DELETE%20FROM%20objects;--", (204, None), "DELETE"),
    path("delete of a path that climbs deletes a key of that name", "/SCRATCH/../BUCKET/canary", (204, None), "DELETE"),
    path("delete of the bucket of the canary", "/BUCKET", (409, "BucketNotEmpty"), "DELETE"),
    path("delete of the bucket of the canary with a slash", "/BUCKET/", (409, "BucketNotEmpty"), "DELETE"),
]


def stored(name: str, key: str, answer: tuple = (200, None)) -> Case:
    """A put into the scratch bucket: keys are bytes, and no bytes of them mean a path."""
    return Case(name, lambda s: s.signed("PUT", f"/{s.scratch}/{key}", b"hello"), *answer)


KEYS = [
    stored("key of two dots", ".."),
    stored("key of a dot", "."),
    stored("key that climbs", "../canary-bucket/canary"),
    stored("key that climbs from the root", "/../../../etc/x"),
    stored("key of slashes", "////"),
    stored("key of a backslash", "a%5cb"),
    stored("key of a device", "CON"),
    stored("key of a NUL", "a%00b"),
    stored("key of a line break", "a%0d%0ab%3a%20c"),
    stored("key of every control character", "".join(f"%{n:02x}" for n in range(1, 32))),
    stored("key of a delete character", "a%7fb"),
    stored("key of markup", "%3Cscript%3Ealert(1)%3C/script%3E"),
    stored("key of an XML end", "%5D%5D%3E%26lt;"),
    stored("key of text from right to left", "%e2%80%ae%d7%90"),
    stored("key of a character that is none", "%ef%bf%be"),
    stored("key of an astral character", "%f0%9f%98%80"),
    stored("key of a combining accent alone", "%cc%81"),
    stored("key of percent signs", "%25%25%2525"),
    stored("key of a wildcard", "*%3F%5B"),
    stored("key of a command", "$(reboot)`id`;id%7Cid"),
    stored("key of 1,024 bytes", "k" * 1024),
    stored("key of 1,025 bytes", "k" * 1025, (400, "KeyTooLongError")),
    stored("key of 1,026 bytes in 513 characters", "%c3%bc" * 513, (400, "KeyTooLongError")),
    stored("key of ten thousand bytes", "k" * 10_000, (400, "KeyTooLongError")),
    stored("key of a health page", "_pail/health"),
    Case("a listing of all of these", lambda s: s.signed("GET", f"/{s.scratch}?list-type=2&encoding-type=url"), 200),
]


def bucket(name: str, called: str, answer: tuple = (400, "InvalidBucketName")) -> Case:
    return Case(name, lambda s: s.signed("PUT", f"/{called}"), *answer)


BUCKETS = [
    bucket("bucket of two letters", "ab"),
    bucket("bucket of sixty-four letters", "a" * 64),
    bucket("bucket of ten thousand letters", "a" * 10_000),
    bucket("bucket in capitals", "Bucket"),
    bucket("bucket with an underscore", "a_bucket"),
    bucket("bucket that is an address", "192.168.1.1"),
    bucket("bucket of two dots", ".."),
    bucket("bucket with two dots together", "a..bucket"),
    bucket("bucket that begins with a dash", "-bucket"),
    bucket("bucket that ends with a dot", "bucket."),
    bucket("bucket with an encoded slash", "a%2fbucket"),
    bucket("bucket with a NUL", "a%00bucket"),
    bucket("bucket with a line break", "a%0d%0abucket"),
    bucket("bucket in other letters", "b%c3%bccket"),
    bucket("bucket that is Amazon's own", "xn--bucket"),
    bucket("bucket that is an alias", "bucket-s3alias"),
    bucket("bucket that is there", "canary-bucket", (200, None)),
]


def query(name: str, text: str, answer: tuple = ARGUMENT, target: str = "/BUCKET", method: str = "GET") -> Case:
    return path(name, f"{target}?{text}", answer, method)


QUERIES = [
    query("listing of a word at a time", "max-keys=many"),
    query("listing of less than nothing", "max-keys=-1"),
    query("listing of 2 to the 64", "max-keys=18446744073709551616"),
    query("listing in an encoding that does not exist", "encoding-type=rot13"),
    query("listing of a third kind", "list-type=3"),
    query("listing that goes on from nonsense", "list-type=2&continuation-token=nonsense"),
    query("listing that goes on from ten thousand letters", "list-type=2&continuation-token=" + "a" * 10_000),
    query("listing that goes on from nothing", "list-type=2&continuation-token=", (200, None)),
    query("listing of versions from no key", "versions&version-id-marker=x"),
    query("listing of versions from a version that is none", "versions&key-marker=a&version-id-marker=x"),
    query("listing of uploads at less than nothing", "uploads&max-uploads=-1"),
    query("query that cannot be decoded", "prefix=%zz", URI),
    query("query that is no UTF-8", "prefix=%ff", URI),
    query("query of two thousand parameters", "&".join(f"a{n:04}=b" for n in range(2000)), (200, None)),
    query("query of ampersands", "&" * 2000, (200, None)),
    query("query of equals signs", "=" * 2000, (200, None)),
    query("query of question marks", "?" * 2000, (200, None)),
    query("query with a NUL", "prefix=%00", (200, None)),
    query("query of a prefix of two thousand letters", "prefix=" + "p" * 2000, (200, None)),
    query("query of a delimiter of two thousand letters", "delimiter=" + "p" * 2000, (200, None)),
    query("put of a sub-resource that does nothing here", "torrent", (501, "NotImplemented"), "/BUCKET/canary"),
    query("put of a sub-resource that is not put", "torrent", (405, "MethodNotAllowed"), "/BUCKET/canary", "PUT"),
    query("put of the canary's versions", "versionId=null", (405, "MethodNotAllowed"), "/BUCKET/canary", "PUT"),
    query("put of the canary's uploads", "uploads", (405, "MethodNotAllowed"), "/BUCKET/canary", "PUT"),
    query("two sub-resources at once", "acl&tagging", (405, "MethodNotAllowed"), "/BUCKET/canary", "PUT"),
    query("sub-resource of a bucket on a key", "lifecycle", (405, "MethodNotAllowed"), "/BUCKET/canary", "PUT"),
    query("select", "select&select-type=2", (501, "NotImplemented"), "/BUCKET/canary", "POST"),
    query("restore of what is not away", "restore", (403, "InvalidObjectState"), "/BUCKET/canary", "POST"),
    query("post of a signed head where a form belongs", "", (400, "InvalidRequest"), "/BUCKET", "POST"),
    query("post onto a key", "", (405, "MethodNotAllowed"), "/BUCKET/canary", "POST"),
    query("post onto everything", "", (405, "MethodNotAllowed"), "/", "POST"),
    query("delete of everything", "", (405, "MethodNotAllowed"), "/", "DELETE"),
    Case(
        "condition on a date that is none is ignored",
        lambda s: s.signed("GET", s.canary, extra=("If-Modified-Since: yesterday",)),
        200,
    ),
]


def preflight(name: str, answer: tuple, *lines: str, target: str = "/BUCKET/canary") -> Case:
    return Case(name, lambda s: s.raw(f"OPTIONS {target.replace('BUCKET', s.bucket)} HTTP/1.1", *lines), *answer)


ORIGIN = "Origin: https://evil.example"
ASKS = "Access-Control-Request-Method: PUT"
FORBIDDEN = (403, "AccessForbidden")
PREFLIGHTS = [
    preflight("preflight where nothing is allowed", FORBIDDEN, ORIGIN, ASKS),
    preflight("preflight without an origin", (400, "BadRequest"), ASKS),
    preflight("preflight without a method", (400, "BadRequest"), ORIGIN),
    preflight("preflight for a method that does not exist", (400, "BadRequest"), ORIGIN, "Access-Control-Request-Method: FROB"),
    preflight(
        "preflight for a method with a line break", (400, "BadRequest"), ORIGIN, "Access-Control-Request-Method: PUT\r\n X: y"
    ),
    preflight("preflight for a bucket that does not exist", FORBIDDEN, ORIGIN, ASKS, target="/no-such-bucket-here/x"),
    preflight("preflight for everything", FORBIDDEN, ORIGIN, ASKS, target="/"),
    preflight("preflight of an origin of ten thousand letters", FORBIDDEN, "Origin: " + "a" * 10_000, ASKS),
    preflight("preflight of the origin null", FORBIDDEN, "Origin: null", ASKS),
    preflight("preflight for two thousand headers", FORBIDDEN, ORIGIN, ASKS, "Access-Control-Request-Headers: " + "a," * 2000),
    Case(
        "a page from elsewhere reads without a signature",
        lambda s: s.raw(f"GET {s.canary} HTTP/1.1", ORIGIN),
        403,
        "AccessDenied",
    ),
]

# Over https a website answers 400, whatever its name.
WEBSITES = [
    Case(
        "a host of a website that is none",
        lambda s: s.raw("GET /canary HTTP/1.1", host="canary-bucket.s3-website.localhost"),
        404,
        ANY,
    ),
]

CASES = WEBSITES + PATHS + KEYS + BUCKETS + QUERIES + PREFLIGHTS
