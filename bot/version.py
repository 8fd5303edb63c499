"""The version of this digestbot, for what is kept of its answers."""

from __future__ import annotations

from functools import cache
from importlib import metadata


@cache
def version() -> str:
    """The installed version; "source" where it runs from a checkout that is not installed."""
    try:
        return metadata.version("digestbot")
    except metadata.PackageNotFoundError:
        return "source"
