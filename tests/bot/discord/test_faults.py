"""Closed and deleted channels, closed direct messages, old buttons: no silence where it can be helped."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from corpus.errors import EncoderError, StoreError
from tests.bot.discord.scripted import Scripted

if TYPE_CHECKING:
    from bot.testing import Channel, Guild, Loopback, User
    from tests.bot.discord.conftest import Start


async def test_who_asks_where_the_bot_may_not_write_is_told_in_private(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel
) -> None:
    channel.bot_may_send = False
    await loopback.say(alice, channel, f"{loopback.bot.mention} who?")
    private = loopback.direct_channel(alice)
    await loopback.until(lambda: bool(private.visible()), "the asker is told")
    assert private.visible()[0].content.startswith("I am not allowed to post where you asked me")
    assert (await loopback.slash(alice, "ask", channel=channel, question="who?")).embeds


async def test_a_closed_channel_and_closed_direct_messages_together_do_not_stop_the_bot(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, guild: Guild
) -> None:
    channel.bot_may_send = alice.dms_open = False
    await loopback.say(alice, channel, f"{loopback.bot.mention} who?")
    await loopback.say(alice, loopback.direct_channel(alice), "who?")
    await loopback.until(
        lambda: sum(each.status == 403 and each.path.endswith("/messages") for each in loopback.requests) == 3,
        "both answers are refused, and the line that says so",
    )
    bob = guild.add_member(loopback.add_user("bob"))
    assert (await loopback.direct_message(bob, "who?")).embeds


async def test_a_channel_that_is_deleted_while_its_question_is_answered_does_not_stop_the_bot(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, guild: Guild
) -> None:
    assistant.gate.clear()
    await loopback.say(alice, channel, f"{loopback.bot.mention} who?")
    await asyncio.to_thread(assistant.started.acquire)
    loopback.delete_channel(channel)
    assistant.gate.set()
    other = guild.add_channel("general")
    assert (await loopback.mention(alice, other, "who?")).embeds


@pytest.mark.parametrize(
    "error", [StoreError("cannot read /secret/corpus.sqlite"), EncoderError("no /secret/model")]
)
async def test_what_is_wrong_with_the_machine_is_told_with_a_request_id_and_without_its_paths(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, error: Exception
) -> None:
    assistant.error = error
    for reply in (
        await loopback.slash(alice, "ask", channel=channel, question="who?"),
        await loopback.slash(alice, "papers", channel=channel),
        await loopback.mention(alice, channel, "who?"),
        await loopback.direct_message(alice, "who?"),
    ):
        assert "request " in reply.content
        assert "secret" not in reply.content


async def test_a_button_that_nothing_listens_to_any_more_gets_a_line(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.discord.commands.UNHANDLED_SECONDS", 0.01)
    reply = await loopback.mention(alice, channel, "who?")
    reply.message.components = [
        {"type": 1, "components": [{"type": 2, "style": 2, "label": "Old", "custom_id": "digestbot:old"}]}
    ]
    told = await loopback.click(alice, reply, custom_id="digestbot:old")
    assert told.ephemeral
    assert told.content == "This control is out of date. Please ask again."


async def test_a_menu_that_works_is_not_told_of_twice(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.discord.commands.UNHANDLED_SECONDS", 0.01)
    reply = await loopback.slash(alice, "ask", channel=channel, question="who?")
    menu = reply.components[0]["components"][0]
    chosen = await loopback.select(alice, reply, custom_id=menu["custom_id"], values=[menu["options"][0]["value"]])
    await loopback.settle()
    assert chosen.embeds
    assert chosen.followups == []


async def test_questions_that_are_not_answered_before_the_bot_is_stopped_are_told_so(
    loopback: Loopback, start: Start, alice: User, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.discord.service.GRACE", 0.01)
    assistant = Scripted()
    async with start(assistant) as task:
        assistant.gate.clear()
        asking = [
            asyncio.create_task(loopback.slash(alice, "ask", channel=channel, question="who?")),
            asyncio.create_task(loopback.direct_message(alice, "who?")),
            asyncio.create_task(loopback.mention(alice, channel, "who?")),
        ]
        for _ in asking:
            await asyncio.to_thread(assistant.started.acquire)
        task.cancel()
        for reply in await asyncio.gather(*asking):
            assert reply.content == "I am restarting. Please ask again in a minute."
        assistant.gate.set()
