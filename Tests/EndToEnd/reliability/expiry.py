"""A lifecycle on a disk without a byte or a name left: what it may remove goes, which makes room, and nothing else is touched.

Part of `make full-disk`. The daemon's clock is moved by days, whose lifecycles have run when the answer comes.
"""

import base64
import hashlib
import random
from pathlib import Path

from pail import ROOT_KEY, Daemon
from wire import Reply

from .client import Client
from .ledger import State
from .ordeal import VERSIONING, Ordeal, expect
from .report import Report
from .verify import verify
from .volume import MemoryVolume
from .world import PLAIN

SIZE = 300_000
PASSING, HIDDEN = "passing", "hidden"
RULE = b"""<LifecycleConfiguration><Rule><ID>all</ID><Filter><Prefix>old/</Prefix></Filter><Status>Enabled</Status>
<Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>"""


class Expiry:
    """One tmpfs and the daemon on it, filled by others, and emptied by a lifecycle."""

    def __init__(self, volume: MemoryVolume, daemon: Daemon, seed: int):
        self.volume, self.daemon = volume, daemon
        self.ordeal = Ordeal(daemon, daemon.kill, seed)
        self.dice = random.Random(f"expiry {seed}")

    @property
    def report(self) -> Report:
        return self.ordeal.report

    def run(self) -> Report:
        """Objects under a rule, in a bucket without versions and in one with them, beside some that must stay."""
        self.ordeal.begin()
        with Client(self.daemon.http) as client:
            # The one whose markers have to wait comes first, while the disk is still full.
            for bucket in (HIDDEN, PASSING):
                expect(client.send("PUT", f"/{bucket}"))
                digest = base64.b64encode(hashlib.md5(RULE).digest()).decode()
                expect(client.send("PUT", f"/{bucket}?lifecycle=", RULE, content_md5=digest))
            expect(client.send("PUT", f"/{HIDDEN}?versioning=", VERSIONING))
            for number in range(40):
                self.keep(client, f"stays/{number}", 50 if number % 2 else SIZE // 4)
            for number in range(20):
                expect(client.send("PUT", f"/{PASSING}/old/{number}", self.dice.randbytes(SIZE)))
                expect(client.send("PUT", f"/{PASSING}/old/small-{number}", self.dice.randbytes(50)))
            expect(client.send("PUT", f"/{PASSING}/new/stays", b"stays"))
            expect(client.send("PUT", f"/{HIDDEN}/old/hidden", b"hidden"))
        self.daemon.stop()
        self.volume.occupy()
        self.report.cuts += 1
        try:
            self.daemon.start()
        except AssertionError as refusal:
            self.report.add("unexpected", f"no start on a full disk: {str(refusal).strip().splitlines()[-1]}")
            return self.report
        self.volume.occupy()
        with Client(self.daemon.http) as client:
            self.expire(client)
        verify(self.ordeal.world, self.daemon.http)
        self.ordeal.end()
        if "The lifecycle of a bucket stopped" in self.daemon.log.read_text(errors="replace"):
            self.report.add("unexpected", "a lifecycle stopped on a full disk")
        return self.report

    def expire(self, client: Client) -> None:
        self.expect(client.send("PUT", f"/{PLAIN}/refused", self.dice.randbytes(SIZE)), 503, "a put on the full disk")
        self.expect_keys(client, 41, "before a day has passed")
        self.move(client)
        self.expect_keys(client, 1, "after two days on a full disk")
        self.expect(client.send("GET", f"/{PASSING}/new/stays"), 200, "what no rule names")
        # A marker makes no room: it waits, and what it will hide is read until then.
        self.expect(client.send("GET", f"/{HIDDEN}/old/hidden"), 200, "what only a marker would hide")
        for number in range(4):
            self.keep(client, f"in the room of what went/{number}".replace(" ", "-"), SIZE)
        self.volume.release()
        self.keep(client, "on-a-disk-with-room", SIZE)
        self.move(client)
        self.expect(client.send("GET", f"/{HIDDEN}/old/hidden"), 404, "what a marker hides where there is room")

    def move(self, client: Client) -> None:
        reply = client.send("POST", "/_pail/clock/move", b'{"days": 2}', content_type="application/json")
        self.expect(reply, 200, "a move of the clock")

    def expect(self, reply: Reply, status: int, what: str) -> None:
        if reply.status != status:
            self.report.add("unexpected", f"{what}: {reply.status} {reply.code}")

    def expect_keys(self, client: Client, count: int, when: str) -> None:
        found = client.send("GET", f"/{PASSING}?list-type=2").body.count(b"<Key>")
        if found != count:
            self.report.add("listing", f"{found} keys instead of {count} {when}")

    def keep(self, client: Client, key: str, size: int) -> None:
        """Puts what must be there in the end."""
        body = self.dice.randbytes(size)
        history = self.ordeal.world.history(key)
        attempt = history.begin(State.of(body, ""))
        reply = client.send("PUT", f"/{PLAIN}/{key}", body)
        self.report.count(acknowledged=reply.status == 200)
        if reply.status == 200:
            history.acknowledge(attempt)
        else:
            history.refuse(attempt)
            self.report.add("unexpected", f"PUT {key}: {reply.status} {reply.code}")


def expire_on_full_disk(folder: Path, seed: int, *, preload: Path | None = None) -> Report:
    """Lets a lifecycle run where others have taken every byte and every name, and answers what was counted."""
    extra = {"LD_PRELOAD": str(preload)} if preload else {}
    with MemoryVolume(folder, 24 * 1024 * 1024, 2000) as volume:
        with Daemon(volume.path / "data", key=ROOT_KEY, **extra) as daemon:
            daemon.log = folder / "daemon.log"
            return Expiry(volume, daemon, seed).run()
