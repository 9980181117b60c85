"""docs/tutorial.md, carried out: every block of its commands, in order, in one shell and an empty folder."""

import os
import re
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import pail
from gallery_app import BINARY as GALLERY
from pail import MEDIA

TUTORIAL = pail.ROOT / "docs" / "tutorial.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def free_ports(count: int) -> list[int]:
    """Ports that were free a moment ago, all at once so that they differ."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def script(gallery_port: int) -> str:
    """The tutorial's commands. Job control is what gives a shell its `%1` where there is no terminal."""
    blocks = BLOCK.findall(TUTORIAL.read_text())
    assert len(blocks) >= 9, "the tutorial lost its commands"
    commands = "\n".join(blocks).replace("gallery serve &", f"gallery serve --port {gallery_port} &")
    return "set -euo pipefail -m\n" + commands.replace(":8000", f":{gallery_port}")


def test_every_command_of_the_tutorial_does_what_it_says(tmp_path):
    pail_port, gallery_port = free_ports(2)
    # The programs by their own names, and the ports of this test where the tutorial has the usual ones.
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, binary in [("pail", pail.BINARY), ("gallery", GALLERY)]:
        (programs / name).symlink_to(Path(binary).resolve())
    folder = tmp_path / "empty"
    folder.mkdir()
    # The pictures that a reader drops onto the page in the second chapter.
    (folder / "media/images").mkdir(parents=True)
    shutil.copy(MEDIA / "cat.jpg", folder / "media/images")
    environment = pail.clean_environment(PAIL_PORT=str(pail_port))
    environment["PATH"] = f"{programs}:{environment['PATH']}"
    commands = script(gallery_port).replace(":9000", f":{pail_port}")
    shell = subprocess.Popen(
        ["bash", "-c", commands],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        told, _ = shell.communicate(timeout=4 * pail.PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(shell.pid, signal.SIGKILL)
        told, _ = shell.communicate()
    assert shell.returncode == 0, told
    assert "Superuser created successfully." in told
    assert "All is well." in told
    assert "Uploaded 1 file" in told
    assert "Gallery Posts" in (folder / "page.html").read_text()
