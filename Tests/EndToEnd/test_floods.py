"""Floods and slowness: others are served, memory stays under its cap, descriptors come back.

Each flood has a short form here and, where its end is a time-out of the daemon's own, a long one behind `extended`.
"""

import hashlib
import time

import pytest

import pail
from clients import body_of, client_for
from floods import BOUND, CROWD, MIB, Crowd, Flooded, allow_files, descriptors, eventually, heard, slowest
from hostile import Stage, Wire
from wire import UNSIGNED

CONTENTS = bytes(range(256)) * 300
LARGE = 64 * MIB


def filled(daemon: pail.Daemon) -> None:
    s3 = client_for(daemon.http)
    stage = Stage(daemon.http)
    for name in (stage.bucket, stage.scratch):
        s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=stage.bucket, Key="canary", Body=CONTENTS)
    s3.put_object(Bucket=stage.scratch, Key="large", Body=bytes(LARGE))


@pytest.fixture(scope="module")
def shared(tmp_path_factory, certificate):
    allow_files()
    with pail.Daemon(tmp_path_factory.mktemp("floods") / "data", certificate=certificate).start() as daemon:
        filled(daemon)
        yield daemon
        assert daemon.stop() == 0, daemon.tail()


@pytest.fixture(params=["http", "https"])
def flooded(request, shared):
    return Flooded(shared, request.param, CONTENTS)


def large(stage: Stage) -> bytes:
    return stage.signed("GET", f"/{stage.scratch}/large")


def slow_body(stage: Stage) -> bytes:
    """The beginning of an upload of eight mebibytes."""
    return stage.signed("PUT", f"/{stage.scratch}/slow", b"x" * 200_000, payload=UNSIGNED, length=str(8 * MIB))


HEAD = b"GET /canary-bucket/canary HTTP/1.1\r\nHost: localhost\r\nX: "


def test_heads_that_come_a_byte_at_a_time(flooded):
    with Crowd(flooded.stage.endpoint, 300) as crowd:
        crowd.say(HEAD)
        for _ in range(5):
            crowd.say(b"y")
        flooded.hold()
    flooded.recover()


def test_heads_that_grow_to_their_limit_and_stop(flooded):
    with Crowd(flooded.stage.endpoint, 300) as crowd:
        crowd.say(HEAD + b"y" * 30_000)
        flooded.hold()
    flooded.recover()


def test_bodies_that_stop_coming(flooded):
    with Crowd(flooded.stage.endpoint, 300 if flooded.is_secure else CROWD) as crowd:
        crowd.say(slow_body(flooded.stage))
        flooded.hold()
    flooded.recover()


def test_readers_that_take_nothing_of_a_large_object(flooded):
    with Crowd(flooded.stage.endpoint, 100, receive_bytes=4096) as crowd:
        crowd.say(large(flooded.stage))
        flooded.hold()
    flooded.recover()


def test_connections_that_say_nothing(flooded):
    with Crowd(flooded.stage.endpoint, 300 if flooded.is_secure else CROWD):
        flooded.hold()
    flooded.recover()


def test_resets_in_the_middle_of_everything(flooded):
    for words in (b"", HEAD, slow_body(flooded.stage), large(flooded.stage), flooded.stage.signed("GET", "/")):
        crowd = Crowd(flooded.stage.endpoint, 60, receive_bytes=4096)
        crowd.say(words)
        crowd.reset()
    flooded.hold()
    flooded.recover()


def test_sockets_that_are_closed_on_one_side(shared):
    """The daemon closes its side by itself: of a client that is done, nothing more will come."""
    flooded = Flooded(shared, "http", CONTENTS)
    for words in (b"", HEAD, slow_body(flooded.stage), flooded.stage.signed("GET", flooded.stage.canary)):
        with Crowd(flooded.stage.endpoint, 100) as crowd:
            crowd.say(words)
            for one in crowd.sockets:
                one.shutdown(1)
            assert crowd.closed_by_the_other_side(20) == 100
            flooded.hold()
    flooded.recover()


def test_two_thousand_connections_that_all_ask_at_once(shared):
    flooded = Flooded(shared, "http", CONTENTS)
    with Crowd(flooded.stage.endpoint, CROWD) as crowd:
        crowd.say(flooded.stage.signed("GET", flooded.stage.canary, extra=("Connection: close",)))
        flooded.hold()
        received = [b"".join(iter(lambda one=one: one.recv(1 << 20), b"")) for one in crowd.sockets]
    assert all(reply.startswith(b"HTTP/1.1 200 ") and reply.endswith(CONTENTS) for reply in received)
    flooded.recover()


