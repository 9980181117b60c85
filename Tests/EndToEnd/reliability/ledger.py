"""What was tried, what was acknowledged, and so what may be found after an abrupt end."""

import hashlib
import itertools
import threading
from dataclasses import dataclass, field
from typing import NamedTuple

ticks = itertools.count(1)


class State(NamedTuple):
    """An object as a client sees it; an object that is not there is `None`."""

    digest: str
    size: int
    mark: str  # user metadata, so that bytes of one write under the words of another are found
    tag: str

    @classmethod
    def of(cls, body: bytes, mark: str, tag: str = "") -> "State":
        return cls(hashlib.sha256(body).hexdigest(), len(body), mark, tag)


@dataclass(eq=False)
class Attempt:
    """One change of a key. An acknowledged one ended at `end`, one that is not may still happen."""

    state: State | None
    start: int = field(default_factory=lambda: next(ticks))
    end: float = float("inf")


class History:
    """The changes of one key in a bucket without versions, by one writer or by several at once."""

    def __init__(self) -> None:
        first = Attempt(None)
        first.end = next(ticks)
        self.attempts, self.earlier = [first], set()
        self.winners = 0  # how often a change was acknowledged
        self.lock = threading.Lock()

    def begin(self, state: State | None) -> Attempt:
        with self.lock:
            self.attempts.append(Attempt(state))
            return self.attempts[-1]

    def acknowledge(self, attempt: Attempt) -> None:
        with self.lock:
            attempt.end = next(ticks)
            self.winners += 1

    def refuse(self, attempt: Attempt) -> None:
        """It was answered with an error, so it must have changed nothing."""
        with self.lock:
            self.attempts.remove(attempt)

    def discount(self, state: State) -> None:
        """Something else shows that this never happened."""
        self.attempts = [attempt for attempt in self.attempts if attempt.state != state]

    def known(self) -> set[State | None]:
        """Every state that anybody ever tried."""
        with self.lock:
            return self.earlier | {attempt.state for attempt in self.attempts}

    @property
    def acknowledged(self) -> list[Attempt]:
        return [attempt for attempt in self.attempts if attempt.end < float("inf")]

    @property
    def current(self) -> State | None:
        """What the only writer of a key, all of whose changes were acknowledged, knows to be there."""
        return max(self.acknowledged, key=lambda attempt: attempt.end).state

    def permitted(self) -> list[State | None]:
        """Every state but those that an acknowledged change replaced which began after they were acknowledged."""
        newest = max(attempt.start for attempt in self.acknowledged)
        return [attempt.state for attempt in self.attempts if attempt.end >= newest]

    def judge(self, found: State | None) -> str | None:
        """What is wrong with finding this after an abrupt end; nothing, where it is one of the permitted states."""
        permitted = self.permitted()
        if found in permitted:
            return None
        if found is None:
            return "lost"
        if all(state is None for state in permitted):
            return "resurrected"
        known = found in self.earlier or found in [attempt.state for attempt in self.attempts]
        return "lost" if known else "torn"

    def settle(self, found: State | None) -> None:
        """What was found is what is there: the next end is judged from here."""
        self.earlier |= {attempt.state for attempt in self.attempts}
        self.attempts = [Attempt(found)]
        self.attempts[0].end = next(ticks)


MARKER = None


@dataclass(eq=False)
class Version:
    """A version, or a delete marker. Without an identifier it was never acknowledged."""

    state: State | None
    id: str | None = None
    is_going: bool = False  # its deletion was asked for, and not answered


class Versions:
    """The versions of one key with one writer, oldest first."""

    def __init__(self) -> None:
        self.versions: list[Version] = []
        self.gone: set[str] = set()

    def begin(self, state: State | None) -> Version:
        self.versions.append(Version(state))
        return self.versions[-1]

    def refuse(self, version: Version) -> None:
        self.versions.remove(version)

    def forget(self, version: Version) -> None:
        """Its deletion was acknowledged."""
        self.versions.remove(version)
        self.gone.add(version.id)

    def judge(self, found: list[Version]) -> list[str]:
        """What is wrong with finding these, oldest first."""
        wrong = ["resurrected" for version in found if version.id in self.gone]
        left = [version for version in found if version.id not in self.gone]
        for version in self.versions:
            if left and (version.id in (None, left[0].id)) and version.state == left[0].state:
                left.pop(0)
            elif left and version.id == left[0].id:
                wrong.append("torn")
                left.pop(0)
            elif version.id is not None and not version.is_going:
                wrong.append("lost")
        return wrong + ["torn"] * len(left)

    def settle(self, found: list[Version]) -> None:
        self.gone |= {version.id for version in self.versions if version.id} - {version.id for version in found}
        self.versions = found


@dataclass(eq=False)
class Upload:
    """An upload in parts: for each number the bodies that the part may have, the last one acknowledged first."""

    key: str
    id: str
    mark: str
    parts: dict[int, list[bytes]] = field(default_factory=dict)
    unanswered: int = 0  # the number of a part that was sent and not answered
    ending: str = ""  # `complete` or `abort`, once that was asked for and not answered
    result: State | None = None
    manifest: bytes = b""
