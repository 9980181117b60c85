"""The gallery in Swift, used with a browser: its pictures in a folder, and in a bucket of Pail."""

import re
import shutil
from urllib.parse import parse_qs, urlsplit

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

import pail
from clients import body_of, client_for
from gallery_app import POSTS, Gallery, Visitor
from pail import MEDIA
from test_contract_users import key_in
from test_seed import check_expired
from wire import fetch

BUCKET = "djangotest-section"  # the tutorial's own name


@pytest.fixture
def visitor(tmp_path):
    opened = Visitor(tmp_path / "profile")
    yield opened
    opened.quit()


@pytest.fixture
def store(new_daemon):
    """A daemon after the tutorial's console steps: a user with AmazonS3FullAccess, and a bucket in us-east-2."""
    daemon = new_daemon().start()
    made = pail.pail("user", "create", "gallery", "--policy", "AmazonS3FullAccess", "--data", daemon.data)
    assert made.returncode == 0, made.stderr
    key = key_in(made.stdout)
    s3 = client_for(daemon.http, key, region="us-east-2")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "us-east-2"})
    return daemon.http, key, s3


def settings(endpoint, key) -> dict[str, str]:
    """The seed's own variables, and where the daemon is."""
    return key.environment | {
        "AWS_STORAGE_BUCKET_NAME": BUCKET,
        "AWS_S3_REGION_NAME": "us-east-2",
        "AWS_S3_ADDRESSING_STYLE": "virtual",
        "AWS_ENDPOINT_URL_S3": endpoint.virtual_url,
    }


def pictures(folder) -> list:
    """Two pictures of one name in two folders, and a third."""
    sources = [("first", "cat.jpg", "cat.jpg"), ("second", "sunset.jpg", "cat.jpg"), ("third", "bucket.png", "bucket.png")]
    for name, source, called in sources:
        (folder / name).mkdir()
        shutil.copy(MEDIA / source, folder / name / called)
    return [folder / name / called for name, _, called in sources]


def upload_three(visitor, site, folder) -> list:
    """Adds three posts at once, with titles, and gives their files."""
    files = pictures(folder)
    visitor.log_in(site)
    visitor.choose(site, files)
    titles = visitor.all(".queued .field input")
    assert [title.get_attribute("value") for title in titles] == ["cat", "cat", "bucket"]
    titles[1].clear()
    titles[1].send_keys("A sunset")
    visitor.shoot_all("add")
    visitor.save_all()
    visitor.shoot_all("posts")
    return files


def check_gallery(visitor, site, titles: list[str]) -> list[str]:
    """The page shows every picture, decoded; gives the pictures' own links."""
    visitor.open(site)
    shown = visitor.loaded_images()
    tiles = visitor.all(".tile")
    assert [tile.find_element("css selector", "img").get_attribute("alt") for tile in tiles] == titles
    assert len(shown) >= len(titles) and all(width > 0 for width in shown.values()), shown
    visitor.shoot_all("gallery")
    return [tile.get_attribute("data-original") for tile in tiles]


def check_light_box(visitor, titles: list[str]) -> None:
    """It opens, turns its pages and closes by the keyboard alone."""

    def press(key, title):
        ActionChains(visitor.driver).send_keys(key).perform()
        visitor.wait(lambda: visitor.find(".lightbox .title").text == title)
        visitor.wait(lambda: visitor.driver.execute_script("return document.querySelector('.lightbox img').naturalWidth") > 0)

    visitor.driver.execute_script("document.querySelector('.tile').focus()")
    press(Keys.ENTER, titles[0])
    visitor.shoot_all("light-box")
    press(Keys.ARROW_RIGHT, titles[1])
    press(Keys.ARROW_LEFT, titles[0])
    press(Keys.ARROW_LEFT, titles[-1])
    assert visitor.find(".lightbox .place").text == f"{len(titles)} of {len(titles)}"
    ActionChains(visitor.driver).send_keys(Keys.ESCAPE).perform()
    visitor.wait(lambda: not visitor.find(".lightbox").is_displayed())
    focused = visitor.driver.execute_script("return [...document.querySelectorAll('.tile')].indexOf(document.activeElement)")
    assert focused == len(titles) - 1


@pytest.mark.timeout(240)
def test_pictures_in_a_bucket(store, visitor, tmp_path):
    endpoint, key, s3 = store
    gallery = Gallery(tmp_path, **settings(endpoint, key)).prepare()
    with gallery.server() as site:
        visitor.open(site)
        assert "No pictures yet" in visitor.find("main").text
        visitor.shoot_all("empty")
        files = upload_three(visitor, site, tmp_path)
        titles = ["bucket", "A sunset", "cat"]
        links = check_gallery(visitor, site, titles)
        check_light_box(visitor, titles)
        check_bucket(s3, files)
        check_links(endpoint, key, links)
        check_changes(visitor, site, s3)
    assert not (tmp_path / "media").exists()


