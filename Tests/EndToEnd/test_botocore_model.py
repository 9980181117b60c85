"""Every operation that answers in XML, element by element, against botocore's model of S3.

An SDK drops in silence what it does not know. So the raw reply is read here too, and compared with what botocore's parser
makes of it: no element is unknown, misspelt or nested wrongly, none that the model documents is missing without a reason.
"""

import re
import xml.etree.ElementTree as ElementTree
from fnmatch import fnmatchcase

import pytest
from botocore.session import get_session

import pail
import botocore_cases_settings  # noqa: F401, it adds to CASES
from botocore_cases import CASES, REFUSALS, refused
from botocore_shapes import Exchange, Findings, documented, examine, has_document
from clients import client_for

MODEL = get_session().get_service_model("s3")

# Members that no reply has, and why not. A name stands for itself and for all that is in it.
ABSENT = {
    "*": {
        "*ChecksumSHA512": "only answered to who sends one",
        "*ChecksumMD5": "only answered to who sends one",
        "*ChecksumXXHASH64": "only answered to who sends one",
        "*ChecksumXXHASH3": "only answered to who sends one",
        "*ChecksumXXHASH128": "only answered to who sends one",
        "*Owner.DisplayName": "S3 has left it out since 2025",
        "*Initiator.DisplayName": "S3 has left it out since 2025",
        "*RestoreStatus": "only for who asks for it, of archived objects",
    },
    "GetBucketAcl": {"*.EmailAddress": "a grantee is answered by ID, however it was named"},
    "GetObjectAcl": {"*.EmailAddress": "as above", "RequestCharged": "only of buckets whose requesters pay"},
    "GetBucketLogging": {"*.EmailAddress": "as above"},
    "GetBucketVersioning": {"MFADelete": "MFA delete cannot be configured"},
    "GetObjectLockConfiguration": {"*.DefaultEventHold": "event holds cannot be configured"},
    "GetObjectRetention": {"*.EventHold": "as above", "*.EventHoldDuration": "as above"},
    "ListBuckets": {"*.BucketArn": "of directory buckets alone"},
    "ListMultipartUploads": {"*.VersionId": "the version comes to be when the upload is completed"},
}


def answered() -> list[str]:
    """The operations of two tables of docs/compatibility.md, which another test makes from the ledger."""
    text = (pail.ROOT / "docs/compatibility.md").read_text()
    chapters = [text.split(f"\n## {heading}\n")[1].split("\n## ")[0] for heading in ("Answered", "Stored only")]
    rows = [row for chapter in chapters for row in chapter.splitlines() if row.startswith("| `")]
    return [name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])]


def is_compared(name: str) -> bool:
    """Deprecated operations are the older names of others, whose replies they get."""
    if name not in MODEL.operation_names:
        return False
    operation = MODEL.operation_model(name)
    return has_document(operation) and not operation.deprecated


WITH_DOCUMENT = sorted(filter(is_compared, answered()))


@pytest.fixture
def recorded(endpoint):
    """A client whose replies are kept as they came."""
    s3, exchanges = client_for(endpoint), []

    def keep(operation_model, response_dict, **_):
        body = response_dict["body"]
        exchanges.append(
            Exchange(
                operation_model,
                response_dict["status_code"],
                dict(response_dict["headers"].items()),
                body if isinstance(body, bytes) else b"",
            )
        )

    s3.meta.events.register("before-parse.s3", keep)
    return s3, exchanges


def is_absent(operation: str, path: str) -> bool:
    patterns = [*ABSENT["*"], *ABSENT.get(operation, {})]
    return any(fnmatchcase(path, name) or fnmatchcase(path, f"{name}[.[]*") for name in patterns)


def test_every_operation_with_a_document_has_a_case():
    assert WITH_DOCUMENT, "no operation was found in docs/compatibility.md"
    missing = sorted(set(WITH_DOCUMENT) - set(CASES))
    assert not missing, f"write calls for these in botocore_cases.py: {missing}"
    unknown = sorted(set(CASES) - set(MODEL.operation_names))
    assert not unknown, f"the model has no such operations: {unknown}"


@pytest.mark.parametrize("operation", WITH_DOCUMENT)
def test_every_element_of_a_reply_is_one_that_the_model_knows(recorded, bucket, operation):
    s3, exchanges = recorded
    CASES[operation](s3, bucket)
    findings = Findings()
    for exchange in exchanges:
        assert exchange.status < 300, exchange.body
        one = findings if exchange.name == operation else Findings()
        examine(exchange, one)
        assert not one.problems, f"{exchange.name}: {one.problems}\n{exchange.body[:3000].decode()}"
    assert findings.seen, f"the case for {operation} never calls it"
    missing = {path for path in documented(MODEL.operation_model(operation)) - findings.seen if not is_absent(operation, path)}
    assert not missing, f"{operation} documents members that no reply has: {sorted(missing)}"


@pytest.mark.parametrize("what", REFUSALS)
def test_an_error_is_a_document_that_parses(recorded, bucket, what):
    s3, exchanges = recorded
    code, call = REFUSALS[what]
    error = refused(call, s3, bucket)
    reply = exchanges[-1]
    assert error is not None and reply.status >= 300, f"{what} is not refused"
    root = ElementTree.fromstring(reply.body)
    assert root.tag == "Error", "the root of an error is in no namespace"
    texts = {child.tag: child.text for child in root}
    assert len(texts) == len(root) and not any(len(child) for child in root), reply.body
    assert texts["Code"] == error.response["Error"]["Code"] == code
    assert texts["Message"] and texts["Message"] == error.response["Error"]["Message"]
    headers = {name.lower(): value for name, value in reply.headers.items()}
    assert texts["RequestId"] == headers["x-amz-request-id"] == error.response["ResponseMetadata"]["RequestId"]
    assert texts["HostId"] == headers["x-amz-id-2"] == error.response["ResponseMetadata"]["HostId"]
    assert texts["Resource"].startswith("/"), reply.body
    assert headers["content-type"] == "application/xml"


def test_what_is_not_in_the_model_is_noticed(recorded, bucket):
    """The comparison can fail: each of these is a reply as Pail makes it, with one thing bent."""
    s3, exchanges = recorded
    CASES["ListObjectVersions"](s3, bucket)
    good = next(e for e in exchanges if e.name == "ListObjectVersions")
    for old, new in [
        (b"<IsLatest>", b"<IsLatst>"),
        (b"<Size>1<", b"<Size>one<"),
        (b".000Z<", b".123Z<"),
        (b"<StorageClass>STANDARD<", b"<StorageClass>USUAL<"),
        (b"<MaxKeys>1000</MaxKeys>", b"<MaxKeys>1000</MaxKeys><MaxKeys>1</MaxKeys>"),
        (b"<Version>", b"<Versions><Version>"),
        (b"ListVersionsResult", b"ListVersionResult"),
        (b' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"', b""),
        (b"<Owner><ID>", b"<Owner>x<ID>"),
    ]:
        body = good.body.replace(old, new)
        assert body != good.body, old
        if new.startswith(b"<Versions>"):
            body = body.replace(b"</Version>", b"</Version></Versions>")
        else:
            body = body.replace(old.replace(b"<", b"</"), new.replace(b"<", b"</"))
        findings = Findings()
        examine(Exchange(good.operation, 200, good.headers, body), findings)
        assert findings.problems, new
    findings = Findings()
    examine(Exchange(good.operation, 200, good.headers | {"x-amz-made-up": "1"}, good.body), findings)
    assert findings.problems
