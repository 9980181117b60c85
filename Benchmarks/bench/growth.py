"""`python3 -m bench.growth`: what operations cost in a bucket of a thousand objects, a hundred thousand, a million.

One data folder grows from each number to the next, by PUTs over HTTP. At each, Pail is started anew, its start is timed, and
every operation is carried out with the same requests. A cost that does not depend on the number is a straight row.
"""

import argparse
import json
import random
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from . import limits, load, process, work
from .contest import tell
from .figures import Outcome
from .load import Connection
from .servers import BUCKET, HOST, KEY, Laboratory, Server, running
from .signing import head

ROOT = Path(__file__).resolve().parents[2]
RECORD = Path(__file__).resolve().parents[1] / "growth.json"
FOLDERS = 100
WRITERS, CONNECTIONS, AHEAD = 2, 8, 40
BYTES_EACH = 1200  # on the disk, rows and their indexes
NOTE = """Cost by the number of objects in one bucket, each of 100 bytes, in 100 folders of 100 folders. Processor time is the daemon's for one operation,
beside it the median as the client sees it, over 8 connections (1 for what is about uploads). Pail is relaxed here, since a disk's sync would hide all else.
The folder two levels down holds 10 others at 1,000 objects and 100 above, each a seek: that is why it costs more there, and no more beyond."""
TITLES = {
    "put": "PUT of a new key",
    "get": "GET of any key",
    "delete": "DELETE",
    "list": "list of 1,000 keys from anywhere",
    "deep": "list of a folder two levels down",
    "delimiter": "list of 100 common prefixes",
    "complete": "CompleteMultipartUpload",
    "start": "start to first answer",
    "memory": "memory after a start, idle",
    "after": "memory after all of this",
}


def key(number: int) -> str:
    """Neighbours in time are no neighbours in the order of keys."""
    return f"{number % FOLDERS:02}/{number // FOLDERS % FOLDERS:02}/{number:08}"