def check_bucket(s3, files) -> None:
    """Every file is in the bucket, byte for byte; the second cat has a name of its own; each has its two sizes."""
    keys = [entry["Key"] for entry in s3.list_objects_v2(Bucket=BUCKET)["Contents"]]
    originals = [key for key in keys if "~" not in key]
    renamed = [key for key in originals if re.fullmatch(r"images/cat_[A-Za-z0-9]{7}\.jpg", key)]
    assert len(renamed) == 1 and sorted(originals) == sorted(["images/bucket.png", "images/cat.jpg", *renamed])
    assert len(keys) == 3 * len(originals), keys
    for file, name in zip(files, ["images/cat.jpg", renamed[0], "images/bucket.png"], strict=True):
        got = s3.get_object(Bucket=BUCKET, Key=name)
        assert body_of(got) == file.read_bytes()
        assert got["ContentType"] == ("image/png" if name.endswith("png") else "image/jpeg")


def check_links(endpoint, key, links) -> None:
    """Each picture's link is signed for an hour, and opens nothing when it is bent."""
    for link in links:
        assert urlsplit(link).netloc == f"{BUCKET}.s3.localhost:{endpoint.port}"
        query = parse_qs(urlsplit(link).query)
        assert query["X-Amz-Expires"] == ["3600"]
        assert query["X-Amz-Credential"][0].startswith(f"{key.access}/")
        assert fetch(endpoint, link).status == 200
    link = links[0]
    bent = link[:-1] + ("0" if link[-1] != "0" else "1")
    for wrong in (bent, link.replace("/images/", "/other/"), link.replace("X-Amz-Expires=3600", "X-Amz-Expires=9999")):
        reply = fetch(endpoint, wrong)
        assert (reply.status, reply.code) == (403, "SignatureDoesNotMatch")
    check_expired(endpoint, key, urlsplit(link))


def check_changes(visitor, site, s3) -> None:
    """A title is changed, an image replaced, a post deleted with all its files."""
    visitor.open(f"{site}{POSTS}")
    visitor.press(".rows li:nth-child(1) .what a", f"{POSTS}3/change/")
    title = visitor.find("#title")
    title.clear()
    title.send_keys("Hills")
    visitor.shoot_all("change")
    visitor.type("image", str(MEDIA / "hills-large.jpg"))
    visitor.press("main button[name=_save]", POSTS)
    assert "The post “Hills” was changed successfully." in visitor.message()
    visitor.open(f"{site}/posts/3")
    assert visitor.find("h1").text == "Hills" and all(width > 0 for width in visitor.loaded_images().values())
    visitor.shoot_all("post")
    for number in (3, 2, 1):
        visitor.open(f"{site}{POSTS}{number}/delete/")
        if number == 3:
            visitor.shoot_all("delete")
        visitor.press("main button[type=submit]", POSTS)
    assert "Contents" not in s3.list_objects_v2(Bucket=BUCKET)
    visitor.open(site)
    assert "No pictures yet" in visitor.find("main").text


@pytest.mark.timeout(240)
def test_pictures_in_a_folder(visitor, tmp_path):
    gallery = Gallery(tmp_path).prepare()
    with gallery.server() as site:
        files = upload_three(visitor, site, tmp_path)
        titles = ["bucket", "A sunset", "cat"]
        links = check_gallery(visitor, site, titles)
        check_light_box(visitor, titles)
        assert all(link.startswith("/media/images/") for link in links)
        stored = {file.read_bytes() for file in (tmp_path / "media/images").iterdir()}
        assert {file.read_bytes() for file in files} <= stored
    with gallery.server() as site:
        visitor.open(site)
        assert len(visitor.all(".tile")) == 3, "the posts outlive the process"


