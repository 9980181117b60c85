"""Who may pass: header signatures, right and wrong, over http and https."""

import base64
import hashlib
import subprocess
from datetime import UTC, datetime, timedelta

import pytest

import pail
from clients import body_of, client_for, fresh_name
from pail import ROOT_KEY, Key
from wire import UNSIGNED, Signer, send, sha256, v2_headers

BODY = b"signed, sealed, delivered"


@pytest.fixture
def path(s3, bucket):
    """The path of one object."""
    s3.put_object(Bucket=bucket, Key="object", Body=BODY)
    return f"/{bucket}/object"


def put(endpoint, path, body=BODY, payload=None, signer=None, sent=None, **more):
    """Puts an object signed over `body`; what is really `sent` may differ, and so may headers."""
    signer = signer or Signer(ROOT_KEY)
    headers = signer.headers("PUT", path, endpoint.host, payload or sha256(body), **more)
    return send(endpoint, "PUT", path, headers, body if sent is None else sent)


def get(endpoint, path, signer=None):
    return send(endpoint, "GET", path, (signer or Signer(ROOT_KEY)).headers("GET", path, endpoint.host))


def test_a_rightly_signed_request_is_served(endpoint, path):
    reply = get(endpoint, path)
    assert (reply.status, reply.body) == (200, BODY)


@pytest.mark.parametrize("payload", ["signed", UNSIGNED])
def test_a_body_may_be_signed_or_not(endpoint, path, payload):
    body = b"new bytes"
    assert put(endpoint, path, body, sha256(body) if payload == "signed" else payload).status == 200
    assert get(endpoint, path).body == body


def test_a_request_without_a_signature_is_denied(endpoint, path):
    for method in ("GET", "PUT", "DELETE"):
        reply = send(endpoint, method, path, {"Host": endpoint.host, "Content-Length": "0"})
        assert (reply.status, reply.code) == (403, "AccessDenied")
    assert send(endpoint, "GET", "/", {"Host": endpoint.host}).status == 403
    assert get(endpoint, path).body == BODY


def test_head_without_a_signature_is_denied_without_a_body(endpoint, path):
    reply = send(endpoint, "HEAD", path, {"Host": endpoint.host})
    assert (reply.status, reply.body) == (403, b"")


def test_a_wrong_secret_is_a_signature_mismatch(endpoint, path):
    reply = get(endpoint, path, Signer(Key(ROOT_KEY.access, "not the secret")))
    assert (reply.status, reply.code) == (403, "SignatureDoesNotMatch")


def test_an_unknown_key_is_an_invalid_access_key_id(endpoint, path):
    reply = get(endpoint, path, Signer(Key("AKIANOBODYKNOWSTHIS", ROOT_KEY.secret)))
    assert (reply.status, reply.code) == (403, "InvalidAccessKeyId")
    assert reply.element("AWSAccessKeyId") == "AKIANOBODYKNOWSTHIS"


def test_a_mismatch_explains_itself_and_never_tells_the_right_signature(endpoint, path):
    wrong = Signer(Key(ROOT_KEY.access, "not the secret"))
    reply = get(endpoint, path, wrong)
    right, _ = Signer(ROOT_KEY, wrong.when).request_signature(
        "GET", path, {"host": endpoint.host, "x-amz-date": wrong.date, "x-amz-content-sha256": sha256(b"")}, sha256(b"")
    )
    assert reply.element("StringToSign").splitlines()[:3] == ["AWS4-HMAC-SHA256", wrong.date, wrong.scope]
    assert reply.element("CanonicalRequest").splitlines()[:2] == ["GET", path]
    assert reply.element("SignatureProvided") and reply.element("StringToSignBytes") and reply.element("CanonicalRequestBytes")
    assert reply.element("AWSAccessKeyId") == ROOT_KEY.access
    assert right.encode() not in reply.body and ROOT_KEY.secret.encode() not in reply.body


