"""Questions in threads, and threads for questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from bot.testing import Channel, Guild, Loopback, Message, User
    from tests.bot.discord.scripted import Scripted

SWITCH = "settings:threads:on"


async def in_thread(loopback: Loopback, alice: User, channel: Channel, question: str) -> tuple[Channel, Message]:
    """Mention the bot, and wait for its answer in the new thread."""
    asked = await loopback.say(alice, channel, f"{loopback.bot.mention} {question}")
    await loopback.until(
        lambda: asked.id in loopback.world.channels and bool(loopback.world.channels[asked.id].visible()),
        "the answer is in a thread",
    )
    thread = loopback.world.channels[asked.id]
    return thread, thread.visible()[0]


@pytest.fixture
async def threaded(loopback: Loopback, assistant: Scripted, alice: User, channel: Channel) -> Channel:
    """A channel of a server that wants threads."""
    reply = await loopback.slash(alice, "settings", channel=channel)
    await loopback.click(alice, reply, custom_id=SWITCH)
    return channel


async def test_a_thread_has_a_conversation_of_its_own(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, guild: Guild
) -> None:
    thread = guild.add_thread(channel, "bandits")
    await loopback.mention(alice, channel, "what is privacy?")
    await loopback.mention(alice, thread, "papers on bandits?")
    await loopback.slash(alice, "ask", channel=thread, question="and who wrote it?")
    assert [asked["history"] for asked in assistant.asked] == [[], [], ["papers on bandits?"]]
    assert {asked["scope"] for asked in assistant.asked} == {guild.id}


async def test_a_mention_is_answered_in_a_thread_that_is_named_after_it(
    loopback: Loopback, assistant: Scripted, alice: User, threaded: Channel
) -> None:
    thread, answer = await in_thread(loopback, alice, threaded, "papers on **bandits**? " + "word " * 60)
    assert answer.embeds
    assert thread.name is not None
    assert thread.name.startswith("papers on **bandits**?")
    assert len(thread.name) <= 100
    await loopback.mention(alice, thread, "and who wrote it?")
    assert len(assistant.asked[1]["history"]) == 1
    assert len(loopback.world.channels[thread.id].visible()) == 3


async def test_an_answer_in_a_thread_goes_with_its_question(
    loopback: Loopback, assistant: Scripted, alice: User, threaded: Channel
) -> None:
    thread, answer = await in_thread(loopback, alice, threaded, "who?")
    await loopback.delete(threaded.messages[thread.id])
    await loopback.until(lambda: answer.deleted, "the answer goes")


async def test_a_reply_to_an_answer_opens_no_thread(
    loopback: Loopback, assistant: Scripted, alice: User, threaded: Channel
) -> None:
    first = await loopback.slash(alice, "ask", channel=threaded, question="who?")
    assert (await loopback.mention(alice, threaded, "and where?", reply_to=first)).embeds


async def test_without_the_permission_the_answer_comes_in_place(
    loopback: Loopback, assistant: Scripted, alice: User, threaded: Channel
) -> None:
    threaded.bot_may_open_threads = False
    assert (await loopback.mention(alice, threaded, "who?")).embeds


async def test_a_direct_message_is_answered_in_place(
    loopback: Loopback, assistant: Scripted, alice: User, threaded: Channel
) -> None:
    assert (await loopback.direct_message(alice, "who?")).embeds
