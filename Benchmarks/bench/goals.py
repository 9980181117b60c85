"""What was promised of the figures, and how each promise is read from them."""

from collections.abc import Callable
from dataclasses import dataclass

from .contest import Results
from .figures import Spread
from .work import KIB, MIB

Figure = Callable[[Results, dict], Spread | None]


@dataclass(frozen=True)
class Goal:
    """One promise: a figure, the bound that it has to keep, and what limits it where it does not."""

    what: str
    figure: Figure
    bound: float
    is_least: bool  # whether the figure must be the bound or more; else it must be the bound or less
    unit: str = ""
    limit: str = ""

    @property
    def told(self) -> str:
        return f"{'≥' if self.is_least else '≤'} {self.bound:g}{self.unit}"

    def holds(self, figure: float) -> bool:
        return figure >= self.bound if self.is_least else figure <= self.bound


def ratio(key: str, above: str, below: str, what: str = "rate") -> Figure:
    return lambda results, _: results.ratio(key, above, below, what)


def of(key: str, name: str, what: str, scale: float = 1) -> Figure:
    """A figure itself, in another unit."""

    def read(results: Results, _: dict) -> Spread | None:
        figures = [figure * scale for figure in results.figures(key, name, what)]
        return Spread.of(figures) if figures else None

    return read


def weakest(*ratios: tuple[str, str]) -> Figure:
    """The least of several ratios of Pail's rate to a peer's, each named by its contest and the peer."""

    def read(results: Results, _: dict) -> Spread | None:
        found = [results.ratio(key, "pail", peer, "rate") for key, peer in ratios]
        found = [spread for spread in found if spread]
        return min(found, key=lambda spread: spread.middle) if found else None

    return read


def grown(operation: str, what: str, scale: float = 1) -> Figure:
    """A figure of `make growth`, with the most objects that it was measured with."""

    def read(_: Results, facts: dict) -> Spread | None:
        growth = facts.get("growth", {})
        most = max(growth.get("objects", {}), key=int, default=None)
        figures = most and growth["objects"][most].get(operation, {}).get(what)
        return Spread.of([figure * scale for figure in figures]) if figures else None

    return read


def size(results: Results, facts: dict) -> Spread | None:
    return Spread.of([facts["binary"] / MIB]) if "binary" in facts else None


# What limits whom, by callgrind. A profile is of a day: after a change, look again.
GET = """A GET of 4 KiB costs the daemon 257,000 instructions of its own, beside few system calls (read, write, the log), and it is the waiting for so much code that takes the time: less than one instruction a tick before what is
hot was linked side by side. The signature takes 31 %, the HTTP parser and encoder 15 %, the log line 7 %, finding the object 7 % although nothing is read for it; the rest is spread over hundreds of functions,
much of it counting references to strings and allocating them. nginx takes 5 µs for the same beside the kernel's 22. It is the same for larger objects, whose bytes the kernel moves."""
PUT = """A PUT of 4 KiB costs 680,000 instructions (the shares are of a profile at 731,000): MD5 and CRC of the body 25 %, the commit 24 %, the SHA-256 of body and signature up to 22 %, what else the signature needs about 7 %. nginx hashes
nothing and keeps no index."""
LARGE_PUT = """Of the instructions of a PUT of 1 MiB 76 % are MD5, on a thread beside the rest, and 21 % the SHA-256 where the body is signed. Wall time also waits for the disk, and for a core beside the client; what each takes alone is
below, under `MD5 of one core` and `write and fdatasync`."""
DELIMITER = """Each of the 100 prefixes is a seek in SQLite of its own, and the page is built and signed for like any other: 1.6 million instructions."""
LIST = """Of the 15 million instructions of a page 26 % write its document, 23 % are SQLite's, 16 % count references and allocate, and 6 % make strings of columns."""
START = """Of a first start's 64 million instructions 42 % look for protocol conformances in the whole program, for ArgumentParser (34 % in all) and for NIO's handlers; 12 % open the index and make
its schema, 11 % are the dynamic loader's."""
PAGES = """It is code: of what is resident 1.7 MiB are the daemon's own data, the rest are pages of the program, libcrypto and SQLite, which the system drops at will."""
WRITERS = """Beside what is resident idle, bodies may hold 16 MiB and 64 KiB a connection where they wait to be read, and as much again where they are collected for a write: 64 MiB here; buffers that
are kept to read into are 8 MiB. The rest is freed memory that malloc keeps: made to give it back at once (`MALLOC_TRIM_THRESHOLD_=262144`) it is 33 MiB less, and a large PUT costs a quarter more processor time."""
PROGRAM = """The Swift library, FoundationEssentials (which ArgumentParser uses) and their tables for unwinding and relocation, which strip leaves."""

