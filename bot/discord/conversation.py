"""Conversations: the last questions of a user in a channel, kept in memory for a while."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Key = tuple[int, int]
MOST_QUESTIONS = 5
MOST_CONVERSATIONS = 10_000
LIFETIME = 900.0


class Conversations:
    """Remembers questions by (channel, user): few of them, for 15 minutes after the last one.

    Args:
        clock: seconds that only go forward.
        most: conversations kept; the one that was quiet longest is forgotten first.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic, most: int = MOST_CONVERSATIONS) -> None:
        self._clock = clock
        self._most = most
        self._kept: OrderedDict[Key, tuple[float, deque[str]]] = OrderedDict()

    def next(self, channel: int, user: int, question: str, *, after: Sequence[str] | None = None) -> list[str]:
        """Note a question; return those before it, oldest first.

        Args:
            channel: where it is asked.
            user: who asks.
            question: in their words.
            after: the questions that it goes on from, in place of the last ones.
        """
        now = self._clock()
        last, questions = self._kept.pop((channel, user), (now, deque(maxlen=MOST_QUESTIONS)))
        if now - last > LIFETIME:
            questions.clear()
        if after is not None:
            questions = deque(after, maxlen=MOST_QUESTIONS)
        before = list(questions)
        questions.append(question)
        self._kept[channel, user] = (now, questions)
        while self._kept and (len(self._kept) > self._most or self._oldest() < now - LIFETIME):
            self._kept.popitem(last=False)
        return before

    def forget(self, user: int) -> int:
        """Forget what a user asked, in all channels; return how many questions there were."""
        theirs = [key for key in self._kept if key[1] == user]
        return sum(len(self._kept.pop(key)[1]) for key in theirs)

    def __len__(self) -> int:
        return len(self._kept)

    def _oldest(self) -> float:
        return next(iter(self._kept.values()))[0]
