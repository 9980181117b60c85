"""The calls of botocore_cases.py for what is set on a bucket beside its objects: events, logs, websites, reports."""

from botocore_cases import CASES, case, keep_versions, take_lists


@case
def get_bucket_notification_configuration(s3, bucket):
    keys = {"Key": {"FilterRules": [{"Name": "prefix", "Value": "a/"}, {"Name": "suffix", "Value": ".b"}]}}
    arn = "arn:aws:{}:us-east-1:000000000000:{}".format
    s3.put_bucket_notification_configuration(
        Bucket=bucket,
        NotificationConfiguration={
            "TopicConfigurations": [
                {"Id": "t", "TopicArn": arn("sns", "t"), "Events": ["s3:ObjectCreated:Put"], "Filter": keys},
            ],
            "QueueConfigurations": [
                {"Id": "q", "QueueArn": arn("sqs", "q"), "Events": ["s3:ObjectRemoved:*"], "Filter": keys},
            ],
            "LambdaFunctionConfigurations": [
                {"LambdaFunctionArn": arn("lambda", "function:f"), "Events": ["s3:ObjectTagging:*"], "Filter": keys},
            ],
            "EventBridgeConfiguration": {},
        },
        # Nobody allowed webhooks for the topic and the function.
        SkipDestinationValidation=True,
    )
    s3.get_bucket_notification_configuration(Bucket=bucket)
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})
    s3.get_bucket_notification_configuration(Bucket=bucket)


@case
def get_bucket_logging(s3, bucket):
    take_lists(s3, bucket)
    s3.get_bucket_logging(Bucket=bucket)
    owner = s3.list_buckets()["Owner"]["ID"]
    group = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
    grants = [
        {"Grantee": {"Type": "CanonicalUser", "ID": owner}, "Permission": "FULL_CONTROL"},
        {"Grantee": {"Type": "Group", "URI": group}, "Permission": "READ"},
    ]
    for form in [{"SimplePrefix": {}}, {"PartitionedPrefix": {"PartitionDateSource": "DeliveryTime"}}]:
        enabled = {"TargetBucket": bucket, "TargetPrefix": "log/", "TargetGrants": grants, "TargetObjectKeyFormat": form}
        s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": enabled})
        s3.get_bucket_logging(Bucket=bucket)


