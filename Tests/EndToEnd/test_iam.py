"""IAM and STS with the real tools: users get keys, policies and roles by boto3 and the AWS CLI, and what they may then do."""

import json

import pytest
import requests

import pail
from clients import body_of, client_for, fresh_name, refusal
from pail import Key
from test_aws_cli import aws  # noqa: F401  (a fixture)
from test_contract_users import create

DENIED = ("AccessDenied", 403)
AMAZON = "arn:aws:iam::aws:policy/"


def allow(actions, resources="*", effect="Allow") -> str:
    statement = {"Effect": effect, "Action": actions, "Resource": resources}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def trust(principal, **more) -> str:
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"} | more
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def key_of(answer) -> Key:
    return Key(answer["AccessKeyId"], answer["SecretAccessKey"], answer.get("SessionToken"))


class Account:
    """An account's administrator, and the users that it makes."""

    def __init__(self, daemon, endpoint, name):
        self.endpoint, self.keys = endpoint, {}
        key, _ = create(daemon, f"{name}-admin", "--account", name, "--policy", "AdministratorAccess")
        self.iam = client_for(endpoint, key, service="iam")
        self.s3 = client_for(endpoint, key)
        self.number = client_for(endpoint, key, service="sts").get_caller_identity()["Account"]

    def user(self, name):
        self.iam.create_user(UserName=name)
        self.keys[name] = key_of(self.iam.create_access_key(UserName=name)["AccessKey"])
        return client_for(self.endpoint, self.keys[name])

    def arn(self, name):
        return f"arn:aws:iam::{self.number}:user/{name}"


@pytest.fixture(params=["http", "https"])
def where(request, new_daemon, certificate):
    daemon = new_daemon(certificate=certificate).start()
    return daemon, daemon.listeners[request.param]


def test_the_seeds_iam_step_with_the_aws_cli(aws, endpoint):  # noqa: F811
    user, bucket, url = fresh_name(), fresh_name(), ["--endpoint-url", endpoint.url]
    made = json.loads(aws("iam", "create-user", "--user-name", user, "--tags", "Key=team,Value=web", *url))["User"]
    assert made["Arn"] == f"arn:aws:iam::000000000000:user/{user}"
    key = key_of(json.loads(aws("iam", "create-access-key", "--user-name", user, *url))["AccessKey"])
    s3 = client_for(endpoint, key)
    assert refusal(s3.create_bucket, Bucket=bucket) == DENIED
    policy = ["--user-name", user, "--policy-arn", AMAZON + "AmazonS3FullAccess"]
    aws("iam", "attach-user-policy", *policy, *url)
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="cat", Body=b"meow")
    assert body_of(s3.get_object(Bucket=bucket, Key="cat")) == b"meow"
    listed = json.loads(aws("iam", "list-attached-user-policies", "--user-name", user, *url))["AttachedPolicies"]
    assert [policy["PolicyName"] for policy in listed] == ["AmazonS3FullAccess"]
    said = aws("iam", "delete-user", "--user-name", user, *url, refused=True)
    assert "DeleteConflict" in said
    aws("iam", "detach-user-policy", *policy, *url)
    assert refusal(s3.get_object, Bucket=bucket, Key="cat") == DENIED
    aws("iam", "delete-access-key", "--user-name", user, "--access-key-id", key.access, *url)
    aws("iam", "delete-user", "--user-name", user, *url)
    assert refusal(s3.get_object, Bucket=bucket, Key="cat") == ("InvalidAccessKeyId", 403)
    assert "000000000000" in aws("sts", "get-caller-identity", *url)


