"""The parts of Benchmarks/ that measure nothing: what they read, reckon and write, on figures made up here."""

import json
import sys
import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pail import ROOT, ROOT_KEY
from wire import Signer

sys.path.insert(0, str(ROOT / "Benchmarks"))

from bench import document, growth, hot, instructions, load, process, signing  # noqa: E402
from bench.chart import chart  # noqa: E402
from bench.contest import Contest, Results  # noqa: E402
from bench.figures import Outcome, Spread, ratio  # noqa: E402
from bench.goals import GOALS  # noqa: E402
from bench.load import Spoilt  # noqa: E402

STAT = "4242 (a (strange) name) S 17 1 1 0 -1 4194560 100 0 0 0 250 50 9 9 20 0 3 0 100 0 0"
WRK = '\n{"requests": 2000, "bytes": 8000000, "microseconds": 1000000, "refused": %d, "broken": %d, "p50": 900, "p99": 4000}\n'
FACTS = {
    "date": "2026-01-02",
    "machine": {"processor": "one of them, 2 cores", "memory": "8 GiB", "system": "Debian"},
    "file_system": "ext4",
    "versions": "nginx 1",
    "binary": 20 << 20,
}


def results(pail: list[float], nginx: list[float]) -> Results:
    made = Results()
    made.titles["get-one"] = "GET <4 KiB>"
    made.outcomes["get-one"] = {
        "pail": [Outcome(rate=1 / cpu, cpu=cpu) for cpu in pail],
        "nginx": [Outcome(rate=1 / cpu, cpu=cpu) for cpu in nginx],
    }
    return made


def test_a_ratio_is_taken_round_by_round_and_told_with_its_ends():
    assert ratio([2, 30, 6], [1, 10, 6]) == Spread(2, 1, 3)
    assert Spread.of([5, 1, 2]) == Spread(2, 1, 5)


def test_the_processor_time_of_a_process_is_read_past_a_name_with_brackets():
    assert process.cpu_seconds(STAT) == 300 / process.TICKS
    assert process.parent(STAT) == 17


def test_memory_is_read_by_its_name():
    status = "Name:\tpail\nVmHWM:\t   2048 kB\nVmRSS:\t   1024 kB\n"
    assert process.status_bytes(status, "VmRSS") == 1 << 20
    assert process.status_bytes(status, "VmHWM") == 2 << 20
    assert process.status_bytes(status, "VmSwap") == 0


def test_this_process_and_its_children_are_a_family():
    import os
    import subprocess

    with subprocess.Popen(["sleep", "60"]) as child:
        assert {os.getpid(), child.pid} <= set(process.family(os.getpid()))
        assert process.memory([child.pid]) > 0
        child.kill()


def test_the_last_line_of_wrk_is_what_it_counted():
    assert load.parse_wrk("Running 1s test\n" + WRK % (0, 0))["requests"] == 2000


@pytest.mark.parametrize("output", [WRK % (1, 0), WRK % (0, 1), "", WRK.replace("2000", "0") % (0, 0)])
def test_a_run_with_an_answer_that_is_not_of_success_is_spoilt(output):
    with pytest.raises(Spoilt):
        load.parse_wrk(output)


