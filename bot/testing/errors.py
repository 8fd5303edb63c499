"""Errors as Discord words them: status, code, message and the tree of what is wrong with a body."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

KNOWN: dict[int, tuple[int, str]] = {
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    30032: (400, "Maximum number of application commands reached"),
    30034: (400, "Max number of daily application command creates has been reached (200)"),
    40060: (400, "Interaction has already been acknowledged."),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50035: (400, "Invalid Form Body"),
    50109: (400, "The request body contains invalid JSON."),
    160004: (400, "A thread has already been created for this message"),
}
BODY_CODES = frozenset({30032, 50006, 50035, 50109})
"""The codes that say that the body itself was wrong; a request answered so counts as refused."""


class NotPossibleError(AssertionError):
    """A user cannot do in Discord what was asked of them here; an AssertionError, for it fails a test."""


def need(holds: object, why: str) -> None:
    """Raise NotPossibleError where a condition of what a user does is false, empty or None."""
    if not holds:
        raise NotPossibleError(why)


class ApiError(Exception):
    """An answer that is not a success."""

    def __init__(self, code: int, errors: dict[str, Any] | None = None) -> None:
        self.code = code
        self.status, self.message = KNOWN[code]
        self.errors = errors
        super().__init__(f"{self.status} ({code}): {self.message} {errors or ''}".strip())

    @property
    def about_the_body(self) -> bool:
        """The body itself was wrong."""
        return self.code in BODY_CODES

    def body(self) -> dict[str, Any]:
        """The error as Discord sends it."""
        body: dict[str, Any] = {"message": self.message, "code": self.code}
        if self.errors:
            body["errors"] = self.errors
        return body


@dataclass
class Problems:
    """Collects what is wrong with a body, each problem at its path, and raises it all as one error."""

    path: tuple[str, ...] = ()
    found: list[tuple[tuple[str, ...], str, str]] = field(default_factory=list)

    def at(self, *keys: str | int) -> Problems:
        """The same collection, looked at from deeper in the body."""
        return Problems((*self.path, *map(str, keys)), self.found)

    def add(self, code: str, message: str) -> None:
        """Note a problem at this place of the body."""
        self.found.append((self.path, code, message))

    def raise_if_any(self) -> None:
        """Raise what was found as one ApiError."""
        if not self.found:
            return
        tree: dict[str, Any] = {}
        for path, code, message in self.found:
            node = tree
            for key in path:
                node = node.setdefault(key, {})
            node.setdefault("_errors", []).append({"code": code, "message": message})
        raise ApiError(50035, tree)

    def text(self, body: dict[str, Any], key: str, *, longest: int, shortest: int = 0) -> str:
        """Check one text of a body and return it ("" where it is missing or null and may be)."""
        value, here = body.get(key), self.at(key)
        if value is None or value == "":
            if shortest:
                here.add("BASE_TYPE_REQUIRED", "This field is required")
            return ""
        if not isinstance(value, str):
            here.add("BASE_TYPE_STRING", "Must be a string.")
            return ""
        if shortest and not value.strip():
            here.add("BASE_TYPE_REQUIRED", "This field is required")
        if len(value) > longest:
            here.add("BASE_TYPE_MAX_LENGTH", f"Must be {longest} or fewer in length.")
        return value

    def items(self, body: dict[str, Any], key: str, *, most: int, least: int = 0) -> list[dict[str, Any]]:
        """Check one list of objects of a body and return it ([] where it is missing or null and may be)."""
        value, here = body.get(key), self.at(key)
        if value is None:
            value = []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            here.add("LIST_TYPE", "Must be a list of objects.")
            return []
        if not least <= len(value) <= most:
            here.add("BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        return value
