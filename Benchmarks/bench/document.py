"""Writes docs/benchmarks.md: all that was measured, in words that nobody has to trust."""

from collections.abc import Iterator

from .contest import Results
from .figures import Outcome, Spread
from .goals import GOALS

INTRODUCTION = """# Benchmarks

How fast Pail is beside other servers on one machine, every request signed and every signature checked, every body hashed. Made by
`make bench`; nothing here is written by hand but the reasons where a goal is missed. What it measures and how: [Benchmarks/README.md](../Benchmarks/README.md).
"""

# The load of a machine that does nothing else.
QUIET = 0.5
BUSY = """**Other work went on meanwhile**: the system's load was {load} before the first contest. Wall time says little then, and ratios of processor time more; run it
again on a quiet machine.
"""

HOW = """## How it is measured

- Server and client share the machine, over 127.0.0.1. What takes part in a contest runs in turn, round by round, each round beginning with another; a ratio is
  taken round by round, so that what disturbs one disturbs both. Given is the median, in brackets the least and the most.
- Small requests are sent by `wrk` with one thread, large ones by a client that reads 1 MiB at a time. Signatures (version 4, in headers, the SHA-256 of
  small bodies among what is signed) are made before the clock starts; the server checks each. A run with one answer that is not of success does not count.
- Processor time is the server's own, `utime` and `stime` of all its processes. It says more than wall time: on two cores the client needs one of them.
- Pail is as it is shipped: its defaults, the access log on, `--durability full` unless it says relaxed. nginx keeps its log too and checks nothing. Where Pail is
  compared with servers that do not sync, it is relaxed, which still survives `kill -9`.

```
make bench                        # everything, half an hour
make bench ARGS="--quick"         # a few minutes, fewer sizes
make bench ARGS="--rows put,list" # some groups; the others keep their figures
make growth                       # to a million objects; ARGS="--objects 10000000"
```
"""

COLUMNS = "| what | server | a second | MB/s | median | 99 of 100 | server's processor time | memory |\n|---|---|---|---|---|---|---|---|"


def number(value: float) -> str:
    """Three digits, and no more zeros than needed."""
    if value != value:
        return "–"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def spread_text(spread: Spread | None, unit: str = "") -> str:
    if spread is None:
        return ""
    if spread.least == spread.most:
        return f"{number(spread.middle)}{unit}"
    return f"{number(spread.middle)}{unit} ({number(spread.least)}–{number(spread.most)})"


def duration(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"{number(seconds * 1e6)} µs" if seconds < 1e-3 else f"{number(seconds * 1e3)} ms"


def goal_rows(results: Results, facts: dict) -> Iterator[str]:
    yield "| what | goal | measured | holds |"
    yield "|---|---|---|---|"
    for goal in GOALS:
        spread = goal.figure(results, facts)
        if spread is None:
            yield f"| {goal.what} | {goal.told} | not measured | |"
            continue
        verdict = "yes" if goal.holds(spread.middle) else "**no**"
        yield f"| {goal.what} | {goal.told} | {spread_text(spread, goal.unit)} | {verdict} |"


def limits(results: Results, facts: dict) -> Iterator[str]:
    """What keeps from their goals those that are missed, once for all that have it in common."""
    missed: dict[str, list[str]] = {}
    for goal in GOALS:
        spread = goal.figure(results, facts)
        if spread and not goal.holds(spread.middle):
            missed.setdefault(goal.limit or "Not looked into yet.", []).append(goal.what)
    for limit, whats in missed.items():
        yield f"- **{'**; **'.join(whats)}**: {' '.join(limit.split())}"


def contest_rows(results: Results) -> Iterator[str]:
    yield COLUMNS
    for key, servers in results.outcomes.items():
        title = results.titles[key]
        for name, outcomes in servers.items():
            yield row(title, name, outcomes)
            title = ""


def middle(outcomes: list[Outcome], what: str) -> float | None:
    figures = [getattr(outcome, what) for outcome in outcomes if getattr(outcome, what) is not None]
    return Spread.of(figures).middle if figures else None


def row(title: str, name: str, outcomes: list[Outcome]) -> str:
    rates = [outcome.rate for outcome in outcomes if outcome.rate]
    rate = spread_text(Spread.of(rates)) if rates else ""
    moved, memory = middle(outcomes, "bytes_rate"), middle(outcomes, "memory")
    moved_text = number(moved / 1e6) if moved and moved > 1e6 else ""
    memory_text = f"{memory / 2**20:.1f} MiB" if memory else ""
    times = [duration(middle(outcomes, what)) for what in ("seconds", "slow", "cpu")]
    return f"| {title} | {name} | {rate} | {moved_text} | {' | '.join(times)} | {memory_text} |"


def growth_rows(growth: dict) -> Iterator[str]:
    """Cost by number of objects: a row an operation, a column a number."""
    counts = sorted(growth["objects"], key=int)
    yield "| operation | " + " | ".join(f"{int(count):,}" for count in counts) + " |"
    yield "|---|" + "---|" * len(counts)
    operations = [name for name in growth["titles"] if any(name in growth["objects"][count] for count in counts)]
    for name in operations:
        cells = [growth_cell(growth["objects"][count].get(name, {})) for count in counts]
        yield f"| {growth['titles'][name]} | " + " | ".join(cells) + " |"


def growth_cell(figures: dict) -> str:
    words = []
    if "cpu" in figures:
        words.append(f"{duration(Spread.of(figures['cpu']).middle)} CPU")
    if "seconds" in figures:
        words.append(duration(Spread.of(figures["seconds"]).middle))
    if "memory" in figures:
        words.append(f"{Spread.of(figures['memory']).middle / 2**20:.1f} MiB")
    return ", ".join(words)


def rounds(results: Results) -> str:
    """How often participants ran: not all do as often."""
    counts = {len(outcomes) for servers in results.outcomes.values() for outcomes in servers.values() if outcomes}
    return f"{min(counts)} to {max(counts)}" if len(counts) > 1 else f"{max(counts, default=0)}"


def document(results: Results, facts: dict) -> str:
    """The whole page."""
    machine = facts["machine"]
    parts = [INTRODUCTION]
    words = [f"{facts['date']}", machine["processor"], machine["memory"], machine["system"], f"data on {facts['file_system']}"]
    parts.append("Measured on " + "; ".join(words) + ". " + f"{rounds(results)} rounds. {facts['versions']}.\n")
    if facts.get("load", 0) > QUIET:
        parts.append(BUSY.format(load=facts["load"]))
    parts.append("![Pail beside its peers](benchmarks.svg)\n")
    parts.append("## Goals\n\n" + "\n".join(goal_rows(results, facts)) + "\n")
    if missed := "\n".join(limits(results, facts)):
        parts.append("What limits those that are missed:\n\n" + missed + "\n")
    parts.append(HOW)
    if growth := facts.get("growth"):
        parts.append("## Growth\n\n" + growth["note"] + "\n\n" + "\n".join(growth_rows(growth)) + "\n")
    parts.append("## All figures\n\n" + "\n".join(contest_rows(results)) + "\n")
    return "\n".join(parts)
