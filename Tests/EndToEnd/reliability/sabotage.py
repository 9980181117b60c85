"""Daemons that break their promises, to show that the tests notice. Nothing of this is in the product."""

import hashlib
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from pail import Endpoint

from .volume import Unavailable


def library(name: str, folder: Path) -> Path:
    """A library to start the daemon under, so that it does what the comment in its source says."""
    compiler = next(filter(None, map(shutil.which, ("cc", "clang", "gcc"))), None)
    if compiler is None:
        raise Unavailable("no C compiler is installed")
    made = folder / f"{name}.so"
    source = Path(__file__).with_name(f"{name}.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-pthread", "-Wall", "-Werror", "-o", made, source, "-ldl"], check=True)
    return made


@contextmanager
def early_acknowledgement(daemon: Endpoint) -> Iterator[Endpoint]:
    """A daemon that says yes before it has done anything: a proxy that answers first and forwards then.

    It is for writes of plain objects and for deletions, whose answers it can make up; its clients must ask for nothing else.
    """
    with closing(socket.create_server(("127.0.0.1", 0), backlog=64)) as listener:
        threading.Thread(target=accept, args=(listener, daemon.port), daemon=True).start()
        yield Endpoint("http", listener.getsockname()[1])


def accept(listener: socket.socket, port: int) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=serve, args=(client, port), daemon=True).start()


def serve(client: socket.socket, port: int) -> None:
    try:
        with client, socket.create_connection(("127.0.0.1", port)) as daemon, client.makefile("rb") as requests:
            with daemon.makefile("rb") as answers:
                while (request := message(requests)) is not None:
                    etag = hashlib.md5(request[1]).hexdigest()
                    client.sendall(f'HTTP/1.1 200 OK\r\nETag: "{etag}"\r\nContent-Length: 0\r\n\r\n'.encode())
                    daemon.sendall(b"".join(request))
                    if message(answers) is None:
                        return
    except OSError:
        return


def message(stream) -> tuple[bytes, bytes] | None:
    """The head and the body of a request or an answer; nothing where the stream has ended."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        if not (line := stream.readline()):
            return None
        head += line
    length = next((line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), b"0")
    return head, stream.read(int(length))