@pytest.mark.parametrize(
    "change",
    [
        {"x-amz-meta-a": "altered"},
        {"host": "elsewhere.example"},
        {"x-amz-content-sha256": UNSIGNED},
        {"content-type": "text/html"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_altered_header_is_a_signature_mismatch(endpoint, path, change):
    more = {"x_amz_meta_a": "original", "content_type": "text/plain"}
    headers = Signer(ROOT_KEY).headers("PUT", path, endpoint.host, sha256(b"new"), **more) | change
    reply = send(endpoint, "PUT", path, headers, b"new")
    assert (reply.status, reply.code) == (403, "SignatureDoesNotMatch")
    assert get(endpoint, path).body == BODY


def test_an_amz_header_that_was_not_signed_is_refused(endpoint, path):
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html: every x-amz-* header is signed
    headers = Signer(ROOT_KEY).headers("PUT", path, endpoint.host, sha256(b"new")) | {"x-amz-meta-smuggled": "yes"}
    reply = send(endpoint, "PUT", path, headers, b"new")
    assert (reply.status, reply.code) == (403, "AccessDenied")
    assert get(endpoint, path).body == BODY


def test_another_method_path_or_query_than_was_signed_is_a_mismatch(endpoint, path):
    headers = Signer(ROOT_KEY).headers("GET", path, endpoint.host)
    for method, target in [("DELETE", path), ("GET", f"{path}2"), ("GET", f"{path}?versionId=null")]:
        reply = send(endpoint, method, target, headers)
        assert (reply.status, reply.code) == (403, "SignatureDoesNotMatch"), (method, target)


def test_an_altered_body_is_refused_by_its_hash(endpoint, path):
    reply = put(endpoint, path, body=b"the signed bytes", sent=b"the forged bytes")
    assert (reply.status, reply.code) == (400, "XAmzContentSHA256Mismatch")
    assert get(endpoint, path).body == BODY


def test_an_altered_large_body_is_refused_by_its_hash(endpoint, path):
    body = b"a" * 3_000_000
    reply = put(endpoint, path, body=body, sent=body[:-1] + b"b")
    assert (reply.status, reply.code) == (400, "XAmzContentSHA256Mismatch")
    assert get(endpoint, path).body == BODY


@pytest.mark.parametrize("minutes", [-16, 16])
def test_a_clock_too_far_off_is_refused_with_both_times(endpoint, path, minutes):
    signer = Signer(ROOT_KEY, datetime.now(UTC) + timedelta(minutes=minutes))
    reply = get(endpoint, path, signer)
    assert (reply.status, reply.code) == (403, "RequestTimeTooSkewed")
    assert reply.element("RequestTime") and reply.element("ServerTime")
    assert reply.element("MaxAllowedSkewMilliseconds") == "900000"


@pytest.mark.parametrize("minutes", [-14, 14])
def test_a_clock_a_little_off_is_forgiven(endpoint, path, minutes):
    assert get(endpoint, path, Signer(ROOT_KEY, datetime.now(UTC) + timedelta(minutes=minutes))).status == 200


def test_a_scope_of_another_day_is_refused(endpoint, path):
    signer = Signer(ROOT_KEY)
    headers = signer.headers("GET", path, endpoint.host)
    headers["authorization"] = headers["authorization"].replace(signer.date[:8], "20200101", 1)
    assert send(endpoint, "GET", path, headers).status in (400, 403)


@pytest.mark.parametrize("region", ["us-east-1", "us-east-2", "eu-central-1"])
def test_any_region_is_accepted_unless_pail_is_strict(endpoint, path, region):
    assert get(endpoint, path, Signer(ROOT_KEY, region=region)).body == BODY


@pytest.mark.parametrize(
    "authorization",
    ["", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=x", "AWS4-HMAC-SHA256 " + "=," * 500]
    + ["Basic dXNlcjpwYXNz", "Bearer x", "AWS", "AWS x"],
    ids=range(8),
)
def test_an_authorization_that_is_none_is_refused(endpoint, path, authorization):
    headers = Signer(ROOT_KEY).headers("GET", path, endpoint.host) | {"authorization": authorization}
    reply = send(endpoint, "GET", path, headers)
    assert reply.status in (400, 403)
    assert BODY not in reply.body


def test_a_session_token_is_refused_for_a_key_that_has_none(endpoint, path):
    reply = get(endpoint, path, Signer(Key(ROOT_KEY.access, ROOT_KEY.secret, "a-token-nobody-gave")))
    assert reply.status in (400, 403)
    assert reply.code == "InvalidToken"


def test_a_session_token_is_demanded_of_a_key_that_has_one(new_daemon):
    key = Key("ASIATEMPORARYKEY0001", "temporary-secret-0123456789abcdefgh", "the-session-token/+=")
    with new_daemon("--memory", key=key).start() as daemon:
        name = fresh_name()
        client_for(daemon.http, key).create_bucket(Bucket=name)
        for token in (None, "another-token"):
            reply = get(daemon.http, f"/{name}", Signer(Key(key.access, key.secret, token)))
            assert reply.status in (400, 403), token
        assert get(daemon.http, f"/{name}", Signer(key)).status == 200


def test_the_signature_of_2006_is_verified_in_a_header(endpoint, path):
    reply = send(endpoint, "GET", path, v2_headers(ROOT_KEY, "GET", path, endpoint.host))
    assert (reply.status, reply.body) == (200, BODY)
    wrong = send(endpoint, "GET", path, v2_headers(Key(ROOT_KEY.access, "wrong"), "GET", path, endpoint.host))
    assert (wrong.status, wrong.code) == (403, "SignatureDoesNotMatch")
    late = v2_headers(ROOT_KEY, "GET", path, endpoint.host, datetime.now(UTC) - timedelta(minutes=16))
    assert send(endpoint, "GET", path, late).code == "RequestTimeTooSkewed"


def test_sigv4_only_refuses_the_signature_of_2006_in_amazons_words(new_daemon):
    with new_daemon("--memory", "--sigv4-only").start() as daemon:
        reply = send(daemon.http, "GET", "/", v2_headers(ROOT_KEY, "GET", "/", daemon.http.host))
        assert (reply.status, reply.code) == (400, "InvalidRequest")
        assert "Please use AWS4-HMAC-SHA256" in reply.element("Message")


def curl(endpoint, *arguments):
    trust = ["--cacert", endpoint.certificate] if endpoint.certificate else []
    user = ["--user", f"{ROOT_KEY.access}:{ROOT_KEY.secret}", "--aws-sigv4", "aws:amz:us-east-1:s3"]
    command = ["curl", "--silent", "--show-error", "--max-time", "30", *trust, *user, *arguments]
    return subprocess.run(command, env=pail.clean_environment(), capture_output=True, check=True)


def test_curl_signs_without_a_payload_hash_and_is_served(endpoint, s3, bucket, tmp_path):
    # curl 7.88, Debian's, sends no x-amz-content-sha256: the body that came is what was signed.
    # (With --upload-file it signs no body at all and sends one, which no server can accept.)
    source = tmp_path / "body"
    source.write_bytes(BODY * 5000)
    where = f"{endpoint.url}/{bucket}/curl"
    assert curl(endpoint, "--request", "PUT", "--data-binary", f"@{source}", "--write-out", "%{http_code}", where).stdout.endswith(b"200")
    assert curl(endpoint, where).stdout == BODY * 5000
    assert s3.head_object(Bucket=bucket, Key="curl")["ETag"] == f'"{hashlib.md5(BODY * 5000).hexdigest()}"'


def test_an_alias_is_the_same_host_and_any_other_is_not(new_daemon, unused_port):
    aliases = ["--alias", "s3:9000", "--alias", f"localhost:{unused_port}"]
    with new_daemon("--memory", *aliases, port=unused_port).start() as daemon:
        s3 = client_for(daemon.http)
        s3.create_bucket(Bucket="aliased")
        s3.put_object(Bucket="aliased", Key="object", Body=BODY)
        assert body_of(s3.get_object(Bucket="aliased", Key="object")) == BODY
        for signed_for, status in [("s3:9000", 200), ("other:9000", 403)]:
            target = Signer(ROOT_KEY).presign("GET", "/aliased/object", signed_for)
            reply = send(daemon.http, "GET", target, {"Host": daemon.http.host})
            assert reply.status == status, signed_for


def test_an_object_over_five_gibibytes_is_refused_before_its_first_byte(endpoint, bucket):
    more = {"content_length": str(5 * 1024**3 + 1), "expect": "100-continue"}
    headers = Signer(ROOT_KEY).headers("PUT", f"/{bucket}/huge", endpoint.host, UNSIGNED, **more)
    reply = send(endpoint, "PUT", f"/{bucket}/huge", headers)
    assert (reply.status, reply.code) == (400, "EntityTooLarge")


def test_a_put_that_does_not_tell_its_length_is_refused(endpoint, bucket):
    headers = Signer(ROOT_KEY).headers("PUT", f"/{bucket}/x", endpoint.host, UNSIGNED)
    reply = send(endpoint, "PUT", f"/{bucket}/x", headers)
    assert (reply.status, reply.code) == (411, "MissingContentLength")


def test_a_wrong_content_md5_of_a_raw_put_is_a_bad_digest(endpoint, path):
    wrong = base64.b64encode(hashlib.md5(b"other").digest()).decode()
    reply = put(endpoint, path, b"new", content_md5=wrong)
    assert (reply.status, reply.code) == (400, "BadDigest")
    assert get(endpoint, path).body == BODY