def fill(port: int, numbers: range) -> int:
    """Puts keys over several connections, many requests ahead of their answers on each."""

    def work_on(numbers: range) -> None:
        with socket.create_connection((HOST, port), timeout=600) as connection:
            for start in range(numbers.start, numbers.stop, AHEAD):
                batch = range(start, min(start + AHEAD, numbers.stop))
                connection.sendall(b"".join(put_request(port, number) for number in batch))
                read_answers(connection, len(batch))

    bounds = [numbers.start + len(numbers) * place // CONNECTIONS for place in range(CONNECTIONS + 1)]
    threads = [threading.Thread(target=work_on, args=(range(a, b),)) for a, b in zip(bounds, bounds[1:], strict=False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(numbers)


BODY = work.body_of(100)


def put_request(port: int, number: int) -> bytes:
    return head("PUT", f"/{BUCKET}/{key(number)}", f"{HOST}:{port}", KEY, payload="UNSIGNED-PAYLOAD", length=len(BODY)) + BODY


def read_answers(connection: socket.socket, count: int) -> None:
    """Waits for so many answers without a body, all of them of success."""
    received = b""
    while received.count(b"\r\n\r\n") < count:
        piece = connection.recv(1 << 16)
        if not piece:
            raise load.Spoilt(f"the connection ended after {received[-300:]!r}")
        received += piece
    if received.count(b"HTTP/1.1 200") != count:
        raise load.Spoilt(f"not all of success: {received[:500]!r}")


def grow(server: Server, numbers: range) -> None:
    """Fills from two processes, as signing costs Python as much as Pail needs for the rest."""
    begun = time.monotonic()
    bounds = [numbers.start + len(numbers) * place // WRITERS for place in range(WRITERS + 1)]
    with ProcessPoolExecutor(WRITERS) as pool:
        parts = [pool.submit(fill, server.port, range(a, b)) for a, b in zip(bounds, bounds[1:], strict=False)]
        if sum(part.result() for part in parts) != len(numbers):
            raise load.Spoilt("not all keys were put")
    elapsed = time.monotonic() - begun
    print(f"  {len(numbers):,} objects in {elapsed:.0f} s, {len(numbers) / elapsed:,.0f}/s", flush=True)


def runs(server: Server, count: int, seconds: float) -> dict[str, Callable[[], Outcome]]:
    """What is measured while the daemon runs."""
    chance = random.Random(count)

    def get() -> Outcome:
        keys = [key(chance.randrange(count)) for _ in range(4000)]
        return load.wrk(server, [server.request("GET", f"/{BUCKET}/{k}") for k in keys], 8, seconds)

    def listing(query: Callable[[], dict[str, str]]) -> Callable[[], Outcome]:
        def run() -> Outcome:
            requests = [server.request("GET", f"/{BUCKET}", {"list-type": "2"} | query()) for _ in range(200)]
            return load.wrk(server, requests, 8, seconds)

        return run

    def anywhere() -> dict[str, str]:
        # The last thousand is left out, so that each page is full.
        return {"start-after": key(chance.randrange(count)) if count > 10_000 else ""}

    return {
        "put": work.puts(server, 100, 8, seconds),
        "get": get,
        "list": listing(anywhere),
        "deep": listing(lambda: {"prefix": f"{chance.randrange(FOLDERS):02}/", "delimiter": "/"}),
        "delimiter": listing(lambda: {"delimiter": "/", "prefix": ""}),
        "delete": lambda: delete(server),
        "complete": lambda: complete(server),
    }


def delete(server: Server, each: int = 500) -> Outcome:
    """Deletes keys that were put for it."""
    folder = f"deleted/{next(work.numbers)}"
    work.fill(server, [f"{folder}/{n}" for n in range(8 * each)], b"x")
    places = iter(range(8 * each))

    def step(connection: Connection) -> int:
        connection.ask(server.request("DELETE", f"/{BUCKET}/{folder}/{next(places)}"))
        return 0

    return load.in_parallel(server, 8, each, step)


def complete(server: Server, count: int = 50) -> Outcome:
    """Completes uploads of one part; what came before is not counted in the time."""
    connection, times, spent = Connection(server), [], 0.0
    for _ in range(count):
        path = f"/{BUCKET}/uploads/{next(work.numbers)}"
        answer = connection.ask(server.request("POST", path, {"uploads": ""}, length=0), keep=True)[1].decode()
        upload = answer.partition("<UploadId>")[2].partition("<")[0]
        query = {"partNumber": "1", "uploadId": upload}
        tag = connection.ask(server.request("PUT", path, query, payload="UNSIGNED-PAYLOAD", length=5), b"bytes")[0]["etag"]
        body = f"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{tag}</ETag></Part></CompleteMultipartUpload>".encode()
        request = server.request("POST", path, {"uploadId": upload}, payload="UNSIGNED-PAYLOAD", length=len(body))
        begun = time.perf_counter()
        connection.ask(request, body, keep=True)
        times.append(time.perf_counter() - begun)
    connection.close()
    times.sort()
    return Outcome(rate=count / sum(times), seconds=times[count // 2])


def measure(lab: Laboratory, counts: list[int], rounds: int, seconds: float) -> dict[str, dict]:
    """The figures of each number of objects, by operation."""
    found: dict[str, dict] = {}
    data = lab.folder / "data"
    done = 0
    for count in counts:
        print(f"{count:,}:", flush=True)
        server = lab.pail("--durability", "relaxed", data=data)
        with running(server):
            grow(server, range(done, count))
        done = count
        starts = [limits.start_up(server) for _ in range(rounds)]
        figures = {"start": {"seconds": [o.seconds for o in starts]}}
        with running(server):
            time.sleep(1)
            figures["memory"] = {"memory": [server.memory()]}
            for name, run in runs(server, count, seconds).items():
                outcomes = [run() for _ in range(rounds)]
                print(f"  {TITLES[name]}: {tell(outcomes)}", flush=True)
                figures[name] = {
                    what: [getattr(o, what) for o in outcomes] for what in ("cpu", "seconds") if outcomes[0].as_json().get(what)
                }
            figures["after"] = {"memory": [server.memory()]}
        print(f"  start: {tell(starts)}", flush=True)
        found[str(count)] = figures
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="make growth", description=__doc__.split("\n\n")[0])
    parser.add_argument("--pail", type=Path, default=ROOT / ".build/release/pail", help="the program to measure")
    parser.add_argument("--data", type=Path, default=ROOT / ".build/bench", help="a folder on the disk to measure on")
    parser.add_argument("--objects", default="1000,100000,1000000", help="the numbers, separated by commas")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--record", type=Path, default=RECORD, help="where the figures go")
    options = parser.parse_args()
    counts = sorted(int(count) for count in options.objects.split(","))
    options.data.mkdir(parents=True, exist_ok=True)
    if (free := shutil.disk_usage(options.data).free) < (needed := counts[-1] * BYTES_EACH + (4 << 30)):
        print(f"{options.data} has {free >> 30} GiB free; {needed >> 30} GiB are needed (--data elsewhere)", file=sys.stderr)
        return 2
    folder = Path(tempfile.mkdtemp(prefix="growth-", dir=options.data))
    try:
        lab = Laboratory(folder, options.pail.resolve(), folder)
        found = measure(lab, counts, options.rounds, options.seconds)
    finally:
        shutil.rmtree(folder)
    record = {"note": NOTE, "machine": process.machine(), "titles": TITLES, "objects": found}
    options.record.write_text(json.dumps(record, indent=1) + "\n")
    print(f"wrote {options.record.name}; `make bench ARGS=--write` puts it into docs/benchmarks.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
