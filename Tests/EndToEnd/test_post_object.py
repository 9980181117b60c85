"""Uploads by form: signed by boto3 in both versions, sent by requests, by curl, and by a real browser from a page of its own."""

import base64
import hashlib
import json
import subprocess
from html import escape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree

import pytest
import requests
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

import pail
from checksums import checksum, content_md5
from clients import body_of, client_for
from pages import served
from pail import MEDIA
from test_contract_users import key_in

CAT = MEDIA / "cat.jpg"
VERSIONS = ["s3v4", "s3"]


@pytest.fixture(params=VERSIONS)
def signer(request, endpoint):
    """A client that signs forms in each version."""
    return client_for(endpoint, signature_version=request.param)


def post(endpoint, form, file, after=None):
    """Sends a form as requests does: the fields first, then the file, then whatever else."""
    parts = [(name, (None, value)) for name, value in form["fields"].items()]
    parts += [("file", file), *(after or [])]
    verify = endpoint.certificate or True
    return requests.post(form["url"], files=parts, verify=verify, allow_redirects=False, timeout=30)


def code_of(reply) -> str | None:
    return ElementTree.fromstring(reply.content).findtext("Code") if reply.content else None


def message_of(reply) -> str | None:
    return ElementTree.fromstring(reply.content).findtext("Message")


def test_boto3_signs_and_requests_sends(endpoint, s3, signer, bucket):
    form = signer.generate_presigned_post(bucket, "in/cat.jpg", ExpiresIn=60)
    reply = post(endpoint, form, ("whatever.jpg", CAT.open("rb")))
    assert reply.status_code == 204, reply.text
    assert reply.content == b""
    got = s3.get_object(Bucket=bucket, Key="in/cat.jpg")
    assert body_of(got) == CAT.read_bytes()
    assert reply.headers["etag"] == got["ETag"]
    assert reply.headers["location"] == f"{endpoint.url}/{bucket}/in%2Fcat.jpg"


@pytest.mark.parametrize("name", ["a b+c.jpg", "日本語 ü.jpg", "100%.jpg", "it's;a,b.jpg", "..", "back\\slash.jpg"])
def test_the_files_name_becomes_part_of_the_key(endpoint, s3, signer, bucket, name):
    form = signer.generate_presigned_post(bucket, "in/${filename}", ExpiresIn=60)
    assert post(endpoint, form, (name, b"meow")).status_code == 204
    listed = [entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket)["Contents"]]
    assert listed == [f"in/{name.rpartition(chr(92))[2]}"]


def test_what_the_form_says_of_the_object_is_kept(endpoint, s3, signer, bucket):
    fields = {
        "Content-Type": "image/jpeg",
        "Cache-Control": "max-age=60",
        "Content-Disposition": 'attachment; filename="cat.jpg"',
        "acl": "bucket-owner-full-control",
        "x-amz-meta-who": "Tom",
        "x-amz-storage-class": "STANDARD_IA",
        "Content-MD5": content_md5(b"meow"),
        "x-amz-checksum-crc32": checksum("CRC32", b"meow"),
    }
    conditions = [{name: value} for name, value in fields.items()]
    form = signer.generate_presigned_post(bucket, "cat", Fields=fields, Conditions=conditions, ExpiresIn=60)
    reply = post(endpoint, form, ("cat.jpg", b"meow"))
    assert reply.status_code == 204, reply.text
    got = s3.head_object(Bucket=bucket, Key="cat", ChecksumMode="ENABLED")
    assert (got["ContentType"], got["CacheControl"], got["Metadata"]) == ("image/jpeg", "max-age=60", {"who": "Tom"})
    assert got["ContentDisposition"] == 'attachment; filename="cat.jpg"' and got["StorageClass"] == "STANDARD_IA"
    assert got["ChecksumCRC32"] == checksum("CRC32", b"meow")


def test_status_201_says_where_the_object_is(endpoint, s3, signer, bucket):
    field = {"success_action_status": "201"}
    form = signer.generate_presigned_post(bucket, "a b/ü.jpg", Fields=field, Conditions=[field])
    reply = post(endpoint, form, ("cat.jpg", CAT.open("rb")))
    assert (reply.status_code, reply.headers["content-type"]) == (201, "application/xml")
    said = {element.tag: element.text for element in ElementTree.fromstring(reply.content)}
    assert list(said) == ["Location", "Bucket", "Key", "ETag"]
    assert (said["Bucket"], said["Key"]) == (bucket, "a b/ü.jpg")
    assert said["ETag"] == f'"{hashlib.md5(CAT.read_bytes()).hexdigest()}"' == reply.headers["etag"]
    assert said["Location"] == f"{endpoint.url}/{bucket}/a%20b%2F%C3%BC.jpg" == reply.headers["location"]
    assert body_of(s3.get_object(Bucket=bucket, Key="a b/ü.jpg")) == CAT.read_bytes()


