"""The cooldown: how many questions a user and a server may ask, by buckets of tokens that fill up again."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable


MOST_BUCKETS = 50_000
SAID_AGAIN = 30
"""Seconds between two messages of the bot that say that a server has to wait."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, and then so many a minute."""

    burst: int
    per_minute: float


USER = Rate(5, 10)
SERVER = Rate(300, 60)
"""The burst lets a whole course ask at the same moment."""
TOUCHES = Rate(40, 120)
"""Of a user: what is typed into options that complete, buttons, menus, and commands that ask nothing."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Why a question is not taken now.

    Attributes:
        seconds: until it would be.
        whole: whether it is all of a server that has to wait, and not the one who asks.
        key: of the bucket that is empty.
    """

    seconds: int
    whole: bool
    key: Hashable

    @property
    def line(self) -> str:
        """The wait in words."""
        while_ = f"{self.seconds} second{'s' * (self.seconds != 1)}"
        if self.whole:
            return f"Many questions come from this server just now. Please ask again in {while_}."
        return f"One moment: I can take your next question in {while_}."


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float
    told_until: float = -math.inf


class Cooldown:
    """Counts in memory what is asked, with a bounded number of buckets.

    Args:
        user: what each user may ask.
        server: what each server may.
        clock: seconds that only go forward.
        most: buckets held; the one that was quiet longest goes first, and is full when it comes again.
    """

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
        """Take a question; where it has to wait, take nothing and say how long.

        Args:
            user: who asks.
            guild: the server that it is asked in, None outside of one.
            quota: questions a minute that this server allows each user.
        """
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

    def is_news(self, wait: Wait) -> bool:
        """Whether nothing has been posted about a wait yet; from then on something has, until it is over."""
        bucket, now = self._buckets.get(wait.key), self._clock()
        if bucket is None or now < bucket.told_until:
            return False
        bucket.told_until = now + (max(wait.seconds, SAID_AGAIN) if wait.whole else wait.seconds)
        return True

    def touch(self, user: int) -> bool:
        """Take something small of a user; False where there were too many of them."""
        bucket = self._filled(("touch", user), TOUCHES, self._clock())
        if bucket.tokens < 1:
            return False
        bucket.tokens -= 1
        return True

    @property
    def held(self) -> int:
        """Buckets in memory."""
        return len(self._buckets)

    def _filled(self, key: Hashable, rate: Rate, now: float) -> _Bucket:
        bucket = self._buckets.pop(key, None) or _Bucket(rate.burst, now)
        bucket.tokens = min(rate.burst, bucket.tokens + (now - bucket.at) * rate.per_minute / 60)
        bucket.at = now
        self._buckets[key] = bucket
        while len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return bucket
