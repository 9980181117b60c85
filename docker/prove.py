#!/usr/bin/python3
"""Proves the Dockerfiles and compose files of this folder on a machine without a container engine.

Every instruction of the Dockerfile is carried out in a debootstrap root (the image `swift:...`
is this machine's own Swift mounted over such a root), the entry point is started as the image's
user, the health check must succeed, objects go in and come out, the stop signal must end it with
0, and all of it a second time as the compose file says, over the same volume.

Needs root, debootstrap, Swift and some 8 GiB of disk. All mounts are made in a mount namespace of
its own and vanish with it, however this ends. PAIL_PROOF_MIRROR names another Debian mirror than
the one that apt uses here; TMPDIR another place for the scratch folder.
"""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile

import dockerfile
import probe
import probe_gallery

HERE = pathlib.Path(__file__).resolve().parent
NEEDED_GIB = 8
# What the Swift image holds beside Swift: the packages that Swift's own Dockerfile installs.
SWIFT_PACKAGES = (
    "binutils ca-certificates git libc6-dev libcurl4 libedit2 libgcc-12-dev libncurses6 libpython3.11 "
    "libsqlite3-0 libstdc++-12-dev libxml2 libz3-4 pkg-config tzdata zlib1g-dev"
).split()


def main():
    check_machine()
    if os.environ.get("PAIL_PROOF_INSIDE"):
        prove(pathlib.Path(os.environ["PAIL_PROOF_INSIDE"]))
        return
    scratch = tempfile.mkdtemp(prefix="pail-proof-")
    try:
        # --kill-child: nothing that was started in there outlives this script.
        inside = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", __file__]
        result = subprocess.run(inside, env=os.environ | {"PAIL_PROOF_INSIDE": scratch})
        sys.exit(result.returncode)
    finally:
        shutil.rmtree(scratch)


def check_machine():
    """Refuses early, with what to do."""
    if os.geteuid() != 0:
        sys.exit("chroot and mounts need root: sudo make docker-proof")
    for tool in ("debootstrap", "swift", "curl", "unshare"):
        if not shutil.which(tool):
            sys.exit(f"{tool} is needed and not on the PATH")
    free = shutil.disk_usage(tempfile.gettempdir()).free >> 30
    if free < NEEDED_GIB:
        sys.exit(f"{NEEDED_GIB} GiB are needed in {tempfile.gettempdir()}, {free} are free; set TMPDIR")


def prove(scratch):
    pail = build("Dockerfile", scratch)
    probe.check_image(pail)
    probe.check_compose(pail, HERE / "compose.yaml")
    gallery = build("gallery.Dockerfile", scratch)
    probe_gallery.check(gallery, pail, HERE / "compose.gallery.yaml")
    print("proved: the images build, serve as their own users, keep their volumes and stop", flush=True)


def build(name, scratch):
    """The image of a Dockerfile; its stages lie beside those of the others."""
    stages = scratch / name
    stages.mkdir()
    image = dockerfile.build(
        HERE / name, HERE.parent, lambda base, number: make_root(base, number, stages, scratch / "debian")
    )
    if image.user == "root":
        sys.exit(f"{name}: the image runs as root")
    return image


def make_root(image, number, scratch, base):
    """The folder that stands for a base image."""
    release = re.search(r"[:-](bookworm|trixie)\b", image)
    if not release:
        sys.exit(f"FROM {image}: no Debian release in its name")
    if not base.exists():
        print(f"debootstrap {release[1]} from {mirror()}", flush=True)
        log = base.with_suffix(".log").open("w")
        subprocess.run(
            ["debootstrap", "--variant=minbase", release[1], str(base), mirror()],
            check=True, stdout=log,
        )  # fmt: skip
    stage = dockerfile.Stage(image=image, root=scratch / f"stage{number}")
    subprocess.run(["cp", "--archive", "--reflink=auto", str(base), str(stage.root)], check=True)
    shutil.copy("/etc/resolv.conf", stage.root / "etc/resolv.conf")
    for folder in ("proc", "dev"):
        mount("--rbind", f"/{folder}", stage.root / folder)
    if image.startswith("swift:"):
        add_swift(stage)
    return stage


def add_swift(stage):
    """Makes a Debian root stand for the Swift image: its packages, and this machine's Swift."""
    install = "apt-get update -q && apt-get install -qy --no-install-recommends "
    stage.run(
        ["/bin/sh", "-c", install + " ".join(SWIFT_PACKAGES)],
        {"DEBIAN_FRONTEND": "noninteractive"},
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    swift = pathlib.Path(shutil.which("swift")).resolve().parent
    prefix = swift.parent.parent if swift.parent.name == "usr" else swift.parent
    mount("--bind", prefix, stage.root / "opt/swift")
    stage.environment["PATH"] = f"/opt/swift/{swift.relative_to(prefix)}:{dockerfile.PATH}"
    # A machine may reach the package sources only past an authority of its own.
    authorities = "etc/ssl/certs/ca-certificates.crt"
    if pathlib.Path("/", authorities).exists():
        shutil.copy(pathlib.Path("/", authorities), stage.root / authorities)
    # The packages that were fetched before need not be fetched again, as with a cache mount.
    cache = pathlib.Path.home() / ".cache/org.swift.swiftpm"
    if cache.exists():
        mount("--bind", cache, stage.root / "root/.cache/org.swift.swiftpm")


def mount(how, source, target):
    target.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", how, str(source), str(target)], check=True)


def mirror():
    """The Debian mirror that apt uses on this machine."""
    if os.environ.get("PAIL_PROOF_MIRROR"):
        return os.environ["PAIL_PROOF_MIRROR"]
    lists = pathlib.Path("/etc/apt")
    for file in [*lists.glob("sources.list"), *sorted(lists.glob("sources.list.d/*"))]:
        for line in file.read_text().splitlines():
            found = re.match(r"(?:URIs:|deb(?:\s+\[.*?\])?)\s+(https?://\S+/debian/?)(?:\s|$)", line)
            if found:
                return found[1]
    sys.exit("no Debian mirror in /etc/apt; name one in PAIL_PROOF_MIRROR")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    main()
