"""URLs that carry their own permission: signed by SigV4 and by the signature of 2006, over http and https."""

from datetime import UTC, datetime, timedelta

import pytest

from clients import body_of, client_for
from pail import ROOT_KEY, Key
from wire import Signer, fetch, send, v2_presign

BODY = b"whoever has the link"


@pytest.fixture
def path(s3, bucket):
    s3.put_object(Bucket=bucket, Key="object", Body=BODY, ContentType="text/plain")
    return f"/{bucket}/object"


def opened(endpoint, target, method="GET", body=b"", **headers):
    return send(endpoint, method, target, {"Host": endpoint.host, **headers}, body)


@pytest.mark.parametrize("version", ["s3v4", "s3"])
@pytest.mark.parametrize("addressing", ["path", "virtual"])
def test_boto3_makes_a_url_that_opens(endpoint, bucket, path, version, addressing):
    url = endpoint.url if addressing == "path" else endpoint.virtual_url
    client = client_for(endpoint, url=url, addressing=addressing, signature_version=version)
    link = client.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "object"}, ExpiresIn=60)
    assert ("X-Amz-Signature" in link) == (version == "s3v4")
    reply = fetch(endpoint, link)
    assert (reply.status, reply.body, reply.headers["content-type"]) == (200, BODY, "text/plain")


@pytest.mark.parametrize("version", ["s3v4", "s3"])
def test_a_url_may_name_the_headers_of_its_reply(endpoint, bucket, path, version):
    client = client_for(endpoint, signature_version=version)
    asked = {"Bucket": bucket, "Key": "object", "ResponseContentDisposition": 'attachment; filename="my file.txt"'}
    reply = fetch(endpoint, client.generate_presigned_url("get_object", Params=asked))
    assert (reply.status, reply.headers["content-disposition"]) == (200, 'attachment; filename="my file.txt"')


@pytest.mark.parametrize("version", ["s3v4", "s3"])
def test_a_url_may_be_put_to(endpoint, s3, bucket, version):
    client = client_for(endpoint, signature_version=version)
    link = client.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "dropped"}, ExpiresIn=60)
    target = link[len(endpoint.url) :]
    assert opened(endpoint, target, "PUT", b"from a browser").status == 200
    assert body_of(s3.get_object(Bucket=bucket, Key="dropped")) == b"from a browser"


def test_a_url_of_version_2_brings_the_metadata_that_it_was_made_with(endpoint, s3, bucket):
    client = client_for(endpoint, signature_version="s3")
    asked = {"Bucket": bucket, "Key": "dropped", "Metadata": {"colour": "red"}, "StorageClass": "STANDARD_IA"}
    link = client.generate_presigned_url("put_object", Params=asked, ExpiresIn=60)
    assert "x-amz-meta-colour=red" in link
    assert opened(endpoint, link[len(endpoint.url) :], "PUT", b"x").status == 200
    told = s3.head_object(Bucket=bucket, Key="dropped")
    assert (told["Metadata"], told["StorageClass"]) == ({"colour": "red"}, "STANDARD_IA")


def test_a_v4_url_past_its_time_is_denied(endpoint, path):
    early = Signer(ROOT_KEY, datetime.now(UTC) - timedelta(seconds=61))
    reply = opened(endpoint, early.presign("GET", path, endpoint.host, expires=60))
    assert (reply.status, reply.code, reply.element("Message")) == (403, "AccessDenied", "Request has expired")
    assert reply.element("Expires") and reply.element("ServerTime") and reply.element("X-Amz-Expires") == "60"


def test_a_v4_url_lives_longer_than_the_clock_of_a_header(endpoint, path):
    early = Signer(ROOT_KEY, datetime.now(UTC) - timedelta(days=6))
    assert opened(endpoint, early.presign("GET", path, endpoint.host, expires=604_800)).body == BODY


@pytest.mark.parametrize("expires", ["604801", "-1", "soon", "99999999999999999999"])
def test_a_v4_url_lives_a_week_at_most(endpoint, path, expires):
    reply = opened(endpoint, Signer(ROOT_KEY).presign("GET", path, endpoint.host, expires=expires))
    assert (reply.status, reply.code) == (400, "AuthorizationQueryParametersError")