@pytest.mark.timeout(240)
def test_a_gallery_moves_from_a_folder_to_a_bucket_by_its_variables_alone(store, visitor, tmp_path):
    endpoint, key, s3 = store
    with Gallery(tmp_path).prepare().server() as site:
        upload_three(visitor, site, tmp_path)
    moved = Gallery(tmp_path, **settings(endpoint, key))
    imported = moved.run("import", "media")
    assert imported.returncode == 0 and "Uploaded 9 files" in imported.stdout, imported.stdout + imported.stderr
    again = moved.run("import", "media")
    assert "Uploaded 0 files" in again.stdout and "9 were there already" in again.stdout
    checked = moved.run("check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert key.secret not in checked.stdout + checked.stderr
    shutil.rmtree(tmp_path / "media")
    s3.delete_object(Bucket=BUCKET, Key="images/cat.jpg~thumb.jpg")
    with moved.server() as site:
        visitor.wait(lambda: "Made the smaller images of images/cat.jpg" in moved.tail())
        check_gallery(visitor, site, ["bucket", "A sunset", "cat"])
    lost = moved.run("check", AWS_STORAGE_BUCKET_NAME="no-such-bucket-anywhere")
    assert lost.returncode != 0 and "NoSuchBucket" in lost.stdout + lost.stderr, lost.stdout


@pytest.mark.timeout(240)
def test_the_plain_form_works_without_scripts(visitor, tmp_path):
    gallery = Gallery(tmp_path).prepare()
    with gallery.server() as site:
        visitor.use_scripts(False)
        visitor.log_in(site)
        visitor.add_plainly(site, "A cat", MEDIA / "cat.jpg")
        visitor.open(f"{site}{POSTS}add/")
        visitor.type("title", "No picture")
        visitor.type("image", str(MEDIA / "film.mp4"))
        visitor.find("main button[name=_save]").click()
        visitor.wait(lambda: visitor.all("#image-error"))
        assert visitor.find("#title").get_attribute("value") == "No picture"
        assert "Upload a valid image." in visitor.find("#image-error").text
        visitor.open(site)
        visitor.find(".tile").click()
        visitor.wait(lambda: urlsplit(visitor.driver.current_url).path == "/posts/1")
        assert visitor.find("h1").text == "A cat"


@pytest.mark.timeout(240)
def test_several_uploads_of_which_one_fails(visitor, tmp_path):
    gallery = Gallery(tmp_path).prepare()
    with gallery.server() as site:
        visitor.log_in(site)
        visitor.choose(site, [MEDIA / "cat.jpg", MEDIA / "film.mp4"])
        visitor.drop("dropped one.png")
        visitor.drop("dropped_two.png")
        titles = [title.get_attribute("value") for title in visitor.all(".queued .field input")]
        assert titles == ["cat", "film", "dropped one", "dropped two"]
        visitor.all(".queued .remove")[2].click()
        visitor.find("main button[name=_save]").click()
        visitor.wait(lambda: "2 saved, 1 not" in visitor.find(".status").text)
        assert len(visitor.all(".queued")) == 1
        assert "Upload a valid image." in visitor.find(".queued .error").text
        visitor.shoot_all("failed")
        visitor.open(f"{site}/nothing")
        visitor.shoot_all("missing")
        assert check_gallery(visitor, site, ["dropped two", "cat"])


@pytest.mark.timeout(240)
def test_a_stranger_sees_the_log_in_form_first(visitor, tmp_path):
    gallery = Gallery(tmp_path).prepare()
    with gallery.server() as site:
        visitor.open(f"{site}{POSTS}add/")
        assert urlsplit(visitor.driver.current_url).path == "/admin/login/"
        visitor.shoot_all("log-in")
        visitor.type("username", "nobody")
        visitor.type("password", "guessed")
        visitor.find("main button[type=submit]").click()
        visitor.wait(lambda: visitor.all("#log-in-error"))
        assert "Please enter a correct username and password." in visitor.find("#log-in-error").text
        visitor.shoot("log-in-refused")


def test_commands_say_what_is_missing(tmp_path):
    gallery = Gallery(tmp_path)
    early = gallery.run("serve", "--port", "0")
    assert early.returncode == 1 and "gallery migrate" in early.stderr
    assert gallery.run("createsuperuser", "--noinput").returncode != 0
    first = gallery.run("migrate")
    assert "Applying gallery.0001_users... OK" in first.stdout and first.returncode == 0
    assert "No migrations to apply." in gallery.run("migrate").stdout
    weak = gallery.run("createsuperuser", GALLERY_SUPERUSER_USERNAME="pius", GALLERY_SUPERUSER_PASSWORD="12345678")
    assert weak.returncode == 1 and "entirely numeric" in weak.stderr
    asked = gallery.run("createsuperuser", typed="pius\nlong enough\nlong enough\n")
    assert asked.returncode == 0 and "Superuser created successfully." in asked.stdout
    again = gallery.run("createsuperuser", typed="pius\n")
    assert again.returncode == 1 and "That username is already taken." in again.stderr
    wrong = gallery.run("serve", "--port", "0", AWS_STORAGE_BUCKET_NAME=BUCKET, AWS_S3_ADDRESSING_STYLE="sideways")
    assert wrong.returncode == 1 and "AWS_S3_ADDRESSING_STYLE" in wrong.stderr
    with gallery.server() as site:
        taken = gallery.run("serve", "--port", str(urlsplit(site).port))
        assert taken.returncode == 1 and "Address already in use" in taken.stderr and "--port" in taken.stderr
    assert (tmp_path / "gallery.sqlite3").stat().st_mode & 0o777 == 0o600
