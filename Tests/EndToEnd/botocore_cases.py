"""For each operation that answers in XML, calls whose replies have in them whatever they can have."""

import json
from datetime import UTC, datetime, timedelta

from botocore.exceptions import ClientError

CASES = {}
LARGE = b"p" * (5 << 20)
ALGORITHMS = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"]


def case(run):
    """Names a function after the operation that it calls: `list_parts` is for ListParts."""
    CASES["".join(word.capitalize() for word in run.__name__.split("_"))] = run
    return run


def keep_versions(s3, bucket: str) -> None:
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})


def stock(s3, bucket: str, *keys: str) -> None:
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode(), ChecksumAlgorithm="SHA256")


def begin(s3, bucket: str, key: str = "parts", **more) -> dict:
    return {"Bucket": bucket, "Key": key, "UploadId": s3.create_multipart_upload(Bucket=bucket, Key=key, **more)["UploadId"]}


def upload_in_parts(s3, bucket: str, key: str = "parts", algorithm: str = "CRC32", **more) -> dict:
    upload = begin(s3, bucket, key, ChecksumAlgorithm=algorithm, **more)
    parts = []
    for number, body in enumerate([LARGE, b"end"], 1):
        part = s3.upload_part(**upload, PartNumber=number, Body=body, ChecksumAlgorithm=algorithm)
        parts.append({"PartNumber": number, "ETag": part["ETag"]} | {k: v for k, v in part.items() if k.startswith("Checksum")})
    return upload | {"MultipartUpload": {"Parts": parts}}


@case
def list_buckets(s3, bucket):
    s3.create_bucket(Bucket=bucket + "-a")
    s3.create_bucket(Bucket=bucket + "-b")
    page = s3.list_buckets(Prefix=bucket + "-", MaxBuckets=1)
    s3.list_buckets(Prefix=bucket + "-", MaxBuckets=1, ContinuationToken=page["ContinuationToken"])


@case
def get_bucket_location(s3, bucket):
    s3.get_bucket_location(Bucket=bucket)
    s3.create_bucket(Bucket=bucket + "-eu", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.get_bucket_location(Bucket=bucket + "-eu")


@case
def get_bucket_cors(s3, bucket):
    rule = {"AllowedHeaders": ["*"], "AllowedMethods": ["GET", "PUT"], "AllowedOrigins": ["http://a.example", "http://*.b.example"]}
    rules = [{"ID": "one", "ExposeHeaders": ["ETag", "x-amz-version-id"], "MaxAgeSeconds": 600} | rule, rule]
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": rules})
    s3.get_bucket_cors(Bucket=bucket)


@case
def get_bucket_lifecycle_configuration(s3, bucket):
    tag = {"Key": "k", "Value": "v"}
    sizes = {"ObjectSizeGreaterThan": 5, "ObjectSizeLessThan": 50}
    day = datetime(2035, 1, 1, tzinfo=UTC)

    def put(*rules):
        rules = [{"ID": str(number), "Status": "Enabled"} | rule for number, rule in enumerate(rules)]
        s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})
        s3.get_bucket_lifecycle_configuration(Bucket=bucket)

    put(
        {
            "Filter": {"And": {"Prefix": "log/", "Tags": [tag]} | sizes},
            "Transitions": [{"Days": 90, "StorageClass": "GLACIER"}],
            "Expiration": {"Days": 365},
            "NoncurrentVersionTransitions": [{"NoncurrentDays": 30, "StorageClass": "GLACIER_IR", "NewerNoncurrentVersions": 2}],
            "NoncurrentVersionExpiration": {"NoncurrentDays": 60, "NewerNoncurrentVersions": 3},
        },
        {
            "Filter": {"Prefix": "tmp/"},
            "Expiration": {"ExpiredObjectDeleteMarker": True},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 2},
        },
        {
            "Filter": {"Tag": tag},
            "Transitions": [{"Date": day, "StorageClass": "GLACIER"}],
            "Expiration": {"Date": day + timedelta(days=9)},
        },
        {"Filter": {"ObjectSizeGreaterThan": 5}, "Expiration": {"Days": 1}},
        {"Filter": {"ObjectSizeLessThan": 5}, "Expiration": {"Days": 1}},
    )
    put({"Prefix": "old/", "Expiration": {"Days": 1}})


@case
def get_bucket_policy_status(s3, bucket):
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Statement": deny}))
    s3.get_bucket_policy_status(Bucket=bucket)


@case
def get_public_access_block(s3, bucket):
    s3.get_public_access_block(Bucket=bucket)


@case
def get_bucket_ownership_controls(s3, bucket):
    s3.get_bucket_ownership_controls(Bucket=bucket)


def take_lists(s3, bucket: str) -> None:
    s3.delete_public_access_block(Bucket=bucket)
    rules = [{"ObjectOwnership": "ObjectWriter"}]
    s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls={"Rules": rules})


