"""What is kept of subscriptions and their news: once noted, noted; once told, told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.state import StateFile
from bot.state.deliveries import EVERYONE, MOST_WAITING, Checkpoint, Outbox
from bot.state.subscriptions import Pause, Subscriptions
from corpus.errors import NotFoundError

if TYPE_CHECKING:
    from pathlib import Path

LOOKED = Checkpoint(3, "stamp", 40)


@pytest.fixture
def file(tmp_path: Path) -> StateFile:
    return StateFile(tmp_path)


@pytest.fixture
def kept(file: StateFile) -> Subscriptions:
    return Subscriptions(file)


@pytest.fixture
def news(file: StateFile, kept: Subscriptions) -> Outbox:
    return Outbox(file)


def test_a_user_is_forgotten_with_what_waits_for_them(kept: Subscriptions, news: Outbox):
    ours = kept.add(1, None, None, "bandits", 0)
    kept.add(1, 7, 8, "privacy", 0)
    other = kept.add(2, 7, 8, "privacy", 0)
    news.note(LOOKED, [(EVERYONE, "a")], [(ours.id, "a"), (other.id, "a")])
    assert news.delivery(ours.id) is not None
    assert kept.forget(1) == 2
    assert kept.of_user(1) == []
    assert news.delivery(ours.id) is None
    assert news.due() == [other.id]
    assert kept.forget(1) == 0
    with pytest.raises(NotFoundError):
        kept.get(ours.id)


def test_a_parcel_stays_the_same_until_it_has_arrived_whatever_comes_in(
    kept: Subscriptions, news: Outbox, tmp_path: Path
):
    ours = kept.add(1, None, None, "bandits", 0)
    news.note(LOOKED, [], [(ours.id, "b"), (ours.id, "a")])
    first = news.delivery(ours.id)
    assert first is not None
    news.mark_tried(first)
    news.note(LOOKED, [], [(ours.id, "c"), (ours.id, "a")])
    later = Outbox(StateFile(tmp_path)).delivery(ours.id)
    assert later is not None
    assert (later.name, later.keys) == (first.name, ("b", "a"))
    assert (first.tried_at, later.tried_at is not None) == (None, True)
    news.delivered(later)
    second = news.delivery(ours.id)
    assert second is not None
    assert second.keys == ("c",)
    assert second.name != first.name
    news.delivered(second)
    assert news.delivery(ours.id) is None


def test_what_waits_for_one_that_is_paused_is_bounded_and_not_due(kept: Subscriptions, news: Outbox):
    ours = kept.add(1, None, None, "bandits", 0)
    kept.pause(ours.id, Pause.CLOSED)
    news.note(LOOKED, [], [(ours.id, str(number)) for number in range(MOST_WAITING + 9)])
    assert news.due() == []
    assert news.waiting(ours.id) == MOST_WAITING
    kept.resume(ours.id)
    assert news.due() == [ours.id]


def test_what_is_noted_for_one_that_has_gone_meanwhile_is_dropped(kept: Subscriptions, news: Outbox):
    ours = kept.add(1, None, None, "bandits", 0)
    kept.remove(ours.id)
    news.note(LOOKED, [(EVERYONE, "a")], [(ours.id, "a")])
    assert news.due() == []
    assert news.unknown([(EVERYONE, "a"), (7, "a")]) == {(7, "a")}
    assert news.checkpoint() == LOOKED


def test_a_server_that_is_left_is_forgotten_with_what_waits_in_it(kept: Subscriptions, news: Outbox):
    here = kept.add(1, 7, 8, "bandits", 0)
    others = [kept.add(1, None, None, "bandits", 0), kept.add(1, 9, 10, "bandits", 0)]
    news.note(LOOKED, [(EVERYONE, "a")], [(here.id, "a")])
    kept.forget_server(7)
    assert kept.all() == others
    assert news.delivery(here.id) is None
