"""The servers that are compared: how each is started, asked, watched and stopped. All listen on 127.0.0.1 alone."""

import contextlib
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from . import process
from .signing import EMPTY_HASH, Key, head

HOST = "127.0.0.1"
KEY = Key("BENCHMARKACCESSKEY01", "benchmark/secret/key/of/forty/characters")
BUCKET = "bench"
PATIENCE = 60  # seconds until a server that does not answer is given up
# nginx keeps its default of a log line a request, as Pail does; a connection may stay open as long as it likes.
NGINX = """
daemon off; master_process on; worker_processes {workers}; pid {folder}/pid; error_log {folder}/errors warn; user {user};
events {{ worker_connections 2048; }}
http {{
  access_log {folder}/log; sendfile on; tcp_nopush on; keepalive_requests 1000000000; client_max_body_size 0;
  client_body_temp_path {folder}/staging; etag on; server_tokens off;
  server {{
    listen {host}:{port} reuseport; {tls}
    location / {{ root {folder}/files; dav_methods PUT DELETE; create_full_put_path on; }}
  }}
}}
"""
WEED_CONFIGURATION = """{{"identities": [{{"name": "bench", "credentials": [{{"accessKey": "{0.access}", "secretKey": "{0.secret}"}}],
"actions": ["Admin", "Read", "Write", "List", "Tagging"]}}]}}"""


def free_port() -> int:
    """A port that is free now, and so is the one 10,000 above it, where SeaweedFS listens too."""
    while True:
        with socket.socket() as low, socket.socket() as high:
            low.bind((HOST, 0))
            port = low.getsockname()[1]
            if port > 55000:
                continue
            with contextlib.suppress(OSError):
                high.bind((HOST, port + 10000))
                return port