@case
def get_bucket_website(s3, bucket):
    rules = [
        {
            "Condition": {"HttpErrorCodeReturnedEquals": "404", "KeyPrefixEquals": "a/"},
            "Redirect": {"HostName": "b.example", "HttpRedirectCode": "302", "Protocol": "https", "ReplaceKeyPrefixWith": "c/"},
        },
        {"Redirect": {"ReplaceKeyWith": "d"}},
    ]
    site = {"IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "error.html"}, "RoutingRules": rules}
    for configuration in [site, {"RedirectAllRequestsTo": {"HostName": "b.example", "Protocol": "https"}}]:
        s3.put_bucket_website(Bucket=bucket, WebsiteConfiguration=configuration)
        told = s3.get_bucket_website(Bucket=bucket)
        assert {name: told[name] for name in configuration} == configuration


@case
def get_bucket_request_payment(s3, bucket):
    s3.put_bucket_request_payment(Bucket=bucket, RequestPaymentConfiguration={"Payer": "Requester"})
    assert s3.get_bucket_request_payment(Bucket=bucket)["Payer"] == "Requester"


@case
def get_bucket_accelerate_configuration(s3, bucket):
    s3.put_bucket_accelerate_configuration(Bucket=bucket, AccelerateConfiguration={"Status": "Suspended"})
    assert s3.get_bucket_accelerate_configuration(Bucket=bucket)["Status"] == "Suspended"


TAGS = [{"Key": "k", "Value": "v"}, {"Key": "l", "Value": ""}]
FILTERS = [{"Prefix": "a"}, {"Tag": TAGS[0]}, {"And": {"Prefix": "a", "Tags": TAGS}}]


@case
def get_bucket_replication(s3, bucket):
    other = bucket + "-copies"
    s3.create_bucket(Bucket=other)
    for name in (bucket, other):
        keep_versions(s3, name)
    on = {"Status": "Enabled"}
    role = "arn:aws:iam::000000000000:role/copies"
    unwanted = [{"Not": {"Prefix": "x"}}, {"Not": {"Tag": TAGS[0]}}, {"Not": {"Or": {"Prefixes": ["x", "y"], "Tags": TAGS}}}]
    filters = [*FILTERS, *unwanted, *({"And": {"Prefix": "a"} | no} for no in unwanted)]
    destination = {
        "Bucket": f"arn:aws:s3:::{other}",
        "Account": "000000000000",
        "StorageClass": "STANDARD_IA",
        "AccessControlTranslation": {"Owner": "Destination"},
        "EncryptionConfiguration": {"ReplicaKmsKeyID": "key", "UseSourceMultiRegionKey": on},
        "ReplicationTime": on | {"Time": {"Minutes": 15}},
        "Metrics": on | {"EventThreshold": {"Minutes": 15}},
    }
    rules = [
        {
            "ID": str(number),
            "Priority": number,
            "Filter": chosen,
            "SourceSelectionCriteria": {"SseKmsEncryptedObjects": on, "ReplicaModifications": on},
            "ExistingObjectReplication": on,
            "Destination": destination,
            "DeleteMarkerReplication": {"Status": "Disabled"},
        }
        | on
        for number, chosen in enumerate(filters)
    ]
    for some in [rules, [{"ID": "old", "Prefix": "a", "Destination": {"Bucket": destination["Bucket"]}} | on]]:
        configuration = {"Role": role, "Rules": some}
        s3.put_bucket_replication(Bucket=bucket, ReplicationConfiguration=configuration)
        assert s3.get_bucket_replication(Bucket=bucket)["ReplicationConfiguration"] == configuration


def inventory(s3, bucket: str) -> list[dict]:
    place = {"AccountId": "000000000000", "Bucket": f"arn:aws:s3:::{bucket}", "Format": "CSV", "Prefix": "lists"}
    common = {"IsEnabled": True, "IncludedObjectVersions": "All", "Schedule": {"Frequency": "Daily"}}
    found = []
    for encryption in [{"SSEKMS": {"KeyId": "key"}}, {"SSES3": {}}]:
        destination = {"S3BucketDestination": place | {"Encryption": encryption}}
        more = {"Destination": destination, "Filter": {"Prefix": "a"}, "OptionalFields": ["Size", "ETag"]}
        found.append(common | more | {"Id": next(iter(encryption))})
    for one in found:
        s3.put_bucket_inventory_configuration(Bucket=bucket, Id=one["Id"], InventoryConfiguration=one)
    return found


def analytics(s3, bucket: str) -> list[dict]:
    place = {"Format": "CSV", "BucketAccountId": "000000000000", "Bucket": f"arn:aws:s3:::{bucket}", "Prefix": "reports"}
    export = {"OutputSchemaVersion": "V_1", "Destination": {"S3BucketDestination": place}}
    found = [{"Id": str(n), "Filter": f, "StorageClassAnalysis": {"DataExport": export}} for n, f in enumerate(FILTERS)]
    for one in found:
        s3.put_bucket_analytics_configuration(Bucket=bucket, Id=one["Id"], AnalyticsConfiguration=one)
    return found


def metrics(s3, bucket: str) -> list[dict]:
    point = {"AccessPointArn": "arn:aws:s3:us-east-1:000000000000:accesspoint/p"}
    filters = [*FILTERS, point, {"And": {"Prefix": "a"} | point}]
    found = [{"Id": str(n), "Filter": f} for n, f in enumerate(filters)]
    for one in found:
        s3.put_bucket_metrics_configuration(Bucket=bucket, Id=one["Id"], MetricsConfiguration=one)
    return found


def intelligent_tiering(s3, bucket: str) -> list[dict]:
    tiers = [{"Days": 90, "AccessTier": "ARCHIVE_ACCESS"}, {"Days": 180, "AccessTier": "DEEP_ARCHIVE_ACCESS"}]
    found = [{"Id": str(n), "Filter": f, "Status": "Enabled", "Tierings": tiers} for n, f in enumerate(FILTERS)]
    for one in found:
        s3.put_bucket_intelligent_tiering_configuration(Bucket=bucket, Id=one["Id"], IntelligentTieringConfiguration=one)
    return found


def named(kind: str, put):
    """The cases for one and for the list of a kind of which a bucket has many."""
    word = "".join(part.capitalize() for part in kind.split("_"))

    def get(s3, bucket):
        for one in put(s3, bucket):
            told = getattr(s3, f"get_bucket_{kind}_configuration")(Bucket=bucket, Id=one["Id"])
            assert told[f"{word}Configuration"] == one

    def list_all(s3, bucket):
        found = put(s3, bucket)
        call = getattr(s3, f"list_bucket_{kind}_configurations")
        assert call(Bucket=bucket)[f"{word}ConfigurationList"] == found
        for number in range(100, 200):
            again = getattr(s3, f"put_bucket_{kind}_configuration")
            again(**{"Bucket": bucket, "Id": str(number), f"{word}Configuration": found[0] | {"Id": str(number)}})
        page = call(Bucket=bucket)
        assert page["IsTruncated"] and len(page[f"{word}ConfigurationList"]) == 100
        rest = call(Bucket=bucket, ContinuationToken=page["NextContinuationToken"])
        assert not rest["IsTruncated"] and len(rest[f"{word}ConfigurationList"]) == len(found)

    CASES[f"GetBucket{word}Configuration"] = get
    CASES[f"ListBucket{word}Configurations"] = list_all


for kind, put in [
    ("inventory", inventory),
    ("analytics", analytics),
    ("metrics", metrics),
    ("intelligent_tiering", intelligent_tiering),
]:
    named(kind, put)
