"""A signed client that costs little: one kept connection a thread, and no SDK, so that two cores are left to the daemon."""

import hashlib
import http.client
import threading
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator

from pail import ROOT_KEY, Endpoint
from wire import Reply, Signer

NAMESPACE = "{http://s3.amazonaws.com/doc/2006-03-01/}"


class Gone(Exception):
    """The daemon went before it answered: nobody knows what became of the request."""


class Client:
    """Sends signed requests one after the other. It never repeats one: a request is acknowledged, refused or unknown."""

    def __init__(self, endpoint: Endpoint, patience: float = 60, dark: threading.Event | None = None):
        """`dark` is set once the power is cut: what the daemon's last breath brings after that was never sent."""
        self.endpoint, self.dark = endpoint, dark
        self.connection = http.client.HTTPConnection("127.0.0.1", endpoint.port, timeout=patience)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def send(self, method: str, target: str, body: bytes = b"", **headers: str) -> Reply:
        """`headers` with `_` for `-`. Raises `Gone` where no whole answer came."""
        payload = hashlib.sha256(body).hexdigest()
        signed = Signer(ROOT_KEY).headers(method, target, self.endpoint.host, payload, **headers)
        try:
            self.connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            for name, value in signed.items():
                self.connection.putheader(name, value)
            if method in ("PUT", "POST"):
                self.connection.putheader("content-length", str(len(body)))
            self.connection.endheaders(body or None)
            answer = self.connection.getresponse()
            received = {name.lower(): value for name, value in answer.getheaders()}
            reply = Reply(answer.status, received, answer.read())
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            raise Gone(f"{method} {target}: {error!r}") from error
        if self.dark and self.dark.is_set():
            raise Gone(f"{method} {target}: in the dark")
        return reply



def elements(reply: Reply, name: str) -> Iterator[dict[str, str]]:
    """The children of every element of a name, in the document's order, each element's own name under ``""``."""
    names = name.split()
    for element in ElementTree.fromstring(reply.body):
        if element.tag.removeprefix(NAMESPACE) in names:
            children = {child.tag.removeprefix(NAMESPACE): child.text or "" for child in element}
            yield children | {"": element.tag.removeprefix(NAMESPACE)}


def text(reply: Reply, name: str) -> str:
    return ElementTree.fromstring(reply.body).findtext(NAMESPACE + name) or ""
