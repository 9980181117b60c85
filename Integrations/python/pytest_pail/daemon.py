"""A daemon for the tests of one run: one that was named, or one that is started here."""

import os
import re
import secrets
import shutil
import subprocess
import threading
from dataclasses import dataclass

LISTENING = re.compile(r"pail: listening on (http://\S+)")
PATIENCE = 30  # seconds until a silent daemon is given up


@dataclass(frozen=True)
class Address:
    """Where a daemon is, and its root key pair; plain words, so that another process can be told."""

    url: str
    access_key: str
    secret_key: str
    region: str = "us-east-1"

    @staticmethod
    def of_environment() -> "Address | None":
        """The daemon that `PAIL_ENDPOINT` names, with the key pair of AWS's variables."""
        url = os.environ.get("PAIL_ENDPOINT")
        if not url:
            return None
        try:
            pair = os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]
        except KeyError as missing:
            raise RuntimeError(f"PAIL_ENDPOINT is set and {missing} is not: the daemon's root key pair is needed") from None
        return Address(url.rstrip("/"), *pair, os.environ.get("AWS_DEFAULT_REGION", "us-east-1"))


class Daemon:
    """`pail serve --memory` on a free port, until it is stopped."""

    def __init__(self, binary: str, *flags: str):
        pair = "PAIL" + secrets.token_hex(8).upper(), secrets.token_hex(20)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PAIL_"))}
        environment = kept | {"AWS_ACCESS_KEY_ID": pair[0], "AWS_SECRET_ACCESS_KEY": pair[1]}
        command = [binary, "serve", "--memory", "--port", "0", *flags]
        # The log would stand between the lines of the tests; a pipe that nobody reads would fill up.
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        watchdog = threading.Timer(PATIENCE, self.process.kill)
        watchdog.start()
        found = LISTENING.match(self.process.stdout.readline())
        watchdog.cancel()
        if not found:
            raise RuntimeError(f"{' '.join(command)} ended with {self.process.wait()} before it served")
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        self.address = Address(found[1], *pair)

    @staticmethod
    def find(named: "str | None") -> str:
        """The program to start: the one that was named, that of `PAIL_BINARY`, or the one on the path."""
        binary = named or os.environ.get("PAIL_BINARY") or shutil.which("pail")
        if not binary:
            raise RuntimeError("there is no pail on the path: set PAIL_BINARY, or PAIL_ENDPOINT to one that runs")
        return binary

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
