"""Who asks too much waits, is told so once, and costs little."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.commands import TOO_MUCH
from bot.discord.rate_limit import SERVER, TOUCHES, USER, Cooldown, Rate
from tests.bot.discord.scripted import Scripted

if TYPE_CHECKING:
    from bot.testing import Channel, Guild, Loopback, User
    from tests.bot.discord.conftest import Start


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_taken_and_then_ten_a_minute() -> None:
    clock = Clock()
    cooldown = Cooldown(clock=clock)
    assert [cooldown.ask(1, None) for _ in range(USER.burst)] == [None] * USER.burst
    wait = cooldown.ask(1, None)
    assert wait is not None
    assert wait.seconds == 6
    assert wait.line == "One moment: I can take your next question in 6 seconds."
    clock.now = 5.5
    assert (wait := cooldown.ask(1, None)) is not None
    assert wait.line.endswith("in 1 second.")
    clock.now = 6.0
    assert cooldown.ask(1, None) is None
    assert cooldown.ask(1, None) is not None
    assert cooldown.ask(2, None) is None


def news(cooldown: Cooldown, user: int, guild: int | None, times: int) -> list[bool]:
    waits = [cooldown.ask(user, guild) for _ in range(times)]
    return [cooldown.should_announce(wait) for wait in waits if wait]


def test_a_wait_is_news_once_and_again_when_it_is_over() -> None:
    clock = Clock()
    cooldown = Cooldown(Rate(1, 10), clock=clock)
    assert news(cooldown, 1, None, 4) == [True, False, False]
    clock.now = 6.0
    assert news(cooldown, 1, None, 3) == [True, False]


def test_the_wait_of_a_server_is_news_twice_a_minute_at_most() -> None:
    clock = Clock()
    cooldown = Cooldown(Rate(100, 100), Rate(1, 60), clock=clock)
    said = 0
    for second in range(60):
        clock.now = float(second)
        said += sum(news(cooldown, second, 7, 5))
    assert said == 2


def test_a_server_waits_as_a_whole_and_takes_nothing_of_its_users() -> None:
    cooldown = Cooldown(Rate(1, 10), Rate(2, 60), clock=Clock())
    assert [cooldown.ask(user, 7) for user in (1, 2)] == [None, None]
    wait = cooldown.ask(3, 7)
    assert wait is not None
    assert wait.whole
    assert wait.line.startswith("This server is asking a lot")
    assert cooldown.ask(3, None) is None


def test_the_quota_of_a_server_can_only_be_less_than_what_the_bot_allows() -> None:
    cooldown = Cooldown(Rate(5, 10), clock=Clock())
    assert [cooldown.ask(1, 7, 2) is None for _ in range(4)] == [True, True, False, False]
    assert cooldown.ask(1, 8, 1000) is None
    assert [cooldown.ask(1, None) is None for _ in range(3)] == [True, True, False]


def test_a_hundred_users_of_a_server_can_ask_twice_at_once() -> None:
    cooldown = Cooldown(clock=Clock())
    assert SERVER.burst >= 200
    assert all(cooldown.ask(user, 7) is None for user in range(100) for _ in range(2))


def test_memory_is_bounded() -> None:
    cooldown = Cooldown(clock=Clock(), most=100)
    for user in range(1000):
        cooldown.ask(user, user)
        cooldown.touch(user)
    assert cooldown.held <= 100


@given(
    steps=st.lists(st.floats(0, 30), min_size=1, max_size=60),
    burst=st.integers(1, 10),
    per_minute=st.floats(0.5, 100),
)
def test_no_more_is_taken_than_the_rate_allows(steps: list[float], burst: int, per_minute: float) -> None:
    clock = Clock()
    cooldown = Cooldown(Rate(burst, per_minute), clock=clock)
    taken = 0
    for step in steps:
        clock.now += step
        wait = cooldown.ask(1, None)
        taken += wait is None
        assert wait is None or wait.seconds >= 1
        assert taken <= burst + clock.now * per_minute / 60 + 1e-6


@pytest.fixture
def slow() -> Cooldown:
    """One question at a time, on a clock that stands still."""
    return Cooldown(Rate(1, 10), Rate(100, 60), clock=Clock())


async def test_a_command_too_many_is_told_so_to_the_user_alone(
    loopback: Loopback, start: Start, alice: User, channel: Channel, slow: Cooldown
) -> None:
    assistant = Scripted()
    async with start(assistant, cooldown=slow):
        assert (await loopback.slash(alice, "ask", channel=channel, question="who?")).embeds
        for command, options in (("ask", {"question": "who?"}), ("papers", {}), ("digest add", {})):
            reply = await loopback.slash(alice, command, channel=channel, **options)
            assert reply.content == "One moment: I can take your next question in 6 seconds."
            assert reply.ephemeral
        assert (await loopback.slash(alice, "help", channel=channel)).content.startswith("**Ask")
        assert (await loopback.slash(alice, "forget me", channel=channel)).content
        assert (await loopback.slash(alice, "digests", channel=channel)).embeds
        assert "no digests" in (await loopback.slash(alice, "digest list", channel=channel)).content
    assert len(assistant.asked) == 1


async def test_messages_too_many_are_told_so_once_and_then_met_with_silence(
    loopback: Loopback, start: Start, alice: User, channel: Channel, slow: Cooldown
) -> None:
    async with start(Scripted(), cooldown=slow):
        assert (await loopback.direct_message(alice, "who?")).embeds
        reply = await loopback.mention(alice, channel, "who?")
        assert reply.content == "One moment: I can take your next question in 6 seconds."
        for _ in range(5):
            await loopback.say(alice, channel, f"{loopback.bot.mention} who?")
            await loopback.say(alice, loopback.direct_channel(alice), "who?")
        await loopback.settle()
        posted = [message for message in loopback.world.messages() if message.author is loopback.bot]
        assert len(posted) == 2


async def test_an_installed_apps_user_waits_as_everybody_does(
    loopback: Loopback, start: Start, alice: User, guild: Guild, slow: Cooldown
) -> None:
    alice.installed_app = True
    elsewhere = loopback.add_guild("Without the bot", with_bot=False)
    elsewhere.add_member(alice)
    channel = elsewhere.add_channel("general")
    async with start(Scripted(), cooldown=slow):
        assert (await loopback.slash(alice, "ask", channel=channel, question="who?")).embeds
        assert "6 seconds" in (await loopback.slash(alice, "ask", channel=channel, question="who?")).content


async def test_typing_and_menus_are_bounded_too(
    loopback: Loopback, start: Start, alice: User, channel: Channel, slow: Cooldown
) -> None:
    assistant = Scripted()
    assistant.known["author"] = ["Ada"]
    async with start(assistant, cooldown=slow):
        reply = await loopback.slash(alice, "ask", channel=channel, question="who?")
        offered = [
            await loopback.autocomplete(alice, "papers", "author", "a", channel=channel)
            for _ in range(TOUCHES.burst + 1)
        ]
        assert offered[0]
        assert offered[-1] == []
        menu = reply.components[0]["components"][0]
        value = menu["options"][0]["value"]
        told = await loopback.select(alice, reply, custom_id=menu["custom_id"], values=[value])
        assert told.ephemeral or told.followups


async def test_the_buttons_of_subscriptions_can_be_pressed_too_often_too(
    loopback: Loopback, start: Start, alice: User, guild: Guild
) -> None:
    cooldown = Cooldown(clock=Clock())
    async with start(Scripted(), cooldown=cooldown):
        await loopback.slash(alice, "subscribe", query="bandits")
        mine = await loopback.slash(alice, "subscriptions")
        while cooldown.touch(alice.id):
            pass
        told = await loopback.click(alice, mine, custom_id=mine.buttons[0]["custom_id"])
        assert (told.content, told.ephemeral) == (TOO_MUCH, True)
        assert "bandits" in mine.content
