"""An S3 of its own for each test: fixtures over Pail."""

from .api import PailError
from .daemon import Daemon
from .tenant import Tenant

__all__ = ["Daemon", "PailError", "Tenant"]
