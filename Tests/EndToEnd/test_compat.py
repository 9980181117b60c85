"""What was written for MinIO or LocalStack, started with Pail in its place: compose files, health checks, init folders."""

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import threading
import urllib.error
import urllib.request
from pathlib import Path

import boto3
import pytest
import yaml
from botocore.config import Config
from botocore.exceptions import ClientError
from clients import client_for
from floods import eventually
from pail import BINARY, PATIENCE, ROOT, ROOT_KEY, Daemon, Key, clean_environment, pail

COMPOSE = Path(__file__).parent / "compat"
DOCKER = ROOT / "docker"


def image_environment() -> dict[str, str]:
    """The variables that Pail's image sets."""
    line = re.search(r"^ENV (.*)$", (DOCKER / "Dockerfile").read_text(), re.MULTILINE)[1]
    return dict(pair.split("=", 1) for pair in line.split())


class Composed:
    """A service of a compose file, carried out as a container engine would, on this machine's own disk and ports."""

    def __init__(self, file: str, image: str, folder: Path, *lines: str):
        text = (COMPOSE / file).read_text()
        changed = re.sub(r"^(\s+)image: .*$", rf"\1image: {image}", text, count=1, flags=re.MULTILINE)
        added = "".join(rf"\n      {line}" for line in lines)
        changed = re.sub(r"^    environment:$", "    environment:" + added, changed, count=1, flags=re.MULTILINE)
        (self.service,) = yaml.safe_load(changed)["services"].values()
        (self.inside,) = [int(port.split(":")[-1]) for port in self.service["ports"][:1]]
        self.port = free_port()
        self.folder = folder

    def start(self) -> subprocess.Popen:
        """Starts what the image would, with its folder and port elsewhere."""
        words = [word.replace("/data", str(self.folder)) for word in shlex.split(self.service.get("command", "serve"))]
        given = {name: str(value) for name, value in self.service["environment"].items()}
        environment = clean_environment(**(image_environment() | {"PAIL_DATA": str(self.folder), "PAIL_PORT": str(self.port)} | given))
        log = (self.folder.parent / "composed.log").open("wb")
        return subprocess.Popen([BINARY, *words], env=environment, stdout=subprocess.PIPE, stderr=log, text=True)

    def is_healthy(self) -> bool:
        """What the service's health check finds."""
        kind, *command = self.service["healthcheck"]["test"]
        assert kind == "CMD"
        elsewhere = [word.replace(f":{self.inside}/", f":{self.port}/") for word in command]
        return subprocess.run(elsewhere, env=clean_environment(), capture_output=True, timeout=PATIENCE, check=False).returncode == 0


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def ended(process: subprocess.Popen) -> int:
    """Asks a daemon to end, as a container engine does, and returns its exit code."""
    process.send_signal(signal.SIGTERM)
    return process.wait(timeout=PATIENCE)


def read(url: str, host: str | None = None) -> tuple[int, str]:
    """A plain request without a key, and what came back."""
    request = urllib.request.Request(url, headers={"Host": host} if host else {})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def boto(port: int, key: Key, region: str = "us-east-1"):
    return boto3.client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{port}",
        aws_access_key_id=key.access,
        aws_secret_access_key=key.secret,
        region_name=region,
        config=Config(retries={"max_attempts": 1}),
    )


