"""The pytest plugin, installed from its folder and used by the small project beside it."""

import re
import shutil
import subprocess
import sys

import pytest
from pail import BINARY, ROOT, ROOT_KEY, Daemon, clean_environment

PLUGIN = ROOT / "Integrations/python"


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The folder that pip put the plugin into; built from a copy, because setuptools leaves things where it builds."""
    folder = tmp_path_factory.mktemp("plugin")
    source, target = folder / "source", folder / "installed"
    shutil.copytree(PLUGIN, source)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index"]
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--target", target, source], check=True, timeout=120)
    return target


def run(installed, *arguments, folder=PLUGIN / "example", **extra: str) -> subprocess.CompletedProcess:
    """Runs pytest in a project, with the plugin."""
    environment = clean_environment(PYTHONPATH=str(installed), **{"PAIL_BINARY": BINARY, **extra})
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", folder, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=240, check=False)


def passed(result: subprocess.CompletedProcess) -> int:
    assert result.returncode == 0, result.stdout + result.stderr
    return int(re.search(r"(\d+) passed", result.stdout)[1])


def test_the_example_passes_with_four_workers(installed):
    assert passed(run(installed, "-n", "4", "-v")) == 24


def test_the_example_passes_in_one_process_and_in_any_order(installed):
    assert passed(run(installed, "-p", "no:xdist")) == 24


def test_a_daemon_that_runs_already_is_used_and_left_as_it_was(installed, tmp_path):
    with Daemon(tmp_path / "data", "--memory").start() as daemon:
        result = run(installed, "-n", "2", **ROOT_KEY.environment, PAIL_ENDPOINT=daemon.http.url, PAIL_BINARY="/nowhere")
        assert passed(result) == 24
        probe = tmp_path / "project/test_probe.py"
        probe.parent.mkdir()
        probe.write_text("def test_it(pail, pail_daemon):\n    print('TENANTS', pail.ask('GET', 'faults'), pail.name)\n")
        assert passed(run(installed, folder=probe.parent, **ROOT_KEY.environment, PAIL_ENDPOINT=daemon.http.url)) == 1
        assert daemon.stop() == 0


def test_without_a_daemon_to_start_it_says_what_to_do(installed, tmp_path):
    (tmp_path / "test_probe.py").write_text("def test_it(pail):\n    pass\n")
    result = run(installed, folder=tmp_path, PAIL_BINARY="", PATH="/usr/bin:/bin")
    assert result.returncode == 1 and "set PAIL_BINARY, or PAIL_ENDPOINT" in result.stdout
