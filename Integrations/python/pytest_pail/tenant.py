"""An S3 of one's own inside a daemon: its buckets, keys, clock, faults and record of calls."""

import dataclasses

from .api import PailError, ask
from .daemon import Address


class Tenant:
    """A tenant of a daemon; nobody else sees its buckets, and it sees nobody's."""

    def __init__(self, daemon: Address, name: str, *buckets: str):
        self._daemon = daemon
        made = ask(daemon, "POST", "tenants", {"name": name, "buckets": list(buckets)})
        self.name = name
        self.endpoint_url, self.region = daemon.url, made["region"]
        self.access_key, self.secret_key = made["accessKey"], made["secretKey"]
        self.hosts = made["hosts"]
        self._own = dataclasses.replace(daemon, access_key=self.access_key, secret_key=self.secret_key)

    def ask(self, method: str, path: str, body: "dict | None" = None, **query):
        """Asks for anything below `/_pail/` with this tenant's root key."""
        return ask(self._own, method, path, body, query)

    @property
    def environment(self) -> "dict[str, str]":
        """The variables by which AWS's clients find this tenant."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ENDPOINT_URL_S3": self.endpoint_url,
            "AWS_S3_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_REGION": self.region,
        }

    def client(self, service: str = "s3", **more):
        """A client of boto3's for this tenant, which must be installed."""
        import boto3

        return boto3.client(
            service,
            endpoint_url=self.endpoint_url,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            region_name=self.region,
            **more,
        )

    def make_bucket(self, name: str) -> str:
        self.client().create_bucket(Bucket=name, **self._location())
        return name

    def _location(self) -> dict:
        if self.region == "us-east-1":
            return {}
        return {"CreateBucketConfiguration": {"LocationConstraint": self.region}}

    # To and fro

    def reset(self) -> None:
        """Back to how it was made: its buckets, empty; no fault, no record, the machine's clock."""
        self.ask("POST", "reset", {"to": "seed"})
        self.clear_faults()
        self.real_time()
        self.ask("PUT", "recorder", {"on": False})
        self.ask("DELETE", "calls")

    def snapshot(self, name: str) -> None:
        self.ask("POST", "snapshots", {"name": name})

    def restore(self, name: str) -> None:
        self.ask("POST", f"snapshots/{name}/restore")

    def seed(self, folder) -> dict:
        """Puts a folder into it: its first level are buckets."""
        return self.ask("POST", "seed", {"folder": str(folder)})

    def drop(self) -> None:
        try:
            ask(self._daemon, "DELETE", f"tenants/{self.name}")
        except PailError as error:
            if error.status != 404:
                raise

    # Faults

    def fault(self, kind: str, *, effect: "dict | None" = None, **rule) -> str:
        """Adds a rule, such as `fault("error", effect={"code": "SlowDown"}, operation="GetObject", nth=2)`; its name."""
        return self.ask("POST", "faults", {"effect": {"kind": kind, **(effect or {})}, **rule})["id"]

    def faults(self) -> "list[dict]":
        return self.ask("GET", "faults")["faults"]

    def clear_faults(self) -> None:
        self.ask("DELETE", "faults")

    # The clock

    def freeze(self, at: "str | None" = None) -> None:
        """Stops the clock, at a moment such as `2030-01-01T00:00:00Z` or where it is."""
        self.ask("POST", "clock/freeze", {"at": at} if at else {})

    def move(self, **amounts: float) -> None:
        """Moves the clock on by days, hours, minutes, seconds and milliseconds."""
        self.ask("POST", "clock/move", amounts)

    def real_time(self) -> None:
        self.ask("POST", "clock/real")

    # The record

    def record(self) -> None:
        """Begins to record calls."""
        self.ask("PUT", "recorder", {"on": True})

    def calls(self, operation: "str | None" = None, **filters) -> "list[dict]":
        """The calls that were recorded, such as `calls("PutObject", key="cat.jpg")`."""
        given = {"operation": operation, **filters}
        return self.ask("GET", "calls", **{name: value for name, value in given.items() if value is not None})["calls"]
