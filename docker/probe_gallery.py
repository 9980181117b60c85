"""Starts the gallery's image beside Pail's, as their compose file does, and looks at what it shows."""

import pathlib
import re
import subprocess
import time
import urllib.request

import yaml

from probe import STARTS_WITHIN, STOPS_WITHIN, Daemon, expect

PORT = 8000  # there is one network here, and the image's own port must be free on it
SHELL = {
    "AWS_ACCESS_KEY_ID": "PROOFACCESSKEY000001",
    "AWS_SECRET_ACCESS_KEY": "proof/secret/key/of/forty/characters/001",
}


def check(gallery, pail, path):
    """Both services with what the compose file gives them; the bucket is the one it names."""
    compose = yaml.safe_load(path.read_text())
    for name, service in compose["services"].items():
        build = path.parent / service["build"]["context"] / service["build"]["dockerfile"]
        expect(build.exists(), f"{name}: {build} is not there")
        for volume in service["volumes"]:
            expect(volume.partition(":")[0] in compose["volumes"], f"volume {volume} is not declared")
    expect(f"{PORT}" in gallery.ports, "the image exposes another port")
    with Daemon(pail, variables(compose, "pail")) as daemon:
        environment = variables(compose, "gallery")
        # The containers' own names lead nowhere without an engine: both are this machine here.
        for name in ("AWS_S3_ENDPOINT_URL", "AWS_S3_PUBLIC_ENDPOINT_URL"):
            environment[name] = f"http://127.0.0.1:{daemon.port}"
        use(gallery, environment)


def variables(compose, name):
    """A service's environment, as Compose fills it in where the shell has only the keys."""
    filled = {}
    for line in compose["services"][name]["environment"]:
        variable, _, value = line.partition("=")
        found = re.fullmatch(r"\$\{(\w+)(?::?([-?])(.*))?\}", value)
        expect(found, f"{line}: not a form that this script knows")
        other = found[3] if found[2] == "-" else None
        filled[variable] = SHELL.get(found[1], other)
        expect(filled[variable] is not None, f"{variable} has no value")
    return filled


def use(gallery, environment):
    command = gallery.entrypoint + gallery.command
    print(f"==> {' '.join(command)} as {gallery.user}", flush=True)
    process = subprocess.Popen(gallery.argv(command, environment), stdin=subprocess.DEVNULL)
    try:
        wait_until_healthy(gallery, environment, process)
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        expect("Uid:\t0" not in status, "it runs as root")
        user = {"GALLERY_SUPERUSER_USERNAME": "proof", "GALLERY_SUPERUSER_PASSWORD": "a long enough word"}
        made = gallery.run([*gallery.entrypoint, "createsuperuser", "--noinput"], environment | user)
        expect(made.returncode == 0, "createsuperuser failed")
        checked = gallery.run([*gallery.entrypoint, "check"], environment)
        expect(checked.returncode == 0, "gallery check found something wrong")
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/", timeout=10) as page:
            expect(b"Gallery Posts" in page.read(), "the page is another")
    finally:
        process.terminate()
        code = process.wait(STOPS_WITHIN)
    expect(code == 0, f"SIGTERM was answered with {code}, not 0")


def wait_until_healthy(gallery, environment, process):
    deadline = time.monotonic() + STARTS_WITHIN
    while gallery.run(gallery.healthcheck, environment, stderr=subprocess.DEVNULL).returncode:
        expect(process.poll() is None, f"the gallery ended with {process.returncode}")
        expect(time.monotonic() < deadline, f"the gallery is not healthy within {STARTS_WITHIN} s")
        time.sleep(0.2)
    print("==> healthy", flush=True)
