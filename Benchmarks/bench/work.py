"""The work that servers are given: which requests, over which keys, with which bodies."""

import hashlib
import itertools
import random
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from . import load
from .figures import Outcome
from .load import Connection
from .servers import BUCKET, Server
from .signing import UNSIGNED

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30
GET_KEYS = 500
FRESH_KEYS, FRESH_BYTES = 20_000, 100 * MIB
LISTED = {f"p{prefix:02}/k{number:02}" for prefix in range(100) for number in range(20)}

numbers = itertools.count()


def size_name(size: int) -> str:
    if size >= GIB:
        return f"{size // GIB} GiB"
    if size >= MIB:
        return f"{size // MIB} MiB"
    return f"{size // KIB} KiB" if size else "0 bytes"


def body_of(size: int) -> bytes:
    """Bytes of which a piece does not compress, the same each time."""
    piece = random.Random(size).randbytes(min(size, MIB))
    return piece * (size // max(len(piece), 1))


def make_bucket(server: Server, bucket: str = BUCKET) -> None:
    """Makes a bucket where it is not there: Pail made its own at start, and for nginx it is a folder."""
    if server.key and server.name != "pail":
        load.fetch(server, "PUT", f"/{bucket}")


def fill(server: Server, keys: Iterable[str], body: bytes, threads: int = 16, tries: int = 10) -> None:
    """Puts the same body under each key. Tries again: rclone answers 500 where two make one folder at once."""

    def put(key: str) -> None:
        for left in reversed(range(tries)):
            try:
                load.fetch(server, "PUT", f"/{BUCKET}/{key}", body=body)
                return
            except (load.Spoilt, OSError):
                if not left:
                    raise

    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(put, keys):
            pass


def get_keys(size: int, count: int) -> list[str]:
    return [f"get/{size}/{number:04}" for number in range(count)]


def gets(server: Server, size: int, connections: int, seconds: float) -> Callable[[], Outcome]:
    """GETs of objects of a size, each signed, over a mix of keys that `fill` has put there."""
    keys = get_keys(size, GET_KEYS)

    def run() -> Outcome:
        requests = [server.request("GET", f"/{BUCKET}/{key}") for key in keys]
        return load.wrk(server, requests, connections, seconds)

    return run


def puts(server: Server, size: int, connections: int, seconds: float) -> Callable[[], Outcome]:
    """PUTs of new keys, the body's SHA-256 among what is signed."""
    body = body_of(size)
    payload = hashlib.sha256(body).hexdigest()
    count = min(FRESH_KEYS, FRESH_BYTES // max(size, 1))

    def run() -> Outcome:
        folder = f"/{BUCKET}/put/{next(numbers)}"
        load.fetch(server, "PUT", f"{folder}/first")  # to some a folder is a thing of its own, and two would make it at once
        heads = (server.request("PUT", f"{folder}/{n:05}", payload=payload, length=size) for n in range(count))
        return load.wrk(server, [head + body for head in heads], connections, seconds)

    return run


def lists(server: Server, connections: int, seconds: float, **query: str) -> Callable[[], Outcome]:
    """Lists of the bucket's first 1,000 keys, or as the query has it."""
    query = {"list-type": "2", "prefix": "p"} | {name.replace("_", "-"): value for name, value in query.items()}

    def run() -> Outcome:
        return load.wrk(server, [server.request("GET", f"/{BUCKET}", query)], connections, seconds)

    return run


def mixed(server: Server, size: int, connections: int, seconds: float) -> Callable[[], Outcome]:
    """Of 100 requests 75 GETs, 20 PUTs of new keys and 5 lists of 100 keys."""
    body = body_of(size)
    payload = hashlib.sha256(body).hexdigest()

    def run() -> Outcome:
        folder = f"/{BUCKET}/mixed/{next(numbers)}"
        load.fetch(server, "PUT", f"{folder}/first")
        requests = []
        for number in range(10_000):
            kind = number * 37 % 100
            if kind < 75:
                requests.append(server.request("GET", f"/{BUCKET}/get/{size}/{number % GET_KEYS:04}"))
            elif kind < 95:
                requests.append(server.request("PUT", f"{folder}/{number}", payload=payload, length=size) + body)
            else:
                requests.append(server.request("GET", f"/{BUCKET}", {"list-type": "2", "prefix": "p", "max-keys": "100"}))
        return load.wrk(server, requests, connections, seconds)

    return run


def large_gets(server: Server, size: int, connections: int, total: int) -> Callable[[], Outcome]:
    """GETs of one large object by each connection, until so many bytes have moved in all."""
    rounds = max(1, total // size // connections)
    path = f"/{BUCKET}/large/{size}"

    def step(connection: Connection) -> int:
        moved = connection.ask(server.request("GET", path))[2]
        if moved != size:
            raise load.Spoilt(f"{moved} bytes came of {size}")
        return moved

    return lambda: load.in_parallel(server, connections, rounds, step)


def large_puts(server: Server, size: int, connections: int, total: int) -> Callable[[], Outcome]:
    """PUTs of new keys; as SDKs do with large files over https, the body itself is not signed, its MD5 is Pail's to make."""
    rounds = max(1, total // size // connections)
    body = memoryview(body_of(size))

    def step(connection: Connection) -> int:
        path = f"/{BUCKET}/put/{next(numbers)}"
        connection.ask(server.request("PUT", path, payload=UNSIGNED, length=size), body)
        return size

    return lambda: load.in_parallel(server, connections, rounds, step)


def multipart(server: Server, size: int, parts: int) -> Callable[[], Outcome]:
    """One upload whose parts are sent at the same time, from its creation to its completion."""
    piece = memoryview(body_of(size // parts))

    def whole(connection: Connection) -> int:
        path = f"/{BUCKET}/multipart/{next(numbers)}"
        answer = connection.ask(server.request("POST", path, {"uploads": ""}, length=0), keep=True)[1].decode()
        upload = answer.partition("<UploadId>")[2].partition("<")[0]
        tags = [""] * parts

        def send(number: int) -> None:
            query = {"partNumber": str(number + 1), "uploadId": upload}
            own = Connection(server)
            request = server.request("PUT", path, query, payload=UNSIGNED, length=len(piece))
            tags[number] = own.ask(request, piece)[0]["etag"]
            own.close()

        threads = [threading.Thread(target=send, args=(number,)) for number in range(parts)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        listed = "".join(f"<Part><PartNumber>{n}</PartNumber><ETag>{tag}</ETag></Part>" for n, tag in enumerate(tags, 1))
        body = f"<CompleteMultipartUpload>{listed}</CompleteMultipartUpload>".encode()
        payload = hashlib.sha256(body).hexdigest()
        connection.ask(server.request("POST", path, {"uploadId": upload}, payload=payload, length=len(body)), body, keep=True)
        return size

    return lambda: load.in_parallel(server, 1, 1, whole)


def copies(server: Server, source: str, count: int) -> Callable[[], Outcome]:
    """Copies of one object to new keys, one after the other."""

    def step(connection: Connection) -> int:
        headers = {"x-amz-copy-source": f"/{BUCKET}/{source}"}
        connection.ask(server.request("PUT", f"/{BUCKET}/copy/{next(numbers)}", headers=headers, length=0), keep=True)
        return 0

    return lambda: load.in_parallel(server, 1, count, step)