@pytest.mark.parametrize("version", VERSIONS)
def test_the_bucket_may_be_in_the_host(endpoint, s3, bucket, version):
    client = client_for(endpoint, url=endpoint.virtual_url, addressing="virtual", signature_version=version)
    form = client.generate_presigned_post(bucket, "cat.jpg")
    assert urlsplit(form["url"]).hostname == f"{bucket}.s3.localhost"
    reply = post(endpoint, form, ("cat.jpg", b"meow"))
    assert reply.status_code == 204, reply.text
    assert reply.headers["location"] == f"{endpoint.scheme}://{bucket}.s3.localhost:{endpoint.port}/cat.jpg"
    assert body_of(s3.get_object(Bucket=bucket, Key="cat.jpg")) == b"meow"


def test_a_size_out_of_range_stores_nothing(endpoint, s3, signer, bucket):
    form = signer.generate_presigned_post(bucket, "cat.jpg", Conditions=[["content-length-range", 10, 100_000]])
    for size, code in [(9, "EntityTooSmall"), (100_001, "EntityTooLarge"), (20_000_000, "EntityTooLarge")]:
        reply = post(endpoint, form, ("cat.jpg", b"x" * size))
        assert (reply.status_code, code_of(reply)) == (400, code)
        assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0
    for size in [10, 100_000]:
        assert post(endpoint, form, ("cat.jpg", b"x" * size)).status_code == 204
        assert s3.head_object(Bucket=bucket, Key="cat.jpg")["ContentLength"] == size


