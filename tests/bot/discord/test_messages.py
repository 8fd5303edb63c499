"""Direct messages and mentions, as a user sees them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from corpus.errors import QuestionError

if TYPE_CHECKING:
    from bot.testing import Channel, Guild, Loopback, User
    from tests.bot.discord.scripted import Scripted


async def test_a_direct_message_is_answered_with_a_reference_and_no_scope(
    loopback: Loopback, assistant: Scripted, alice: User
) -> None:
    reply = await loopback.direct_message(alice, "who wrote RLSbench?")
    assert reply.content == "Three authors."
    assert reply.embeds[0]["title"].startswith("[1] RLSbench")
    assert reply.message.reference is not None
    assert reply.message.reference.content == "who wrote RLSbench?"
    assert assistant.asked[0]["question"] == "who wrote RLSbench?"
    assert assistant.asked[0]["scope"] is None


async def test_a_mention_is_answered_in_the_channel_with_the_servers_scope(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, guild: Guild
) -> None:
    reply = await loopback.mention(alice, channel, "who wrote RLSbench?")
    assert reply.embeds
    assert assistant.asked[0]["question"] == "who wrote RLSbench?"
    assert assistant.asked[0]["scope"] == guild.id


async def test_the_bot_is_seen_typing_while_the_answer_takes_its_time(
    loopback: Loopback, assistant: Scripted, alice: User
) -> None:
    assistant.gate.clear()
    asking = asyncio.create_task(loopback.direct_message(alice, "who?"))
    await loopback.until(
        lambda: any(str(request.path).endswith("/typing") for request in loopback.requests), "the bot is typing"
    )
    loopback.clock.advance(5)
    assistant.gate.set()
    reply = await asking
    assert reply.acknowledged_after is not None
    assert reply.acknowledged_after < 1


async def test_an_answer_does_not_depend_on_being_seen_typing(
    loopback: Loopback, assistant: Scripted, alice: User
) -> None:
    loopback.fail_next("POST", "*/typing", status=403)
    assert (await loopback.direct_message(alice, "who?")).embeds


async def test_a_limit_met_while_typing_does_not_silence_the_bot(
    loopback: Loopback, assistant: Scripted, alice: User
) -> None:
    loopback.rate_limit_next("POST", "*/typing", retry_after=0.2, everywhere=True)
    assistant.gate.clear()
    asking = asyncio.create_task(loopback.direct_message(alice, "who?"))
    await loopback.until(lambda: any(request.status == 429 for request in loopback.requests), "the limit is met")
    assistant.gate.set()  # the answer is there before the limit has passed
    assert (await asking).embeds
    assert (await loopback.direct_message(alice, "who else?")).embeds


async def test_a_follow_up_is_asked_with_the_questions_before_it(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel
) -> None:
    await loopback.mention(alice, channel, "papers on bandits?")
    await loopback.slash(alice, "ask", channel=channel, question="and in 2024?")
    await loopback.direct_message(alice, "who?")
    assert [asked["history"] for asked in assistant.asked] == [[], ["papers on bandits?"], []]


async def test_a_mention_without_a_question_gets_a_line_of_help(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel
) -> None:
    reply = await loopback.mention(alice, channel, "")
    assert reply.content.startswith("Ask me about the digests")
    assert assistant.asked == []


async def test_a_question_that_cannot_be_asked_gets_its_reason(
    loopback: Loopback, assistant: Scripted, alice: User
) -> None:
    assistant.error = QuestionError("the question has 1990 characters; up to 1000 are read")
    reply = await loopback.direct_message(alice, "long " * 398)
    assert reply.content == "The question has 1990 characters; up to 1000 are read."


async def test_what_is_not_put_to_the_bot_is_left_alone(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, guild: Guild
) -> None:
    robot = loopback.add_user("robot")
    robot.bot = True
    guild.add_member(robot)
    await loopback.say(alice, channel, "who wrote RLSbench?")
    await loopback.say(alice, channel, "@everyone look")
    await loopback.say(alice, channel, f"@everyone {loopback.bot.mention} look")
    await loopback.say(robot, channel, f"{loopback.bot.mention} who?")
    await loopback.settle()
    assert assistant.asked == []
    assert [message for message in channel.messages.values() if message.author is loopback.bot] == []


async def test_in_a_server_that_the_gateway_has_not_told_of_only_mentions_are_questions(
    loopback: Loopback, assistant: Scripted, alice: User
) -> None:
    loopback.world.listener = None
    unknown = loopback.add_guild("Not told of")
    unknown.add_member(alice)
    channel = unknown.add_channel("general")
    await loopback.say(alice, channel, "who is coming to lunch?")
    await loopback.settle()
    assert (await loopback.mention(alice, channel, "who wrote RLSbench?")).embeds
    assert [(asked["question"], asked["scope"]) for asked in assistant.asked] == [
        ("who wrote RLSbench?", unknown.id)
    ]
    assert len(channel.visible()) == 3


async def test_a_failure_is_a_friendly_line(loopback: Loopback, assistant: Scripted, alice: User) -> None:
    assistant.error = RuntimeError("secret detail")
    reply = await loopback.direct_message(alice, "who?")
    assert "Something went wrong on my side" in reply.content
    assert "secret" not in reply.content


async def test_a_channel_that_may_not_be_written_to_does_not_stop_the_bot(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel
) -> None:
    channel.bot_may_send = False
    await loopback.say(alice, channel, f"{loopback.bot.mention} who?")
    private = loopback.direct_channel(alice)
    await loopback.until(lambda: bool(private.visible()), "the bot says so in private")
    assert private.visible()[0].content.startswith("I am not allowed to post where you asked me")
    assert (await loopback.direct_message(alice, "who?")).embeds


async def test_an_answer_is_posted_though_discord_is_busy_at_first(
    loopback: Loopback, assistant: Scripted, alice: User
) -> None:
    loopback.fail_next("POST", "/channels/*/messages", status=503)
    assert (await loopback.direct_message(alice, "who?")).embeds


@pytest.mark.parametrize("takes_effect", [True, False])
async def test_an_answer_is_posted_once_though_the_connection_is_lost(
    loopback: Loopback, assistant: Scripted, alice: User, takes_effect: bool
) -> None:
    loopback.drop_next("POST", "/channels/*/messages", takes_effect=takes_effect)
    reply = await loopback.direct_message(alice, "who?")
    await loopback.until(
        lambda: sum(request.path.endswith("/messages") for request in loopback.requests) == 2,
        "the bot sends again",
    )
    await loopback.settle()
    assert reply.embeds
    assert len([m for m in loopback.direct_channel(alice).visible() if m.author is loopback.bot]) == 1
