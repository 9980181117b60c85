"""Cross-origin requests: the rules by boto3, and a page on another origin that uploads and reads in a real browser."""

import json

from selenium.webdriver.support.ui import WebDriverWait

from clients import body_of, client_for, fresh_name, refusal
from pages import served

RULE = {
    "ID": "pages",
    "AllowedHeaders": ["content-type", "x-amz-*"],
    "AllowedMethods": ["GET", "PUT"],
    "AllowedOrigins": ["http://127.0.0.1:*"],
    "ExposeHeaders": ["ETag"],
    "MaxAgeSeconds": 5,
}

PAGE = """<!doctype html><meta charset="utf-8"><title>working</title>
<script>
const {put, get, gone} = %s;
async function go() {
  const sent = await fetch(put, {method: "PUT", headers: {"Content-Type": "text/plain"}, body: "from a page elsewhere"});
  const read = await fetch(get), missing = await fetch(gone);
  return [sent.status, sent.headers.get("ETag"), await read.text(), missing.status, (await missing.text()).includes("NoSuchKey")];
}
go().then(said => document.title = JSON.stringify(said), error => document.title = "refused: " + error);
</script>
"""


def test_rules_are_put_told_and_removed(s3, bucket):
    assert refusal(s3.get_bucket_cors, Bucket=bucket) == ("NoSuchCORSConfiguration", 404)
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [RULE]})
    assert s3.get_bucket_cors(Bucket=bucket)["CORSRules"] == [RULE]
    s3.delete_bucket_cors(Bucket=bucket)
    assert refusal(s3.get_bucket_cors, Bucket=bucket) == ("NoSuchCORSConfiguration", 404)


def said_by(browser, text: str) -> str:
    with served({"/": text}) as origin:
        browser.open(f"{origin}/")
        WebDriverWait(browser.driver, 30, poll_frequency=0.05).until(lambda driver: driver.title != "working")
        return browser.driver.title


def test_a_page_on_another_origin_uploads_and_reads_by_presigned_urls(daemon, browser):
    s3, bucket = client_for(daemon.http), fresh_name()
    s3.create_bucket(Bucket=bucket)
    place = {"Bucket": bucket, "Key": "von einer Seite.txt"}
    urls = {
        "put": s3.generate_presigned_url("put_object", Params=place | {"ContentType": "text/plain"}),
        "get": s3.generate_presigned_url("get_object", Params=place),
        "gone": s3.generate_presigned_url("get_object", Params=place | {"Key": "gone"}),
    }
    text = PAGE % json.dumps(urls)
    assert said_by(browser, text).startswith("refused: TypeError")
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0

    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [RULE]})
    said = json.loads(said_by(browser, text))
    got = s3.get_object(**place)
    assert said == [200, got["ETag"], "from a page elsewhere", 404, True]
    assert body_of(got) == b"from a page elsewhere"