def test_requests_sent_ahead_without_end_are_answered_up_to_a_number(flooded):
    one = flooded.stage.raw("GET /_pail/health HTTP/1.1")
    with Wire(flooded.stage.endpoint) as wire:
        wire.send(one * 20_000)
        answers = list(iter(wire.answer, None))
    assert 1 < len(answers) < 1000 and {answer.status for answer in answers[:-1]} == {200}
    assert (answers[-1].status, answers[-1].code, answers[-1].closes) == (503, "SlowDown", True)
    flooded.hold()
    flooded.recover()


def test_uploads_by_many_at_once_are_all_kept(flooded):
    """Two hundred at once share the budget of the bodies, and none is refused for it."""
    body = b"z" * 300_000
    count = 200
    with Crowd(flooded.stage.endpoint, count) as crowd:
        for number, one in enumerate(crowd.sockets):
            one.sendall(
                flooded.stage.signed("PUT", f"/{flooded.stage.scratch}/many-{number}", body, extra=("Connection: close",))
            )
        flooded.hold()
        replies = [b"".join(iter(lambda one=one: one.recv(65536), b"")) for one in crowd.sockets]
    etag = f'"{hashlib.md5(body).hexdigest()}"'.encode()
    assert all(reply.startswith(b"HTTP/1.1 200 ") and etag in reply for reply in replies)
    flooded.recover()


def test_a_process_that_may_open_few_files_takes_fewer_connections_and_never_lacks_one(new_daemon):
    """Two hundred files are enough for a request under way on each connection that is accepted; the others wait."""
    daemon = new_daemon()
    daemon.command = ["prlimit", "--nofile=200:200", *daemon.command]
    with daemon.start():
        filled(daemon)
        flooded = Flooded(daemon, "http", CONTENTS)
        with Crowd(daemon.http, 400) as crowd:
            first = crowd.sockets[0]
            for method, target, body in [("GET", "large", b""), ("PUT", "x", b"y" * 300_000)]:
                first.sendall(flooded.stage.signed(method, f"/{flooded.stage.scratch}/{target}", body))
                assert first.recv(64).startswith(b"HTTP/1.1 200 ")
                if method == "GET":
                    left = LARGE
                    while left > 0 and heard(first):
                        left -= 65536
                    first.close()
                    first = crowd.sockets[1]
        flooded.recover()
        s3 = client_for(daemon.http)
        assert len(body_of(s3.get_object(Bucket=flooded.stage.scratch, Key="large"))) == LARGE


def test_connections_beyond_the_limit_wait_and_are_served_when_others_go(new_daemon):
    """With two thousand files it takes 624; the kernel keeps up to 1,024 more in its queue."""
    daemon = new_daemon()
    daemon.command = ["prlimit", "--nofile=2000:2000", *daemon.command]
    with daemon.start():
        filled(daemon)
        flooded = Flooded(daemon, "http", CONTENTS)
        with Crowd(daemon.http, 1400) as crowd:
            crowd.say(flooded.stage.raw("GET /_pail/health HTTP/1.1"))
            assert all(one.recv(65536).startswith(b"HTTP/1.1 200 ") for one in crowd.sockets[:600])
            assert descriptors(daemon) <= flooded.files + 624
        assert slowest(flooded.stage) < BOUND
        flooded.recover()


# The long forms: until the daemon's own limits of time end what the client does not.


def ends(flooded, crowd, words: bytes, at_least: float, at_most: float) -> None:
    """The daemon ends all of a crowd within a time, and none of it long before."""
    begun = time.monotonic()
    crowd.say(words)
    flooded.hold()
    assert crowd.closed_by_the_other_side(at_least - (time.monotonic() - begun)) == 0
    assert crowd.closed_by_the_other_side(at_most - at_least) == len(crowd.sockets)


@pytest.mark.extended
def test_heads_that_do_not_end_are_ended_after_thirty_seconds(flooded):
    with Crowd(flooded.stage.endpoint, 500) as crowd:
        ends(flooded, crowd, HEAD, 20, 60)
    flooded.recover()


@pytest.mark.extended
def test_bodies_that_do_not_come_are_ended_after_one_to_two_minutes(flooded):
    with Crowd(flooded.stage.endpoint, 500) as crowd:
        ends(flooded, crowd, slow_body(flooded.stage), 45, 150)
    flooded.recover()


@pytest.mark.extended
@pytest.mark.timeout(400)
def test_connections_that_say_nothing_are_ended_after_two_minutes(flooded):
    with Crowd(flooded.stage.endpoint, 300 if flooded.is_secure else CROWD) as crowd:
        ends(flooded, crowd, b"", 90, 180)
    flooded.recover()


@pytest.mark.extended
@pytest.mark.timeout(400)
def test_readers_that_take_nothing_are_cut_after_one_to_two_minutes(flooded):
    with Crowd(flooded.stage.endpoint, 300, receive_bytes=4096) as crowd:
        crowd.say(large(flooded.stage))
        flooded.hold()
        assert eventually(lambda: descriptors(flooded.daemon) <= flooded.files + 10, 180)
    flooded.recover()
