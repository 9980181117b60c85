"""A million keys: any page of them costs what the first does. Extended: minutes of time.

What a page costs is the daemon's processor time, which does not depend on what else the machine does, and pages are
compared with each other, so that no figure depends on the machine. `PAIL_E2E_KEYS` makes it other than a million.
"""

import base64
import hashlib
import hmac
import os
import re
import socket
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

import pail
from clients import client_for
from pail import ROOT_KEY

KEYS = int(os.environ.get("PAIL_E2E_KEYS", "1000000"))
FOLDERS = 100
BUCKET = "million"
WRITERS, CONNECTIONS, AHEAD = 2, 8, 50
REPEATS = 25

pytestmark = [pytest.mark.extended, pytest.mark.timeout(3600)]


def name(number: int) -> str:
    """Keys in their order, the same number in each folder."""
    folder, place = divmod(number, KEYS // FOLDERS)
    return f"{folder:03}/{place:07}"


def request(number: int, date: str, key: pail.Key) -> bytes:
    """One PUT, with the signature that is cheapest to make."""
    path = f"/{BUCKET}/{name(number)}"
    text = f"PUT\n\n\n{date}\n{path}"
    signature = base64.b64encode(hmac.new(key.secret.encode(), text.encode(), hashlib.sha1).digest()).decode()
    head = f"PUT {path} HTTP/1.1\r\nHost: localhost\r\nDate: {date}\r\nContent-Length: 1\r\n"
    return f"{head}Authorization: AWS {key.access}:{signature}\r\n\r\nx".encode()


def read_replies(connection: socket.socket, count: int) -> None:
    """Waits for so many replies without a body, all of them of success."""
    received = b""
    while received.count(b"\r\n\r\n") < count:
        piece = connection.recv(1 << 20)
        assert piece, f"the connection ended after {received[-500:]!r}"
        received += piece
    assert received.count(b"HTTP/1.1 200") == count, received[:500]


def write(port: int, numbers: range) -> int:
    """Puts keys over several connections, many requests ahead of their replies on each."""
    connections = [socket.create_connection(("127.0.0.1", port), timeout=60) for _ in range(CONNECTIONS)]
    date = ""
    for start in range(0, len(numbers), CONNECTIONS * AHEAD):
        date = datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
        batches = [numbers[start + at * AHEAD : start + (at + 1) * AHEAD] for at in range(CONNECTIONS)]
        for connection, batch in zip(connections, batches):
            connection.sendall(b"".join(request(number, date, ROOT_KEY) for number in batch))
        for connection, batch in zip(connections, batches):
            read_replies(connection, len(batch))
    for connection in connections:
        connection.close()
    return len(numbers)


@pytest.fixture(scope="module")
def million(tmp_path_factory):
    """A daemon with the keys, which were put in no order of theirs."""
    folder = tmp_path_factory.mktemp("million")
    if pail.free_space(folder) < 4 * 1024**3:
        pytest.skip("needs 4 GiB of free disk")
    with pail.Daemon(folder / "data", "--durability", "relaxed", "--bucket", BUCKET).start() as daemon:
        shares = [range(first, KEYS, WRITERS) for first in range(WRITERS)]
        with ProcessPoolExecutor(WRITERS) as pool:
            written = sum(pool.map(write, [daemon.http.port] * WRITERS, shares))
        assert written == KEYS
        yield daemon
        assert daemon.stop() == 0


@pytest.fixture(scope="module")
def lists(million):
    """A client that takes documents as they come: reading them would take longer than making them."""
    s3, bodies = client_for(million.http), []
    s3.meta.events.register("before-parse.s3", lambda response_dict, **_: bodies.append(response_dict["body"]))

    def run(call="list_objects_v2", **parameters) -> bytes:
        getattr(s3, call)(Bucket=BUCKET, **parameters)
        return bodies.pop()

    return run


def processor_time(daemon: pail.Daemon) -> float:
    """The seconds that the daemon's threads have computed for, in all."""
    fields = Path(f"/proc/{daemon.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def cost(daemon: pail.Daemon, lists, **parameters) -> float:
    lists(**parameters)
    before = processor_time(daemon)
    for _ in range(REPEATS):
        lists(**parameters)
    return max(processor_time(daemon) - before, 0.01) / REPEATS


def keys_of(body: bytes) -> list[str]:
    return [key.decode() for key in re.findall(rb"<Key>([^<]*)</Key>", body)]


def test_pages_hold_every_key_once_and_in_order(lists):
    number, after = 0, {}
    while True:
        body = lists(**after)
        keys = keys_of(body)
        assert keys == [name(at) for at in range(number, number + len(keys))]
        number += len(keys)
        token = re.search(rb"<NextContinuationToken>([^<]*)<", body)
        if not token:
            break
        assert len(keys) == 1000
        after = {"ContinuationToken": token[1].decode()}
    assert number == KEYS


@pytest.mark.parametrize("call, marker", [("list_objects_v2", "StartAfter"), ("list_objects", "Marker"), ("list_object_versions", "KeyMarker")])
def test_the_last_page_costs_what_the_first_does(million, lists, call, marker):
    places = {"first": 0, "middle": KEYS // 2, "last": KEYS - 1000}
    costs = {}
    for where, number in places.items():
        start = {marker: name(number - 1)} if number else {}
        assert keys_of(lists(call, **start))[0] == name(number)
        costs[where] = cost(million, lists, call=call, **start)
    print({where: f"{seconds * 1000:.2f} ms" for where, seconds in costs.items()})
    assert max(costs.values()) < 2.5 * min(costs.values()), costs


def test_a_page_of_folders_costs_no_more_than_a_page_of_keys(million, lists):
    body = lists(Delimiter="/")
    folders = re.findall(rb"<CommonPrefixes><Prefix>([^<]*)</Prefix>", body)
    assert [folder.decode() for folder in folders] == [f"{number:03}/" for number in range(FOLDERS)]
    assert b"<IsTruncated>false<" in body
    # In these hundred entries are all of the keys.
    page = cost(million, lists)
    for parameters in [{}, {"MaxKeys": 1, "StartAfter": "098/9"}, {"Prefix": "099/"}]:
        assert cost(million, lists, Delimiter="/", **parameters) < 2.5 * page
