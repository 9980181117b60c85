"""Writers, an abrupt end, a start, a comparison: one round, whatever the end is made of."""

import random
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from pail import Daemon, Endpoint
from wire import Reply

from .client import Client
from .disk import inspect
from .verify import verify
from .world import PLAIN, VERSIONED, World
from .writers import Pace, Writer

Front = Callable[[Endpoint], AbstractContextManager[Endpoint]]
VERSIONING = b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"


def let_pass(seconds: float) -> None:
    """An abrupt end comes when the dice say, and not when something is done: there is nothing to wait for."""
    threading.Event().wait(seconds)


class Ordeal:
    """Rounds on one data folder. `cut` is the abrupt end; when it returns the daemon is gone and the folder there again."""

    def __init__(self, daemon: Daemon, cut: Callable[[], None], seed: int, writers: int = 8, only: tuple[str, ...] = ()):
        self.daemon, self.cut, self.seed, self.count, self.only = daemon, cut, seed, writers, only
        self.world, self.dice, self.rounds = World(), random.Random(seed), 0
        # What stands between the writers and the daemon: nothing, or a saboteur.
        self.front: Front = nullcontext

    @property
    def report(self):
        return self.world.report

    def begin(self) -> None:
        """Makes the two buckets, the second with versions."""
        self.daemon.start()
        with Client(self.daemon.http) as client:
            for bucket in (PLAIN, VERSIONED):
                expect(client.send("PUT", f"/{bucket}"))
            expect(client.send("PUT", f"/{VERSIONED}?versioning=", VERSIONING))

    def round(self, changes: range = range(60, 400)) -> None:
        """One abrupt end after a random number of changes, and once in a while another while the daemon recovers from it."""
        self.rounds += 1
        self.write(self.dice.choice(changes))
        self.daemon.start()
        if self.dice.random() < 0.3:
            let_pass(self.dice.random() * 0.03)
            self.interrupt()
            self.daemon.start()
        verify(self.world, self.daemon.http)
        self.stop_and_inspect()
        self.daemon.start()

    def write(self, limit: int) -> None:
        """Lets the writers run, and cuts them off some milliseconds after the last of so many acknowledgements."""
        pace = Pace(limit)
        self.world.dark.clear()
        with self.front(self.daemon.http) as endpoint:
            writers = [self.writer(f"w{number}", endpoint, pace) for number in range(self.count)]
            for writer in writers:
                writer.start()
            if not pace.reached.wait(timeout=120):
                self.report.add("unexpected", "the writers came to a stop")
            # An end is as likely in the middle of a request as right behind an answer.
            let_pass(self.dice.choice([0, self.dice.random() * 0.05]))
            if not self.daemon.running:
                self.report.add("unexpected", f"the daemon ended by itself:\n{self.daemon.tail(2000)}")
            self.interrupt()
        for writer in writers:
            writer.join(timeout=90)
            if writer.is_alive():
                self.report.add("unexpected", f"{writer.name} still waits for an answer")

    def writer(self, name: str, endpoint: Endpoint, pace: Pace) -> Writer:
        return Writer(name, self.world, Client(endpoint, dark=self.world.dark), pace, f"{self.seed}.{self.rounds}", self.only)

    def interrupt(self) -> None:
        self.cut()
        self.report.cuts += 1

    def stop_and_inspect(self) -> None:
        if (code := self.daemon.stop()) != 0:
            self.report.add("unexpected", f"the daemon stopped with {code}:\n{self.daemon.tail(2000)}")
        inspect(self.daemon.data, self.report)

    def end(self) -> None:
        if self.daemon.running:
            self.stop_and_inspect()


def expect(reply: Reply) -> Reply:
    assert reply.status < 300, f"{reply.status}: {reply.body.decode(errors='replace')}"
    return reply


def failing_threads(report) -> None:
    """An exception in a writer must not pass for silence."""

    def note(arguments) -> None:
        report.add("unexpected", f"{arguments.thread.name}: {arguments.exc_type.__name__}: {arguments.exc_value}")
        threading.__excepthook__(arguments)

    threading.excepthook = note
