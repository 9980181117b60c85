"""The judge of hostile requests, before a server that does one thing wrong: it must say so, each time.

A suite that passes proves nothing until it is seen to fail.
"""

import pytest

from hostile import Canary, Case, Stage, Tally, judge
from hostile_double import CONTENTS, Double
from pail import Endpoint

SMUGGLING = Case("a smuggled request", lambda s: s.raw("GET /x HTTP/1.1"), 403, "AccessDenied", alone=True)
PLAIN = Case("a plain refusal", lambda s: s.raw("GET /x HTTP/1.1"), 403, "AccessDenied")
SILENT = Case("half a head", lambda s: b"GET /x HT", 0, half_closed=True)


@pytest.fixture
def tried():
    """Judges a case before a server of a mood."""
    doubles = []

    def make(mood: str, case: Case) -> list[str]:
        double = Double(mood)
        doubles.append(double)
        stage = Stage(Endpoint("http", double.listener.getsockname()[1]), patience=0.5)
        canary = Canary(stage, CONTENTS).remember()
        faults = judge(case, stage, canary, lambda: double.is_alive)
        canary.close()
        return faults

    yield make
    for double in doubles:
        if double.is_alive:
            double.end()


@pytest.mark.parametrize(
    ("mood", "case", "fault"),
    [
        ("a fault", PLAIN, "a fault of the server: 500"),
        ("another status", PLAIN, "answered 200"),
        ("another code", PLAIN, "answered 403 SignatureDoesNotMatch where S3 answers 403 AccessDenied"),
        ("no answer", PLAIN, "hung"),
        ("half an answer", PLAIN, "hung"),
        ("no close", PLAIN, "the connection was not closed"),
        ("nothing", PLAIN, "closed without an answer"),
        ("two answers", PLAIN, "more than one answer"),
        ("death", PLAIN, "the daemon died"),
        ("another canary", PLAIN, "the canary, or a listing of it, was not"),
        ("another listing", PLAIN, "the canary, or a listing of it, was not"),
        ("confused", PLAIN, "the next request on the connection got 403"),
        ("keep-alive", SMUGGLING, "more than one answer"),
        ("keep-alive", SMUGGLING, "the canary"),
        ("good", SILENT, ""),
    ],
)
def test_the_judge_names_what_is_wrong(tried, mood, case, fault):
    faults = tried(mood, case)
    assert (any(fault in one for one in faults)) if fault else not faults, faults


@pytest.mark.parametrize(("mood", "case"), [("good", PLAIN), ("keep-alive", PLAIN), ("good", SMUGGLING)])
def test_the_judge_finds_nothing_wrong_with_what_is_right(tried, mood, case):
    assert not tried(mood, case)


@pytest.mark.parametrize(
    ("mood", "kind"),
    [
        ("good", None),
        ("a fault", "5xx"),
        ("no answer", "hung"),
        ("no close", "hung"),
        ("death", "deaths"),
        ("another canary", "canaries harmed"),
        ("another code", "other answers"),
    ],
)
def test_what_is_wrong_is_counted_in_the_line_that_is_printed(tried, mood, kind):
    tally = Tally()
    assert bool(tally.add(tried(mood, PLAIN))) == (kind is not None)
    assert tally.line().startswith("requests 1  ")
    assert all(f"  {name} {count}" in tally.line() for name, count in tally.counts.items())
    assert tally.counts[kind] == 1 if kind else not any(tally.counts.values())
