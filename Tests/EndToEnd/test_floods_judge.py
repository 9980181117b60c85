"""What is held against a flooded daemon, before servers that keep memory, keep descriptors, or serve one after the other."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from floods import Crowd, Flooded
from hostile import Hung
from hostile_double import CONTENTS
from pail import Endpoint


@pytest.fixture
def flooded(tmp_path):
    """A server of a mood, looked at as the daemon is."""
    started = []

    def make(mood: str) -> Flooded:
        command = [sys.executable, str(Path(__file__).parent / "hostile_double.py"), mood]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        started.append(process)
        endpoint = Endpoint("http", int(process.stdout.readline()))
        log = tmp_path / "log"
        log.write_text("")
        double = SimpleNamespace(process=process, listeners={"http": endpoint}, data=tmp_path, log=log, running=True)
        return Flooded(double, "http", CONTENTS, bound=2)

    yield make
    for process in started:
        process.communicate("")


def test_nothing_is_found_wrong_with_what_is_right(flooded):
    good = flooded("good")
    with Crowd(good.stage.endpoint, 20):
        good.hold()
    good.recover()


def test_others_that_are_not_served_are_noticed(flooded):
    queue = flooded("queue")
    with Crowd(queue.stage.endpoint, 3), pytest.raises((AssertionError, Hung)):
        queue.hold()


def test_memory_that_grows_is_noticed(flooded):
    hoard = flooded("hoard")
    with Crowd(hoard.stage.endpoint, 80), pytest.raises(AssertionError, match="MiB of"):
        hoard.hold()


def test_descriptors_that_stay_are_noticed(flooded):
    leak = flooded("leak")
    with Crowd(leak.stage.endpoint, 20):
        leak.hold()
    with pytest.raises(AssertionError, match=" of "):
        leak.recover()


def test_staged_bytes_that_stay_are_noticed(flooded, tmp_path):
    good = flooded("good")
    (tmp_path / "staging").mkdir()
    (tmp_path / "staging" / "left").write_bytes(b"x")
    with pytest.raises(AssertionError, match="left"):
        good.recover()
