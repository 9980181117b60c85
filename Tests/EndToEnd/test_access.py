"""Who may do what: two accounts and four users, and the policies, lists and blocks between them."""

import json

import pytest
import requests
from botocore import UNSIGNED
from botocore.config import Config

import boto3
import pail
from clients import body_of, client_for, fresh_name, refusal
from test_contract_users import create

DENIED = ("AccessDenied", 403)


class People:
    """ann and bob of one account, zoe and max of another; ann and zoe may do everything, bob reads, max nothing."""

    def __init__(self, daemon, endpoint, folder):
        nothing = folder / "nothing.json"
        nothing.write_text(json.dumps({"Statement": {"Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*"}}))
        rows = {
            "ann": ("house", "AmazonS3FullAccess"),
            "bob": ("house", "AmazonS3ReadOnlyAccess"),
            "zoe": ("zoo", "AmazonS3FullAccess"),
            "max": ("zoo", nothing),
        }
        for name, (account, policy) in rows.items():
            key, _ = create(daemon, name, "--account", account, "--policy", policy)
            setattr(self, name, client_for(endpoint, key))
        self.root = client_for(endpoint)
        self.nobody = boto3.client(
            "s3",
            endpoint_url=endpoint.url,
            region_name="us-east-1",
            verify=endpoint.certificate,
            config=Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
        )


@pytest.fixture(params=["http", "https"])
def where(request, new_daemon, certificate):
    daemon = new_daemon(certificate=certificate).start()
    return daemon, daemon.listeners[request.param]


@pytest.fixture
def people(where, tmp_path):
    return People(*where, tmp_path)


@pytest.fixture
def bucket(people):
    name = fresh_name()
    people.ann.create_bucket(Bucket=name)
    people.ann.put_object(Bucket=name, Key="cat", Body=b"meow")
    return name


def statement(principal, actions, bucket, **more):
    return {
        "Effect": "Allow",
        "Principal": principal,
        "Action": actions,
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
    } | more


def put_policy(client, bucket, *statements):
    policy = {"Version": "2012-10-17", "Statement": list(statements)}
    client.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
    assert json.loads(client.get_bucket_policy(Bucket=bucket)["Policy"]) == policy


def canonical_id(client) -> str:
    return client.list_buckets()["Owner"]["ID"]


def unblock(client, bucket):
    client.delete_public_access_block(Bucket=bucket)


def test_a_bucket_is_its_accounts_and_nobody_elses(people, bucket):
    assert body_of(people.bob.get_object(Bucket=bucket, Key="cat")) == b"meow"
    assert refusal(people.bob.put_object, Bucket=bucket, Key="dog", Body=b"") == DENIED
    for stranger in (people.zoe, people.max, people.root, people.nobody):
        assert refusal(stranger.get_object, Bucket=bucket, Key="cat") == DENIED
        assert refusal(stranger.list_objects_v2, Bucket=bucket) == DENIED
        assert refusal(stranger.put_object, Bucket=bucket, Key="dog", Body=b"") == DENIED
    assert [b["Name"] for b in people.bob.list_buckets()["Buckets"]] == [bucket]
    assert people.zoe.list_buckets()["Buckets"] == []
    assert refusal(people.zoe.create_bucket, Bucket=bucket)[0] == "BucketAlreadyExists"


def test_a_policy_shares_with_another_account_while_the_daemon_runs(people, bucket):
    zoo = {"CanonicalUser": canonical_id(people.zoe)}
    put_policy(people.ann, bucket, statement(zoo, ["s3:GetObject", "s3:ListBucket"], bucket))
    assert body_of(people.zoe.get_object(Bucket=bucket, Key="cat")) == b"meow"
    assert [o["Key"] for o in people.zoe.list_objects_v2(Bucket=bucket)["Contents"]] == ["cat"]
    assert refusal(people.zoe.put_object, Bucket=bucket, Key="dog", Body=b"") == DENIED
    assert refusal(people.max.get_object, Bucket=bucket, Key="cat") == DENIED, "zoe's account has not let max"
    assert refusal(people.nobody.get_object, Bucket=bucket, Key="cat") == DENIED
    assert people.ann.get_bucket_policy_status(Bucket=bucket)["PolicyStatus"]["IsPublic"] is False

    put_policy(people.ann, bucket, statement(zoo, ["s3:GetObject", "s3:PutObject"], bucket))
    people.zoe.put_object(Bucket=bucket, Key="dog", Body=b"woof")
    assert body_of(people.bob.get_object(Bucket=bucket, Key="dog")) == b"woof", "it is the bucket owner's"
    assert refusal(people.zoe.list_objects_v2, Bucket=bucket) == DENIED
    assert refusal(people.zoe.get_bucket_policy, Bucket=bucket) == DENIED

    people.ann.delete_bucket_policy(Bucket=bucket)
    assert refusal(people.zoe.get_object, Bucket=bucket, Key="cat") == DENIED
    assert refusal(people.ann.get_bucket_policy, Bucket=bucket) == ("NoSuchBucketPolicy", 404)


def test_a_copy_between_accounts_needs_both_buckets(people, bucket):
    own = fresh_name()
    people.zoe.create_bucket(Bucket=own)
    copy = {"Bucket": own, "Key": "copy", "CopySource": {"Bucket": bucket, "Key": "cat"}}
    assert refusal(people.zoe.copy_object, **copy) == DENIED
    put_policy(people.ann, bucket, statement({"CanonicalUser": canonical_id(people.zoe)}, "s3:GetObject", bucket, Resource=f"arn:aws:s3:::{bucket}/*"))
    people.zoe.copy_object(**copy)
    assert body_of(people.zoe.get_object(Bucket=own, Key="copy")) == b"meow"


