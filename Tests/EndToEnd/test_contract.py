"""The contract of `pail serve`: what scripts outside this repository rely on."""

import json
import os
import re
import signal
import stat
import subprocess
import urllib.error
import urllib.request

import pytest

import pail
from clients import body_of, client_for, fresh_name, refusal
from pail import ROOT_KEY, Key
from wire import Signer, send

WEAK = Key("AKIAWEAKWEAKWEAKWEAK", "short")


def serve(*flags, key=ROOT_KEY, **extra):
    """Runs `pail serve` that is expected to refuse and end by itself."""
    return pail.pail("serve", "--port", "0", *flags, key=key, **extra)


def refused(done: subprocess.CompletedProcess, *words: str) -> None:
    """A refusal has an exit code, nothing on standard output, and one message that says what to do."""
    assert done.returncode not in (0, None) and done.returncode > 0, done
    assert done.stdout == ""
    assert "Fatal error" not in done.stderr and len(done.stderr.splitlines()) < 12, done.stderr
    for word in words:
        assert word in done.stderr, done.stderr


def test_the_version_is_told():
    done = pail.pail("--version")
    assert done.returncode == 0
    assert re.search(r"\d+\.\d+", done.stdout)


def test_the_first_line_says_where_pail_listens_and_that_is_true(new_daemon):
    daemon = new_daemon().start()
    assert daemon.lines[0] == f"pail: listening on http://127.0.0.1:{daemon.http.port}"
    with urllib.request.urlopen(f"http://127.0.0.1:{daemon.http.port}/_pail/health") as reply:
        assert reply.status == 200


def test_with_a_certificate_the_second_line_names_https(new_daemon, certificate):
    daemon = new_daemon(certificate=certificate).start()
    assert daemon.lines[:2] == [
        f"pail: listening on http://127.0.0.1:{daemon.http.port}",
        f"pail: listening on https://127.0.0.1:{daemon.https.port}",
    ]
    client_for(daemon.https).list_buckets()


def test_health_needs_no_key_and_the_rest_of_its_place_does(daemon):
    assert send(daemon.http, "GET", "/_pail/health", {"Host": daemon.http.host}).status == 200
    assert send(daemon.http, "GET", "/_pail/metrics", {"Host": daemon.http.host}).status in (403, 404)
    assert send(daemon.http, "GET", "/_pail/", {"Host": daemon.http.host}).status in (403, 404)


def test_under_a_buckets_own_host_health_is_a_key_like_any_other(daemon):
    s3 = client_for(daemon.http, url=daemon.http.virtual_url, addressing="virtual")
    bucket = fresh_name()
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="_pail/health", Body=b"mine")
    assert body_of(s3.get_object(Bucket=bucket, Key="_pail/health")) == b"mine"


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_end_ends_it_well(new_daemon, end):
    daemon = new_daemon().start()
    client_for(daemon.http).list_buckets()
    daemon.process.send_signal(end)
    assert daemon.process.wait(timeout=10) == 0


def test_a_port_that_is_taken_is_said_so(new_daemon, tmp_path):
    daemon = new_daemon().start()
    done = pail.pail("serve", "--port", daemon.http.port, "--data", tmp_path / "other", key=ROOT_KEY)
    refused(done, str(daemon.http.port), "taken")


def test_a_data_folder_in_use_is_refused_not_shared(new_daemon):
    daemon = new_daemon().start()
    refused(serve("--data", daemon.data), str(daemon.data), "in use")
    client_for(daemon.http).list_buckets()


def test_a_data_folder_that_cannot_be_one_is_refused(tmp_path):
    file = tmp_path / "file"
    file.write_text("not a folder")
    refused(serve("--data", file), str(file))
    refused(serve("--data", file / "below"), str(file))


