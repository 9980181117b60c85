"""Many clients that are slow, silent or rude at once, and what a daemon may spend on them."""

import os
import re
import resource
import select
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from pathlib import Path

from hostile import Canary, Stage, Wire, trusting
from pail import Daemon, Endpoint

MIB = 1024 * 1024
BOUND = 60  # seconds within which others are answered while a flood goes on: generous, for a debug build on a busy machine
CROWD = 2000  # connections of the largest flood
AT_REST = 96 * MIB  # the process itself, the pages of its index that it keeps, what its allocator keeps
BODIES = 2 * 16 * MIB  # bodies that wait for their reader (BodyBudget), and for their write to a file (CollectedBytes)
EACH = 192 * 1024  # beyond that: a body's floor of 64 KiB in either, a head of 32 KiB, the connection's own state
CAP = AT_REST + BODIES + CROWD * EACH  # what is resident at any time


def allow_files(count: int = 16_384) -> None:
    """Lets this process, which is the crowd, have enough connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def resident(daemon: Daemon) -> int:
    """The memory, in bytes, that the daemon has resident now (VmRSS)."""
    return int(re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{daemon.process.pid}/status").read_text())[1]) * 1024


def descriptors(daemon: Daemon) -> int:
    """How many are open: connections, bodies, and what the daemon always has.

    Those of the index are left out: it keeps up to eight readers for the next time that many read at once.
    """
    folder = Path(f"/proc/{daemon.process.pid}/fd")
    return sum(not opened(one).startswith(str(daemon.data / "index.db")) for one in folder.iterdir())


def opened(descriptor: Path) -> str:
    """What a descriptor leads to; nothing when it is closed by now."""
    try:
        return os.readlink(descriptor)
    except FileNotFoundError:
        return ""


def eventually(holds: Callable[[], bool], seconds: float = 30) -> bool:
    """Whether something becomes so within a time; looked for twenty times a second."""
    due = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > due:
            return False
        threading.Event().wait(0.05)
    return True


class Crowd:
    """Connections that are held open together."""

    def __init__(self, endpoint: Endpoint, count: int, receive_bytes: int | None = None):
        self.sockets: list[socket.socket] = []
        for _ in range(count):
            one = socket.socket()
            if receive_bytes:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
            one.settimeout(30)
            one.connect(("127.0.0.1", endpoint.port))
            if endpoint.certificate:
                one = trusting(endpoint.certificate).wrap_socket(one, server_hostname="localhost")
            self.sockets.append(one)

    def __enter__(self) -> "Crowd":
        return self

    def __exit__(self, *_: object) -> None:
        for one in self.sockets:
            one.close()

    def say(self, data: bytes) -> None:
        """All of them say the same, those that still can."""
        for one in self.sockets:
            try:
                one.sendall(data)
            except (OSError, ssl.SSLError):
                pass

    def reset(self) -> None:
        """All of them are gone without a goodbye."""
        for one in self.sockets:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            one.close()

    def closed_by_the_other_side(self, seconds: float) -> int:
        """How many the daemon closes by itself within a time; what it says before is read and thrown away."""
        due, open_still = time.monotonic() + seconds, list(self.sockets)
        while open_still and (left := due - time.monotonic()) > 0:
            poll = select.poll()
            for one in open_still:
                poll.register(one, select.POLLIN)
            ready = {descriptor for descriptor, _ in poll.poll(min(left, 1) * 1000)}
            open_still = [one for one in open_still if one.fileno() not in ready or heard(one)]
        return len(self.sockets) - len(open_still)


def heard(one: socket.socket) -> bool:
    """Reads what is there; whether more may come."""
    try:
        return bool(one.recv(65536))
    except (OSError, ssl.SSLError):
        return False


def slowest(stage: Stage, bound: float = BOUND, count: int = 10) -> float:
    """The longest, in seconds, that one of some gets and puts on connections of their own takes."""
    longest = 0.0
    for number in range(count):
        for method, target, body in [("GET", stage.canary, b""), ("PUT", f"/{stage.scratch}/other-{number}", b"x" * 100_000)]:
            begun = time.monotonic()
            with Wire(stage.endpoint, bound) as wire:
                wire.send(stage.signed(method, target, body))
                answer = wire.answer()
            assert answer and answer.status == 200, f"{method} {target} during the flood got {answer}"
            longest = max(longest, time.monotonic() - begun)
    return longest


def flood() -> str:
    """The flood that is under way, as its test is called."""
    name = os.environ.get("PYTEST_CURRENT_TEST", "").split("::")[-1]
    return name.removesuffix(" (call)").removeprefix("test_").replace("_", " ")


class Flooded:
    """A daemon, what it had before a flood, and what must be so during and after it."""

    def __init__(self, daemon: Daemon, scheme: str, contents: bytes, bound: float = BOUND):
        self.daemon, self.stage, self.bound = daemon, Stage(daemon.listeners[scheme]), bound
        self.is_secure = scheme == "https"
        self.longest, self.most = 0.0, 0  # what others waited, in seconds; what was resident, in bytes
        self.canary = Canary(self.stage, contents).remember()
        self.canary.close()
        slowest(self.stage, self.bound)
        self.settle()
        self.files = descriptors(daemon)

    def settle(self) -> None:
        """Until the connections of this process that are closed are closed over there too."""
        seen = [descriptors(self.daemon)]
        eventually(lambda: seen.append(descriptors(self.daemon)) or len(seen) > 5 and seen[-5:] == [seen[-1]] * 5)

    def hold(self) -> None:
        """During the flood: others are served, and memory stays under its cap."""
        self.longest = max(self.longest, slowest(self.stage, self.bound))
        self.most = max(self.most, resident(self.daemon))
        assert self.longest < self.bound
        assert self.most < CAP, f"{self.most / MIB:.0f} MiB of {CAP / MIB:.0f}"

    def recover(self) -> None:
        """After it: descriptors come back, but for two that the index may keep, nothing is staged any more, and all is as it was."""
        assert eventually(lambda: descriptors(self.daemon) <= self.files + 2, self.bound / 2), (
            f"{descriptors(self.daemon)} of {self.files}"
        )
        staging = self.daemon.data / "staging"
        assert eventually(lambda: not any(staging.rglob("*")), self.bound / 2), list(staging.rglob("*"))[:3]
        assert self.daemon.running and not self.canary.fault()
        self.canary.close()
        errors = [line for line in self.daemon.log.read_text().splitlines() if " error " in line.split("request", 1)[0]]
        assert not errors, errors[:3]
        held = f"others waited at most {self.longest:.2f} s, {self.most / MIB:.0f} MiB of {CAP / MIB:.0f} resident, "
        kept = max(0, descriptors(self.daemon) - self.files)
        left = len(list(staging.rglob("*")))
        said = f"{held if self.most else ''}{kept} descriptors kept, {left} files staged, canary whole"
        print(f"\n{flood()}: {said}", end="")