@case
def get_bucket_acl(s3, bucket):
    take_lists(s3, bucket)
    s3.put_bucket_acl(Bucket=bucket, ACL="public-read")
    s3.get_bucket_acl(Bucket=bucket)


@case
def get_object_acl(s3, bucket):
    take_lists(s3, bucket)
    s3.put_object(Bucket=bucket, Key="k", ACL="public-read")
    s3.get_object_acl(Bucket=bucket, Key="k")


@case
def get_bucket_versioning(s3, bucket):
    s3.get_bucket_versioning(Bucket=bucket)
    keep_versions(s3, bucket)
    s3.get_bucket_versioning(Bucket=bucket)


@case
def list_object_versions(s3, bucket):
    keep_versions(s3, bucket)
    stock(s3, bucket, "a", "a", "dir/b", "z")
    s3.delete_object(Bucket=bucket, Key="a")
    s3.delete_object(Bucket=bucket, Key="z")
    s3.list_object_versions(Bucket=bucket)
    page = s3.list_object_versions(Bucket=bucket, Delimiter="/", MaxKeys=2, EncodingType="url")
    markers = {"KeyMarker": page["NextKeyMarker"], "VersionIdMarker": page["NextVersionIdMarker"]}
    s3.list_object_versions(Bucket=bucket, Delimiter="/", **markers)
    s3.list_object_versions(Bucket=bucket, Prefix="dir/")


def list_first(s3, bucket, call, **more):
    stock(s3, bucket, "a", "dir/b", "dir/c", "z z")
    call(Bucket=bucket, Delimiter="/", EncodingType="url", **more)
    return call(Bucket=bucket, Delimiter="/", MaxKeys=2, **more)


@case
def list_objects(s3, bucket):
    page = list_first(s3, bucket, s3.list_objects)
    s3.list_objects(Bucket=bucket, Delimiter="/", Marker=page["NextMarker"])
    s3.list_objects(Bucket=bucket, Prefix="dir/")


@case
def list_objects_v2(s3, bucket):
    page = list_first(s3, bucket, s3.list_objects_v2, FetchOwner=True)
    s3.list_objects_v2(Bucket=bucket, Delimiter="/", ContinuationToken=page["NextContinuationToken"])
    s3.list_objects_v2(Bucket=bucket, Prefix="dir/", StartAfter="dir/b")


@case
def get_object_attributes(s3, bucket):
    keep_versions(s3, bucket)
    every = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"]
    for algorithm in ALGORITHMS:
        s3.complete_multipart_upload(**upload_in_parts(s3, bucket, algorithm=algorithm))
        s3.get_object_attributes(Bucket=bucket, Key="parts", ObjectAttributes=every, MaxParts=1)


@case
def get_object_tagging(s3, bucket):
    keep_versions(s3, bucket)
    s3.put_object(Bucket=bucket, Key="k", Tagging="colour=red&size=XL")
    s3.get_object_tagging(Bucket=bucket, Key="k")
    s3.delete_object_tagging(Bucket=bucket, Key="k")
    s3.get_object_tagging(Bucket=bucket, Key="k")


@case
def get_bucket_tagging(s3, bucket):
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": ""}]})
    s3.get_bucket_tagging(Bucket=bucket)


@case
def get_bucket_encryption(s3, bucket):
    standard = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/mine"}
    blocked = {"EncryptionType": ["SSE-C"]}
    rule = {"ApplyServerSideEncryptionByDefault": standard, "BucketKeyEnabled": True, "BlockedEncryptionTypes": blocked}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    assert s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"] == [rule]


def locked_bucket(s3, bucket: str) -> dict:
    s3.create_bucket(Bucket=bucket + "-lock", ObjectLockEnabledForBucket=True)
    return {"Bucket": bucket + "-lock"}


@case
def get_object_lock_configuration(s3, bucket):
    locked = locked_bucket(s3, bucket)
    s3.get_object_lock_configuration(**locked)
    for period in [{"Days": 3}, {"Years": 1}]:
        rule = {"DefaultRetention": {"Mode": "GOVERNANCE"} | period}
        s3.put_object_lock_configuration(**locked, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule})
        s3.get_object_lock_configuration(**locked)


@case
def get_object_retention(s3, bucket):
    locked = locked_bucket(s3, bucket) | {"Key": "k"}
    until = datetime.now(UTC) + timedelta(hours=1)
    s3.put_object(**locked, Body=b"x", ObjectLockMode="GOVERNANCE", ObjectLockRetainUntilDate=until)
    s3.get_object_retention(**locked)
    s3.head_object(**locked)


@case
def get_object_legal_hold(s3, bucket):
    locked = locked_bucket(s3, bucket) | {"Key": "k"}
    s3.put_object(**locked, Body=b"x", ObjectLockLegalHoldStatus="ON")
    s3.get_object_legal_hold(**locked)
    s3.get_object(**locked)["Body"].read()


