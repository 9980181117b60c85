"""Tenants, snapshots and seeds of a real daemon, with boto3 and with `pail`."""

import json
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

import pail
from clients import client_for, refusal

TENANTS = 40


def ask(endpoint, method: str, path: str, body: dict | None = None, key=pail.ROOT_KEY) -> tuple[int, dict]:
    """The status and the document of a request to `/_pail/`, signed by a root key."""
    data = json.dumps(body).encode() if body is not None else b""
    request = AWSRequest(method=method, url=f"http://127.0.0.1:{endpoint.port}/_pail/{path}", data=data)
    S3SigV4Auth(Credentials(key.access, key.secret), "s3", "us-east-1").add_auth(request)
    plain = urllib.request.Request(request.url, data=data or None, headers=dict(request.headers), method=method)
    try:
        with urllib.request.urlopen(plain, timeout=pail.PATIENCE) as reply:
            return reply.status, json.loads(reply.read() or b"{}")
    except urllib.error.HTTPError as error:
        text = error.read()
        return error.code, json.loads(text) if text.startswith(b"{") else {}


def make(endpoint, **body) -> tuple[pail.Key, dict]:
    status, made = ask(endpoint, "POST", "tenants", body)
    assert status == 201, made
    return pail.Key(made["accessKey"], made["secretKey"]), made


@pytest.fixture
def memory(new_daemon):
    daemon = new_daemon("--memory")
    with daemon.start():
        yield daemon.listeners["http"]


@pytest.fixture
def folder(tmp_path):
    """A folder of two buckets, with a sidecar."""
    root = tmp_path / "seed"
    (root / "photos/cats").mkdir(parents=True)
    (root / "notes").mkdir()
    (root / "photos/cats/tom.jpg").write_bytes(b"tom")
    (root / "photos/cats/tom.jpg.pail.json").write_text(
        json.dumps({"metadata": {"name": "Tom"}, "tags": {"kind": "cat"}, "cacheControl": "no-cache"})
    )
    (root / "notes/a.txt").write_text("a")
    return root


def test_tenants_at_a_time_see_nothing_of_each_other(memory):
    def live(number: int) -> None:
        key, made = make(memory, name=f"t{number}", buckets=["photos"])
        s3 = client_for(memory, key=key)
        s3.put_object(Bucket="photos", Key="mine", Body=f"{number}".encode())
        s3.put_object(Bucket="photos", Key="large", Body=bytes([number]) * 300_000)
        assert s3.get_object(Bucket="photos", Key="mine")["Body"].read() == f"{number}".encode()
        assert s3.get_object(Bucket="photos", Key="large")["Body"].read() == bytes([number]) * 300_000
        assert [o["Key"] for o in s3.list_objects_v2(Bucket="photos")["Contents"]] == ["large", "mine"]
        assert [b["Name"] for b in s3.list_buckets()["Buckets"]] == ["photos"]
        assert ask(memory, "DELETE", f"tenants/{made['name']}")[0] == 204
        assert refusal(s3.list_buckets) == ("InvalidAccessKeyId", 403)

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(live, range(TENANTS)))
    assert [t["name"] for t in ask(memory, "GET", "tenants")[1]["tenants"]] == ["default"]


def test_presigned_urls_and_virtual_hosts_lead_to_their_tenant(memory):
    key, made = make(memory, name="mine", buckets=["photos"])
    assert made["hosts"] == ["mine.tenant.localhost"]
    s3 = client_for(memory, key=key)
    s3.put_object(Bucket="photos", Key="cat", Body=b"meow")
    for version in ["s3v4", "s3"]:
        signer = client_for(memory, key=key, signature_version=version)
        url = signer.generate_presigned_url("get_object", {"Bucket": "photos", "Key": "cat"})
        with urllib.request.urlopen(url, timeout=pail.PATIENCE) as reply:
            assert reply.read() == b"meow"
    request = urllib.request.Request(f"http://127.0.0.1:{memory.port}/cat", headers={"Host": "photos.mine.tenant.localhost"})
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(request, timeout=pail.PATIENCE)
    assert error.value.code == 403
    request = urllib.request.Request(f"http://127.0.0.1:{memory.port}/cat", headers={"Host": "photos.none.tenant.localhost"})
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(request, timeout=pail.PATIENCE)
    assert error.value.code == 404 and b"NoSuchTenant" in error.value.read()


def test_snapshots_forks_and_resets(memory):
    key, _ = make(memory, name="a", buckets=["photos"])
    s3 = client_for(memory, key=key)
    s3.put_object(Bucket="photos", Key="cat", Body=b"1")
    assert ask(memory, "POST", "snapshots", {"name": "one"}, key)[0] == 201
    s3.put_object(Bucket="photos", Key="cat", Body=b"2")
    fork, _ = make(memory, name="b", **{"from": {"tenant": "a", "snapshot": "one"}})
    assert client_for(memory, key=fork).get_object(Bucket="photos", Key="cat")["Body"].read() == b"1"
    assert ask(memory, "POST", "snapshots/one/restore", key=key)[0] == 204
    assert s3.get_object(Bucket="photos", Key="cat")["Body"].read() == b"1"
    assert ask(memory, "POST", "tenants/a/reset")[0] == 204
    assert "Contents" not in s3.list_objects_v2(Bucket="photos")
    assert ask(memory, "POST", "reset", {"to": "empty"}, key)[0] == 204
    assert s3.list_buckets()["Buckets"] == []