ROWS = ("peers-get", "peers-put", "peers-list", "peers-delimiter", "peers-mixed")
LARGE = 256 * MIB
SMALL = 4 * KIB

GOALS = [
    Goal("GET 4 KiB, processor time for a request, times nginx's, one loop and one worker", ratio("get-one", "pail", "nginx", "cpu"), 1.5, False, limit=GET),
    Goal("GET 4 KiB, requests a second, times nginx's, one thread each", ratio("get-one", "pail", "nginx"), 0.85, True, limit=GET),
    Goal("GET 4 KiB, requests a second, times nginx's, two threads each", ratio(f"get-{SMALL}-32", "pail", "nginx"), 0.85, True, limit=GET),
    Goal("GET 1 MiB, bytes a second, times nginx's", ratio(f"get-{MIB}-32", "pail", "nginx", "bytes_rate"), 1.0, True, limit=GET),
    Goal("GET 1 MiB, processor time, times nginx's", ratio(f"get-{MIB}-32", "pail", "nginx", "cpu"), 1.1, False, limit=GET),
    Goal("GET 256 MiB, bytes a second, times nginx's", ratio(f"get-{LARGE}-8", "pail", "nginx", "bytes_rate"), 1.0, True),
    Goal("GET 256 MiB, processor time, times nginx's", ratio(f"get-{LARGE}-8", "pail", "nginx", "cpu"), 1.1, False),
    Goal("PUT 256 MiB, durable, bytes a second, times the MD5 of one core", ratio(f"put-{LARGE}-1", "pail", "MD5 of one core", "bytes_rate"), 0.95, True, limit=LARGE_PUT),
    Goal("PUT 256 MiB, relaxed, the same", ratio(f"put-{LARGE}-1", "pail relaxed", "MD5 of one core", "bytes_rate"), 0.95, True, limit=LARGE_PUT),
    Goal("4 parts of 64 MiB at once, durable, times the MD5 of one core", ratio("multipart", "pail", "MD5 of one core", "bytes_rate"), 1.5, True, limit=LARGE_PUT),
    Goal("4 parts of 64 MiB at once, relaxed, the same", ratio("multipart", "pail relaxed", "MD5 of one core", "bytes_rate"), 1.5, True, limit=LARGE_PUT),
    Goal("durable PUT 4 KiB, 32 writers, times one fsync each", ratio(f"put-{SMALL}-32", "pail", "one fsync each"), 30, True, limit=PUT),
    Goal("relaxed PUT 4 KiB, 32 writers, times nginx DAV", ratio(f"put-{SMALL}-32", "pail relaxed", "nginx"), 2, True, limit=PUT),
    Goal("list of 1,000 keys among the most objects, processor time", grown("list", "cpu", 1e3), 3, False, " ms"),
    Goal("list of 100 common prefixes among the most objects, processor time", grown("delimiter", "cpu", 1e3), 3, False, " ms"),
    Goal("CopyObject of 1 GiB", of("copy", "pail", "seconds", 1e3), 5, False, " ms"),
    Goal("start to first answer, empty store", of("start", "pail", "seconds", 1e3), 13, False, " ms", limit=START),
    Goal("start to first answer, most objects", grown("start", "seconds", 1e3), 50, False, " ms", limit=START),
    Goal("resident memory, idle", of("memory-idle", "pail", "memory", 1 / MIB), 12, False, " MiB", limit=PAGES),
    Goal("resident memory, 256 connections reading", of("memory-get", "pail", "memory", 1 / MIB), 96, False, " MiB"),
    Goal("resident memory, 256 connections writing", of("memory-put", "pail", "memory", 1 / MIB), 96, False, " MiB", limit=WRITERS),
    Goal("resident memory, 256 connections reading over https", of("memory-tls", "pail", "memory", 1 / MIB), 96, False, " MiB"),
    Goal("every row against moto, times its rate, the weakest", weakest(*((key, "moto") for key in ROWS)), 3, True),
    Goal("every row against rclone serve s3, the weakest", weakest(*((key, "rclone") for key in ROWS)), 3, True, limit=DELIMITER),
    Goal("list of 1,000 keys, lists a second, times rclone's and SeaweedFS's", weakest(("peers-list", "rclone"), ("peers-list", "seaweedfs")), 5, True, limit=LIST),
    Goal("list of 100 common prefixes, the same", weakest(("peers-delimiter", "rclone"), ("peers-delimiter", "seaweedfs")), 1, True, limit=DELIMITER),
    Goal("program with the static Swift library, stripped", size, 25, False, " MiB", limit=PROGRAM),
]
