"""What is kept is told, and goes when its owner wants."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.discord.bot_context import BotContext
from bot.discord.client import DigestClient
from bot.discord.conversations import Conversations
from bot.discord.worker_pool import WorkerPool
from tests.bot.discord.scripted import Scripted, state

if TYPE_CHECKING:
    import pytest

    from bot.testing import Channel, Guild, Loopback, User
    from tests.bot.discord.conftest import Start


async def test_what_is_kept_is_told_to_the_asker_alone_everywhere(
    loopback: Loopback, assistant: Scripted, alice: User, channel: Channel
) -> None:
    alice.installed_app = True
    elsewhere = loopback.add_guild("Without the bot", with_bot=False)
    elsewhere.add_member(alice)
    for place in (channel, None, elsewhere.add_channel("general")):
        reply = await loopback.slash(alice, "privacy", channel=place)
        assert reply.ephemeral
        assert "/forget me" in reply.content
        assert "24 hours" in reply.content


async def test_who_wants_to_be_forgotten_is(
    loopback: Loopback, start: Start, alice: User, channel: Channel, guild: Guild
) -> None:
    assistant, kept = Scripted(), state()
    bob = guild.add_member(loopback.add_user("bob"))
    async with start(assistant, kept):
        answer = await loopback.mention(alice, channel, "papers on bandits?")
        await loopback.mention(bob, channel, "what is privacy?")
        reply = await loopback.slash(alice, "forget me", channel=channel)
        assert reply.ephemeral
        assert reply.content == "Done: I have removed 3 things that I kept about you."
        assert (await loopback.slash(alice, "forget me")).content == "I keep nothing about you."
        await loopback.mention(alice, channel, "and who wrote it?")
        await loopback.mention(bob, channel, "and who wrote it?")
        assert [asked["history"] for asked in assistant.asked[2:]] == [[], ["what is privacy?"]]
        await loopback.slash(alice, "forget me")
    with kept.reading() as db:
        assert {user for (user,) in db.execute("SELECT user FROM replies")} == {bob.id}
    for file in kept.path.parent.iterdir():
        assert b"papers on bandits" not in file.read_bytes(), file.name
    assert not answer.deleted


async def test_other_parts_forget_too_and_what_they_removed_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    context = BotContext(WorkerPool(Scripted()), Conversations(), state())
    removed: list[int] = []

    def forget(user: int) -> int:
        removed.append(user)
        return 3

    context.forgetters.append(forget)
    context.conversations.next(1, 7, "who?")
    assert await context.forget(7) == 4
    assert removed == [7]
    assert await context.forget(8) == 3


def test_no_privileged_intent_is_asked_for() -> None:
    client = DigestClient(BotContext(WorkerPool(Scripted()), Conversations(), state()))
    assert client.intents == discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
