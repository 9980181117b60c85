"""The groups of contests, in the order in which they run; each starts the servers it needs and stops them after."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import limits, work
from .contest import Contest
from .figures import Outcome
from .load import Spoilt, in_parallel
from .servers import Laboratory, Server, running
from .work import GIB, KIB, MIB, size_name


@dataclass(frozen=True)
class Plan:
    """How thorough to be."""

    seconds: float
    connections: tuple[int, ...]
    sizes: tuple[int, ...]
    large_total: int  # bytes that a run with large bodies moves
    moved_each: int  # bytes that each of 256 connections moves while memory is watched

    @classmethod
    def full(cls) -> "Plan":
        return cls(2, (1, 8, 32, 256), (0, 4 * KIB, 64 * KIB), 2 * GIB, GIB)

    @classmethod
    def quick(cls) -> "Plan":
        return cls(1, (32,), (4 * KIB,), GIB, 32 * MIB)


def sweep(plan: Plan) -> Iterator[tuple[int, int]]:
    for size in plan.sizes:
        for connections in plan.connections:
            yield size, connections


def one_loop(lab: Laboratory, plan: Plan) -> Iterator[Contest]:
    """One event loop against one worker: the cost of a request, undisturbed by a second thread."""
    with running(lab.pail("--event-loops", 1), lab.nginx(workers=1)) as servers:
        for server in servers:
            work.fill(server, work.get_keys(4 * KIB, work.GET_KEYS), work.body_of(4 * KIB))
        runs = {s.name: work.gets(s, 4 * KIB, 32, plan.seconds) for s in servers}
        yield Contest("get-one", "GET 4 KiB, 32 connections, one event loop or worker", runs)


def small_gets(lab: Laboratory, plan: Plan) -> Iterator[Contest]:
    """GETs of small objects against nginx's static files, with as many threads each."""
    with running(lab.pail(), lab.nginx(workers=2)) as servers:
        for server in servers:
            for size in plan.sizes:
                work.fill(server, work.get_keys(size, work.GET_KEYS), work.body_of(size))
        for size, connections in sweep(plan):
            runs = {s.name: work.gets(s, size, connections, plan.seconds) for s in servers}
            yield Contest(f"get-{size}-{connections}", f"GET {size_name(size)}, {connections} connections", runs)


def large_gets(lab: Laboratory, plan: Plan) -> Iterator[Contest]:
    """GETs of large objects."""
    with running(lab.pail(), lab.nginx(workers=2)) as servers:
        for server in servers:
            for size in (MIB, 256 * MIB):
                work.fill(server, [f"large/{size}"], work.body_of(size))
        for size, connections in [(MIB, c) for c in plan.connections] + [(256 * MIB, 1), (256 * MIB, 8)]:
            runs = {s.name: work.large_gets(s, size, connections, plan.large_total) for s in servers}
            yield Contest(f"get-{size}-{connections}", f"GET {size_name(size)}, {connections} connections", runs)


def small_puts(lab: Laboratory, plan: Plan) -> Iterator[Contest]:
    """PUTs of new keys: durable ones, and relaxed ones against nginx, which syncs nothing."""
    durable, relaxed = lab.pail(), lab.pail("--durability", "relaxed")
    with running(durable, relaxed, lab.nginx(workers=2)) as (_, _, nginx):
        sync = {"one fsync each": lambda: limits.one_sync_each(lab.folder, plan.seconds)}
        for size, connections in sweep(plan):
            runs = {
                "pail": work.puts(durable, size, connections, plan.seconds),
                "pail relaxed": work.puts(relaxed, size, connections, plan.seconds),
                "nginx": work.puts(nginx, size, connections, plan.seconds),
            }
            extra = sync if (size, connections) == (4 * KIB, 32) else {}
            yield Contest(f"put-{size}-{connections}", f"PUT {size_name(size)}, {connections} connections", runs | extra)


