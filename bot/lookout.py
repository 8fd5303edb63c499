"""The lookout: what has come into the corpus since it was last looked at, and whom it is news to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bot.state.news import EVERYONE, Looked
from corpus.errors import QuestionError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from bot.answer import Citation
    from bot.matching import Arrival, Moment
    from bot.state.news import News
    from bot.state.subscriptions import Subscription, Subscriptions
    from corpus.model import Kind

_AT_A_TIME = 500
"""Entries that are looked at in one step; a step is lost as a whole, or done as a whole."""


_PAGE = "page:"
"""Before the checksum of a page among the keys that are known."""


class Matches(Protocol):
    """What is needed of ``bot.matching.Matching``."""

    def now(self) -> Moment:
        """The state of the corpus."""
        ...

    def is_of_here(self, moment: Moment | Looked) -> bool:
        """Whether a moment is one of this corpus's."""
        ...

    def arrivals(self, after: int, most: int) -> list[Arrival]:
        """Entries written after one."""
        ...

    def matches(self, query: str, scope: int | None, entries: Collection[int]) -> list[int]:
        """Those of the entries that match."""
        ...

    def citations(
        self, query: str, scope: int | None, keys: Sequence[str], most: int, kinds: frozenset[Kind] | None = None
    ) -> tuple[list[Citation], int]:
        """The first entries of some keys and kinds, cited, and how many of those there still are."""
        ...


class Lookout:
    """Looks through a corpus for the subscriptions of a state file. It blocks: one thread at a time."""

    def __init__(self, matching: Matches, subscriptions: Subscriptions, news: News) -> None:
        self._matching = matching
        self._subscriptions = subscriptions
        self._news = news

    def look(self) -> None:
        """Queue what is news since the last look. The first look of all only notes what there is.

        Raises:
            DigestbotError: the corpus, model or state cannot be used; what is not noted is looked at again.
        """
        now, looked = self._matching.now(), self._news.looked()
        if looked and (looked.generation, looked.stamp, looked.entry) == (now.generation, now.stamp, now.entry):
            return
        anew = looked is not None and not self._matching.is_of_here(looked)
        after = looked.entry if looked and not anew else 0
        pages: set[tuple[int, str]] = set()
        while True:
            arrivals = [each for each in self._matching.arrivals(after, _AT_A_TIME) if each.entry <= now.entry]
            done = len(arrivals) < _AT_A_TIME
            fresh = self._fresh(arrivals)
            waiting = list(self._waiting(self._unread(fresh), anew=anew)) if looked else []
            reached = Looked(now.generation, now.stamp, now.entry if done else arrivals[-1].entry)
            known = [(_place(each), each.key) for each in fresh]
            pages |= {(_place(each), _PAGE + each.page) for each in arrivals}
            # Pages at the end alone: the rest of one that is looked at in two steps is to be news.
            self._news.note(reached, [*known, *(pages if done else ())], waiting, anew=anew)
            if done:
                return
            after, anew = reached.entry, False

    def _fresh(self, arrivals: Sequence[Arrival]) -> list[Arrival]:
        """Those that no document had that all who see them see, first of each key and scope."""
        first: dict[tuple[int, str], Arrival] = {}
        for each in arrivals:
            first.setdefault((_place(each), each.key), each)
        asked = {*first, *((EVERYONE, key) for _, key in first)}
        unknown = self._news.unknown(sorted(asked))
        return [each for place, each in first.items() if place in unknown and (EVERYONE, each.key) in unknown]

    def _unread(self, fresh: Sequence[Arrival]) -> list[Arrival]:
        """Those of pages that were not read before: another reader may find other entries in the same."""
        pages = {(place, _PAGE + each.page) for each in fresh for place in (_place(each), EVERYONE)}
        known = pages - self._news.unknown(sorted(pages))
        return [e for e in fresh if not known & {(_place(e), _PAGE + e.page), (EVERYONE, _PAGE + e.page)}]

    def _waiting(self, fresh: Sequence[Arrival], *, anew: bool) -> Iterator[tuple[int, str]]:
        """For each subscription the keys of what is news to it, in page order."""
        key_of = {each.entry: each.key for each in fresh}
        matched: dict[tuple[str, int | None], list[int]] = {}
        for subscription in self._subscriptions.all():
            asked = (subscription.query, subscription.server)
            if asked not in matched:
                matched[asked] = self._matched(subscription, fresh)
            since = 0 if anew else subscription.since
            yield from ((subscription.id, key_of[entry]) for entry in matched[asked] if entry > since)

    def _matched(self, subscription: Subscription, fresh: Sequence[Arrival]) -> list[int]:
        server = subscription.server
        seen = [each for each in fresh if each.scope is None or each.scope == server]
        if server is not None:  # what its own pages had is no news when everyone's have it
            known = [(server, each.key) for each in seen if each.scope is None]
            unknown = self._news.unknown(known)
            seen = [each for each in seen if each.scope == server or (server, each.key) in unknown]
        if not seen:
            return []
        try:
            return self._matching.matches(subscription.query, server, [each.entry for each in seen])
        except QuestionError:  # a query of an older version, which is none any more
            return []


def _place(arrival: Arrival) -> int:
    return EVERYONE if arrival.scope is None else arrival.scope