@case
def delete_objects(s3, bucket):
    keep_versions(s3, bucket)
    stock(s3, bucket, "a", "b", "c", "d")
    version = s3.list_object_versions(Bucket=bucket, Prefix="b")["Versions"][0]["VersionId"]
    marker = s3.delete_object(Bucket=bucket, Key="c")["VersionId"]
    targets = [
        {"Key": "a"},
        {"Key": "b", "VersionId": version},
        {"Key": "c", "VersionId": marker},
        {"Key": "d", "VersionId": "nonsense"},
    ]
    s3.delete_objects(Bucket=bucket, Delete={"Objects": targets})


def put_with_checksum(s3, bucket: str, call) -> None:
    """One call an algorithm: a document shows only the object's own."""
    keep_versions(s3, bucket)
    for algorithm in ALGORITHMS:
        stock(s3, bucket, "source")
        call(algorithm)


@case
def copy_object(s3, bucket):
    source = {"Bucket": bucket, "Key": "source"}
    put_with_checksum(s3, bucket, lambda algorithm: s3.copy_object(
        Bucket=bucket, Key="copy", CopySource=source, ChecksumAlgorithm=algorithm))


@case
def upload_part_copy(s3, bucket):
    source = {"Bucket": bucket, "Key": "source"}
    put_with_checksum(s3, bucket, lambda algorithm: s3.upload_part_copy(
        **begin(s3, bucket, ChecksumAlgorithm=algorithm), PartNumber=1, CopySource=source))


@case
def create_multipart_upload(s3, bucket):
    begin(s3, bucket)
    begin(s3, bucket, ChecksumAlgorithm="SHA256")
    begin(s3, bucket, ChecksumAlgorithm="CRC64NVME", ChecksumType="FULL_OBJECT")


@case
def complete_multipart_upload(s3, bucket):
    keep_versions(s3, bucket)
    for algorithm in ALGORITHMS:
        s3.complete_multipart_upload(**upload_in_parts(s3, bucket, algorithm=algorithm))


@case
def list_parts(s3, bucket):
    for algorithm in ALGORITHMS:
        upload = begin(s3, bucket, ChecksumAlgorithm=algorithm, StorageClass="STANDARD_IA")
        for number in (1, 2):
            s3.upload_part(**upload, PartNumber=number, Body=b"x", ChecksumAlgorithm=algorithm)
        s3.list_parts(**upload, MaxParts=1)
        s3.list_parts(**upload, PartNumberMarker=1)


@case
def list_multipart_uploads(s3, bucket):
    for key in ["a", "dir/b", "z"]:
        begin(s3, bucket, key, ChecksumAlgorithm="CRC32")
    page = s3.list_multipart_uploads(Bucket=bucket, MaxUploads=1, EncodingType="url")
    markers = {"KeyMarker": page["NextKeyMarker"], "UploadIdMarker": page["NextUploadIdMarker"]}
    s3.list_multipart_uploads(Bucket=bucket, Delimiter="/", **markers)
    s3.list_multipart_uploads(Bucket=bucket, Prefix="dir/")


# Refusals: what each is, the code, and a call that gets it.
REFUSALS = {
    "a missing key": ("NoSuchKey", lambda s3, bucket: s3.get_object(Bucket=bucket, Key="none")),
    "a missing bucket": ("NoSuchBucket", lambda s3, bucket: s3.list_objects_v2(Bucket=bucket + "-none")),
    "a missing version": (
        "NoSuchVersion",
        lambda s3, bucket: s3.get_object(Bucket=bucket, Key="none", VersionId="null"),
    ),
    "a missing upload": ("NoSuchUpload", lambda s3, bucket: s3.list_parts(Bucket=bucket, Key="k", UploadId="none")),
    "a condition": (
        "PreconditionFailed",
        lambda s3, bucket: [s3.put_object(Bucket=bucket, Key="k", IfNoneMatch="*") for _ in range(2)],
    ),
    "a range": (
        "InvalidRange",
        lambda s3, bucket: [s3.put_object(Bucket=bucket, Key="k"), s3.get_object(Bucket=bucket, Key="k", Range="bytes=5-")],
    ),
    "no configuration": ("NoSuchTagSet", lambda s3, bucket: s3.get_bucket_tagging(Bucket=bucket)),
    "an argument": (
        "InvalidArgument",
        lambda s3, bucket: s3.list_object_versions(Bucket=bucket, VersionIdMarker="x"),
    ),
    "a bucket that is not empty": (
        "BucketNotEmpty",
        lambda s3, bucket: [s3.put_object(Bucket=bucket, Key="k"), s3.delete_bucket(Bucket=bucket)],
    ),
    "what is not implemented": ("NotImplemented", lambda s3, bucket: s3.get_object_torrent(Bucket=bucket, Key="k")),
}


def refused(call, *arguments) -> ClientError | None:
    """The error that a call ends with."""
    try:
        call(*arguments)
    except ClientError as error:
        return error
    return None
