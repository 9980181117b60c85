"""The gallery in Swift over bare HTTP: what a browser would not send."""

import http.client
import re
from urllib.parse import urlencode, urlsplit

import pytest

from gallery import PASSWORD, SUPERUSER
from gallery_app import POSTS, Gallery
from pail import MEDIA

MEGABYTE = 1 << 20


class Client:
    """One connection, with the cookies that it was given."""

    def __init__(self, site: str):
        self.connection = http.client.HTTPConnection(urlsplit(site).netloc, timeout=30)
        self.cookies: dict[str, str] = {}

    def send(self, method: str, path: str, body=None, **headers: str):
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in sent.items():
            self.connection.putheader(name, value)
        if body is not None:
            self.connection.putheader("Content-Length", str(len(body)))
        self.connection.endheaders(body)
        reply = self.connection.getresponse()
        for line in reply.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        reply.content = reply.read()
        return reply

    def token(self, path: str) -> str:
        page = self.send("GET", path).content.decode()
        return re.findall(r'name="csrf" value="([0-9a-f]+)"', page)[-1]

    def log_in(self) -> None:
        fields = {"csrf": self.token("/admin/login/"), "username": SUPERUSER, "password": PASSWORD}
        form = {"Content_Type": "application/x-www-form-urlencoded"}
        assert self.send("POST", "/admin/login/", urlencode(fields).encode(), **form).status == 303

    def upload(self, title: str, image: bytes, token: str):
        fields = b"".join(
            f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in [("csrf", token), ("title", title)]
        )
        file = b'--b\r\nContent-Disposition: form-data; name="image"; filename="cat.jpg"\r\n\r\n' + image
        kind = {"Content_Type": "multipart/form-data; boundary=b"}
        return self.send("POST", f"{POSTS}add/", fields + file + b"\r\n--b--\r\n", **kind)


@pytest.fixture
def running(tmp_path):
    """A gallery with one picture in a folder, and a client that has logged in."""
    gallery = Gallery(tmp_path).prepare()
    with gallery.server() as site:
        client = Client(site)
        client.log_in()
        cat = (MEDIA / "cat.jpg").read_bytes()
        assert client.upload("A cat", cat, client.token(f"{POSTS}add/")).status == 303
        yield gallery, client, cat
        client.connection.close()


def test_a_picture_is_served_whole_in_ranges_and_by_its_headers_alone(running):
    _, client, cat = running
    path = "/media/images/cat.jpg"
    whole = client.send("GET", path)
    assert whole.content == cat and whole.headers["Content-Type"] == "image/jpeg"
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    part = client.send("GET", path, Range="bytes=100-199")
    assert (part.status, part.content) == (206, cat[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(cat)}"
    head = client.send("HEAD", path)
    assert (head.status, head.headers["Content-Length"], head.content) == (200, str(len(cat)), b"")
    assert client.send("GET", path, If_None_Match=whole.headers["ETag"]).status == 304
    assert client.send("GET", path, Range=f"bytes={len(cat)}-").status == 416


@pytest.mark.parametrize(
    "escape",
    ["../gallery.sqlite3", "%2e%2e/gallery.sqlite3", "..%2fgallery.sqlite3", "images/../../gallery.sqlite3"]
    + ["/etc/passwd", "%2fetc%2fpasswd", "..%5cgallery.sqlite3", "images/cat.jpg%00", "images", "images/", "."],
)
def test_no_path_leads_out_of_the_media_folder(running, escape):
    _, client, _ = running
    reply = client.send("GET", f"/media/{escape}")
    assert reply.status == 404 and b"SQLite format" not in reply.content and b"root:" not in reply.content


def test_links_in_the_media_folder_lead_nowhere(running):
    gallery, client, _ = running
    (gallery.folder / "media/images/out.jpg").symlink_to(gallery.folder / "gallery.sqlite3")
    assert client.send("GET", "/media/images/out.jpg").status == 404


def test_uploads_that_are_too_large_cost_no_memory_and_leave_nothing(running):
    gallery, client, _ = running
    before = sorted((gallery.folder / "media").rglob("*"))
    token = client.token(f"{POSTS}add/")
    image = (MEDIA / "cat.jpg").read_bytes() + bytes(200 * MEGABYTE)
    refused = client.upload("Large", image, token)
    assert refused.status == 413 and b"The image is larger than 25 MB." in refused.content
    assert client.upload("Forged", image, "0").status == 403
    assert gallery.resident_peak() < 150 * MEGABYTE
    assert sorted((gallery.folder / "media").rglob("*")) == before
    assert client.upload("A cat again", (MEDIA / "cat.jpg").read_bytes(), token).status == 303


def test_hidden_endings_of_an_image_do_not_make_it_a_page(running):
    gallery, client, cat = running
    token = client.token(f"{POSTS}add/")
    assert client.upload("Half", cat[: len(cat) // 2], token).status == 422
    assert client.upload("Page", b"<html><script>alert(1)</script>", token).status == 422
    names = {file.name for file in (gallery.folder / "media/images").iterdir()}
    assert names == {"cat.jpg", "cat.jpg~thumb.jpg", "cat.jpg~web.jpg"}
