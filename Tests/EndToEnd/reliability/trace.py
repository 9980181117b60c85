"""Reads what `strace` wrote: which system call was over before which began, one request at a time."""

import re
import shutil
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pail import BINARY, Daemon

SENDING, RECEIVING = ("write", "writev", "sendto", "sendmsg"), ("read", "recvfrom", "recvmsg")
CALLS = ",".join(("fdatasync", "fsync", "syncfs", "renameat2", "unlinkat", "pwrite64", *SENDING, *RECEIVING))
LINE = re.compile(r"^(\d+) +(?:<\.\.\. (\w+) resumed>|(\w+)\()(.*)$")


def under_strace(daemon: Daemon, output: Path) -> Daemon:
    """The daemon, with every call that matters written to a file: descriptors by what they are, text to 200 bytes."""
    # -D: the daemon is our child, not strace's, so that signals reach it.
    daemon.command = ["strace", "-D", "-f", "-y", "-s", "200", "-o", str(output), "-e", f"trace={CALLS}", *daemon.command]
    return daemon


def read(output: Path, daemon: Daemon) -> list["Call"]:
    """The trace of a daemon that has ended, once strace has written the last of it."""
    for _ in range(200):
        lines = output.read_text(errors="replace").splitlines()
        if re.match(rf"{daemon.process.pid} +\+\+\+ exited", lines[-1]):
            return calls(lines)
        threading.Event().wait(0.05)
    raise AssertionError(f"strace does not come to an end: {lines[-1]}")


def is_possible() -> bool:
    return shutil.which("strace") is not None and Path(BINARY).exists()


@dataclass(frozen=True)
class Call:
    """One system call: the numbers of the lines on which it began and was over, and all of its words."""

    name: str
    began: int
    over: int
    words: str

    def on(self, path: str) -> bool:
        """Whether a descriptor among its arguments is of a path that ends so."""
        return re.search(re.escape(path) + r"(?:-[0-9a-f]+)?>", self.words) is not None

    @property
    def succeeded(self) -> bool:
        result = self.words.rpartition(") = ")[2]
        return bool(result) and not result.startswith("-1")


def calls(lines: Iterable[str]) -> list[Call]:
    """All calls, in the order in which they were over. A call that another thread's interrupted is put together again."""
    found, begun = [], {}
    for number, line in enumerate(lines):
        if not (match := LINE.match(line)):
            continue
        thread, resumed, name, rest = match.groups()
        if resumed:
            began, words = begun.pop((thread, resumed), (number, ""))
            found.append(Call(resumed, began, number, words + rest))
        elif rest.endswith("<unfinished ...>"):
            begun[thread, name] = (number, rest.removesuffix("<unfinished ...>"))
        else:
            found.append(Call(name, number, number, rest))
    return found


@dataclass
class Exchange:
    """A request that was sent alone, and the calls from its first byte read to the first byte of its answer."""

    request: str
    calls: list[Call]
    answer: Call


def exchanges(trace: list[Call], requests: list[str]) -> Iterator[Exchange]:
    """Finds requests by their first words, in their order."""
    rest = trace
    for request in requests:
        start = next(i for i, call in enumerate(rest) if call.name in RECEIVING and f'"{request}' in call.words)
        end = next(i for i, call in enumerate(rest) if i > start and is_answer(call))
        yield Exchange(request, rest[start:end], rest[end])
        rest = rest[end + 1 :]


def is_answer(call: Call) -> bool:
    return call.name in SENDING and '"HTTP/1.1 2' in call.words


class Order:
    """Follows one exchange, each step having to begin after the one before it was over."""

    def __init__(self, exchange: Exchange):
        self.exchange, self.after, self.missing = exchange, -1, []

    def step(self, what: str, fits, last: bool = False) -> Call | None:
        """The first call that fits and begins after the step before; or the last, where the last one counts."""
        fitting = [c for c in self.exchange.calls if c.succeeded and c.began > self.after and fits(c)]
        if not fitting:
            self.missing.append(what)
            return None
        found = fitting[-1 if last else 0]
        self.after = found.over
        return found

    def blob(self) -> str | None:
        """Data sync, rename, folder sync; answers the blob's name."""
        synced = self.step("data sync", lambda c: c.name in ("fdatasync", "fsync") and "/staging/" in c.words)
        name = re.search(r"/staging/([0-9a-f-]+)", synced.words)[1] if synced else "?"
        self.step("rename", lambda c: c.name == "renameat2" and f'"{name}"' in c.words)
        self.step("folder sync", lambda c: c.name == "fsync" and c.on("/blobs"))
        return name

    def commit(self) -> None:
        """The last write to the log, and a sync after it."""
        self.step("log write", lambda c: c.name == "pwrite64" and c.on("/index.db-wal"), last=True)
        self.step("log sync", lambda c: c.name in ("fdatasync", "fsync") and c.on("/index.db-wal"))

    def answer(self) -> list[str]:
        """What is missing before the answer, or comes too late for it."""
        if self.exchange.answer.began <= self.after:
            self.missing.append("the answer came before all of that was over")
        return [f"{self.exchange.request}: {what}" for what in self.missing]
