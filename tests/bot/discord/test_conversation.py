"""What a conversation remembers, and for how long."""

from __future__ import annotations

from bot.discord.conversations import LIFETIME, MOST_QUESTIONS, Conversations


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_questions_come_back_oldest_first_and_only_the_last_few() -> None:
    conversations = Conversations(clock=Clock())
    for number in range(10):
        conversations.next(1, 2, f"q{number}")
    assert conversations.next(1, 2, "now") == [f"q{number}" for number in range(10 - MOST_QUESTIONS, 10)]


def test_users_and_channels_do_not_mix() -> None:
    conversations = Conversations(clock=Clock())
    conversations.next(1, 2, "mine")
    assert conversations.next(1, 3, "another user's") == []
    assert conversations.next(4, 2, "in another channel") == []
    assert conversations.next(1, 2, "mine again") == ["mine"]


def test_a_quiet_conversation_is_forgotten() -> None:
    clock = Clock()
    conversations = Conversations(clock=clock)
    conversations.next(1, 2, "old")
    clock.now = LIFETIME
    assert conversations.next(1, 2, "just in time") == ["old"]
    clock.now = 2 * LIFETIME + 1
    assert conversations.next(1, 2, "too late") == []


def test_memory_is_bounded_by_number_and_by_time() -> None:
    clock = Clock()
    conversations = Conversations(clock=clock, most=3)
    for user in range(5):
        conversations.next(1, user, "q")
    assert len(conversations) == 3
    assert conversations.next(1, 4, "again") == ["q"]
    clock.now = LIFETIME + 1
    conversations.next(1, 9, "q")
    assert len(conversations) == 1
