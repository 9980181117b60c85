"""`kill -9` amid writers, in short; `make crash` is the long form. And that the test notices what it looks for."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from pail import ROOT_KEY, Daemon

from .client import Client
from .crash import crash
from .disk import inspect
from .ledger import History, State, Version, Versions
from .ordeal import Ordeal, expect
from .report import Report
from .sabotage import early_acknowledgement, library
from .verify import verify
from .volume import Unavailable
from .world import World

SEED = 20


def test_kill_9_amid_all_kinds_of_writes_loses_tears_and_leaves_nothing(tmp_path):
    report = crash(tmp_path / "data", kills=3, seed=SEED, changes=range(40, 160))
    assert report.is_clean, "\n".join(report.details)
    assert report.cuts >= 3 and report.acknowledged > 60


def test_a_daemon_that_answers_before_it_has_written_is_found_out(tmp_path):
    found = 0
    for seed in range(3):
        only = ("put", "delete")
        report = crash(tmp_path / f"data-{seed}", kills=1, seed=seed, front=early_acknowledgement, only=only)
        assert not report.wrong["unexpected"], report.details
        found += report.wrong["lost"] + report.wrong["resurrected"]
        if found:
            return
    pytest.fail("nothing that was acknowledged too early was missed")


def test_a_daemon_that_names_files_before_their_bytes_are_there_is_found_out(tmp_path):
    try:
        preload = library("late_data", tmp_path)
    except Unavailable as reason:
        pytest.skip(str(reason))
    report = crash(tmp_path / "data", kills=1, seed=SEED, preload=preload, only=("put",))
    assert report.wrong["torn"] > 0, report.line()


@pytest.fixture(scope="module")
def stopped(tmp_path_factory):
    """The folder of a daemon that was stopped, with an object in a file, one in the index and an upload."""
    folder = tmp_path_factory.mktemp("stopped") / "data"
    with Daemon(folder, "--bucket", "plain", key=ROOT_KEY).start() as daemon, Client(daemon.http) as client:
        expect(client.send("PUT", "/plain/large", bytes(100_000)))
        expect(client.send("PUT", "/plain/small", b"small"))
        expect(client.send("POST", "/plain/upload?uploads="))
        assert daemon.stop() == 0
    return folder


def test_a_folder_that_was_stopped_has_nothing_out_of_place(stopped):
    report = Report()
    inspect(stopped, report)
    assert report.is_clean, report.details


def sql(statement, *values):
    def change(folder):
        with closing(sqlite3.connect(folder / "index.db")) as index, index:
            index.execute(statement, values)

    return change


def tear(folder):
    with next((folder / "blobs").iterdir()).open("r+b") as blob:
        blob.seek(50_000)
        blob.write(b"\1")


DAMAGE = {
    "orphans": lambda folder: (folder / "blobs/00000001-nobody").write_bytes(b"x"),
    "missing": lambda folder: next((folder / "blobs").iterdir()).unlink(),
    "staged": lambda folder: (folder / "staging/00000001-left").write_bytes(b"left"),
    "torn": tear,
    "index": sql("UPDATE blobs SET uses = 2"),
    "index, a row that is gone": sql("DELETE FROM blobs WHERE name IS NULL"),
    "index, a part of nothing": sql("INSERT INTO segments VALUES (77, 1, 1, 1, NULL)"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_in_the_folder_is_counted(stopped, tmp_path, kind):
    folder = tmp_path / "data"
    shutil.copytree(stopped, folder, ignore=shutil.ignore_patterns("*.sock"))
    DAMAGE[kind](folder)
    report = Report()
    inspect(folder, report)
    assert report.wrong[kind.partition(",")[0]] > 0, report.details


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A folder with objects of which some were deleted, and what the writer knows of it."""
    ordeal = Ordeal(Daemon(tmp_path_factory.mktemp("written") / "data", key=ROOT_KEY), lambda: None, SEED, only=("put", "delete"))
    with ordeal.daemon:
        ordeal.cut = ordeal.daemon.kill
        ordeal.begin()
        ordeal.write(60)
        verify(ordeal.world, ordeal.daemon.start().http)
        assert ordeal.daemon.stop() == 0
    assert ordeal.report.is_clean, ordeal.report.details
    return ordeal