def test_two_accounts_and_four_users_while_policies_change(where):
    daemon, endpoint = where
    house, zoo = (Account(daemon, endpoint, name) for name in ("house", "zoo"))
    ann, bob, zoe, max_ = house.user("ann"), house.user("bob"), zoo.user("zoe"), zoo.user("max")
    bucket = fresh_name()
    cat = {"Bucket": bucket, "Key": "cat"}
    house.iam.attach_user_policy(UserName="ann", PolicyArn=AMAZON + "AmazonS3FullAccess")
    ann.create_bucket(Bucket=bucket)
    ann.put_object(**cat, Body=b"meow")

    # bob reads once his group may, and never writes.
    assert refusal(bob.get_object, **cat) == DENIED
    house.iam.create_group(GroupName="readers")
    house.iam.attach_group_policy(GroupName="readers", PolicyArn=AMAZON + "AmazonS3ReadOnlyAccess")
    house.iam.add_user_to_group(GroupName="readers", UserName="bob")
    assert body_of(bob.get_object(**cat)) == b"meow"
    assert [o["Key"] for o in bob.list_objects_v2(Bucket=bucket)["Contents"]] == ["cat"]
    assert refusal(bob.put_object, **cat, Body=b"") == DENIED

    # zoe may do everything in her own account, and here only what this bucket shares with her.
    zoo.iam.attach_user_policy(UserName="zoe", PolicyArn=AMAZON + "AmazonS3FullAccess")
    assert refusal(zoe.get_object, **cat) == DENIED
    shared = {
        "Effect": "Allow",
        "Principal": {"AWS": [zoo.arn("zoe"), zoo.arn("max")]},
        "Action": ["s3:GetObject", "s3:ListBucket"],
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
    }
    ann.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [shared]}))
    assert body_of(zoe.get_object(**cat)) == b"meow"
    assert refusal(zoe.put_object, **cat, Body=b"") == DENIED
    # Between accounts both must allow: max has no policy yet.
    assert refusal(max_.get_object, **cat) == DENIED
    zoo.iam.put_user_policy(UserName="max", PolicyName="read", PolicyDocument=allow("s3:GetObject", f"arn:aws:s3:::{bucket}/c*"))
    assert body_of(max_.get_object(**cat)) == b"meow"
    assert refusal(max_.list_objects_v2, Bucket=bucket) == DENIED
    # A deny of her own account's ends it for zoe, at once.
    zoo.iam.put_user_policy(UserName="zoe", PolicyName="not-here", PolicyDocument=allow("s3:*", f"arn:aws:s3:::{bucket}/*", "Deny"))
    assert refusal(zoe.get_object, **cat) == DENIED
    assert len(zoe.list_objects_v2(Bucket=bucket)["Contents"]) == 1
    # A policy that both house users have changes for both with a new version.
    policy = house.iam.create_policy(PolicyName="p", PolicyDocument=allow("s3:DeleteObject"))["Policy"]["Arn"]
    house.iam.attach_group_policy(GroupName="readers", PolicyArn=policy)
    bob.delete_object(Bucket=bucket, Key="nothing")
    house.iam.create_policy_version(PolicyArn=policy, PolicyDocument=allow("s3:*", "*", "Deny"), SetAsDefault=True)
    assert refusal(bob.get_object, **cat) == DENIED
    house.iam.remove_user_from_group(GroupName="readers", UserName="bob")
    house.iam.attach_user_policy(UserName="bob", PolicyArn=AMAZON + "AmazonS3FullAccess")
    bob.put_object(**cat, Body=b"purr")
    # Neither account's administrator sees the other's users.
    assert refusal(zoo.iam.get_user, UserName="ann") == ("NoSuchEntity", 404)
    assert sorted(user["UserName"] for user in house.iam.list_users()["Users"]) == ["ann", "bob", "house-admin"]
    # All of it outlives the daemon.
    assert daemon.stop() == 0
    daemon.start()
    endpoint = daemon.listeners[endpoint.scheme]
    again = client_for(endpoint, zoo.keys["max"])
    assert body_of(again.get_object(**cat)) == b"purr"
    assert refusal(again.list_objects_v2, Bucket=bucket) == DENIED


