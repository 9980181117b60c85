"""A contest: the same work by several servers, in turn, round by round."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from .figures import Outcome, Spread, ratio
from .load import Spoilt

Run = Callable[[], Outcome]


@dataclass
class Contest:
    """What is measured, and who takes part. The key is what goals ask for; the group is what `--rows` chooses by."""

    key: str
    title: str
    runs: dict[str, Run]
    rounds: int | None = None  # fewer than elsewhere, where a run takes long


@dataclass
class Results:
    """The outcomes of contests, by contest and participant, one for each round."""

    titles: dict[str, str] = field(default_factory=dict)
    outcomes: dict[str, dict[str, list[Outcome]]] = field(default_factory=dict)

    def compete(self, contest: Contest, rounds: int) -> None:
        """Every participant runs once a round, each round beginning with the next one. A run that is spoilt drops its participant."""
        outcomes: dict[str, list[Outcome]] = {name: [] for name in contest.runs}
        names = list(contest.runs)
        rounds = min(rounds, contest.rounds or rounds)
        for turn in range(rounds):
            for place in range(len(names)):
                name = names[(turn + place) % len(names)]
                if name not in outcomes:
                    continue
                try:
                    outcomes[name].append(contest.runs[name]())
                except (Spoilt, OSError) as error:
                    print(f"  {contest.key}: {name} is left out: {error}", file=sys.stderr)
                    del outcomes[name]
        self.titles[contest.key], self.outcomes[contest.key] = contest.title, outcomes
        for name, figures in outcomes.items():
            print(f"  {contest.title} · {name}: {tell(figures)}", flush=True)

    def figures(self, key: str, name: str, what: str) -> list[float]:
        """One kind of figure of a participant, round by round; empty where it took no part."""
        found = [getattr(outcome, what) for outcome in self.outcomes.get(key, {}).get(name, [])]
        return [figure for figure in found if figure is not None]

    def spread(self, key: str, name: str, what: str) -> Spread | None:
        figures = self.figures(key, name, what)
        return Spread.of(figures) if figures else None

    def ratio(self, key: str, above: str, below: str, what: str) -> Spread | None:
        """How many times one participant's figure is another's."""
        first, second = self.figures(key, above, what), self.figures(key, below, what)
        return ratio(first, second) if first and len(first) == len(second) else None

    def save(self, path: Path, **more: object) -> None:
        text = {
            key: {"title": self.titles[key], "servers": {n: [o.as_json() for o in os] for n, os in servers.items()}}
            for key, servers in self.outcomes.items()
        }
        path.write_text(json.dumps({"contests": text, **more}, indent=1) + "\n")

    @classmethod
    def load(cls, text: dict) -> "Results":
        results = cls()
        for key, contest in text["contests"].items():
            results.titles[key] = contest["title"]
            results.outcomes[key] = {n: [Outcome(**o) for o in os] for n, os in contest["servers"].items()}
        return results


def tell(outcomes: list[Outcome]) -> str:
    """The middle of each figure, for whoever watches."""
    if not outcomes:
        return "nothing"

    def middle(what: str) -> float | None:
        figures = [getattr(outcome, what) for outcome in outcomes]
        return Spread.of(figures).middle if None not in figures else None

    words = [f"{middle('rate'):,.0f}/s"] if middle("rate") else []
    if (seconds := middle("seconds")) is not None:
        words.append(f"{seconds * 1e3:.3g} ms")
    if (cpu := middle("cpu")) is not None:
        words.append(f"{cpu * 1e6:,.0f} µs CPU")
    if (moved := middle("bytes_rate")) is not None and moved > 1e6:
        words.append(f"{moved / 1e6:,.0f} MB/s")
    if (memory := middle("memory")) is not None:
        words.append(f"{memory / 2**20:.1f} MiB")
    return ", ".join(words)
