"""`make full-disk`: a tmpfs that runs out of bytes, or of files, while writers fill it and while others take the rest of it.

Writes are refused with a reason in the log, all that is there is read, listed and deleted, also after a restart on the
full disk; what is deleted makes room, and everything is right in the end.

    cd Tests/EndToEnd && PAIL_BINARY=… python3 -m reliability.full_disk --seed 7      (as root)
"""

import argparse
import random
import sys
import tempfile
from functools import partial
from pathlib import Path

from pail import BINARY, ROOT_KEY, Daemon

from .client import Client
from .expiry import expire_on_full_disk
from .ledger import State
from .ordeal import Ordeal, failing_threads
from .report import Report
from .verify import verify
from .volume import MemoryVolume, Unavailable
from .world import PLAIN, World
from .writers import Pace

MIB = 1024 * 1024
# What runs out: bytes where there are files enough, files where there are bytes enough.
DISKS = {"bytes": (24 * MIB, 2000), "files": (256 * MIB, 120)}
FILLING = ("put", "create", "copy", "share", "add_version", "copy_version", "upload", "tag")


class FullDisk:
    """One tmpfs and the daemon on it, from empty to full and back."""

    def __init__(self, volume: MemoryVolume, daemon: Daemon, seed: int):
        self.volume, self.daemon = volume, daemon
        self.ordeal = Ordeal(daemon, daemon.kill, seed, only=FILLING)
        self.world: World = self.ordeal.world
        self.dice = random.Random(f"full {seed}")
        self.world.refusing = {503}

    @property
    def report(self) -> Report:
        return self.world.report

    def run(self) -> Report:
        failing_threads(self.report)
        self.ordeal.begin()
        self.fill()
        self.live_on("filled by its own writers")
        for end in (self.daemon.stop, self.daemon.kill):
            end()
            self.volume.occupy()
            self.report.cuts += 1
            try:
                self.daemon.start()
            except AssertionError as refusal:
                self.report.add("unexpected", f"no start on a full disk: {str(refusal).strip().splitlines()[-1]}")
                return self.report
            self.live_on(f"after a restart, {end.__name__}")
        self.make_room()
        self.volume.release()
        self.expect_writes()
        self.start_with_two_names()
        verify(self.world, self.daemon.http)
        self.ordeal.end()
        self.expect_log()
        return self.report

    def fill(self) -> None:
        """Puts what will be deleted to make room, and lets writers write until they were refused a hundred times."""
        with Client(self.daemon.http) as client:
            for _ in range(30):
                self.put(client, 300_000)
        for _ in range(1000):
            pace = Pace(100)
            writers = [self.ordeal.writer(f"w{number}", self.daemon.http, pace) for number in range(4)]
            for writer in writers:
                writer.start()
            pace.reached.wait(timeout=120)
            pace.stopped.set()
            for writer in writers:
                writer.join(timeout=60)
            self.ordeal.rounds += 1
            if self.report.refused >= 100:
                return
        self.report.add("unexpected", "the disk is never full")

    def live_on(self, when: str) -> None:
        """All is read and listed, and deleted, each time with not a byte and not a name left."""
        self.volume.occupy()
        verify(self.world, self.daemon.http)
        with Client(self.daemon.http) as client:
            for _ in range(4):
                self.volume.occupy()
                self.put(client, 300_000)
                self.delete(client, when)
                self.get(client, when)

    def start_with_two_names(self) -> None:
        """Others have taken what was held back too: two names are what the log needs, and none is left for the commands' socket."""
        self.daemon.stop()
        for path in self.daemon.data.glob("reserve-*"):
            path.unlink()
        self.volume.occupy_names(but=2)
        self.report.cuts += 1
        self.daemon.start()
        verify(self.world, self.daemon.http)
        self.volume.release()
        self.expect_writes()

    def make_room(self) -> None:
        """Deletes until a write succeeds again, the others still having all that was left."""
        with Client(self.daemon.http) as client:
            while self.delete(client, "making room"):
                if any(self.put(client, 60_000) for _ in range(20)):
                    return
        self.report.add("unexpected", "all is deleted, and there is no room")

    def expect_writes(self) -> None:
        with Client(self.daemon.http) as client:
            for size in (0, 5000, 100_000, MIB):
                if not self.put(client, size):
                    self.report.add("unexpected", f"{size} bytes are refused on a disk with room")

    def expect_log(self) -> None:
        said = self.daemon.log.read_text(errors="replace").count("The disk is full: ")
        if said < self.report.refused // 2:
            self.report.add("unexpected", f"{self.report.refused} writes were refused, and the log says so {said} times")

    # Requests

    def put(self, client: Client, size: int) -> bool:
        key, body = f"full/{self.dice.randrange(1_000_000)}", self.dice.randbytes(size)
        history = self.world.history(key)
        attempt = history.begin(State.of(body, ""))
        reply = client.send("PUT", f"/{PLAIN}/{key}", body)
        if reply.status == 503 and reply.code == "ServiceUnavailable":
            self.report.refuse()
            history.refuse(attempt)
        elif reply.status == 200:
            self.report.count(acknowledged=True)
            history.acknowledge(attempt)
        else:
            self.report.add("unexpected", f"PUT on a full disk: {reply.status} {reply.code}")
        return reply.status == 200

    def delete(self, client: Client, when: str) -> bool:
        """Deletes an object; answers whether there was one."""
        there = sorted((key for key, history in self.world.keys.items() if history.current), key=self.size)
        if not there:
            return False
        key = there[-1]
        history = self.world.keys[key]
        attempt = history.begin(None)
        reply = client.send("DELETE", f"/{PLAIN}/{key}")
        if reply.status != 204:
            self.report.add("unexpected", f"DELETE {when}: {reply.status} {reply.code}")
            history.refuse(attempt)
            return False
        self.report.count(acknowledged=True)
        history.acknowledge(attempt)
        return True

    def size(self, key: str) -> int:
        return self.world.keys[key].current.size

    def get(self, client: Client, when: str) -> None:
        for target in (f"/{PLAIN}?list-type=2", f"/{PLAIN}?uploads=", "/"):
            if (status := client.send("GET", target).status) != 200:
                self.report.add("unexpected", f"GET {target} {when}: {status}")


def full_disk(folder: Path, what: str, seed: int, *, preload: Path | None = None) -> Report:
    """Fills a disk until it has no bytes or no files left, and answers what was counted."""
    extra = {"LD_PRELOAD": str(preload)} if preload else {}
    with MemoryVolume(folder, *DISKS[what]) as volume:
        with Daemon(volume.path / "data", "--bucket", "of-the-start", key=ROOT_KEY, **extra) as daemon:
            daemon.log = folder / "daemon.log"
            return FullDisk(volume, daemon, seed).run()


def main() -> int:
    parser = argparse.ArgumentParser(prog="reliability.full_disk", description="a disk without room, and one without names")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    options = parser.parse_args()
    print(f"full disk: {BINARY}\nseed {options.seed}", flush=True)
    ordeals = {f"a disk without {what}": partial(full_disk, what=what) for what in DISKS}
    ordeals["lifecycles on a disk without either"] = expire_on_full_disk
    code = 0
    for name, ordeal in ordeals.items():
        print(name, flush=True)
        with tempfile.TemporaryDirectory(prefix="pail-full-") as folder:
            try:
                code |= ordeal(Path(folder), seed=options.seed).finish("restarts")
            except Unavailable as reason:
                print(f"skipped: {reason}", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
