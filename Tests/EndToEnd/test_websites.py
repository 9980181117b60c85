"""Buckets as websites: by curl, by boto3's configurations, and in a real browser."""

import json
import subprocess

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from clients import client_for, fresh_name, headers_of

PAGES = {
    "index.html": '<!doctype html><title>Home</title><link rel="stylesheet" href="style.css"><a href="docs">Docs</a>',
    "docs/index.html": '<!doctype html><title>Docs</title><a href="../no/such/page">Nowhere</a>',
    "error.html": '<!doctype html><title>Not here</title><a href="/old.html">Old</a>',
    "style.css": "a { color: rgb(1, 2, 3) }",
    "new.html": '<!doctype html><title>New</title><a href="/team/list">Team</a>',
    "people/list": "<!doctype html><title>People</title>",
}
RULE = {"Condition": {"KeyPrefixEquals": "team/"}, "Redirect": {"ReplaceKeyPrefixWith": "people/", "HttpRedirectCode": "302"}}


@pytest.fixture
def site(daemon):
    """A website that anybody may read, and its address."""
    s3, bucket = client_for(daemon.http), fresh_name()
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_website(
        Bucket=bucket,
        WebsiteConfiguration={
            "IndexDocument": {"Suffix": "index.html"},
            "ErrorDocument": {"Key": "error.html"},
            "RoutingRules": [RULE],
        },
    )
    s3.delete_public_access_block(Bucket=bucket)
    allowed = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    listed = {"Effect": "Allow", "Principal": "*", "Action": "s3:ListBucket", "Resource": f"arn:aws:s3:::{bucket}"}
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Statement": [allowed, listed]}))
    for key, text in PAGES.items():
        kind = "text/css" if key.endswith(".css") else "text/html"
        s3.put_object(Bucket=bucket, Key=key, Body=text.encode(), ContentType=kind)
    s3.put_object(Bucket=bucket, Key="old.html", WebsiteRedirectLocation="/new.html")
    return s3, bucket, f"http://{bucket}.s3-website.localhost:{daemon.http.port}"


def curl(url: str, *flags: str) -> tuple[int, dict[str, str], str]:
    """Status, headers by their names in lower case, and body; curl itself resolves names under localhost."""
    command = ["curl", "--silent", "--show-error", "--noproxy", "*", "--dump-header", "-", *flags, url]
    said = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout.replace("\r\n", "\n")
    head, _, body = said.partition("\n\n")
    status, *lines = head.splitlines()
    return int(status.split()[1]), {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in lines)}, body


def test_curl_sees_folders_errors_and_redirects(site):
    s3, bucket, url = site
    assert curl(f"{url}/")[2] == PAGES["index.html"]
    assert curl(f"{url}/docs/")[2] == PAGES["docs/index.html"]
    status, headers, _ = curl(f"{url}/docs")
    assert (status, headers["location"]) == (302, "/docs/")
    status, headers, body = curl(f"{url}/gone")
    assert (status, headers["content-type"], body) == (404, "text/html", PAGES["error.html"])
    status, headers, _ = curl(f"{url}/old.html")
    assert (status, headers["location"]) == (301, "/new.html")
    status, headers, _ = curl(f"{url}/team/list")
    assert (status, headers["location"]) == (302, f"{url}/people/list")
    status, headers, body = curl(f"{url}/style.css", "--range", "0-0")
    assert (status, body) == (206, "a")
    status, _, body = curl(f"{url}/style.css", "--header", f"If-None-Match: {headers['etag']}")
    assert (status, body) == (304, "")
    status, headers, _ = curl(f"{url}/", "--head")
    assert (status, headers["content-length"]) == (200, str(len(PAGES["index.html"])))
    assert curl(f"{url}/", "--request", "POST", "--data", "x")[0] == 405
    s3.delete_object(Bucket=bucket, Key="error.html")
    status, headers, body = curl(f"{url}/gone")
    assert (status, headers["x-amz-error-code"]) == (404, "NoSuchKey")
    assert "<li>Code: NoSuchKey</li>\n<li>Message: The specified key does not exist.</li>\n<li>Key: gone</li>" in body
    s3.delete_bucket_website(Bucket=bucket)
    status, headers, _ = curl(f"{url}/")
    assert (status, headers["x-amz-error-code"]) == (404, "NoSuchWebsiteConfiguration")


def test_every_form_of_the_host_is_the_website(site, daemon):
    _, bucket, _ = site
    for middle in ["s3-website", "s3-website-eu-west-1", "s3-website.eu-west-1"]:
        assert curl(f"http://{bucket}.{middle}.localhost:{daemon.http.port}/")[2] == PAGES["index.html"]


def test_the_api_tells_a_redirect_and_does_not_follow_it(site):
    s3, bucket, _ = site
    assert s3.head_object(Bucket=bucket, Key="old.html")["WebsiteRedirectLocation"] == "/new.html"
    s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "old.html"})
    assert "x-amz-website-redirect-location" not in headers_of(s3.get_object(Bucket=bucket, Key="copy"))
    form = s3.generate_presigned_post(bucket, "form", Fields={"x-amz-website-redirect-location": "/form"}, Conditions=[
        {"x-amz-website-redirect-location": "/form"}])
    fields = [part for name, value in form["fields"].items() for part in ("--form-string", f"{name}={value}")]
    assert curl(form["url"], *fields, "--form", "file=x")[0] == 204
    assert s3.get_object(Bucket=bucket, Key="form")["WebsiteRedirectLocation"] == "/form"


def test_a_browser_walks_through_the_site(site, browser):
    _, _, url = site

    def follow(text: str, title: str) -> str:
        browser.driver.find_element(By.LINK_TEXT, text).click()
        waiting = WebDriverWait(browser.driver, 30, poll_frequency=0.05)
        waiting.until(lambda driver: driver.title == title, browser.driver.page_source)
        return browser.driver.current_url.removeprefix(url)

    browser.open(f"{url}/")
    assert browser.driver.title == "Home"
    assert browser.driver.find_element(By.TAG_NAME, "a").value_of_css_property("color") == "rgba(1, 2, 3, 1)"
    assert follow("Docs", "Docs") == "/docs/"
    assert follow("Nowhere", "Not here") == "/no/such/page"
    assert follow("Old", "New") == "/new.html"
    assert follow("Team", "People") == "/people/list"
