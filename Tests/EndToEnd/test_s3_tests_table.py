"""The script that makes the chapter "Measured" of docs/compatibility.md, on results made up here."""

import subprocess
import sys

import pytest

from pail import ROOT

SCRIPT = ROOT / "docs/s3-tests-table.py"
RESULTS = """file,test,outcome,why
f,test_bucket_list_empty,passed,
f,test_bucket_list_many,failure,"AssertionError: a, b"
f,test_lifecycle_set,failure,NotImplemented
f,test_lifecycle_get,error,NotImplemented
f,"test_copy_enc[sse-s3-sse-c-1]",skipped,
"""
LATER = "test_lifecycle_*,later,lifecycle is to come,\n"
CONTRARY = "test_bucket_list_many,contrary-to-aws,S3 lists otherwise,https://docs.aws.amazon.com/x\n"
EXACT = "test_copy_enc[sse-s3-sse-c-1],later,keys of customers are to come,\n"


@pytest.fixture
def make(tmp_path):
    """Runs the script on the results with some reasons."""

    def run(*reasons: str, results: str = RESULTS, more: tuple = ()) -> subprocess.CompletedProcess:
        (tmp_path / "results.csv").write_text(results)
        (tmp_path / "reasons.csv").write_text("test,kind,why,link\n" + "".join(reasons))
        command = [sys.executable, SCRIPT, tmp_path / "results.csv", "--reasons", tmp_path / "reasons.csv", "--date", "2026-01-02"]
        return subprocess.run([*command, *more], capture_output=True, text=True, timeout=60, check=False)

    return run


def test_it_counts_what_passes_in_all_and_by_area(make):
    made = make(LATER, CONTRARY, EXACT)
    assert made.returncode == 0, made.stderr
    assert "on 2026-01-02: **1 of 5** tests pass" in made.stdout
    rows = made.stdout.splitlines()
    assert {"| listing | 1 | 2 |", "| lifecycle | 0 | 2 |", "| encryption | 0 | 1 |"} <= set(rows)


def test_what_does_not_pass_is_named_with_its_reason(make):
    rows = make(LATER, CONTRARY, EXACT).stdout.splitlines()
    assert "| later | lifecycle is to come | `test_lifecycle_get` `test_lifecycle_set` |" in rows
    assert "| later | keys of customers are to come | `test_copy_enc[sse-s3-sse-c-1]` |" in rows
    source = "([source](https://docs.aws.amazon.com/x))"
    assert f"| contrary-to-aws | S3 lists otherwise {source} | `test_bucket_list_many` |" in rows


def test_what_nobody_explains_is_told_and_fails(make):
    made = make(LATER, EXACT)
    assert made.returncode == 1
    assert "| unexplained |  | `test_bucket_list_many` |" in made.stdout
    assert "1 tests do not pass" in made.stderr
    assert make(LATER, EXACT, more=("--allow-unexplained",)).returncode == 0


def test_a_reason_for_what_passes_is_told(make):
    made = make(LATER, CONTRARY, EXACT, "test_bucket_list_empty,later,x,\n")
    assert "test_bucket_list_empty: its reason can go" in made.stderr


@pytest.mark.parametrize("reason", ["test_a,later,,\n", "test_a,because,x,\n", "test_a,contrary-to-aws,x,\n"])
def test_a_reason_that_says_nothing_is_refused(make, reason):
    made = make(reason)
    assert made.returncode == 1 and "test_a" in made.stderr


def test_results_of_another_shape_are_refused(make):
    assert "its columns are" in make(results="test,outcome\na,passed\n").stderr


def test_the_chapter_goes_between_the_marks_of_a_document(make, tmp_path):
    document = tmp_path / "compatibility.md"
    marked = "# Before\n<!-- measured: made by s3-tests-table.py -->\nold\n<!-- end of measured -->\nafter\n"
    document.write_text(marked)
    for _ in range(2):
        assert make(LATER, CONTRARY, EXACT, more=("--into", document)).returncode == 0
    text = document.read_text()
    assert text.startswith("# Before\n") and text.endswith("<!-- end of measured -->\nafter\n")
    assert text.count("**1 of 5**") == 1 and "old" not in text
    document.write_text("no marks")
    assert make(LATER, CONTRARY, EXACT, more=("--into", document)).returncode == 1


def test_the_reasons_that_are_kept_are_well_formed(tmp_path):
    (tmp_path / "results.csv").write_text("file,test,outcome,why\nf,test_a,passed,\n")
    made = subprocess.run([sys.executable, SCRIPT, tmp_path / "results.csv"], capture_output=True, text=True, timeout=60, check=False)
    assert made.returncode == 0, made.stderr
