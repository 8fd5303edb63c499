"""Errors as Discord words them: status, code, message and the tree of what is wrong with a body."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from math import copysign, inf
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

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


@dataclass
class Fault:
    """What happens to the next ``times`` requests of a method whose path matches.

    ``path_pattern`` is matched below the API's base ("/channels/*/messages"; a star takes slashes too).
    ``status`` None drops the connection; ``takes_effect`` tells whether the request is carried out first.
    """

    method: str
    path_pattern: str
    status: int | None
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    takes_effect: bool = False
    times: int = 1


class Faults:
    """The faults that are still to come, in the order in which they were asked for."""

    def __init__(self) -> None:
        self.pending: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Let this fault come after those that are to come already."""
        self.pending.append(fault)

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that this request is to meet, used up once."""
        for fault in self.pending:
            if fault.method == method and fnmatchcase(path, fault.path_pattern):
                fault.times -= 1
                if fault.times <= 0:
                    self.pending.remove(fault)
                return fault
        return None


LOOK_AGAIN_SECONDS = 0.02


class Clock:
    """Seconds since the start. ``time_scale`` 1 is real speed; 0 stands still until ``advance``."""

    def __init__(self, time_scale: float = 1.0) -> None:
        self._scale = time_scale
        self._started = time.monotonic()
        self._started_at = datetime.now(UTC)
        self._advanced = 0.0
        self._happened = asyncio.Event()

    def now(self) -> float:
        """Seconds since the start."""
        return self._advanced + (time.monotonic() - self._started) * self._scale

    def wall(self) -> datetime:
        """Date and time that go with ``now``."""
        return self._started_at + timedelta(seconds=self.now())

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass at once."""
        self._advanced += seconds
        self.pulse()

    def pulse(self) -> None:
        """Something happened: whoever waits looks again."""
        self._happened.set()
        self._happened = asyncio.Event()

    async def wait(self, done: Callable[[], bool], *, until: float | None = None, real_seconds: float) -> bool:
        """Wait for ``done``, for the clock to show ``until``, or for real time to run out; return ``done()``.

        Looks at every pulse, and now and then without one: not all that is waited for happens in here.
        """
        give_up = time.monotonic() + real_seconds
        while not done():
            left = min(give_up - time.monotonic(), self._real_seconds_to(until))
            if left <= 0:
                return False
            with suppress(TimeoutError):
                async with asyncio.timeout(min(left, LOOK_AGAIN_SECONDS)):
                    await self._happened.wait()
        return True

    def _real_seconds_to(self, moment: float | None) -> float:
        if moment is None:
            return inf
        left = moment - self.now()
        return left / self._scale if self._scale else copysign(inf, left)
