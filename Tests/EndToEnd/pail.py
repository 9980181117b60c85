"""Starts, watches and ends the daemon as a person's shell would: by its command line, its standard output and signals."""

import os
import queue
import re
import shutil
import signal
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = os.environ.get("PAIL_BINARY", str(ROOT / ".build/debug/pail"))
MEDIA = ROOT / "Fixtures/media"
LISTENING = re.compile(r"pail: listening on (https?)://(\[[^]]+\]|[^:]+):(\d+)$")
PATIENCE = 30  # seconds until a silent daemon fails the test


# Every secret that a test has used: none may ever be told. A shorter one is a word that may stand anywhere.
SECRETS: set[str] = set()
SHORTEST_SECRET = 12


def told(text: str) -> list[str]:
    """The secrets that a text tells."""
    return [secret for secret in SECRETS if secret in text]


@dataclass(frozen=True)
class Key:
    """An access key pair, with a session token where its user has one."""

    access: str
    secret: str
    token: str | None = None

    def __post_init__(self) -> None:
        SECRETS.update(secret for secret in (self.secret, self.token) if secret and len(secret) >= SHORTEST_SECRET)

    @property
    def environment(self) -> dict[str, str]:
        names = {"AWS_ACCESS_KEY_ID": self.access, "AWS_SECRET_ACCESS_KEY": self.secret}
        return names | ({"AWS_SESSION_TOKEN": self.token} if self.token else {})


ROOT_KEY = Key("AKIAPAILENDTOENDROOT", "end-to-end/root+secret/0123456789abcdefgh")


@dataclass(frozen=True)
class Endpoint:
    """One listener: where it is, and the certificate to trust where it speaks TLS."""

    scheme: str
    port: int
    certificate: str | None = None

    @property
    def host(self) -> str:
        return f"localhost:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}"

    @property
    def virtual_url(self) -> str:
        """The base under which a bucket is a host name of its own."""
        return f"{self.scheme}://s3.localhost:{self.port}"


def clean_environment(**extra: str) -> dict[str, str]:
    """This process's environment without a word that could change what Pail or an AWS client does."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "PAIL_")) and "proxy" not in k.lower()}
    kept |= {"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_EC2_METADATA_DISABLED": "true"}
    return kept | {"NO_PROXY": "*"} | extra


def pail(*arguments: object, key: Key | None = None, timeout: float = PATIENCE, **extra: str) -> subprocess.CompletedProcess:
    """Runs one command of `pail` to its end."""
    environment = clean_environment(**(key.environment if key else {}), **extra)
    command = [BINARY, *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=timeout, check=False)


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A throw-away certificate for every name that the tests use, its own authority, and its key."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    names = "DNS:localhost,DNS:s3.localhost,DNS:*.s3.localhost,IP:127.0.0.1,IP:::1"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        + ["-keyout", key, "-out", certificate, "-subj", "/CN=Pail end-to-end tests", "-addext", f"subjectAltName={names}"],
        check=True,
        capture_output=True,
    )
    return certificate, key


class Daemon:
    """`pail serve` on a data folder; may be started again after its end, on new ports."""

    def __init__(self, data: Path, *flags: object, key: Key | None = ROOT_KEY, certificate=None, port: int = 0, **extra: str):
        self.data, self.certificate, self.log = data, certificate, data.with_suffix(".log")
        store = [] if "--memory" in flags else ["--data", str(data)]
        tls = ["--tls-cert", certificate[0], "--tls-key", certificate[1], "--tls-port", "0"] if certificate else []
        self.command = [BINARY, "serve", "--port", str(port), *store, *map(str, tls), *map(str, flags)]
        self.environment = clean_environment(**(key.environment if key else {}), **extra)
        self.process: subprocess.Popen | None = None
        self.listeners: dict[str, Endpoint] = {}
        self.lines: list[str] = []

    def __enter__(self) -> "Daemon":
        return self

    def __exit__(self, *_: object) -> None:
        if self.running:
            self.kill()

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def http(self) -> Endpoint:
        return self.listeners["http"]

    @property
    def https(self) -> Endpoint:
        return self.listeners["https"]

    def start(self) -> "Daemon":
        """Returns once the daemon has said where it listens, so that no test ever sleeps."""
        log = self.log.open("ab")
        self.process = subprocess.Popen(self.command, env=self.environment, stdout=subprocess.PIPE, stderr=log, text=True)
        log.close()
        said: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, args=(self.process.stdout, said), daemon=True).start()
        self.listeners, self.lines = {}, []
        while len(self.listeners) < (2 if self.certificate else 1):
            line = said.get(timeout=PATIENCE)
            if line is None:
                raise AssertionError(f"pail ended with {self.process.wait()} before it listened:\n{self.tail()}")
            self.lines.append(line)
            if found := LISTENING.match(line):
                scheme = found[1]
                trusted = str(self.certificate[0]) if scheme == "https" else None
                self.listeners[scheme] = Endpoint(scheme, int(found[3]), trusted)
        return self

    @staticmethod
    def _read(stream, said: queue.Queue) -> None:
        for line in stream:
            said.put(line.rstrip("\n"))
        said.put(None)

    def stop(self) -> int:
        """Asks the daemon to end, as a service manager does, and returns its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=PATIENCE)
        self.keeps_secrets()
        return code

    def kill(self) -> None:
        """`kill -9`: no chance to write another byte."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self.keeps_secrets()

    def keeps_secrets(self) -> None:
        """Nothing that the daemon wrote anywhere but into its store holds a secret."""
        written = "\n".join([*self.lines, self.log.read_text(errors="replace")])
        assert not told(written), f"the daemon's log tells {len(told(written))} secrets"

    def resident_peak(self) -> int:
        """The most memory, in bytes, that the daemon ever had resident (VmHWM)."""
        assert self.process is not None
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024

    def tail(self, size: int = 4000) -> str:
        return self.log.read_text(errors="replace")[-size:] if self.log.exists() else ""


def free_space(folder: Path) -> int:
    return shutil.disk_usage(folder).free
