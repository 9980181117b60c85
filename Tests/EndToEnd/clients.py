"""boto3 clients that hide nothing, and short words for what they answer."""

import itertools
import uuid

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

import pail

numbers = itertools.count(1)


def client_for(endpoint, key=pail.ROOT_KEY, url=None, region="us-east-1", addressing="path", service="s3", **config):
    """A boto3 client that neither retries nor hides anything."""
    settings = {"retries": {"total_max_attempts": 1}, "s3": {"addressing_style": addressing}} | config
    client = boto3.client(
        service,
        endpoint_url=url or endpoint.url,
        region_name=region,
        aws_access_key_id=key.access,
        aws_secret_access_key=key.secret,
        aws_session_token=key.token,
        verify=endpoint.certificate,
        config=Config(**settings),
    )
    client.meta.events.register(f"before-parse.{service}", keeps_secrets)
    return client


def keeps_secrets(response_dict, **_):
    """No error tells a secret, nor does a header of any reply."""
    body = response_dict["body"] if response_dict["status_code"] >= 300 else b""
    told = pail.told(body.decode(errors="replace") + str(response_dict["headers"]))
    assert not told, f"a reply tells {len(told)} secrets"


def fresh_name() -> str:
    return f"bucket-{next(numbers)}-{uuid.uuid4().hex[:8]}"


def refusal(call, **parameters) -> tuple[str, int]:
    """The code and the status with which a call is refused; a call that succeeds fails the test."""
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    answer = caught.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


def body_of(answer) -> bytes:
    with answer["Body"] as stream:
        return stream.read()


def status_of(answer) -> int:
    return answer["ResponseMetadata"]["HTTPStatusCode"]


def headers_of(answer) -> dict[str, str]:
    return answer["ResponseMetadata"]["HTTPHeaders"]
