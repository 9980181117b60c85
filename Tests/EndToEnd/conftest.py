"""What every test gets: one daemon a session, an endpoint over http and over https, a client for it and a fresh bucket."""

import itertools
import os
import uuid

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

import pail

os.environ.update({k: v for k, v in pail.clean_environment().items() if k.startswith("AWS_") or k == "NO_PROXY"})
for name in [k for k in os.environ if "proxy" in k.lower() and k != "NO_PROXY"] + ["AWS_PROFILE", "AWS_ENDPOINT_URL"]:
    os.environ.pop(name, None)

numbers = itertools.count(1)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    return pail.make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="session")
def daemon(tmp_path_factory, certificate):
    """The daemon that most tests share; it must end well after all of them."""
    running = pail.Daemon(tmp_path_factory.mktemp("pail") / "data", certificate=certificate)
    with running.start():
        yield running
        assert running.running, f"the daemon ended during the tests:\n{running.tail()}"
        assert running.stop() == 0, running.tail()


@pytest.fixture
def new_daemon(tmp_path):
    """Makes daemons of a test's own, and ends those that are left."""
    made = []

    def make(*flags, **options) -> pail.Daemon:
        data = options.pop("data", tmp_path / f"data-{len(made)}")
        made.append(pail.Daemon(data, *flags, **options))
        return made[-1]

    yield make
    for one in made:
        if one.running:
            one.kill()


@pytest.fixture(params=["http", "https"])
def endpoint(request, daemon):
    """SDKs speak another upload format over https, so what they do is tested over both."""
    return daemon.listeners[request.param]


def client_for(endpoint, key=pail.ROOT_KEY, url=None, region="us-east-1", addressing="path", **config):
    """A boto3 client that neither retries nor hides anything."""
    settings = {"retries": {"total_max_attempts": 1}, "s3": {"addressing_style": addressing}} | config
    return boto3.client(
        "s3",
        endpoint_url=url or endpoint.url,
        region_name=region,
        aws_access_key_id=key.access,
        aws_secret_access_key=key.secret,
        aws_session_token=key.token,
        verify=endpoint.certificate,
        config=Config(**settings),
    )


clients: dict = {}


@pytest.fixture
def s3(endpoint):
    """One client an endpoint: making one takes longer than most tests."""
    if endpoint not in clients:
        clients[endpoint] = client_for(endpoint)
    return clients[endpoint]


def fresh_name() -> str:
    return f"bucket-{next(numbers)}-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def bucket(s3):
    name = fresh_name()
    s3.create_bucket(Bucket=name)
    return name


def refusal(call, **parameters) -> tuple[str, int]:
    """The code and the status with which a call is refused; a call that succeeds fails the test."""
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    answer = caught.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


def body_of(answer) -> bytes:
    with answer["Body"] as stream:
        return stream.read()


def status_of(answer) -> int:
    return answer["ResponseMetadata"]["HTTPStatusCode"]


def headers_of(answer) -> dict[str, str]:
    return answer["ResponseMetadata"]["HTTPHeaders"]