def test_a_deny_beats_full_access_and_the_answer_says_so(people, bucket):
    deny = statement("*", "s3:*", bucket, Effect="Deny", Condition={"Bool": {"aws:SecureTransport": "false"}})
    secure = people.ann.meta.endpoint_url.startswith("https")
    people.ann.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [deny]}))
    if secure:
        assert body_of(people.bob.get_object(Bucket=bucket, Key="cat")) == b"meow"
        return
    with pytest.raises(people.bob.exceptions.ClientError) as caught:
        people.bob.get_object(Bucket=bucket, Key="cat")
    message = caught.value.response["Error"]["Message"]
    assert "user/bob is not authorized to perform: s3:GetObject" in message
    assert message.endswith("with an explicit deny in a resource-based policy")


def test_a_public_bucket_is_read_by_anybody_once_it_is_unblocked(where, people, bucket):
    _, endpoint = where
    public = statement("*", "s3:GetObject", bucket, Resource=f"arn:aws:s3:::{bucket}/*")
    policy = json.dumps({"Version": "2012-10-17", "Statement": [public]})
    assert refusal(people.ann.put_bucket_policy, Bucket=bucket, Policy=policy) == DENIED
    unblock(people.ann, bucket)
    people.ann.put_bucket_policy(Bucket=bucket, Policy=policy)
    assert people.ann.get_bucket_policy_status(Bucket=bucket)["PolicyStatus"]["IsPublic"] is True

    assert body_of(people.nobody.get_object(Bucket=bucket, Key="cat")) == b"meow"
    assert refusal(people.nobody.list_objects_v2, Bucket=bucket) == DENIED
    assert refusal(people.nobody.get_object, Bucket=bucket, Key="dog") == DENIED, "who may not list learns nothing"
    url = f"{endpoint.url}/{bucket}/cat"
    trust = endpoint.certificate or True
    assert requests.get(url, verify=trust, timeout=30).content == b"meow"
    assert requests.put(url, data=b"x", verify=trust, timeout=30).status_code == 403
    assert requests.get(url, headers={"Host": "evil.example"}, verify=trust, timeout=30).status_code == 403
    assert requests.get(url + "?response-content-type=text/html", verify=trust, timeout=30).status_code == 400

    people.ann.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration={"RestrictPublicBuckets": True})
    assert refusal(people.nobody.get_object, Bucket=bucket, Key="cat") == DENIED
    assert body_of(people.bob.get_object(Bucket=bucket, Key="cat")) == b"meow"


def test_lists_count_where_the_owner_says_so(people, bucket):
    public = {"Bucket": bucket, "Key": "cat", "ACL": "public-read"}
    assert refusal(people.ann.put_object_acl, **public) == ("AccessControlListNotSupported", 400)
    rules = {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    people.ann.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=rules)
    assert people.ann.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"] == rules
    assert refusal(people.ann.put_object_acl, **public) == DENIED, "public lists are blocked"
    unblock(people.ann, bucket)
    people.ann.put_object_acl(**public)
    assert body_of(people.nobody.get_object(Bucket=bucket, Key="cat")) == b"meow"

    zoo = canonical_id(people.zoe)
    people.ann.put_object(Bucket=bucket, Key="zoo", Body=b"for the zoo", GrantRead=f'id="{zoo}"')
    assert body_of(people.zoe.get_object(Bucket=bucket, Key="zoo")) == b"for the zoo"
    assert refusal(people.nobody.get_object, Bucket=bucket, Key="zoo") == DENIED
    assert refusal(people.max.get_object, Bucket=bucket, Key="zoo") == DENIED
    answer = people.ann.get_object_acl(Bucket=bucket, Key="zoo")
    assert [(g["Grantee"]["ID"], g["Permission"]) for g in answer["Grants"]] == [(zoo, "READ")]
    grants = answer["Grants"] + [{"Grantee": {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AllUsers"}, "Permission": "READ"}]
    people.ann.put_object_acl(Bucket=bucket, Key="zoo", AccessControlPolicy={"Grants": grants, "Owner": answer["Owner"]})
    assert body_of(people.nobody.get_object(Bucket=bucket, Key="zoo")) == b"for the zoo"


def test_policies_and_lists_outlive_the_daemon(where, people, bucket, tmp_path):
    daemon, endpoint = where
    unblock(people.ann, bucket)
    put_policy(people.ann, bucket, statement("*", "s3:GetObject", bucket, Resource=f"arn:aws:s3:::{bucket}/*"))
    assert daemon.stop() == 0
    daemon.start()
    again = daemon.listeners[endpoint.scheme]
    answer = requests.get(f"{again.url}/{bucket}/cat", verify=again.certificate or True, timeout=30)
    assert answer.content == b"meow"


def test_a_folder_may_make_buckets_as_they_were_made_before_2023(new_daemon):
    daemon = new_daemon("--bucket-defaults", "legacy", "--bucket", "old").start()
    s3 = client_for(daemon.http)
    s3.put_object(Bucket="old", Key="cat", Body=b"meow", ACL="public-read")
    assert requests.get(f"{daemon.http.url}/old/cat", timeout=30).content == b"meow"
    assert refusal(s3.get_public_access_block, Bucket="old") == ("NoSuchPublicAccessBlockConfiguration", 404)
    assert pail.pail("serve", "--bucket-defaults", "new").returncode != 0
