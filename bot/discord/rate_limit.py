"""Limits the questions of users and servers with token buckets."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.english import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

MOST_BUCKETS = 50_000
ANNOUNCE_AGAIN = 30
"""Seconds between two messages that tell a server to wait."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A burst, and a rate per minute after it."""

    burst: int
    per_minute: float


USER = Rate(5, 10)
SERVER = Rate(300, 60)
"""The burst lets a whole class ask at the same moment."""
TOUCHES = Rate(40, 120)
"""A user's autocompletions, buttons, menus, and commands that ask nothing."""


@dataclass(frozen=True, slots=True)
class Wait:
    """How long the ``whole`` server or only the user must wait, and the key of the empty bucket."""

    seconds: int
    whole: bool
    key: Hashable

    @property
    def line(self) -> str:
        """The wait, for the user."""
        seconds = counted(self.seconds, "second")
        if self.whole:
            return f"This server is asking a lot just now. Please ask again in {seconds}."
        return f"One moment: I can take your next question in {seconds}."


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float
    announced_until: float = -math.inf


class Cooldown:
    """Holds at most ``most`` buckets in memory; the longest unused goes first, and is full when it returns."""

    def __init__(
        self,
        user: Rate = USER,
        server: Rate = SERVER,
        *,
        clock: Callable[[], float] = time.monotonic,
        most: int = MOST_BUCKETS,
    ) -> None:
        self.user = user
        self._server = server
        self._clock = clock
        self._most = most
        self._buckets: OrderedDict[Hashable, _Bucket] = OrderedDict()

    def ask(self, user: int, guild: int | None, quota: int | None = None) -> Wait | None:
        """Take a question, or return the wait; ``quota`` is the server's own limit per user and minute."""
        needed: list[tuple[Hashable, Rate]] = [(("user", user), self.user)]
        if guild is not None:
            if quota is not None:
                needed.append((("member", guild, user), Rate(min(quota, self.user.burst), quota)))
            needed.append((("server", guild), self._server))
        now = self._clock()
        buckets = [(key, self._filled(key, rate, now), rate) for key, rate in needed]
        for key, bucket, rate in buckets:
            if bucket.tokens < 1:
                seconds = math.ceil((1 - bucket.tokens) * 60 / rate.per_minute)
                return Wait(seconds, key == ("server", guild), key)
        for _, bucket, _ in buckets:
            bucket.tokens -= 1
        return None

    def should_announce(self, wait: Wait) -> bool:
        """Return whether to post about a wait: once, until it is over."""
        bucket, now = self._buckets.get(wait.key), self._clock()
        if bucket is None or now < bucket.announced_until:
            return False
        bucket.announced_until = now + (max(wait.seconds, ANNOUNCE_AGAIN) if wait.whole else wait.seconds)
        return True

    def touch(self, user: int) -> bool:
        """Take a small action of a user; False if there were too many."""
        bucket = self._filled(("touch", user), TOUCHES, self._clock())
        if bucket.tokens < 1:
            return False
        bucket.tokens -= 1
        return True

    @property
    def held(self) -> int:
        """The number of buckets in memory."""
        return len(self._buckets)

    def _filled(self, key: Hashable, rate: Rate, now: float) -> _Bucket:
        bucket = self._buckets.pop(key, None) or _Bucket(rate.burst, now)
        bucket.tokens = min(rate.burst, bucket.tokens + (now - bucket.at) * rate.per_minute / 60)
        bucket.at = now
        self._buckets[key] = bucket
        while len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return bucket