def test_a_head_is_signed_as_the_tests_own_signer_signs_it():
    key = signing.Key(ROOT_KEY.access, ROOT_KEY.secret)
    query = {"list-type": "2", "prefix": "a b/"}
    text = signing.head("GET", "/bench/key", "127.0.0.1:1", key, query, {"x-amz-meta-a": "1"}).decode()
    top, *lines = text.rstrip("\r\n").split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    when = datetime.strptime(headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert top == "GET /bench/key?list-type=2&prefix=a%20b%2F HTTP/1.1"
    expected = Signer(ROOT_KEY, when).headers("GET", top.split(" ")[1], "127.0.0.1:1", x_amz_meta_a="1")
    assert headers["authorization"].rpartition("=")[2] == expected["authorization"].rpartition("=")[2]


def test_a_head_without_a_key_is_not_signed():
    assert "authorization" not in signing.head("GET", "/a", "h", None, length=3).decode()


def test_participants_run_in_turn_and_one_that_is_spoilt_is_left_out(capsys):
    order = []

    def run(name: str):
        def act() -> Outcome:
            order.append(name)
            if name == "broken":
                raise Spoilt("it said 500")
            return Outcome(rate=1)

        return act

    found = Results()
    found.compete(Contest("k", "title", {name: run(name) for name in ("a", "broken", "b")}), 3)
    assert order == ["a", "broken", "b", "b", "a", "b", "a"]
    assert set(found.outcomes["k"]) == {"a", "b"}
    assert "it said 500" in capsys.readouterr().err


def test_figures_survive_being_kept(tmp_path):
    results([2.0], [1.0]).save(tmp_path / "kept.json", facts=FACTS)
    kept = json.loads((tmp_path / "kept.json").read_text())
    assert Results.load(kept).outcomes == results([2.0], [1.0]).outcomes
    assert kept["facts"] == FACTS


def test_the_document_says_which_goals_hold_which_do_not_and_which_were_not_measured():
    goal = GOALS[0]
    kept = document.document(results([1.4, 1.4, 1.4], [1.0, 1.0, 1.0]), FACTS)
    assert f"| {goal.what} | ≤ 1.5 | 1.4 | yes |" in kept
    assert "| CopyObject of 1 GiB | ≤ 5 ms | not measured | |" in kept
    missed = document.document(results([1.4, 3.0, 1.8], [1.0, 1.0, 1.0]), FACTS)
    assert f"| {goal.what} | ≤ 1.5 | 1.8 (1.4–3) | **no** |" in missed
    assert f"- **{goal.what}**; **{GOALS[1].what}**: {' '.join(goal.limit.split())}" in missed
    assert "program with the static Swift library, stripped | ≤ 25 MiB | 20 MiB | yes |" in missed


def test_a_machine_that_was_busy_is_told():
    quiet = document.document(results([1], [1]), FACTS | {"load": 0.1})
    busy = document.document(results([1], [1]), FACTS | {"load": 9.5})
    assert "Other work" not in quiet
    assert "the system's load was 9.5" in busy


def test_growth_is_a_column_for_each_number_of_objects():
    growth = {
        "note": "Straight.",
        "titles": {"get": "GET", "start": "start"},
        "objects": {"1000000": {"get": {"cpu": [3e-5]}}, "1000": {"get": {"cpu": [2e-5]}, "start": {"seconds": [0.01]}}},
    }
    told = document.document(results([1], [1]), FACTS | {"growth": growth})
    assert "| operation | 1,000 | 1,000,000 |" in told
    assert "| GET | 20 µs CPU | 30 µs CPU |" in told
    assert "| start | 10 ms |  |" in told


def test_the_chart_is_one_picture_with_a_bar_for_each_participant():
    picture = ElementTree.fromstring(chart(results([1, 2, 3], [1, 1, 1])))
    namespace = "{http://www.w3.org/2000/svg}"
    bars = [bar for bar in picture.iter(f"{namespace}rect") if bar.get("class") in ("pail", "other")]
    assert [bar.get("class") for bar in bars] == ["pail", "other"]
    assert float(bars[0].get("width")) < float(bars[1].get("width"))


def test_every_goal_has_a_bound_and_is_asked_for_once():
    assert len({goal.what for goal in GOALS}) == len(GOALS)
    assert all(goal.bound > 0 for goal in GOALS)


def test_instructions_that_rise_by_more_than_is_tolerated_or_are_not_recorded_are_named():
    recorded = {"same": 1000, "less": 1000, "more": 1000, "much more": 1000}
    counted = {"same": 1000, "less": 900, "more": 1050, "much more": 1051, "new": 5}
    lines, risen = instructions.compare(recorded, counted)
    assert lines[0] == "same: 1,000 instructions (+0.0%)"
    assert risen == ["much more: 1,051 instructions (+5.1%)", "new: 5 instructions (not recorded)"]


def test_what_rose_is_counted_once_more_and_the_lower_count_holds(monkeypatch):
    counted = [{"same": 1000, "noisy": 1600, "risen": 1600}, {"noisy": 1010, "risen": 1590}]
    counts = [instructions.Measured(each, {}) for each in counted]
    asked = []
    monkeypatch.setattr(instructions, "measure_in_folder", lambda pail, only: asked.append(only) or counts[len(asked) - 1])
    recorded = {"same": 1000, "noisy": 1000, "risen": 1000}
    counted = instructions.measure_twice(Path("pail"), recorded, None)
    assert asked == [None, ["noisy", "risen"]]
    assert instructions.rose(recorded, counted) == ["risen"] and counted["noisy"] == 1010


@pytest.mark.parametrize("word", ["totals", "summary"])
def test_the_sum_is_read_from_what_callgrind_wrote(word):
    assert instructions.totals(f"version: 1\nevents: Ir\n\nfn=(1) main\n12 30\n\n{word}: 123456\n") == 123456


DUMP = """version: 1
events: Ir

ob=(1) /usr/lib/libc.so.6
fn=(1) malloc
12 300
ob=(2) /somewhere/pail
fn=(2) $s4main
12 100
+1 50
cob=(1)
cfn=(1)
calls=3 12
-1 300
fn=(3) swift_retain'2
* 150
fn=(4) 0x00000000004dec10
7 400

summary: 1000
"""


def test_a_function_counts_what_it_took_itself_of_all_and_only_those_of_the_program_do():
    assert hot.shares(DUMP) == {"$s4main": 0.15, "swift_retain": 0.15, "0x00000000004dec10": 0.4}


def test_hot_functions_are_those_of_requests_that_have_a_name_the_hottest_first():
    shares = {"start": {"begin": 0.9}, "GET": {"b": 0.2, "a": 0.1, "0x1": 0.5, "rare": 1e-7}, "PUT": {"a": 0.1, "c": 0.3}}
    lines = hot.document(shares).splitlines()
    assert [line for line in lines if not line.startswith("#")] == ["c", "a", "b"]


def test_neighbours_in_time_are_spread_over_all_folders():
    keys = [growth.key(number) for number in range(growth.FOLDERS**2)]
    assert len(set(keys)) == len(keys)
    assert len({key[:5] for key in keys}) == growth.FOLDERS**2
    assert len({key[:2] for key in keys[: growth.FOLDERS]}) == growth.FOLDERS
