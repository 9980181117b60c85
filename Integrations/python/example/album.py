"""A small application that keeps photos in a bucket, as its environment says."""

import os

import boto3
from botocore.exceptions import ClientError


class Album:
    """Photos by their names."""

    def __init__(self):
        self._bucket, self._s3 = os.environ["AWS_STORAGE_BUCKET_NAME"], boto3.client("s3")

    def add(self, name: str, content: bytes) -> None:
        self._s3.put_object(Bucket=self._bucket, Key=f"photos/{name}", Body=content, ContentType="image/jpeg")

    def photo(self, name: str) -> "bytes | None":
        try:
            return self._s3.get_object(Bucket=self._bucket, Key=f"photos/{name}")["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchKey":
                return None
            raise

    def names(self) -> "list[str]":
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix="photos/")
        return [one["Key"].removeprefix("photos/") for page in pages for one in page.get("Contents", [])]

    def link(self, name: str, seconds: int = 300) -> str:
        given = {"Bucket": self._bucket, "Key": f"photos/{name}"}
        return self._s3.generate_presigned_url("get_object", Params=given, ExpiresIn=seconds)
