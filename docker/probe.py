"""Starts an image that docker/prove.py has built, and looks at what it does."""

import os
import pathlib
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time

import yaml

STARTS_WITHIN = 30  # seconds
STOPS_WITHIN = 15  # seconds, the grace period that the compose file asks for


def check_image(image):
    """The image with nothing set: it makes its own keys, and its volume outlives it."""
    body = secrets.token_bytes(200_000)
    with Daemon(image) as daemon:
        keys = keys_that_were_made(image)
        daemon.s3(keys, "PUT", "/proof")
        daemon.s3(keys, "PUT", "/proof/cat.jpg", body)
        expect(daemon.s3(keys, "GET", "/proof/cat.jpg") == body, "the object came back changed")
    with Daemon(image) as daemon:
        expect(daemon.s3(keys, "GET", "/proof/cat.jpg") == body, "the object is gone after a restart")


def check_compose(image, path):
    """The compose file's service: its environment is passed on, and its names are all known."""
    compose = yaml.safe_load(path.read_text())
    service = compose["services"]["pail"]
    known = {"image", "build", "ports", "environment", "volumes", "restart", "stop_grace_period"}
    expect(set(service) <= known, f"not known to this script: {set(service) - known}")
    build = path.parent / service["build"]["context"] / service["build"]["dockerfile"]
    expect(build.exists(), f"{build} is not there")
    for volume in service["volumes"]:
        name, _, folder = volume.partition(":")
        expect(name in compose["volumes"], f"volume {name} is not declared")
        expect(folder in image.volumes, f"the image has no volume {folder}")
    expect(service["ports"][0].split(":")[-1] in image.ports, "the image exposes another port")

    # Compose passes on a name without a value where the shell has it; these are the application's.
    shell = {
        "AWS_ACCESS_KEY_ID": "PROOFACCESSKEY000001",
        "AWS_SECRET_ACCESS_KEY": "proof/secret/key/of/forty/characters/001",
        "AWS_STORAGE_BUCKET_NAME": "from-compose",
    }
    passed = {name: shell[name] for name in service["environment"] if name in shell}
    expect(passed == shell, "the compose file does not pass on the application's settings")
    keys = (shell["AWS_ACCESS_KEY_ID"], shell["AWS_SECRET_ACCESS_KEY"])
    with Daemon(image, passed) as daemon:
        daemon.s3(keys, "PUT", "/from-compose/a", b"a")
        expect(daemon.s3(keys, "GET", "/from-compose/a") == b"a", "the object came back changed")


class Daemon:
    """The image's entry point, running as the image's user until the block ends."""

    def __init__(self, image, environment=None):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        # There is no network of its own in here, so the port is one that is free.
        self.environment = {"PAIL_PORT": str(self.port)} | (environment or {})
        self.image = image
        self.process = None

    def __enter__(self):
        command = self.image.entrypoint + self.image.command
        print(f"==> {' '.join(command)} on port {self.port} as {self.image.user}", flush=True)
        self.process = subprocess.Popen(
            self.image.argv(command, self.environment), stdin=subprocess.DEVNULL
        )
        self.wait_until_healthy()
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        expect("Uid:\t0" not in status, "it runs as root")
        return self

    def wait_until_healthy(self):
        deadline = time.monotonic() + STARTS_WITHIN
        while self.image.run(
            self.image.healthcheck, self.environment, stderr=subprocess.DEVNULL
        ).returncode:
            expect(self.process.poll() is None, f"it ended with {self.process.returncode}")
            expect(time.monotonic() < deadline, f"not healthy within {STARTS_WITHIN} s")
            time.sleep(0.2)
        print("==> healthy", flush=True)

    def __exit__(self, failure, *_):
        self.process.send_signal(signal.Signals[self.image.stop_signal])
        try:
            code = self.process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = f"nothing within {STOPS_WITHIN} s"
        expect(failure or code == 0, f"{self.image.stop_signal} was answered with {code}, not 0")
        print(f"==> {self.image.stop_signal}: ended with {code}", flush=True)

    def s3(self, keys, method, path, body=None):
        """One signed request by curl; the body of its answer."""
        url = f"http://127.0.0.1:{self.port}{path}"
        curl = ["curl", "--silent", "--show-error", "--fail-with-body", "--max-time", "30"]
        curl += ["--aws-sigv4", "aws:amz:us-east-1:s3", "--user", ":".join(keys), "-X", method, url]
        with tempfile.NamedTemporaryFile() as file:
            if body is not None:
                file.write(body)
                file.flush()
                curl += ["--header", "Content-Type: image/jpeg", "--data-binary", f"@{file.name}"]
            # curl reads proxies from its environment; this machine's own port needs none.
            environment = {"PATH": os.environ["PATH"], "NO_PROXY": "*"}
            result = subprocess.run(curl, capture_output=True, env=environment)
        text = (result.stdout + result.stderr)[:2000].decode(errors="replace")
        expect(result.returncode == 0, f"{method} {path}: {text}")
        return result.stdout


def keys_that_were_made(image):
    """The pair that the first start made, as `pail env` prints it."""
    result = image.run([*image.entrypoint, "env"], check=True, capture_output=True, text=True)
    lines = [line.removeprefix("export ") for line in result.stdout.splitlines()]
    found = dict(line.split("=", 1) for line in lines if "=" in line)
    return tuple(found[name].strip("'\"") for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"))


def expect(truth, otherwise):
    if not truth:
        sys.exit(f"docker-proof: {otherwise}")
