"""Reads a Dockerfile and carries it out in plain folders, with chroot for a container.

It knows the instructions that Pail's Dockerfile uses and refuses all others: an instruction that
is skipped in silence would prove nothing.
"""

import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass, field

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass
class Stage:
    """One stage: its root folder and what its instructions have set so far."""

    image: str
    root: pathlib.Path
    environment: dict = field(default_factory=lambda: {"PATH": PATH})
    user: str = "root"
    workdir: str = "/"
    volumes: list = field(default_factory=list)
    ports: list = field(default_factory=list)
    stop_signal: str = "SIGTERM"
    healthcheck: list = field(default_factory=list)
    entrypoint: list = field(default_factory=list)
    command: list = field(default_factory=list)

    def argv(self, command, extra_environment=None):
        """The command line that runs `command` inside, as the stage's user, and becomes it."""
        ids, home = self.account()
        environment = {"HOME": home} | self.environment | (extra_environment or {})
        return [
            "chroot", "--userspec", ids, "--groups", "", str(self.root),
            "/usr/bin/env", "--ignore-environment", "--chdir", self.workdir,
            *(f"{name}={value}" for name, value in environment.items()),
            *command,
        ]  # fmt: skip

    def run(self, command, extra_environment=None, **options):
        """Runs a command inside to its end."""
        return subprocess.run(self.argv(command, extra_environment), **options)

    def account(self):
        """The user's `uid:gid` and home folder, from the stage's own /etc/passwd."""
        for line in (self.root / "etc/passwd").read_text().splitlines():
            name, _, uid, gid, _, home, _ = line.split(":")
            if self.user in (name, uid):
                return f"{uid}:{gid}", home
        raise SystemExit(f"USER {self.user} is not in the image's /etc/passwd")

    def path(self, inside):
        """Where a path of the image lies on this machine."""
        return self.root / str(pathlib.PurePosixPath(self.workdir) / inside).lstrip("/")


def instructions(text):
    """The instructions of a Dockerfile as pairs of a name and the rest of the line."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    for line in filter(None, map(str.strip, joined.splitlines())):
        name, _, rest = line.partition(" ")
        yield name.upper(), rest.strip()


def build(dockerfile, context, make_root):
    """Carries out every stage and returns the last one.

    `make_root(image, number)` makes the folder that stands for a base image and returns its Stage.
    """
    allowed = allowed_sources(dockerfile)
    stages = {}
    stage = None
    for name, rest in instructions(dockerfile.read_text()):
        print(f"--> {name} {rest}", flush=True)
        if name == "FROM":
            image, *alias = rest.split()
            stage = make_root(image, len(stages))
            stages[alias[1] if alias else str(len(stages))] = stage
        elif name == "RUN":
            stage.run(["/bin/sh", "-c", rest], check=True, stdin=subprocess.DEVNULL)
        elif name == "COPY":
            copy(shlex.split(rest), stage, stages, context, allowed)
        elif name == "ENV":
            stage.environment.update(pair.split("=", 1) for pair in shlex.split(rest))
        elif name == "WORKDIR":
            stage.workdir = str(pathlib.PurePosixPath(stage.workdir) / rest)
            stage.path(".").mkdir(parents=True, exist_ok=True)
        elif name == "HEALTHCHECK":
            stage.healthcheck = json.loads(rest.partition("CMD ")[2])
        else:
            declare(stage, name, rest)
    return stage


def declare(stage, name, rest):
    """Takes down an instruction that changes no file."""
    if name == "USER":
        stage.user = rest
    elif name == "VOLUME":
        stage.volumes += json.loads(rest)
    elif name == "EXPOSE":
        stage.ports += rest.split()
    elif name == "STOPSIGNAL":
        stage.stop_signal = rest
    elif name == "ENTRYPOINT":
        stage.entrypoint = json.loads(rest)
    elif name == "CMD":
        stage.command = json.loads(rest)
    else:
        raise SystemExit(f"Dockerfile instruction {name} is not known to this script; teach it")


def allowed_sources(dockerfile):
    """What the ignore file lets into the build; it must begin by ignoring everything."""
    lines = dockerfile.with_name(dockerfile.name + ".dockerignore").read_text().splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    if patterns[0] != "*" or not all(pattern.startswith("!") for pattern in patterns[1:]):
        raise SystemExit("the ignore file must be a `*` and then only `!` lines")
    return [pathlib.PurePosixPath(pattern[1:]) for pattern in patterns[1:]]


def copy(words, stage, stages, context, allowed):
    """COPY [--from=STAGE] SOURCE DESTINATION, with a single source."""
    base = context
    if words[0].startswith("--from="):
        base = stages[words.pop(0).removeprefix("--from=")].root
    source, destination = words
    relative = pathlib.PurePosixPath(source.lstrip("/"))
    if base == context and not any(relative.is_relative_to(path) for path in allowed):
        raise SystemExit(f"COPY {source}: the ignore file keeps it out of the build")
    origin, target = base / relative, stage.path(destination)
    if origin.is_dir():
        shutil.copytree(origin, target, symlinks=True, dirs_exist_ok=True)
    else:
        if destination.endswith("/"):
            target = target / relative.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(origin, target)
    subprocess.run(["chown", "--recursive", "0:0", str(target)], check=True)
    if not os.access(target, os.R_OK):
        raise SystemExit(f"COPY {source}: {target} cannot be read")
