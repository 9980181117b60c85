"""From a trace of the daemon's system calls: no answer begins before what it promises is on the disk. Needs `strace`."""

import hashlib
import threading
from dataclasses import replace

import pytest

from pail import ROOT_KEY

from . import trace
from .client import Client, text
from .ordeal import expect
from .sabotage import library
from .volume import Unavailable

pytestmark = pytest.mark.skipif(not trace.is_possible(), reason="strace is not installed")

# Each request by how its first line begins, and whether it makes a file.
REQUESTS = {
    "PUT /plain/small ": False,
    "PUT /plain/large ": True,
    "PUT /plain/copied ": False,
    "PUT /plain/upload?partNumber=1": True,
    "POST /plain/upload?uploadId=": True,
    "DELETE /plain/small ": False,
    "DELETE /plain/upload ": False,
}


def record(folder, new_daemon, **extra) -> list[trace.Call]:
    """What the daemon calls while it answers each request, alone."""
    output = folder / "trace"
    daemon = trace.under_strace(new_daemon("--bucket", "plain", key=ROOT_KEY, **extra), output)
    with Client(daemon.start().http) as client:
        upload = text(expect(client.send("POST", "/plain/upload?uploads=")), "UploadId")
        for _ in range(20):
            # Time for what a start does in the background to be over; each costs a request, not a sleep.
            expect(client.send("GET", "/plain?list-type=2"))
        part = b"part" * 5000
        expect(client.send("PUT", "/plain/small", b"small"))
        expect(client.send("PUT", "/plain/large", b"large" * 50_000))
        expect(client.send("PUT", "/plain/copied", x_amz_copy_source="/plain/large"))
        expect(client.send("PUT", f"/plain/upload?partNumber=1&uploadId={upload}", part))
        listed = f"<Part><PartNumber>1</PartNumber><ETag>{hashlib.md5(part).hexdigest()}</ETag></Part>"
        document = f"<CompleteMultipartUpload>{listed}</CompleteMultipartUpload>".encode()
        expect(client.send("POST", f"/plain/upload?uploadId={upload}", document))
        expect(client.send("DELETE", "/plain/small"))
        expect(client.send("DELETE", "/plain/upload"))
    assert daemon.stop() == 0
    return trace.read(output, daemon)


def complaints(calls: list[trace.Call]) -> dict[str, list[str]]:
    found = {}
    for exchange in trace.exchanges(calls, list(REQUESTS)):
        order = trace.Order(exchange)
        if REQUESTS[exchange.request]:
            order.blob()
        order.commit()
        found[exchange.request] = order.answer()
    return found


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    import pail

    made = []

    def new_daemon(*flags, **options):
        made.append(pail.Daemon(folder / "data", *flags, **options))
        return made[-1]

    folder = tmp_path_factory.mktemp("traced")
    yield record(folder, new_daemon)
    for daemon in made:
        if daemon.running:
            daemon.kill()


def test_every_answer_comes_after_data_sync_rename_folder_sync_and_commit(recorded):
    assert complaints(recorded) == {request: [] for request in REQUESTS}


def removals(calls: list[trace.Call]) -> tuple[list[trace.Call], list[trace.Call]]:
    """The removals of blobs from the last deletion on: those before its commit was on the disk, and those after."""
    (deletion,) = trace.exchanges(calls, ["DELETE /plain/upload "])
    order = trace.Order(deletion)
    order.commit()
    assert order.missing == []
    found = [call for call in calls if call.name == "unlinkat" and "/blobs>" in call.words and call.began > deletion.calls[0].began]
    return [c for c in found if c.began <= order.after], [c for c in found if c.began > order.after]


def test_a_blob_is_removed_only_after_the_commit_that_lets_go_of_it(recorded):
    early, late = removals(recorded)
    assert early == [] and len(late) == 2, "a part and a manifest"


def test_a_blob_that_went_earlier_would_be_found_out(recorded):
    (deletion,) = trace.exchanges(recorded, ["DELETE /plain/upload "])
    _, late = removals(recorded)
    moved = replace(late[0], began=deletion.calls[0].over + 1)
    assert removals([moved if call is late[0] else call for call in recorded])[0] == [moved]


def recorded_relaxed(folder, new_daemon, **extra) -> tuple[list[trace.Exchange], list[trace.Call]]:
    """Puts an object twice, and waits until the first one's file is gone."""
    output = folder / "trace"
    daemon = trace.under_strace(new_daemon("--bucket", "plain", "--durability", "relaxed", key=ROOT_KEY, **extra), output)
    with Client(daemon.start().http) as client:
        for body in (b"first", b"other"):
            expect(client.send("PUT", "/plain/large", body * 50_000))
        for _ in range(600):
            if len(list((daemon.data / "blobs").iterdir())) == 1:
                break
            threading.Event().wait(0.05)
    assert daemon.stop() == 0
    calls = trace.read(output, daemon)
    return list(trace.exchanges(calls, ["PUT /plain/large "] * 2)), calls


def unsafe_removals(exchanges: list[trace.Exchange], calls: list[trace.Call]) -> list[trace.Call]:
    """The removals of blobs with no sync of everything between them and the answer to what let go of the blob."""
    answered = exchanges[-1].answer.over
    synced = [call for call in calls if call.name == "syncfs" and call.succeeded and call.began > answered]
    removed = [call for call in calls if call.name == "unlinkat" and "/blobs>" in call.words]
    assert len(removed) == 1
    return [call for call in removed if not any(sync.over < call.began for sync in synced)]


def test_relaxed_a_blob_is_removed_only_after_everything_written_before_is_on_the_disk(tmp_path, new_daemon):
    exchanges, calls = recorded_relaxed(tmp_path, new_daemon)
    assert not any(call.name in ("fsync", "fdatasync") for exchange in exchanges for call in exchange.calls), "nothing waits"
    assert unsafe_removals(exchanges, calls) == []
    assert unsafe_removals(exchanges, [call for call in calls if call.name != "syncfs"]) != [], "it can fail"


@pytest.mark.parametrize("request_line", REQUESTS)
def test_an_answer_that_came_earlier_would_be_found_out(recorded, request_line):
    """Moves the answer before each call in turn; wherever a sync comes after it then, that must be said."""
    (exchange,) = trace.exchanges(recorded, [request_line])
    syncs = [call for call in exchange.calls if call.name in ("fdatasync", "fsync") or call.name == "renameat2"]
    assert len(syncs) >= (4 if REQUESTS[request_line] else 1)
    needed = [call for call in syncs if complaints_without(exchange, call)]
    assert len(needed) >= (4 if REQUESTS[request_line] else 1), "each of the calls is needed"
    early = trace.Exchange(exchange.request, exchange.calls, trace.Call("write", needed[-1].began, needed[-1].began, ""))
    assert said_of(early)


def complaints_without(exchange, call) -> list[str]:
    return said_of(trace.Exchange(exchange.request, [c for c in exchange.calls if c is not call], exchange.answer))


def said_of(exchange) -> list[str]:
    order = trace.Order(exchange)
    if REQUESTS[exchange.request]:
        order.blob()
    order.commit()
    return order.answer()


def test_a_daemon_that_skips_its_syncs_is_found_out(tmp_path, new_daemon):
    try:
        preload = library("no_sync", tmp_path)
    except Unavailable as reason:
        pytest.skip(str(reason))
    found = complaints(record(tmp_path, new_daemon, LD_PRELOAD=str(preload)))
    assert all("log sync" in " ".join(said) for said in found.values()), found
    assert all("data sync" in " ".join(found[request]) for request in REQUESTS if REQUESTS[request]), found
