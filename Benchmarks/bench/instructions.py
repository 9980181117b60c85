"""`python3 -m bench.instructions`: how many instructions an operation costs, against what is recorded.

Instructions are counted by callgrind, so the figure does not depend on what else the machine does. One daemon with one event
loop carries out the same requests, one after the other on one connection, twice: first a few, then more. The difference is
what the additional ones cost; start, connection and the clock's own work are in both.
"""

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from . import hot, work
from .load import Connection
from .servers import BUCKET, Laboratory, Server, running
from .work import KIB, MIB

ROOT = Path(__file__).resolve().parents[2]
RECORD = Path(__file__).resolve().parents[1] / "instructions.json"
SIGSUSPEND = Path(__file__).with_name("sigsuspend.c")
TOLERANCE = 0.05
# Libraries choose by the processor: here they are told that it has no AVX, so that every machine takes one way.
PINNED = {
    "OPENSSL_ia32cap": "~0x1000000000000000:~0x20",
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2_Usable,-AVX_Usable,-AVX2,-AVX,-ERMS,-FSRM",
}

Operation = Callable[[Connection, int], object]


def operations(server: Server) -> dict[str, tuple[Operation, int, int]]:
    """What is counted: how the n-th request is made, and the two numbers of requests."""

    def get(connection: Connection, n: int) -> object:
        return connection.ask(server.request("GET", f"/{BUCKET}/get/{4 * KIB}/{n % 100:04}"))

    def head(connection: Connection, n: int) -> object:
        return connection.ask(server.request("HEAD", f"/{BUCKET}/empty"))

    def put(size: int, folder: str) -> Operation:
        body = work.body_of(size)
        payload = hashlib.sha256(body).hexdigest()
        return lambda connection, n: connection.ask(
            server.request("PUT", f"/{BUCKET}/{folder}/{n:06}", payload=payload, length=size), body
        )

    def listing(**query: str) -> Operation:
        query = {"list-type": "2", "prefix": "p"} | query
        return lambda connection, n: connection.ask(server.request("GET", f"/{BUCKET}", query))

    def copy(connection: Connection, n: int) -> object:
        headers = {"x-amz-copy-source": f"/{BUCKET}/get/{4 * KIB}/{n % 100:04}"}
        return connection.ask(server.request("PUT", f"/{BUCKET}/copied/{n:06}", headers=headers, length=0), keep=True)

    def delete(connection: Connection, n: int) -> object:
        return connection.ask(server.request("DELETE", f"/{BUCKET}/small/{n:06}"))

    return {
        "GET 4 KiB": (get, 50, 250),
        "HEAD": (head, 50, 250),
        "PUT 4 KiB": (put(4 * KIB, "small"), 50, 250),
        "PUT 1 MiB": (put(MIB, "large"), 4, 12),
        "DELETE": (delete, 50, 250),
        "CopyObject": (copy, 50, 250),
        "list of 1,000 keys": (listing(), 4, 12),
        "list of 100 common prefixes": (listing(delimiter="/"), 4, 24),
    }


class Counter:
    """A daemon under callgrind, and the instructions since it was last asked."""

    def __init__(self, server: Server, out: Path):
        self.server, self.out, self.dumps = server, out, 0

    def count(self) -> str:
        """Has callgrind write what was counted, and begin anew."""
        subprocess.run(["callgrind_control", "--dump", str(self.server.pid)], check=True, capture_output=True, timeout=120)
        self.dumps += 1
        return self.out.with_name(f"{self.out.name}.{self.dumps}").read_text()


def totals(text: str) -> int:
    """The sum of a file that callgrind wrote."""
    return int(re.search(r"^(?:totals|summary): (\d+)", text, re.MULTILINE)[1])


class Measured(NamedTuple):
    """Instructions for one operation of each kind and for the start to the first answer, and what each function took of them."""

    counted: dict[str, int]
    shares: dict[str, dict[str, float]]


