"""The lookout: what is news, over a store that is really written."""

from __future__ import annotations

import contextlib
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot.alerts
from bot.alerts import AlertScanner, Arrival, Moment
from bot.state import StateFile
from bot.state.deliveries import Outbox
from bot.state.subscriptions import Subscriptions
from tests.bot.conftest import assistant_over
from tests.bot.discord.subscribed import FIRST, page, paper

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.answer import Citation
    from bot.assistant import Assistant
    from embeddings.loader import ServingEncoder

NAMES = [f"{word} bandits in the wild" for word in ("Red", "Green", "Blue", "White", "Black", "Grey", "Pink")]


@pytest.fixture
def kept(tmp_path: Path) -> StateFile:
    return StateFile(tmp_path / "state")


def test_a_large_ingest_is_looked_through_in_steps_and_one_that_fails_is_taken_again(
    empty: Assistant, kept: StateFile, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(bot.alerts, "_AT_A_TIME", 2)
    subscriptions, news = Subscriptions(kept), Outbox(kept)
    lookout = AlertScanner(empty.matching, subscriptions, news)
    empty.ingest([FIRST])
    lookout.scan()
    ours = subscriptions.add(1, None, None, "papers on bandit problems", empty.matching.now().entry)
    empty.ingest([page("second", *[paper(name, "Bandit problems") for name in NAMES])])
    asked = []
    matches = empty.matching.matches

    def failing(query: str, scope: int | None, entries: list[int]) -> list[int]:
        asked.append(entries)
        if len(asked) == 3:
            raise OSError("gone")
        return matches(query, scope, entries)

    monkeypatch.setattr(empty.matching, "matches", failing)
    with pytest.raises(OSError, match="gone"):
        lookout.scan()
    assert 0 < news.waiting(ours.id) < len(NAMES)
    lookout.scan()
    assert news.waiting(ours.id) == len(NAMES)
    assert asked[2] == asked[3]
    before = len(asked)
    lookout.scan()
    assert len(asked) == before


def test_a_corpus_that_was_begun_anew_has_news_only_of_what_was_never_there(
    encoder: ServingEncoder, kept: StateFile, tmp_path: Path
):
    subscriptions, news = Subscriptions(kept), Outbox(kept)
    with assistant_over(tmp_path / "one", encoder) as one:
        one.ingest([FIRST, page("second", paper(NAMES[0], "Bandit problems"))])
        AlertScanner(one.matching, subscriptions, news).scan()
        ours = subscriptions.add(1, None, None, "papers on bandit problems", one.matching.now().entry)
    with assistant_over(tmp_path / "two", encoder) as two:
        two.ingest([page("second", *[paper(name, "Bandit problems") for name in NAMES[:2]])])
        AlertScanner(two.matching, subscriptions, news).scan()
    delivery = news.delivery(ours.id)
    assert delivery is not None
    assert len(delivery.keys) == 1


def test_a_page_that_another_reader_reads_anew_is_no_news(empty: Assistant, kept: StateFile):
    subscriptions, news = Subscriptions(kept), Outbox(kept)
    first = page("first", paper(NAMES[0], "Bandit problems"))
    empty.ingest([first])
    lookout = AlertScanner(empty.matching, subscriptions, news)
    lookout.scan()
    ours = subscriptions.add(1, None, None, "papers on bandit problems", 0)
    store = empty._library.store
    identity, read = store.page("first")
    again = replace(read, entries=tuple(replace(each, title=f"{each.title} again") for each in read.entries))
    empty._library.add(replace(identity, reader="another/9"), again)
    lookout.scan()
    assert news.waiting(ours.id) == 0
    empty.ingest([page("first", paper(NAMES[1], "Bandit problems"))])
    lookout.scan()
    assert news.waiting(ours.id) == 1


def test_the_first_look_of_all_tells_nobody(empty: Assistant, kept: StateFile):
    subscriptions, news = Subscriptions(kept), Outbox(kept)
    ours = subscriptions.add(1, None, None, "papers on bandit problems", 0)
    empty.ingest([page("second", paper(NAMES[0], "Bandit problems"))])
    AlertScanner(empty.matching, subscriptions, news).scan()
    assert news.waiting(ours.id) == 0


PLACES = st.sampled_from([None, 1, 2])
BATCHES = st.lists(st.lists(st.tuples(PLACES, st.sampled_from("abcde")), max_size=6), min_size=1, max_size=5)


class Everything:
    """A corpus in which every query matches every entry that it is asked about."""

    def __init__(self) -> None:
        self.written: list[Arrival] = []

    def write(self, batch: list[tuple[int | None, str]]) -> None:
        for scope, key in batch:
            self.written.append(Arrival(len(self.written) + 1, key, scope, f"page {len(self.written)}"))

    def now(self) -> Moment:
        return Moment(len(self.written), "", len(self.written))

    def is_of_here(self, moment: object) -> bool:
        return True

    def arrivals(self, after: int, most: int) -> list[Arrival]:
        return self.written[after : after + most]

    def matches(self, query: str, scope: int | None, entries: Collection[int]) -> list[int]:
        return sorted(entries)

    def citations(
        self, query: str, scope: int | None, keys: Sequence[str], most: int
    ) -> tuple[list[Citation], int]:
        return [], 0


@settings(max_examples=40, deadline=None)
@given(BATCHES)
def test_each_place_is_told_once_of_what_is_new_to_it_and_never_of_anothers(batches):
    corpus = Everything()
    with tempfile.TemporaryDirectory() as folder, contextlib.closing(StateFile(Path(folder))) as file:
        subscriptions, news = Subscriptions(file), Outbox(file)
        lookout = AlertScanner(corpus, subscriptions, news)
        lookout.scan()
        ours = {place: subscriptions.add(9, place, place, "anything", 0) for place in (None, 1, 2)}
        expected: dict[int | None, list[str]] = {place: [] for place in ours}
        for batch in batches:
            corpus.write(batch)
            lookout.scan()
            for place, told in expected.items():
                seen = dict.fromkeys(key for scope, key in batch if scope in (None, place))
                told.extend(key for key in seen if key not in told)
        for place, told in expected.items():
            delivery = news.delivery(ours[place].id)
            assert list(delivery.keys if delivery else ()) == told
