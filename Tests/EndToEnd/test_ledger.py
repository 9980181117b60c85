"""Every operation of botocore's model, called: each answers as the ledger says, and none falls through."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError
from botocore.session import get_session

import botocore_cases_settings  # noqa: F401, it adds to CASES
from botocore_cases import CASES, begin, keep_versions, locked_bucket, take_lists
from clients import client_for, fresh_name, refusal
from pail import ROOT_KEY
from wire import Signer, send

MODEL = get_session().get_service_model("s3")
BUCKET_KEY = "x-amz-server-side-encryption-bucket-key-enabled"
TAGS = {"TagSet": [{"Key": "a", "Value": "1"}]}


def status(word: str = "Enabled") -> dict:
    return {"Status": word}


def open_policy(bucket: str) -> str:
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:RestoreObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    return json.dumps({"Statement": deny})


def put_part(s3, bucket):
    s3.upload_part(**begin(s3, bucket), PartNumber=1, Body=b"x")


def put_replication(s3, bucket):
    CASES["GetBucketReplication"](s3, bucket)


def locked_object(s3, bucket) -> dict:
    locked = locked_bucket(s3, bucket) | {"Key": "k"}
    s3.put_object(**locked, Body=b"x")
    return locked


def put_archived(s3, bucket):
    s3.put_object(Bucket=bucket, Key="cold", Body=b"x", StorageClass="GLACIER")
    s3.restore_object(Bucket=bucket, Key="cold", RestoreRequest={"Days": 1})


def with_named(kind: str, member: str):
    """Calls that put and forget a document under an ID; the case of reading it has put some."""

    def run(s3, bucket):
        CASES[f"GetBucket{member}Configuration"](s3, bucket)
        page = getattr(s3, f"list_bucket_{kind}_configurations")(Bucket=bucket)
        getattr(s3, f"delete_bucket_{kind}_configuration")(Bucket=bucket, Id=page[f"{member}ConfigurationList"][0]["Id"])

    return {f"PutBucket{member}Configuration": run, f"DeleteBucket{member}Configuration": run}


# What answers in XML has a call in botocore_cases.py; these are the others that are there.
CALLS = {
    "AbortMultipartUpload": lambda s3, b: s3.abort_multipart_upload(**begin(s3, b)),
    "CreateBucket": lambda s3, b: s3.create_bucket(Bucket=b + "-new"),
    "DeleteBucket": lambda s3, b: s3.delete_bucket(Bucket=b),
    "DeleteBucketCors": lambda s3, b: s3.delete_bucket_cors(Bucket=b),
    "DeleteBucketEncryption": lambda s3, b: s3.delete_bucket_encryption(Bucket=b),
    "DeleteBucketLifecycle": lambda s3, b: s3.delete_bucket_lifecycle(Bucket=b),
    "DeleteBucketOwnershipControls": lambda s3, b: s3.delete_bucket_ownership_controls(Bucket=b),
    "DeleteBucketPolicy": lambda s3, b: s3.delete_bucket_policy(Bucket=b),
    "DeleteBucketReplication": lambda s3, b: s3.delete_bucket_replication(Bucket=b),
    "DeleteBucketTagging": lambda s3, b: s3.delete_bucket_tagging(Bucket=b),
    "DeleteBucketWebsite": lambda s3, b: s3.delete_bucket_website(Bucket=b),
    "DeleteObject": lambda s3, b: s3.delete_object(Bucket=b, Key="k"),
    "DeleteObjectTagging": lambda s3, b: [s3.put_object(Bucket=b, Key="k"), s3.delete_object_tagging(Bucket=b, Key="k")],
    "DeletePublicAccessBlock": lambda s3, b: s3.delete_public_access_block(Bucket=b),
    "GetBucketPolicy": lambda s3, b: [s3.put_bucket_policy(Bucket=b, Policy=open_policy(b)), s3.get_bucket_policy(Bucket=b)],
    "GetObject": lambda s3, b: [s3.put_object(Bucket=b, Key="k"), s3.get_object(Bucket=b, Key="k")],
    "HeadBucket": lambda s3, b: s3.head_bucket(Bucket=b),
    "HeadObject": lambda s3, b: [s3.put_object(Bucket=b, Key="k"), s3.head_object(Bucket=b, Key="k")],
    "PutBucketAccelerateConfiguration": lambda s3, b: s3.put_bucket_accelerate_configuration(
        Bucket=b, AccelerateConfiguration=status()),
    "PutBucketAcl": lambda s3, b: [take_lists(s3, b), s3.put_bucket_acl(Bucket=b, ACL="private")],
    "PutBucketCors": CASES["GetBucketCors"],
    "PutBucketEncryption": CASES["GetBucketEncryption"],
    "PutBucketLifecycleConfiguration": CASES["GetBucketLifecycleConfiguration"],
    "PutBucketOwnershipControls": lambda s3, b: take_lists(s3, b),
    "PutBucketPolicy": lambda s3, b: s3.put_bucket_policy(Bucket=b, Policy=open_policy(b)),
    "PutBucketReplication": put_replication,
    "PutBucketRequestPayment": CASES["GetBucketRequestPayment"],
    "PutBucketTagging": lambda s3, b: s3.put_bucket_tagging(Bucket=b, Tagging=TAGS),
    "PutBucketVersioning": lambda s3, b: keep_versions(s3, b),
    "PutBucketWebsite": CASES["GetBucketWebsite"],
    "PutObject": lambda s3, b: s3.put_object(Bucket=b, Key="k"),
    "PutObjectAcl": lambda s3, b: [
        take_lists(s3, b), s3.put_object(Bucket=b, Key="k"), s3.put_object_acl(Bucket=b, Key="k", ACL="private")],
    "PutObjectLegalHold": lambda s3, b: s3.put_object_legal_hold(**locked_object(s3, b), LegalHold=status("ON")),
    "PutObjectLockConfiguration": CASES["GetObjectLockConfiguration"],
    "PutObjectRetention": lambda s3, b: s3.put_object_retention(
        **locked_object(s3, b),
        Retention={"Mode": "GOVERNANCE", "RetainUntilDate": datetime.now(UTC) + timedelta(hours=1)}),
    "PutObjectTagging": lambda s3, b: [
        s3.put_object(Bucket=b, Key="k"), s3.put_object_tagging(Bucket=b, Key="k", Tagging=TAGS)],
    "PutPublicAccessBlock": lambda s3, b: s3.put_public_access_block(
        Bucket=b, PublicAccessBlockConfiguration={"BlockPublicAcls": True}),
    "RestoreObject": put_archived,
    "UploadPart": put_part,
    **with_named("inventory", "Inventory"),
    **with_named("analytics", "Analytics"),
    **with_named("metrics", "Metrics"),
    **with_named("intelligent_tiering", "IntelligentTiering"),
}
# The older names of others; boto3 still sends them.
CALLS["GetBucketLifecycle"] = lambda s3, b: [
    s3.put_bucket_lifecycle_configuration(Bucket=b, LifecycleConfiguration={"Rules": [
        {"ID": "1", "Prefix": "a", "Expiration": {"Days": 1}} | status()]}),
    s3.get_bucket_lifecycle(Bucket=b)]
CALLS["PutBucketLifecycle"] = lambda s3, b: s3.put_bucket_lifecycle(
    Bucket=b, LifecycleConfiguration={"Rules": [{"ID": "1", "Prefix": "a", "Expiration": {"Days": 1}} | status()]})
QUEUE = "arn:aws:sqs:us-east-1:000000000000:q"
CALLS["GetBucketNotification"] = lambda s3, b: s3.get_bucket_notification(Bucket=b)
CALLS["PutBucketNotification"] = lambda s3, b: s3.put_bucket_notification(
    Bucket=b, NotificationConfiguration={"QueueConfiguration": {"Queue": QUEUE, "Events": ["s3:ObjectCreated:*"]}})
CALLS["PutBucketNotificationConfiguration"] = lambda s3, b: s3.put_bucket_notification_configuration(
    Bucket=b, NotificationConfiguration={"QueueConfigurations": [{"QueueArn": QUEUE, "Events": ["s3:ObjectCreated:*"]}]})
CALLS["PutBucketLogging"] = lambda s3, b: s3.put_bucket_logging(
    Bucket=b, BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": b, "TargetPrefix": "log/"}})


def smallest(shape):
    """The least value that botocore sends for a shape."""
    if getattr(shape, "is_tagged_union", False):
        name = next(iter(shape.members))
        return {name: smallest(shape.members[name])}
    if shape.type_name == "structure":
        return {name: smallest(shape.members[name]) for name in shape.required_members}
    if shape.type_name == "list":
        return [smallest(shape.member)]
    if shape.type_name == "string":
        return (shape.enum or ["x" * max(1, shape.metadata.get("min", 1))])[0]
    return {"boolean": True, "timestamp": datetime(2030, 1, 1, tzinfo=UTC), "blob": b"x", "map": {}}.get(shape.type_name, 1)


def fidelity(daemon) -> dict:
    target = "/_pail/fidelity"
    reply = send(daemon.http, "GET", target, Signer(ROOT_KEY).headers("GET", target, daemon.http.host))
    assert reply.status == 200, reply.body
    return json.loads(reply.body)


@pytest.fixture(scope="module")
def ledger(daemon):
    told = fidelity(daemon)
    return {row["name"]: row for row in told["operations"]}


@pytest.fixture
def recorded(daemon):
    """A client that changes no host, and what it was answered: operation, status, headers, body."""
    s3, seen = client_for(daemon.http, inject_host_prefix=False), []

    def keep(operation_model, response_dict, **_):
        headers = {name.lower(): value for name, value in response_dict["headers"].items()}
        seen.append((operation_model.name, response_dict["status_code"], headers, response_dict["body"]))

    s3.meta.events.register("before-parse.s3", keep)
    return s3, seen


def test_the_ledger_names_every_operation_of_the_model_and_no_other(ledger):
    assert set(ledger) == set(MODEL.operation_names) | {"PostObject"}
    assert {row["state"] for row in ledger.values()} == {"enforced", "stored-only", "refused"}


def test_the_ledger_names_every_header_of_the_model(daemon):
    rows = [row["name"].lower() for row in fidelity(daemon)["settings"]]

    def is_named(header: str) -> bool:
        return any(header == row or (row.endswith("*") and header.startswith(row[:-1])) for row in rows)

    headers = {
        member.serialization["name"].lower()
        for name in MODEL.operation_names
        if (shape := MODEL.operation_model(name).input_shape)
        for member in shape.members.values()
        if member.serialization.get("location") in ("header", "headers")
    }
    assert headers and not sorted(header for header in headers if not is_named(header))


@pytest.mark.parametrize("operation", sorted(MODEL.operation_names))
def test_every_operation_answers_as_the_ledger_says(recorded, ledger, operation):
    s3, seen = recorded
    bucket, row = fresh_name(), ledger[operation]
    s3.create_bucket(Bucket=bucket)
    if row["state"] == "refused":
        parameters = smallest(MODEL.operation_model(operation).input_shape) if MODEL.operation_model(operation).input_shape else {}
        parameters |= {"Bucket": bucket} if "Bucket" in parameters else {}
        s3.put_object(Bucket=bucket, Key="x", Body=b"kept")
        with pytest.raises(ClientError) as caught:
            s3._make_api_call(operation, parameters)
        error = caught.value.response
        assert error["ResponseMetadata"]["HTTPStatusCode"] == 501
        assert error["Error"]["Code"] == "NotImplemented"
        assert error["Error"]["Message"] == f"{error['Error']['Operation']} is not implemented."
        # Two names of one request are refused by the first.
        assert error["Error"]["Operation"] in {operation, *TWINS.get(operation, ())}
        assert s3.get_object(Bucket=bucket, Key="x")["Body"].read() == b"kept"
        return
    (CALLS.get(operation) or CASES[operation])(s3, bucket)
    replies = [(code, headers) for name, code, headers, _ in seen if name == operation]
    assert replies, f"the call for {operation} never makes it"
    for code, headers in replies:
        assert 200 <= code < 300
        if row["state"] == "stored-only":
            assert headers["x-pail-stored-only"] == row["setting"]
        else:
            told = headers.get("x-pail-stored-only", "")
            assert told in ("", "LocationConstraint", "BucketKeyEnabled", BUCKET_KEY), told


# Operations whose requests nothing tells apart.
TWINS = {
    "ListObjectAnnotations": ["GetObjectAnnotation"],
}


def test_strict_refuses_what_is_only_stored_and_says_why(new_daemon, ledger):
    with new_daemon("--memory", "--strict").start() as strict:
        s3, bucket = client_for(strict.http), fresh_name()
        s3.create_bucket(Bucket=bucket)
        stored = [name for name, row in ledger.items() if row["state"] == "stored-only"]
        assert stored
        for name in stored:
            parameters = smallest(MODEL.operation_model(name).input_shape) | {"Bucket": bucket}
            with pytest.raises(ClientError) as caught:
                s3._make_api_call(name, parameters)
            error = caught.value.response
            assert error["ResponseMetadata"]["HTTPStatusCode"] == 501, name
            assert "--strict" in error["Error"]["Message"] and name in error["Error"]["Message"]


def test_who_has_not_the_root_key_does_not_see_the_ledger(daemon):
    assert send(daemon.http, "GET", "/_pail/fidelity", {"Host": daemon.http.host}).status == 403
    assert send(daemon.http, "GET", "/_pail/health", {"Host": daemon.http.host}).status == 200


def test_requesters_pay_where_a_bucket_says_so(s3, bucket):
    s3.put_bucket_request_payment(Bucket=bucket, RequestPaymentConfiguration={"Payer": "Requester"})
    # The owner's own requests stay as they are.
    assert "RequestCharged" not in s3.put_object(Bucket=bucket, Key="k", RequestPayer="requester")
    dotted = bucket + ".dots"
    s3.create_bucket(Bucket=dotted)
    refused = refusal(s3.put_bucket_accelerate_configuration, Bucket=dotted, AccelerateConfiguration=status())
    assert refused == ("InvalidRequest", 400)
