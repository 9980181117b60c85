"""The fixtures. One daemon serves a run; each worker has a tenant of its own, which every test finds as it was made."""

import os

import pytest

from .daemon import Address, Daemon
from .tenant import Tenant

BUCKET = "test-bucket"


def pytest_addoption(parser) -> None:
    group = parser.getgroup("pail")
    group.addoption("--pail-binary", help="The pail to start (default: $PAIL_BINARY, or the one on the path).")
    group.addoption("--pail-flags", default="", help="More options for `pail serve`, such as --strict.")


def pytest_configure(config) -> None:
    config.pluginmanager.register(Run(config), "pail-run")


class Run:
    """The daemon of a run: started by whoever needs it first, ended with the run."""

    def __init__(self, config):
        self.config = config
        self.daemon: "Daemon | None" = None

    @property
    def address(self) -> Address:
        """Where the daemon is; a worker is told by the process that started it."""
        told = getattr(self.config, "workerinput", {}).get("pail")
        if told:
            return Address(*told)
        named = Address.of_environment()
        if named:
            return named
        if self.daemon is None:
            binary = Daemon.find(self.config.getoption("--pail-binary"))
            self.daemon = Daemon(binary, *self.config.getoption("--pail-flags").split())
        return self.daemon.address

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node) -> None:
        """pytest-xdist is about to start a worker."""
        address = self.address
        node.workerinput["pail"] = (address.url, address.access_key, address.secret_key, address.region)

    def pytest_unconfigure(self) -> None:
        if self.daemon:
            self.daemon.stop()
            self.daemon = None


@pytest.fixture(scope="session")
def pail_daemon(pytestconfig) -> Address:
    """Where the daemon of this run is, and its root key pair."""
    return pytestconfig.pluginmanager.get_plugin("pail-run").address


@pytest.fixture(scope="session")
def pail_tenant(pail_daemon, pytestconfig):
    """The tenant of this worker; tests want `pail`, which leaves nothing behind."""
    worker = getattr(pytestconfig, "workerinput", {}).get("workerid", "main")
    tenant = Tenant(pail_daemon, f"pytest-{worker}-{os.getpid()}")
    yield tenant
    tenant.drop()


@pytest.fixture
def pail(pail_tenant, monkeypatch):
    """An empty S3 of this test's own, to which AWS's variables lead."""
    for name in ("AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in pail_tenant.environment.items():
        monkeypatch.setenv(name, value)
    yield pail_tenant
    pail_tenant.reset()


@pytest.fixture
def pail_bucket(pail, monkeypatch) -> str:
    """The name of an empty bucket, which is also that of `AWS_STORAGE_BUCKET_NAME`."""
    monkeypatch.setenv("AWS_STORAGE_BUCKET_NAME", BUCKET)
    return pail.make_bucket(BUCKET)