def large_puts(lab: Laboratory, plan: Plan) -> Iterator[Contest]:
    """PUTs of large objects, whole and in parts, against the MD5 of one core and against the disk."""
    size = 256 * MIB
    with running(lab.pail(), lab.pail("--durability", "relaxed"), lab.nginx(workers=2)) as (pail, relaxed, nginx):
        runs = {
            "pail": work.large_puts(pail, size, 1, size),
            "pail relaxed": work.large_puts(relaxed, size, 1, size),
            "nginx": work.large_puts(nginx, size, 1, size),
            "MD5 of one core": limits.md5_of_one_core,
            "write and fdatasync": lambda: limits.disk_write(lab.folder),
        }
        yield Contest(f"put-{size}-1", "PUT 256 MiB", runs)
        runs = {
            "pail": work.multipart(pail, size, 4),
            "pail relaxed": work.multipart(relaxed, size, 4),
            "MD5 of one core": limits.md5_of_one_core,
        }
        yield Contest("multipart", "Upload of 256 MiB in 4 parts at once", runs)
        total = plan.large_total // 4
        for connections in plan.connections:
            runs = {s.name: work.large_puts(s, MIB, connections, total) for s in (pail, nginx)}
            yield Contest(f"put-{MIB}-{connections}", f"PUT 1 MiB, {connections} connections", runs, rounds=3)


def peers(lab: Laboratory, plan: Plan) -> Iterator[Contest]:
    """What other S3 servers do with the same requests; none of them syncs, so Pail is relaxed here."""
    size = 4 * KIB
    servers = (lab.pail("--durability", "relaxed"), lab.moto(), lab.rclone(), lab.seaweedfs())
    with running(*servers):
        ready = [server for server in servers if _prepare(server, size)]
        runs = {s.name: work.gets(s, size, 32, plan.seconds) for s in ready}
        yield Contest("peers-get", "GET 4 KiB, 32 connections", runs)
        runs = {s.name: work.puts(s, size, 32, plan.seconds) for s in ready}
        yield Contest("peers-put", "PUT 4 KiB, 32 connections, nothing synced", runs)
        runs = {s.name: work.lists(s, 8, max(3, plan.seconds)) for s in ready}
        yield Contest("peers-list", "List of 1,000 keys, 8 connections", runs)
        runs = {s.name: work.lists(s, 8, plan.seconds, delimiter="/") for s in ready}
        yield Contest("peers-delimiter", "List of 100 common prefixes, 8 connections", runs)
        runs = {s.name: work.mixed(s, size, 32, plan.seconds) for s in ready}
        yield Contest("peers-mixed", "75 GETs, 20 PUTs, 5 lists in 100, 4 KiB, 32 connections", runs)


def _prepare(server: Server, size: int, patience: int = 100) -> bool:
    """Makes what is read; SeaweedFS takes some seconds until it does more than answer."""
    for attempt in range(patience):
        try:
            work.make_bucket(server)
            work.fill(server, ["first"], b"")
            break
        except (Spoilt, OSError) as error:
            if attempt + 1 == patience:
                print(f"  {server.name} takes nothing: {error}")
                return False
            time.sleep(0.2)
    work.fill(server, work.get_keys(size, work.GET_KEYS), work.body_of(size))
    work.fill(server, sorted(work.LISTED), b"")
    return True


def mixed(lab: Laboratory, plan: Plan) -> Iterator[Contest]:
    """GETs, PUTs and lists at once, durable and relaxed."""
    size = 4 * KIB
    durable, relaxed = lab.pail(), lab.pail("--durability", "relaxed")
    with running(durable, relaxed) as servers:
        for server in servers:
            work.fill(server, work.get_keys(size, work.GET_KEYS), work.body_of(size))
            work.fill(server, sorted(work.LISTED), b"")
        for connections in plan.connections:
            runs = {
                "pail": work.mixed(durable, size, connections, plan.seconds),
                "pail relaxed": work.mixed(relaxed, size, connections, plan.seconds),
            }
            yield Contest(f"mixed-{connections}", f"75 GETs, 20 PUTs, 5 lists in 100, 4 KiB, {connections} connections", runs)