def test_what_the_policy_does_not_allow_is_denied(endpoint, s3, signer, bucket):
    form = signer.generate_presigned_post(bucket, "in/${filename}", Conditions=[["starts-with", "$Content-Type", "image/"]])
    fields = form["fields"]
    form["fields"] = {**fields, "Content-Type": "text/html"}
    assert message_of(post(endpoint, form, ("a", b"x"))) == (
        'Invalid according to Policy: Policy Condition failed: ["starts-with", "$Content-Type", "image/"]'
    )
    form["fields"] = {**fields, "key": "elsewhere", "Content-Type": "image/png"}
    assert code_of(post(endpoint, form, ("a", b"x"))) == "AccessDenied"
    form["fields"] = {"x-amz-meta-a": "b", **fields, "Content-Type": "image/png"}
    assert message_of(post(endpoint, form, ("a", b"x"))) == "Invalid according to Policy: Extra input fields: x-amz-meta-a"
    form["fields"] = {"x-ignore-a": "b", **fields, "Content-Type": "image/png"}
    assert post(endpoint, form, ("a", b"x"), after=[("submit", (None, "Upload"))]).status_code == 204
    assert [entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["in/a"]


def test_an_expired_form_is_denied(endpoint, signer, bucket):
    form = signer.generate_presigned_post(bucket, "cat.jpg", ExpiresIn=-1)
    reply = post(endpoint, form, ("cat.jpg", b"meow"))
    assert (reply.status_code, code_of(reply)) == (403, "AccessDenied")
    assert message_of(reply) == "Invalid according to Policy: Policy expired."


def test_a_form_that_was_tampered_with_is_denied(endpoint, s3, signer, bucket):
    form = signer.generate_presigned_post(bucket, "cat.jpg", Conditions=[["content-length-range", 1, 2]])
    policy = json.loads(base64.b64decode(form["fields"]["policy"]))
    assert policy["conditions"].pop(0) == ["content-length-range", 1, 2]
    form["fields"]["policy"] = base64.b64encode(json.dumps(policy).encode()).decode()
    reply = post(endpoint, form, ("cat.jpg", b"meow"))
    assert (reply.status_code, code_of(reply)) == (403, "SignatureDoesNotMatch")
    assert ElementTree.fromstring(reply.content).findtext("StringToSign") == form["fields"]["policy"]
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_a_form_without_a_policy_is_nobodys(endpoint, bucket):
    form = {"url": f"{endpoint.url}/{bucket}", "fields": {"key": "cat.jpg"}}
    reply = post(endpoint, form, ("cat.jpg", b"meow"))
    assert (reply.status_code, code_of(reply), message_of(reply)) == (403, "AccessDenied", "Access Denied")


def test_a_signer_who_may_not_put_cannot_let_others_put(new_daemon):
    daemon = new_daemon().start()
    client_for(daemon.http).create_bucket(Bucket="photos")
    made = pail.pail("user", "create", "reader", "--policy", "AmazonS3ReadOnlyAccess", "--data", daemon.data)
    form = client_for(daemon.http, key_in(made.stdout)).generate_presigned_post("photos", "cat.jpg")
    reply = post(daemon.http, form, ("cat.jpg", b"meow"))
    assert (reply.status_code, code_of(reply)) == (403, "AccessDenied")


def test_only_version_4_where_the_daemon_wants_it(new_daemon):
    daemon = new_daemon("--sigv4-only").start()
    s3 = client_for(daemon.http)
    s3.create_bucket(Bucket="photos")
    for version, status in [("s3", 400), ("s3v4", 204)]:
        form = client_for(daemon.http, signature_version=version).generate_presigned_post("photos", "cat.jpg")
        assert post(daemon.http, form, ("cat.jpg", b"meow")).status_code == status


def test_a_large_file_takes_no_memory(new_daemon):
    """256 MiB through a form; the daemon's peak must stay far below."""
    daemon = new_daemon().start()
    s3 = client_for(daemon.http)
    s3.create_bucket(Bucket="photos")
    form = s3.generate_presigned_post("photos", "large", Conditions=[["content-length-range", 0, 1 << 30]])
    done = curl(daemon.http, form, "/dev/stdin", feed=1 << 28)
    assert done == "204"
    assert s3.head_object(Bucket="photos", Key="large")["ContentLength"] == 1 << 28
    assert daemon.resident_peak() < 100 << 20


def curl(endpoint, form, file, *more, feed=0) -> str:
    """Sends a form by `curl -F`, and returns the status; `feed` bytes may come from standard input."""
    command = ["curl", "--silent", "--show-error", "--output", "/dev/null", "--write-out", "%{http_code}", *more]
    command += ["--cacert", endpoint.certificate] if endpoint.certificate else []
    for name, value in form["fields"].items():
        command += ["--form-string", f"{name}={value}"]
    process = subprocess.Popen(
        [*command, "-F", f"file=@{file}", form["url"]],
        env=pail.clean_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    piece = bytes(range(256)) * 4096
    try:
        for _ in range(feed // len(piece)):
            process.stdin.write(piece)
    except BrokenPipeError:
        pass
    said, failed = process.communicate(timeout=120)
    assert process.returncode == 0, failed.decode()
    return said.decode()


def test_curl_sends_it(endpoint, s3, signer, bucket):
    form = signer.generate_presigned_post(bucket, "in/${filename}", ExpiresIn=60)
    assert curl(endpoint, form, CAT) == "204"
    assert body_of(s3.get_object(Bucket=bucket, Key="in/cat.jpg")) == CAT.read_bytes()
    assert curl(endpoint, form, CAT, "--header", "Transfer-Encoding: chunked", "--header", "Expect: 100-continue") == "204"


PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Upload</title>
<form action="{url}" method="post" enctype="multipart/form-data">{fields}<input type="file" name="file"><button name="submit">Upload</button></form>
"""


def page(form):
    """A page with the form on it, and another to come back to."""
    hidden = "".join(f'<input type="hidden" name="{escape(n)}" value="{escape(v)}">' for n, v in form["fields"].items())
    upload = PAGE.format(url=escape(form["url"]), fields=hidden)
    return served({"/upload": upload, "/done": "<!doctype html><title>Thank you</title>"}, form["port"])


@pytest.mark.parametrize("version", VERSIONS)
def test_a_browser_uploads_from_a_page_elsewhere_and_comes_back(daemon, browser, unused_port, tmp_path, version):
    """A form on another origin posts a file; `success_action_redirect` brings the browser back to that page's site."""
    name = 'a "quoted" 100% ü.jpg'
    picture = Path(tmp_path / name)
    picture.write_bytes(CAT.read_bytes())
    s3 = client_for(daemon.http, signature_version=version)
    bucket = f"from-a-browser-{version}"
    client_for(daemon.http).create_bucket(Bucket=bucket)
    done = f"http://127.0.0.1:{unused_port}/done"
    given = {"success_action_redirect": done, "Content-Type": "image/jpeg"}
    form = s3.generate_presigned_post(
        bucket,
        "in/${filename}",
        Fields=given,
        Conditions=[{n: v} for n, v in given.items()] + [["content-length-range", 1, 10_000_000]],
    )
    with page({**form, "port": unused_port}) as site:
        browser.open(f"{site}/upload")
        browser.type("file", str(picture))
        browser.driver.find_element(By.CSS_SELECTOR, "button").click()
        waiting = WebDriverWait(browser.driver, 30, poll_frequency=0.05)
        waiting.until(lambda driver: driver.title == "Thank you", browser.driver.page_source)
        came = urlsplit(browser.driver.current_url)
    # Browsers write quotation marks in a file's name as %22, and no server can tell that from a name with %22.
    stored = f"in/{name.replace(chr(34), '%22')}"
    etag = f'"{hashlib.md5(CAT.read_bytes()).hexdigest()}"'
    assert f"{came.scheme}://{came.netloc}{came.path}" == done
    assert parse_qsl(came.query) == [("bucket", bucket), ("key", stored), ("etag", etag)]
    got = s3.get_object(Bucket=bucket, Key=stored)
    assert (body_of(got), got["ContentType"]) == (CAT.read_bytes(), "image/jpeg")
    link = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": stored})
    browser.open(link)
    assert list(browser.images().values())[0] > 0