def measure(pail: Path, folder: Path, only: list[str] | None = None) -> Measured:
    """Carries the operations out and counts."""
    out, program = folder / "callgrind", folder / "pail"
    # This valgrind cannot read the debug information that today's compilers write.
    subprocess.run(["strip", "--strip-debug", "-o", program, pail], check=True)
    server = Laboratory(folder, program, folder).pail("--event-loops", 1, "--durability", "relaxed")
    server.command = [shutil.which("valgrind"), "--tool=callgrind", "--demangle=no", f"--callgrind-out-file={out}", *server.command]
    preloaded = folder / "sigsuspend.so"
    subprocess.run(["clang", "-shared", "-fPIC", "-O1", "-o", preloaded, SIGSUSPEND], check=True)
    server.environment = server.environment | PINNED | {"LD_PRELOAD": str(preloaded)}
    with running(server):
        counter = Counter(server, out)
        started = counter.count()
        counted, shares = {"start": totals(started)}, {"start": hot.shares(started)}
        work.fill(server, work.get_keys(4 * KIB, 100), work.body_of(4 * KIB), threads=1)
        work.fill(server, [*sorted(work.LISTED), "empty"], b"", threads=1)
        for name, (operation, few, more) in operations(server).items():
            if only and name not in only:
                continue
            connection, dumps, n = Connection(server), [], 0
            for repeats in (few, few, more):  # the first time warms caches up
                for _ in range(repeats):
                    operation(connection, n)
                    n += 1
                dumps.append(counter.count())
            connection.close()
            counted[name] = (totals(dumps[2]) - totals(dumps[1])) // (more - few)
            shares[name] = hot.shares(dumps[2])
            print(f"  {name}: {counted[name]:,}", flush=True)
    return Measured(counted, shares)


def toolchain() -> dict[str, str]:
    """What the counts depend on beside the sources."""

    def said(*command: str) -> str:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    swift = re.search(r"Swift version (\S+)", said("swift", "--version"))
    return {
        "swift": swift[1] if swift else "unknown",
        "valgrind": said("valgrind", "--version").strip().removeprefix("valgrind-"),
        "openssl": said("openssl", "version").split()[1],
        "processor": said("uname", "-m").strip(),
    }


def rose(recorded: dict[str, int], counted: dict[str, int]) -> list[str]:
    """The operations that cost more than is tolerated or are not recorded."""
    return [name for name, now in counted.items() if name not in recorded or now > recorded[name] * (1 + TOLERANCE)]


def compare(recorded: dict[str, int], counted: dict[str, int]) -> tuple[list[str], list[str]]:
    """A line for each operation, and those among them that cost more than is tolerated or are not recorded."""
    lines = {}
    for name, now in counted.items():
        change = f"{now / recorded[name] - 1:+.1%}" if name in recorded else "not recorded"
        lines[name] = f"{name}: {now:,} instructions ({change})"
    return list(lines.values()), [lines[name] for name in rose(recorded, counted)]


def measure_twice(pail: Path, recorded: dict[str, int], only: list[str] | None) -> dict[str, int]:
    """As ``measure``, and once more what rose: whatever else the machine does can only add."""
    counted = measure_in_folder(pail, only).counted
    if suspects := rose(recorded, counted):
        again = measure_in_folder(pail, suspects).counted
        counted = {name: min(now, again.get(name, now)) for name, now in counted.items()}
    return counted


def measure_in_folder(pail: Path, only: list[str] | None) -> Measured:
    folder = Path(tempfile.mkdtemp(prefix="pail-instructions-"))
    try:
        return measure(pail.resolve(), folder, only)
    finally:
        shutil.rmtree(folder)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make instructions", description=__doc__.split("\n\n")[0])
    parser.add_argument("--pail", type=Path, default=ROOT / ".build/release/pail", help="the program to measure")
    parser.add_argument("--record", action="store_true", help="record what is counted, and the hot functions, instead of comparing")
    parser.add_argument("--only", action="append", help="one operation; repeatable")
    options = parser.parse_args()
    if options.record:
        counted, shares = measure_in_folder(options.pail, options.only)
        RECORD.write_text(json.dumps({"toolchain": toolchain(), "instructions": counted}, indent=2) + "\n")
        hot.FILE.write_text(hot.document(shares))
        print(f"recorded in {RECORD.relative_to(ROOT)} and {hot.FILE.relative_to(ROOT)}")
        return 0
    record = json.loads(RECORD.read_text())
    counted = measure_twice(options.pail, record["instructions"], options.only)
    lines, risen = compare(record["instructions"], counted)
    print("\n".join(lines))
    if not risen:
        return 0
    print(f"These rose by more than {TOLERANCE:.0%}:", *risen, sep="\n  ", file=sys.stderr)
    if record["toolchain"] != (here := toolchain()):
        print(f"No failure, as it was recorded with {record['toolchain']} and counted with {here}", file=sys.stderr)
        return 0
    print('FAILED. If that is meant, record it and say why: make instructions ARGS="--record"', file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
