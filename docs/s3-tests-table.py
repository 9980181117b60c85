#!/usr/bin/env python3
"""Makes the chapter "Measured" of compatibility.md from the results of a run of the suite that it names.

    docs/s3-tests-table.py results.csv                             prints it
    docs/s3-tests-table.py results.csv --into docs/compatibility.md  puts it between the marks there

results.csv has the columns file, test, outcome and why, a line a test. s3-tests-reasons.csv says why a test that does not
pass does not: its columns are test (a name or a pattern with *), kind (see KINDS), why and link, and the first line that
matches counts. A test without one is told as "unexplained" and makes the exit code 1, unless --allow-unexplained is given.
"""

import argparse
import csv
import sys
from collections import Counter
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path

HERE = Path(__file__).resolve().parent
BEGIN, END = "<!-- measured: made by s3-tests-table.py -->", "<!-- end of measured -->"
SUITE = "[ceph/s3-tests](https://github.com/ceph/s3-tests)"

KINDS = {
    "later": "not built yet",
    "rgw-specific": "asks for what Ceph does and S3 does not",
    "contrary-to-aws": "asks for the opposite of what S3 documents or does",
    "its-client": "the test's client sends or does something else than the test means, as seen in the bytes that came",
    "undecided": "AWS's documents do not settle it, or the reason is a reading of the test that was not proved",
    "unexplained": "nobody has said why",
}

# The first that fits counts, so what is narrow comes first.
AREAS = {
    "encryption": ["*_sse_*", "*encrypt*", "*_enc[[]*", "*_enc_*", "*s3_noenc*", "*incorrect_algo*"],
    "Object Lock": ["*object_lock*"],
    "lifecycle": ["*lifecycle*"],
    "CORS": ["*cors*"],
    "public access, ownership": ["*block_public*", "*public_block*", "*public_acls*", "*ownership*", "test_create_bucket_*"],
    "bucket policies": ["*policy*"],
    "ACLs": ["*acl*", "test_access_bucket_*", "*_anon*", "*canned*", "*not_owned*", "*object_raw*", "*put_authenticated"],
    "forms": ["*post_object*"],
    "tags": ["*tag*"],
    "checksums, attributes": ["*checksum*", "*cksum*", "*object_attributes*"],
    "versions": ["*version*", "*delete_marker*"],
    "multipart uploads": ["*multipart*", "*upload_part*"],
    "copies": ["*copy*"],
    "listing": ["*_list*", "*basic_key_count*"],
    "conditions, ranges": ["*if*match*", "*ifmodified*", "*ifunmodified*", "*ranged*"],
    "headers, framing": ["*_bad_*", "*contentlength*", "*contenttype*", "*expect*", "*100_continue*", "*chunked*", "*_date"],
    "buckets": ["*bucket*"],
    "objects": ["*"],
}


def matches(test: str, pattern: str) -> bool:
    return test == pattern or fnmatchcase(test, pattern)


def area_of(test: str) -> str:
    return next(area for area, patterns in AREAS.items() if any(matches(test, pattern) for pattern in patterns))


def rows_of(path: Path, columns: list[str]) -> list[dict[str, str]]:
    with path.open(newline="") as text:
        reader = csv.DictReader(text)
        if reader.fieldnames != columns:
            sys.exit(f"{path}: its columns are {reader.fieldnames}, not {columns}")
        return list(reader)


def reasons_of(path: Path) -> list[dict[str, str]]:
    reasons = rows_of(path, ["test", "kind", "why", "link"])
    for reason in reasons:
        if reason["kind"] not in KINDS or reason["kind"] == "unexplained" or not reason["why"]:
            sys.exit(f"{path}: {reason['test']} has no kind among {list(KINDS)[:-1]}, or no words")
        if reason["kind"] not in ("later", "undecided") and not reason["link"]:
            sys.exit(f"{path}: {reason['test']} is {reason['kind']}; that needs a link to what says so")
    return reasons


def explain(test: str, reasons: list[dict[str, str]]) -> tuple[str, str]:
    """The kind of reason, and the words for it."""
    for reason in reasons:
        if matches(test, reason["test"]):
            words = f"{reason['why']} ([source]({reason['link']}))" if reason["link"] else reason["why"]
            return reason["kind"], words
    return "unexplained", ""


def table(head: list[str], rows: list[list[str]]) -> list[str]:
    written = ["| " + " | ".join(cells) + " |" for cells in [head, *rows]]
    return [written[0], "|" + "---|" * len(head), *written[1:], ""]


def chapter(results: list[dict[str, str]], reasons: list[dict[str, str]], date: str) -> tuple[str, int]:
    """The chapter, and how many tests it cannot explain."""
    failed = sorted(row["test"] for row in results if row["outcome"] != "passed")
    passed = len(results) - len(failed)
    per_area = Counter(area_of(row["test"]) for row in results)
    failed_in = Counter(map(area_of, failed))
    lines = [f"{SUITE} against a running daemon, on {date}: **{passed} of {len(results)}** tests pass that are about S3.", ""]
    areas = [[area, str(per_area[area] - failed_in[area]), str(per_area[area])] for area in AREAS if per_area[area]]
    lines += table(["area", "pass", "tests"], areas)
    groups: dict[tuple[str, str], list[str]] = {}
    for test in failed:
        groups.setdefault(explain(test, reasons), []).append(test)
    if groups:
        lines += ["What does not pass, and why:", ""]
        order = sorted(groups, key=lambda group: (list(KINDS).index(group[0]), group[1]))
        names = {group: " ".join(f"`{test}`" for test in groups[group]) for group in order}
        lines += table(["kind", "why", "tests"], [[kind, why, names[kind, why]] for kind, why in order])
        told = [kind for kind in KINDS if any(kind == group[0] for group in groups)]
        lines += ["; ".join(f"*{kind}*: {KINDS[kind]}" for kind in told) + "."]
    return "\n".join(lines).rstrip(), len(groups.get(("unexplained", ""), []))


def replace(path: Path, text: str) -> None:
    """Puts the chapter between the marks of a document."""
    before, begin, rest = path.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        sys.exit(f"{path}: has no marks {BEGIN} and {END}")
    path.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path)
    parser.add_argument("--reasons", type=Path, default=HERE / "s3-tests-reasons.csv")
    parser.add_argument("--into", type=Path, help="the document to change; without, the chapter is printed")
    parser.add_argument("--date", help="when the run was; without, when the results were written")
    parser.add_argument("--allow-unexplained", action="store_true")
    options = parser.parse_args()
    results = rows_of(options.results, ["file", "test", "outcome", "why"])
    reasons = reasons_of(options.reasons)
    written = datetime.fromtimestamp(options.results.stat().st_mtime, UTC)
    text, unexplained = chapter(results, reasons, options.date or written.strftime("%Y-%m-%d"))
    failed = [row["test"] for row in results if row["outcome"] != "passed"]
    for reason in reasons:
        if not any(matches(test, reason["test"]) for test in failed):
            print(f"no test that does not pass matches {reason['test']}: its reason can go", file=sys.stderr)
    replace(options.into, text) if options.into else print(text)
    if unexplained:
        print(f"{unexplained} tests do not pass and nothing says why", file=sys.stderr)
    return 1 if unexplained and not options.allow_unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