@dataclass
class Server:
    """A server that may run. `key` is `None` where requests are not signed: nginx alone."""

    name: str
    command: list[str]
    port: int
    folder: Path
    key: Key | None = KEY
    certificate: Path | None = None
    environment: dict[str, str] = field(default_factory=dict)
    pid: int | None = None
    spawned: float = 0

    @property
    def url(self) -> str:
        return f"{'https' if self.certificate else 'http'}://{HOST}:{self.port}"

    def request(self, method: str, path: str, query=None, headers=None, payload=EMPTY_HASH, length=None) -> bytes:
        """The head of a request to this server, signed where it wants that."""
        return head(method, path, f"{HOST}:{self.port}", self.key, query, headers, payload, length)

    def spawn(self) -> None:
        """Starts the process, and does not wait for it. Nothing but the exec is between the clock and the program."""
        log = os.open(self.folder / "output", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PAIL_", "AWS_"))}
        redirect = [(os.POSIX_SPAWN_DUP2, log, 1), (os.POSIX_SPAWN_DUP2, log, 2)]
        self.spawned = time.perf_counter()
        environment = kept | self.environment
        self.pid = os.posix_spawn(self.command[0], self.command, environment, file_actions=redirect, setpgroup=0)
        os.close(log)

    def await_answer(self, interval: float = 0.02) -> float:
        """Waits until the first request is answered, whatever the answer; returns the seconds since the start."""
        while time.perf_counter() - self.spawned < PATIENCE:
            with contextlib.suppress(OSError), socket.create_connection((HOST, self.port), timeout=PATIENCE) as connection:
                if self.certificate:
                    return time.perf_counter() - self.spawned
                connection.sendall(self.request("GET", "/"))
                if connection.recv(65536):
                    return time.perf_counter() - self.spawned
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                self.pid = None
                break
            time.sleep(interval)
        raise RuntimeError(f"{self.name} does not answer; it wrote:\n{(self.folder / 'output').read_text()[-2000:]}")

    def start(self) -> "Server":
        self.spawn()
        self.await_answer()
        return self

    def cpu(self) -> float:
        return process.cpu(process.family(self.pid))

    def memory(self, name: str = "VmRSS") -> int:
        return process.memory(process.family(self.pid), name)

    def stop(self) -> None:
        """Ends the process and its children by its group, which holds nobody else."""
        if self.pid is None:
            return
        os.killpg(self.pid, 15)
        deadline = time.monotonic() + 10
        while not os.waitpid(self.pid, os.WNOHANG)[0]:
            if time.monotonic() > deadline:
                os.killpg(self.pid, 9)
            time.sleep(0.02)
        self.pid = None


class Laboratory:
    """Makes servers in folders of their own under one folder, from the programs that are there."""

    def __init__(self, folder: Path, pail: Path, peers: Path):
        """`pail` is the daemon's program, `peers` the folder with the programs of the Python packages."""
        self.folder, self.pail_program, self.peers = folder, pail, peers
        self.made = 0

    def _folder(self, name: str) -> Path:
        self.made += 1
        folder = self.folder / f"{self.made:02}-{name}"
        folder.mkdir(parents=True)
        return folder

    def certificate(self) -> Path:
        """A throw-away certificate, beside it its key, made once."""
        made = self.folder / "certificate.pem"
        if not made.exists():
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
                + ["-keyout", made.with_suffix(".key"), "-out", made, "-subj", "/CN=benchmark", "-addext", f"subjectAltName=IP:{HOST}"],
                check=True,
                capture_output=True,
            )
        return made

    def pail(self, *flags: object, name: str = "pail", tls: bool = False, data: Path | None = None) -> Server:
        folder, port = self._folder(name), free_port()
        certificate = self.certificate() if tls else None
        command = [str(self.pail_program), "serve", "--data", str(data or folder / "data"), "--bucket", BUCKET]
        command += ["--port", "none" if tls else str(port)]
        if certificate:
            key = certificate.with_suffix(".key")
            command += ["--tls-cert", str(certificate), "--tls-key", str(key), "--tls-port", str(port)]
        environment = {"AWS_ACCESS_KEY_ID": KEY.access, "AWS_SECRET_ACCESS_KEY": KEY.secret}
        command += [str(flag) for flag in flags]
        return Server(name, command, port, folder, certificate=certificate, environment=environment)

    def nginx(self, workers: int, name: str = "nginx", tls: bool = False) -> Server:
        folder, port = self._folder(name), free_port()
        (folder / "files" / BUCKET).mkdir(parents=True)
        certificate = self.certificate() if tls else None
        secure = f"ssl_certificate {certificate}; ssl_certificate_key {certificate.with_suffix('.key')};" if certificate else ""
        user = "root" if os.getuid() == 0 else os.environ.get("USER", "nobody")
        text = NGINX.format(folder=folder, port=port, host=HOST, workers=workers, tls=secure, user=user)
        if tls:
            text = text.replace("reuseport;", "reuseport ssl;")
        (folder / "nginx.conf").write_text(text)
        command = ["/usr/sbin/nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "errors")]
        return Server(name, command, port, folder, key=None, certificate=certificate)

    def moto(self) -> Server:
        folder, port = self._folder("moto"), free_port()
        return Server("moto", [str(self.peers / "moto_server"), "-H", HOST, "-p", str(port)], port, folder)

    def rclone(self) -> Server:
        folder, port = self._folder("rclone"), free_port()
        (folder / "files").mkdir()
        command = [str(self.peers / "rclone"), "serve", "s3", "--addr", f"{HOST}:{port}", "--config", "/dev/null"]
        command += ["--auth-key", f"{KEY.access},{KEY.secret}", str(folder / "files")]
        return Server("rclone", command, port, folder)

    def seaweedfs(self) -> Server:
        folder = self._folder("seaweedfs")
        (folder / "files").mkdir()
        (folder / "s3.json").write_text(WEED_CONFIGURATION.format(KEY))
        ports = {part: free_port() for part in ("master", "volume", "filer", "s3")}
        command = [str(self.peers / "weed"), "server", f"-dir={folder / 'files'}", f"-ip={HOST}", f"-ip.bind={HOST}", "-s3"]
        command += [f"-{part}.port={port}" for part, port in ports.items()]
        command += [f"-s3.config={folder / 's3.json'}", "-volume.max=100"]
        return Server("seaweedfs", command, ports["s3"], folder)


@contextlib.contextmanager
def running(*servers: Server) -> Iterator[tuple[Server, ...]]:
    """Starts servers, and ends them whatever happens."""
    try:
        for server in servers:
            server.start()
        yield servers
    finally:
        for server in servers:
            server.stop()