def secure(lab: Laboratory, plan: Plan) -> Iterator[Contest]:
    """The same over https."""
    size = 4 * KIB
    with running(lab.pail(tls=True), lab.nginx(workers=2, tls=True)) as servers:
        for server in servers:
            work.fill(server, work.get_keys(size, work.GET_KEYS), work.body_of(size))
            work.fill(server, [f"large/{64 * MIB}"], work.body_of(64 * MIB))
        runs = {s.name: work.gets(s, size, 32, plan.seconds) for s in servers}
        yield Contest("tls-get", "GET 4 KiB over https, 32 connections", runs)
        runs = {s.name: work.large_gets(s, 64 * MIB, 8, plan.large_total) for s in servers}
        yield Contest("tls-large", "GET 64 MiB over https, 8 connections", runs)


def copy(lab: Laboratory, plan: Plan) -> Iterator[Contest]:
    """A copy of 1 GiB."""
    with running(lab.pail()) as (pail,):
        work.large_puts(pail, GIB, 1, GIB)()
        source = f"put/{next(work.numbers) - 1}"
        yield Contest("copy", "CopyObject of 1 GiB", {"pail": work.copies(pail, source, 20)})


def start(lab: Laboratory, plan: Plan) -> Iterator[Contest]:
    """From the start of a process to its first answer, and what it holds in memory then."""
    servers = [lab.pail(), lab.nginx(workers=2), lab.rclone()]
    for server in servers:
        server.start().stop()
    # A data folder that is there already, but for the first run of Pail, which makes it.
    runs = {s.name: lambda s=s: limits.start_up(s) for s in servers}
    yield Contest("start", "Start to first answer", runs)


def memory(lab: Laboratory, plan: Plan) -> Iterator[Contest]:
    """What is resident: a while after a start, and at most while 256 connections move bytes."""

    def idle(server: Server) -> Outcome:
        with running(server):
            time.sleep(1)
            return Outcome(rate=0, memory=server.memory())

    makers = {"pail": lab.pail, "nginx": lambda: lab.nginx(workers=2), "rclone": lab.rclone, "moto": lab.moto}
    runs = {name: lambda make=make: idle(make()) for name, make in makers.items()}
    yield Contest("memory-idle", "Memory a second after the start", runs, rounds=3)
    size = plan.moved_each

    def busy(make, size: int, way) -> Outcome:
        with running(make()) as (server,):
            work.fill(server, [f"large/{size}"], work.body_of(size))
            # What was resident until now was the upload's.
            Path(f"/proc/{server.pid}/clear_refs").write_text("5")
            outcome = way(server, size)
            return Outcome(outcome.rate, cpu=outcome.cpu, bytes_rate=outcome.bytes_rate, memory=server.memory("VmHWM"))

    def reading(server: Server, size: int) -> Outcome:
        return work.large_gets(server, size, 256, 256 * size)()

    def writing(server: Server, size: int) -> Outcome:
        return work.large_puts(server, size, 256, 256 * size)()

    title = "Most memory while 256 connections"
    read, written, ciphered = size, min(size, 16 * MIB), min(size, 64 * MIB)
    runs = {"pail": lambda: busy(lab.pail, read, reading)}
    yield Contest("memory-get", f"{title} read {size_name(read)} each", runs, rounds=1)
    runs = {"pail": lambda: busy(lab.pail, written, writing)}
    yield Contest("memory-put", f"{title} write {size_name(written)} each", runs, rounds=1)
    runs = {"pail": lambda: busy(lambda: lab.pail(tls=True), ciphered, reading)}
    yield Contest("memory-tls", f"{title} read {size_name(ciphered)} each over https", runs, rounds=1)


GROUPS = {
    "one": one_loop,
    "get": small_gets,
    "large": large_gets,
    "put": small_puts,
    "large-put": large_puts,
    "mixed": mixed,
    "https": secure,
    "peers": peers,
    "copy": copy,
    "start": start,
    "memory": memory,
}
