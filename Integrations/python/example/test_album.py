"""The application against an S3 of each test's own. Run it with `pytest -n 4`."""

import urllib.error
import urllib.request

import pytest
from album import Album


@pytest.fixture
def album(pail_bucket) -> Album:
    return Album()


@pytest.mark.parametrize("number", range(20))
def test_an_album_begins_empty_and_keeps_what_it_is_given(album, number):
    assert album.names() == []
    album.add(f"{number}.jpg", b"photo %d" % number)
    assert album.names() == [f"{number}.jpg"]
    assert album.photo(f"{number}.jpg") == b"photo %d" % number


def test_a_photo_that_is_not_there_is_none(album):
    assert album.photo("nobody.jpg") is None


def test_a_link_works_until_it_expires(album, pail):
    album.add("cat.jpg", b"cat")
    link = album.link("cat.jpg", seconds=300)
    assert urllib.request.urlopen(link, timeout=30).read() == b"cat"
    pail.move(minutes=6)
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(link, timeout=30)


def test_a_throttled_upload_is_tried_again(album, pail):
    pail.record()
    pail.fault("error", effect={"code": "SlowDown"}, operation="PutObject", times=1)
    album.add("cat.jpg", b"cat")
    assert album.photo("cat.jpg") == b"cat"
    assert [call["status"] for call in pail.calls("PutObject", key="photos/cat.jpg")] == [503, 200]


def test_what_was_there_comes_back_with_a_snapshot(album, pail):
    album.add("cat.jpg", b"cat")
    pail.snapshot("one-cat")
    album.add("dog.jpg", b"dog")
    pail.restore("one-cat")
    assert album.names() == ["cat.jpg"]
