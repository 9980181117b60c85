"""Everything that the writers know together: what survives of the test while the daemon does not."""

import threading
from collections import defaultdict

from .ledger import History, Upload, Versions
from .report import Report

PLAIN, VERSIONED = "plain", "versioned"


class World:
    def __init__(self) -> None:
        self.report = Report()
        self.keys: dict[str, History] = {}
        self.versioned: dict[str, Versions] = {}
        self.uploads: list[Upload] = []
        self.begun: dict[str, int] = defaultdict(int)  # uploads of a key that were asked for and not answered
        self.races: set[str] = set()  # keys that are only ever written with If-None-Match, by everybody at once
        self.dark = threading.Event()  # the power is cut
        # Answers that say that nothing was changed, which a disk that is full excuses.
        self.refusing: set[int] = set()
        self.lock = threading.Lock()

    def history(self, key: str) -> History:
        with self.lock:
            return self.keys.setdefault(key, History())

    def race(self, key: str) -> History:
        self.races.add(key)
        return self.history(key)

    def versions(self, key: str) -> Versions:
        with self.lock:
            return self.versioned.setdefault(key, Versions())
