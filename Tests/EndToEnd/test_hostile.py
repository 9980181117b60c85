"""Every hostile case against the daemon: the answer that S3 gives, within five seconds, and nobody harmed.

Those about HTTP and about bodies go over http and over https, the others over http.
"""

import socket
import ssl

import pytest

import hostile_cases_auth
import hostile_cases_bodies
import hostile_cases_documents
import hostile_cases_http
import hostile_cases_names
import hostile_cases_policies
import pail
from clients import client_for
from hostile import Canary, Case, Stage, Tally, Wire, judge
from pail import ROOT_KEY, Endpoint

WIRE = hostile_cases_http.CASES + hostile_cases_bodies.CASES  # about HTTP, and so over both
CASES = WIRE + hostile_cases_auth.CASES + hostile_cases_documents.CASES + hostile_cases_policies.CASES
CASES += hostile_cases_names.CASES
RUNS = [("http", case) for case in CASES] + [("https", case) for case in WIRE if not case.half_closed]
CONTENTS = bytes(range(256)) * 300
SEEN = Tally()


def build(endpoint, s3) -> Stage:
    """The buckets of the canary and of what cases may write, once for both schemes."""
    stage = Stage(endpoint)
    s3.create_bucket(Bucket=stage.bucket)
    s3.put_object(Bucket=stage.bucket, Key="canary", Body=CONTENTS)
    s3.create_bucket(Bucket=stage.scratch)
    s3.put_object(Bucket=stage.scratch, Key="object", Body=b"0123456789")
    stage.upload = s3.create_multipart_upload(Bucket=stage.scratch, Key="parts")["UploadId"]
    return stage


@pytest.fixture(scope="module")
def target(tmp_path_factory, certificate):
    """A daemon for hostile requests alone."""
    with pail.Daemon(tmp_path_factory.mktemp("hostile") / "data", certificate=certificate).start() as daemon:
        stage = build(daemon.http, client_for(daemon.http))
        stages = {scheme: Stage(endpoint, upload=stage.upload) for scheme, endpoint in daemon.listeners.items()}
        canaries = {scheme: Canary(stage, CONTENTS).remember() for scheme, stage in stages.items()}
        yield daemon, stages, canaries
        print(f"\nhostile: {SEEN.line()}")
        for canary in canaries.values():
            canary.close()
        assert daemon.stop() == 0, daemon.tail()


@pytest.mark.parametrize(("scheme", "case"), RUNS, ids=[f"{scheme}-{case}" for scheme, case in RUNS])
def test_a_hostile_request_gets_what_s3_answers(target, scheme, case: Case):
    daemon, stages, canaries = target
    assert not SEEN.add(judge(case, stages[scheme], canaries[scheme], lambda: daemon.running))


def test_every_case_has_a_name_of_its_own_and_there_are_many():
    names = [str(case) for case in CASES]
    assert len(names) >= 250
    assert len(set(names)) == len(names)


def wrong_port(daemon, speaks: str, data: bytes) -> bytes:
    """Everything that a listener answers to what is not its protocol, up to its close."""
    endpoint = daemon.listeners[speaks]
    with Wire(Endpoint(speaks, endpoint.port)) as wire:
        wire.send(data)
        return wire.rest()


def test_a_port_of_tls_closes_on_plain_text_and_serves_on(target):
    daemon, stages, canaries = target
    stage = stages["https"]
    for data in (
        stage.raw("GET / HTTP/1.1"),
        b"\0" * 4096,
        b"hello\n",
        b"SSH-2.0-x\r\n",
        b"\x16\x03\x01\xff\xff" + b"x" * 70_000,
    ):
        assert b"HTTP/1.1" not in wrong_port(daemon, "https", data)
        assert not canaries["https"].fault()
    assert daemon.running


def test_a_plain_port_refuses_a_handshake_and_serves_on(target):
    daemon, stages, canaries = target
    hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500)
    assert wrong_port(daemon, "http", hello).startswith(b"HTTP/1.1 400 ")
    with pytest.raises((ssl.SSLError, ConnectionError)), socket.create_connection(("127.0.0.1", daemon.http.port), 5) as plain:
        ssl._create_unverified_context().wrap_socket(plain)
    assert daemon.running and not canaries["http"].fault()


def test_a_half_of_a_handshake_and_the_end_is_forgotten(target):
    daemon, _, canaries = target
    with socket.create_connection(("127.0.0.1", daemon.https.port), 5) as half:
        half.sendall(b"\x16\x03\x01\x02\x00\x01")
        half.shutdown(socket.SHUT_WR)
        half.settimeout(5)
        while half.recv(4096):
            pass
    assert daemon.running and not canaries["https"].fault()


def test_no_case_left_an_error_of_the_servers_own_in_its_log(target):
    daemon, _, _ = target
    assert not [line for line in daemon.log.read_text(errors="replace").splitlines() if " error " in line.split("request", 1)[0]]
    assert ROOT_KEY.secret not in daemon.log.read_text(errors="replace")