def test_iam_in_a_tenant(memory):
    key, _ = make(memory, name="a", buckets=["photos"])
    iam = client_for(memory, key=key, service="iam")
    iam.create_user(UserName="ann")
    iam.attach_user_policy(UserName="ann", PolicyArn="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
    made = iam.create_access_key(UserName="ann")["AccessKey"]
    ann = client_for(memory, key=pail.Key(made["AccessKeyId"], made["SecretAccessKey"]))
    assert [b["Name"] for b in ann.list_buckets()["Buckets"]] == ["photos"]
    assert refusal(lambda: ann.put_object(Bucket="photos", Key="cat", Body=b"")) == ("AccessDenied", 403)
    assert client_for(memory, service="iam").list_users()["Users"] == []


def test_a_folder_is_seeded_at_start_and_by_call(new_daemon, folder):
    daemon = new_daemon("--memory", "--seed", folder)
    with daemon.start():
        endpoint = daemon.listeners["http"]
        s3 = client_for(endpoint)
        head = s3.head_object(Bucket="photos", Key="cats/tom.jpg")
        assert head["ContentType"] == "image/jpeg" and head["Metadata"] == {"name": "Tom"}
        assert head["CacheControl"] == "no-cache"
        assert s3.get_object_tagging(Bucket="photos", Key="cats/tom.jpg")["TagSet"] == [{"Key": "kind", "Value": "cat"}]
        s3.delete_object(Bucket="notes", Key="a.txt")
        assert ask(endpoint, "POST", "reset")[0] == 204
        assert s3.get_object(Bucket="notes", Key="a.txt")["ContentType"] == "text/plain"

        key, _ = make(endpoint, name="a")
        status, report = ask(endpoint, "POST", "seed", {"folder": str(folder)}, key)
        assert (status, report["buckets"], report["objects"]) == (200, ["notes", "photos"], 2)
        assert client_for(endpoint, key=key).get_object(Bucket="notes", Key="a.txt")["Body"].read() == b"a"


def test_a_daemon_on_disk_has_tenants_and_is_not_reset(daemon):
    endpoint = daemon.listeners["http"]
    status, error = ask(endpoint, "POST", "reset")
    assert status == 409 and error["error"]["code"] == "StoreOnDisk" and "--memory" in error["error"]["message"]
    assert ask(endpoint, "POST", "snapshots", {"name": "one"})[0] == 409
    key, made = make(endpoint, buckets=["photos"])
    assert made["inMemory"]
    client_for(endpoint, key=key).put_object(Bucket="photos", Key="cat", Body=b"x")
    assert ask(endpoint, "DELETE", f"tenants/{made['name']}")[0] == 204


def test_the_commands_make_fork_reset_and_seed(memory, folder):
    def run(*words: object) -> str:
        done = pail.pail(*words, "--endpoint", memory.url, key=pail.ROOT_KEY)
        assert done.returncode == 0, done.stderr
        return done.stdout

    made = json.loads(run("tenant", "create", "mine", "--bucket", "photos"))
    key = pail.Key(made["accessKey"], made["secretKey"])
    s3 = client_for(memory, key=key)
    s3.put_object(Bucket="photos", Key="cat", Body=b"1")
    run("snapshot", "create", "one", "--tenant", "mine")
    assert run("snapshot", "list", "--tenant", "mine") == "one\n"
    run("tenant", "reset", "mine")
    assert "Contents" not in s3.list_objects_v2(Bucket="photos")
    forked = json.loads(run("tenant", "fork", "mine", "other", "--snapshot", "one"))
    fork = client_for(memory, key=pail.Key(forked["accessKey"], forked["secretKey"]))
    assert fork.get_object(Bucket="photos", Key="cat")["Body"].read() == b"1"
    run("snapshot", "restore", "one", "--tenant", "mine")
    assert s3.get_object(Bucket="photos", Key="cat")["Body"].read() == b"1"
    assert json.loads(run("seed", folder, "--tenant", "mine"))["objects"] == 2
    assert s3.get_object(Bucket="notes", Key="a.txt")["Body"].read() == b"a"
    run("snapshot", "delete", "one", "--tenant", "mine")
    names = [json.loads(line)["name"] for line in run("tenant", "list").splitlines()]
    assert names == ["default", "mine", "other"]
    run("tenant", "drop", "mine")
    refused = pail.pail("tenant", "drop", "mine", "--endpoint", memory.url, key=pail.ROOT_KEY)
    assert refused.returncode == 1 and "does not exist" in refused.stderr