def test_a_data_folder_where_nobody_may_write_is_refused(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    # Root may write to any folder but the kernel's own.
    folder = "/proc/pail-data" if os.getuid() == 0 else str(closed)
    refused(serve("--data", folder), folder)


def test_the_data_folder_is_the_owners_alone(new_daemon):
    daemon = new_daemon().start()
    assert stat.S_IMODE(daemon.data.stat().st_mode) == 0o700


def test_a_weak_key_off_loopback_is_refused_unless_it_is_insisted_on(tmp_path):
    refused(serve("--host", "0.0.0.0", "--data", tmp_path / "data", key=WEAK), "16", "--allow-weak-keys")


def test_a_weak_key_on_loopback_is_permitted(new_daemon):
    daemon = new_daemon("--memory", key=WEAK).start()
    client_for(daemon.http, WEAK).list_buckets()


@pytest.mark.parametrize(
    "flags",
    [["--no-such-flag"], ["--port", "seventy"], ["--port", "65536"], ["--durability", "perhaps"], ["--log-format", "xml"]]
    + [["--account-id", "123"], ["--bucket", "Not_A_Bucket"], ["--tls-cert", "only.pem"], ["--tls-cert", "no.pem", "--tls-key", "no.pem"]],
    ids=" ".join,
)
def test_what_is_not_understood_is_refused(tmp_path, flags):
    refused(serve("--data", tmp_path / "data", *flags))


def test_half_a_key_pair_in_the_environment_is_refused(tmp_path):
    refused(serve("--data", tmp_path / "data", key=None, AWS_ACCESS_KEY_ID="AKIAALONE"), "AWS_SECRET_ACCESS_KEY")


def test_buckets_are_made_at_start_and_may_be_there_already(new_daemon):
    daemon = new_daemon("--bucket", "one", "--bucket", "two", AWS_STORAGE_BUCKET_NAME="djangotest-section")
    for _ in range(2):
        daemon.start()
        made = [b["Name"] for b in client_for(daemon.http).list_buckets()["Buckets"]]
        assert made == ["djangotest-section", "one", "two"]
        assert daemon.stop() == 0


def test_in_memory_nothing_outlives_the_daemon(new_daemon, tmp_path):
    daemon = new_daemon("--memory").start()
    s3 = client_for(daemon.http)
    s3.create_bucket(Bucket="passing")
    s3.put_object(Bucket="passing", Key="large", Body=b"x" * 1_000_000)
    assert body_of(s3.get_object(Bucket="passing", Key="large")) == b"x" * 1_000_000
    assert daemon.stop() == 0
    assert client_for(daemon.start().http).list_buckets()["Buckets"] == []
    assert not daemon.data.exists()


def test_every_flag_is_an_environment_variable_too_and_the_flag_wins(new_daemon):
    daemon = new_daemon("--region", "eu-west-1", PAIL_REGION="ap-south-1", PAIL_BUCKET="by-variable").start()
    s3 = client_for(daemon.http, region="eu-west-1")
    assert s3.head_bucket(Bucket="by-variable")["BucketRegion"] == "eu-west-1"


def test_pail_listens_on_ipv6(new_daemon):
    daemon = new_daemon("--host", "::1", "--memory").start()
    assert daemon.lines[0] == f"pail: listening on http://[::1]:{daemon.http.port}"
    s3 = client_for(daemon.http, url=f"http://[::1]:{daemon.http.port}")
    s3.create_bucket(Bucket="six")
    assert [b["Name"] for b in s3.list_buckets()["Buckets"]] == ["six"]


def test_another_base_makes_buckets_hosts_of_their_own(new_daemon):
    daemon = new_daemon("--memory", "--domain", "media.localhost").start()
    s3 = client_for(daemon.http, url=f"http://media.localhost:{daemon.http.port}", addressing="virtual")
    s3.create_bucket(Bucket="photos")
    s3.put_object(Bucket="photos", Key="a", Body=b"x")
    assert body_of(client_for(daemon.http).get_object(Bucket="photos", Key="a")) == b"x"


def test_a_strict_pail_names_the_right_region(new_daemon):
    daemon = new_daemon("--memory", "--strict").start()
    headers = Signer(ROOT_KEY, region="us-east-2").headers("GET", "/", daemon.http.host)
    reply = send(daemon.http, "GET", "/", headers)
    assert (reply.status, reply.code, reply.element("Region")) == (400, "AuthorizationHeaderMalformed", "us-east-1")


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_log_is_a_line_a_request_and_keeps_secrets(new_daemon, form):
    daemon = new_daemon("--log-format", form).start()
    s3 = client_for(daemon.http)
    s3.create_bucket(Bucket="logged")
    s3.put_object(Bucket="logged", Key="the key", Body=b"12345")
    link = s3.generate_presigned_url("get_object", Params={"Bucket": "logged", "Key": "the key"})
    urllib.request.urlopen(link).close()
    assert refusal(s3.get_object, Bucket="logged", Key="none") == ("NoSuchKey", 404)
    assert daemon.stop() == 0
    lines = [line for line in daemon.log.read_text().splitlines() if "logged" in line]
    assert len([line for line in lines if "PutObject" in line]) == 1
    assert len([line for line in lines if "GetObject" in line]) == 2
    if form == "json":
        assert all(isinstance(json.loads(line), dict) for line in lines)
    secrets = [ROOT_KEY.secret, *re.findall(r"(?:Signature|X-Amz-Signature)=([^&]+)", link)]
    assert not [secret for secret in secrets if secret in daemon.log.read_text()]


def test_without_a_key_pair_pail_makes_one_that_env_prints(new_daemon, tmp_path):
    daemon = new_daemon(key=None, data=tmp_path / "own keys").start()
    script = f'eval "$("{pail.BINARY}" env --data "{daemon.data}")" && env'
    done = subprocess.run(["bash", "-ec", script], env=pail.clean_environment(), capture_output=True, text=True, check=True)
    said = dict(line.split("=", 1) for line in done.stdout.splitlines() if line.startswith("AWS_"))
    key = Key(said["AWS_ACCESS_KEY_ID"], said["AWS_SECRET_ACCESS_KEY"])
    assert said["AWS_ENDPOINT_URL_S3"].endswith(f":{daemon.http.port}")
    client_for(daemon.http, key, url=said["AWS_ENDPOINT_URL_S3"]).list_buckets()
    private = [path for path in daemon.data.rglob("*") if path.is_file() and key.secret in path.read_text(errors="replace")]
    assert private and all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in private)
    assert len(key.secret) >= 32
    assert daemon.stop() == 0
    client_for(daemon.start().http, key).list_buckets()


def test_a_pair_from_the_environment_is_never_written_to_disk(new_daemon):
    daemon = new_daemon().start()
    client_for(daemon.http).create_bucket(Bucket="unwritten")
    assert daemon.stop() == 0
    for path in daemon.data.rglob("*"):
        if path.is_file():
            assert ROOT_KEY.secret.encode() not in path.read_bytes(), path


def test_no_key_of_any_example_opens_a_pail(daemon):
    for access, secret in [("minioadmin", "minioadmin"), ("test", "test"), ("admin", "admin"), ("pail", "pail")]:
        reply = send(daemon.http, "GET", "/", Signer(Key(access, secret)).headers("GET", "/", daemon.http.host))
        assert (reply.status, reply.code) == (403, "InvalidAccessKeyId")


def test_an_unknown_place_of_pails_own_is_not_a_bucket(daemon):
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{daemon.http.url}/_pail/nothing-here")
    assert caught.value.code in (403, 404)
