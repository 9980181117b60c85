"""What was counted, and how it is told."""

import threading
from dataclasses import dataclass, field

# What is promised to be zero, with the word under which it is printed.
PROMISED = {
    "lost": "an acknowledged change is not there",
    "torn": "bytes or words that nobody ever wrote",
    "resurrected": "something that was deleted or replaced is there again",
    "listing": "a listing that differs from what can be read",
    "orphans": "files in blobs/ that no row names",
    "missing": "rows without their file",
    "index": "rows that contradict each other or their file",
    "staged": "bytes left in staging/ after recovery",
    "unexpected": "an answer that S3 does not give",
}


@dataclass
class Report:
    """Counts of one run, with a line for each thing that is wrong."""

    cuts: int = 0
    acknowledged: int = 0
    unknown: int = 0
    refused: int = 0
    wrong: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PROMISED, 0))
    details: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, kind: str, detail: str, count: int = 1) -> None:
        with self.lock:
            self.wrong[kind] += count
            self.details.append(f"{kind}: {detail}")

    def count(self, acknowledged: bool) -> None:
        with self.lock:
            self.acknowledged += acknowledged
            self.unknown += not acknowledged

    def refuse(self) -> None:
        with self.lock:
            self.refused += 1

    @property
    def is_clean(self) -> bool:
        return not any(self.wrong.values())

    def line(self, cut: str = "kills") -> str:
        counts = {cut: self.cuts, "acked": self.acknowledged, "unanswered": self.unknown}
        if self.refused:
            counts["refused"] = self.refused
        counts |= self.wrong
        return "  ".join(f"{name} {count}" for name, count in counts.items())

    def finish(self, cut: str = "kills") -> int:
        """Prints what is wrong and the counts; answers the exit code."""
        for detail in self.details[:40]:
            print(f"  {detail}")
        if len(self.details) > 40:
            print(f"  and {len(self.details) - 40} more")
        print(("passed:  " if self.is_clean else "FAILED:  ") + self.line(cut), flush=True)
        return 0 if self.is_clean else 1