def test_a_compose_file_for_minio_runs_with_the_image_changed_and_one_variable_added(tmp_path):
    composed = Composed("compose.minio.yaml", "pail", tmp_path / "data", "PAIL_COMPAT: minio")
    process = composed.start()
    try:
        assert eventually(composed.is_healthy, PATIENCE), (tmp_path / "composed.log").read_text()
        s3 = boto(composed.port, Key("development", "development-password"), "eu-central-1")
        s3.create_bucket(Bucket="photos", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        s3.put_object(Bucket="photos", Key="cat.jpg", Body=b"cat")
        assert s3.get_object(Bucket="photos", Key="cat.jpg")["Body"].read() == b"cat"
        assert (tmp_path / "data/index.db").is_file(), "the folder of the command line is not the data folder"
        with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
            boto(composed.port, Key("development", "another-password-altogether"), "eu-central-1").list_buckets()
    finally:
        assert ended(process) == 0


def test_the_image_answers_mc_ready(tmp_path):
    """MinIO's own compose file asks with `mc ready local`."""
    with Daemon(tmp_path / "data", "--compat", "minio").start() as daemon:
        environment = clean_environment(PAIL_PORT=str(daemon.http.port))
        mc = [str(DOCKER / "mc")]
        assert subprocess.run([*mc, "ready", "local"], env=environment, capture_output=True, timeout=PATIENCE, check=False).returncode == 0
        other = subprocess.run([*mc, "ls"], env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert other.returncode != 0 and "mc ready" in other.stderr
        daemon.stop()
        assert subprocess.run([*mc, "ready", "local"], env=environment, capture_output=True, timeout=PATIENCE, check=False).returncode != 0


def test_minios_default_pair_is_served_to_other_machines_only_when_weak_keys_are_allowed(tmp_path):
    environment = {"MINIO_ROOT_USER": "minioadmin", "MINIO_ROOT_PASSWORD": "minioadmin"}
    refused = pail("server", tmp_path / "data", "--address", ":0", **environment)
    assert refused.returncode == 1 and "MINIO_ROOT_PASSWORD" in refused.stderr and "--allow-weak-keys" in refused.stderr
    composed = Composed("compose.minio.yaml", "pail", tmp_path / "data", "PAIL_COMPAT: minio", "PAIL_ALLOW_WEAK_KEYS: true")
    composed.service["environment"] |= environment
    process = composed.start()
    try:
        assert eventually(composed.is_healthy, PATIENCE)
        boto(composed.port, Key("minioadmin", "minioadmin")).list_buckets()
        with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
            boto(composed.port, Key("minioadmin", "minioadmim")).list_buckets()
    finally:
        assert ended(process) == 0


@pytest.mark.parametrize("words", [["server"], ["minio", "server"]])
def test_several_folders_are_refused_by_name(tmp_path, words):
    result = pail(*words, tmp_path / "one", tmp_path / "two")
    assert result.returncode == 64 and "one folder" in result.stderr
    result = pail(*words, MINIO_VOLUMES=f"{tmp_path}/disk{{1...4}}")
    assert result.returncode == 1 and "names several" in result.stderr
    assert not list(tmp_path.iterdir())


def test_minios_health_paths_are_there_only_when_asked_for_and_where_the_host_names_no_bucket(tmp_path):
    with Daemon(tmp_path / "data", "--compat", "minio").start() as daemon:
        url = daemon.http.url
        for name in ["live", "ready", "cluster"]:
            assert read(f"{url}/minio/health/{name}") == (200, "")
        status, text = read(f"{url}/minio/health/live", host=f"minio.s3.localhost:{daemon.http.port}")
        assert status == 404 and "NoSuchBucket" in text
        # A signed request is about the key of that name.
        s3 = client_for(daemon.http)
        s3.create_bucket(Bucket="minio")
        s3.put_object(Bucket="minio", Key="health/live", Body=b"a key like any other")
        assert s3.get_object(Bucket="minio", Key="health/live")["Body"].read() == b"a key like any other"
        assert read(f"{url}/_localstack/health")[0] != 200
    with Daemon(tmp_path / "other", "--memory").start() as daemon:
        assert read(f"{daemon.http.url}/minio/health/live")[0] == 404


SCRIPTS = {
    "10-first.sh": 'echo "first $AWS_ACCESS_KEY_ID $AWS_SECRET_ACCESS_KEY $AWS_DEFAULT_REGION" > "$SEEN/first"\n',
    "20-upload.sh": 'curl -fsS --aws-sigv4 "aws:amz:$AWS_DEFAULT_REGION:s3" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" '
    '-X PUT "$AWS_ENDPOINT_URL/made-by-a-script" && cat "$SEEN/first" && ls /proc/self/fd | wc -l > "$SEEN/files"\n',
    "30-fails.sh": "echo this one fails >&2; exit 3\n",
    "40-last.sh": 'echo last > "$SEEN/last"\n',
    "README.txt": "no script\n",
}


def make_scripts(folder: Path, scripts: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in scripts.items():
        (folder / name).write_text(text)
    return folder


def lines_until(process: subprocess.Popen, last: str) -> list[str]:
    """What a daemon says, up to a line."""
    watchdog = threading.Timer(PATIENCE, process.kill)
    watchdog.start()
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip("\n"))
        if lines[-1] == last:
            watchdog.cancel()
            return lines
    raise AssertionError(f"no line {last!r}: {lines}")


def test_a_compose_file_for_localstack_runs_with_its_init_folder(tmp_path):
    folder, seen = make_scripts(tmp_path / "init", SCRIPTS), tmp_path / "seen"
    seen.mkdir()
    composed = Composed(
        "compose.localstack.yaml",
        "pail",
        tmp_path / "data",
        "PAIL_COMPAT: localstack",
        *(f"{name}: {value}" for name, value in ROOT_KEY.environment.items()),
        f"PAIL_INIT: {folder}",
        f"SEEN: {seen}",
    )
    process = composed.start()
    try:
        lines = lines_until(process, "Ready.")
        assert lines[0] == f"pail: listening on http://0.0.0.0:{composed.port}"
        assert composed.is_healthy()
        url = f"http://localhost:{composed.port}"
        health = json.loads(read(f"{url}/_localstack/health")[1])
        assert health["services"]["s3"] == "running"
        state = json.loads(read(f"{url}/_localstack/init")[1])
        assert state["completed"]["READY"] is True
        assert [(one["name"], one["state"]) for one in state["scripts"]] == [
            ("10-first.sh", "SUCCESSFUL"),
            ("20-upload.sh", "SUCCESSFUL"),
            ("30-fails.sh", "ERROR"),
            ("40-last.sh", "SUCCESSFUL"),
        ]
        assert (seen / "first").read_text() == f"first {ROOT_KEY.access} {ROOT_KEY.secret} us-east-1\n"
        assert int((seen / "files").read_text()) <= 4, "a script got files of the daemon"
        assert (seen / "last").read_text() == "last\n"
        names = [bucket["Name"] for bucket in boto(composed.port, ROOT_KEY).list_buckets()["Buckets"]]
        assert names == ["made-by-a-script"]
        assert "ended with 3" in (tmp_path / "composed.log").read_text()
        # The names that LocalStack's clients use lead to buckets too.
        status, text = read(f"{url}/", host="made-by-a-script.s3.localhost.localstack.cloud:4566")
        assert status == 403 and "AccessDenied" in text
    finally:
        assert ended(process) == 0


def has_ended(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_script_that_hangs_does_not_keep_the_daemon_from_ending(tmp_path):
    folder, seen = make_scripts(tmp_path / "init", {"hangs.sh": 'echo $$ > "$SEEN"; exec tail -f /dev/null\n'}), tmp_path / "seen"
    with Daemon(tmp_path / "data", "--init", folder, SEEN=str(seen)).start() as daemon:
        assert eventually(lambda: seen.exists() and seen.read_text().strip(), PATIENCE)
        script = int(seen.read_text())
        assert daemon.stop() == 0
        # Whoever inherits a dead process lets go of it in its own time.
        assert eventually(lambda: has_ended(script), PATIENCE)


def test_an_init_folder_that_is_not_there_is_refused(tmp_path):
    result = pail("serve", "--memory", "--port", "0", "--init", tmp_path / "nowhere", key=ROOT_KEY)
    assert result.returncode == 1 and "nowhere cannot be read" in result.stderr
