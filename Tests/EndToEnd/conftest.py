"""What every test gets: one daemon a session, an endpoint over http and over https, a client for it and a fresh bucket."""

import os
import socket

import pytest

import pail
from clients import client_for, fresh_name

os.environ.update({k: v for k, v in pail.clean_environment().items() if k.startswith("AWS_") or k == "NO_PROXY"})
for name in [k for k in os.environ if "proxy" in k.lower() and k != "NO_PROXY"] + ["AWS_PROFILE", "AWS_ENDPOINT_URL"]:
    os.environ.pop(name, None)


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


@pytest.fixture
def unused_port() -> int:
    """A port that was free a moment ago, for tests that must know it before the daemon starts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(params=["http", "https"])
def endpoint(request, daemon):
    """SDKs speak another upload format over https, so what they do is tested over both."""
    return daemon.listeners[request.param]


made_clients: dict = {}


@pytest.fixture
def s3(endpoint):
    """One client an endpoint: making one takes longer than most tests."""
    if endpoint not in made_clients:
        made_clients[endpoint] = client_for(endpoint)
    return made_clients[endpoint]


@pytest.fixture
def bucket(s3):
    name = fresh_name()
    s3.create_bucket(Bucket=name)
    return name


@pytest.fixture
def browser(tmp_path):
    """Headless Chromium; only the tests that open it load what drives it."""
    from gallery import Browser

    opened = Browser(tmp_path / "profile")
    yield opened
    opened.quit()
