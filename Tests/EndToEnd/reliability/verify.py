"""Compares what the daemon gives after an abrupt end with what it acknowledged, byte for byte, over HTTP."""

import hashlib
from urllib.parse import quote

from pail import Endpoint
from wire import Reply

from .client import Client, Gone, elements, text
from .ledger import MARKER, State, Upload, Version
from .world import PLAIN, VERSIONED, World


def verify(world: World, endpoint: Endpoint) -> None:
    """Counts what is wrong, and takes what was found for what is there from now on."""
    with Client(endpoint) as client:
        check = Check(world, client)
        check.uploads()
        check.objects()
        check.versions()
        check.winners()


class Check:
    def __init__(self, world: World, client: Client):
        self.world, self.client, self.report = world, client, world.report

    # Reading

    def get(self, target: str) -> Reply | None:
        """A whole answer, or nothing where the daemon cut it off, which is how it says that bytes are damaged."""
        try:
            reply = self.client.send("GET", target)
        except Gone as gone:
            self.report.add("torn", str(gone))
            return None
        if reply.status not in (200, 404):
            self.report.add("unexpected", f"GET {target}: {reply.status} {reply.code}")
        return reply

    def state(self, bucket: str, key: str, version: str = "") -> tuple[State | None, str]:
        """An object as it is, and its entity tag."""
        named = f"versionId={quote(version, safe='')}" if version else ""
        reply = self.get(f"/{bucket}/{key}{'?' if named else ''}{named}")
        if reply is None or reply.status != 200:
            return None, ""
        tag = ""
        if "x-amz-tagging-count" in reply.headers:
            tags = self.get(f"/{bucket}/{key}?tagging=" + (f"&{named}" if named else ""))
            tag = tags.body.partition(b"<Value>")[2].partition(b"</Value>")[0].decode()
        return State.of(reply.body, reply.headers.get("x-amz-meta-mark", ""), tag), reply.headers["etag"]

    def pages(self, bucket: str, query: str, entry: str, *markers: tuple[str, str]) -> list[dict[str, str]]:
        """All entries of a listing whose pages are short, so that it has several."""
        found, more = [], ""
        for _ in range(10_000):
            reply = self.get(f"/{bucket}?{query}&max-{'uploads' if 'uploads' in query else 'keys'}=50{more}")
            found += elements(reply, entry)
            if text(reply, "IsTruncated") != "true":
                return found
            more = "".join(f"&{name}={quote(text(reply, element), safe='')}" for name, element in markers)
        raise AssertionError(f"a listing that never ends: {query}")

    # Comparing

    def objects(self) -> None:
        found = {}
        for key, history in sorted(self.world.keys.items()):
            state, etag = self.state(PLAIN, key)
            if wrong := history.judge(state):
                self.report.add(wrong, f"{key}: {state}, not one of {history.permitted()}")
            history.settle(state)
            if state:
                found[key] = (str(state.size), etag)
        token = ("continuation-token", "NextContinuationToken")
        listed = self.pages(PLAIN, "list-type=2", "Contents", token)
        self.compare("objects", {e["Key"]: (e["Size"], e["ETag"]) for e in listed}, found, len(listed))

    def versions(self) -> None:
        markers = ("key-marker", "NextKeyMarker"), ("version-id-marker", "NextVersionIdMarker")
        listed = self.pages(VERSIONED, "versions=", "Version DeleteMarker", *markers)
        of_key: dict[str, list[Version]] = {key: [] for key in self.world.versioned}
        for entry in reversed(listed):
            is_marker = entry[""] == "DeleteMarker"
            state, etag = (MARKER, "") if is_marker else self.state(VERSIONED, entry["Key"], entry["VersionId"])
            if not is_marker and (state is None or (str(state.size), etag) != (entry["Size"], entry["ETag"])):
                self.report.add("listing", f"{entry} is listed, and reads as {state}")
            of_key.setdefault(entry["Key"], []).append(Version(state, entry["VersionId"]))
        for key, found in of_key.items():
            known = self.world.versions(key)
            for wrong in known.judge(found):
                self.report.add(wrong, f"versions of {key}: {brief(found)}, not {brief(known.versions)}")
            known.settle(found)
            latest, _ = self.state(VERSIONED, key)
            if latest != (found[-1].state if found else None):
                self.report.add("listing", f"{key} reads as {latest}, and its newest version is another")

    def winners(self) -> None:
        """Nobody ever deletes these keys, so of all that asked for there to be nothing, one at most was told yes."""
        for key in self.world.races:
            won = self.world.keys[key].winners
            if won > 1:
                self.report.add("unexpected", f"{won} writers created {key}, which was never deleted")

    def uploads(self) -> None:
        for upload in list(self.world.uploads):
            target = f"/{PLAIN}/{upload.key}?uploadId={upload.id}"
            reply = self.get(target)
            if reply and reply.status == 200:
                self.parts(upload, reply)
            else:
                self.ended(upload, target)
        markers = ("key-marker", "NextKeyMarker"), ("upload-id-marker", "NextUploadIdMarker")
        listed = {(e["Key"], e["UploadId"]) for e in self.pages(PLAIN, "uploads=", "Upload", *markers)}
        known = {(upload.key, upload.id) for upload in self.world.uploads}
        for key, id in sorted(listed - known):
            # One that was begun, and of which nobody was told.
            self.world.begun[key] -= 1
            if self.world.begun[key] < 0:
                self.report.add("resurrected", f"upload {id} of {key}")
            self.client.send("DELETE", f"/{PLAIN}/{key}?uploadId={id}")
        self.world.begun.clear()
        for key, id in sorted(known - listed):
            self.report.add("listing", f"upload {id} of {key} is there and not listed")

    def parts(self, upload: Upload, reply: Reply) -> None:
        """An upload that is there has every part that was acknowledged, and may have the one that was not."""
        listed = {int(part["PartNumber"]): part["ETag"].strip('"') for part in elements(reply, "Part")}
        for number, bodies in list(upload.parts.items()):
            kept = [body for body in bodies if hashlib.md5(body).hexdigest() == listed.get(number)]
            if kept:
                upload.parts[number] = kept[:1]
            elif number in listed:
                self.report.add("torn", f"part {number} of {upload.key}")
            elif (number, len(bodies)) != (upload.unanswered, 1):
                self.report.add("lost", f"part {number} of {upload.key}")
            if not kept:
                del upload.parts[number]
        for number in listed.keys() - upload.parts.keys():
            self.report.add("resurrected", f"part {number} of {upload.key}")
        if upload.ending == "complete":
            self.world.keys[upload.key].discount(upload.result)
        upload.ending, upload.unanswered = "", 0

    def ended(self, upload: Upload, target: str) -> None:
        """An upload that is gone was completed, and says so again, or aborted: whichever was asked for."""
        self.world.uploads.remove(upload)
        if upload.ending == "complete":
            again = self.client.send("POST", target, upload.manifest)
            state, _ = self.state(PLAIN, upload.key)
            if again.status != 200 or state != upload.result:
                self.report.add("lost", f"upload of {upload.key} is gone: {again.status} {again.code}, {state}")
        elif upload.ending != "abort":
            self.report.add("lost", f"upload {upload.id} of {upload.key}")

    def compare(self, what: str, listed: dict, found: dict, count: int) -> None:
        if count != len(listed):
            self.report.add("listing", f"{what}: {count - len(listed)} are listed twice")
        for key in sorted(listed.keys() | found.keys()):
            if listed.get(key) != found.get(key):
                self.report.add("listing", f"{key} is listed as {listed.get(key)} and reads as {found.get(key)}")


def brief(versions: list[Version]) -> list:
    return [(version.id, version.state and version.state.mark) for version in versions]
