"""`make powercut`: writers over HTTP on ext4 and xfs, whose power is cut; what was acknowledged must be there after the mount.

    cd Tests/EndToEnd && PAIL_BINARY=… python3 -m reliability.powercut --cuts 10 --seed 7      (as root)
"""

import argparse
import random
import sys
import tempfile
from pathlib import Path

from pail import BINARY, ROOT_KEY, Daemon

from .ordeal import Ordeal, failing_threads
from .report import Report
from .volume import LoopVolume, Unavailable


def power_cuts(folder: Path, kind: str, cuts: int, seed: int, *, preload: Path | None = None, **options) -> Report:
    """Cuts the power so many times and answers what was counted. `preload` is a library to start the daemon under."""
    say = options.get("say", lambda line: None)
    extra = {"LD_PRELOAD": str(preload)} if preload else {}
    with LoopVolume(folder, kind) as volume:
        daemon = Daemon(volume.path / "data", key=ROOT_KEY, **extra)
        # The log lies beside the volume, not on it.
        daemon.log = folder / f"{kind}.log"

        def cut() -> None:
            # A machine without power answers nobody. This one does for a moment, and its kernel may even say of a sync
            # under way that it succeeded: ext4 does not look at a journal that was given up meanwhile.
            ordeal.world.dark.set()
            volume.shut_down()
            daemon.kill()
            volume.mount_again()

        with daemon:
            ordeal = Ordeal(daemon, cut, seed, options.get("writers", 8), options.get("only", ()))
            failing_threads(ordeal.report)
            ordeal.begin()
            while ordeal.report.cuts < cuts and not (preload and not ordeal.report.is_clean):
                ordeal.round(options.get("changes", range(60, 400)))
                say(ordeal.report.line("cuts"))
            ordeal.end()
            return ordeal.report


def main() -> int:
    parser = argparse.ArgumentParser(prog="reliability.powercut", description="power cuts amid writers, and what is left")
    parser.add_argument("--cuts", type=int, default=10, help="on each file system")
    parser.add_argument("--file-system", choices=["ext4", "xfs"], action="append")
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    options = parser.parse_args()
    print(f"powercut: {BINARY}\nseed {options.seed}, {options.writers} writers", flush=True)
    code = 0
    for kind in options.file_system or ["ext4", "xfs"]:
        print(kind, flush=True)
        with tempfile.TemporaryDirectory(prefix="pail-powercut-") as folder:
            try:
                report = power_cuts(Path(folder), kind, options.cuts, options.seed, writers=options.writers,
                                    say=lambda line: print(f"  {line}", flush=True))  # fmt: skip
                code |= report.finish("cuts")
            except Unavailable as reason:
                print(f"skipped: {reason}", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
