"""What the daemon keeps to itself, and what it gives up of the machine."""

import re
import stat
import subprocess
from pathlib import Path

import pytest

import pail
from clients import client_for

REPOSITORY = Path(__file__).resolve().parents[2]


def test_the_search_for_secrets_finds_one():
    pail.Key("AKIASEARCHED", "a-secret-that-is-told-nowhere")
    assert pail.told("key=a-secret-that-is-told-nowhere;") == ["a-secret-that-is-told-nowhere"]
    assert pail.told("key=another") == []


def test_a_daemon_that_tells_a_secret_fails_its_test(new_daemon):
    daemon = new_daemon().start()
    with daemon.log.open("a") as log:
        log.write(pail.ROOT_KEY.secret)
    with pytest.raises(AssertionError, match="tells 1 secrets"):
        daemon.stop()
    assert not daemon.running


def test_everything_in_the_data_folder_is_its_owners_alone(new_daemon):
    daemon = new_daemon("--bucket", "photos", key=None).start()
    environment = pail.pail("env", "--data", daemon.data).stdout
    access, secret = (re.search(rf"{name}=\W?([^\s'\"]+)", environment)[1] for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
    s3 = client_for(daemon.http, pail.Key(access, secret))
    s3.put_object(Bucket="photos", Key="large", Body=b"x" * 100_000, ServerSideEncryption="AES256")
    paths = [daemon.data, *daemon.data.rglob("*")]
    assert len(paths) > 6
    for path in paths:
        mode = stat.S_IMODE(path.lstat().st_mode)
        assert mode & 0o077 == 0, f"{path.name}: {mode:o}"


def test_a_crash_leaves_no_core_file(new_daemon):
    daemon = new_daemon().start()
    limits = Path(f"/proc/{daemon.process.pid}/limits").read_text()
    assert re.search(r"Max core file size\s+0\s+0\s", limits), limits


def test_the_unit_for_systemd_is_one_and_its_command_is_understood():
    unit = (REPOSITORY / "docker/pail.service").read_text()
    command = re.search(r"^ExecStart=/usr/local/bin/pail (.+)$", unit, re.MULTILINE)[1]
    assert command == "serve"
    assert "PAIL_DATA=/var/lib/pail" in unit and "StateDirectory=pail" in unit
    keys = re.findall(r"^([A-Za-z]+)=", unit, re.MULTILINE)
    assert {"NoNewPrivileges", "ProtectSystem", "CapabilityBoundingSet", "SystemCallFilter", "DynamicUser"} <= set(keys)


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path):
    try:
        subprocess.run(["systemd-analyze", "--version"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("there is no systemd-analyze here")
    binary = tmp_path / "pail"
    binary.symlink_to(pail.BINARY)
    unit = tmp_path / "pail.service"
    unit.write_text((REPOSITORY / "docker/pail.service").read_text().replace("/usr/local/bin/pail", str(binary)))
    verified = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True)
    assert not [line for line in verified.stderr.splitlines() if "pail.service" in line], verified.stderr