def test_a_v4_url_of_tomorrow_is_denied(endpoint, path):
    late = Signer(ROOT_KEY, datetime.now(UTC) + timedelta(hours=1))
    reply = opened(endpoint, late.presign("GET", path, endpoint.host))
    assert (reply.status, reply.code) == (403, "AccessDenied")


@pytest.mark.parametrize("part", ["X-Amz-Signature", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders"])
def test_a_v4_url_that_lacks_a_part_is_refused(endpoint, path, part):
    base, _, query = Signer(ROOT_KEY).presign("GET", path, endpoint.host).partition("?")
    left = "&".join(p for p in query.split("&") if not p.startswith(f"{part}="))
    reply = opened(endpoint, f"{base}?{left}")
    assert (reply.status, reply.code) == (400, "AuthorizationQueryParametersError")


def test_a_tampered_v4_url_is_a_signature_mismatch(endpoint, path):
    link = Signer(ROOT_KEY).presign("GET", path, endpoint.host)
    flipped = link[:-1] + ("0" if link[-1] != "0" else "1")
    longer, elsewhere = link.replace("Expires=300", "Expires=301"), link.replace("/object?", "/other?")
    for changed in [flipped, longer, elsewhere, f"{link}&response-content-type=text/html"]:
        reply = opened(endpoint, changed)
        assert (reply.status, reply.code) == (403, "SignatureDoesNotMatch"), changed
    assert opened(endpoint, link, "DELETE").code == "SignatureDoesNotMatch"


def test_a_v4_url_signed_for_another_host_says_which(endpoint, path):
    reply = opened(endpoint, Signer(ROOT_KEY).presign("GET", path, "s3:9000"))
    assert (reply.status, reply.code) == (403, "SignatureDoesNotMatch")
    assert f"host:{endpoint.host}" in reply.element("CanonicalRequest")


def test_a_v4_url_of_a_wrong_or_unknown_key_is_refused(endpoint, path):
    wrong = Signer(Key(ROOT_KEY.access, "wrong")).presign("GET", path, endpoint.host)
    assert opened(endpoint, wrong).code == "SignatureDoesNotMatch"
    unknown = Signer(Key("AKIANOBODYKNOWSTHIS", "wrong")).presign("GET", path, endpoint.host)
    assert opened(endpoint, unknown).code == "InvalidAccessKeyId"


def test_a_v2_url_opens_until_its_time(endpoint, path):
    assert opened(endpoint, v2_presign(ROOT_KEY, "GET", path)).body == BODY
    past = opened(endpoint, v2_presign(ROOT_KEY, "GET", path, timedelta(seconds=-1)))
    assert (past.status, past.code, past.element("Message")) == (403, "AccessDenied", "Request has expired")


def test_a_v2_url_that_expires_at_zero_is_expired(endpoint, path):
    link = v2_presign(ROOT_KEY, "GET", path)
    reply = opened(endpoint, link.rpartition("=")[0] + "=0")
    assert (reply.status, reply.code, reply.element("Message")) == (403, "AccessDenied", "Request has expired")


def test_a_tampered_v2_url_is_a_signature_mismatch(endpoint, path):
    link = v2_presign(ROOT_KEY, "GET", path)
    prolonged = link.rpartition("=")[0] + f"={int(datetime.now(UTC).timestamp()) + 90_000}"
    for changed in [prolonged, link.replace("/object?", "/other?"), link.replace("Signature=", "Signature=A")]:
        reply = opened(endpoint, changed)
        assert (reply.status, reply.code) == (403, "SignatureDoesNotMatch"), changed
    assert opened(endpoint, link, "DELETE").code == "SignatureDoesNotMatch"


def test_a_link_to_a_missing_object_says_so(endpoint, path):
    assert opened(endpoint, Signer(ROOT_KEY).presign("GET", f"{path}-none", endpoint.host)).code == "NoSuchKey"


def test_a_link_serves_ranges_for_players(endpoint, path):
    link = Signer(ROOT_KEY).presign("GET", path, endpoint.host)
    reply = opened(endpoint, link, Range="bytes=0-6")
    assert (reply.status, reply.body) == (206, BODY[:7])


def test_two_ways_of_signing_at_once_are_refused(endpoint, path):
    link = Signer(ROOT_KEY).presign("GET", path, endpoint.host)
    headers = Signer(ROOT_KEY).headers("GET", link, endpoint.host)
    reply = send(endpoint, "GET", link, headers)
    assert (reply.status, reply.code) == (400, "InvalidArgument")
