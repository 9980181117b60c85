"""The GitHub Action, carried out as a runner would, with a container engine that is a script here."""

import contextlib
import os
import signal
import socket
import subprocess

import boto3
import pytest
import yaml
from botocore.config import Config
from pail import BINARY, ROOT, SECRETS, clean_environment

ACTION = ROOT / "Integrations/github-action"

# `docker run` with the words that the action uses: variables and the published port are heeded, all else is the image's.
ENGINE = """#!/usr/bin/env bash
set -euo pipefail
echo "$*" >> "$ENGINE_LOG"
case $1 in
build) exit 0 ;;
logs) exit 0 ;;
run) ;;
*) exit 64 ;;
esac
shift
while :; do
    case $1 in
    --detach) shift ;;
    --name) shift 2 ;;
    --publish) IFS=: read -r _ port _ <<< "$2"; shift 2 ;;
    --env) export "${2?}"; shift 2 ;;
    -*) exit 64 ;;
    *) shift; break ;;
    esac
done
# Other than a container, a process of its own group here, found again by its number.
PAIL_PORT=$port setsid "$PAIL" "$@" > /dev/null 2>> "$ENGINE_LOG.pail" < /dev/null &
echo $! > "$ENGINE_LOG.pid"
"""


def inputs(given: dict[str, str]) -> dict[str, str]:
    """The variables of the action's step, as a runner fills them in."""
    action = yaml.safe_load((ACTION / "action.yml").read_text())
    (step,) = action["runs"]["steps"]
    assert action["runs"]["using"] == "composite" and step["run"] == '"$GITHUB_ACTION_PATH/start"'
    values = {name: declared["default"] for name, declared in action["inputs"].items()} | given
    filled = {name: value for name, value in step["env"].items()}
    for name, value in values.items():
        filled = {key: text.replace(f"${{{{ inputs.{name} }}}}", value) for key, text in filled.items()}
    assert "${{" not in "".join(filled.values()), "an input is used that is not declared"
    return filled


@pytest.fixture
def runner(tmp_path):
    """Runs the action's step; ends what its engine started."""
    engine = tmp_path / "bin/docker"
    engine.parent.mkdir()
    engine.write_text(ENGINE)
    engine.chmod(0o755)
    log = tmp_path / "engine.log"

    def run(**given: str) -> subprocess.CompletedProcess:
        environment = clean_environment(
            **inputs(given),
            PATH=f"{engine.parent}:{os.environ['PATH']}",
            PAIL=BINARY,
            ENGINE_LOG=str(log),
            PAIL_RETRIES="5",
            GITHUB_ACTION_PATH=str(ACTION),
            GITHUB_ENV=str(tmp_path / "env"),
            GITHUB_OUTPUT=str(tmp_path / "output"),
        )
        return subprocess.run([ACTION / "start"], env=environment, capture_output=True, text=True, timeout=90, check=False)

    yield run
    pid = tmp_path / "engine.log.pid"
    if pid.exists():
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(pid.read_text()), signal.SIGTERM)


def told(file) -> dict[str, str]:
    return dict(line.split("=", 1) for line in file.read_text().splitlines())


def test_the_steps_that_follow_have_a_bucket_and_the_keys_to_it(runner, tmp_path):
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    result = runner(port=str(port), buckets="photos documents", arguments="--strict", region="eu-west-1")
    assert result.returncode == 0, result.stderr
    variables = told(tmp_path / "env")
    SECRETS.add(variables["AWS_SECRET_ACCESS_KEY"])
    assert result.stdout.splitlines()[-1] == f"::add-mask::{variables['AWS_SECRET_ACCESS_KEY']}"
    assert told(tmp_path / "output") == {"endpoint": f"http://127.0.0.1:{port}"}
    s3 = boto3.client(
        "s3",
        endpoint_url=variables["AWS_ENDPOINT_URL"],
        aws_access_key_id=variables["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
        region_name=variables["AWS_DEFAULT_REGION"],
        config=Config(retries={"total_max_attempts": 1}),
    )
    assert sorted(bucket["Name"] for bucket in s3.list_buckets()["Buckets"]) == ["documents", "photos"]
    assert s3.head_bucket(Bucket="photos")["BucketRegion"] == "eu-west-1"
    first, second = (tmp_path / "engine.log").read_text().splitlines()
    assert first.startswith("build ") and f"--file {ACTION}/../../docker/Dockerfile" in first
    assert second.endswith("pail serve --memory --strict")


def test_a_daemon_that_does_not_start_fails_the_step(runner, tmp_path):
    result = runner(image="of-my-own", port="1", arguments="--no-such-option")
    assert result.returncode == 1
    assert not (tmp_path / "env").exists()
    assert [line.split()[0] for line in (tmp_path / "engine.log").read_text().splitlines()] == ["run", "logs"]
