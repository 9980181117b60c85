"""The tutorial that must work, unmodified: a Django gallery whose pictures lie in a bucket, used with a browser."""

import re
import shutil
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

import pail
from clients import body_of, client_for
from gallery import Browser, Project
from pail import MEDIA
from test_contract_users import key_in
from wire import Signer, fetch

BUCKET = "djangotest-section"  # the tutorial's own name


@pytest.fixture
def browser(tmp_path):
    opened = Browser(tmp_path / "profile")
    yield opened
    opened.quit()


@pytest.fixture
def store(new_daemon):
    """A daemon after the tutorial's console steps: a user with AmazonS3FullAccess, and a bucket in us-east-2."""
    daemon = new_daemon().start()
    made = pail.pail("user", "create", "django", "--policy", "AmazonS3FullAccess", "--data", daemon.data)
    assert made.returncode == 0, made.stderr
    key = key_in(made.stdout)
    s3 = client_for(daemon.http, key, region="us-east-2")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "us-east-2"})
    return daemon.http, key, s3


def pictures(folder) -> dict[str, object]:
    """Two pictures of the same name in two folders, and a third."""
    named = {"first": ("cat.jpg", "cat.jpg"), "second": ("sunset.jpg", "cat.jpg"), "third": ("bucket.png", "bucket.png")}
    for title, (source, name) in named.items():
        (folder / title).mkdir()
        shutil.copy(MEDIA / source, folder / title / name)
    return {title: folder / title / name for title, (_, name) in named.items()}


@pytest.mark.timeout(240)
@pytest.mark.parametrize("django", ["4.2", "5.2"])
def test_the_tutorial_works_from_its_first_page_to_its_last(store, browser, tmp_path, django):
    endpoint, key, s3 = store
    settings = {"AWS_STORAGE_BUCKET_NAME": BUCKET, "AWS_ENDPOINT_URL_S3": endpoint.virtual_url}
    project = Project(tmp_path, django, **key.environment, **settings)

    # The first half: pictures on the local disk.
    with project.server() as site:
        browser.log_in(site)
        browser.add_post(site, "before the move", MEDIA / "hills-large.jpg")
        browser.open(site)
        assert list(browser.images().values()) == [2400]

    # "We upload the whole images folder within our bucket", and change the settings.
    for file in (project.folder / "media/images").iterdir():
        s3.upload_file(str(file), BUCKET, f"images/{file.name}", ExtraArgs={"ContentType": "image/jpeg"})
    project.add_settings(f"settings-s3-{django}.py")

    # The second half: pictures in the bucket.
    sources = pictures(tmp_path)
    with project.server() as site:
        for title, file in sources.items():
            browser.add_post(site, title, file)
        browser.open(site)
        shown = browser.images()
    assert len(shown) == 4 and all(width > 0 for width in shown.values()), shown
    check_bucket(s3, sources)
    check_links(endpoint, key, list(shown), browser)


def check_bucket(s3, sources):
    """The second cat has a name of its own, and each file is in the bucket byte for byte, with its type."""
    listed = [entry["Key"] for entry in s3.list_objects_v2(Bucket=BUCKET, Prefix="images/")["Contents"]]
    renamed = [key for key in listed if re.fullmatch(r"images/cat_[A-Za-z0-9]{7}\.jpg", key)]
    assert len(renamed) == 1
    assert sorted(listed) == sorted(["images/bucket.png", "images/cat.jpg", "images/hills-large.jpg", *renamed])
    for title, key in [("first", "images/cat.jpg"), ("second", renamed[0]), ("third", "images/bucket.png")]:
        got = s3.get_object(Bucket=BUCKET, Key=key)
        assert body_of(got) == sources[title].read_bytes()
        assert got["ContentType"] == ("image/png" if key.endswith("png") else "image/jpeg")


def check_links(endpoint, key, links, browser):
    """Each picture opens in another tab; the same link bent or past its time opens nowhere."""
    for link in links:
        assert urlsplit(link).netloc == f"{BUCKET}.s3.localhost:{endpoint.port}"
        query = parse_qs(urlsplit(link).query)
        # With a region that never knew the signature of 2006, django-storages signs by SigV4, for an hour.
        assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"] and query["X-Amz-Expires"] == ["3600"]
        assert query["X-Amz-Credential"][0].startswith(f"{key.access}/")
        assert query["X-Amz-Credential"][0].endswith("/us-east-2/s3/aws4_request")
        browser.open(link)
        assert list(browser.images().values())[0] > 0
    link = links[0]
    assert fetch(endpoint, link).status == 200
    bent = link[:-1] + ("0" if link[-1] != "0" else "1")
    renamed = link.replace("/images/", "/other/")
    for wrong in (bent, renamed):
        reply = fetch(endpoint, wrong)
        assert (reply.status, reply.code) == (403, "SignatureDoesNotMatch")
    browser.open(bent)
    assert not browser.images() and "SignatureDoesNotMatch" in browser.driver.page_source
    check_expired(endpoint, key, urlsplit(link))


def check_expired(endpoint, key, parts):
    early = Signer(key, datetime.now(UTC) - timedelta(seconds=3601), "us-east-2")
    reply = fetch(endpoint, f"http://{parts.netloc}{early.presign('GET', parts.path, parts.netloc, 3600)}")
    assert (reply.status, reply.code, unquote(reply.element("Message"))) == (403, "AccessDenied", "Request has expired")
    unsigned = fetch(endpoint, f"http://{parts.netloc}{parts.path}")
    assert (unsigned.status, unsigned.code) == (403, "AccessDenied")
