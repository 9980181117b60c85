"""Writers: threads that change their own keys, and some that all share, until the daemon is gone."""

import base64
import hashlib
import random
import threading
from urllib.parse import quote

from wire import Reply

from .client import Client, Gone, elements, text
from .ledger import MARKER, Attempt, History, State, Upload, Version
from .world import PLAIN, VERSIONED, World

# Around the length up to which bodies are inline, and where a file takes one write, several, and more than a buffer.
SIZES = [0, 1, 900, 7_000, 8_192, 8_193, 60_000, 300_000, 1_200_000]
PART = 5 * 1024 * 1024  # the least that a part may have which is not the last


class Pace:
    """Lets the one who cuts know when enough has been acknowledged, and the writers when to end by themselves."""

    def __init__(self, limit: int):
        self.left, self.reached, self.lock = limit, threading.Event(), threading.Lock()
        self.stopped = threading.Event()

    def tick(self) -> None:
        with self.lock:
            self.left -= 1
            if self.left <= 0:
                self.reached.set()


class Writer(threading.Thread):
    """One writer. Its keys are its own, so their history is in order; a key under `shared/` and `race/` is everybody's."""

    def __init__(self, name: str, world: World, client: Client, pace: Pace, seed: str, only: tuple[str, ...] = ()):
        super().__init__(name=name, daemon=True)
        self.world, self.client, self.pace, self.dice = world, client, pace, random.Random(f"{seed} {name}")
        self.round = seed
        self.number = 0
        chosen = only or tuple(WEIGHTS)
        self.choices, self.weights = chosen, [WEIGHTS[name] for name in chosen]

    def run(self) -> None:
        with self.client:
            while not self.pace.stopped.is_set():
                operation = self.dice.choices(self.choices, self.weights)[0]
                try:
                    getattr(self, operation)()
                except Gone:
                    self.world.report.count(acknowledged=False)
                    self.pace.reached.set()
                    return

    # What they write

    def own(self, count: int = 10) -> str:
        return f"{self.name}/{self.dice.randrange(count)}"

    def body(self) -> bytes:
        return self.dice.randbytes(self.dice.choice(SIZES))

    def mark(self) -> str:
        self.number += 1
        return f"{self.round}-{self.name}-{self.number}"

    def present(self) -> str | None:
        """One of its keys that has an object."""
        mine = [key for key in map(f"{self.name}/{{}}".format, range(10)) if self.world.history(key).current]
        return self.dice.choice(mine) if mine else None

    def send(self, method: str, target: str, body: bytes = b"", *, may: tuple[int, ...] = (), **headers: str) -> Reply:
        """Sends and counts. An answer that is neither a success nor one of those that may be is written down."""
        reply = self.client.send(method, target, body, **headers)
        if reply.status < 300:
            self.world.report.count(acknowledged=True)
            self.pace.tick()
        elif reply.status in self.world.refusing:
            self.world.report.refuse()
            self.pace.tick()
        elif reply.status not in may:
            self.world.report.add("unexpected", f"{method} {target}: {reply.status} {reply.code}")
        return reply

    def change(self, history: History, state: State | None, method: str, target: str, body: bytes = b"", **more) -> Reply:
        """Sends what makes a key's state this one."""
        attempt = history.begin(state)
        reply = self.send(method, target, body, **more)
        self.end(history, attempt, reply.status < 300)
        return reply

    @staticmethod
    def end(history: History, attempt: Attempt, succeeded: bool) -> None:
        (history.acknowledge if succeeded else history.refuse)(attempt)

    def sealed(self) -> dict[str, str]:
        """Once in a while an object is encrypted at rest: it needs the key's file, and its copy shares nothing with it."""
        return {"x_amz_server_side_encryption": "AES256"} if self.dice.random() < 0.15 else {}

    def write(self, key: str, history: History, **more) -> Reply:
        body, mark, more = self.body(), self.mark(), more | self.sealed()
        return self.change(history, State.of(body, mark), "PUT", f"/{PLAIN}/{key}", body, x_amz_meta_mark=mark, **more)

    # Objects

    def put(self) -> None:
        key = self.own()
        self.write(key, self.world.history(key))

    def create(self) -> None:
        """Only where there is nothing."""
        key = self.own()
        history = self.world.history(key)
        is_there = history.current is not None
        reply = self.write(key, history, if_none_match="*", may=(412,))
        self.expect((reply.status == 412) == is_there, reply, f"If-None-Match on {key}")

    def exchange(self) -> None:
        """Only where the object is the one that was seen; once in a while one that is not."""
        if not (key := self.present()):
            return
        etag = self.client.send("HEAD", f"/{PLAIN}/{key}").headers.get("etag", "")
        if self.dice.random() < 0.3:
            etag = '"00000000000000000000000000000000"'
        reply = self.write(key, self.world.history(key), if_match=etag, may=(412,))
        self.expect((reply.status == 412) == (etag == f'"{"0" * 32}"'), reply, f"If-Match on {key}")

    def delete(self) -> None:
        key = self.own()
        self.change(self.world.history(key), None, "DELETE", f"/{PLAIN}/{key}")

    def delete_several(self) -> None:
        keys = list({self.own() for _ in range(3)})
        listed = "".join(f"<Object><Key>{key}</Key></Object>" for key in keys)
        document = f"<Delete>{listed}</Delete>".encode()
        attempts = [(self.world.history(key), self.world.history(key).begin(None)) for key in keys]
        digest = base64.b64encode(hashlib.md5(document).digest()).decode()
        reply = self.send("POST", f"/{PLAIN}?delete=", document, content_md5=digest)
        deleted = {entry["Key"] for entry in elements(reply, "Deleted")} if reply.status == 200 else set()
        for key, (history, attempt) in zip(keys, attempts, strict=True):
            self.end(history, attempt, key in deleted)

    def copy(self) -> None:
        """By reference: source and copy share their bytes."""
        if not (source := self.present()):
            return
        key = self.own()
        state = self.world.history(source).current
        if key != source:
            self.change(self.world.history(key), state, "PUT", f"/{PLAIN}/{key}", x_amz_copy_source=f"/{PLAIN}/{source}")

    def tag(self) -> None:
        if not (key := self.present()):
            return
        history = self.world.history(key)
        tag = self.mark() if self.dice.random() < 0.8 else ""
        state = history.current._replace(tag=tag)
        if tag:
            document = f"<Tagging><TagSet><Tag><Key>t</Key><Value>{tag}</Value></Tag></TagSet></Tagging>".encode()
            digest = base64.b64encode(hashlib.md5(document).digest()).decode()
            self.change(history, state, "PUT", f"/{PLAIN}/{key}?tagging=", document, content_md5=digest)
        else:
            self.change(history, state, "DELETE", f"/{PLAIN}/{key}?tagging=")

    # Keys of everybody

    def share(self) -> None:
        key = f"shared/{self.dice.randrange(4)}"
        history = self.world.history(key)
        if self.dice.random() < 0.2:
            self.change(history, None, "DELETE", f"/{PLAIN}/{key}")
        else:
            self.write(key, history)

    def race(self) -> None:
        """Of all who create a key at once, one wins."""
        key = f"race/{self.round}/{self.dice.randrange(20)}"
        self.write(key, self.world.race(key), if_none_match="*", may=(409, 412))

    def read(self) -> None:
        """What is read amid all that is whole: of a key of its own the last state, of everybody's one that somebody wrote."""
        key = self.own() if self.dice.random() < 0.5 else f"shared/{self.dice.randrange(4)}"
        reply = self.client.send("GET", f"/{PLAIN}/{key}")
        found = None
        if reply.status == 200:
            found = State.of(reply.body, reply.headers.get("x-amz-meta-mark", ""))
        elif reply.status != 404:
            self.world.report.add("unexpected", f"GET {key}: {reply.status} {reply.code}")
        history = self.world.history(key)
        known = history.known() if key.startswith("shared/") else [history.current]
        if reply.status in (200, 404) and found not in [state and state._replace(tag="") for state in known]:
            self.world.report.add("torn", f"{key} read as {found} amid the writers")

    # Versions

    def add_version(self) -> None:
        key, body, mark = self.own(3), self.body(), self.mark()
        self.new_version(key, State.of(body, mark), "PUT", body, x_amz_meta_mark=mark, **self.sealed())

    def add_marker(self) -> None:
        self.new_version(self.own(3), MARKER, "DELETE")

    def copy_version(self) -> None:
        """An old version becomes the newest again."""
        key = self.own(3)
        if not (old := [version for version in self.world.versions(key).versions if version.state]):
            return
        source = self.dice.choice(old)
        self.new_version(key, source.state, "PUT", x_amz_copy_source=f"/{VERSIONED}/{key}?versionId={source.id}")

    def new_version(self, key: str, state: State | None, method: str, body: bytes = b"", **headers: str) -> None:
        versions = self.world.versions(key)
        version = versions.begin(state)
        reply = self.send(method, f"/{VERSIONED}/{key}", body, **headers)
        version.id = reply.headers.get("x-amz-version-id")
        if version.id is None:
            versions.refuse(version)
            self.expect(reply.status >= 300, reply, f"no version of {key}")

    def delete_version(self) -> None:
        key = self.own(3)
        versions = self.world.versions(key)
        if versions.versions:
            version: Version = self.dice.choice(versions.versions)
            version.is_going = True
            if self.send("DELETE", f"/{VERSIONED}/{key}?versionId={quote(version.id, safe='')}").status == 204:
                versions.forget(version)

    # Uploads in parts

    def upload(self) -> None:
        """The next step of one of its uploads, or a new one."""
        mine = [upload for upload in self.world.uploads if upload.key.startswith(f"{self.name}/")]
        if not mine or (len(mine) < 3 and self.dice.random() < 0.3):
            return self.begin_upload()
        upload = self.dice.choice(mine)
        steps = {"part": 4, "copy_part": 1} | ({"complete": 3, "abort": 1} if upload.parts else {})
        getattr(self, f"{self.dice.choices(list(steps), steps.values())[0]}_of")(upload)

    def begin_upload(self) -> None:
        key, mark = self.own(), self.mark()
        self.world.begun[key] += 1
        reply = self.send("POST", f"/{PLAIN}/{key}?uploads=", x_amz_meta_mark=mark)
        self.world.begun[key] -= 1
        if reply.status == 200:
            self.world.uploads.append(Upload(key, text(reply, "UploadId"), mark))

    def part_of(self, upload: Upload) -> None:
        """The first part is large once in a while, as only then a second may follow."""
        first = upload.parts.get(1)
        if first and len(first[0]) >= PART:
            number, body = 2, self.body()
        else:
            number, body = 1, self.body() if self.dice.random() < 0.8 else self.dice.randbytes(PART // 8) * 8
        self.put_part(upload, number, body)

    def copy_part_of(self, upload: Upload) -> None:
        source = self.present()
        first = upload.parts.get(1)
        if source and not (first and len(first[0]) >= PART):
            got = self.client.send("GET", f"/{PLAIN}/{source}")
            if got.status == 200 and got.body:
                self.put_part(upload, 1, got.body, x_amz_copy_source=f"/{PLAIN}/{source}")

    def put_part(self, upload: Upload, number: int, body: bytes, **headers: str) -> None:
        bodies = upload.parts.setdefault(number, [])
        bodies.append(body)
        upload.unanswered = number
        target = f"/{PLAIN}/{upload.key}?partNumber={number}&uploadId={upload.id}"
        reply = self.send("PUT", target, b"" if headers else body, **headers)
        upload.unanswered = 0
        if reply.status == 200:
            upload.parts[number] = [body]
            return
        bodies.pop()
        if not bodies:
            del upload.parts[number]

    def complete_of(self, upload: Upload) -> None:
        bodies = [upload.parts[number][0] for number in sorted(upload.parts)]
        listed = "".join(
            f"<Part><PartNumber>{number}</PartNumber><ETag>{hashlib.md5(body).hexdigest()}</ETag></Part>"
            for number, body in zip(sorted(upload.parts), bodies, strict=True)
        )
        upload.manifest = f"<CompleteMultipartUpload>{listed}</CompleteMultipartUpload>".encode()
        upload.ending, upload.result = "complete", State.of(b"".join(bodies), upload.mark)
        history = self.world.history(upload.key)
        target = f"/{PLAIN}/{upload.key}?uploadId={upload.id}"
        reply = self.change(history, upload.result, "POST", target, upload.manifest)
        self.close(upload, reply.status == 200)

    def abort_of(self, upload: Upload) -> None:
        upload.ending = "abort"
        reply = self.send("DELETE", f"/{PLAIN}/{upload.key}?uploadId={upload.id}")
        self.close(upload, reply.status == 204)

    def close(self, upload: Upload, is_ended: bool) -> None:
        upload.ending = ""
        if is_ended:
            self.world.uploads.remove(upload)

    def expect(self, holds: bool, reply: Reply, what: str) -> None:
        if not holds and reply.status not in self.world.refusing:
            self.world.report.add("unexpected", f"{what}: {reply.status} {reply.code}")


# How often each is done.
WEIGHTS = {
    "put": 22,
    "create": 5,
    "exchange": 5,
    "delete": 7,
    "delete_several": 3,
    "copy": 8,
    "tag": 6,
    "share": 5,
    "race": 8,
    "read": 8,
    "add_version": 9,
    "add_marker": 3,
    "copy_version": 3,
    "delete_version": 6,
    "upload": 16,
}
