"""`make crash`: writers over HTTP, `kill -9` at random, start, compare. Ends with 1 where anything is lost or out of place.

    cd Tests/EndToEnd && PAIL_BINARY=… python3 -m reliability.crash --kills 50 --seed 7
"""

import argparse
import random
import sys
import tempfile
from pathlib import Path

from pail import BINARY, ROOT_KEY, Daemon

from .ordeal import Ordeal, failing_threads
from .report import Report


def crash(data: Path, kills: int, seed: int, *, writers: int = 8, durability: str = "full", **options) -> Report:
    """Kills a daemon so many times and answers what was counted; `front` and `only` as in `Ordeal`, `preload` a library."""
    front, say = options.get("front"), options.get("say", lambda line: None)
    extra = {"LD_PRELOAD": str(options["preload"])} if "preload" in options else {}
    with Daemon(data, "--durability", durability, key=ROOT_KEY, **extra) as daemon:
        ordeal = Ordeal(daemon, daemon.kill, seed, writers, options.get("only", ()))
        ordeal.front = front or ordeal.front
        failing_threads(ordeal.report)
        ordeal.begin()
        while ordeal.report.cuts < kills:
            ordeal.round(options.get("changes", range(60, 400)))
            say(ordeal.report.line())
        ordeal.end()
        return ordeal.report


def main() -> int:
    parser = argparse.ArgumentParser(prog="reliability.crash", description="kill -9 amid writers, and what is left")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--durability", choices=["full", "relaxed"], default="full")
    options = parser.parse_args()
    print(f"crash: {BINARY}\nseed {options.seed}, {options.writers} writers, durability {options.durability}", flush=True)
    with tempfile.TemporaryDirectory(prefix="pail-crash-") as folder:
        report = crash(Path(folder) / "data", options.kills, options.seed, writers=options.writers,
                       durability=options.durability, say=lambda line: print(f"  {line}", flush=True))  # fmt: skip
        return report.finish()


if __name__ == "__main__":
    sys.exit(main())