def test_a_role_is_assumed_across_accounts_and_its_session_outlives_the_daemon(where):
    daemon, endpoint = where
    house, zoo = (Account(daemon, endpoint, name) for name in ("house", "zoo"))
    bucket = fresh_name()
    house.s3.create_bucket(Bucket=bucket)
    house.s3.put_object(Bucket=bucket, Key="cat", Body=b"meow")
    condition = {"StringEquals": {"sts:ExternalId": "42"}}
    role = house.iam.create_role(RoleName="keeper", AssumeRolePolicyDocument=trust(zoo.number, Condition=condition))["Role"]
    assert role["AssumeRolePolicyDocument"]["Statement"][0]["Condition"] == condition
    house.iam.put_role_policy(RoleName="keeper", PolicyName="all", PolicyDocument=allow("s3:*"))
    zoo.iam.create_user(UserName="zoe")
    zoo.iam.put_user_policy(UserName="zoe", PolicyName="become", PolicyDocument=allow("sts:AssumeRole", role["Arn"]))
    sts = client_for(endpoint, key_of(zoo.iam.create_access_key(UserName="zoe")["AccessKey"]), service="sts")
    asked = {"RoleArn": role["Arn"], "RoleSessionName": "night"}
    assert refusal(sts.assume_role, **asked) == DENIED
    whole = sts.assume_role(**asked, ExternalId="42")
    narrow = sts.assume_role(**asked, ExternalId="42", Policy=allow("s3:GetObject"), DurationSeconds=900)
    assert whole["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{house.number}:assumed-role/keeper/night"
    s3, reader = client_for(endpoint, key_of(whole["Credentials"])), client_for(endpoint, key_of(narrow["Credentials"]))
    s3.put_object(Bucket=bucket, Key="dog", Body=b"wuff")
    assert body_of(reader.get_object(Bucket=bucket, Key="dog")) == b"wuff"
    assert refusal(reader.put_object, Bucket=bucket, Key="dog", Body=b"") == DENIED
    form = s3.generate_presigned_post(bucket, "posted")
    assert form["fields"]["x-amz-security-token"] == whole["Credentials"]["SessionToken"]
    sent = {"data": form["fields"], "files": {"file": b"by a form"}, "verify": endpoint.certificate, "timeout": 30}
    assert requests.post(form["url"], **sent).status_code == 204
    assert body_of(s3.get_object(Bucket=bucket, Key="posted")) == b"by a form"
    link = reader.generate_presigned_url("get_object", {"Bucket": bucket, "Key": "dog"})
    assert requests.get(link, verify=endpoint.certificate, timeout=30).content == b"wuff"
    daemon.kill()
    daemon.start()
    endpoint = daemon.listeners[endpoint.scheme]
    reader = client_for(endpoint, key_of(narrow["Credentials"]))
    assert body_of(reader.get_object(Bucket=bucket, Key="cat")) == b"meow"
    assert refusal(reader.put_object, Bucket=bucket, Key="dog", Body=b"") == DENIED
    bare = client_for(endpoint, Key(narrow["Credentials"]["AccessKeyId"], narrow["Credentials"]["SecretAccessKey"]))
    assert refusal(bare.get_object, Bucket=bucket, Key="cat") == ("InvalidAccessKeyId", 403)


def test_public_access_is_blocked_for_a_whole_account_by_s3_control(where):
    daemon, endpoint = where
    control = client_for(endpoint, service="s3control", url=endpoint.virtual_url)
    s3, bucket = client_for(endpoint), fresh_name()
    s3.create_bucket(Bucket=bucket)
    s3.delete_public_access_block(Bucket=bucket)
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    account = {"AccountId": "000000000000"}
    assert refusal(control.get_public_access_block, **account)[1] == 404
    block = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": False}
    control.put_public_access_block(**account, PublicAccessBlockConfiguration=block)
    assert control.get_public_access_block(**account)["PublicAccessBlockConfiguration"] == block
    assert refusal(s3.put_bucket_policy, Bucket=bucket, Policy=policy) == DENIED
    control.delete_public_access_block(**account)
    s3.put_bucket_policy(Bucket=bucket, Policy=policy)


@pytest.mark.parametrize("running", [True, False])
def test_policies_and_keys_on_the_command_line(new_daemon, tmp_path, running):
    daemon = new_daemon("--bucket", "shared").start()
    first, _ = create(daemon, "ann", "--policy", "AmazonS3ReadOnlyAccess")

    def run(*words) -> str:
        done = pail.pail(*words, "--data", daemon.data)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def tried(key=first):
        """What a put answers, by a daemon that has run all the while or is started for it."""
        if not running:
            daemon.start()
        s3 = client_for(daemon.http, key)
        try:
            s3.put_object(Bucket="shared", Key="cat", Body=b"meow")
            return "done"
        except s3.exceptions.ClientError as error:
            return error.response["Error"]["Code"]
        finally:
            if not running:
                assert daemon.stop() == 0

    if not running:
        assert daemon.stop() == 0
    assert tried() == "AccessDenied"
    document = tmp_path / "write.json"
    document.write_text(allow("s3:PutObject", "arn:aws:s3:::shared/*"))
    run("user", "policy", "put", "ann", "write", document)
    assert run("user", "policy", "list", "ann") == f"AmazonS3ReadOnlyAccess\t{AMAZON}AmazonS3ReadOnlyAccess\nwrite\town\n"
    assert json.loads(run("user", "policy", "list", "ann", "--json").splitlines()[1])["PolicyName"] == "write"
    assert tried() == "done"
    run("user", "policy", "remove", "ann", "write")
    assert tried() == "AccessDenied"
    run("user", "policy", "attach", "ann", "AmazonS3FullAccess")
    assert tried() == "done"
    run("key", "disable", first.access)
    assert run("key", "list", "ann") == f"{first.access}\tann\troot\tInactive\n"
    assert tried() == "InvalidAccessKeyId"
    made = json.loads(run("key", "create", "ann", "--json"))
    assert tried(key_of(made)) == "done"
    run("key", "enable", first.access)
    assert tried() == "done"
    run("key", "delete", first.access)
    assert tried() == "InvalidAccessKeyId"
    assert made["AccessKeyId"] in run("key", "list")
    run("key", "delete", made["AccessKeyId"])
    assert "ann\troot\t-\t" in run("user", "list")
    for words in (["user", "policy", "attach", "ann", "NoSuch"], ["key", "delete", "AKIANOBODY"], ["user", "policy", "list", "nobody"]):
        done = pail.pail(*words, "--data", daemon.data)
        assert done.returncode == 1 and "no " in done.stderr, done


def test_the_root_of_an_account_has_keys_of_its_own(where):
    daemon, endpoint = where
    create(daemon, "zoe", "--account", "zoo")
    made = json.loads(pail.pail("key", "create", "--root", "--account", "zoo", "--json", "--data", daemon.data).stdout)
    root = client_for(endpoint, key_of(made), service="iam")
    number = root.get_user()["User"]["Arn"].split(":")[4]
    assert client_for(endpoint, key_of(made), service="sts").get_caller_identity()["Arn"] == f"arn:aws:iam::{number}:root"
    assert [user["UserName"] for user in root.list_users()["Users"]] == ["zoe"]
    second = key_of(root.create_access_key()["AccessKey"])
    assert {key["AccessKeyId"] for key in root.list_access_keys()["AccessKeyMetadata"]} == {made["AccessKeyId"], second.access}
    assert refusal(root.create_access_key) == ("LimitExceeded", 409)
    bucket = fresh_name()
    client_for(endpoint, second).create_bucket(Bucket=bucket)
    used = root.get_access_key_last_used(AccessKeyId=second.access)["AccessKeyLastUsed"]
    assert (used["ServiceName"], used["Region"]) == ("s3", "us-east-1")
    daemon.stop()
    daemon.start()
    root = client_for(daemon.listeners[endpoint.url.split(":")[0]], key_of(made), service="iam")
    assert root.get_access_key_last_used(AccessKeyId=second.access)["AccessKeyLastUsed"] == used
    assert f"{second.access}\t(root)\tzoo\tActive\n" in pail.pail("key", "list", "--data", daemon.data).stdout
    root.delete_access_key(AccessKeyId=second.access)
    done = pail.pail("key", "create", "ann", "--root", "--data", daemon.data)
    assert done.returncode == 64 and "not both" in done.stderr