def tear_all(folder):
    for path in (folder / "blobs").iterdir():
        with path.open("r+b") as blob:
            blob.write(b"another body")


SEEN = {
    "lost": lambda there, gone: sql("DELETE FROM versions WHERE key = ?", there),
    "listing": lambda there, gone: sql("UPDATE versions SET key = CAST('nobody' AS BLOB) WHERE key = ?", there),
    "resurrected": lambda there, gone: sql("UPDATE versions SET key = ? WHERE key = ?", gone, there),
    "torn": lambda there, gone: tear_all,
}


@pytest.mark.parametrize("kind", SEEN)
def test_damage_is_seen_over_http(written, tmp_path, kind):
    world = World()
    for key, known in written.world.keys.items():
        world.history(key).settle(known.current)
    keys = {state is not None: key.encode() for key, state in ((key, made.current) for key, made in world.keys.items())}
    shutil.copytree(written.daemon.data, tmp_path / "data")
    SEEN[kind](keys[True], keys[False])(tmp_path / "data")
    with Daemon(tmp_path / "data", key=ROOT_KEY).start() as daemon:
        verify(world, daemon.http)
    assert world.report.wrong[kind] > 0, world.report.details


OLD, NEW, OTHER = (State.of(body, "mark") for body in (b"old", b"new", b"other"))


def history(*acknowledged, trying=()):
    made = History()
    for state in acknowledged:
        made.acknowledge(made.begin(state))
    for state in trying:
        made.begin(state)
    return made


@pytest.mark.parametrize(
    ("made", "found", "verdict"),
    [
        (history(OLD, NEW), NEW, None),
        (history(OLD, NEW), OLD, "lost"),
        (history(OLD, NEW), None, "lost"),
        (history(OLD, NEW), OTHER, "torn"),
        (history(OLD, None), OLD, "resurrected"),
        (history(OLD, trying=[NEW]), OLD, None),
        (history(OLD, trying=[NEW]), NEW, None),
        (history(OLD, trying=[NEW]), None, "lost"),
        (history(OLD, NEW._replace(mark="another")), NEW, "torn"),
        (history(trying=[NEW]), None, None),
    ],
)
def test_what_may_be_found_is_told_from_what_may_not(made, found, verdict):
    assert made.judge(found) == verdict


def test_of_two_writers_at_once_either_may_be_the_last():
    made = History()
    first, second = made.begin(OLD), made.begin(NEW)
    made.acknowledge(second)
    made.acknowledge(first)
    assert made.judge(OLD) is None and made.judge(NEW) is None
    made.acknowledge(made.begin(OTHER))
    assert made.judge(OLD) == "lost"


def test_what_was_found_once_is_what_must_be_found_again():
    made = history(OLD, trying=[NEW])
    made.settle(NEW)
    assert made.judge(NEW) is None and made.judge(OLD) == "lost"


def test_versions_are_judged_in_their_order():
    known = Versions()
    for number, state in enumerate([OLD, NEW, None]):
        known.begin(state).id = f"v{number}"
    whole = [Version(OLD, "v0"), Version(NEW, "v1"), Version(None, "v2")]
    assert known.judge(whole) == []
    assert known.judge(whole[:2]) == ["lost"]
    assert known.judge([whole[1], whole[0], whole[2]]) != []
    known.begin(OTHER)
    assert known.judge([*whole, Version(OTHER, "v3")]) == [] == known.judge(whole)
    assert known.judge([*whole, Version(NEW, "v3")]) == ["torn"]
    known.forget(known.versions[0])
    assert known.judge(whole) == ["resurrected"]
